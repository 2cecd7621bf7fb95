"""Screens: one file each, its style sheet (.tcss) beside it.

Those of the screens with which a window may begin, and of lists, are read with the window's own; the others come with
their screen.
"""
