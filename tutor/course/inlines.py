"""Words, code, links and inline maths: from the Markdown tree to values."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it.tree import SyntaxTreeNode

from tutor.course.model import Break, Code, Emphasis, Image, Inline, Link, Math, Strong, Text
from tutor.course.problems import Problems
from tutor.course.walk import plain_text

_ROLE = re.compile(r"\{[A-Za-z][\w:-]*\}$")
_SEPARATOR = re.compile(r"(?:^|\s+)::(?:\s+|$)")
_REFERENCE = re.compile(r"(?<!\w)\[[A-Za-z][^\[\]]*\]\[[^\[\]]*\]")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_STRUCK = re.compile(r"~~\S.*?~~")
_CHOICE = re.compile(r"^\[([^\]]?)\](?:\s+|$)")


class InlineReader:
    """Reads the children of one `inline` node; counts lines as it goes."""

    def __init__(self, problems: Problems, line: int) -> None:
        self._problems = problems
        self._line = line

    def read(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[Inline, ...]:
        out: list[Inline] = []
        for node in nodes:
            inline = self._one(node)
            if inline is None:
                continue
            before = out[-1] if out else None
            if isinstance(inline, Text) and isinstance(before, Text):
                out.pop()
                inline = Text(before.text + inline.text)
            if isinstance(inline, Code) and out and isinstance(out[-1], Text) and _ROLE.search(out[-1].text):
                role = _ROLE.search(out[-1].text)
                self._problem(f"The format has no roles such as {role.group() if role else ''}`…`.")
            out.append(inline)
        return tuple(out)

    def _problem(self, what: str, todo: str = "") -> None:
        self._problems.add(self._line, what, todo)

    def _one(self, node: SyntaxTreeNode) -> Inline | None:
        match node.type:
            case "text":
                self._left_over(node.content)
                return Text(node.content)
            case "code_inline":
                return Code(node.content)
            case "math_inline":
                return self._math(node)
            case "softbreak" | "hardbreak":
                self._line += 1
                return Break(hard=node.type == "hardbreak")
            case "strong":
                return Strong(self.read(node.children))
            case "em":
                return Emphasis(self.read(node.children))
            case "link":
                return self._link(node)
            case "image":
                return Image(plain_text(self.read(node.children)), str(node.attrs.get("src", "")))
            case "html_inline":
                self._problem(f"HTML is not part of the format: {node.content[:40]}", "Write a < as &lt; in text.")
            case other:
                self._problem(f"{other} is not part of the format.")
        return None

    def _left_over(self, text: str) -> None:
        """Marks of other dialects of Markdown, which would be shown as they are."""
        if "$$" in text:
            self._problem("A $$ without its partner.", "Display maths stands by itself: $$ … $$.")
        if "](" in text or _REFERENCE.search(text):
            self._problem("A link or picture that cannot be read.", "Like [words](02-lesson.md#page).")
        if _FOOTNOTE.search(text):
            self._problem("The format has no footnotes.", "Say it in the text, or in a box such as {note}.")
        if _STRUCK.search(text):
            self._problem("The format strikes nothing out with ~~.", "Take the ~~ away.")

    def _link(self, node: SyntaxTreeNode) -> Link:
        children = self.read(node.children)
        if plain_text(children).startswith("^"):
            self._problem("The format has no footnotes.", "Say it in the text, or in a box such as {note}.")
        return Link(children, str(node.attrs.get("href", "")))

    def _math(self, node: SyntaxTreeNode) -> Math:
        math = Math(node.content, self._line)
        self._line += node.content.count("\n")
        return math


def choice_mark(raw: str) -> str | None:
    """What stands in the brackets of `[x] words` ("x", " ", "" or something wrong), None without any."""
    found = _CHOICE.match(raw)
    return found.group(1) if found else None


def without_choice_mark(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The inlines of a choice behind its `[x]`."""
    if not inlines or not isinstance(inlines[0], Text):
        return inlines
    rest = _CHOICE.sub("", inlines[0].text, count=1)
    return ((Text(rest),) if rest else ()) + inlines[1:]


def split_at_colons(inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """What stands in front of the first ` :: ` that is not inside code or maths, and what follows it."""
    for index, inline in enumerate(inlines):
        if not isinstance(inline, Text):
            continue
        found = _separator(inline.text, index == 0 or isinstance(inlines[index - 1], Break))
        if found:
            before, after = inline.text[: found.start()].rstrip(), inline.text[found.end() :].lstrip()
            head = inlines[:index] + ((Text(before),) if before else ())
            tail = ((Text(after),) if after else ()) + inlines[index + 1 :]
            return _trimmed(head), _trimmed(tail)
    return inlines, ()


def _separator(text: str, at_start: bool) -> re.Match[str] | None:
    """`::` needs space on both sides; the start of a line counts as one, the end of code before it does not."""
    for found in _SEPARATOR.finditer(text):
        if found.start() > 0 or at_start or text[0].isspace():
            return found
    return None


def _trimmed(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    while inlines and isinstance(inlines[0], Break):
        inlines = inlines[1:]
    while inlines and isinstance(inlines[-1], Break):
        inlines = inlines[:-1]
    return inlines
