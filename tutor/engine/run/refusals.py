"""Errors that come of a run's confinement, in words: what a run may not, and what to do."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from tutor.engine.machine.confinement import holding
from tutor.messages.harmless import harmless

_DENIED = (errno.EACCES, errno.EPERM)
_MOST_LINKS = 20
_CONNECTION = "A run may not open a connection; the course's data are in tutor.data: `from tutor import data`."
_DOWNLOAD = "A run may not open a connection, so it downloads nothing; the course's data are in tutor.data."
_WRITE = 'A run writes into its own temporary folder alone: give a name without a path, as in "model.keras".'
_SIGNAL = "A run may signal only what it has started itself, and look into no other process."
_UNKNOWN_PATH = ("Permission denied", "cannot be opened", "unable to open database file")
"""What libraries say that name no path and no number."""


def words(error: BaseException) -> str:
    """What to do about `error`, "" where it does not come of the confinement."""
    held = holding.now
    if not (held.files or held.connections or held.signals):
        return ""
    chain = list(_chain(error))
    if held.connections and any(map(_of_a_connection, chain)):
        return _CONNECTION
    for one in chain if held.files else ():
        if isinstance(one, OSError) and one.errno in (*_DENIED, errno.EXDEV) and one.filename is not None:
            return _of_a_file(os.fspath(one.filename))
        if _names_no_path(one):
            return _WRITE
    if held.signals and isinstance(error, PermissionError) and error.filename is None and error.errno == errno.EPERM:
        return _SIGNAL
    return ""


def _names_no_path(error: BaseException) -> bool:
    library = isinstance(error, (RuntimeError, OSError)) or type(error).__name__ == "OperationalError"
    return library and any(said in _text(error) for said in _UNKNOWN_PATH)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and those that it came of."""
    one: BaseException | None = error
    for _ in range(_MOST_LINKS):
        if one is None:
            return
        yield one
        reason = getattr(one, "reason", None)  # of urllib's URLError
        one = reason if isinstance(reason, BaseException) else one.__cause__ or one.__context__


def _of_a_connection(error: BaseException) -> bool:
    """A name that no server could be asked for, or a socket that was refused: by the call, or by what has called it."""
    if isinstance(error, socket.gaierror) or (isinstance(error, EOFError) and "managers.py" in _files(error)):
        return True
    if not isinstance(error, PermissionError) or error.errno != errno.EPERM or error.filename is not None:
        return False
    return _files(error)[-1:] in (["socket.py"], ["connection.py"], ["base_events.py"], ["socketserver.py"])


def _files(error: BaseException) -> list[str]:
    """Names of the files whose lines led to it, the innermost last."""
    found, traceback = [], error.__traceback__
    while traceback is not None:
        found.append(os.path.basename(traceback.tb_frame.f_code.co_filename))
        traceback = traceback.tb_next
    return found


def _of_a_file(path: str | bytes) -> str:
    name = os.fsdecode(path)
    keras = os.environ.get("KERAS_HOME", "")
    if keras and name.startswith(keras):
        return _DOWNLOAD
    if not Path(name).exists():
        return _WRITE
    shown = harmless(name)[:200]
    return (
        f"A run may neither read nor write {shown}. `read = [...]` under [run] in the settings lets it read a folder; "
        "it writes into its own."
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the learner's own class may do anything in its __str__
        return ""
