"""A lesson: its page at the left, the workbench at the right (or, in a narrow window, behind the page)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Horizontal

from tutor.course.loader import iter_tasks
from tutor.course.model import Exercise, Run
from tutor.course.walk import starter_of
from tutor.progress import Place
from tutor.tui import actions
from tutor.tui.messages import OpenTask
from tutor.tui.screens.page_items import code_on, enter_does, first_to_do, widget_of
from tutor.tui.screens.paged import WIDE, PagedScreen
from tutor.tui.widgets.task import Opens, field_of

if TYPE_CHECKING:
    from textual.events import Resize

    from tutor.course.model import Lesson, LessonEntry
    from tutor.tui.door import Offer
    from tutor.tui.widgets.figure import FigureView
    from tutor.tui.widgets.workbench.task_bench import TaskBench
    from tutor.tui.widgets.workbench.workbench import Workbench

BENCH_ACTIONS = (
    "run", "check", "hint", "cancel", "compare", "reset", "own_editor", "large", "find_text", "take_other",
)  # fmt: skip
"""What the workbench does while the page beside it has the focus."""
TURNING = ("next_page", "previous_page", "read_on", "outline", "exercise")
"""What moves on the page."""


class LessonScreen(PagedScreen):
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
        super().__init__(entry, page, task, lesson)
        self.workbench: Workbench | None = None

    def compose(self) -> ComposeResult:
        yield self.top
        with Horizontal(id="halves"):
            yield self.view
            yield Container(id="side")
        yield self.bottom

    def on_mount(self) -> None:
        self.set_class(self.tutor.terminal.ascii, "-ascii")
        self._fit(self.app.size.width)
        self.show_title()
        self.run_worker(self.open_lesson(), group="turn")

    # -------------------------------------------------------------- the workbench beside the page

    def task_shown(self) -> str:
        """The id of what is open in the workbench, "" for nothing."""
        return self.workbench.task_id if self.workbench is not None else ""

    def keeps_focus(self) -> bool:
        return self.workbench is not None and self.workbench.has_focus_within

    def place(self) -> Place:
        bench = self.workbench
        if bench is None or not bench.task_id or not self.has_class("-bench"):
            return super().place()
        focus = "workbench" if self.has_class("-flipped") else "page"
        return Place(self.entry.id, self.page, bench.task_id, focus, bench.editor.cursor_location)

    async def resume(self, lesson: Lesson, task: str) -> None:
        """Back into the editor, where that is where the learner was."""
        place = self.tutor.progress.place(self.entry.id)
        if place is None or not place.task or place.task != task or place.focus != "workbench":
            return
        found = next((one for one in iter_tasks(lesson) if one.id == place.task), None)
        if isinstance(found, Run | Exercise):
            await self.open_task(found, cursor=place.cursor)

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
        await bench.show_task(self.lesson, task, cursor=cursor)
        if focus:
            self.add_class("-flipped")
            bench.focus_editor()
        self._fit(self.app.size.width)
        self.refresh_bindings()
        self.keep_place()

    async def turned(self) -> None:
        """In a wide window the page's own code stands beside it, unless a run is going on in another."""
        if not self.has_class("-wide") or (self.workbench is not None and self.workbench.running):
            return
        task = self._code()
        if task is not None:
            await self.open_task(task, focus=False)
        elif not self.keeps_focus() and self.workbench is not None:
            self.remove_class("-bench", "-flipped")
            self._fit(self.app.size.width)

    def progress_changed(self) -> None:
        if self.workbench is not None:
            self.workbench.draw_title()
        super().progress_changed()

    def save_now(self) -> None:
        if self.workbench is not None:
            self.workbench.save_now()
        super().save_now()

    def _code(self) -> Run | Exercise | None:
        return code_on(self.view, self.focused)

    # -------------------------------------------------------------- what page and workbench tell

    async def on_open_task(self, event: OpenTask) -> None:
        event.stop()
        await self.open_task(event.task)

    async def on_figure_view_open(self, event: FigureView.Open) -> None:
        event.stop()
        from tutor.tui.screens.lab import LabScreen

        await self.app.push_screen(LabScreen(event.figure))

    def on_workbench_leave(self, event: Workbench.Leave) -> None:
        event.stop()
        self._to_page()

    def _to_page(self) -> None:
        """The focus goes to the page, onto the card of what was open, where that is on it."""
        self.remove_class("-flipped")
        (widget_of(self.view, self.task_shown()) or self.view).focus()
        self.refresh_bindings()
        self.keep_place()

    def on_workbench_enlarged(self, event: Workbench.Enlarged) -> None:
        event.stop()
        self.set_class(event.whole, "-whole")
        self._fit(self.app.size.width)
        self.refresh_bindings()

    def on_task_bench_state_changed(self, event: TaskBench.StateChanged) -> None:
        event.stop()
        self.progress_changed()

    def on_task_bench_graded(self, event: TaskBench.Graded) -> None:
        from tutor.tui.widgets.card import TaskCard

        event.stop()
        card = widget_of(self.view, event.task_id)
        if isinstance(card, TaskCard):
            card.judged(event.verdict)

    # -------------------------------------------------------------- size

    def on_resize(self, event: Resize) -> None:
        self._fit(event.size.width)

    def _fit(self, width: int) -> None:
        wide = width >= WIDE
        self.set_class(wide, "-wide")
        halves = wide and self.has_class("-bench") and not self.has_class("-whole")
        self.top.joint = self.bottom.joint = min(82, width // 2) if halves else -1
        self.top.changed(layout=False)
        self.bottom.changed(layout=False)

    # -------------------------------------------------------------- the line of keys

    def label_of(self, action: actions.Action) -> str:
        bench = self.workbench
        if action.id == "card.enter":
            return enter_does(self.focused)
        if action.id == "page.enter":
            return enter_does(first_to_do(self.view))
        if action.id == "page.e":
            return "exercise" if isinstance(self._code(), Exercise) else "code"
        if action.id == "page.f8":
            return "page" if self.keeps_focus() else "editor"
        if action.id in ("workbench.f4", "workbench.escape") and bench is not None and bench.large:
            return "editor"
        return ""

    def leaves_out(self, action: actions.Action) -> bool:
        return action.action == "compare" and self.workbench is not None and not self.workbench.may_compare

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        bench = self.workbench
        page_seen = self.has_class("-wide") and not self.has_class("-whole")
        if action in TURNING and bench is not None and bench.large and not page_seen:
            return False
        if action == "enter":
            return self.is_mounted and self.focused in (None, self.view) and bool(self.view.items())
        if action == "exercise":
            return self.is_mounted and self._code() is not None
        if action == "flip":
            return self.has_class("-bench")
        if action == "bench":
            shown = self.has_class("-bench") and (self.has_class("-wide") or self.has_class("-flipped"))
            return shown and bench is not None and bench.offers(str(parameters[0]))
        return action != "previous_page" or self.page > 0

    def palette_offers(self) -> list[Offer]:
        """What the palette offers beside the keys: what has none where one types code."""
        bench = self.workbench
        if bench is None or bench.runner.state is None or bench.results.has_focus:
            return []
        return [("Copy the results: verdict, what was printed", "y in the results", bench.action_copy_results)]

    # -------------------------------------------------------------- actions

    async def action_enter(self) -> None:
        item = first_to_do(self.view)
        if item is not None:
            if isinstance(item, Opens):
                item.action_open()
            field_of(item).focus()

    async def action_exercise(self) -> None:
        task = self._code()
        if task is not None:
            await self.open_task(task)

    def action_copy_code(self) -> None:
        """The code of the workbench where it has some, else that of this page, as the lesson has it."""
        task = self._code()
        if self.workbench is not None and self.workbench.task_id:
            self.workbench.action_copy_code()
        elif task is not None:
            self.app.copy_to_clipboard(starter_of(task))
        else:
            self.say("There is no code on this page.")

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
            self.keep_place()

    async def action_bench(self, name: str) -> None:
        """One of BENCH_ACTIONS, as if the workbench had the focus."""
        if self.workbench is not None:
            await self.workbench.run_action(name)
