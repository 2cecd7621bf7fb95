"""The lower half of the workbench: verdict, training, what was printed, plots. It keeps its size as it fills."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.following.fit_scene import FitLook
from tutor.following.fit_state import Earlier, FitState
from tutor.following.run_state import RunState
from tutor.tui.actions import bindings
from tutor.tui.keys.keymap import spelled
from tutor.tui.widgets.scene_view import SceneView
from tutor.tui.widgets.workbench.training_view import TrainingView
from tutor.tui.widgets.workbench.verdict import VerdictView, error_lines

MOST_ROWS = 34
"""Rows of a training at most, where there are more."""
SHORT_OUTPUT = 400
"""Printed lines shown here; where there are more, the last ones, and a line says how many came before."""


class Results(VerticalScroll):
    """Draws a RunState. `show` may be called as often as one likes; only what changed is drawn again."""

    DEFAULT_CSS = """
    Results { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    Results .hint, Results #output, Results #notes { height: auto; padding: 0 1; }
    Results .hint { color: $text; border-left: outer $accent; padding: 0 1; margin: 0 1; max-width: 80; }
    Results #idle, Results #notes { max-width: 82; }
    Results #idle { color: $text-muted; padding: 0 1; }
    Results .plot { margin: 0 0 1 0; }
    """

    BINDINGS = [*bindings("results")]

    class Ordered(Message):
        """What the learner wants of the training: "pause", "stop", "slower", "faster", "watch" while it goes on;
        "runs", its past; "inspect", to look into its model; "copy", all that is shown."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plots: dict[int, SceneView] = {}
        self._shown: dict[str, object] = {}
        self._fit: FitState | None = None
        self.hints_shown = 0
        # a run tells of itself while the window closes, too: no part is looked up
        self._idle, self._hints = Static(id="idle"), Static(id="hints", classes="hint")
        self._verdict, self._training = VerdictView(), TrainingView()
        self._output, self._notes = Static(id="output", markup=False), Static(id="notes", markup=False)

    def compose(self) -> ComposeResult:
        yield self._idle
        yield self._verdict
        yield self._hints
        yield self._training
        yield self._output
        yield self._notes

    def on_mount(self) -> None:
        self.clear("")

    def clear(self, idle: str) -> None:
        """Nothing has run yet: a sentence says what would show here."""
        for view in self._plots.values():
            view.remove()
        self._plots.clear()
        self._shown.clear()
        self._fit, self.hints_shown = None, 0
        self._idle.update(Content(idle))
        self._idle.display = bool(idle)
        self._verdict.show(None)
        self._training.show(None)
        for part in (self._hints, self._output, self._notes):
            part.display = False

    def show_hints(self, text: Content, shown: int) -> None:
        """Hints stay until another run, under the verdict that they are about. shown: how many they are."""
        self.hints_shown = shown
        self._hints.update(text)
        self._hints.display = True
        self._idle.display = False
        # only once it is laid out is known how high it is
        self.call_after_refresh(self._hints.scroll_visible, animate=False, force=True, immediate=True)

    def show(self, state: RunState, *, learned: str = "", next_step: str = "") -> None:
        """Draw what is known of a run. next_step: which key comes now."""
        self._idle.display = bool(state.queued)
        if self._changed("queued", state.queued):
            self._idle.update(Content(spelled(state.queued)))
        fresh = self._changed("judged", id(state.verdict))
        if self._changed("verdict", (id(state.verdict), next_step)):
            self._verdict.show(state.verdict, learned=learned, next_step=next_step)
        if fresh and state.verdict is not None:
            self.scroll_home(animate=False)
        self._fit = state.fit
        self._show_fit()
        self._show_output(state)
        self._show_plots(state)
        self._show_notes(state, next_step)

    def on_resize(self) -> None:
        self._show_fit()

    def _show_fit(self) -> None:
        """The training, as high as there is room for it."""
        fit = self._fit
        if fit is None:
            return
        state = (id(fit), fit.seconds, fit.batch, fit.ended, fit.broken, fit.paused, len(fit.changes), self.size)
        if self._changed("fit", state):
            self._training.show(fit, rows=max(9, min(MOST_ROWS, self.size.height)), width=self.size.width - 1)

    def _changed(self, name: str, value: object) -> bool:
        if self._shown.get(name) == value:
            return False
        self._shown[name] = value
        return True

    def _show_output(self, state: RunState) -> None:
        error = state.error if state.verdict is None else None
        if not self._changed("output", (state.text.changes, id(error))):
            return
        pieces: list[Content] = [printed(state)]
        if error is not None:
            lines = error_lines(error, max(20, self.size.width - 3))
            pieces.append(Content("\n").join(Content.assemble(*line) for line in lines))
        pieces = [piece for piece in pieces if piece.plain]
        self._output.display = bool(pieces)
        self._output.update(Content("\n").join(pieces))
        if not self._plots and state.fit is None and state.verdict is None:
            self.scroll_end(animate=False)

    def _show_plots(self, state: RunState) -> None:
        for index, scene in state.plots.items():
            if not self._changed(f"plot {index}", id(scene)):
                continue
            view = self._plots.get(index)
            if view is None:
                view = self._plots[index] = SceneView(scene, rows=0, classes="plot")
                if self.is_attached:
                    self.mount(view, before=self._notes)
            else:
                view.show(scene)

    def _show_notes(self, state: RunState, next_step: str) -> None:
        lines = [*state.notes, *((state.ended.note,) if state.ended and state.ended.note else ())]
        if state.silent:
            lines.append(f"It ran and printed nothing.{f' {next_step}' if next_step else ''}")
        if self._changed("notes", tuple(lines)):
            self._notes.display = bool(lines)
            self._notes.update(Content.styled("\n".join(lines), "$text-muted"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        fit = self._fit
        if action == "look":
            return fit is not None and self._training.display and (parameters[0] != "metric" or len(fit.metrics) > 1)
        if action == "order" and parameters[0] not in ("runs", "inspect"):
            return fit is not None and not fit.over
        return True

    def action_look(self, what: str) -> None:
        """Another way to see the training."""
        self._training.turn(what)
        if self.look.extra == "gradient":
            self.post_message(self.Ordered("watch"))

    def action_copy_results(self) -> None:
        self.post_message(self.Ordered("copy"))

    def action_order(self, what: str) -> None:
        self.post_message(self.Ordered(what))

    def compare_with(self, earlier: list[Earlier]) -> None:
        """Trainings of before, oldest first, drawn thin below the one that goes on."""
        self._training.earlier = earlier

    @property
    def look(self) -> FitLook:
        """How the training is looked at."""
        return self._training.look


def printed(state: RunState) -> Content:
    """What the code printed: the last lines of it, errors apart from the rest."""
    pieces = []
    for stream, text in state.output:
        style = {"err": "$warning", "tutor": "$text-muted"}.get(stream, "")
        pieces.append((text, style))
    whole = Content.assemble(*pieces).rstrip() if pieces else Content("")
    lines = whole.split("\n")
    if len(lines) <= SHORT_OUTPUT:
        return whole
    before = Content.styled(f"… {len(lines) - SHORT_OUTPUT:,} lines before", "$text-muted")
    return Content("\n").join([before, *list(lines)[-SHORT_OUTPUT:]])
