"""The training view: a bar, the live curve, the figures beside it, the words below."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.following.fit_scene import AXES, EXTRAS, SMOOTHINGS, FitLook, fit_scene
from tutor.following.fit_state import Earlier, FitState
from tutor.following.fit_words import diverged, more_words, words
from tutor.tui.door import tutor_of
from tutor.tui.widgets.scene_view import SceneView
from tutor.words import duration

Value = TypeVar("Value")
FEWEST_ROWS = 7
"""Of the curve."""
BROKEN = {
    "time": "out of time", "memory": "out of memory", "output": "ended", "cancelled": "stopped", "killed": "ended",
    "lost": "lost", "error": "failed", "ok": "ended",
}  # fmt: skip
"""How a training is called whose run ended before it did."""


class TrainingView(Vertical):
    """Draws one FitState, again whenever `show` is called; its size never changes while it trains.

    look: how the learner wants to see it. earlier: trainings of before, drawn thin.
    """

    DEFAULT_CSS = """
    TrainingView { height: auto; }
    TrainingView #bar { height: 1; padding: 0 1; }
    TrainingView #words { height: auto; padding: 0 1; color: $text-muted; }
    TrainingView SceneView { height: 10; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.look = FitLook()
        self.earlier: list[Earlier] = []
        self._fit: FitState | None = None
        self._rows, self._width, self._lines = 13, 80, 0
        self._bar, self._words = Static(id="bar"), Static(id="words", markup=False)
        self._curve = SceneView(rows=10, id="curve")

    def compose(self) -> ComposeResult:
        yield self._bar
        yield self._curve
        yield self._words

    def show(self, fit: FitState | None, *, rows: int = 13, width: int = 80) -> None:
        """Show this training now, in so many rows and columns."""
        self._fit, self._rows, self._width = fit, rows, width
        self.display = fit is not None
        if fit is not None:
            self._draw(fit)

    def _draw(self, fit: FitState) -> None:
        self._bar.update(progress_line(fit, self._width - 2, self._ascii), layout=False)
        scene = fit_scene(fit, self.look, self.earlier, self._width)
        said = self._said(fit)
        height = max(FEWEST_ROWS, self._rows - 1 - len(said))
        wanted = self._curve.styles.height
        if wanted is None or wanted.value != height:
            self._curve.styles.height = height
        self._curve.show(scene)
        self._words.update(Content("\n".join(said)), layout=len(said) != self._lines)
        self._lines = len(said)

    def _said(self, fit: FitState) -> list[str]:
        """The words in lines: one, unless all of them are wished for."""
        text = fit.ended.note if fit.ended is not None and fit.ended.note else words(fit, log=self.look.log)
        lines = textwrap.wrap(text, self._room) or [""]
        if self.look.words:
            for one in more_words(fit, self.earlier):
                lines += textwrap.wrap(one, self._room)
            return lines
        # causes are shown where the curve leaves rows for them
        noted = (fit.ended is not None and bool(fit.ended.note)) or diverged(fit)
        if len(lines) == 1 or (noted and self._rows - 1 - len(lines) >= FEWEST_ROWS):
            return lines
        return [shorten(text, self._room, self._ascii)]

    def turn(self, what: str) -> None:
        """The next way to look: "log", "smoothing", "axis", "extra", "metric" or "words"."""
        look = self.look
        match what:
            case "log":
                self.look = replace(look, log=not look.log)
            case "smoothing":
                self.look = replace(look, smoothing=following(SMOOTHINGS, look.smoothing))
            case "axis":
                self.look = replace(look, axis=following(AXES, look.axis))
            case "extra":
                self.look = replace(look, extra=following(EXTRAS, look.extra))
            case "metric":
                self.look = replace(look, metric=look.metric + 1)
            case "words":
                self.look = replace(look, words=not look.words)
        if self._fit is not None:
            self._draw(self._fit)

    @property
    def _room(self) -> int:
        """Columns for words."""
        return min(max(20, self._width - 2), 80)

    @property
    def _ascii(self) -> bool:
        return bool(tutor_of(self).terminal.ascii)


def following(values: Sequence[Value], value: Value) -> Value:
    """The value after this one; after the last, the first."""
    return values[(values.index(value) + 1) % len(values)]


def shorten(text: str, width: int, ascii_only: bool) -> str:
    """As many whole sentences as fit; of the first as much as does."""
    kept = ""
    for sentence in re.split(r"(?<=\.) ", text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > width:
            break
        kept = longer
    more = "..." if ascii_only else "…"
    return kept or text[: max(0, width - len(more))] + more


def progress_line(fit: FitState, width: int, ascii_only: bool) -> Content:
    """`training  epoch 43 of 100  ━━━╸──  0:00:01 left   2,310 samples/s`, as much of it as fits."""
    total = fit.started.epochs
    name = {"done": "trained", "stopped": "stopped", "early": "stopped early", "error": "failed"}.get(
        fit.ended.reason if fit.ended else "", BROKEN.get(fit.broken, "paused" if fit.paused else "training")
    )
    of = f" of {total}" if total else ""
    left = f"{name}  {'in ' * fit.cut}epoch {fit.epochs_done}{of}  "
    right = ""
    if fit.ended is not None:
        right = f"  {duration(fit.ended.seconds)}"
    elif fit.broken:
        right = f"  {duration(fit.seconds)}"
    elif fit.paused:
        right = "  space goes on"
    elif fit.seconds_left is not None:
        right = f"  {duration(fit.seconds_left)} left"
    speed = fit.samples_a_second
    if speed and width >= 64:
        right += f"   {speed:,.0f} samples/s"
    room = width - len(left) - len(right)
    if room < 6 or not total:
        return Content((left + right)[: max(0, width)])
    full, rest = ("=", "-") if ascii_only else ("━", "─")
    done = round(room * fit.done)
    return Content.assemble(left, (full * done, "$accent"), (rest * (room - done), "$text-muted"), right)
