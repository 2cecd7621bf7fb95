"""Attempts: two windows, damage, a disk that does not take them, and being ended in the middle of a write."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.progress import Attempt, Progress
from tutor.progress.window import host_name, owner_of, window_name


def dead_window(number: int = 1) -> str:
    """A window of this machine whose process is gone."""
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return f"{host_name()}.{process.pid}.{number}"


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "attempts").iterdir())


def test_nothing_is_written_before_there_is_something_to_keep(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "state", "one")
    progress.refresh()
    progress.tidy()
    assert progress.attempts() == []
    assert not (tmp_path / "state").exists()


def test_two_windows_see_each_others_attempts_in_the_order_of_time(tmp_path: Path) -> None:
    one, two = Progress(tmp_path, "one"), Progress(tmp_path, "two")
    one.record(Attempt("gradient", "exercise", "failed", at=10.0, passed=1, total=4))
    two.record(Attempt("gradient", "exercise", "passed", at=20.0, passed=4, total=4, answer="w"))
    one.record(Attempt("gradient", "exercise", "error", at=15.0))
    assert one.refresh() and two.refresh()
    assert not one.refresh()
    for window in (one, two, Progress(tmp_path, "three")):
        assert [attempt.outcome for attempt in window.attempts("gradient")] == ["failed", "error", "passed"]
        assert window.passed_code("gradient") == "w"
    assert files(tmp_path) == ["one.jsonl", "two.jsonl"]


def test_windows_of_one_process_have_different_names() -> None:
    assert window_name() != window_name()
    assert owner_of(window_name()) == "alive"
    assert owner_of(dead_window()) == "dead"
    assert owner_of(f"{host_name()}.{os.getpid()}.1") == "dead"
    assert owner_of("other-host-123456.1.1") == "elsewhere"


def test_many_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom tutor.progress import Attempt, Progress\n"
        "p = Progress(Path(sys.argv[1]))\n"
        "for i in range(40):\n    p.record(Attempt(f't{i}', 'quiz', 'passed'))\n    i % 9 or p.tidy()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(6)]
    assert [process.wait() for process in processes] == [0] * 6
    progress = Progress(tmp_path)
    assert len(progress.attempts()) == 240
    progress.tidy()
    assert len(Progress(tmp_path).attempts()) == 240
    assert progress.problems == []


def test_courses_do_not_mix(tmp_path: Path) -> None:
    Progress(tmp_path, "one", "basics").record(Attempt("quiz-1", "quiz", "passed"))
    other = Progress(tmp_path, "two", "my-own")
    assert other.attempts() == []
    assert len(Progress(tmp_path, "three", "basics").attempts("quiz-1")) == 1


def test_a_renamed_task_keeps_its_attempts(tmp_path: Path) -> None:
    before = Progress(tmp_path, "one")
    before.record(Attempt("slope", "exercise", "passed", answer="old"))
    before.record_hint("slope")
    after = Progress(tmp_path, "two", renamed={"slope": "derivative", "derivative": "gradient"})
    assert after.passed_code("gradient") == after.passed_code("slope") == "old"
    assert after.hints_shown("gradient") == 1


def test_hints_count_one_by_one_and_are_no_attempts(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "one")
    assert progress.hints_shown("gradient") == 0
    assert progress.record_hint("gradient") == 1
    assert progress.record_hint("gradient") == 2
    progress.record_hint("gradient", 1)
    progress.record_solution_shown("gradient")
    assert Progress(tmp_path, "two").hints_shown("gradient") == 2
    assert progress.attempts("gradient") == []


def test_a_damaged_line_is_set_aside_and_said_once(tmp_path: Path) -> None:
    window = dead_window()
    Progress(tmp_path, window).record(Attempt("a", "quiz", "passed"))
    file = tmp_path / "attempts" / f"{window}.jsonl"
    file.write_bytes(b'{"task": 3}\n' + file.read_bytes() + b"\xff\xfe not a line\n")
    progress = Progress(tmp_path, "two")
    assert [attempt.task for attempt in progress.attempts()] == ["a"]
    assert len(progress.problems) == 1 and "2 damaged lines" in progress.problems[0]
    aside = tmp_path / "attempts" / f"{window}.damaged"
    assert aside.read_bytes() == b'{"task": 3}\n\xff\xfe not a line\n'
    assert Progress(tmp_path, "three").problems == []


def test_a_file_of_rubbish_does_not_hide_the_others(tmp_path: Path) -> None:
    Progress(tmp_path, "one").record(Attempt("a", "quiz", "passed"))
    (tmp_path / "attempts" / "zero.jsonl").write_bytes(os.urandom(300).replace(b"\n", b"") + b"\n")
    (tmp_path / "attempts" / "folder.jsonl").mkdir()
    (tmp_path / "attempts" / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    assert len(Progress(tmp_path, "two").attempts()) == 1


def test_a_line_nested_without_end_is_set_aside(tmp_path: Path) -> None:
    one = Progress(tmp_path, "one")
    one.record(Attempt("gradient", "exercise", "passed"))
    with one._log.file.open("ab") as file:
        file.write(b'{"task": "x", "odd": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n")
    two = Progress(tmp_path, "two")
    assert [attempt.task for attempt in two.attempts()] == ["gradient"]
    assert any("damaged line" in problem for problem in two.problems)


def test_the_last_line_of_a_window_that_writes_is_waited_for(tmp_path: Path) -> None:
    window = f"{window_name()}"
    Progress(tmp_path, window).record(Attempt("a", "quiz", "passed"))
    file = tmp_path / "attempts" / f"{window}.jsonl"
    line = file.read_bytes().replace(b'"a"', b'"b"').replace(b'"id":"', b'"id":"0')
    with file.open("ab") as half:
        half.write(line[:20])
    other = Progress(tmp_path, "two")
    assert [attempt.task for attempt in other.attempts()] == ["a"]
    with file.open("ab") as rest:
        rest.write(line[20:])
    assert other.refresh()
    assert sorted(attempt.task for attempt in other.attempts()) == ["a", "b"]
    assert other.problems == []


def test_a_newer_versions_fields_are_kept(tmp_path: Path) -> None:
    (tmp_path / "attempts").mkdir()
    names = [dead_window(number) for number in range(1, 6)]
    for number, name in enumerate(names):
        line = f'{{"task":"t","kind":"quiz","outcome":"passed","id":"{number}","course":"course","mood":"good"}}\n'
        (tmp_path / "attempts" / f"{name}.jsonl").write_text(line)
    progress = Progress(tmp_path, "two")
    progress.tidy()
    assert files(tmp_path) == ["two.merged1.jsonl"]
    assert (tmp_path / "attempts" / "two.merged1.jsonl").read_text().count('"mood":"good"') == 5


class TestTidy:
    def fill(self, folder: Path, windows: int = 6) -> None:
        for number in range(windows):
            progress = Progress(folder, dead_window(number + 1))
            progress.record(Attempt(f"t{number}", "quiz", "passed", at=float(number + 1)))

    def test_old_files_become_one_and_nothing_is_lost(self, tmp_path: Path) -> None:
        self.fill(tmp_path)
        living = Progress(tmp_path, window_name())
        living.record(Attempt("mine", "quiz", "passed", at=100.0))
        reader = Progress(tmp_path, "reader")
        living.tidy()
        assert len(files(tmp_path)) == 2
        reader.refresh()
        for progress in (living, reader, Progress(tmp_path, "new")):
            assert [one.task for one in progress.attempts()] == ["t0", "t1", "t2", "t3", "t4", "t5", "mine"]

    def test_damage_is_set_aside_before_its_file_goes(self, tmp_path: Path) -> None:
        self.fill(tmp_path)
        broken = sorted((tmp_path / "attempts").iterdir())[0]
        with broken.open("ab") as file:
            file.write(b'{"task":"t9","ki')
        Progress(tmp_path, "one").tidy()
        assert not broken.exists()
        assert broken.with_suffix(".damaged").read_bytes() == b'{"task":"t9","ki\n'
        assert len(Progress(tmp_path, "two").attempts()) == 6

    def test_files_of_other_machines_are_left_alone(self, tmp_path: Path) -> None:
        for number in range(6):
            Progress(tmp_path, f"elsewhere-abcdef.{number + 1}.1").record(Attempt("t", "quiz", "passed"))
        Progress(tmp_path, "one").tidy()
        assert len(files(tmp_path)) == 6

    def test_a_disk_that_does_not_take_the_new_file_keeps_the_old(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.fill(tmp_path)
        before = files(tmp_path)
        progress = Progress(tmp_path, "one")
        monkeypatch.setattr(os, "fsync", full_disk)
        progress.tidy()
        assert files(tmp_path) == before
        assert "disk is full" in progress.problems[0]

    def test_a_file_that_grew_meanwhile_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fill(tmp_path)
        last = sorted((tmp_path / "attempts").iterdir())[-1]
        real = os.replace

        def replace(source: object, target: object) -> None:
            with last.open("ab") as file:
                file.write(last.read_bytes().replace(b'"id":"', b'"id":"9'))
            real(source, target)  # type: ignore[call-overload]

        monkeypatch.setattr(os, "replace", replace)
        Progress(tmp_path, "one").tidy()
        monkeypatch.undo()
        assert last.exists()
        assert len(Progress(tmp_path, "two").attempts()) == 7


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class TestDiskTrouble:
    def test_full_disk_is_said_once_and_made_up_for(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        progress = Progress(tmp_path, "one")
        progress.record(Attempt("a", "quiz", "passed"))
        monkeypatch.setattr(os, "fsync", full_disk)
        progress.record(Attempt("b", "quiz", "passed"))
        progress.record(Attempt("c", "quiz", "passed"))
        assert progress.unsaved
        assert len(progress.problems) == 1 and progress.problems[0].startswith("The disk is full")
        assert [one.task for one in progress.attempts()] == ["a", "b", "c"]
        monkeypatch.undo()
        progress.refresh()
        assert not progress.unsaved
        assert progress.problems[1:] == ["Your work can be saved again."]
        assert [one.task for one in Progress(tmp_path, "two").attempts()] == ["a", "b", "c"]

    def test_a_line_cut_by_a_full_disk_is_taken_back(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        progress = Progress(tmp_path, "one")
        progress.record(Attempt("a", "quiz", "passed"))
        real = os.write

        def half(fd: int, data: bytes) -> int:
            if len(data) > 10:
                return real(fd, bytes(data[:10]))
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "write", half)
        progress.record(Attempt("b", "quiz", "passed"))
        monkeypatch.undo()
        assert len((tmp_path / "attempts" / "one.jsonl").read_bytes().splitlines()) == 1
        progress.record(Attempt("c", "quiz", "passed"))
        other = Progress(tmp_path, "two")
        assert sorted(one.task for one in other.attempts()) == ["a", "b", "c"]
        assert other.problems == []

    def test_no_folder_can_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "state").write_text("a file where the folder should be")
        progress = Progress(tmp_path / "state", "one")
        progress.record(Attempt("a", "quiz", "passed"))
        progress.refresh()
        assert len(progress.attempts()) == 1
        assert progress.unsaved and len(progress.problems) == 1
        (tmp_path / "state").unlink()
        assert progress.flush()
        assert len(Progress(tmp_path / "state", "two").attempts()) == 1

    @pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
    def test_read_only(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        def refuse(*_: object, **__: object) -> int:
            raise OSError(number, os.strerror(number))

        progress = Progress(tmp_path, "one")
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refuse)
            progress.record(Attempt("a", "quiz", "passed"))
        assert "read-only" in progress.problems[0]
        assert progress.flush()

    def test_own_file_taken_away_is_written_again(self, tmp_path: Path) -> None:
        progress = Progress(tmp_path, "one")
        progress.record(Attempt("a", "quiz", "passed"))
        (tmp_path / "attempts" / "one.jsonl").unlink()
        progress.refresh()
        assert len(Progress(tmp_path, "two").attempts()) == 1


def test_ended_in_the_middle_of_writing_costs_at_most_the_last_line(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom tutor.progress import Attempt, Progress\n"
        "p = Progress(Path(sys.argv[1]))\n"
        "for i in range(10**6):\n"
        "    p.record(Attempt(f't{i}', 'quiz', 'passed', answer='x' * 3000))\n"
        "    sys.stdout.write(f'{i}\\n'); sys.stdout.flush()\n"
    )
    promised = 0
    for round_ in range(5):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout
        said = [process.stdout.readline() for _ in range(3 + 7 * round_)]
        process.kill()
        said += process.stdout.readlines()
        process.wait()
        process.stdout.close()
        promised += sum(line.endswith(b"\n") for line in said)
    progress = Progress(tmp_path)
    found = len(progress.attempts())
    assert promised <= found <= promised + 5
    progress.tidy()
    assert len(Progress(tmp_path).attempts()) == found
