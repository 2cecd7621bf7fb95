"""Models that are kept: the host opens the file and puts it in its place, the learner's process, which reaches no
folder of the learner's, writes it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tutor import files
from tutor.messages.events import Inspected
from tutor.messages.requests import Keep


class _Begun(NamedTuple):
    path: Path
    beside: Path


class Keeping:
    """The files of one run that are being written, by the number of their request."""

    def __init__(self) -> None:
        self._begun: dict[int, _Begun] = {}

    def begin(self, request: Keep) -> int:
        """A descriptor to write the model to. Raises OSError."""
        path = Path(request.path)
        files.private_folder(path.parent)
        beside = path.with_name(f".{path.stem}.{os.urandom(6).hex()}{path.suffix}")
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._begun[request.request] = _Begun(path, beside)
        return fd

    def end(self, event: Inspected) -> Inspected:
        """What the window is told: where all went well the file is in its place, in one step, else it is gone."""
        begun = self._begun.pop(event.request, None)
        if begun is None:
            return event
        try:
            if not event.problem:
                os.replace(begun.beside, begun.path)
                return Inspected(event.request, names=(begun.path.name,))
        except OSError as error:
            event = Inspected(event.request, problem=cannot_be_kept(error))
        with suppress(OSError):
            begun.beside.unlink()
        return event

    def drop(self) -> None:
        """The process has ended: what it has not finished goes."""
        for number in list(self._begun):
            self.end(Inspected(number, problem="It has ended."))


def cannot_be_kept(error: OSError) -> str:
    return f"The model cannot be saved: {type(error).__name__}: {error}"
