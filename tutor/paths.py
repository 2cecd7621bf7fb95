"""Where things live. Nothing is created here: who writes a file makes its folder first.

`DL_TUTOR_HOME` moves everything that belongs to the learner under one folder.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import platformdirs

from tutor.errors import EngineError

APP = "dl-tutor"
PACKAGE = Path(__file__).resolve().parent


def _home() -> Path | None:
    value = os.environ.get("DL_TUTOR_HOME")
    return Path(value).expanduser().absolute() if value else None


def state_dir() -> Path:
    """The learner's own: attempts, drafts, place."""
    home = _home()
    return home / "state" if home else Path(platformdirs.user_data_dir(APP))


def cache_dir() -> Path:
    """What can be made again: the course index, Keras's home, engine logs."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(APP))


def settings_file() -> Path:
    """The learner's settings (TOML), which need not exist."""
    home = _home()
    return home / "settings.toml" if home else Path(platformdirs.user_config_dir(APP)) / "settings.toml"


_LONGEST = 54
"""Letters of a folder in which the socket of an engine still finds room: the system allows a path of 107."""
_NAMES = 9
"""How many names are tried for a folder of ours, where somebody else has taken the first."""


def temporary_dir() -> Path:
    """The folder for temporary files. Raises EngineError where none can be written to."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        what = "There is no folder for temporary files that can be written to (/tmp and the like)."
        raise EngineError(what, "Set TMPDIR to a folder of yours, or make room on the disk.") from error


def _short_temporary() -> Path:
    """The temporary folder; where its path is too long for a socket, the system's own."""
    folder = temporary_dir()
    if len(os.fsencode(folder)) <= _LONGEST:
        return folder
    short = (Path(place) for place in ("/tmp", "/var/tmp", "/dev/shm"))
    return next((place for place in short if os.access(place, os.W_OK | os.X_OK)), folder)


def _own_or_free(first: Path) -> Path:
    """This folder; where somebody else has put something there, one of a similar name that is ours or free. (Nobody
    may remove what is another user's in /tmp.)"""
    names = (first, *(first.with_name(f"{first.name}-{number}") for number in range(2, _NAMES + 1)))
    return next((place for place in names if _is_own_or_free(place)), first)


def _is_own_or_free(place: Path) -> bool:
    try:
        found = place.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _usual_socket_dir() -> Path:
    import hashlib

    home = _home()
    tag = "-" + hashlib.sha256(str(home).encode()).hexdigest()[:8] if home else ""
    return _short_temporary() / f"{APP}-{os.getuid()}{tag}"


def socket_dir() -> Path:
    """A folder of our own in the temporary folder: the session's runtime folder goes at the last logout."""
    return _own_or_free(_usual_socket_dir())


def squatted() -> str:
    """That somebody else has taken the usual place of the sockets, and where they are instead, for people; "" where it
    is ours."""
    usual = _usual_socket_dir()
    if _is_own_or_free(usual):
        return ""
    return f"{usual} is not this user's own folder, so the engine's sockets are in {socket_dir()}."


def slots_dir() -> Path:
    """Where the runs of this user, of whatever home, take their turns (`DL_TUTOR_RUN_SLOTS`: elsewhere, for tests)."""
    given = os.environ.get("DL_TUTOR_RUN_SLOTS")
    return Path(given) if given else _own_or_free(temporary_dir() / f"{APP}-{os.getuid()}")


def _beside_or_shipped(name: str, marker: str) -> Path:
    """A folder beside the package (checkout, editable install) wins over the copy in the wheel."""
    beside = PACKAGE.parent / name
    return beside if (beside / marker).is_file() else PACKAGE / "shipped" / name


def lessons_dir() -> Path:
    """The course that comes with the tutor."""
    return _beside_or_shipped("lessons", "course.toml")


def data_dir() -> Path:
    """The data sets that come with the tutor."""
    return _beside_or_shipped("data", "index.toml")
