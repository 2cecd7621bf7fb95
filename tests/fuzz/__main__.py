"""python -m tests.fuzz [--minutes 60] [--only formulas,scenes]: random inputs until the time is over.

Each door in turn gets some hundred inputs. What comes through is made small by hypothesis, printed with where it
happened, and put into `tests/fuzz/corpus/`, where the suite tries it from then on. Ends with 1 where anything did.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisWarning

from tests.fuzz import corpus, doors
from tests.fuzz.given import of

PATIENCE = 20
"""Seconds that one input may take: one that takes longer is a fault too."""
_PHASES = (Phase.generate, Phase.target, Phase.shrink)
HERE = Path(__file__).parent


class TooLong(BaseException):
    """An input that does not end."""


class Hunt:
    """inputs, faults: of each door. places: where something came through, so that each is told once."""

    def __init__(self, chosen: list[str]) -> None:
        self.inputs = dict.fromkeys(chosen, 0)
        self.faults = dict.fromkeys(chosen, 0)
        self.places: set[str] = set()
        self._last: str | bytes = ""
        self._failing = ""

    def round(self, door: str, number: int, count: int) -> None:
        """Some inputs for a door."""

        @seed(number)
        @settings(max_examples=count, database=None, deadline=None, phases=_PHASES, report_multiple_bugs=False,
                  suppress_health_check=list(HealthCheck), print_blob=False)
        @given(of(door))
        def try_one(value: str | bytes) -> None:
            self.inputs[door] += 1
            self._try(door, value)

        try:
            try_one()
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) or self._failing != door:
                raise  # the making of inputs is at fault, no door
            self._tell(door, error)

    def _try(self, door: str, value: str | bytes) -> None:
        signal.alarm(PATIENCE)
        try:
            doors.enter(door, value)
        except (Exception, TooLong) as error:
            if self.place(error) not in self.places:
                self._last, self._failing = value, door
                raise
        finally:
            signal.alarm(0)

    @staticmethod
    def place(error: BaseException) -> str:
        """What was raised, and the innermost line of our own."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [one for one in frames if "/tutor/" in one.filename or "/tests/fuzz/doors" in one.filename]
        where = f"{'/'.join(Path(own[-1].filename).parts[-3:])}:{own[-1].lineno}" if own else "?"
        return f"{type(error).__name__} at {where}"

    def _tell(self, door: str, error: BaseException) -> None:
        place = self.place(error)
        self.places.add(place)
        self.faults[door] += 1
        corpus.keep(door, self._last)
        print(f"{door}: {place}: {error}\n    {self._last!r}", flush=True)


def _over(_signal: int, _frame: object) -> None:
    raise TooLong(f"longer than {PATIENCE} s")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--only", default=",".join(doors.DOORS), help="doors, with commas between them")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--each", type=int, default=150, help="inputs for a door in one turn")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", HypothesisWarning)
    signal.signal(signal.SIGALRM, _over)
    chosen = asked.only.split(",")
    hunt, start, number = Hunt(chosen), time.monotonic(), asked.seed
    while (passed := time.monotonic() - start) < asked.minutes * 60:
        for door in chosen:
            number += 1
            hunt.round(door, number, asked.each)
    print(f"{passed / 60:.0f} minutes from seed {asked.seed}, {sum(hunt.inputs.values()):,} inputs:")
    for door in chosen:
        print(f"  {door:20}{hunt.inputs[door]:>10,} inputs  {hunt.faults[door]} came through")
    return 1 if sum(hunt.faults.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
