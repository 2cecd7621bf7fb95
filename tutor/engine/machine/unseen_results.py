"""Results that nobody has seen, on the disk: a host does not stay for them for longer than some minutes."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tutor import files, paths
from tutor.errors import EngineError
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import RunEvent
from tutor.messages.frames import Unpacker, pack
from tutor.messages.requests import VERSION, Hello

MOST = 20
"""Results that are kept; of more, the oldest go."""
_ENDING = ".events"
_event: MessageDecoder[RunEvent] = MessageDecoder(RunEvent)
_hello: MessageDecoder[Hello] = MessageDecoder(Hello)


def folder() -> Path:
    return paths.state_dir() / "unseen"


def keep(run: str, frames: list[bytes]) -> None:
    """Write down what a run has said. A disk that takes no more costs this result, and the engine's log says so."""
    path = _path(run)
    try:
        files.replace_file(path, b"".join([pack(Hello(VERSION, "")), *frames]))
        for old in _files()[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError as error:
        print(f"the result of {run} could not be kept: {error}", file=sys.stderr)


def runs() -> tuple[str, ...]:
    """Ids of the runs that are kept, the oldest first."""
    return tuple(path.name.removesuffix(_ENDING) for path in _files())


def load(run: str) -> list[RunEvent]:
    """What it said; nothing where it is not kept, or was kept by another version."""
    unpacker = Unpacker()
    try:
        bodies = list(unpacker.feed(_path(run).read_bytes()))
        if not bodies or _hello.read(bodies[0]).version != VERSION:
            return []
        return [_event.read(body) for body in bodies[1:]]
    except (OSError, EngineError):
        return []


def forget(run: str) -> None:
    """It was seen."""
    _path(run).unlink(missing_ok=True)


def _path(run: str) -> Path:
    return folder() / f"{re.sub(r'[^A-Za-z0-9._-]', '_', run)}{_ENDING}"


def _files() -> list[Path]:
    try:
        return sorted(folder().glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime)
    except OSError:
        return []
