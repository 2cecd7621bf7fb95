"""The views of the inspector, a file each, called NAME_view.py.

A view says its name and key (`VIEW`, on one line: the window reads it from the file), whether it has something to say
of a model (`suits`), and makes the picture (`show`).
"""
