"""What can go wrong with a formula."""

from __future__ import annotations

from tutor.errors import TutorError


class MathsError(TutorError):
    """A formula cannot be read. position: the character at fault, counted from 0."""

    exit_status = 1

    def __init__(self, what: str, todo: str = "", *, position: int = 0) -> None:
        super().__init__(what, todo)
        self.position = position


def too_deep() -> MathsError:
    """The error of a formula whose nesting exhausts the stack."""
    return MathsError("This formula is nested too deeply.", "Take it apart.")
