"""Live figures and sketches in words. What computes is the engine: nothing heavy comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.commands.session import Session
    from tutor.course.model import Figure, Predict
    from tutor.engine.client.engine import Engine


def key_of(figure: Figure) -> str:
    """The same for figures that show the same."""
    return repr((figure.name, sorted(figure.settings.items())))


def figures_in_words(session: Session, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Each figure, by its key, in words that are computed from its data; where that fails, why."""
    session.settings.apply()
    return asyncio.run(_ask(session, figures))


async def _ask(session: Session, figures: Mapping[str, Figure]) -> dict[str, str]:
    from tutor.engine.client.engine import Engine
    from tutor.errors import TutorError

    engine = Engine(window=session.window, stays=False)
    found: dict[str, str] = {}
    try:
        for key, figure in figures.items():
            found[key] = await _in_words(engine, figure, session.terminal.ascii)
    except TutorError as error:
        found |= {key: f"It cannot be computed: {error}" for key in figures if key not in found}
    finally:
        await engine.close()
    return found


async def _in_words(engine: Engine, figure: Figure, ascii: bool) -> str:
    from tutor.plots.describe import words

    done = await engine.figure(figure.name, dict(figure.settings))
    if done.scene is None:
        return f"It cannot be computed: {done.problem}"
    return words(done.scene, ascii=ascii) or "There is nothing to say about it."


def sketch_in_words(predict: Predict, at: int) -> str:
    """How the sketch of a choice (from 0) runs."""
    from tutor.plots.trend import trend

    curve = predict.curves[at]
    points = [(100.0 * i / max(1, len(curve) - 1), value) for i, value in enumerate(curve)]
    return f"The sketch: {predict.metric} {trend(points, 'percent done')}."
