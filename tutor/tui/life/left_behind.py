"""Runs whose window closed before they had ended: they are said once, where the screen does not show them anyway."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from tutor.tui.door import ShowsTask

if TYPE_CHECKING:
    from tutor.tui.shared import SharingApp

SOON = 1.0
"""Seconds after the first picture at which to look: nobody waits for this."""


async def say_left_behind(app: SharingApp) -> None:
    """Look for such runs, and say where they can be seen."""
    await asyncio.to_thread(importlib.import_module, "tutor.engine.client.engine")  # off the event loop
    from tutor.engine.client.engine import Engine

    look = f"{app.progress.window}-look"  # one of its own: a line that stays would keep its host
    engine = Engine(window=look, on_state=app.engine_state)
    try:
        runs = await engine.left_behind()
    finally:
        await engine.close()
    # the workbench takes the runs of its task up by itself
    shown = app.screen.task_shown() if isinstance(app.screen, ShowsTask) else ""
    found = {run.rpartition("-")[0]: None for run in runs}
    numbers = {task.id: entry.number for entry in app.course.lessons for task in entry.tasks}
    places = [f"{block} ({numbers[block]})" for block in found if block in numbers and block != shown]
    if places:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        app.say(f"Left behind while it ran: {places[0]}{more}. Open it to see.")
