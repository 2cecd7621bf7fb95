"""`dl-tutor figure`: a live figure at values of one's own, drawn on a terminal, in words in a pipe."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

if TYPE_CHECKING:
    from tutor.messages.events import FigureDone
    from tutor.plots.scene import Control


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
        lists = f"`dl-tutor figure {name}` lists what can be changed."
        todo = lists if pairs else "`dl-tutor read` names those of a page."
        raise UsageError(done.problem or f"There is no figure {name}.", todo)
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
    from tutor.engine.client.engine import Engine

    engine = Engine(window=session.window, stays=False)
    try:
        return await engine.figure(name, values)
    finally:
        await engine.close()


def _control(control: Control) -> str:
    """ "rho = 0.1 (from 0 to 1): the learning rate"."""
    from tutor.plots.scene import Drawing, Pick, Slider
    from tutor.words import short

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
