"""Home: the course and where the learner stands in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal

from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.detail import Detail
from tutor.tui.widgets.rows import ListRow, Rows

if TYPE_CHECKING:
    from textual.events import Resize

    from tutor.course.model import Chapter, LessonEntry
    from tutor.progress import Place, Standing
    from tutor.progress.reviews import Due

NAME_WIDTH = 32
"""Columns for the number and title of a chapter or a lesson."""
DOTS = 10
WIDE = 120
"""Columns from which on there is a pane beside the list."""
LIST = 80
"""Columns of the list then."""


class HomeScreen(TutorScreen):
    """Chapters with their lessons, a line to go on, a line to review. chosen: id of the lesson to choose."""

    BINDINGS = [*actions.bindings("home")]

    def __init__(self, chosen: str = "") -> None:
        super().__init__()
        self._first = ("lesson", chosen) if chosen else None
        self._opened: set[str] = set()
        self._due: list[Due] = []
        self._standing: Standing | None = None
        self._rows, self._detail = Rows(id="course"), Detail(id="detail")

    def compose(self) -> ComposeResult:
        yield self.top
        with Horizontal(id="halves"):
            yield self._rows
            yield self._detail
        yield self.bottom

    def on_mount(self) -> None:
        self.top.show("dl-tutor", self.tutor.course.title)
        standing = self.tutor.progress.standing(self.tutor.course)
        here = self._here_chapter(standing)
        self._opened = {here} if here else set()
        if self._first:
            self._opened |= {c.id for c in self.tutor.course.chapters for one in c.lessons if one.id == self._first[1]}
        self._fill(standing, self._first)
        self._rows.focus()
        self.tutor.tell_problems()
        self.tutor.opening.done()

    def on_resize(self, event: Resize) -> None:
        wide = event.size.width >= WIDE
        self.set_class(wide, "-wide")
        self.set_class(wide and self.tutor.terminal.ascii, "-ascii")
        for bar in (self.top, self.bottom):
            bar.joint = LIST if wide else -1
            bar.changed(layout=False)

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.progress_changed()

    def progress_changed(self) -> None:
        """Show the standing as it is now."""
        self._fill(self.tutor.progress.standing(self.tutor.course), self._rows.chosen)

    # -------------------------------------------------------------- rows

    def _fill(self, standing: Standing, chosen: object) -> None:
        from tutor.progress.reviews import due

        course = self.tutor.course
        here = self._here_chapter(standing)
        rows = [self._continue_row(standing), ListRow(Text()), *self._welcome()]
        for chapter in course.chapters:
            rows.append(self._chapter_row(chapter, standing, chapter.id == here))
            if chapter.id in self._opened:
                rows += [self._lesson_row(entry, standing) for entry in chapter.lessons]
        self._due = due(course, self.tutor.progress.attempts(), time.time())
        if self._due:
            rows += [ListRow(Text()), self._review_row()]
        self._rows.show(rows, chosen)
        self._standing = standing
        self._chosen_changed()

    def _welcome(self) -> list[ListRow]:
        """For who is here for the first time: which keys there are."""
        if self.tutor.progress.place() is not None:
            return []
        lines = (
            "Press enter to begin. On a page, n goes on and b goes",
            "back; enter opens what there is to do. ? shows every",
            "key, q leaves, everything is saved.",
        )  # as wide as the smallest window
        return [*(ListRow(Text(line, self.palette.dim)) for line in lines), ListRow(Text())]

    def on_rows_moved(self) -> None:
        self._chosen_changed()

    def _chosen_changed(self) -> None:
        """The line of keys and the pane beside follow the choice."""
        self.refresh_bindings()
        kind, name = _named(self._rows.chosen)
        chapter = next((one for one in self.tutor.course.chapters if kind == "chapter" and one.id == name), None)
        entry = self.tutor.entry(name) if kind in ("lesson", "continue") else None
        if self._standing is not None:
            self._detail.show(entry or chapter, self._standing)

    def label_of(self, action: actions.Action) -> str:
        """What Enter does with the chosen row."""
        if action.id != "home.enter":
            return ""
        kind, name = _named(self._rows.chosen)
        begun = "continue" if self.tutor.progress.place() is not None else "begin"
        fold = "fold" if name in self._opened else "unfold"
        return {"continue": begun, "lesson": "open lesson", "chapter": fold, "review": "review"}.get(kind, "")

    def _here_chapter(self, standing: Standing) -> str:
        if standing.here is None:
            return ""
        for chapter in self.tutor.course.chapters:
            if any(entry.id == standing.here.lesson for entry in chapter.lessons):
                return chapter.id
        return ""

    def _continue_row(self, standing: Standing) -> ListRow:
        palette, signs = self.palette, self.signs
        here = standing.here
        entry = self.tutor.entry(here.lesson) if here else None
        if here is None or entry is None:
            return ListRow(Text("This course has no lesson that can be read.", palette.warn))
        begun = self.tutor.progress.place() is not None
        words = [f"{entry.number} {entry.title}"]
        if begun:
            words += [
                f"page {min(here.page + 1, len(entry.pages))} of {len(entry.pages)}",
                *self._half_done(here, standing),
            ]
        elif entry.minutes:
            words.append(f"{entry.minutes} min")
        left = Text.assemble(
            (f"{'Continue' if begun else 'Begin'}   ", f"bold {palette.accent}"),
            (f" {signs.dot} ".join(words), palette.text),
        )
        return ListRow(left, value=("continue", entry.id))

    def _half_done(self, here: Place, standing: Standing) -> list[str]:
        """The task of this page on which something is still to be done."""
        lesson = standing.lesson(here.lesson)
        for task in lesson.tasks if lesson else ():
            if task.page == here.page and task.state == "begun":
                return (
                    [f"“{task.title or task.id}” is begun"]
                    if not self.tutor.terminal.ascii
                    else [f'"{task.id}" is begun']
                )
        return []

    def _chapter_row(self, chapter: Chapter, standing: Standing, here: bool) -> ListRow:
        palette = self.palette
        found = standing.chapter(chapter.id)
        done, total = (found.done, found.total) if found else (0, 0)
        begun = found is not None and found.state != "new"
        name = Text(f"{chapter.number} {chapter.title}", f"bold {palette.text}")
        name.truncate(NAME_WIDTH, overflow="ellipsis", pad=True)
        left = Text.assemble(
            name, self._dots(done, total, begun), (f"  {done:>3} of {total}", palette.dim if total else palette.faint)
        )
        if here and begun:
            left.append(f"    {self.signs.back} you are here", palette.accent)
        return ListRow(left, value=("chapter", chapter.id))

    def _dots(self, done: int, total: int, begun: bool) -> Text:
        """Ten marks for the share that is done; the one in the making is half full."""
        signs, palette = self.signs, self.palette
        full = done * DOTS // total if total else 0
        half = int(full < DOTS and begun and (done * DOTS % total != 0 if total else False or full == 0))
        if begun and not full and not half and total:
            half = 1
        dots = signs.done * full + signs.begun * half
        return Text.assemble((dots, palette.accent), (signs.new * (DOTS - full - half), palette.faint))

    def _lesson_row(self, entry: LessonEntry, standing: Standing) -> ListRow:
        palette, signs = self.palette, self.signs
        name = Text(f"  {entry.number} {entry.title}", palette.text)
        name.truncate(NAME_WIDTH, overflow="ellipsis", pad=True)
        if entry.problem:
            state = Text(f"{signs.wrong} cannot be read: enter says why", palette.warn)
            return ListRow(Text.assemble(name, state), value=("lesson", entry.id))
        found = standing.lesson(entry.id)
        state = Text(
            signs.standing(found.state if found else "new"),
            palette.accent if found and found.state != "new" else palette.faint,
        )
        if found and found.state == "done":
            state.append(" done", palette.dim)
        elif found and found.state == "begun":
            state.append(f" page {found.page + 1} of {len(entry.pages)}" if found.page >= 0 else " begun", palette.dim)
            if found.total:
                state.append(f" {signs.dot} {found.done} of {found.total} tasks", palette.dim)
        minutes = Text(f"{entry.minutes} min" if entry.minutes else "", palette.faint)
        return ListRow(Text.assemble(name, state), minutes, value=("lesson", entry.id))

    def _review_row(self) -> ListRow:
        count = len(self._due)
        chapters = sorted({one.chapter for one in self._due})
        names = f"chapter {chapters[0]}" if len(chapters) == 1 else "chapters " + ", ".join(map(str, chapters))
        words = f"To review today: {count} question{'s' if count > 1 else ''} from {names}"
        return ListRow(Text(words, self.palette.text), Text("press v", self.palette.dim), value=("review", ""))

    # -------------------------------------------------------------- actions

    def action_move(self, by: int) -> None:
        self._rows.move(by)

    def action_open(self) -> None:
        self._rows.open()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        kind, name = _named(event.value)
        if kind in ("continue", "lesson"):
            self.tutor.open_lesson(name)
        elif kind == "review":
            self.action_review()
        else:
            self._opened ^= {name}
            self.progress_changed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._due) if action == "review" else True

    def action_review(self) -> None:
        self.tutor.open_review()


def _named(value: object) -> tuple[str, str]:
    """What a row stands for ("continue", "lesson", "chapter", "review") and its id; two "" for none."""
    match value:
        case (str(kind), str(name)):
            return kind, name
    return "", ""
