"""Confinement as values: what a run may read, wherever lessons lie; the filter of system calls, on each processor."""

from __future__ import annotations

import errno
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tutor import paths
from tutor.engine.machine.confinement import call_filter, call_numbers, holding, landlock, own_memory
from tutor.engine.machine.confinement.call_numbers import _PROCESSORS, Processor
from tutor.engine.machine.confinement.readable import Readable
from tutor.messages.reach import Reach

REFUSED, NOTHING, ALLOWED = 0x00050001, 0x00050000, 0x7FFF0000


def verdict(code: bytes, processor: Processor, number: int, *words: int, arch: int | None = None) -> int:
    """What the filter says to a call, as the kernel would run it."""
    seen = struct.pack("=iIQ6Q", number, processor.arch if arch is None else arch, 0, *(list(words) + [0] * 6)[:6])
    held, at = 0, 0
    while True:
        operation, yes, no, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        if operation == 0x20:
            (held,) = struct.unpack_from("<I", seen, value)
        elif operation == 0x54:
            held &= value
        elif operation == 0x06:
            return value
        else:
            at += yes if (held == value if operation == 0x15 else held >= value) else no


def word(number: int) -> int:
    return number & 0xFFFFFFFFFFFFFFFF


@pytest.mark.parametrize("processor", _PROCESSORS.values(), ids=_PROCESSORS)
def test_the_filter_refuses_what_it_names_and_nothing_else(processor: Processor) -> None:
    code = call_filter.program("lesson", (), processor)
    tables = (call_numbers.CONNECTIONS, call_numbers.ATTACHING, call_numbers.LASTING, call_numbers.KERNEL)
    refused = {number for table in tables for number in call_numbers.of(table, processor)}
    marks = set(call_numbers.of(call_numbers.MARKS, processor))
    (pair,) = call_numbers.of(call_numbers.PAIRS, processor)
    judged = {number: verdict(code, processor, number) for number in range(500) if number != pair}
    assert {number for number, said in judged.items() if said == REFUSED} == refused
    assert {number for number, said in judged.items() if said == NOTHING} == marks
    assert set(judged.values()) == {REFUSED, NOTHING, ALLOWED}
    assert verdict(code, processor, 0, arch=3) == REFUSED  # a program of 32 bits
    old = call_filter.program("lesson", (), processor, truncating=False)
    (truncate,) = {number for number in judged if verdict(old, processor, number) != judged[number]}
    assert [truncate] == call_numbers.of(call_numbers.TRUNCATING, processor)


@pytest.mark.parametrize("processor", _PROCESSORS.values(), ids=_PROCESSORS)
def test_the_filter_looks_at_the_words_of_a_call(processor: Processor) -> None:
    code = call_filter.program("lesson", (), processor)
    (pair,) = call_numbers.of(call_numbers.PAIRS, processor)
    kinds = [verdict(code, processor, pair, 1, kind) for kind in (1, 2, 3, 5, 1 | 0o2000000)]
    assert kinds == [ALLOWED, REFUSED, REFUSED, ALLOWED, ALLOWED]
    for number in call_numbers.of(call_numbers.OTHERS, processor):
        assert [verdict(code, processor, number, pid) for pid in (0, 1, 77)] == [ALLOWED, REFUSED, REFUSED]
    for number in call_numbers.of(call_numbers.PRIORITIES, processor):
        asked = ((0, 0), (1, 0), (0, 7), (2, 0), (3, 0))
        said = [verdict(code, processor, number, *words) for words in asked]
        assert said == [ALLOWED] * 2 + [REFUSED] * 3


@pytest.mark.parametrize("processor", _PROCESSORS.values(), ids=_PROCESSORS)
def test_the_driver_of_a_gpu_may_listen_but_nothing_connects(processor: Processor) -> None:
    code = call_filter.program("gpu", (), processor)
    socket, bind = call_numbers.of(call_numbers.LISTENING, processor)
    asked = ((1, 1), (1, 5), (1, 2), (2, 1), (10, 1), (16, 3))
    assert [verdict(code, processor, socket, *words) for words in asked] == [ALLOWED] * 2 + [REFUSED] * 4
    (connect,) = set(call_numbers.of(call_numbers.CONNECTIONS, processor)) - {socket, bind}
    assert verdict(code, processor, bind) == ALLOWED and verdict(code, processor, connect) == REFUSED
    lesson, numbers = call_filter.program("lesson", (), processor), set(range(500)) - {socket, bind}
    assert all(verdict(code, processor, number) == verdict(lesson, processor, number) for number in numbers)


@pytest.mark.parametrize("processor", _PROCESSORS.values(), ids=_PROCESSORS)
@pytest.mark.parametrize("kind", ["lesson", "own"])
def test_processes_of_the_tutor_are_spared_where_landlock_knows_no_signals(processor: Processor, kind: str) -> None:
    code = call_filter.program(kind, (71, 72), processor)
    for number in call_numbers.of(call_numbers.SIGNALS, processor):
        said = [verdict(code, processor, number, word(pid)) for pid in (71, 72, -71, 0, -1, 73, -73)]
        assert said == [REFUSED] * 5 + [ALLOWED] * 2
    for number in call_numbers.of(call_numbers.BLIND_SIGNALS, processor):
        assert verdict(code, processor, number, 73) == REFUSED
    (connection, *_) = call_numbers.of(call_numbers.CONNECTIONS, processor)
    assert verdict(code, processor, connection) == (REFUSED if kind == "lesson" else ALLOWED)
    assert verdict(code, processor, call_numbers.of(call_numbers.ATTACHING, processor)[0]) == REFUSED


def in_a_child(act: Callable[[], bool]) -> bool:
    """Whether `act` said yes in a process of its own."""
    pid = os.fork()
    if not pid:
        try:
            os._exit(0 if act() else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def refused(what: Callable[..., object], *words: object) -> bool:
    try:
        what(*words)
    except PermissionError as error:
        return error.errno in (errno.EPERM, errno.EACCES)
    return False


@pytest.mark.skipif(not call_filter.known(), reason="no seccomp here")
def test_a_kernel_without_landlock_is_held_by_the_filter_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "VERSION", 0)
    reach = Reach("own", spared=(os.getpid(),))

    def own() -> bool:
        held = holding.confine(reach, "/nowhere")
        return held == holding.Held(False, False, True, True) and refused(os.kill, os.getppid(), 0)

    def lesson() -> bool:
        held = holding.confine(Reach(spared=reach.spared), "/nowhere")
        open(__file__).close()
        return held == holding.Held(False, True, True, True) and refused(os.kill, os.getppid(), 0)

    assert in_a_child(own) and in_a_child(lesson)


@pytest.mark.skipif(not landlock.VERSION, reason="no Landlock here")
def test_with_a_gpu_a_process_reads_what_proc_says_of_itself(tmp_path: Path) -> None:
    def gpu() -> bool:
        holding.confine(Readable().reach(gpu=True), str(tmp_path))
        open("/proc/self/maps").close()
        return refused(open, f"/proc/{os.getppid()}/maps") and refused(open, "/proc/1/status")

    assert in_a_child(gpu)


@pytest.mark.skipif(not own_memory.possible(), reason="no name spaces of one's own here")
def test_shared_memory_of_ones_own_is_bounded_and_ends_with_its_processes() -> None:
    file = Path(f"/dev/shm/tutor-test-{os.getpid()}")

    def own() -> bool:
        given = own_memory.give(1)
        file.write_bytes(bytes(1 << 19))
        try:
            file.write_bytes(bytes(1 << 21))
        except OSError as error:
            rights = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
            return given and error.errno == errno.ENOSPC and not int(rights, 16)
        return False

    assert in_a_child(own) and not file.exists()


def test_a_system_that_has_nothing_holds_nothing_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "VERSION", 0)
    monkeypatch.setattr(call_filter, "PROCESSOR", None)
    monkeypatch.setattr(own_memory, "possible", lambda: False)
    assert in_a_child(lambda: holding.confine(Reach(), "/nowhere") == holding.Held())
    found = holding.protections()
    held = [one.name for one in found if one.held]
    assert held == ["no program of yours looks into the tutor's own processes"] and len(found) == 6
    assert all(one.why_not for one in found if not one.held)


def test_each_protection_has_a_name_and_a_reason_where_it_is_not_held() -> None:
    for one in holding.protections():
        assert one.name.startswith(("a run", "no program")) and bool(one.why_not) == (not one.held)


# ------------------------------------------------------------------ what may be read


def covered(reach: Reach, path: Path) -> bool:
    """Whether a file may be read."""
    real = Path(os.path.realpath(path))
    return str(real) in reach.files or any(str(above) in reach.folders for above in (real, *real.parents))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Packages as pip lays them, the tutor among them with its lessons."""
    folder = tmp_path / "lib" / "site-packages"
    for name in ("tutor/__init__.py", "tutor/shipped/data/index.toml", "numpy/__init__.py", "six.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "tutor/shipped/lessons/1").mkdir(parents=True)
    (folder / "tutor/shipped/lessons/course.toml").touch()
    (folder / "tutor/shipped/lessons/1/one.md").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
    return folder


def test_lessons_of_a_wheel_are_left_out_and_all_else_is_read(site: Path) -> None:
    reach = Readable().reach()
    assert not covered(reach, site / "tutor/shipped/lessons/1/one.md")
    assert not covered(reach, site / "tutor/shipped/lessons/course.toml")
    for name in ("tutor/__init__.py", "tutor/shipped/data/index.toml", "numpy/__init__.py", "six.py"):
        assert covered(reach, site / name)
    assert {str(site), str(site / "tutor"), str(site / "tutor/shipped")} <= set(reach.listed)


def test_a_package_that_is_installed_later_is_seen(site: Path) -> None:
    readable = Readable()
    assert readable.reach() is readable.reach()
    before = readable.reach()
    (site / "later").mkdir()
    os.utime(site, (1, 1))
    assert not covered(before, site / "later") and covered(readable.reach(), site / "later")


def test_of_a_checkout_only_packages_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lessons/course.toml", "tutor/__init__.py", "tests/__init__.py", ".git/packed", "dist/tutor.whl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    reach = Readable().reach()
    assert covered(reach, tmp_path / "tutor/__init__.py") and str(tmp_path) in reach.listed
    for name in ("lessons/course.toml", "tests/__init__.py", ".git/packed", "dist/tutor.whl"):
        assert not covered(reach, tmp_path / name)


def test_a_home_on_the_path_is_not_read_but_for_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    for name in ("mine.py", "thesis.txt", ".ssh"):
        (tmp_path / name).touch()
    reach = Readable().reach()
    assert [covered(reach, tmp_path / name) for name in ("mine.py", "thesis.txt", ".ssh")] == [True, False, False]


def test_neither_lessons_nor_proc_nor_what_the_learner_wrote_are_read(tmp_path: Path) -> None:
    reach = Readable().reach((str(tmp_path),))
    assert not covered(reach, paths.lessons_dir() / "course.toml") and not covered(reach, paths.state_dir())
    assert covered(reach, tmp_path / "any") and covered(reach, paths.data_dir() / "index.toml")
    assert not {"/", "/proc", "/proc/self", "/etc", "/home", "/root", "/tmp"} & {*reach.folders, *reach.listed}
    assert not covered(reach, Path("/proc/self/status")) and covered(reach, Path("/proc/cpuinfo"))
    assert not covered(reach, paths.PACKAGE.parent / "tests" / "README.md")


def test_what_the_settings_let_be_read_leaves_the_lessons_out() -> None:
    reach = Readable().reach((str(paths.lessons_dir().parent),))
    assert not covered(reach, paths.lessons_dir() / "course.toml")
