"""Help: every key, by the place where it acts, from the registry of actions."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import Screen

from tutor.tui import actions
from tutor.tui.screens.base import TutorScreen
from tutor.tui.widgets.lines import Lines

KEYS_WIDTH = 16


class AllKeys(Lines):
    """The table of keys. first: places that come first, those of the screen from which help was asked."""

    DEFAULT_CSS = "AllKeys { height: auto; max-width: 80; }"

    def __init__(self, first: list[str]) -> None:
        super().__init__()
        self._first = first

    def make(self, width: int) -> list[Text]:
        palette = self.palette
        lines: list[Text] = []
        others = [place for place in actions.PLACES if place not in self._first]
        places = sorted([*self._first, *others], key=lambda place: place == "everywhere")  # that one last
        for place in places:
            listed = [action for action in actions.at(place) if action.help]
            if not listed:
                continue
            lines += [Text(), Text(actions.PLACES[place], f"bold {palette.accent}")]
            for action in listed:
                lines += self._row(action, width)
        return lines[1:]

    def _row(self, action: actions.Action, width: int) -> list[Text]:
        keys = action.every_key()
        if self.signs.arrows != "↑↓":
            for sign, word in {"↑↓": "up/down", "←→": "left/right", "↑": "up", "↓": "down", "←": "left", "→": "right",
                               "…": "to"}.items():  # fmt: skip
                keys = keys.replace(sign, word)
        words = Text(action.help, self.palette.text).wrap(self.app.console, max(width - KEYS_WIDTH - 2, 10))
        lead = Text(keys, self.palette.key)
        rows = []
        if lead.cell_len > KEYS_WIDTH:
            rows.append(Text.assemble("  ", lead))
            lead = Text()
        for row in words:
            rows.append(Text.assemble("  ", lead, " " * max(KEYS_WIDTH - lead.cell_len, 0), row))
            lead = Text()
        return rows


class HelpScreen(TutorScreen):
    """below: the screen from which help was asked."""

    BINDINGS = actions.bindings("list", only=("close",))

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        found = [actions.of_binding(one.binding) for one in below.active_bindings.values()]
        self._places = list(dict.fromkeys(action.place for action in found if action is not None))

    def compose(self) -> ComposeResult:
        yield self.top
        with Keys(id="keys"):
            yield AllKeys(self._places)
        yield self.bottom

    def on_mount(self) -> None:
        self.top.show("Keys", "the ones that act where you were come first")
        self.query_one(Keys).focus()

    def action_close(self) -> None:
        self.leave()

    def action_help(self) -> None:
        self.action_close()


class Keys(VerticalScroll, can_focus=True, inherit_bindings=False):
    BINDINGS = [*actions.bindings("scroll")]
