"""What `dl-tutor doctor` finds about sharing a machine: what of ours is in use, and what the system does at logout."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from configparser import ConfigParser, Error
from pathlib import Path

from tutor import paths
from tutor.doctor import Finding
from tutor.engine.machine import entries
from tutor.settings import Settings

_HOST = entries.HOST.encode()
_BUSCTL = [
    "busctl", "get-property", "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
]  # fmt: skip
_ASK_SECONDS = 5.0


# ------------------------------------------------------------------ what is in use


def look_at_places() -> Iterator[Finding]:
    """Where the sockets are, if not where they usually are, and how many files a run may have open."""
    from tutor.engine.machine import limits

    if squatted := paths.squatted():
        todo = "All works as usual; `dl-tutor where` tells the folder. Only an administrator can remove the other."
        yield Finding("processes", "warn", squatted, todo)
    limits.allow_files()
    if few := limits.too_few_files():
        yield Finding("processes", "bad", f"no run can begin: {few}")


def look_at_processes(settings: Settings) -> Iterator[Finding]:
    """The engine's hosts of this user that are there now, what they take, the run that goes on, and what a run may."""
    from tutor.engine.machine import processes, resources, slots

    hosts, others = _hosts()
    text = f"processes of the engine: {len(hosts)}" + (f" ({', '.join(map(str, sorted(hosts)))})" if hosts else "")
    text += f"; {others} more belong to other homes of yours" if others else ""
    todo = "They end with the last window; after a command, when they have had nothing to do for ten minutes."
    yield Finding("processes", "ok", text, todo if hosts else "")
    table = processes.table()
    for pid, kind in sorted(hosts.items()):
        family = processes.belonging({pid}, table)
        memory, running = sum(map(memory_mb, {pid, *family})), sum(map(_threads, {pid, *family}))
        with_more = f" with {len(family)} more of its own" if family else ""
        name = "Keras" if kind == "keras" else kind
        yield Finding("processes", "ok", f"{name} engine {pid}{with_more}: {memory:,.0f} MB, threads: {running}")
    for holder in slots.holders("light"):
        yield Finding("processes", "ok", f"a run goes on: {holder.block}, for {time.time() - holder.at:,.0f} s")
    for holder in slots.holders("keras"):
        going = f"{holder.block}, for {time.time() - holder.at:,.0f} s"
        yield Finding("processes", "ok", f"a run with Keras goes on: {going}; others of its kind wait for it")
    cores, may = resources.cores(), settings.threads or resources.threads("keras")
    gpu = "a GPU if there is one" if settings.gpu else "no GPU (`gpu = true` asks for one)"
    runs = "1 run" if settings.runs_at_once == 1 else f"{settings.runs_at_once} runs"
    yield Finding("processes", "ok", f"{runs} with Keras at a time, on {may} of {cores} cores, {gpu}")
    yield from _free(resources.free_mb(), resources.KERAS_MB)


def _free(free: float, needed: float) -> Iterator[Finding]:
    short = free < needed
    text = f"memory: {free / 1000:,.1f} GB free, and an engine with Keras needs {needed / 1000:.1f}"
    todo = "It waits until there is enough; windows and programs that you close make room." if short else ""
    yield Finding("processes", "warn" if short else "ok", text, todo)


def _hosts() -> tuple[dict[int, str], int]:
    """Hosts of this home by process, with their kind; and how many belong to other homes of this user."""
    ours = os.fsencode(str(paths.socket_dir()) + os.sep)
    found, others = {}, 0
    for entry in Path("/proc").glob("[0-9]*") if Path("/proc").is_dir() else ():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.stat().st_uid == os.getuid() else []
            parent = int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
        if _HOST not in words or _is_host(parent):
            continue  # a process forked for a run has its host's command line
        if any(word.startswith(ours) for word in words):
            found[int(entry.name)] = "keras" if b"keras" in words else "light"
        else:
            others += 1
    return found, others


def _is_host(pid: int) -> bool:
    try:
        return _HOST in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def memory_mb(pid: int) -> float:
    """Memory of a process in MB, what it shares with others counted by parts; of one that has closed itself to others,
    as hosts do, what no file stands behind. 0 where it has gone."""
    from tutor.engine.machine import limits

    return figure(f"/proc/{pid}/smaps_rollup", "Pss:") / 1024 or limits.held_mb(pid)


def _threads(pid: int) -> int:
    return figure(f"/proc/{pid}/status", "Threads:")


def figure(path: str, name: str) -> int:
    """The number behind `name` in a file of /proc, 0 where there is none."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)


# ------------------------------------------------------------------ what happens at logout


def look_at_logout(root: Path = Path("/"), user: str = "") -> Iterator[Finding]:
    """Whether a run outlives the connection: systemd may end all that a user has going on at logout. root: of the
    system, for tests."""
    if not (root / "run/systemd/system").exists():
        yield Finding("logout", "ok", "no systemd here: a run goes on when you log out or the connection drops")
        return
    user = user or _user()
    lingers = (root / "var/lib/systemd/linger" / user).exists()
    group = _text(root / "proc/self/cgroup")
    managed = f"user@{os.getuid()}.service" in group
    if managed and not lingers:
        what = "systemd ends what runs under your user manager with your last session, a run too"
        yield Finding("logout", "warn", what, "`loginctl enable-linger` keeps it; an administrator may have to.")
    elif managed:
        yield Finding("logout", "ok", "a run goes on when you log out: it is under your user manager, which lingers")
    elif kills_at_logout(root, user):
        what = "systemd-logind ends all your processes at logout (KillUserProcesses), a run too"
        todo = "`loginctl enable-linger` once, then start with `systemd-run --user --scope dl-tutor`."
        yield Finding("logout", "warn", what, todo)
    else:
        yield Finding("logout", "ok", "a run goes on when you log out or the connection drops")


def kills_at_logout(root: Path, user: str) -> bool:
    """What systemd-logind says, else what its files say, of KillUserProcesses for this user."""
    config = _configuration(root)
    asked = _ask("KillUserProcesses") if root == Path("/") else ""
    kills = (asked or config.get("killuserprocesses", "no")).lower() in ("yes", "true", "1", "on")
    only, never = config.get("killonlyusers", "").split(), config.get("killexcludeusers", "root").split()
    return kills and user not in never and (not only or user in only)


def _configuration(root: Path) -> dict[str, str]:
    """The [Login] section of logind.conf and its drop-ins, in the order in which later ones win."""
    folders = [root / place / "systemd" for place in ("usr/lib", "usr/local/lib", "run", "etc")]
    mains = [folder / "logind.conf" for folder in folders if (folder / "logind.conf").exists()][-1:]
    drops = {path.name: path for folder in folders for path in folder.glob("logind.conf.d/*.conf")}
    values: dict[str, str] = {}
    for path in [*mains, *(drops[name] for name in sorted(drops))]:
        parser = ConfigParser(strict=False, interpolation=None, allow_no_value=True)
        try:
            parser.read_string(_text(path))
        except Error:
            continue  # systemd leaves out what it cannot read, too
        if parser.has_section("Login"):
            values |= {name: value or "" for name, value in parser.items("Login")}
    return values


def _ask(name: str) -> str:
    """A property of systemd-logind, "" where it does not answer."""
    try:
        done = subprocess.run([*_BUSCTL, name], capture_output=True, text=True, timeout=_ASK_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.split()[-1] if done.returncode == 0 and done.stdout.split() else ""


def _user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
