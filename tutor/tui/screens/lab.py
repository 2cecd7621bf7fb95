"""A live figure, opened: large, with its controls, its words, and what to try."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from tutor.course.model import Figure
from tutor.plots.scene import Scene
from tutor.tui.figure_feed import FigureFeed
from tutor.tui.widgets.controls import Controls
from tutor.tui.widgets.scene import SceneView

WIDE = 120
PLAY_RATE = 4.0
"""Steps a second while a figure runs; a figure that is slower goes at its own pace."""
KEYS = "↑↓ choose  ←→ change  0-9 type  {steps}r as in the lesson  esc back"
STEP_KEYS = "space {play}  s step  z to start  "


class LabScreen(Screen[None]):
    """Opens `figure` with the lesson's settings."""

    DEFAULT_CSS = """
    LabScreen { layout: vertical; }
    LabScreen #name { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    LabScreen #body { height: 1fr; layout: vertical; }
    LabScreen #picture { height: 1fr; min-height: 8; padding: 0 1; }
    LabScreen #side { height: auto; }
    LabScreen #words { height: auto; max-height: 4; padding: 0 1; }
    LabScreen #attempt { height: auto; padding: 0 1; color: $text-muted; }
    LabScreen #keys { height: 1; padding: 0 1; color: $text-muted; }
    LabScreen.-wide #body { layout: horizontal; }
    LabScreen.-wide #picture { width: 1fr; height: 100%; }
    LabScreen.-wide #side { width: 56; height: 100%; border-left: solid $border; }
    LabScreen.-wide #words, LabScreen.-wide #attempt { max-height: 12; margin-top: 1; }
    """
    BINDINGS = [("escape,q", "close", "back")]

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self._feed = FigureFeed(self, figure.name, self._got, self._failed)
        self._timer = None

    def compose(self) -> ComposeResult:
        yield Static(self.figure.name.replace("-", " "), id="name", markup=False)
        with Vertical(id="body"):
            yield SceneView(rows=0, id="picture", placeholder="drawing the figure")
            with Vertical(id="side"):
                yield Controls()
                yield Static(id="words", markup=False)
                yield Static(self._attempt(), id="attempt", markup=False)
        yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        self.query_one(Controls).focus()
        self._feed.ask(dict(self.figure.settings))
        self._draw_keys()

    def on_resize(self) -> None:
        self.set_class(self.size.width >= WIDE, "-wide")

    def _attempt(self) -> Text:
        from tutor.typeset import inlines

        if not self.figure.attempt:
            return Text("")
        return Text("Try: ").append_text(inlines(self.figure.attempt, self.app.text_look))  # type: ignore[attr-defined]

    # ------------------------------------------------------------------ the figure's answers

    def _got(self, scene: Scene, stale: bool) -> None:
        if not self.is_mounted:
            return
        self.query_one(SceneView).show(scene)
        self.query_one("#words", Static).update(scene.words)
        if scene.title:
            self.query_one("#name", Static).update(scene.title)
        controls = self.query_one(Controls)
        if not stale:
            controls.show(scene.controls)
        self._draw_keys()

    def _failed(self, problem: str) -> None:
        if self.is_mounted:
            self.query_one("#words", Static).update(problem)

    # ------------------------------------------------------------------ controls

    def on_controls_changed(self, event: Controls.Changed) -> None:
        event.stop()
        self._feed.ask(event.values)

    def on_controls_said(self, event: Controls.Said) -> None:
        event.stop()
        self.notify(event.text, timeout=5)

    def on_controls_play(self, event: Controls.Play) -> None:
        """Run the steps one after the other, or pause; at the end, from the start."""
        event.stop()
        controls = self.query_one(Controls)
        stepper = controls.stepper
        if self._timer is not None:
            self._pause()
        elif stepper is not None:
            if stepper.value >= stepper.last:
                controls.set_value(stepper.name, "0")
            self._timer = self.set_interval(1 / min(PLAY_RATE, self._rate), self._step)
        self._draw_keys()

    @property
    def _rate(self) -> float:
        return float(getattr(self.app, "frame_rate", PLAY_RATE))

    def _step(self) -> None:
        controls = self.query_one(Controls)
        stepper = controls.stepper
        if stepper is None or stepper.value >= stepper.last:
            self._pause()
        elif not self._feed.busy:
            controls.set_value(stepper.name, str(stepper.value + 1))

    def _pause(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._draw_keys()

    def _draw_keys(self) -> None:
        steps = ""
        if self.query_one(Controls).stepper is not None:
            steps = STEP_KEYS.format(play="pause" if self._timer is not None else "run")
        keys = KEYS.format(steps=steps)
        if self.app.terminal.ascii:  # type: ignore[attr-defined]
            keys = keys.replace("↑↓", "up/down").replace("←→", "left/right")
        self.query_one("#keys", Static).update(keys)

    def action_close(self) -> None:
        self._pause()
        self.dismiss(None)
