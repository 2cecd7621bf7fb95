"""The short form of `python -m tests.kills`: what was typed and shown is on the disk after a few kills."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.kills import victims
from tests.kills.rounds import Rounds

SEED = 30
"""With this one some seconds are typed, so that words are old enough."""


def test_a_few_kills_lose_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(victims, "SIGNALS", {"SIGKILL": victims.SIGNALS["SIGKILL"]})  # the others let it save
    rounds = Rounds(home, Random(SEED))
    rounds.typing()
    assert rounds.tally.words
    assert rounds.tally.lost == []
    rounds.engine(1)
    assert rounds.tally.lost == []
    assert rounds.tally.count >= 2  # a check may be over before one of its processes is found
