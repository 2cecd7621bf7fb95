"""A home, and rounds in it until enough was killed; at the end nothing of it may live."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import traceback
from pathlib import Path
from random import Random

from tests.journeys.conftest import processes_of
from tests.kills.rounds import GRADIENT, KERAS, QUESTIONS, Rounds
from tests.kills.tally import Tally

ENDS = 60.0
"""Seconds within which hosts are gone after their last window. One whose window was killed before it was met waits half
of that."""


def campaign(seed: int, kills: int) -> Tally:
    """Rounds of every kind, in an order that is drawn."""
    rng = Random(seed)
    with tempfile.TemporaryDirectory(prefix="dl-tutor-kills-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        rounds = Rounds(home, rng)
        questions = list(range(len(QUESTIONS)))
        code = KERAS + GRADIENT if rng.random() < 0.1 else GRADIENT
        while rounds.tally.count < kills:
            try:
                _round(rounds, rng, questions, code)
            except (AssertionError, OSError, ValueError):  # what was waited for never came: that is a loss, too
                rounds.lose(f"seed {seed}: {traceback.format_exc()}")
                break
        _nothing_lives(rounds, home)
        return rounds.tally


def _round(rounds: Rounds, rng: Random, questions: list[int], code: str) -> None:
    kind = rng.choices(("typing", "verdict", "question", "engine"), (5, 4, 3 if questions else 0, 2))[0]
    if kind == "typing":
        rounds.typing()
    elif kind == "verdict":
        rounds.verdict()
    elif kind == "question":
        number = rng.choice(questions)
        rounds.question(number)
        if QUESTIONS[number][-1] == "passed":
            questions.remove(number)
    else:
        rounds.engine(rng.randint(2, 6), code)


def _nothing_lives(rounds: Rounds, home: Path) -> None:
    """Hosts go by themselves after their windows, and a run that goes on ends with its code."""
    end = time.monotonic() + ENDS
    while (left := processes_of(home)) and time.monotonic() < end:
        time.sleep(0.05)  # polling for their end, which has no event to wait for
    for pid in left:
        words = Path(f"/proc/{pid}/cmdline")
        rounds.lose(f"process {pid} lives on: {words.read_bytes()!r}" if words.exists() else f"process {pid} lived on")
        os.kill(pid, signal.SIGKILL)
