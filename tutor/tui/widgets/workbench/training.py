"""The training view: a bar, the live curve, the figures beside it, the words below."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.tui.widgets.scene import SceneView
from tutor.tui.widgets.workbench.state import FitState

BROKEN = {
    "time": "out of time", "memory": "out of memory", "output": "ended", "cancelled": "stopped", "killed": "ended",
    "lost": "lost", "error": "failed", "ok": "ended",
}  # fmt: skip
"""How a training is called whose run ended before it did."""


class TrainingView(Vertical):
    """Draws one FitState, again whenever `show` is called; its size never changes while it trains."""

    DEFAULT_CSS = """
    TrainingView { height: auto; }
    TrainingView #bar, TrainingView #words { height: 1; padding: 0 1; }
    TrainingView #words { color: $text-muted; }
    TrainingView SceneView { height: 10; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = False
        self._fit: FitState | None = None
        self._bar, self._words = Static(id="bar"), Static(id="words")
        self._curve = SceneView(rows=10, live=True, id="curve")

    def compose(self) -> ComposeResult:
        yield self._bar
        yield self._curve
        yield self._words

    def show(self, fit: FitState | None, *, height: int = 10) -> None:
        """Show this training now. height: rows for the curve."""
        self._fit = fit
        self.display = fit is not None
        if fit is None:
            return
        self._bar.update(progress_line(fit, self.size.width - 2, self._ascii))
        wanted = self._curve.styles.height
        if wanted is None or wanted.value != height:
            self._curve.styles.height = height
        self._curve.show(fit.scene(log=self.log_scale))
        words = fit.ended.note if fit.ended is not None and fit.ended.note else fit.words()
        self._words.update(Content(words))

    def toggle_log(self) -> None:
        """Loss on a logarithmic axis, or back."""
        self.log_scale = not self.log_scale
        self.show(self._fit)

    @property
    def _ascii(self) -> bool:
        return bool(self.app.terminal.ascii)  # type: ignore[attr-defined]


def progress_line(fit: FitState, width: int, ascii_only: bool) -> Content:
    """`training  epoch 43 of 100  ━━━╸──  0:00:01 left   2,310 samples/s`, as much of it as fits."""
    total = fit.started.epochs
    name = {"done": "trained", "stopped": "stopped", "early": "stopped early", "error": "failed"}.get(
        fit.ended.reason if fit.ended else "", BROKEN.get(fit.broken, "training")
    )
    of = f" of {total}" if total else ""
    left = f"{name}  epoch {fit.epochs_done}{of}  "
    right = ""
    if fit.ended is not None:
        right = f"  {clock(fit.ended.seconds)}"
    elif fit.broken:
        right = f"  {clock(fit.seconds)}"
    elif fit.seconds_left is not None:
        right = f"  {clock(fit.seconds_left)} left"
    speed = fit.samples_a_second
    if speed and width >= 64:
        right += f"   {speed:,.0f} samples/s"
    room = width - len(left) - len(right)
    if room < 6 or not total:
        return Content((left + right)[: max(0, width)])
    full, rest = ("=", "-") if ascii_only else ("━", "─")
    done = round(room * fit.done)
    return Content.assemble(left, (full * done, "$accent"), (rest * (room - done), "$text-muted"), right)


def clock(seconds: float) -> str:
    """Seconds as people read them: 0.8 s, 12 s, 3:05."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"
