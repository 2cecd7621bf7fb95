"""`dl-tutor runs`: past trainings, without a window."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import click

from tutor.commands.session import Session, echo_json, json_option

if TYPE_CHECKING:
    from tutor.plots.scene import Scene
    from tutor.runs import Record, Runs

MOST_DRAWN = 5
"""Curves that can be told apart in one picture."""


@click.command("runs")
@click.argument("block", required=False)
@json_option
@click.pass_obj
def runs(session: Session, block: str | None, as_json: bool) -> int:
    """List past trainings, and what differed between them.

    With BLOCK (the id of an exercise or of code to run): all that are kept of it, on a terminal with a picture of the
    newest, with --json with their curves.
    """
    from tutor import paths
    from tutor.runs import Runs

    store = Runs(paths.state_dir() / "runs")
    known = store.blocks()
    if block is not None and block not in known:
        _unknown(session, block, known)
    found = {name: store.recent(name) for name in ([block] if block is not None else known)}
    if as_json:
        echo_json({name: [_as_json(one, curves=block is not None) for one in kept] for name, kept in found.items()})
    elif not found:
        session.echo("No training is kept yet: run code that trains, in the window.")
    else:
        for name, kept in found.items():
            _print(session, store, name, kept)
        if block is not None:
            _draw(session, found[block])
    for sentence in store.problems:
        click.echo(session.text(sentence), err=True)
    return 0


def _unknown(session: Session, block: str, known: list[str]) -> None:
    """Raises UsageError, unless the course has such a block, of which nothing is kept."""
    from tutor.errors import UsageError
    from tutor.words import did_you_mean

    tasks = [task.id for entry in session.course.lessons for task in entry.tasks]
    if block in tasks:
        raise UsageError(f"No training of {block} is kept yet.", "Run it in the window, or with `dl-tutor open`.")
    meant = did_you_mean(block, [*known, *tasks], "`")
    raise UsageError(f"There is no block {block!r}.", meant or "`dl-tutor list` has them.")


def _print(session: Session, store: Runs, block: str, kept: list[Record]) -> None:
    from tutor.runs import differences, short

    session.echo(f"{block}: {len(kept)} kept")
    for at, record in enumerate(kept):
        before = kept[at + 1] if at + 1 < len(kept) else None
        differs = short(differences(before, record), "->") if before is not None else "the first one kept"
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.when))
        best = f"best {record.best[0]} {record.best[2]:.4g} in epoch {record.best[1]}" if record.best else "no value"
        how = f"{best} of {record.epochs}, {record.seconds:.1f} s, seed {record.seed}"
        session.echo(f"  {record.title:<10} {day}  {how}")
        session.echo(f"             {differs}")
        if record.saved:
            session.echo(f"             model: {store.model_path(record)}")


def _draw(session: Session, kept: list[Record]) -> None:
    """The curves of the newest runs and how good each was at its best, on a terminal."""
    from tutor.commands.paper import Paper

    paper = Paper(session)
    scene = _scene(kept) if paper.live else None
    if scene is not None:
        paper.line()
        paper.drawing(scene)


def _scene(kept: list[Record]) -> Scene | None:
    """kept: the newest first. None where none of them has a curve of what the newest was best in."""
    from tutor.plots.scene import Bars, Chart, Scene, Series

    metric = next((one.best[0] for one in kept if one.best), "")
    drawn = [one for one in kept if metric in one.curves][:MOST_DRAWN]
    if not drawn:
        return None
    curves = tuple(
        Series(*one.curves[metric], label=one.title, colour=at, dash=at % 3) for at, one in enumerate(drawn)
    )
    best = tuple(one.best[2] if one.best and one.best[0] == metric else math.nan for one in drawn)
    chart = Chart(curves, xlabel="epoch", ylabel=metric, whole_x=True)
    if len(drawn) == 1:
        return Scene((chart,))
    bars = Bars(tuple(one.title for one in drawn), (best,), ylabel=f"best {metric}", horizontal=True)
    return Scene((chart, bars), shares=(3, 2))


def _as_json(record: Record, *, curves: bool) -> dict[str, object]:
    found: dict[str, object] = {
        name: getattr(record, name)
        for name in ("run", "number", "name", "when", "seed", "seconds", "pauses", "model", "source", "arguments",
                     "epochs", "planned", "reason", "note", "parameters", "saved")
    }  # fmt: skip
    found["best"] = dict(zip(("metric", "epoch", "value"), record.best, strict=True)) if record.best else None
    if curves:
        found["code"] = record.code
        found["curves"] = {name: {"epoch": x, "value": list(map(_finite, y))} for name, (x, y) in record.curves.items()}
    return found


def _finite(value: float) -> float | None:
    """JSON knows neither nan nor inf."""
    return value if math.isfinite(value) else None
