"""Looks of `dl-tutor doctor` that take their time, or hang: all at once, and none is waited for without end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from tutor.doctor import Finding
from tutor.errors import TutorError

SECONDS = 8.0
"""What all of them together may take."""
_TODO = "Is the disk slow or gone, or the machine busy? Everything else that is listed was looked at."


class BoundedLook(NamedTuple):
    """area: of its findings. what: who is asked."""

    area: str
    what: str
    find: Callable[[], Iterable[Finding]]


Answers = queue.SimpleQueue[Finding | BaseException | None]


def all_in_time(looks: Sequence[BoundedLook]) -> Iterator[Finding]:
    """What they find, in their order; who has not answered by then is named."""
    deadline = time.monotonic() + SECONDS
    for look, answers in [(look, _begun(look)) for look in looks]:
        while True:
            try:
                answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                yield Finding(look.area, "warn", f"{look.what} did not answer within {SECONDS:g} s", _TODO)
                break
            if answer is None:
                break
            if isinstance(answer, TutorError):
                yield Finding(look.area, "bad", answer.what, answer.todo)
                break
            if isinstance(answer, BaseException):
                raise answer
            yield answer


def _begun(look: BoundedLook) -> Answers:
    """In a thread that nobody waits for at the end: it may hang in the system."""
    answers: Answers = queue.SimpleQueue()

    def work() -> None:
        try:
            for finding in look.find():
                answers.put(finding)
            answers.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised where the answers are read
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    return answers
