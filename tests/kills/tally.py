"""What was killed, when, and what was lost."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Tally:
    """kills: (victim, signal, moment) -> how many. lost: a sentence for each thing that should be there. shown: answers
    that were on the screen when their window was killed. words: words that were old enough to be on the disk."""

    kills: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    shown: int = 0
    words: int = 0
    rounds: int = 0

    @property
    def count(self) -> int:
        return sum(self.kills.values())

    def add(self, other: Tally) -> None:
        self.kills.update(other.kills)
        self.lost += other.lost
        self.shown, self.words, self.rounds = (
            self.shown + other.shown, self.words + other.words, self.rounds + other.rounds
        )  # fmt: skip

    def table(self) -> str:
        """For people."""
        rows = [f"{'victim':<10} {'signal':<8} {'moment':<24} {'kills':>6}"]
        rows += [f"{who:<10} {what:<8} {when:<24} {n:>6}" for (who, what, when), n in sorted(self.kills.items())]
        rows.append(f"{self.count} kills in {self.rounds} rounds; {self.shown} answers were on the screen just then, "
                    f"{self.words} words were older than a second; lost: {len(self.lost)}")  # fmt: skip
        return "\n".join([*rows, *self.lost])


def attempts(home: Path, task: str, outcome: str) -> int:
    """How often that is on the disk."""
    found = 0
    for path in (home / "state" / "attempts").glob("*.jsonl"):
        for line in path.read_bytes().splitlines():
            attempt = json.loads(line)
            found += attempt["task"] == task and attempt["outcome"] == outcome
    return found


def draft(home: Path, task: str) -> str:
    """What is on the disk of a task, "" for nothing."""
    paths = list((home / "state" / "drafts").glob(f"*/{task}.py"))
    return paths[0].read_text() if paths else ""


def damaged(home: Path) -> list[str]:
    """Files of the learner's that cannot be read, and what the tutor itself says of them."""
    from tutor.progress import Progress
    from tutor.progress.attempts import decode_line

    said = []
    state = home / "state"
    for path in sorted(one for one in state.rglob("*") if one.is_file() and not one.name.startswith(".")):
        data = path.read_bytes()
        if path.suffix == ".jsonl":
            whole = data.endswith(b"\n") or not data
            sound = whole and all(decode_line(line) is not None for line in data.splitlines())
            said += [] if sound else [f"damaged: {path.name}"]
        elif path.suffix == ".json":
            try:
                json.loads(data)
            except ValueError:
                said.append(f"damaged: {path.name} ({len(data)} bytes)")
    said += Progress(state, window="looks-afterwards", course="deep-learning-basics").problems
    return said
