"""Drafts: what the learner typed is never lost, whatever happens to windows, processes and disks."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.unit.test_progress_attempts import dead_window, full_disk
from tutor.progress import Draft, Progress


def texts(progress: Progress, task: str = "gradient") -> list[str]:
    return [old.text for old in progress.drafts.old(task)]


def all_texts(folder: Path, window: str = "reader") -> set[str]:
    progress = Progress(folder, window)
    draft = progress.drafts.load("gradient")
    return {*texts(progress), *([draft.text] if draft else [])}


def test_text_and_cursor_come_back(tmp_path: Path) -> None:
    one = Progress(tmp_path, "one").drafts
    assert one.load("gradient") is None
    text = "def f(x):\r\n\treturn 'ρ \U0001f40d'\n\n"
    assert one.save("gradient", text, (1, 5))
    draft = Progress(tmp_path, "two").drafts.load("gradient")
    assert draft and (draft.text, draft.cursor) == (text, (1, 5)) and draft.at > 0
    assert one.path("gradient").read_bytes() == text.encode()
    assert one.tasks() == {"gradient"}


def test_an_older_text_that_comes_late_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    drafts = Progress(tmp_path, "one").drafts
    assert drafts.save("gradient", "newer", typed_at=200)
    assert drafts.save("gradient", "older", typed_at=100)
    assert drafts.path("gradient").read_text() == "newer"
    assert drafts.save("gradient", "now")
    assert drafts.path("gradient").read_text() == "now"


def test_what_was_typed_before_a_reset_does_not_bring_the_draft_back(tmp_path: Path) -> None:
    drafts = Progress(tmp_path, "one").drafts
    before = time.monotonic_ns()
    drafts.save("gradient", "text", typed_at=before)
    drafts.reset("gradient")
    drafts.save("gradient", "text", typed_at=before)
    assert drafts.load("gradient") is None


def test_cursor_stays_within_the_text(tmp_path: Path) -> None:
    drafts = Progress(tmp_path, "one").drafts
    drafts.save("gradient", "ab\nc", (9, 9))
    assert drafts.load("gradient") == Draft("ab\nc", (1, 1), drafts.load("gradient").at)  # type: ignore[union-attr]
    drafts.path("gradient").with_suffix(".json").write_text("damaged")
    assert Progress(tmp_path, "two").drafts.load("gradient").cursor == (0, 0)  # type: ignore[union-attr]


@pytest.mark.parametrize("task", ["../../outside", "a/b", ".hidden", "", "a.b.c", "größe", "x" * 60])
def test_no_id_leaves_the_folder(tmp_path: Path, task: str) -> None:
    drafts = Progress(tmp_path, "one").drafts
    drafts.save(task, "text")
    assert drafts.path(task).parent == drafts.folder
    assert drafts.load(task).text == "text"  # type: ignore[union-attr]
    if task:
        assert drafts.tasks() == {task}


def test_a_text_that_was_not_changed_is_not_written(tmp_path: Path) -> None:
    drafts = Progress(tmp_path, "one").drafts
    drafts.save("gradient", "text", (0, 1))
    before = drafts.path("gradient").stat().st_mtime_ns
    drafts.save("gradient", "text", (0, 2))
    assert drafts.path("gradient").stat().st_mtime_ns == before
    assert drafts.load("gradient").cursor == (0, 2)  # type: ignore[union-attr]


def test_reset_keeps_the_old_one_and_says_where(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "one")
    assert progress.drafts.reset("gradient") is None
    for text in ("first", "second", "second"):
        progress.drafts.save("gradient", text)
        kept = progress.drafts.reset("gradient")
        assert kept and kept.read_text() == text
        assert progress.drafts.load("gradient") is None
    assert texts(progress) == ["first", "second"]
    assert progress.drafts.tasks() == set()


def test_reset_stays_a_reset_when_a_window_that_wrote_before_is_gone(tmp_path: Path) -> None:
    gone = Progress(tmp_path, dead_window())
    gone.drafts.save("gradient", "first")
    one = Progress(tmp_path, "one")
    (tmp_path / "keep").mkdir()
    one.drafts.load("gradient")
    one.drafts.save("gradient", "second")
    one.drafts.reset("gradient")
    again = Progress(tmp_path, "two")
    assert again.drafts.load("gradient") is None
    assert texts(again) == ["second"]


class TestTwoWindows:
    def test_the_last_writer_wins_and_keeps_the_others_text(self, tmp_path: Path) -> None:
        one, two = Progress(tmp_path, "one"), Progress(tmp_path, "two")
        one.drafts.save("gradient", "start")
        two.drafts.load("gradient")
        one.drafts.save("gradient", "one went on")
        assert two.drafts.elsewhere("gradient").text == "one went on"  # type: ignore[union-attr]
        assert one.drafts.elsewhere("gradient") is None
        two.drafts.save("gradient", "two went on")
        assert two.drafts.load("gradient").text == "two went on"  # type: ignore[union-attr]
        assert texts(two) == ["one went on"]
        one.drafts.save("gradient", "one again")
        assert texts(one) == ["one went on", "two went on"]

    def test_what_was_loaded_is_not_kept_again(self, tmp_path: Path) -> None:
        one, two = Progress(tmp_path, "one"), Progress(tmp_path, "two")
        one.drafts.save("gradient", "a")
        two.drafts.load("gradient")
        for text in ("ab", "abc", "abcd"):
            two.drafts.save("gradient", text)
        assert texts(two) == []

    def test_an_editors_text_counts_as_anothers(self, tmp_path: Path) -> None:
        one = Progress(tmp_path, "one")
        one.drafts.save("gradient", "a")
        one.drafts.path("gradient").write_text("from vim")
        one.drafts.save("gradient", "b")
        assert texts(one) == ["from vim"]

    def test_both_write_in_the_same_instant(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The other window's text comes between our look and our rename: as when a connection drops."""
        ours, theirs = dead_window(1), dead_window(2)
        one, two = Progress(tmp_path, ours), Progress(tmp_path, theirs)
        one.drafts.save("gradient", "start")
        two.drafts.load("gradient")
        real = os.replace

        def replace(source: Path, target: Path) -> None:
            if target == one.drafts.path("gradient"):
                monkeypatch.setattr(os, "replace", real)
                two.drafts.save("gradient", "two")
            real(source, target)

        monkeypatch.setattr(os, "replace", replace)
        one.drafts.save("gradient", "one")
        assert one.drafts.path("gradient").read_text() == "one"
        later = Progress(tmp_path, "later")
        assert later.drafts.load("gradient").text == "one"  # type: ignore[union-attr]
        assert texts(later) == ["two"]
        assert len(later.problems) == 1 and "kept in" in later.problems[0]
        again = Progress(tmp_path, "again")
        again.drafts.load("gradient")
        assert again.problems == [] and texts(again) == ["two"]

    def test_processes_at_once_lose_no_last_text(self, tmp_path: Path) -> None:
        code = (
            "import sys\nfrom pathlib import Path\nfrom tutor.progress import Progress\n"
            "d = Progress(Path(sys.argv[1])).drafts\nd.load('gradient')\n"
            "print(flush=True)\nsys.stdin.readline()\n"
            "for i in range(30):\n    d.save('gradient', f'{sys.argv[2]} {i}')\n"
        )
        pipe = subprocess.PIPE
        processes = [
            subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], stdin=pipe, stdout=pipe)
            for name in "abcd"
        ]
        for process in processes:
            assert process.stdout and process.stdout.readline()
        for process in processes:
            assert process.stdin
            process.stdin.write(b"\n")
            process.stdin.flush()
        for process in processes:
            process.communicate()
        assert [process.wait() for process in processes] == [0] * 4
        assert {f"{name} 29" for name in "abcd"} <= all_texts(tmp_path)


def test_ended_in_the_middle_of_saving_leaves_a_whole_text(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom tutor.progress import Progress\n"
        "d = Progress(Path(sys.argv[1])).drafts\nd.load('gradient')\n"
        "for i in range(10**6):\n"
        "    d.save('gradient', f'{sys.argv[2]} {i}\\n' * 4000)\n"
        "    sys.stdout.write(f'{i}\\n'); sys.stdout.flush()\n"
    )
    for round_ in range(6):
        command = [sys.executable, "-c", code, str(tmp_path), str(round_)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        for _ in range(2 + 3 * round_):
            process.stdout.readline()
        process.kill()
        rest = process.stdout.readlines()
        process.wait()
        process.stdout.close()
        last = int(rest[-1]) if rest and rest[-1].endswith(b"\n") else 1 + 3 * round_
        found = all_texts(tmp_path, f"reader{round_}")
        assert all(len(set(text.splitlines())) == 1 and text.count("\n") == 4000 for text in found)
        numbers = [int(text.split()[1]) for text in found if text.startswith(f"{round_} ")]
        assert max(numbers) >= last


class TestDiskTrouble:
    def test_a_full_disk_keeps_the_text_in_memory(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        progress = Progress(tmp_path, "one")
        progress.drafts.save("gradient", "old")
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full_disk)
            for text in ("new", "newer"):
                assert not progress.drafts.save("gradient", text, (0, 2))
            assert progress.drafts.load("gradient").text == "newer"  # type: ignore[union-attr]
            assert progress.drafts.path("gradient").read_text() == "old"
        assert len(progress.problems) == 1
        progress.refresh()
        assert progress.drafts.path("gradient").read_text() == "newer"
        assert [path.name for path in tmp_path.rglob("*.tmp")] == []

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "drafts").write_text("")
        progress = Progress(tmp_path, "one")
        assert not progress.drafts.save("gradient", "text")
        assert progress.drafts.tasks() == {"gradient"}
        assert progress.drafts.load("gradient").text == "text"  # type: ignore[union-attr]
        assert len(progress.problems) == 1
        with pytest.raises(OSError):
            progress.drafts.reset("gradient")

    def test_an_unreadable_draft_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Progress(tmp_path, "one").drafts.save("gradient", "text")
        progress = Progress(tmp_path, "two")

        def refuse(*_: object) -> bytes:
            raise OSError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
        assert progress.drafts.load("gradient") is None
        assert "cannot be read" in progress.problems[0]


def test_a_renamed_exercise_keeps_its_draft_and_old_ones(tmp_path: Path) -> None:
    before = Progress(tmp_path, "one")
    before.drafts.save("slope", "first")
    before.drafts.reset("slope")
    before.drafts.save("slope", "second", (0, 3))
    after = Progress(tmp_path, "two", renamed={"slope": "gradient"})
    draft = after.drafts.load("gradient")
    assert draft and (draft.text, draft.cursor) == ("second", (0, 3))
    assert after.drafts.tasks() == {"gradient"}
    after.drafts.save("gradient", "third")
    assert after.drafts.load("slope").text == "third"  # type: ignore[union-attr]
    assert texts(after) == ["first"]
    assert after.drafts.reset("gradient")
    assert after.drafts.load("gradient") is None


def test_threads_of_one_window(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "one")

    def work(number: int) -> None:
        for i in range(20):
            progress.drafts.save(f"task-{number % 2}", f"{number} {i}")
            progress.refresh()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.drafts.tasks() == {"task-0", "task-1"}
    assert progress.problems == []
