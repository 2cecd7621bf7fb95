"""How a check ends that is not met, and the words for what the learner's code raised. Judge's process."""

from __future__ import annotations

from tutor.messages.verdicts import CodeError


class Failed(Exception):
    """A check is not met. The text is what the learner reads; error: what their own code raised, if it did."""

    def __init__(self, message: str, error: CodeError | None = None) -> None:
        super().__init__(message)
        self.error = error


class Misuse(Exception):
    """The check itself is wrong: the author's fault, not the learner's."""


def raised_text(opening: str, error: CodeError) -> str:
    """`grad_loss` raised ZeroDivisionError: …, and the learner's own line."""
    text = f"{opening} {error.kind}" + (f": {error.message}" if error.message else "")
    if error.lines:
        last = error.lines[-1]
        text += f"\nline {last.line}: {last.source.strip()}"
    return text + (f"\n{error.todo}" if error.todo else "")
