"""What all our screens share: a bar above, a bar below, notices, and saving at any moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen, ScreenResultType

from tutor.tui import actions
from tutor.tui.door import Tutor, tutor_of
from tutor.tui.textual_private import draw_now
from tutor.tui.widgets.screen_bars import BottomBar, TopBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from tutor.tui.looks.theme import Palette, Signs


NOTICE_STAYS, GRAVE_STAYS = 8.0, 30.0
"""Seconds for which a notice stays: time to read two lines, and to come back to a problem."""


def style_beside(file: str) -> str:
    """The style sheet of a screen that is not there from the start: NAME.tcss beside NAME.py."""
    return Path(file).with_suffix(".tcss").read_text(encoding="utf-8")


class Leaving(Screen[ScreenResultType]):
    """A screen that closes as often as it is told to, and only itself. What a key changes is drawn at once; all else
    waits for its turn at the frame rate."""

    _keys_drawn = 0

    def on_idle(self) -> None:
        """All that has come was heard, and may have to be drawn."""
        keys = tutor_of(self).keys_heard
        if keys != self._keys_drawn and draw_now(self):
            self._keys_drawn = keys

    def leave(self, result: ScreenResultType | None = None) -> None:
        """Close, with this result. Nothing where it has closed already, or has another above it: a key may come again
        before the screen has gone, and Textual would close whatever is on top."""
        if self.app.screen is self:
            self.dismiss(result)


class TutorScreen(Leaving[object]):
    """A screen of the tutor. It yields `self.top` and `self.bottom` among its own widgets.

    Parts that answers, timers or other windows write to are attributes: such a call may come while the screen is
    being taken down, when looking a part up fails.
    """

    BINDINGS = [*actions.bindings("everywhere")]

    def __init__(self) -> None:
        super().__init__()
        self.top, self.bottom = TopBar(), BottomBar()
        self._notice_timer: Timer | None = None

    @property
    def tutor(self) -> Tutor:
        """The window."""
        return tutor_of(self)

    @property
    def palette(self) -> Palette:
        return self.tutor.palette

    @property
    def signs(self) -> Signs:
        return self.tutor.signs

    def label_of(self, action: actions.Action) -> str:
        """What the line of keys calls it here; "" keeps the registry's label."""
        return ""

    def leaves_out(self, action: actions.Action) -> bool:
        """Whether the line of keys goes without it, though its key acts: it would only say why it cannot yet."""
        return False

    def say(self, notice: str, *, grave: bool = False) -> None:
        """Say something on the rule above the keys. It goes with time; what is grave stays for longer."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
            self._notice_timer = None
        self.bottom.say(notice, grave=grave)
        if notice:
            self._notice_timer = self.set_timer(GRAVE_STAYS if grave else NOTICE_STAYS, self._unsay)

    def _unsay(self) -> None:
        self._notice_timer = None
        self.bottom.say("")

    def save_now(self) -> None:
        """Put on disk, at once, whatever this screen holds that is not there yet."""

    def action_find(self) -> None:
        self.tutor.open_find()

    def action_help(self) -> None:
        self.tutor.open_help()
