"""Which files a run may read: found out by the host, once, and again when a folder that was looked into has changed.

Landlock can only grant, and what it grants of a folder holds for all that is in it. So where a folder holds something
that a run may not read (the lessons, whose solutions they are), its names may be listed, and what is in it is granted
entry by entry.
"""

from __future__ import annotations

import glob
import os
import site
import sys
from collections.abc import Iterator
from pathlib import Path

from tutor import paths
from tutor.messages.reach import Reach

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store", "/gnu/store")
_OF_ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "ld.so.preload", "localtime", "timezone", "locale.alias",
    "locale.conf", "mime.types", "magic", "fonts", "passwd", "group", "nsswitch.conf", "alternatives", "os-release",
    "inputrc", "gai.conf", "host.conf", "protocols", "services", "shells", "terminfo", "OpenCL",
)  # fmt: skip
_OF_THE_KERNEL = (
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version",
    "/proc/filesystems", "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/random", "/sys/devices/system", "/sys/kernel/mm/transparent_hugepage",
    "/dev/urandom", "/dev/random",
)  # fmt: skip
"""Without /proc/cpuinfo torch takes other kernels, and numbers differ. Never /proc/self:
the host would grant its own. Where there is a GPU, a process grants its own."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
_WRITTEN = ("/dev/shm",)
_OF_A_GPU = ("/dev/nvidia*", "/dev/dri", "/dev/kfd", "/dev/dxg")
_READ_FOR_A_GPU = ("/proc/driver/nvidia", "/proc/devices", "/proc/modules", "/proc/sys/vm/max_map_count", "/sys")
_OF_A_PREFIX = ("bin", "lib", "lib64", "libexec", "include", "share", "ssl", "etc", "pyvenv.cfg")
_COURSE = ("lessons", "course.toml")
_SITES = ("site-packages", "dist-packages")


class Readable:
    """Of one host. read: further folders that the settings allow."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[Reach, dict[str, int]]] = {}

    def reach(self, read: tuple[str, ...] = (), *, gpu: bool = False) -> Reach:
        """What a run may reach, its own folder left out."""
        key = (*read, "gpu") if gpu else read
        kept = self._kept.get(key)
        if kept is None or any(_changed(folder) != when for folder, when in kept[1].items()):
            if len(self._kept) > 8:
                self._kept.clear()
            kept = self._kept[key] = _find(read, gpu)
        return kept[0]


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return -1


def _find(read: tuple[str, ...], gpu: bool) -> tuple[Reach, dict[str, int]]:
    granted = _Granted({os.path.realpath(place) for place in _closed()})
    for place in (*_system(), *_of_python(), *_mapped(), *(os.path.expanduser(one) for one in read)):
        granted.add(place)
    for place in _OF_THE_KERNEL + (_READ_FOR_A_GPU if gpu else ()):
        granted.add(place, whole=True)
    devices = [*_DEVICES, *(place for one in _OF_A_GPU if gpu for place in glob.glob(one))]
    reach = Reach(
        "gpu" if gpu else "lesson",
        folders=tuple(sorted(granted.folders)),
        files=tuple(sorted(granted.files)),
        listed=tuple(sorted(granted.listed)),
        written=_WRITTEN,
        devices=tuple(devices),
    )
    return reach, {folder: _changed(folder) for folder in granted.listed}


# -------------------------------------------------------------- what is granted


def _system() -> Iterator[str]:
    yield from _SYSTEM
    yield from (f"/etc/{name}" for name in _OF_ETC)
    yield from filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))


def _mapped() -> Iterator[str]:
    """Libraries that this process has loaded, wherever they are: those of a cluster lie in places of their own."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return
    names = {line.split(maxsplit=5)[-1] for line in lines if line.count("/")}
    yield from (name for name in names if name.startswith("/") and ".so" in name)


def _of_python() -> Iterator[str]:
    """The interpreter and all it imports; what keras reads at its import; and the course's data."""
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix}:
        yield from (os.path.join(prefix, name) for name in _OF_A_PREFIX)
    yield os.path.realpath(sys.executable)
    yield os.path.dirname(os.__file__)
    yield from filter(os.path.isabs, sys.path)
    yield str(paths.PACKAGE)
    yield str(paths.data_dir())
    keras = os.environ.get("KERAS_HOME", "")
    if keras:
        yield keras


# -------------------------------------------------------------- what is not


def _closed() -> Iterator[str]:
    """Lessons, wherever a copy of them lies where something is granted; what the learner has written and was told."""
    yield str(paths.lessons_dir())
    yield from (str(paths.state_dir()), str(paths.settings_file()))
    for folder in (str(paths.PACKAGE.parent), *sys.path, *_sites()):
        for lessons in (os.path.join(folder, "lessons"), os.path.join(folder, "tutor", "shipped", "lessons")):
            if os.path.isfile(os.path.join(lessons, _COURSE[-1])):
                yield lessons


def _sites() -> Iterator[str]:
    prefixes = list(dict.fromkeys((sys.prefix, sys.base_prefix, sys.exec_prefix, "/usr", "/usr/local")))
    yield from site.getsitepackages(prefixes)
    for prefix in prefixes:
        for name in _SITES:
            yield from glob.glob(f"{glob.escape(prefix)}/lib/python3*/{name}")


def _is_checkout(folder: str) -> bool:
    """Whether lessons lie beside the package here, and their tests, their history, their builds."""
    return all(os.path.isfile(os.path.join(folder, *file)) for file in (_COURSE, ("tutor", "__init__.py")))


class _Granted:
    """Places with all that is in them, or, where something in them is `closed`, entry by entry."""

    def __init__(self, closed: set[str]) -> None:
        self.folders: set[str] = set()
        self.files: set[str] = set()
        self.listed: set[str] = set()
        self._closed = closed
        self._home = os.path.realpath(os.path.expanduser("~"))
        self._above = {os.path.dirname(place) for place in closed} - {""}
        for place in tuple(self._above):
            self._above |= set(map(str, Path(place).parents))

    def add(self, place: str, *, whole: bool = False) -> None:
        """whole: nothing can be closed in it."""
        self._take(os.path.realpath(place), whole)

    def _take(self, place: str, whole: bool) -> None:
        """place: without symbolic links."""
        if place in self._closed or place in self.listed or self._has(place):
            return
        if not os.path.isdir(place):
            if os.path.exists(place):
                self.files.add(place)
        elif whole or not (place in self._above or self._holds_home(place) or _is_checkout(place)):
            self.folders.add(place)
        else:
            self._add_entries(place)

    def _holds_home(self, place: str) -> bool:
        return place == self._home or self._home.startswith(place.rstrip("/") + "/")

    def _has(self, place: str) -> bool:
        """Whether it is granted with a folder already."""
        while place and place not in self.folders:
            place = place[: place.rfind("/")]
        return bool(place)

    def _add_entries(self, folder: str) -> None:
        self.listed.add(folder)
        try:
            entries = list(os.scandir(folder))
        except OSError:
            return
        few = _is_checkout(folder) or self._holds_home(folder)
        for entry in entries:
            if not (entry.name.startswith(".") or (few and not _imported(entry))):
                self._take(os.path.realpath(entry.path) if entry.is_symlink() else entry.path, whole=False)


def _imported(entry: os.DirEntry[str]) -> bool:
    """Whether it looks like what a program imports, and is no test."""
    if entry.name == "tests":
        return False
    return entry.name.endswith((".py", ".so")) or os.path.isfile(os.path.join(entry.path, "__init__.py"))
