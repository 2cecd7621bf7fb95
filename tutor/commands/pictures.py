"""Live figures and sketches in words, and `dl-tutor figure`. What computes is the engine: nothing heavy comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.course.model import Figure, Predict
    from tutor.engine.client import Engine
    from tutor.engine.protocol import FigureDone
    from tutor.plots.scene import Control


def key_of(figure: Figure) -> str:
    """The same for figures that show the same."""
    return repr((figure.name, sorted(figure.settings.items())))


def figures_in_words(session: Session, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Each figure, by its key, in words that are computed from its data; where that fails, why."""
    session.settings.apply()
    return asyncio.run(_ask(session, figures))


async def _ask(session: Session, figures: Mapping[str, Figure]) -> dict[str, str]:
    from tutor.engine.client import Engine
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


# ------------------------------------------------------------------ the command


@click.command()
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@course_option
@json_option
@click.pass_obj
def figure(session: Session, name: str, values: tuple[str, ...], as_json: bool) -> int:
    """A live figure in words, at values of your own.

    `dl-tutor read` names the figures of a page. Values that are not given are as the figure begins.
    """
    from tutor.commands.paper import Paper
    from tutor.errors import UsageError

    pairs = [value.partition("=") for value in values]
    if any(not sign for _, sign, _ in pairs):
        raise UsageError("Values are written NAME=VALUE.", f"`dl-tutor figure {name}` lists the names.")
    session.settings.apply()
    done = asyncio.run(_one(session, name, {key.strip(): value.strip() for key, _, value in pairs}))
    if done.scene is None:
        raise UsageError(done.problem or f"There is no figure {name}.", "`dl-tutor read` names those of a page.")
    from tutor.plots.describe import words

    if as_json:
        echo_json({
            "figure": name, "words": words(done.scene, ascii=session.terminal.ascii),
            "values": {one.name: one.value for one in done.scene.controls},
        })  # fmt: skip
        return 0
    paper = Paper(session)
    if paper.live:
        paper.picture(done.scene)
    else:
        from tutor.course.model import Text
        from tutor.typeset.linear import words as fold

        for line in fold((Text(words(done.scene)),), session.width, session.terminal.ascii):
            session.echo(line)
    session.echo("To change:")
    for one in done.scene.controls:
        session.echo(f"  {_control(one)}{' (no effect as it is now)' if one.name in done.scene.idle else ''}")
    return 0


async def _one(session: Session, name: str, values: dict[str, str]) -> FigureDone:
    from tutor.engine.client import Engine

    engine = Engine(window=session.window, stays=False)
    try:
        return await engine.figure(name, values)
    finally:
        await engine.close()


def _control(control: Control) -> str:
    """ "rho = 0.1 (from 0 to 1): the learning rate"."""
    from tutor.plots.numbers import short
    from tutor.plots.scene import Drawing, Pick, Slider

    value = control.value if isinstance(control.value, str) else short(control.value)
    if isinstance(control, Pick):
        may_be = ", ".join(control.options)
    elif isinstance(control, Slider):
        may_be = f"from {short(control.low)} to {short(control.high)}"
    elif isinstance(control, Drawing):
        may_be = f"{control.width} by {control.height} pixels, each row as {control.width // 4} hexadecimal digits"
    else:
        may_be = f"a step, from 0 to {control.last}"
    return f"{control.name} = {value} ({may_be})" + (f": {control.help}" if control.help else "")
