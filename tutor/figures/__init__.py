"""Live figures: parameters -> Scene, one file per figure. They run in the light host."""
