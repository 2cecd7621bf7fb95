"""Doctor: what is found, and what to do about it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import cli, doctor, paths, sharing
from tutor.commands.session import Session
from tutor.commands.upkeep import bounded_looks as looks
from tutor.commands.upkeep import doctor_command as health
from tutor.course.model import Chapter, Course, LessonEntry
from tutor.engine.machine.confinement import holding
from tutor.settings import Settings
from tutor.terminal import look_at
from tutor.terminal_report import TEST_LINE, look_at_terminal


def levels(findings: object) -> list[str]:
    return [finding.level for finding in findings]  # type: ignore[attr-defined]


def test_a_poor_terminal() -> None:
    terminal = look_at(Settings(), {"TERM": "vt100"}, tty=False, encoding="ascii")
    found = list(look_at_terminal(terminal))
    assert levels(found).count("warn") >= 3
    assert all(finding.todo for finding in found if finding.level != "ok")


def test_a_good_terminal_shows_its_letters() -> None:
    terminal = look_at(Settings(), {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, tty=True, encoding="utf-8")
    found = list(look_at_terminal(terminal))
    assert any(finding.what == TEST_LINE for finding in found)


@pytest.mark.parametrize(
    ("settings", "environ", "flags", "said"),
    [
        (Settings(colours="16", ascii=True), {}, (), ("the setting `colours`", "the setting `ascii`")),
        (Settings(colours="16"), {"DL_TUTOR_COLOURS": "16"}, (), ("DL_TUTOR_COLOURS is set",)),
        (Settings(colours="16"), {"DL_TUTOR_COLOURS": "256"}, ("colours",), ("a flag says so",)),
        (Settings(), {"NO_COLOR": "1"}, (), ("NO_COLOR is set",)),
    ],
)
def test_what_was_chosen_says_where_and_is_not_advised_against(settings, environ, flags, said) -> None:  # type: ignore[no-untyped-def]
    env = {"TERM": "xterm-256color", **environ}
    found = list(look_at_terminal(look_at(settings, env, tty=True, encoding="utf-8", flags=flags)))
    assert set(levels(found)) == {"ok"}
    assert all(any(reason in finding.what for finding in found) for reason in said)


@pytest.mark.parametrize(
    ("environ", "todo"),
    [
        ({"TERM": "linux"}, "In another terminal"), ({"TERM": "xterm", "LANG": "C"}, "UTF-8 locale"),
        ({"TERM": "dumb"}, "All commands but `open`"), ({"TERM": "vt100"}, '`colours = "256"`'),
    ],
)  # fmt: skip
def test_advice_is_for_this_terminal(environ: dict[str, str], todo: str) -> None:
    found = list(look_at_terminal(look_at(Settings(), environ, tty=True, encoding="utf-8")))
    assert any(todo in finding.todo for finding in found if finding.level == "warn")


def test_keys_of_ones_own_that_cannot_be_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[keys]\nchek = "f6"\n')
    found = list(health._settings(Session()))
    assert levels(found) == ["bad"] and "chek" in found[0].what


def test_each_protection_of_a_run_is_held_here_or_said_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(doctor.look_at_protections())
    assert len(found) == len(holding.protections()) and {one.area for one in found} == {"protection"}
    some = [holding.Protection("a run is held", True), *(holding.Protection(f"a run {n}", False, "old") for n in "ab")]
    monkeypatch.setattr(holding, "protections", lambda: some)
    found = list(doctor.look_at_protections())
    assert levels(found) == ["ok", "warn", "warn"] and found[1].what == "not held here: a run a (old)"
    assert [bool(one.todo) for one in found] == [False, True, False]


def test_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path)
    assert levels(doctor.look_at_data()) == ["bad"]
    digest = hashlib.sha256(b"good").hexdigest()
    entries = [f'[{name}]\nfile = "{name}.csv"\nsha256 = "{digest}"\n' for name in ("one", "two", "three")]
    (tmp_path / "index.toml").write_text("format_version = 1\n" + "".join(entries))
    (tmp_path / "one.csv").write_bytes(b"good")
    (tmp_path / "two.csv").write_bytes(b"changed")
    found = list(doctor.look_at_data())
    assert levels(found) == ["ok", "bad", "bad"]
    assert "checksum" in found[1].what and found[1].todo


def test_disk(tmp_path: Path) -> None:
    assert levels(doctor.look_at_disk(tmp_path / "not" / "there", "your work"))[0] in ("ok", "warn")
    (tmp_path / "file").write_text("")
    assert levels(doctor.look_at_disk(tmp_path / "file", "your work")) == ["bad"]
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/home {tmp_path} nfs4 rw 0 0\n")
    assert doctor.file_system(tmp_path / "file", mounts) == "nfs4"
    assert doctor.file_system(Path("/"), mounts) == "ext4"


def test_a_framework_that_is_not_there() -> None:
    finding = doctor._framework("no_such_framework", "nothing")
    assert finding.level == "bad" and "No module named" in finding.what and "pip install" in finding.todo


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DL_TUTOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DL_TUTOR_TEHME", "dark")
    found = list(doctor.look_at_settings(Settings(editor="no-such-editor-at-all")))
    assert levels(found) == ["warn", "warn"]


def test_a_broken_lesson_and_a_file_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = LessonEntry("one", "1.1", "One", "01-one.md", problem="01-one.md:3: no title")
    course = Course("Small", str(tmp_path), (Chapter("basics", 1, "Basics", (entry,)),))
    found = list(doctor.look_at_course(course))
    assert levels(found) == ["bad", "bad"] and "01-one.md:3" in found[1].what
    (tmp_path / "mine").write_text("")
    assert levels(doctor.look_at_progress(["A line was damaged."], tmp_path)) == ["warn"]
    monkeypatch.setattr("os.access", lambda *_: False)
    (locked,) = doctor.look_at_progress([], tmp_path)
    assert "mine" in locked.what and "chmod" in locked.todo


def test_who_does_not_answer_is_named_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "SECONDS", 0.3)
    hangs = threading.Event()
    fine = doctor.Finding("data", "ok", "fine")

    def halfway() -> Iterator[doctor.Finding]:
        yield fine
        hangs.wait()

    found = list(looks.all_in_time([
        looks.BoundedLook("engine", "the engine", lambda: [fine] if hangs.wait() else []),
        looks.BoundedLook("disk", "a disk", halfway), looks.BoundedLook("data", "the data", lambda: [fine]),
    ]))  # fmt: skip
    hangs.set()
    assert [finding.level for finding in found] == ["warn", "ok", "warn", "ok"]
    assert found[0].what == "the engine did not answer within 0.3 s" and found[2].area == "disk"


def test_a_fault_in_a_look_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        list(looks.all_in_time([looks.BoundedLook("data", "the data", lambda: [1 / 0])]))  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("code", "seconds", "level", "said"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", 60.0, "bad", "ends the process (signal SIGSEGV)"),
        ("import threading\nthreading.Event().wait()", 0.5, "warn", "is not imported within"),
    ],
)
def test_a_library_that_crashes_or_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, seconds: float, level: str, said: str
) -> None:
    (tmp_path / "mended.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(doctor, "_IMPORT_SECONDS", seconds)
    (finding,) = doctor.look_at_framework("mended", "nothing")
    assert finding.level == level and said in finding.what


def test_doctor_answers_where_nothing_temporary_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise FileNotFoundError(2, "No usable temporary directory")

    with monkeypatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(tmp_path))
        patch.setattr("tempfile.gettempdir", fail)
        assert cli.run(["doctor"]) == 1
    told = capfd.readouterr().out
    assert "Set TMPDIR to a folder of yours" in told and "numpy 2" in told


def test_processes_of_other_homes_are_only_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    before = next(sharing.look_at_processes(Settings()))
    assert "processes of the engine: 0" in before.what
    waits = "print(flush=True); import sys; sys.stdin.read()"
    hosts = [
        subprocess.Popen(
            [sys.executable, "-c", waits, "tutor.engine.host", str(folder / "light.sock")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for folder in (paths.socket_dir(), Path("/somewhere/else"))
    ]  # fmt: skip
    try:
        for host in hosts:
            assert host.stdout is not None and host.stdout.readline()
        found, *more = sharing.look_at_processes(Settings(gpu=True, threads=3))
    finally:
        for host in hosts:
            host.communicate()
    assert f"processes of the engine: 1 ({hosts[0].pid})" in found.what and "other homes" in found.what
    said = "\n".join(finding.what for finding in more)
    assert f"light engine {hosts[0].pid}: " in said and "threads: 1" in said and "MB" in said
    assert "1 run with Keras at a time, on 3 of" in said and "a GPU if there is one" in said


def system(root: Path, login: str = "", *, linger: bool = False, cgroup: str = "0::/user.slice/session-1.scope") -> str:
    """What is found on a machine with this [Login] section."""
    for folder in ("run/systemd/system", "etc/systemd/logind.conf.d", "var/lib/systemd/linger", "proc/self"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "etc/systemd/logind.conf").write_text("[Login]\n#KillUserProcesses=yes\n")
    (root / "etc/systemd/logind.conf.d/lab.conf").write_text(f"[Login]\n{login}\n")
    (root / "proc/self/cgroup").write_text(cgroup)
    if linger:
        (root / "var/lib/systemd/linger/ada").touch()
    (finding,) = sharing.look_at_logout(root, "ada")
    return f"{finding.level}: {finding.what} {finding.todo}"


def test_what_the_system_does_at_logout(tmp_path: Path) -> None:
    (nothing,) = sharing.look_at_logout(tmp_path)
    assert nothing.level == "ok" and "no systemd" in nothing.what
    assert system(tmp_path).startswith("ok")
    killed = system(tmp_path, "KillUserProcesses=yes")
    assert killed.startswith("warn") and "loginctl enable-linger" in killed and "systemd-run --user --scope" in killed
    assert system(tmp_path, "KillUserProcesses=yes\nKillExcludeUsers=root ada").startswith("ok")
    assert system(tmp_path, "KillUserProcesses=yes\nKillOnlyUsers=bob").startswith("ok")
    managed = f"0::/user.slice/user-{os.getuid()}.slice/user@{os.getuid()}.service/app.slice/run-1.scope"
    assert system(tmp_path, cgroup=managed).startswith("warn")
    assert system(tmp_path, "KillUserProcesses=yes", cgroup=managed, linger=True).startswith("ok")
