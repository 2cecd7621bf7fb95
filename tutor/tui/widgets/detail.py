"""Beside the list of lessons in a wide window: the pages of the chosen lesson, or the chapter at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.screen_bars import spread
from tutor.tui.widgets.task import WORDS

if TYPE_CHECKING:
    from tutor.course.model import Chapter, LessonEntry
    from tutor.progress import Standing

SHOWN = 66
"""Columns of its lines at most: longer ones are hard to follow."""


class Detail(Lines):
    """Empty until something is shown."""

    DEFAULT_CSS = "Detail { height: 1fr; padding: 1 2 0 3; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._what: LessonEntry | Chapter | None = None
        self._standing: Standing | None = None

    def show(self, what: LessonEntry | Chapter | None, standing: Standing) -> None:
        """what: a lesson, a chapter, or None for nothing."""
        self._what, self._standing = what, standing
        self.changed(layout=False)

    def make(self, width: int) -> list[Text]:
        from tutor.course.model import LessonEntry

        width = min(width, SHOWN)
        if self._what is None or self._standing is None:
            return []
        if isinstance(self._what, LessonEntry):
            return self._lesson(self._what, self._standing, width)
        return self._chapter(self._what, self._standing, width)

    def _head(self, title: str, facts: list[str], width: int) -> list[Text]:
        head = Text(title, self.palette.heading)
        head.truncate(width, overflow="ellipsis")
        return [head, Text(f" {self.signs.dot} ".join(facts), self.palette.dim), Text()]

    def _wrapped(self, words: str, width: int) -> list[Text]:
        return list(Text(words, self.palette.dim).wrap(self.app.console, max(width, 10)))

    def _lesson(self, entry: LessonEntry, standing: Standing, width: int) -> list[Text]:
        found = standing.lesson(entry.id)
        facts = [f"{len(entry.pages)} pages", *([f"about {entry.minutes} minutes"] if entry.minutes else [])]
        if found and found.total:
            facts.append(f"{found.done} of {found.total} tasks done")
        lines = self._head(f"{entry.number} {entry.title}", facts, width)
        if entry.problem:
            return [*lines[:1], Text(), *self._wrapped(entry.problem, width)]
        for at, title in enumerate(entry.pages):
            here = found is not None and found.page == at
            lines.append(Text.assemble(
                (f"{at + 1:>2}  ", self.palette.faint),
                (title, self.palette.text),
                (f"   {self.signs.back} you are here" if here else "", self.palette.accent),
            ))  # fmt: skip
            for task in entry.tasks:
                if task.page == at and task.kind != "run":
                    lines.append(self._task_line(task.id, task.kind, task.title, standing))
        if entry.introduces:
            lines += [Text(), Text("New here", f"bold {self.palette.accent}")]
            lines += self._wrapped(", ".join(entry.introduces), width)
        for line in lines:
            line.truncate(width, overflow="ellipsis")
        return lines

    def _task_line(self, task: str, kind: str, title: str, standing: Standing) -> Text:
        state = standing.task(task).state
        style = self.palette.accent if state != "new" else self.palette.faint
        words = f"{WORDS.get(kind, kind)}: {title or task.replace('-', ' ')}"
        return Text.assemble("    ", (f"{self.signs.standing(state)} ", style), (words, self.palette.dim))

    def _chapter(self, chapter: Chapter, standing: Standing, width: int) -> list[Text]:
        found = standing.chapter(chapter.id)
        minutes = sum(entry.minutes for entry in chapter.lessons)
        count = len(chapter.lessons)
        facts = [f"{count} lesson{'s' * (count != 1)}", *([f"about {minutes} minutes"] if minutes else [])]
        if found and found.total:
            facts.append(f"{found.done} of {found.total} tasks done")
        lines = self._head(f"{chapter.number} {chapter.title}", facts, width)
        for entry in chapter.lessons:
            name = Text(f"{entry.number} {entry.title}", self.palette.text)
            lines.append(spread(name, Text(f"{len(entry.pages)} pages", self.palette.faint), width))
            lines += [Text.assemble("    ", line) for line in self._wrapped(", ".join(entry.introduces), width - 4)]
            lines.append(Text())
        return lines
