"""The shortest way from what stands on a terminal to what shall stand there."""

from __future__ import annotations

from operator import ne, or_

from tutor.tui.output.cells import CellGrid, CellRow, all_narrow, is_plain
from tutor.tui.output.styles import CellLook, blank, change, parse

_GAP = 5
"""Columns that did not change and are sent all the same, as going past them takes as much."""
_RUN = 6
"""Blanks in a row from which on they are erased instead of sent."""
_PLAIN = parse("")


class Changes:
    """Holds what stands on the terminal. erases: whether erasing takes the background's colour there (in tmux
    and xterm it does, in screen it does not)."""

    def __init__(self, columns: int, rows: int, *, erases: bool = True) -> None:
        self.shown = CellGrid(columns, rows)
        self._erases = erases
        self._look: CellLook | None = None
        self._x = self._y = -1
        self._out: list[str] = []

    def forget(self, columns: int, rows: int) -> str:
        """Nothing is known of the terminal any more: the sequence that empties it."""
        self.shown = CellGrid(columns, rows)
        self._look, self._x, self._y = _PLAIN, 0, 0
        return "\x1b[m\x1b[2J\x1b[H"

    def row(self, y: int, wanted: CellRow) -> str:
        """What brings row y there; it counts as sent."""
        shown = self.shown.lines[y]
        if shown.cells == wanted.cells and shown.styles == wanted.styles:
            return ""
        for start, end in _spans(shown, wanted):
            self._span(y, start, end, wanted)
        shown.cells[:] = wanted.cells
        shown.styles[:] = wanted.styles
        out, self._out = "".join(self._out), []
        return out

    def cursor(self, x: int, y: int) -> str:
        """What brings the cursor there."""
        self._go(x, y)
        out, self._out = "".join(self._out), []
        return out

    # ------------------------------------------------------------------ one span

    def _span(self, y: int, start: int, end: int, wanted: CellRow) -> None:
        cells, styles = wanted.cells, wanted.styles
        x = start
        while x < end:
            stop = x + 1
            if cells[x] == " ":
                look = blank(styles[x])
                while stop < end and cells[stop] == " " and blank(styles[stop]) == look:
                    stop += 1
                if self._erase(x, y, stop, look, wanted):
                    x = stop
                    continue
                if self._look is not None and blank_of(self._look) == look:
                    look = self._look  # the colour of letters does not matter to blanks
            else:
                style = styles[x]
                look = parse(style)
                while stop < end and (styles[stop] == style or not cells[stop]):
                    if cells[stop] == " " and (stop + 1 == end or cells[stop + 1] == " "):
                        break  # several blanks may be erased
                    stop += 1
            self._go(x, y)
            self._set(look)
            self._text(cells, x, y, stop)
            x = stop

    def _erase(self, x: int, y: int, stop: int, look: CellLook, wanted: CellRow) -> bool:
        """Blanks from x to stop as an erasure, where that is shorter and looks the same."""
        if stop - x < _RUN or look.attributes or (look.back and not self._erases):
            return False
        self._go(x, y)
        self._set(look)
        self._out.append("\x1b[K" if stop == len(wanted.cells) else f"\x1b[{stop - x}X")
        return True

    def _text(self, cells: list[str], x: int, y: int, stop: int) -> None:
        """Cells of one look. Behind one whose width terminals do not agree on, the place is said anew."""
        columns = self.shown.columns
        text = "".join(cells[x:stop])
        if all_narrow(text):
            self._out.append(text)
            self._x = x = stop
        while x < stop:
            at = x
            while at < stop and is_plain(cells[at]):
                at += 1
            self._out.append("".join(cells[x:at]))
            self._x = at
            if at < stop:
                self._go(at, y)
                self._out.append(cells[at])
                at += 1
                while at < stop and not cells[at]:
                    at += 1
                self._x = self._y = -1
                if at < stop:
                    self._go(at, y)
            x = at
        if self._x >= columns:  # terminals differ in where the cursor is behind the last column
            self._x = self._y = -1

    def _set(self, look: CellLook) -> None:
        if self._look is None:
            self._out.append(f"\x1b[m{change(_PLAIN, look)}")
        else:
            self._out.append(change(self._look, look))
        self._look = look

    def _go(self, x: int, y: int) -> None:
        """Move the cursor, the shortest way."""
        if (x, y) == (self._x, self._y):
            return
        place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
        ways = [place]
        if y == self._y >= 0:
            if x == 0:
                ways.append("\r")
            elif x > self._x:
                ways.append("\x1b[C" if x == self._x + 1 else f"\x1b[{x - self._x}C")
            else:
                ways.append("\x08" * (self._x - x) if self._x - x < 4 else f"\x1b[{self._x - x}D")
        elif x == 0 and self._y >= 0 and y == self._y + 1:
            ways.append("\r\n")
        self._out.append(min(ways, key=len))
        self._x, self._y = x, y


def blank_of(look: CellLook) -> CellLook:
    """What is seen of a look on blanks."""
    return blank(";".join([*sorted(look.attributes), *filter(None, (look.fore, look.back))]))


def _spans(shown: CellRow, wanted: CellRow) -> list[tuple[int, int]]:
    """From where to where cells differ, whole characters; spans close to each other are one."""
    spans: list[tuple[int, int]] = []
    columns, old, new = len(wanted.cells), shown.cells, wanted.cells
    differs = bytes(map(or_, map(ne, old, new), map(ne, shown.styles, wanted.styles)))
    end = 0
    while (start := differs.find(1, end)) >= 0:
        end = differs.find(0, start)
        end = columns if end < 0 else end
        first, last = start, end
        while first < last and _looks_alike(shown, wanted, first):
            first += 1
        while first < last and _looks_alike(shown, wanted, last - 1):
            last -= 1
        if first == last:
            continue
        while first and (not new[first] or not old[first]):
            first -= 1
        while last < columns and (not new[last] or not old[last]):
            last += 1
        if spans and first - spans[-1][1] <= _GAP:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return spans


def _looks_alike(shown: CellRow, wanted: CellRow, x: int) -> bool:
    """Whether it is a blank that looks the same in either style."""
    return shown.cells[x] == wanted.cells[x] == " " and blank(shown.styles[x]) == blank(wanted.styles[x])
