"""Lessons as values: the model, the parser of the lesson format, the loader of a course folder. Pure."""
