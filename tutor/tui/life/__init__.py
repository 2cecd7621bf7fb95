"""From the window's first picture to its end: what is held back until it is whole, what was left behind by the one
before, when garbage is collected, and saving whatever ends it."""
