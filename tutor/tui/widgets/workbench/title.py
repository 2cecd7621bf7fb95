"""The line above the editor: which file this is, whether it is on the disk, and how the run goes."""

from __future__ import annotations

import time

from textual.content import Content
from textual.widgets import Static

from tutor.following.run_state import RunState
from tutor.tui.door import tutor_of
from tutor.tui.keys.keymap import spelled
from tutor.words import duration

DRAFT = {"saved": "draft saved ✓", "saving": "…", "unsaved": "NOT SAVED", "elsewhere": "F12: other window's text"}
"""How it is said what became of the draft."""
ENDED = {
    "ok": "", "error": "error · ", "time": "out of time · ", "memory": "out of memory · ",
    "output": "too much output · ", "cancelled": "stopped · ", "killed": "ended · ", "lost": "lost · ",
}  # fmt: skip
"""How it is said why a run ended."""
LONG = 3.0
"""Seconds after which a check that goes on says for how long, and how it is stopped."""


class TitleLine(Static):
    """Name at the left; draft and run at the right, cut where there is no room."""

    DEFAULT_CSS = "TitleLine { height: 1; padding: 0 1; background: $panel; }"

    _shown: tuple[str, str, RunState | None, bool] | None = None

    def on_resize(self) -> None:
        if self._shown is not None:
            name, draft, run, enlarged = self._shown
            self.show(name, draft, run, enlarged=enlarged)

    def show(self, name: str, draft: str, run: RunState | None, *, enlarged: bool) -> None:
        """draft: a key of DRAFT, "" for none. enlarged: the results stand over the editor."""
        self._shown = name, draft, run, enlarged
        said, going = spelled(DRAFT.get(draft, "")), spelled(run_words(run, enlarged))
        if tutor_of(self).terminal.ascii:
            said = said.replace("✓", "").replace("…", "...").strip()
        width = self.size.width
        room = max(0, width - len(name) - 2)
        right = "   ".join(part for part in (said, going) if part)
        right = (right if len(right) <= room else going or said)[:room]
        gap = " " * max(1, width - len(name) - len(right))
        self.update(Content.assemble((name, "bold"), gap, (right, "$text-muted")), layout=False)


def run_words(run: RunState | None, enlarged: bool) -> str:
    """How a run goes, or how it ended."""
    if run is None:
        return ""
    if run.phase == "waiting" and run.going:
        return run.waiting(time.monotonic() - run.asked_at)
    if run.going and run.fit is not None and not run.fit.over and not enlarged:
        return "F4 enlarges · ctrl+c stops"
    if run.going:
        return _going(run)
    assert run.ended is not None
    reason = "ok" if run.verdict is not None else run.ended.reason
    return f"{ENDED[reason]}{duration(run.ended.seconds)} · seed {run.seed}"


def _going(run: RunState) -> str:
    if not run.graded or run.fits:
        return "running · ctrl+c stops"
    seconds = time.monotonic() - run.started_at
    return "checking" if seconds < LONG else f"checking · {seconds:.0f} s · ctrl+c stops"
