"""What once came through a door does not again, and some inputs that are made anew do not either (`tests/fuzz`)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz import corpus, doors
from tests.fuzz.given import of

FEW = 15
"""Made inputs for each door; `python -m tests.fuzz` tries as many as there is time for."""


@pytest.mark.parametrize(("door", "value"), [(door, value) for door in doors.DOORS for value in corpus.kept(door)])
def test_what_is_kept_does_not_come_through(door: str, value: doors.Input) -> None:
    doors.enter(door, value)


@pytest.mark.parametrize("door", doors.DOORS)
def test_nothing_made_comes_through(door: str) -> None:
    @settings(max_examples=FEW, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(of(door))
    def one(value: doors.Input) -> None:
        doors.enter(door, value)

    one()
