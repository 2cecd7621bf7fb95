"""What lint finds: a place, a rule, and a sentence."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from tutor.lint.sections import PAGE, RuleName, section_of

Severity = Literal["error", "warning"]


class CourseFinding(Struct, frozen=True):
    """file: relative to the course folder. line: counted from 1, 0 where there is none. rule: a short name."""

    file: str
    line: int
    rule: RuleName
    message: str
    severity: Severity = "error"

    @property
    def section(self) -> str:
        """Where the lesson format says how it should be: a heading of its page."""
        return section_of(self.rule, self.file, self.message)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.message} [{self.rule}; {PAGE}, {self.section}]"


class Findings:
    """Collects the findings of all rules."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], CourseFinding] = {}

    def error(self, file: str, line: int, rule: RuleName, message: str) -> None:
        """Something that is wrong."""
        self._add(CourseFinding(file, line, rule, message))

    def warning(self, file: str, line: int, rule: RuleName, message: str) -> None:
        """Something that may be meant."""
        self._add(CourseFinding(file, line, rule, message, "warning"))

    def _add(self, finding: CourseFinding) -> None:
        self._found.setdefault((finding.file, finding.line, finding.rule, finding.message), finding)

    def sorted(self) -> list[CourseFinding]:
        """By file, line and rule; each once."""
        return sorted(self._found.values(), key=lambda found: (found.file, found.line, found.rule, found.message))
