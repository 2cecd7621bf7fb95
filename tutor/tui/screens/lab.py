"""A live figure, opened: large, with its controls, its words, and what to try."""

from __future__ import annotations

from msgspec import structs
from rich.text import Text
from textual.timer import Timer

from tutor.course.model import Figure
from tutor.plots.scene import Drawing, Scene
from tutor.tui import actions
from tutor.tui.screens.picture import WIDE, PictureScreen
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.figure_feed import FigureFeed
from tutor.tui.widgets.pixel_canvas import Canvas

SOON = 0.05
"""Seconds to a picture after which it is said that it is being computed."""
PLAY_RATE = 4.0
"""Steps a second while a figure runs; a figure that is slower goes at its own pace."""


class LabScreen(PictureScreen):
    """Opens `figure` with the lesson's settings."""

    BINDINGS = [*actions.bindings("figure"), *actions.bindings("steps")]
    more_name = "what to try"

    def __init__(self, figure: Figure) -> None:
        super().__init__("drawing the figure")
        self.figure = figure
        self._feed = FigureFeed(self, figure.name, self._got, self._failed)
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        self._controls.focus()
        self._feed.ask(dict(self.figure.settings))
        self.top.show(self.figure.name.replace("-", " "))

    def more(self) -> Text:
        if not self.figure.attempt:
            return Text("")
        return Text("Try: ").append_text(self.tutor.library.inlines(self.figure.attempt))

    # ------------------------------------------------------------------ the figure's answers

    def _got(self, scene: Scene, stale: bool) -> None:
        self.show_scene(self._without_drawing(scene) if self.size.width < WIDE else scene)
        self.top.show(scene.title or self.figure.name.replace("-", " "), "training" if self._feed.flows else "")
        if not stale:
            self._controls.show(scene.controls, scene.idle)
        if self._canvas.drawing is None:
            self._begin_drawing(scene)
        self.share_out()
        self.refresh_bindings()

    def _without_drawing(self, scene: Scene) -> Scene:
        """Without the panel that shows what is drawn on the grid anyway."""
        at = next((c.panel for c in scene.controls if isinstance(c, Drawing)), -1)
        if at < 0:
            return scene
        shares = scene.shares[:at] + scene.shares[at + 1 :]
        return structs.replace(scene, panels=scene.panels[:at] + scene.panels[at + 1 :], shares=shares)

    def _begin_drawing(self, scene: Scene) -> None:
        """Where there is something to draw into, it has the keys."""
        drawing = next((c for c in scene.controls if isinstance(c, Drawing)), None)
        if drawing is not None:
            self._canvas.show(drawing)
            self.add_class("-drawing")
            self._canvas.focus()

    def _failed(self, problem: str) -> None:
        self._said.update(problem)

    # ------------------------------------------------------------------ controls

    def on_controls_turned(self, event: Controls.Turned) -> None:
        event.stop()
        self._feed.ask({**event.values, **self._canvas.values})
        self.set_timer(SOON, self._say_computing)

    def _say_computing(self) -> None:
        """Where the picture takes longer than a blink, that it is on its way."""
        if self._feed.busy and not self._feed.flows:
            self.top.show(self.figure.name.replace("-", " "), "computing")

    def on_canvas_drawn(self, event: Canvas.Drawn) -> None:
        event.stop()
        self._feed.ask({**self._controls.values, **self._canvas.values})

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
        self._canvas.restore()
        self._controls.restore()

    @property
    def _rate(self) -> float:
        return float(self.tutor.terminal.picture_rate)

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
