"""Widgets: one file each, its .tcss beside it."""
