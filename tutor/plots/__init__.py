"""Scenes (pictures as data) and how they become text at a size and a palette, and words. Pure."""
