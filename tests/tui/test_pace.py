"""What a key changes is drawn at once, whatever the frame rate; garbage waits until nobody types."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator

import pytest
from textual import events

from tests.tui.test_window import settled, window
from tutor.tui.life import sweeping
from tutor.tui.life.sweeping import Sweeper
from tutor.tui.screens.home import HomeScreen

__all__ = ["window"]


async def test_keys_do_not_wait_for_a_frame(window, monkeypatch: pytest.MonkeyPatch) -> None:
    app = window()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, HomeScreen)
        drawn: list[str] = []
        monkeypatch.setattr(screen._update_timer, "resume", lambda: drawn.append("asked for a frame"))
        monkeypatch.setattr(app, "_display", lambda on, what: drawn.append("drawn"))
        screen.bottom.refresh()
        await until(lambda: bool(drawn))
        assert set(drawn) == {"asked for a frame"}
        for key in ("down", "up"):
            drawn.clear()
            app.post_message(events.Key(key, None))
            await until(lambda: "drawn" in drawn)


async def until(wanted: Callable[[], bool]) -> None:
    """A pilot draws by itself whenever it waits."""
    async with asyncio.timeout(20):
        while not wanted():
            await asyncio.sleep(0.01)


class Knot:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def sweeper() -> Iterator[Sweeper]:
    """At work, with collections due."""
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    sweeper = Sweeper()
    sweeper.begin()
    assert gc.get_freeze_count() > frozen
    yield sweeper
    sweeper.end()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def aged() -> weakref.ref[Knot]:
    """A knot that is garbage, in the oldest generation, with a collection of that due."""
    knot = Knot()
    for _ in range(sweeping.DUE + 2):
        gc.collect(1)
    return weakref.ref(knot)


@pytest.mark.skipif(not gc.get_threshold()[2], reason="this Python's collector goes in small steps by itself")
def test_garbage_goes_once_nobody_types(sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(sweeping.time, "monotonic", lambda: now[0])
    garbage = aged()
    sweeper.key()
    sweeper.look()
    assert garbage() is not None, "someone types"
    now[0] += sweeping.QUIET
    sweeper.look()
    assert garbage() is None


def test_nothing_is_gone_through_where_nothing_is_due(sweeper: Sweeper) -> None:
    gc.collect()
    before = gc.get_stats()[2]["collections"]
    sweeper.look()
    assert gc.get_stats()[2]["collections"] == before
