"""Lessons: the window on them, their pages as lines, their figures."""
