"""What is asked of a view, and what it can be asked next: arguments in, controls out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.plots.scene import Control, Pick, Slider


class Wish:
    """Arguments as text, by the names of controls. Whatever is unknown or out of range is taken as the nearest that
    there is; each question adds a control, in order."""

    def __init__(self, arguments: dict[str, str]) -> None:
        self._arguments = arguments
        self.controls: list[Control] = []

    @property
    def rows(self) -> int:
        """Rows that there are for the answer's picture, as the window says."""
        text = self._arguments.get("rows", "")
        return min(max(int(text), 6), 200) if text.isdecimal() else 16

    def given(self, name: str) -> str:
        """As it came, "" where it did not."""
        return self._arguments.get(name, "")

    def pick(self, name: str, options: Sequence[str], default: str = "", help: str = "") -> str:
        """One of the words."""
        value = self._arguments.get(name, default)
        if value not in options:
            value = default if default in options else options[0]
        if len(options) > 1:
            self.controls.append(Pick(name, name.replace("_", " "), value, tuple(options), help))
        return value

    def number(self, name: str, last: int, default: int = 0, help: str = "") -> int:
        """A whole number from 0 to last."""
        try:
            asked = float(self._arguments.get(name, default))
        except ValueError:
            asked = float(default)
        value = min(max(round(asked), 0), last) if math.isfinite(asked) else default
        if last > 0:
            label = name.replace("_", " ")
            self.controls.append(Slider(name, label, value, 0, last, step=1.0, whole=True, help=help))
        return value
