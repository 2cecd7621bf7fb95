"""How the screens look, at the smallest usual size and at a large one. The pictures lie in tests/snapshots."""

from __future__ import annotations

import pytest

from tests.tui.test_window import settled, window  # noqa: F401  (a fixture)

SIZES = [(80, 24), (160, 50)]


def _after(*keys: str, page: int = 0):
    async def run(pilot) -> None:
        await settled(pilot)
        if page:
            await pilot.app.screen.go(page)
            await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return run


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x50"])
@pytest.mark.parametrize(
    ("lesson", "page", "keys"),
    [
        ("", 0, ()),
        ("everything", 0, ()),
        ("everything", 1, ("enter", "1", "enter")),
        ("everything", 0, ("o",)),
        ("everything", 0, ("question_mark",)),
    ],
    ids=["home", "page", "quiz", "outline", "help"],
)
def test_screen(snap_compare, window, lesson, page, keys, size):  # noqa: F811
    assert snap_compare(window(lesson), terminal_size=size, run_before=_after(*keys, page=page))
