"""Code to read: indented and highlighted; a line too long goes on below, behind a mark."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells
from rich.text import Text

from tutor.typeset.text_look import Look
from tutor.words import to_ascii

INDENT = 2


def code_lines(code: str, language: str, width: int, look: Look) -> list[Text]:
    """The code in lines of at most `width` cells."""
    source = code.expandtabs(4).rstrip("\n")
    source = to_ascii(source) if look.ascii else source
    mark = "\\ " if look.ascii else "↪ "
    room = max(width - INDENT, 4)
    lines: list[Text] = []
    for line in highlighted(source, language, look).split("\n", allow_blank=True):
        line.end = ""
        lines += [_padded(piece, width, look) for piece in _continued(line, room, mark, look)]
    return lines


def _continued(line: Text, room: int, mark: str, look: Look) -> list[Text]:
    """A line cut where it is too long, with the mark before what goes on."""
    if cell_len(line.plain) <= room:
        return [line]
    ends = []
    at, width = 0, room
    while cell_len(line.plain[at:]) > width:
        at += _cut(chop_cells(line.plain[at:], width)[0])
        ends.append(at)
        width = max(room - len(mark), 2)
    parts = list(line.divide(ends))
    return [parts[0], *(Text.assemble((mark, look.quiet), part, end="") for part in parts[1:])]


def _cut(chunk: str) -> int:
    """Where a line is best cut: behind its last blank, comma or bracket, if that is not too far left."""
    for at in range(len(chunk), len(chunk) * 2 // 3, -1):
        if chunk[at - 1] in " ,([{" and chunk[:at].strip():
            return at
    return len(chunk)


def _padded(line: Text, width: int, look: Look) -> Text:
    text = Text(" " * INDENT, end="")
    text.append_text(line)
    if look.surface:
        text.append(" " * max(width - cell_len(text.plain), 0))
        text.stylize_before(look.surface)
    return text


def highlighted(source: str, language: str, look: Look) -> Text:
    """The source with styles; as it is where the language has no lexer. Pygments is imported only here."""
    if not language or language == "text":
        return Text(source, end="")
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.split()[0], ensurenl=False, stripnl=False)
    except ClassNotFound:
        return Text(source, end="")
    text = Text(end="")
    for kind, value in lexer.get_tokens(source):
        text.append(value, _style(str(kind), look) or None)
    return text


def _style(kind: str, look: Look) -> str:
    """The style of a token, by the beginning of its name."""
    if kind.startswith(("Token.Keyword", "Token.Operator.Word")):
        return look.keyword
    if kind.startswith("Token.Comment"):
        return look.comment
    if kind.startswith("Token.Literal"):
        return look.literal
    if kind.startswith(("Token.Name.Function", "Token.Name.Class")):
        return look.name
    return ""
