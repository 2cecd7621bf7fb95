"""A live figure, opened: large, with its controls, its words, and what to try."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from tutor.course.model import Figure
from tutor.plots.scene import Scene
from tutor.tui import actions
from tutor.tui.figure_feed import FigureFeed
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.scene import SceneView

WIDE = 120
BARS = 4
"""Rows of the bars above and below."""
LEAST_PICTURE = 7
"""Rows the picture keeps before words are given any."""
PLAY_RATE = 4.0
"""Steps a second while a figure runs; a figure that is slower goes at its own pace."""


class LabScreen(TutorScreen):
    """Opens `figure` with the lesson's settings."""

    DEFAULT_CSS = """
    LabScreen { layout: vertical; }
    LabScreen #body { height: 1fr; layout: vertical; }
    LabScreen #picture { height: 1fr; padding: 0 1; }
    LabScreen #side { height: auto; }
    LabScreen #words { height: auto; padding: 0 1; }
    LabScreen #attempt { height: auto; padding: 0 1; color: $text-muted; }
    LabScreen.-wide #body { layout: horizontal; }
    LabScreen.-wide #picture { width: 1fr; height: 100%; max-height: 30; }
    LabScreen.-wide #side { width: 56; height: 100%; border-left: solid $border; }
    LabScreen.-wide #words, LabScreen.-wide #attempt { margin-top: 1; }
    """
    BINDINGS = [*actions.bindings("figure"), *actions.bindings("steps")]

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self._feed = FigureFeed(self, figure.name, self._got, self._failed)
        self._timer: Timer | None = None
        self._words = Text()
        # an answer may come before all of it is mounted, or while the screen closes: no part is looked up
        self._view = SceneView(rows=0, id="picture", placeholder="drawing the figure")
        self._controls = Controls()
        self._said = Static(id="words", markup=False)
        self._to_try = Static(id="attempt", markup=False)

    def compose(self) -> ComposeResult:
        yield self.top
        with Vertical(id="body"):
            yield self._view
            with Vertical(id="side"):
                yield self._controls
                yield self._said
                yield self._to_try
        yield self.bottom

    def on_mount(self) -> None:
        self._to_try.update(self._attempt())
        self._controls.focus()
        self._feed.ask(dict(self.figure.settings))
        self.top.show(self.figure.name.replace("-", " "))

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE, "-wide")
        self._share_out()

    def _share_out(self) -> None:
        """Where rows are few, the picture and the controls have them, then the words, then what to try."""
        from tutor.plots.drawing import is_cut

        words, attempt, view = self._said, self._to_try, self._view
        if self.has_class("-wide") or view.scene is None:
            words.display = attempt.display = True
            return
        width = self.size.width - 2
        rows = self.size.height - BARS - self._controls.rows_needed(width)
        need = [max(1, len(text.wrap(self.app.console, width))) for text in (self._words, self._attempt())]
        words.display = rows - need[0] >= LEAST_PICTURE
        attempt.display = words.display and rows - sum(need) >= LEAST_PICTURE
        left = rows - need[0] * words.display - need[1] * attempt.display
        missing = [
            *(["all numbers"] if is_cut(view.scene, width, left) else []),
            *([] if words.display else ["the words"]), *([] if attempt.display else ["what to try"]),
        ]  # fmt: skip
        self.say(f"in a taller window: {', '.join(missing)}" if missing else "")

    def _attempt(self) -> Text:
        if not self.figure.attempt:
            return Text("")
        return Text("Try: ").append_text(self.tutor.library.inlines(self.figure.attempt))

    # ------------------------------------------------------------------ the figure's answers

    def _got(self, scene: Scene, stale: bool) -> None:
        from tutor.plots.describe import words

        self._view.show(scene)
        self._words = Text(words(scene, ascii=self.tutor.terminal.ascii))
        self._said.update(self._words)
        if scene.title:
            self.top.show(scene.title)
        if not stale:
            self._controls.show(scene.controls)
        self._share_out()
        self.refresh_bindings()

    def _failed(self, problem: str) -> None:
        self._said.update(problem)

    # ------------------------------------------------------------------ controls

    def on_controls_changed(self, event: Controls.Changed) -> None:
        event.stop()
        self._feed.ask(event.values)

    def on_controls_said(self, event: Controls.Said) -> None:
        event.stop()
        self.say(event.text)

    # ------------------------------------------------------------------ steps

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys for steps act only where the figure goes in steps."""
        if action in ("play", "step", "to_start"):
            return self._controls.stepper is not None
        return super().check_action(action, parameters)

    def action_play(self) -> None:
        """Run the steps one after the other, or pause; at the end, from the start."""
        controls = self._controls
        stepper = controls.stepper
        if self._timer is not None:
            self._pause()
        elif stepper is not None:
            if stepper.value >= stepper.last:
                controls.set_value(stepper.name, "0")
            self._timer = self.set_interval(1 / min(PLAY_RATE, self._rate), self._play_on)
        self.refresh_bindings()

    def action_step(self) -> None:
        """One step on, and no further by itself."""
        self._pause()
        self._step()

    def action_to_start(self) -> None:
        """Back to step 0."""
        self._pause()
        controls = self._controls
        if controls.stepper is not None:
            controls.set_value(controls.stepper.name, "0")

    def action_restore(self) -> None:
        """Every control as the lesson has it."""
        self._pause()
        self._controls.restore()

    @property
    def _rate(self) -> float:
        return float(self.tutor.terminal.frame_rate)

    def _play_on(self) -> None:
        """The next step, once the picture of the last one has come."""
        if not self._feed.busy:
            self._step()

    def _step(self) -> None:
        controls = self._controls
        stepper = controls.stepper
        if stepper is None or stepper.value >= stepper.last:
            self._pause()
        else:
            controls.set_value(stepper.name, str(stepper.value + 1))

    def _pause(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.refresh_bindings()

    def label_of(self, action: actions.Action) -> str:
        """What space does now."""
        if action.id == "steps.space":
            return "pause" if self._timer is not None else "run"
        return ""

    def action_close(self) -> None:
        self._pause()
        self.leave(None)
