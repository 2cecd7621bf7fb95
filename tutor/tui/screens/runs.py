"""Past trainings of a block: a table, any two laid over each other, and what differs between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from tutor.plots.scene import Chart, Scene, Series
from tutor.runs import Record, Runs, differences, short
from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen, style_beside
from tutor.tui.screens.confirm import ConfirmScreen
from tutor.tui.widgets.rows import ListRow, Rows
from tutor.tui.widgets.scene_view import SceneView
from tutor.words import duration, number

if TYPE_CHECKING:
    from textual.events import Resize

WIDE = 120
Keep = Callable[[Record, str], Awaitable[str]]
"""Keeps the model of a run at a path, where its process lives still. Returns why it could not, "" where it did."""


class NameField(Input):
    """A name for a run; Enter takes it, Esc leaves it."""

    BINDINGS = [*actions.bindings("naming")]

    async def action_leave(self) -> None:
        await self.run_action("screen.leave_name")


class RunsScreen(TutorScreen):
    """Ends with the code of a run that is to go back into the editor, or None. alive: the run whose process lives
    still, so that its model can be kept."""

    DEFAULT_CSS = style_beside(__file__)
    BINDINGS = [*actions.bindings("runs")]

    def __init__(self, block: str, runs: Runs, *, alive: str = "", keep: Keep | None = None) -> None:
        super().__init__()
        self._block, self._runs, self._alive, self._keep = block, runs, alive, keep
        self._records: list[Record] = []
        self._marked: list[str] = []
        self._whole = False
        self._table, self._words = Rows(id="rows"), Static(id="words", markup=False)
        self._chart = SceneView(rows=0, id="picture")
        self._field = NameField(placeholder="a name for this run; enter keeps it, and its model with it")

    def compose(self) -> ComposeResult:
        yield self.top
        with Vertical(id="body"):
            yield self._table
            with Vertical(id="lower"):
                yield self._words
                yield self._chart
        yield self._field
        yield self.bottom

    async def on_mount(self) -> None:
        self._field.cursor_blink = self.tutor.terminal.blink
        self._field.display = False
        self.set_class(self.tutor.terminal.ascii, "-ascii")
        self._table.focus()
        await self._load()  # keys that come meanwhile wait for it

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self._show()

    async def _load(self, chosen: str = "") -> None:
        self._records = await asyncio.to_thread(self._runs.recent, self._block)
        self._marked = [run for run in self._marked if any(run == one.run for one in self._records)]
        self.top.show(f"{self._block}: past runs", f"{len(self._records)} kept")
        self._show(chosen)
        for problem in self._runs.problems[-1:]:
            self.say(problem, grave=True)

    # -------------------------------------------------------------- the table

    def _show(self, chosen: str = "") -> None:
        rows = [self._row(at, record) for at, record in enumerate(self._records)]
        if not rows:
            rows = [ListRow(Text(line, self.palette.dim)) for line in NOTHING]
        self._table.show(rows, chosen or self._table.chosen)
        self._compare()

    def _row(self, at: int, record: Record) -> ListRow:
        palette = self.palette
        sign = f"{self.signs.box_on} " if record.run in self._marked else "  "
        before = next((one for one in self._records[at + 1 :]), None)
        differs = short(differences(before, record), self.signs.arrow) if before is not None else "the first one kept"
        left = Text.assemble(
            (sign, palette.accent), (f"{record.title:<8.24} ", palette.strong),
            (f"{when(record.when)}  ", palette.faint), (differs, palette.text),
        )  # fmt: skip
        left.truncate(46, overflow="ellipsis")
        best = f"best {number(record.best[2])} in {record.best[1]}" if record.best else "no value"
        how = Text(f"{best} of {record.epochs}  {duration(record.seconds)}", palette.dim)
        return ListRow(left, how, value=record.run)

    @property
    def _chosen(self) -> Record | None:
        return next((one for one in self._records if one.run == self._table.chosen), None)

    def on_rows_moved(self) -> None:
        self._compare()
        self.refresh_bindings()

    # -------------------------------------------------------------- two runs over each other

    def _pair(self) -> list[Record]:
        """The marked ones; else the chosen one with the one before it. The older first."""
        chosen = self._chosen
        runs = self._marked if len(self._marked) == 2 else [*self._marked, *([chosen.run] if chosen else [])]
        found = [one for one in self._records if one.run in runs]
        if len(found) < 2 and chosen is not None:
            before = self._records[self._records.index(chosen) + 1 :]
            found += before[:1]
        return sorted(found[:2], key=lambda one: (one.number, one.fit))

    def _compare(self) -> None:
        pair = self._pair()
        self._chart.show(overlaid(pair) if pair else None, placeholder="")
        lines = self._told(pair)
        self._words.update(Text("\n").join(lines))

    def _told(self, pair: list[Record]) -> list[Text]:
        palette = self.palette
        if not pair:
            return []
        if len(pair) == 1:
            one = pair[0]
            return [Text(f"{one.title}: seed {one.seed}, {one.parameters:,} parameters. {one.note}", palette.text)]
        older, newer = pair
        found = differences(older, newer)
        lines = [Text(f"{newer.title} beside {older.title}: {short(found, self.signs.arrow)}", palette.text)]
        for sign, line in found.lines[: 20 if self._whole else 4]:
            style = palette.good if sign == "+" else palette.warn
            text = Text(f"{sign} {line}", style)
            text.truncate(max(10, self._words.size.width - 2), overflow="ellipsis")
            lines.append(text)
        return lines

    # -------------------------------------------------------------- actions

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("mark", "open", "take", "name", "remove", "move"):
            return bool(self._records) and not self._field.display
        return True

    def action_move(self, by: int) -> None:
        self._table.move(by)

    def action_mark(self) -> None:
        """Mark or unmark; of three the one that was marked first gives way."""
        if self._chosen is None:
            return
        run = self._chosen.run
        self._marked = [one for one in self._marked if one != run] if run in self._marked else [*self._marked, run][-2:]
        self._show()

    def action_open(self) -> None:
        """All lines that differ, or the first few."""
        self._whole = not self._whole
        self._words.styles.max_height = 22 if self._whole else 6
        self._compare()

    def on_rows_chosen(self) -> None:
        self.action_open()

    def action_take(self) -> None:
        """Leave with the code of the chosen run."""
        if self._chosen is not None:
            self.leave(self._chosen.code)

    def action_name(self) -> None:
        record = self._chosen
        if record is not None:
            self._field.value = record.name
            self._field.display = True
            self._field.focus()

    def action_leave_name(self) -> None:
        self._field.display = False
        self._table.focus()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        record = self._chosen
        self.action_leave_name()
        if record is not None:
            self.run_worker(self._rename(record, event.value), group="runs")

    async def _rename(self, record: Record, name: str) -> None:
        saved, problem = record.saved, ""
        path = self._runs.model_path(record)
        if name.strip() and not saved and record.run == self._alive and self._keep is not None and path is not None:
            problem = await self._keep(record, str(path))
            saved = not problem
        await self.tutor.write(partial(self._runs.rename, record, name, saved=saved))
        await self._load(record.run)
        if problem:
            self.say(f"Named, but without its model: {problem}", grave=True)
        elif saved:
            self.say(f"Named; its model is kept: {path}")

    def action_remove(self) -> None:
        record = self._chosen
        if record is not None:
            question = f"Forget {record.title}, its curve and its code? This cannot be undone."
            self.app.push_screen(ConfirmScreen(question, "forget it"), lambda yes: self._remove(record, yes))

    def _remove(self, record: Record, yes: object) -> None:
        if yes:
            self.run_worker(self._removed(record), group="runs")

    async def _removed(self, record: Record) -> None:
        await self.tutor.write(partial(self._runs.remove, record))
        await self._load()

    def action_close(self) -> None:
        self.leave(None)


NOTHING = (
    "Nothing has been trained here yet.",
    "Every training of this code is kept with its curve: the last 20, and all that have a name.",
)


def overlaid(pair: list[Record]) -> Scene:
    """One run with its validation; or two over each other: what both have of validation loss, loss, or else."""
    if len(pair) == 1:
        curves = [name for name in ("loss", "val_loss") if name in pair[0].curves] or list(pair[0].curves)[:2]
        shown = [(pair[0], name, name) for name in curves]
    else:
        common = [name for name in ("val_loss", "loss", *pair[0].curves) if all(name in one.curves for one in pair)]
        shown = [(one, common[0], one.title) for one in pair] if common else []
    series = [
        Series(*record.curves[name], label=label, colour=at, dash=at) for at, (record, name, label) in enumerate(shown)
    ]
    name = shown[0][1] if len(pair) > 1 and shown else "loss"
    return Scene((Chart(tuple(series), ylabel=name, xlabel="epoch", whole_x=True),))


def when(seconds: float) -> str:
    """The hour today, else the day."""
    then, now = time.localtime(seconds), time.localtime()
    return time.strftime("%H:%M" if then[:3] == now[:3] else "%d %b", then)
