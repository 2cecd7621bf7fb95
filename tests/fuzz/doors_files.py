"""Files of the learner's and of our own, as a crash, an editor or another version may have left them."""

from __future__ import annotations

from pathlib import Path

from tutor.course.kept import read_kept
from tutor.course.model import Lesson
from tutor.grading import proofs
from tutor.progress.store import Progress
from tutor.progress.values import Attempt
from tutor.runs.differ import differences, short
from tutor.runs.record import Record
from tutor.runs.run_folder import Runs
from tutor.settings import load_settings


def settings(text: str, folder: Path) -> None:
    """settings.toml, and the same text as a variable."""
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    load_settings(file, {}).editor_command({})


def attempts(data: bytes, folder: Path) -> None:
    """A file of attempts: what is damaged is set aside, what is not is kept, and a new one can be added."""
    (folder / "attempts").mkdir()
    (folder / "attempts" / "other.jsonl").write_bytes(data)
    progress = Progress(folder, "me", "course")
    for attempt in progress.attempts():
        progress.passed_code(attempt.task)
        progress.hints_shown(attempt.task)
    progress.record(Attempt("task", "exercise", "passed"))
    progress.tidy()
    assert Progress(folder, "next", "course").attempts("task")


def drafts(data: bytes, folder: Path) -> None:
    """A draft and what is kept beside it: a text that can be read is the learner's, whatever the rest."""
    where = folder / "drafts" / "course"
    (where / "windows" / "other").mkdir(parents=True)
    for name in ("task.py", "task.json", "windows/other/task.json", "windows/other/task.py"):
        (where / name).write_bytes(data)
    progress = Progress(folder, "me", "course")
    draft = progress.drafts.load("task")
    assert draft is None or draft.text.count("\n") >= draft.cursor[0] >= 0
    progress.drafts.elsewhere("task")
    progress.drafts.old("task")
    progress.drafts.tasks()
    assert progress.drafts.save("task", "x = 1\n")
    assert Progress(folder, "next", "course").drafts.load("task").text == "x = 1\n"


def places(data: bytes, folder: Path) -> None:
    """Where the learner was."""
    where = folder / "places" / "course"
    where.mkdir(parents=True)
    (where / "other.json").write_bytes(data)
    progress = Progress(folder, "me", "course")
    progress.place()
    progress.place("1.1")
    progress.tidy()


def runs(data: bytes, folder: Path) -> None:
    """A past training: read, named, compared with another."""
    (folder / "block").mkdir()
    (folder / "block" / "one.msgpack").write_bytes(data)
    known = Runs(folder)
    for record in known.recent("block"):
        short(differences(Record("other", "block", 0.0), record))
        for metric in record.curves:
            record.last(metric)
        known.rename(record, "mine")
    known.save(Record("two", "block", 1.0))
    assert any(record.run == "two" for record in known.recent("block"))


def kept(data: bytes, folder: Path) -> None:
    """What is kept to be quicker, and of proofs: what cannot be read is made anew."""
    file = folder / "file"
    file.write_bytes(data)
    read_kept(file, Lesson)
    proofs.read(file)
