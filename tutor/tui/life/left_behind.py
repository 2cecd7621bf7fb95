"""Runs whose window closed before they had ended: they are said once, where the screen does not show them anyway."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

SOON = 1.0
"""Seconds after the first picture: nobody waits for this."""


async def say_left_behind(app: TutorApp) -> None:
    """Look for such runs, and say where they can be seen."""
    from tutor.engine.client.engine import Engine

    engine = Engine(window=f"{app.progress.window}-look")  # one of its own: a line that stays would keep its host
    try:
        runs = await engine.unseen()
    finally:
        await engine.close()
    shown = _shown(app)
    found = {run.rpartition("-")[0]: None for run in runs}
    numbers = {task.id: entry.number for entry in app.course.lessons for task in entry.tasks}
    places = [f"{block} ({numbers[block]})" for block in found if block in numbers and block != shown]
    say = getattr(app.screen, "say", None)
    if places and say is not None:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        say(f"Left behind while it ran: {places[0]}{more}. Open it to see.")


def _shown(app: TutorApp) -> str:
    """The task in the workbench, which takes its own runs up; "" where none is open."""
    bench = getattr(app.screen, "workbench", None)
    return bench.task_id or "" if bench is not None else ""


def look_soon(app: TutorApp) -> None:
    """Look once, when the window has been there for a moment."""

    async def look() -> None:
        await asyncio.to_thread(importlib.import_module, "tutor.engine.client")  # a moment of work, off the event loop
        await say_left_behind(app)

    app.set_timer(SOON, lambda: app.run_worker(look(), group="left-behind", exit_on_error=False))
