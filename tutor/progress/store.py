"""The one door to what the learner has done: `Progress`."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from pathlib import Path

from tutor.progress.attempts import AttemptLog
from tutor.progress.disk import Report
from tutor.progress.drafts import Drafts
from tutor.progress.places import Places
from tutor.progress.standing import derive
from tutor.progress.tidy import tidy_attempts
from tutor.progress.values import HINT, SHOWN, Attempt, CourseLike, Place, Standing, course_key, current_name
from tutor.progress.window import window_name


class Progress:
    """What one window knows and adds. Safe to use from several threads; nothing here raises for a bad disk.

    folder: the learner's state (`paths.state_dir()`). window: a name no other window has (default: machine,
    process and its start). course: its key (`course_key(title)`), so that courses do not mix. renamed: old task
    or lesson id -> new one. Nothing is created before there is something to keep.

    `problems` holds sentences for the status line, each said once: damage, a full or a read-only disk, and that
    it is over.
    """

    def __init__(
        self, folder: Path, window: str = "", course: str = "", renamed: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.window = re.sub(r"[^A-Za-z0-9._-]", "-", window) or window_name()
        self.course = course or "course"
        self._renamed = dict(renamed or {})
        self._report = Report(folder)
        self._lock = threading.Lock()
        self._log = AttemptLog(folder / "attempts", self.window, self._report)
        self._places = Places(folder / "places" / self.course, self.window, self._report)
        self.drafts = Drafts(folder / "drafts" / self.course, self.window, self._report, self._name, self._former)
        self._log.refresh()
        self._places.refresh()

    @classmethod
    def of_course(cls, course: CourseLike, folder: Path, window: str = "") -> Progress:
        """Progress in this course. folder: the learner's state."""
        return cls(folder, window, course_key(course.title), course.renamed)

    @property
    def problems(self) -> list[str]:
        return self._report.problems

    @property
    def unsaved(self) -> bool:
        """Whether something is only in memory, because the disk did not take it."""
        return bool(self._log.unsaved or self.drafts.unsaved)

    @property
    def trouble(self) -> str:
        """Why the disk does not take what is only in memory, "" where it does."""
        return self._report.trouble

    # -------------------------------------------------------------- attempts

    def record(self, attempt: Attempt) -> Attempt:
        """Keep an attempt; returns it with its id, time and course filled in."""
        from msgspec.structs import replace

        return self._log.record(replace(attempt, course=self.course, task=self._name(attempt.task)))

    def attempts(self, task: str = "") -> list[Attempt]:
        """What was tried, oldest first, of one task or of all the course: no hints, no looks at a solution."""
        return [one for one in self._events(task) if one.outcome not in (HINT, SHOWN)]

    def hints_shown(self, task: str) -> int:
        """How many of a task's hints were shown, in this window or another."""
        return max((one.number for one in self._events(task) if one.outcome == HINT), default=0)

    def record_hint(self, task: str, number: int = 0, *, kind: str = "exercise", lesson: str = "") -> int:
        """Hint `number` (from 1; 0 for the next one) was shown. Returns the number."""
        number = number or self.hints_shown(task) + 1
        self.record(Attempt(task, kind, HINT, lesson=lesson, number=number))
        return number

    def record_solution_shown(self, task: str, *, kind: str = "exercise", lesson: str = "") -> None:
        """The solution was looked at."""
        self.record(Attempt(task, kind, SHOWN, lesson=lesson))

    def passed_code(self, task: str) -> str | None:
        """The learner's own code that passed last, None where none did."""
        passed = [one.answer for one in self._events(task) if one.outcome == "passed" and one.answer]
        return passed[-1] if passed else None

    # -------------------------------------------------------------- place and standing

    def set_place(self, place: Place, *, seen_at: int | None = None) -> None:
        """Remember where the learner is; quick to call on every page, safe in a thread. seen_at: when they were there
        (`time.monotonic_ns`), None for now: one that is older than what was remembered is left out."""
        self._places.set(place, seen_at)

    def place(self, lesson: str = "") -> Place | None:
        """Where the learner was last: in the course, or in one lesson."""
        from msgspec.structs import replace

        if lesson:
            return self._lesson_places().get(self._name(lesson))
        here = self._places.here()
        return replace(here, lesson=self._name(here.lesson), task=self._name(here.task)) if here else None

    def standing(self, course: CourseLike) -> Standing:
        """What is done, and where to go on."""
        return derive(course, self._events(), self.drafts.tasks(), self._lesson_places(), self.place(), self._name)

    # -------------------------------------------------------------- housekeeping

    def refresh(self) -> bool:
        """Read what other windows have written, and try again to write what is only in memory. True where other
        windows had something new. Cheap enough to call every second or two, in a thread."""
        with self._lock:
            self.drafts.flush()
            self._places.flush()
            return self._log.refresh()

    def flush(self) -> bool:
        """Try to write everything that is only in memory. True where nothing is left over."""
        done = [self._log.flush(), self.drafts.flush(), self._places.flush()]
        return all(done)

    def tidy(self) -> None:
        """Put this machine's old files together. Call it in a thread, or before leaving."""
        self._report.write("tidying", lambda: tidy_attempts(self._log.folder, self.window, self._report))
        self._report.write("tidying places", self._places.tidy)

    def _name(self, name: str) -> str:
        return current_name(name, self._renamed)

    def _former(self, name: str) -> tuple[str, ...]:
        return tuple(old for old in self._renamed if old != name and self._name(old) == name)

    def _events(self, task: str = "") -> list[Attempt]:
        task = self._name(task)
        mine = (one for one in self._log.all() if one.course == self.course)
        return [one for one in mine if not task or self._name(one.task) == task]

    def _lesson_places(self) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for lesson, place in sorted(self._places.all().items(), key=lambda item: item[1].at):
            found[self._name(lesson)] = place
        return found
