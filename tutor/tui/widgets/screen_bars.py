"""The two lines above a screen and the two below it: title and rule; rule (with a notice) and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from tutor.tui import actions
from tutor.tui.door import NamesKeys
from tutor.tui.keys import keymap
from tutor.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.events import Click
    from textual.screen import Screen


def spread(left: Text, right: Text, width: int) -> Text:
    """left at the left end, right at the right end; left is cut where both do not fit."""
    room = width - right.cell_len - (2 if right.cell_len else 0)
    if left.cell_len > room:
        left = left.copy()
        left.truncate(max(room, 0), overflow="ellipsis")
    gap = max(width - left.cell_len - right.cell_len, 0)
    return Text.assemble(left, " " * gap, right)


class TopBar(Lines):
    """Where one is (left) and how far one is (right), with a rule below. joint: column where a pane below begins."""

    DEFAULT_CSS = "TopBar { dock: top; height: 2; }"

    def __init__(self) -> None:
        super().__init__(id="top")
        self._left = self._right = Text()
        self.joint = -1

    def show(self, left: Text | str, right: Text | str = "") -> None:
        """Show these words; a plain string is set in the heading's style."""
        self._left = left if isinstance(left, Text) else Text(left, self.palette.heading)
        self._right = right if isinstance(right, Text) else Text(right, self.palette.dim)
        self.changed(layout=False)

    def make(self, width: int) -> list[Text]:
        line = spread(self._left, self._right, max(width - 2, 0))
        return [Text.assemble(" ", line), rule(width, self, self.joint, self.signs.tee_down)]


def rule(width: int, lines: Lines, joint: int, sign: str) -> Text:
    """A hairline of this width, with `sign` where a pane's edge meets it (joint: column, -1 for none)."""
    dash = lines.signs.rule
    text = dash * width
    if 0 <= joint < width:
        text = dash * joint + sign + dash * (width - joint - 1)
    return Text(text, lines.palette.rule)


class BottomBar(Lines):
    """A rule, which also carries notices, and the few keys that matter where the focus is."""

    DEFAULT_CSS = "BottomBar { dock: bottom; height: 2; }"

    def __init__(self) -> None:
        super().__init__(id="bottom")
        self._notice = ""
        self._grave = False
        self._keys: list[tuple[actions.Action, str]] = []
        self.joint = -1

    @property
    def notice(self) -> str:
        """What is being said just now."""
        return self._notice

    def say(self, notice: str, *, grave: bool = False) -> None:
        """Say it until something else is said; "" says nothing."""
        self._notice, self._grave = keymap.spelled(notice), grave
        self.changed(layout=False)

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)
        self._bindings_updated(self.screen)

    def _bindings_updated(self, screen: Screen[object]) -> None:
        named = [(action, action.label) for action in active(screen)]
        if isinstance(screen, NamesKeys):
            named = [(one, screen.label_of(one) or label) for one, label in named if not screen.leaves_out(one)]
        if named != self._keys:
            self._keys = named
            self.changed(layout=False)

    def make(self, width: int) -> list[Text]:
        return [self._rule(width), self._key_line(width)]

    def _rule(self, width: int) -> Text:
        line = rule(width, self, self.joint, self.signs.tee_up)
        if not self._notice:
            return line
        notice = Text(f" {self._notice} ", self.palette.warn if self._grave else self.palette.accent)
        notice.truncate(max(width - 2, 0), overflow="ellipsis")
        return Text.assemble(line[:1], notice, line[1 + notice.cell_len :])

    def _key_line(self, width: int) -> Text:
        palette = self.palette
        parts = []
        for action, label in self._fitting(width):
            parts.append(Text.assemble((self._written(action), palette.key), (f" {label}", palette.dim)))
        return Text.assemble(" ", spread(Text("  ").join(parts), Text(), max(width - 2, 0)))

    def _fitting(self, width: int) -> list[tuple[actions.Action, str]]:
        return fitting(self._keys, width - 2, self.signs.arrows, self.signs.sides)

    def _action_at(self, x: int) -> actions.Action | None:
        """The action whose key and label stand at this column of the line of keys."""
        start = 1
        for action, label in self._fitting(self.size.width):
            end = start + cell_len(f"{self._written(action)} {label}")
            if start <= x < end:
                return action
            start = end + 2
        return None

    def on_click(self, event: Click) -> None:
        """A click on a key is that key; where two stand together (arrows), nobody knows which was meant."""
        action = self._action_at(event.x) if event.y == 1 else None
        if action is not None and ";" not in action.action and action.action != "none":
            self.app.simulate_key(action.keys[0])

    def _written(self, action: actions.Action) -> str:
        return short(action, self.signs.arrows, self.signs.sides)


def short(action: actions.Action, arrows: str, sides: str) -> str:
    """Its first key only, as the line of keys writes it."""
    shown = action.shown or actions.key_name(action.keys[0])
    return {"↑↓": arrows, "←→": sides}.get(shown, shown)


def fitting(
    keys: list[tuple[actions.Action, str]], room: int, arrows: str = "↑↓", sides: str = "←→"
) -> list[tuple[actions.Action, str]]:
    """Those of `keys` that fit into `room` cells; the least important go first."""
    kept = list(keys)

    def needed() -> int:
        sizes = [cell_len(f"{short(action, arrows, sides)} {label}") for action, label in kept]
        return sum(sizes) + 2 * max(len(sizes) - 1, 0)

    while kept and needed() > room:
        last = max(range(len(kept)), key=lambda at: (kept[at][0].keep, at))
        del kept[last]
    return kept


def _typed(screen: Screen[object], key: str) -> bool:
    """Whether what has the focus takes this key as a letter."""
    character = {"slash": "/", "question_mark": "?", "space": " ", "colon": ":"}.get(
        key, key if len(key) == 1 else None
    )
    return screen.focused is not None and character is not None and screen.focused.check_consume_key(key, character)


def active(screen: Screen[object]) -> list[actions.Action]:
    """The registered actions that act where the focus is and belong on the line of keys: the focus's own first,
    what holds everywhere and what leaves last."""
    found: dict[str, actions.Action] = {}
    taken: set[str] = set()
    for key, (_, binding, enabled, _tip) in screen.active_bindings.items():
        action = actions.of_binding(binding)
        if action is None or not binding.show or not enabled or action.keys[0] != key:
            continue
        if action.label in taken or _typed(screen, key):
            continue
        taken.add(action.label)
        found[action.id] = action
    last = [action for action in found.values() if action.place == "everywhere" or "escape" in action.keys]
    return [action for action in found.values() if action not in last] + sorted(
        last, key=lambda action: "escape" in action.keys
    )
