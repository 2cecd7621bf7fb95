"""LaTeX -> a box of text with a baseline: one line for inline maths, two dimensions for display maths. Pure."""
