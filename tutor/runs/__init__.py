"""What past runs left: curves, settings, code."""
