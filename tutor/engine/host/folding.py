"""One stream of what a run prints, as a terminal would have it in the end: carriage returns, backspaces and movements
of the cursor are folded, over any cut between reads, and what is left is made harmless.

The last rows can still be written over, as progress bars do; what a stream says anew begins with the row that changed.
"""

from __future__ import annotations

import codecs
import re

from tutor.messages.harmless import harmless

ROWS = 16
"""Rows that the cursor can go back to; what is further up stays as it is."""

_STRINGS = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9b-\x9f]"
_TOKEN = re.compile(
    r"([^\r\x08\x1b\x90\x98\x9b\x9d-\x9f]+)"  # 1 text
    r"|(\r+)"  # 2
    r"|(\x08+)"  # 3
    r"|(?:\x1b\[|\x9b)(\d{0,4})([ABCDGJK])"  # 4, 5 movements, and what they wipe
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    rf"|{_STRINGS}*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
    r"|(.)",  # 6 what is begun and never ended
    re.DOTALL,
)
_UNFINISHED = re.compile(rf"(?:(?:\x1b\[|\x9b)[0-?]{{0,64}}[ -/]{{0,8}}|{_STRINGS}{{0,4096}}\x1b?|\x1b[ -/]{{0,8}})\Z")


class _Row:
    """chars: what stands in it. redrawn: the cursor went back in it, so that blanks at its end were made to wipe."""

    __slots__ = ("_text", "changed", "chars", "redrawn")

    def __init__(self) -> None:
        self.chars: list[str] = []
        self.redrawn = False
        self.changed = False
        self._text = ""

    @property
    def text(self) -> str:
        """Harmless."""
        if self.changed:
            text = "".join(self.chars)
            text = text if text.isprintable() else harmless(text)
            self._text, self.changed = text.rstrip(" ") if self.redrawn else text, False
        return self._text


class FoldedStream:
    """Bytes in (`feed`), and out (`news`) what became of the text."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._rows = [_Row()]
        self._x = self._y = 0
        self._start = 0
        """Where the first of the rows begins, in characters of the text."""
        self._said = [""]
        """The rows as they were told last."""

    def feed(self, data: bytes, final: bool = False) -> None:
        """A sequence that is cut in two is kept for the next call."""
        text = self._rest + self._decoder.decode(data, final)
        self._rest = ""
        unfinished = None if final else _UNFINISHED.search(text, max(0, len(text) - 4200))
        if unfinished:
            text, self._rest = text[: unfinished.start()], text[unfinished.start() :]
        for found in _TOKEN.finditer(text):
            self._take(found)

    def news(self) -> tuple[int, str] | None:
        """(at, text): from character `at` on the text of the stream is this now. None where it is as it was."""
        said, now = self._said, [row.text for row in self._rows]
        same = next((i for i, (old, new) in enumerate(zip(said, now, strict=False)) if old != new), None)
        if same is None and len(said) == len(now):
            return None
        first = min(len(said), len(now)) - 1 if same is None else same
        at = self._start + sum(len(row) + 1 for row in said[:first])
        text = "\n".join(now[first:])
        if first == len(said) - 1 and now[first].startswith(said[first]):  # it goes on where it stood
            at, text = at + len(said[first]), text[len(said[first]) :]
        self._said = now
        self._let_go()
        return at, text

    def settle(self) -> None:
        """What stands there is not written over any more, as the other stream has ended the line. After `news`."""
        self._start += sum(len(row) + 1 for row in self._said) - 1
        self._rows, self._said, self._x, self._y = [_Row()], [""], 0, 0

    def _let_go(self) -> None:
        """The rows that can no longer be reached."""
        gone = min(len(self._rows) - ROWS, self._y)
        if gone > 0:
            self._start += sum(len(row) + 1 for row in self._said[:gone])
            del self._rows[:gone], self._said[:gone]
            self._y -= gone

    # -------------------------------------------------------------- the cursor

    def _take(self, found: re.Match[str]) -> None:
        match found.lastindex:
            case 1 | 6:
                first, *more = found[0].split("\n")
                self._write(first)
                for line in more:
                    self._y, self._x = self._y + 1, 0
                    if self._y == len(self._rows):
                        self._rows.append(_Row())
                    self._write(line)
            case 2:
                self._to(0)
            case 3:
                self._to(self._x - len(found[0]))
            case 5:
                self._move(found[5], found[4])

    def _write(self, text: str) -> None:
        if text:
            row = self._rows[self._y]
            row.chars[self._x : self._x + len(text)] = text
            row.changed = True
            self._x += len(text)

    def _to(self, x: int) -> None:
        """Another column of the same row; never behind its end."""
        row = self._rows[self._y]
        self._x = max(0, min(x, len(row.chars)))
        row.redrawn = row.redrawn or self._x < len(row.chars)

    def _move(self, kind: str, number: str) -> None:
        count = max(1, int(number or 1))
        if kind in "AB":
            last = len(self._rows) - 1
            self._y = max(0, last - ROWS + 1, min(self._y + (count if kind == "B" else -count), last))
            self._to(self._x)
        elif kind in "CDG":
            self._to({"C": self._x + count, "D": self._x - count, "G": count - 1}[kind])
        else:
            self._wipe(kind, int(number or 0))

    def _wipe(self, kind: str, what: int) -> None:
        """K: of this row, J: and of those below. what: 0 from the cursor on, 2 the whole row, where the cursor goes to
        its beginning; wiping what stands before the cursor is none of a progress bar's."""
        if what == 1 or (what and kind == "J"):
            return
        row = self._rows[self._y]
        row.redrawn = row.changed = True
        if what:
            self._x = 0
        del row.chars[self._x :]
        if kind == "J":
            del self._rows[self._y + 1 :]
