"""How the window looks on its terminal: palette and signs, depth of colour, words of 7 bits, set text and plots.

`dress` puts all of it on a window before anything is drawn.
"""
