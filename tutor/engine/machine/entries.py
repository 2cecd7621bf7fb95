"""The modules with which processes begin, and the functions that one room is handed of another, by name.

Whoever starts a process imports nothing of what it will do: it is told a name, and the process itself looks it up.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable

HOST = "tutor.engine.host"
"""`python -m` this: a host."""
RUN = "tutor.engine.run.child"
"""`python -m` this: a process of a run, started afresh; its `enter_forked` is what a forked one does."""
AHEAD = "tutor.engine.run.loaded_ahead:load"
"""What a host imports ahead of its runs. It is told at its start."""
JUDGE = "tutor.grading.judge.submission:judge_submission"
"""Judges what it is brought over a link: all that a judge's process does."""
ANSWERS = "tutor.grading.learner.answer_desk:answer_judge"
"""Answers the judge beside the learner's code."""


def look_up(name: str) -> Callable[..., object]:
    """The function "module:function". Raises ImportError where the module cannot be had."""
    module, _, function = name.partition(":")
    found: Callable[..., object] = getattr(importlib.import_module(module), function)
    assert callable(found)
    return found
