"""What all our screens share: a bar above, a bar below, notices, and saving at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from tutor.tui import actions
from tutor.tui.widgets.bars import BottomBar, TopBar

if TYPE_CHECKING:
    from textual.timer import Timer

    from tutor.tui.app import TutorApp
    from tutor.tui.theme import Palette, Signs


NOTICE_STAYS, GRAVE_STAYS = 8.0, 30.0
"""Seconds for which a notice stays: time to read two lines, and to come back to a problem."""


class TutorScreen(Screen[object]):
    """A screen of the tutor. It yields `TopBar()` and `BottomBar()` among its own widgets."""

    BINDINGS = [*actions.bindings("everywhere")]

    _notice_timer: Timer | None = None

    @property
    def tutor(self) -> TutorApp:
        """The app, by its own type."""
        return cast("TutorApp", self.app)

    @property
    def palette(self) -> Palette:
        return self.tutor.palette

    @property
    def signs(self) -> Signs:
        return self.tutor.signs

    @property
    def top(self) -> TopBar:
        return self.query_one("#top", TopBar)

    @property
    def bottom(self) -> BottomBar:
        return self.query_one("#bottom", BottomBar)

    def label_of(self, action: actions.Action) -> str:
        """What the line of keys calls it here; "" keeps the registry's label."""
        return ""

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
