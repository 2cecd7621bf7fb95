"""Tasks answered on the command line: answers, hints, solutions, starters, what is due for review."""
