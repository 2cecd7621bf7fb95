"""What came of a run as text, to be copied."""

from __future__ import annotations

from tutor.following import fit_words
from tutor.following.run_state import RunState
from tutor.plots.describe import words
from tutor.tui.widgets.workbench.verdict import Piece, error_lines, verdict_lines

WIDTH = 100


def results_text(state: RunState, learned: str = "") -> str:
    """Verdict, what was printed, the error, trainings and plots in words, notes: each a paragraph. "" for nothing."""
    parts = []
    if state.verdict is not None:
        parts.append(_plain(verdict_lines(state.verdict, WIDTH, learned=learned)))
    parts.append("".join(text for _, text in state.output).rstrip())
    if state.error is not None and state.verdict is None:
        parts.append(_plain(error_lines(state.error, WIDTH)))
    parts += ["\n".join([*fit_words.figures(fit), fit_words.words(fit)]) for fit in state.fits]
    parts += [words(scene) for _, scene in sorted(state.plots.items())]
    parts += state.notes
    if state.ended is not None:
        parts.append(state.ended.note)
    told = "\n\n".join(part for part in parts if part)
    return f"{told}\n" if told else ""


def _plain(lines: list[list[Piece]]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)
