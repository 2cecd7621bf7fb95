"""The ways in. Each takes one input, raises nothing but errors of our own, and asserts what holds whatever came."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from tests.fuzz import doors_files, doors_lessons, doors_messages, doors_window
from tutor.errors import TutorError
from tutor.grading.both_sides.plain_values import WireError

Input: TypeAlias = str | bytes
OURS = (TutorError, WireError)
"""What may be raised: errors with a sentence for a person, and the wire's between judge and learner."""

DOORS: Mapping[str, Callable[[Input, Path], None]] = MappingProxyType(
    {
        "formulas": doors_lessons.formula,
        "prose": doors_lessons.prose,
        "lessons": doors_lessons.lesson,
        "lint": doors_lessons.lint,
        "courses": doors_lessons.course,
        "answers": doors_lessons.answer,
        "frames": doors_messages.frames,
        "events": doors_messages.events,
        "scenes": doors_messages.scene,
        "values": doors_messages.values,
        "printed": doors_messages.printed,
        "settings": doors_files.settings,
        "attempts": doors_files.attempts,
        "drafts": doors_files.drafts,
        "places": doors_files.places,
        "runs": doors_files.runs,
        "kept": doors_files.kept,
        "keys": doors_window.keys,
        "frames-of-textual": doors_window.pictures,
        "words": doors_window.words,
    }
)


WITHOUT_FILES = frozenset(("formulas", "prose", "lessons", "answers", "frames", "events", "scenes", "values", "printed",
                           "keys", "frames-of-textual", "words"))  # fmt: skip
"""Doors that need no folder."""


def enter(door: str, value: Input) -> None:
    """One input through one door, in a folder of its own. Whatever is raised here came through."""
    if door in WITHOUT_FILES:
        _enter(door, value, Path())
        return
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        _enter(door, value, Path(folder))


def _enter(door: str, value: Input, folder: Path) -> None:
    try:
        DOORS[door](value, folder)
    except OURS as error:
        assert str(error).strip(), "an error without a word"
