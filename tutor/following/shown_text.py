"""What a run has printed, as it is shown: a line that is printed over stands once, as it is now."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.messages.events import Output

MOST = 200_000
"""Characters that are kept for the screen; the engine ends a run long before that is a worry."""


@dataclass
class ShownText:
    """pieces: (stream, text) in order. A line that is printed over stands last, below what the other stream has said
    meanwhile. changes: how often it was another. most: characters that are kept at most."""

    most: int = MOST
    pieces: list[tuple[str, str]] = field(default_factory=list)
    changes: int = 0
    size: int = 0
    _kept: dict[str, int] = field(default_factory=dict)
    _told: dict[str, int] = field(default_factory=dict)
    _bars: set[str] = field(default_factory=set)
    """Streams whose last line is printed over, and not ended."""

    def take(self, event: Output) -> None:
        """Take one event in."""
        stream, told = event.stream, self._told.get(event.stream, 0)
        at = event.at if event.at >= 0 else told
        self._told[stream] = at + len(event.text)
        self.changes += 1
        if at < told:
            self._bars.add(stream)
        self._take_back(stream, self._kept.get(stream, 0) - at)
        if self._kept.get(stream, 0) == at:  # less where something before it was no longer kept
            self._add(stream, event.text[: self.most - self.size])

    def _add(self, stream: str, text: str) -> None:
        if not text:
            return
        self._grow(stream, len(text))
        bar = self._bar_below(stream) if text.endswith("\n") and not text.startswith("\n") else None
        self._put(stream, text)
        if bar is not None and bar[1]:
            self.pieces.append(bar)
        if "\n" in text:
            self._bars.discard(stream)

    def _put(self, stream: str, text: str) -> None:
        if self.pieces and self.pieces[-1][0] == stream:
            text = self.pieces.pop()[1] + text
        if text:
            self.pieces.append((stream, text))

    def _bar_below(self, stream: str) -> tuple[str, str] | None:
        """The line of the other stream that is printed over, taken away from the end."""
        if not self.pieces or self.pieces[-1][0] == stream or self.pieces[-1][0] not in self._bars:
            return None
        other, text = self.pieces.pop()
        ended = text.rfind("\n") + 1
        self._put(other, text[:ended])
        return other, text[ended:]

    def _take_back(self, stream: str, count: int) -> None:
        """The last `count` characters of a stream go."""
        place = len(self.pieces)
        while count > 0:
            place -= 1
            found, text = self.pieces[place]
            if found != stream:
                continue
            left = text[: max(0, len(text) - count)]
            self._grow(stream, len(left) - len(text))
            count -= len(text) - len(left)
            self.pieces[place : place + 1] = [(stream, left)] if left else []
            if not left:
                self._join(place)

    def _join(self, place: int) -> None:
        """Where a piece has gone, those of one stream become one."""
        if 0 < place < len(self.pieces) and self.pieces[place - 1][0] == self.pieces[place][0]:
            stream, text = self.pieces.pop(place)
            self.pieces[place - 1] = (stream, self.pieces[place - 1][1] + text)

    def _grow(self, stream: str, by: int) -> None:
        self.size += by
        self._kept[stream] = self._kept.get(stream, 0) + by
