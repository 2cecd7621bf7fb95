"""The commands of `dl-tutor`: `NAME_command.py` is `dl-tutor NAME`, beside what only it needs.

The folders say what a command is about: reading, running, answering, standing, authors, upkeep. What all share is here:
the session (flags, course, terminal, progress), the paper that lines are printed on, and the task that a command names.
`tutor.cli` imports a command when it is called, and a command imports what it needs when it runs.
"""
