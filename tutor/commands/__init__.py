"""The commands of `dl-tutor`: `NAME_command.py` is `dl-tutor NAME`, beside what only it needs.

The folders say what a command is about: reading, running, answering, standing, authors, upkeep. What all share is here:
the session (flags, course, terminal, progress), the paper that lines are printed on, and the task that a command names.
`tutor.cli` imports a command when it is called, and a command imports what it needs when it runs.
"""

from __future__ import annotations

COMMANDS = {
    "open": "reading.open_command:open_lesson",
    "list": "standing.list_command:list_course",
    "read": "reading.read_command:read",
    "figure": "reading.figure_command:figure",
    "run": "running.run_command:run",
    "check": "running.check_command:check",
    "answer": "answering.answer_command:answer",
    "hint": "answering.hint_command:hint",
    "solution": "answering.hint_command:solution",
    "reset": "answering.reset_command:reset",
    "review": "answering.review_command:review",
    "runs": "standing.runs_command:runs",
    "keys": "upkeep.keys_command:keys",
    "where": "standing.where_command:where",
    "lint": "authors.lint_command:lint",
    "doctor": "upkeep.doctor_command:doctor",
}
"""Where each stands, by the name that is typed, in the order of `dl-tutor --help`."""
