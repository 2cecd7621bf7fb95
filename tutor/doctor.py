"""What is well and what is not: engine, data, disk, processes. Each finding says what to do about it.
The terminal is in `terminal_report`.

Nothing heavy is imported here: Keras and torch are asked in a process of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from tutor import paths
from tutor.errors import TutorError
from tutor.files import Damaged, decoded
from tutor.messages.endings import status_words
from tutor.settings import Settings, unknown_variables

if TYPE_CHECKING:
    from tutor.course.model import Course

Level = Literal["ok", "warn", "bad"]
_NETWORK_DISKS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "afs", "lustre", "9p")
_VERSIONS = """
import importlib, sys
module = importlib.import_module(sys.argv[1])
cuda = getattr(getattr(module, "version", None), "cuda", None) if sys.argv[1] == "torch" else None
print(module.__version__, cuda or "", sep="\\n")
"""
_IMPORT_SECONDS = 7.0
"""Less than all looks together may take (`commands/upkeep/bounded_looks.py`)."""
WAITS = "waits"


class Finding(Struct, frozen=True):
    """area: terminal, settings, engine, protection, data, course, disk, processes, logout. todo: what to do, "" for
    nothing."""

    area: str
    level: Level
    what: str
    todo: str = ""


def look_at_settings(settings: Settings) -> Iterator[Finding]:
    for name in unknown_variables():
        yield Finding("settings", "warn", f"{name} means nothing to this version.", "Check how it is spelled.")
    command = settings.editor_command()
    if command and shutil.which(command[0]) is None:
        yield Finding("settings", "warn", f"your editor {command[0]!r} is not found.", "Set $EDITOR or `editor`.")
    elif command:
        yield Finding("settings", "ok", f"your editor is {' '.join(command)}")
    else:
        yield Finding("settings", "ok", "no editor of your own is set ($VISUAL, $EDITOR); the tutor has one")


def look_at_engine() -> Iterator[Finding]:
    """Starts a light host and has it compute 1 + 1."""
    import asyncio

    try:
        printed = asyncio.run(_one_and_one())
    except (TutorError, OSError) as error:
        yield Finding("engine", "bad", f"the engine does not start: {error}", "Look at its log (`dl-tutor where`).")
    else:
        right = printed.strip() in ("2", WAITS)
        what = "the engine starts and runs code" if right else f"the engine ran 1 + 1 and said {printed.strip()!r}"
        if printed == WAITS:
            what = "the engine starts; as a run of yours goes on, nothing was tried in it"
        yield Finding("engine", "ok" if right else "bad", what, "" if right else "Please report this.")


FRAMEWORKS = (("numpy", "all code"), ("torch", "training"), ("keras", "training"))
"""Each with what needs it."""


def look_at_framework(name: str, need: str) -> Iterator[Finding]:
    """Its version, asked for in a process of its own."""
    yield _framework(name, need)


async def _one_and_one() -> str:
    from tutor.engine.client.engine import Engine
    from tutor.messages.events import Output, Queued
    from tutor.submitting import AS_WRITTEN, job_for_file

    engine = Engine(window=f"doctor.{os.getpid()}", stays=False)
    try:
        running = await engine.run(job_for_file("doctor.py", "print(1 + 1)", bounds=AS_WRITTEN, seconds=20.0))
        text = ""
        async for event in running:
            if isinstance(event, Queued):
                await running.kill()
                return WAITS
            text += event.text if isinstance(event, Output) else ""
        return text or (running.ended.note if running.ended else "")
    finally:
        await engine.close()


def _framework(name: str, need: str) -> Finding:
    try:
        home = tempfile.mkdtemp(prefix="dl-tutor-doctor-")
    except OSError:
        home = os.path.join(os.devnull, "keras")  # where nothing can be: Keras does without
    environ = {**os.environ, "KERAS_BACKEND": "torch", "KERAS_HOME": home, "CUDA_VISIBLE_DEVICES": ""}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _VERSIONS, name], capture_output=True, text=True, errors="replace",
            timeout=_IMPORT_SECONDS, env=environ, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        what = f"{name} is not imported within {_IMPORT_SECONDS:.0f} s"
        return Finding("engine", "warn", what, "Is the disk slow, or the machine busy? A run waits for it longer.")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if done.returncode == 0:
        version, cuda, *_ = [*done.stdout.splitlines(), "", ""]
        if name != "torch":
            return Finding("engine", "ok", f"{name} {version}")
        build = f"a build for CUDA {cuda}; a GPU is used where the settings ask for it" if cuda else "a CPU build"
        return Finding("engine", "ok", f"{name} {version}, {build}")
    reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    if done.returncode < 0:
        reason = f"its import ends the process ({status_words(done.returncode)})"
    todo = f"`pip install --force-reinstall {name}` in the tutor's environment; {need} needs it."
    return Finding("engine", "bad", f"{name} cannot be imported: {reason}", todo)


def look_at_protections() -> Iterator[Finding]:
    """What this machine holds the code of a run to."""
    from tutor.engine.machine.confinement.holding import protections

    todo = "Runs go on without; try code that you do not trust on a machine that holds all of this."
    for one in protections():
        if one.held:
            yield Finding("protection", "ok", one.name)
        else:
            yield Finding("protection", "warn", f"not held here: {one.name} ({one.why_not})", todo)
            todo = ""


def look_at_course(course: Course) -> Iterator[Finding]:
    """Whether every lesson can be read."""
    broken = [entry for entry in course.lessons if entry.problem]
    sound = len(course.lessons) - len(broken)
    yield Finding(
        "course", "ok" if sound else "bad", f"{course.title}: {sound} lessons can be read, in {course.folder}"
    )
    for entry in broken:
        todo = "Mend it (`dl-tutor lint` says more), or install dl-tutor again."
        yield Finding("course", "bad", f"{entry.number} {entry.title} is broken: {entry.problem}", todo)


def look_at_progress(problems: Sequence[str], state: Path) -> Iterator[Finding]:
    """What progress had to say when it was read, and files of the learner's that cannot be used."""
    for sentence in problems:
        yield Finding("disk", "warn", sentence)
    locked = [
        path
        for path in state.rglob("*") if not os.access(path, os.R_OK | os.W_OK)
    ]  # fmt: skip
    if locked:
        text = f"{len(locked)} of your files cannot be read or written, {locked[0]} the first"
        yield Finding("disk", "bad", text, f"Make them yours again: `chmod -R u+rwX {state}`.")


def look_at_data() -> Iterator[Finding]:
    """Checksums of the data sets, without numpy."""
    import hashlib
    import tomllib

    folder = paths.data_dir()
    restore = "Install dl-tutor again, or `git checkout data` in a checkout."
    try:
        index = decoded(lambda data: tomllib.loads(data.decode("utf-8")), (folder / "index.toml").read_bytes())
    except (OSError, Damaged) as error:
        yield Finding("data", "bad", f"{folder / 'index.toml'} cannot be read: {error}", restore)
        return
    for name, entry in index.items():
        if not isinstance(entry, dict):
            continue
        path = folder / str(entry["file"])
        try:
            right = hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        except OSError as error:
            yield Finding("data", "bad", f"{path} cannot be read: {error.strerror}", restore)
            continue
        if right:
            yield Finding("data", "ok", f"{name} is as it was shipped")
        else:
            yield Finding("data", "bad", f"{path} is not as it was shipped: its checksum is off", restore)


def look_at_disk(folder: Path, what: str) -> Iterator[Finding]:
    """Whether the folder (or where it would be made) takes files, how much is free, and whether it is far away."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    move = "Mend its rights, or set DL_TUTOR_HOME to a folder of yours."
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        yield Finding("disk", "bad", f"{what}: {there} cannot be written to ({error.strerror})", move)
        return
    free = shutil.disk_usage(there).free / 1e6
    kind = file_system(there)
    far = f", on {kind} (shared over the network, which is fine)" if kind in _NETWORK_DISKS else ""
    text = f"{what}: {folder}, {free:,.0f} MB free{far}"
    low = free < 200
    yield Finding("disk", "warn" if low else "ok", text, "Make room: at least 200 MB." if low else "")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system that `path` is on, "" where that cannot be told."""
    try:
        lines = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    best = ("", "")
    for words in lines:
        point = words[1].replace("\\040", " ")
        inside = path.resolve() == Path(point) or Path(point) in path.resolve().parents
        if inside and len(point) >= len(best[0]):
            best = (point, words[2])
    return best[1]
