"""A lesson: its page at the left, the workbench at the right (or, in a narrow window, behind the page)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal

from tutor.course.loader import iter_tasks
from tutor.course.model import Exercise, Explain, Run
from tutor.errors import CourseError
from tutor.progress import Place
from tutor.tui import actions
from tutor.tui.messages import Answered, OpenTask, Say, Written
from tutor.tui.screens.base import TutorScreen
from tutor.tui.screens.page_marks import page_marks, page_states
from tutor.tui.widgets.page import PageView, make_ready, widgets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Resize
    from textual.timer import Timer
    from textual.widget import Widget

    from tutor.course.model import Lesson, LessonEntry, Page
    from tutor.progress import Attempt, Standing
    from tutor.tui.widgets.workbench.workbench import Workbench

WIDE = 120
"""Columns from which on page and workbench stand beside each other."""
BENCH_ACTIONS = (
    "run", "check", "hint", "cancel", "compare", "reset", "own_editor", "large", "find_text", "take_other",
)  # fmt: skip
"""What the workbench does while the page beside it has the focus."""
TURNING = ("next_page", "previous_page", "read_on", "outline", "exercise")
"""What moves on the page."""
TYPING_REST = 0.5
"""Seconds after the last key until what is typed into a field is on disk."""


class LessonScreen(TutorScreen):
    """page: counted from 0. task: the task that is to have the focus, "" for none."""

    CSS_PATH = "lesson.tcss"
    BINDINGS = [
        *actions.bindings("page"),
        # the workbench runs and checks from the page as well, while it stands beside it
        *(
            replace(one, action=f"bench('{one.action}')")
            for one in actions.bindings("workbench")
            if isinstance(one, Binding) and one.action in BENCH_ACTIONS
        ),
    ]

    def __init__(self, entry: LessonEntry, page: int = 0, task: str = "", *, lesson: Lesson | None = None) -> None:
        super().__init__()
        self.entry = entry
        self.page = max(0, min(page, len(entry.pages) - 1))
        self.lesson = lesson
        self.workbench: Workbench | None = None
        self.view = PageView(id="page")
        self._wanted = task
        self._standing: Standing | None = None
        self._turning = asyncio.Lock()
        self._drafts: dict[str, str] = {}
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield self.top
        with Horizontal(id="halves"):
            yield self.view
            yield Container(id="side")
        yield self.bottom

    def on_mount(self) -> None:
        self.set_class(self.tutor.terminal.ascii, "-ascii")
        self._fit(self.app.size.width)
        self._title()
        self.run_worker(self._open(), group="turn")

    # -------------------------------------------------------------- pages

    async def _open(self) -> None:
        try:
            if self.lesson is None:
                self.lesson = await asyncio.to_thread(self.tutor.library.lesson, self.entry.id)
            await self._show(self.page, self._wanted)
            await self._resume()
        except CourseError as error:
            self.tutor.open_home(self.entry.id)
            self.tutor.open_broken(self.entry, str(error))
        finally:
            self.tutor.opening.done()

    async def _resume(self) -> None:
        """Back into the editor, where that is where the learner was."""
        assert self.lesson is not None
        place = self.tutor.progress.place(self.entry.id)
        if place is None or not place.task or place.task != self._wanted or place.focus != "workbench":
            return
        task = next((one for one in iter_tasks(self.lesson) if one.id == place.task), None)
        if isinstance(task, Run | Exercise):
            await self.open_task(task, cursor=place.cursor)

    async def go(self, page: int, task: str = "") -> None:
        """Turn to this page (from 0)."""
        if self.lesson is None:
            return  # it is still being read
        self.save_fields()
        await self._show(page, task)

    async def _show(self, page: int, task: str = "") -> None:
        async with self._turning:
            lesson = self.lesson
            assert lesson is not None
            self.page = max(0, min(page, len(lesson.pages) - 1))
            attempts, written, self._standing = await asyncio.to_thread(self._prepare, lesson, self.page)
            view = self.view
            widgets = widgets_of(lesson.pages[self.page], self.entry.id, attempts, written)
            with self.app.batch_update():
                await view.remove_children()
                await view.mount_all(widgets)
                view.scroll_home(animate=False, immediate=True)
            self._title()
            self.say("")
            if not (self.workbench is not None and self.workbench.has_focus_within):
                (self._widget(task) or view).focus()
        await self._code_beside()
        self.refresh_bindings()
        self._keep_place()
        self.tutor.tell_problems()
        self.run_worker(self._ahead(), group="ahead", exclusive=True)

    def _prepare(self, lesson: Lesson, page: int) -> tuple[dict[str, list[Attempt]], dict[str, str], Standing]:
        """What showing a page needs and is not cheap; in a thread."""
        progress = self.tutor.progress
        self.tutor.library.set_page(lesson.pages[page], *self._widths())
        attempts: dict[str, list[Attempt]] = {}
        for attempt in progress.attempts():
            attempts.setdefault(attempt.task, []).append(attempt)
        written = {}
        for block in lesson.pages[page].blocks:
            if isinstance(block, Explain):
                draft = progress.drafts.load(block.id)
                written[block.id] = draft.text if draft else ""
        return attempts, written, progress.standing(self.tutor.course)

    async def _ahead(self) -> None:
        """Set the next page before it is asked for, and import what this one and the next may need."""
        lesson = self.lesson
        if lesson is not None:
            await asyncio.to_thread(self._make_ready, lesson.pages[self.page : self.page + 2])

    def _make_ready(self, pages: Sequence[Page]) -> None:
        for page in pages:
            make_ready(page)
            self.tutor.library.set_page(page, *self._widths())

    def _widths(self) -> tuple[int, int]:
        """Columns for prose on the page, and inside a task."""
        total = self.app.size.width
        half = min(82, total // 2) if total >= WIDE else total
        width = min(78, half - 3)
        return width, width - 2

    def _widget(self, task: str) -> Widget | None:
        """The widget of this task on the page."""
        for child in self.view.children if task else ():
            if getattr(getattr(child, "block", None), "id", "") == task:
                field = getattr(child, "field", None)
                return field if field is not None else child
        return None

    # -------------------------------------------------------------- place and standing

    def _keep_place(self) -> None:
        place = self._place()
        self.tutor.write_later(lambda: self.tutor.progress.set_place(place))

    def _place(self) -> Place:
        bench = self.workbench
        if bench is None or not bench.task_id or not self.has_class("-bench"):
            return Place(self.entry.id, self.page)
        focus = "workbench" if self.has_class("-flipped") else "page"
        return Place(self.entry.id, self.page, bench.task_id, focus, bench.cursor)

    def _title(self) -> None:
        """Where one is; for each page whether all on it is done."""
        states = page_states(self.entry, self._standing, self.page)
        marks = page_marks(states, self.page, self.palette, self.signs)
        self.top.show(f"{self.entry.number} {self.entry.title}", marks)

    def progress_changed(self) -> None:
        """Another window, or the workbench, has written."""
        self.run_worker(self._restate(), group="standing", exclusive=True)

    async def _restate(self) -> None:
        self._standing = await asyncio.to_thread(self.tutor.progress.standing, self.tutor.course)
        self._title()
        self.tutor.tell_problems()

    async def on_answered(self, event: Answered) -> None:
        event.stop()
        attempt = event.attempt
        await self.tutor.write(lambda: self.tutor.progress.record(attempt))
        self.progress_changed()

    def on_written(self, event: Written) -> None:
        event.stop()
        self._drafts[event.task] = event.text
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(TYPING_REST, lambda: self.tutor.write_later(self.save_fields))

    def save_fields(self) -> None:
        """What was typed into fields is on disk when this returns."""
        while self._drafts:
            task, text = self._drafts.popitem()
            self.tutor.progress.drafts.save(task, text, (0, 0))

    def save_now(self) -> None:
        self.save_fields()
        if self.workbench is not None:
            self.workbench.save_now()
        self.tutor.progress.set_place(self._place())

    def on_say(self, event: Say) -> None:
        event.stop()
        self.say(event.notice, grave=event.grave)

    # -------------------------------------------------------------- the workbench

    def task_shown(self) -> str:
        """The id of what is open in the workbench, "" for nothing."""
        return (self.workbench.task_id or "") if self.workbench is not None else ""

    async def open_task(
        self, task: Run | Exercise, *, focus: bool = True, cursor: tuple[int, int] | None = None
    ) -> None:
        """Open code in the workbench and put the cursor there (focus: False leaves it on the page)."""
        assert self.lesson is not None
        if self.workbench is None:
            from tutor.tui.widgets.workbench.workbench import Workbench

            self.workbench = Workbench(id="workbench")
            await self.query_one("#side", Container).mount(self.workbench)
        bench = self.workbench
        if bench.running and bench.task_id != task.id:
            self.say(f"A run goes on: F8 shows it, ctrl+c stops it ({bench.task_id}.py).")
            return
        self.add_class("-bench")
        await bench.show_task(self.lesson, self.entry, task, cursor=cursor)
        if focus:
            self.add_class("-flipped")
            bench.focus_editor()
        self._fit(self.app.size.width)
        self.refresh_bindings()
        self._keep_place()

    async def _code_beside(self) -> None:
        """In a wide window the page's own code stands beside it, unless a run is going on in another."""
        if not self.has_class("-wide") or (self.workbench is not None and self.workbench.running):
            return
        task = self._code()
        if task is not None:
            await self.open_task(task, focus=False)
        elif self.workbench is not None and not self.workbench.has_focus_within:
            self.remove_class("-bench", "-flipped")
            self._fit(self.app.size.width)

    @property
    def _bench_shown(self) -> bool:
        return self.has_class("-bench") and (self.has_class("-wide") or self.has_class("-flipped"))

    async def on_open_task(self, event: OpenTask) -> None:
        event.stop()
        await self.open_task(event.task)

    def on_workbench_leave(self, event: Any) -> None:
        event.stop()
        self._to_page()

    def _to_page(self) -> None:
        """The focus goes to the page, onto the card of what was open, where that is on it."""
        self.remove_class("-flipped")
        card = self._widget(self.workbench.task_id or "") if self.workbench else None
        (card or self.view).focus()
        self.refresh_bindings()
        self._keep_place()

    def on_workbench_enlarged(self, event: Any) -> None:
        event.stop()
        self.set_class(event.whole, "-whole")
        self._fit(self.app.size.width)
        self.refresh_bindings()

    def on_workbench_state_changed(self, event: Any) -> None:
        event.stop()
        self.progress_changed()

    def on_workbench_graded(self, event: Any) -> None:
        from tutor.tui.widgets.card import TaskCard

        event.stop()
        card = self._widget(event.task_id)
        if isinstance(card, TaskCard):
            card.judged(event.verdict)

    async def on_figure_view_open(self, event: Any) -> None:
        event.stop()
        from tutor.tui.screens.lab import LabScreen

        await self.app.push_screen(LabScreen(event.figure))

    # -------------------------------------------------------------- size

    def on_resize(self, event: Resize) -> None:
        self._fit(event.size.width)

    def _fit(self, width: int) -> None:
        wide = width >= WIDE
        self.set_class(wide, "-wide")
        halves = wide and self.has_class("-bench") and not self.has_class("-whole")
        joint = min(82, width // 2) if halves else -1
        self.top.joint = self.bottom.joint = joint
        self.top.changed(layout=False)
        self.bottom.changed(layout=False)

    # -------------------------------------------------------------- actions

    def _first(self) -> Widget | None:
        """The first thing on the page that is still to be done, else the first that takes keys."""
        items = self.view.items()
        undone = [item for item in items if getattr(item, "state", "new") != "done"]
        return next(iter(undone or items), None)

    def label_of(self, action: actions.Action) -> str:
        if action.id == "page.enter" or action.id == "card.enter":
            item = self.focused if action.place == "card" else self._first()
            name = type(item).__name__
            if name == "TaskCard":
                return "do exercise" if isinstance(getattr(item, "block", None), Exercise) else "try code"
            return {"FigureView": "open figure"}.get(name, "answer" if item else "")
        if action.id == "page.e":
            return "exercise" if isinstance(self._code(), Exercise) else "code"
        if action.id == "page.f8":
            return "page" if self.workbench is not None and self.workbench.has_focus_within else "editor"
        if action.id in ("workbench.f4", "workbench.escape") and self.workbench is not None and self.workbench.large:
            return "editor"
        return ""

    def leaves_out(self, action: actions.Action) -> bool:
        return action.action == "compare" and self.workbench is not None and not self.workbench.may_compare

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        large = self.workbench is not None and self.workbench.large
        if action in TURNING and large and (self.has_class("-whole") or not self.has_class("-wide")):
            return False  # the page is out of sight
        if action == "enter":
            return self.is_mounted and self.focused in (None, self.view) and bool(self.view.items())
        if action == "exercise":
            return self.is_mounted and self._code() is not None
        if action == "flip":
            return self.has_class("-bench")
        if action == "bench":
            return self._bench_shown and self.workbench is not None and self.workbench.offers(str(parameters[0]))
        if action == "previous_page":
            return self.page > 0
        return True

    def _code(self) -> Run | Exercise | None:
        """The code of this page that is to be opened: an exercise before a run, one in focus before both."""
        blocks = [getattr(child, "block", None) for child in self.view.children]
        tasks = [block for block in blocks if isinstance(block, Run | Exercise)]
        focused = getattr(self.focused, "block", None)
        if isinstance(focused, Run | Exercise) and focused in tasks:
            return focused
        return next((task for task in tasks if isinstance(task, Exercise)), tasks[0] if tasks else None)

    async def action_next_page(self) -> None:
        if self.page + 1 < len(self.entry.pages):
            await self.go(self.page + 1)
            return
        lessons = [one for one in self.tutor.course.lessons if not one.problem]
        at = next((at for at, one in enumerate(lessons) if one.id == self.entry.id), len(lessons))
        if at + 1 < len(lessons):
            self.tutor.open_lesson(lessons[at + 1].id, 0)
        else:
            self.say("This is the end of the course. esc shows what is left to do.")

    async def action_previous_page(self) -> None:
        if self.page > 0:
            await self.go(self.page - 1)

    async def action_read_on(self) -> None:
        view = self.view
        if view.scroll_offset.y >= view.max_scroll_y:
            await self.action_next_page()
        else:
            view.scroll_page_down(animate=False)

    async def action_enter(self) -> None:
        item = self._first()
        if item is None:
            return
        if hasattr(item, "action_open"):
            item.action_open()
        field = getattr(item, "field", None)
        (field if field is not None else item).focus()

    async def action_exercise(self) -> None:
        task = self._code()
        if task is not None:
            await self.open_task(task)

    def action_copy_code(self) -> None:
        """The code of the workbench where it has some, else that of this page, as the lesson has it."""
        task = self._code()
        if self.workbench is not None and self.workbench.task_id is not None:
            self.workbench.action_copy_code()
        elif task is not None:
            from tutor.tui.widgets.workbench.task_help import starter_of

            self.app.copy_to_clipboard(starter_of(task))
        else:
            self.say("There is no code on this page.")

    def palette_offers(self) -> list[tuple[str, str, Any]]:
        """What the palette offers beside the keys: what has none where one types code."""
        bench = self.workbench
        if bench is None or bench.runner.state is None or bench.results.has_focus:
            return []
        return [("Copy the results: verdict, what was printed", "y in the results", bench.action_copy_results)]

    def action_flip(self) -> None:
        """Between page and workbench; side by side, the focus goes over."""
        if self.workbench is None:
            return
        if self.workbench.has_focus_within:
            self._to_page()
        else:
            self.add_class("-flipped")
            self.workbench.focus_editor()
            self.refresh_bindings()
            self._keep_place()

    def action_outline(self) -> None:
        from tutor.tui.screens.outline import OutlineScreen

        self.app.push_screen(OutlineScreen(self.entry, self.page), self._jump)

    def _jump(self, to: Any) -> None:
        if to is not None:
            self.run_worker(self.go(*to), group="turn")

    def action_bench(self, name: str) -> None:
        """One of BENCH_ACTIONS, as if the workbench had the focus."""
        if self.workbench is not None:
            getattr(self.workbench, f"action_{name}")()

    def action_home(self) -> None:
        self.save_now()
        self.tutor.open_home(self.entry.id)
