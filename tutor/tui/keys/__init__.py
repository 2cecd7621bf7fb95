"""What a key does: the learner's own keys, their order, Esc with a key right behind it, and the palette of commands.

Which actions there are stands in `tutor.tui.actions`.
"""
