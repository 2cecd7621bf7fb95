"""Collecting what is wrong with a file: every error, with its line."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.errors import CourseError


class CourseErrors(CourseError):
    """All errors of one file, in the order of their lines. It reads like the first of them.

    errors: at least one.
    """

    def __init__(self, errors: Iterable[CourseError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        more = len(self.errors) - 1
        todo = first.todo
        if more:
            todo = f"{todo} (and {more} more)".strip()
        super().__init__(first.what, todo, file=first.file, line=first.line)


class Problems:
    """The errors of one file, collected while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._errors: list[CourseError] = []

    def add(self, line: int, what: str, todo: str = "") -> None:
        """Note an error at `line` (counted from 1; 0 where there is none)."""
        self._errors.append(CourseError(what, todo, file=self.file, line=line))

    def __len__(self) -> int:
        return len(self._errors)

    @property
    def errors(self) -> list[CourseError]:
        """In the order of their lines, each said once."""
        seen: dict[tuple[int, str], CourseError] = {}
        for error in self._errors:
            seen.setdefault((error.line, error.what), error)
        return sorted(seen.values(), key=lambda error: error.line)
