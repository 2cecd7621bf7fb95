"""One tree of errors. Each says what happened, and what to do next."""

from __future__ import annotations


class TutorError(Exception):
    """Something a person should read. `exit_status` is what the command line ends with.

    what: one sentence, what happened.
    todo: one sentence, what to do next (may be empty where nothing can be done).
    """

    exit_status = 3

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo

    def __str__(self) -> str:
        return f"{self.what} {self.todo}".strip()


class UsageError(TutorError):
    """The words of a command, or a name in it, are off."""

    exit_status = 2


class CourseError(TutorError):
    """A course or a lesson cannot be read. The place is part of the message.

    file: path as shown to people; line: counted from 1, 0 where there is none.
    """

    exit_status = 1

    def __init__(self, what: str, todo: str = "", *, file: str = "", line: int = 0) -> None:
        super().__init__(what, todo)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + super().__str__()


class DataError(TutorError):
    """A data set is missing, or is not what data/index.toml says it is."""


class EngineError(TutorError):
    """The background engine cannot do what was asked."""


class ProgressError(TutorError):
    """Progress cannot be read or written."""
