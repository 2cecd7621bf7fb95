"""How the controls of a live figure look: one cell for each, in one column or, where rows are few, in two."""

from __future__ import annotations

import math
from collections.abc import Container
from typing import TYPE_CHECKING

from rich.text import Text

from tutor.plots.scene import Movable, Pick, Slider, Stepper
from tutor.words import number, to_ascii

if TYPE_CHECKING:
    from tutor.tui.looks.theme import Palette

TWO_COLUMNS = 56
"""Columns of the window from which two controls can stand beside each other."""
LONGEST = 32
"""Cells of a slider's track at most."""
GAP = 2
NO_EFFECT = "no effect here"


def columns_for(count: int, width: int, rows: int) -> int:
    """1, or 2 in a window of `rows` rows where one column would leave no room for the picture."""
    return 2 if count > 3 and rows < 30 and width >= TWO_COLUMNS else 1


def grid(count: int, columns: int) -> list[list[int]]:
    """Which controls stand in which row; the first column is filled first, so that down leads down."""
    high = math.ceil(count / columns) if count else 0
    return [list(range(row, count, high)) for row in range(high)]


class ControlRows:
    """Lays controls out. ascii, palette: how this terminal shows them."""

    def __init__(self, palette: Palette, ascii_only: bool) -> None:
        self._palette, self._ascii = palette, ascii_only

    def draw(
        self, controls: tuple[Movable, ...], width: int, columns: int, chosen: int, typing: str | None,
        idle: Container[str] = (),
    ) -> list[Text]:  # fmt: skip
        """chosen: the control that has the keys, -1 for none. typing: what is being typed into it.

        idle: names of controls that change nothing as the others stand.
        """
        room = (width - GAP * (columns - 1)) // columns
        names = min(18, max((len(self._named(c)) for c in controls), default=4))
        rows = []
        for places in grid(len(controls), columns):
            cells = [
                self._cell(controls[at], room, names, at == chosen, typing, columns, controls[at].name in idle)
                for at in places
            ]
            rows.append(Text(" " * GAP).join(cells))
        return rows

    def _cell(
        self, control: Movable, room: int, names: int, chosen: bool, typing: str | None, columns: int, idle: bool
    ) -> Text:
        palette = self._palette
        cell = Text((">" if self._ascii else "▸") + " " if chosen else "  ", style=palette.accent)
        cell.append(f"{self._named(control):<{names}.{names}}  ", style=palette.strong if chosen else palette.text)
        style = palette.accent if chosen else palette.dim
        left = room - cell.cell_len - 1
        if isinstance(control, Pick) and idle:
            cell.append(f"{control.value}  ", style=palette.faint).append(NO_EFFECT, style=palette.faint)
        elif isinstance(control, Pick):
            cell.append_text(self._pick(control, left, style))
        else:
            value = f"{typing}_" if chosen and typing is not None else self._value(control)
            cell.append(f"{value:<{8 if columns > 1 else 9}.14} ", style=palette.accent if chosen else palette.text)
            track = self._track(control, room - cell.cell_len - 1, style)
            cell.append_text(Text(NO_EFFECT, style=palette.faint) if idle else track)
        cell.truncate(room, pad=True)
        return cell

    def _value(self, control: Movable) -> str:
        text = shown(control)
        return f"−{text[1:]}" if text.startswith("-") and not self._ascii else text

    def _named(self, control: Movable) -> str:
        return to_ascii(control.label) if self._ascii else control.label

    def _pick(self, control: Pick, room: int, style: str) -> Text:
        """Its words with the chosen one underlined; where they do not fit, the chosen one between two arrows."""
        words = Text("  ").join(
            Text(f"[{option}]" if self._ascii and option == control.value else option,
                 f"{style} underline" if option == control.value else self._palette.faint)
            for option in control.options
        )  # fmt: skip
        if words.cell_len <= room:
            return words
        left, right = ("<", ">") if self._ascii else ("◂", "▸")
        at = control.options.index(control.value) + 1 if control.value in control.options else 0
        return Text.assemble(
            (f"{left} ", self._palette.faint), (control.value, style), (f" {right}", self._palette.faint),
            (f"  {at} of {len(control.options)}", self._palette.faint),
        )  # fmt: skip

    def _track(self, control: Slider | Stepper, room: int, style: str) -> Text:
        quiet = self._palette.faint
        full, empty, knob = ("=", "-", "O") if self._ascii else ("━", "─", "●")
        left, right = ("<", ">") if self._ascii else ("◂", "▸")
        room = min(LONGEST, room) - 2
        if room < 6:
            return Text()
        at = round(share(control) * (room - 1))
        track = Text(left, style=quiet)
        track.append(full * at, style=style).append(knob, style=style)
        return track.append(empty * (room - 1 - at), style=quiet).append(right, style=quiet)


def share(control: Slider | Stepper) -> float:
    """Where between its ends a control stands, 0 to 1."""
    if isinstance(control, Stepper):
        return control.value / control.last if control.last else 0.0
    if control.stops:  # a press of a key leads from one to the next, however far apart they are
        nearest = min(range(len(control.stops)), key=lambda i: abs(control.stops[i] - control.value))
        return nearest / max(len(control.stops) - 1, 1)
    if control.log:
        value = min(max(control.value, control.low), control.high)
        return math.log(value / control.low) / math.log(control.high / control.low)
    return min(1.0, max(0.0, (control.value - control.low) / (control.high - control.low or 1)))


def shown(control: Movable) -> str:
    """The value as people read it."""
    if isinstance(control, Pick):
        return ""
    if isinstance(control, Stepper):
        return f"{control.value}/{control.last}"
    return f"{number(round(control.value) if control.whole else control.value)} {control.unit}".strip()
