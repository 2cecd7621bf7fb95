"""What the checks saw, in the order in which they saw it: what misconceptions are matched on.

Judge's process.
"""

from __future__ import annotations

from tutor.grading.judge import misconceptions


class Observations:
    """Collects reduced values under stable keys: `check: what #n` for values, the label alone for `t.observe`."""

    def __init__(self, match: str) -> None:
        self._labels_only = match == "observed"
        self._check = ""
        self.reduced: dict[str, object] = {}
        self._seen: list[object] = []

    def begin(self, check: str) -> None:
        self._check = check
        self._seen = []

    def value(self, what: str, value: object) -> None:
        """A value that the learner's code gave: the answer of a call, a name, what was compared."""
        if self._labels_only or any(value is seen for seen in self._seen):
            return
        self._seen.append(value)
        self._add(f"{self._check}: {what}", misconceptions.reduce_value(value))

    def problem(self, what: str, kind: str) -> None:
        """Something that came instead of a value: an exception's kind, "missing", "None"."""
        if not self._labels_only:
            self._add(f"{self._check}: {what}", {"error": kind})

    def label(self, label: str, value: object) -> None:
        if self._labels_only:
            self._add(label, misconceptions.reduce_value(value))

    def _add(self, key: str, reduced: object) -> None:
        number, name = 1, key
        while name in self.reduced:
            number += 1
            name = f"{key} #{number}"
        self.reduced[name] = reduced
