"""Code that runs in the judge's process and in the learner's: the bytes between them, and what a Keras model is."""
