"""The inspector: a model of the last run, looked into from every side while its process lives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from rich.text import Text
from textual.widget import Widget
from textual.widgets import Input

from tutor.engine.client.view_list import inspector_views
from tutor.messages.events import FigureDone, Inspected
from tutor.tui import actions
from tutor.tui.screens.base import style_beside
from tutor.tui.screens.picture import PictureScreen
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.figure_feed import Feed, Values
from tutor.tui.widgets.views import ViewBar

LIVE_EVERY = 0.5
"""Seconds between two questions while a training goes on."""
PATIENCE = 0.4
FRAME = 9
"""Rows that are not the picture's, about."""

Ask = Callable[[str, Values], Awaitable[Inspected]]


class SampleField(Input):
    """Numbers of a sample; Enter takes them, Esc leaves it."""

    BINDINGS = [*actions.bindings("sample")]

    async def action_leave(self) -> None:
        await self.run_action("screen.leave_sample")


class InspectorScreen(PictureScreen):
    """ask: a view and its arguments, to the run's process. going: whether it is training. watch: called once a view of
    epochs is wanted. pause: pauses the training, or lets it go on."""

    DEFAULT_CSS = style_beside(__file__)
    BINDINGS = [*actions.bindings("inspector")]
    head_rows = 1

    def __init__(self, block: str, ask: Ask, *, going: Callable[[], bool], watch: Callable[[], None],
                 pause: Callable[[], None]) -> None:  # fmt: skip
        super().__init__("looking into the model")
        self._block, self._going, self._watch, self._pause = block, going, watch, pause
        self.view = "structure"
        self._values: Values = {}
        self._was_going = False
        self._feed = Feed(self, lambda values: ask(self.view, values), self._answered, self._failed)
        self._views = {view.name: view for view in inspector_views()}
        self._bar = ViewBar({name: view.key for name, view in self._views.items()})
        self._field = SampleField(placeholder="the numbers of a sample, with spaces; enter shows it, empty goes back")

    def compose_head(self) -> list[Widget]:
        return [self._bar]

    def compose_foot(self) -> list[Widget]:
        return [self._field]

    def on_mount(self) -> None:
        self._field.cursor_blink = self.tutor.terminal.blink
        self._field.display = False
        self._controls.focus()
        self._was_going = self._going()
        self.set_interval(LIVE_EVERY, self._look_again)
        self.show_view("structure")

    def on_resize(self) -> None:
        super().on_resize()
        self._ask()

    # ------------------------------------------------------------------ asking

    def show_view(self, view: str) -> None:
        """Look from this side; model, layer and sample stay what they were."""
        self.view = view
        self._bar.choose(view)
        self.top.show(f"{self._block}: {view}")
        if self._views[view].watched:
            self._watch()
        self._ask()

    def _ask(self) -> None:
        self._feed.ask(self._wish())
        self.set_timer(PATIENCE, self._say_waiting)

    def _wish(self) -> Values:
        rows = self._view.size.height or self.app.size.height - FRAME  # before it is laid out
        return {**self._values, "rows": str(rows)}

    def _say_waiting(self) -> None:
        if self._feed.busy and self._going():
            self.say("the answer comes at the end of the epoch; space pauses the training and answers at once")

    def _look_again(self) -> None:
        """While a training goes on, and once after it, what is shown is asked for anew."""
        going = self._going()
        if (going or self._was_going) and not self._feed.busy and self.is_current and not self._field.display:
            self._feed.ask(self._wish())
        self._was_going = going

    def _answered(self, answer: FigureDone | Inspected, stale: bool) -> None:
        if not self.is_attached:
            return
        scene = answer.scene
        if isinstance(answer, Inspected) and answer.names:
            self._bar.offer(answer.names)
        if answer.problem and self._values.pop("typed", ""):
            self.say(answer.problem, grave=True)
            self._ask()
            return
        if answer.problem or scene is None:
            self._failed(answer.problem or "There is nothing to show.")
        else:
            self.top.show(str(scene.title or self._block), "training" if self._going() else "")
            self.show_scene(replace(scene, title=""))
        if scene is not None and not stale:
            self._controls.show(scene.controls)
            self._controls.display = bool(scene.controls)
            if scene.controls and self.focused is None and not self._field.display:
                self._controls.focus()  # a view without controls has taken the focus from them
        self.share_out()
        self.refresh_bindings()

    def _failed(self, problem: str) -> None:
        self._view.show(None, placeholder=problem)
        self._words = Text("")
        self._said.update("")

    # ------------------------------------------------------------------ keys

    def on_controls_turned(self, event: Controls.Turned) -> None:
        event.stop()
        self._values |= event.values
        if "sample" in event.values:
            self._values.pop("typed", None)
        self._ask()

    def on_view_bar_asked(self, event: ViewBar.Asked) -> None:
        event.stop()
        self.show_view(event.view)

    def on_controls_said(self, event: Controls.Said) -> None:
        event.stop()
        self.say(event.text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._field.display:
            return action in ("leave_sample", "help")
        if action == "pixel":
            return self.view == "maps"
        if action == "pause":
            return self._going()
        return super().check_action(action, parameters)

    def action_view(self, view: str) -> None:
        self.show_view(view)

    def action_next_view(self, by: int) -> None:
        """The view after this one, or the one before."""
        offered = self._bar.offered
        at = offered.index(self.view) if self.view in offered else 0
        self.show_view(offered[(at + by) % len(offered)])

    def action_pixel(self) -> None:
        """What one pixel of the chosen map was computed from."""
        self.show_view("pixel")

    def action_pause(self) -> None:
        self._pause()

    def action_sample(self) -> None:
        """Type in a sample."""
        self._field.display = True
        self._field.focus()
        self.refresh_bindings()

    def action_leave_sample(self) -> None:
        self._field.display = False
        self._controls.focus()
        self.refresh_bindings()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        self.action_leave_sample()
        self._values.pop("typed", None)
        if typed:
            self._values["typed"] = typed
        if not self._views[self.view].sample:
            self.show_view("activations")
        else:
            self._ask()

    def action_close(self) -> None:
        self.leave(None)
