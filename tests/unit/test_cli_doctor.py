"""Doctor: what is found, and what to do about it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor import doctor, paths
from tutor.course.model import Chapter, Course, LessonEntry
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


def test_processes_of_other_homes_are_only_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    (before,) = doctor.look_at_processes()
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
        (found,) = doctor.look_at_processes()
    finally:
        for host in hosts:
            host.communicate()
    assert f"processes of the engine: 1 ({hosts[0].pid})" in found.what and "other homes" in found.what
