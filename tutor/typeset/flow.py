"""Running text: inlines to words, words to lines of a width in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rich.cells import cell_len, chop_cells
from rich.text import Text

from tutor import maths
from tutor.course import model
from tutor.typeset.text_look import Look
from tutor.words import to_ascii


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style. whole: it is not broken inside, blanks and all. end: the line ends after it."""

    text: str
    style: str = ""
    whole: bool = False
    end: bool = False


@dataclass(slots=True)
class Word:
    """Pieces that stay together on a line."""

    pieces: list[Piece] = field(default_factory=list)
    end: bool = False

    @property
    def width(self) -> int:
        return sum(cell_len(piece.text) for piece in self.pieces)

    @property
    def ends_in_digit(self) -> bool:
        return bool(self.pieces) and self.pieces[-1].text[-1:].isdigit()


def pieces(inlines: Iterable[model.Inline], look: Look, style: str = "") -> Iterator[Piece]:
    """The inlines with their styles joined, outer ones first."""
    for inline in inlines:
        match inline:
            case model.Text():
                yield Piece(_plain(inline.text, look), style)
            case model.Code():
                yield Piece(_plain(inline.text, look), _joined(style, look.code), whole=cell_len(inline.text) <= 30)
            case model.Math():
                yield _maths(inline.latex, look, style)
            case model.Strong():
                yield from pieces(inline.children, look, _joined(style, look.strong))
            case model.Emphasis() if not look.emphasis:
                yield from pieces((model.Text("*"), *inline.children, model.Text("*")), look, style)
            case model.Emphasis():
                yield from pieces(inline.children, look, _joined(style, look.emphasis))
            case model.Link():
                yield from pieces(inline.children, look, _joined(style, look.link))
            case model.Image():
                yield Piece(_plain(f"[{inline.alt}]", look), _joined(style, look.quiet))
            case model.Break():
                yield Piece("" if inline.hard else " ", style, end=inline.hard)


def _maths(latex: str, look: Look, style: str) -> Piece:
    """A formula on one line; as it was written where it cannot be read."""
    try:
        return Piece(maths.inline(latex, look.ascii), _joined(style, look.maths), whole=True)
    except maths.MathsError:
        return Piece(_plain(latex, look), _joined(style, look.broken), whole=True)


def _plain(text: str, look: Look) -> str:
    return to_ascii(text) if look.ascii else text


def _joined(outer: str, inner: str) -> str:
    return f"{outer} {inner}".strip()


def inlines(content: Iterable[model.Inline], look: Look, style: str = "") -> Text:
    """The inlines as one text, not wrapped; a hard break is a newline."""
    text = Text(end="")
    for piece in pieces(content, look, style):
        text.append("\n" if piece.end else piece.text, piece.style or None)
    return text


def words(content: Iterable[Piece]) -> list[Word]:
    """Pieces cut at their blanks; a number and its % stay together."""
    found: list[Word] = []
    current = Word()

    def finish(end: bool = False) -> None:
        nonlocal current
        if current.pieces or end:
            current.end = end
            found.append(current)
            current = Word()

    for piece in content:
        if piece.end:
            finish(end=True)
            continue
        if piece.whole:
            current.pieces.append(piece)
            continue
        parts = piece.text.replace("\t", " ").replace("\n", " ").split(" ")
        for i, part in enumerate(parts):
            held = i > 0 and part.startswith("%") and current.ends_in_digit
            if i and not held:
                finish()
            if part:
                current.pieces.append(Piece(f" {part}" if held else part, piece.style))
    finish()
    return found


def flow(content: Iterable[model.Inline], width: int, look: Look, style: str = "") -> list[Text]:
    """The inlines in lines of at most `width` cells. Formulas are broken only where one is wider than a line."""
    return fill(words(pieces(content, look, _joined(look.text, style))), width)


def fill(content: list[Word], width: int) -> list[Text]:
    """Words in lines, each line as full as it goes."""
    width = max(width, 1)
    lines: list[Text] = []
    line = Text(end="")
    used = 0
    style_before = ""
    for word in content:
        for part in _parts(word, width):
            room = part.width
            if used and used + 1 + room > width:
                lines.append(line)
                line, used = Text(end=""), 0
            if used:
                same = part.pieces and part.pieces[0].style == style_before
                line.append(" ", style_before or None) if same else line.append(" ")
                used += 1
            for piece in part.pieces:
                line.append(piece.text, piece.style or None)
                style_before = piece.style
            used += room
        if word.end:
            lines.append(line)
            line, used = Text(end=""), 0
    if used or not lines:
        lines.append(line)
    return lines


def _parts(word: Word, width: int) -> list[Word]:
    """A word too wide for any line, taken apart: at the blanks of a formula first, else anywhere."""
    if word.width <= width:
        return [word]
    if any(piece.whole and " " in piece.text for piece in word.pieces):
        loose = [Piece(piece.text, piece.style) for piece in word.pieces]
        return [part for inner in words(loose) for part in _parts(inner, width)]
    found: list[Word] = [Word()]
    for piece in word.pieces:
        for chunk in chop_cells(piece.text, width):
            if found[-1].pieces and found[-1].width + cell_len(chunk) > width:
                found.append(Word())
            found[-1].pieces.append(Piece(chunk, piece.style))
    return found
