"""What lint finds: a place, a rule, and a sentence."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class Finding(Struct, frozen=True):
    """file: relative to the course folder. line: counted from 1, 0 where there is none. rule: a short name."""

    file: str
    line: int
    rule: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message} [{self.rule}]"


class Findings:
    """Collects the findings of all rules."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], Finding] = {}

    def error(self, file: str, line: int, rule: str, message: str) -> None:
        """Something that is wrong."""
        self._add(Finding(file, line, rule, message))

    def warning(self, file: str, line: int, rule: str, message: str) -> None:
        """Something that may be meant."""
        self._add(Finding(file, line, rule, message, "warning"))

    def _add(self, finding: Finding) -> None:
        self._found.setdefault((finding.file, finding.line, finding.rule, finding.message), finding)

    def sorted(self) -> list[Finding]:
        """By file, line and rule; each once."""
        return sorted(self._found.values(), key=lambda found: (found.file, found.line, found.rule, found.message))
