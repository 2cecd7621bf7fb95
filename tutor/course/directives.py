"""Directives in general: which there are, what each may hold, and how its body is taken apart.

The inside of a directive is: options, then prose, then chunks (fences such as ```python starter) and choices.
Prose behind the first chunk or choice is an error: mostly a fence was closed too early.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from tutor.course.ids import ID
from tutor.course.inlines import choice_mark, split_at_colons, without_choice_mark
from tutor.course.model import Block, Choice, Source
from tutor.course.options import Options, split_options
from tutor.course.problems import Problems
from tutor.course.reader import Reader
from tutor.words import did_you_mean

_OPENING = re.compile(r"^\s*\{([^}]*)\}\s*(.*?)\s*$")
_MARKED = re.compile(r"\$[^$\s][^$]*\$|`[^`]+`|\*\*?\w[^*]*\*|\\[A-Za-z]+")
_FIGURE_NAME = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True)
class ChunkRule:
    """How often a chunk may stand in a directive, and whether it has a name of its own."""

    least: int = 0
    most: int | None = 1
    named: Literal["no", "may", "must"] = "no"


@dataclass(frozen=True)
class BodyChunk:
    """kind: "python starter", "text hint", … line: of the first line inside the fence."""

    kind: str
    name: str
    code: str
    line: int

    def source(self) -> Source:
        """As code that ends with one newline."""
        return Source(self.code.rstrip("\n") + "\n", self.line, self.name)


@dataclass
class Body:
    """A directive taken apart. `build` of its kind makes the value."""

    name: str
    argument: str
    line: int
    options: Options
    reader: Reader
    prose: tuple[Block, ...] = ()
    chunks: list[BodyChunk] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    @property
    def problems(self) -> Problems:
        return self.reader.problems

    def error(self, what: str, todo: str = "", line: int = 0) -> None:
        self.problems.add(line or self.line, what, todo)

    def first(self, kind: str) -> BodyChunk | None:
        return next((chunk for chunk in self.chunks if chunk.kind == kind), None)

    def every(self, kind: str) -> list[BodyChunk]:
        return [chunk for chunk in self.chunks if chunk.kind == kind]

    def source(self, kind: str) -> Source | None:
        chunk = self.first(kind)
        return chunk.source() if chunk else None

    def markdown(self, chunk: BodyChunk | None) -> tuple[Block, ...]:
        """A text chunk, read as Markdown."""
        if chunk is None:
            return ()
        lines = chunk.line - 1 - self.reader.base
        return self.reader.within(lines, self.name, self.line).prose(chunk.code)


@dataclass(frozen=True)
class Kind:
    """A directive of the format.

    argument: what stands behind its name. page_only: stands on the page itself, never inside something else.
    open_ended: options beside the known ones are parameters.
    """

    name: str
    build: Callable[[Body], Block | None]
    argument: Literal["id", "figure", "title", "none"] = "id"
    options: tuple[str, ...] = ()
    repeatable: tuple[str, ...] = ()
    open_ended: bool = False
    chunks: Mapping[str, ChunkRule] = field(default_factory=dict)
    choices: bool = False
    page_only: bool = True


def read_directive(kinds: Mapping[str, Kind], reader: Reader, node: SyntaxTreeNode) -> Block | None:
    """The value of one colon fence, or None where it has errors that leave no value."""
    line = reader.line_of(node)
    opening = _OPENING.match(node.info)
    if opening is None:
        words = node.info.split()
        todo = (
            f"Did you mean :::{{{words[0]}}}?"
            if words and words[0] in kinds
            else did_you_mean(words[0] if words else "", kinds)
        )
        reader.problems.add(line, f'":::{node.info.strip()[:40]}" is not a directive.', todo or "Like :::{note}.")
        return None
    name, argument = opening.group(1), opening.group(2)
    kind = kinds.get(name)
    if kind is None:
        near = did_you_mean(name, kinds, few=99)
        reader.problems.add(line, f"There is no directive {{{name}}}.", near)
        return None
    if kind.page_only and reader.inside:
        around = (
            f"{{{reader.inside[-1][0]}}} of line {reader.inside[-1][1]}" if reader.inside[-1][0] else "a list or quote"
        )
        reader.problems.add(
            line, f"{{{name}}} stands inside {around}; only boxes may.", "Is a closing ::: missing above?"
        )
    argument = _argument(kind, argument, line, reader)
    body = _body(kind, argument, node, reader)
    return kind.build(body)


def _argument(kind: Kind, argument: str, line: int, reader: Reader) -> str:
    problems = reader.problems
    if kind.argument == "title":
        return argument
    if kind.argument == "none":
        if argument:
            problems.add(line, f'{{{kind.name}}} takes nothing behind its name, not "{argument[:40]}".')
        return ""
    if kind.argument == "figure":
        if not _FIGURE_NAME.match(argument):
            problems.add(
                line, f'{{figure}} wants the name of a figure, not "{argument[:40]}".', "Like gradient-descent."
            )
        return argument
    if not argument:
        problems.add(line, f"{{{kind.name}}} has no id.", f"Like :::{{{kind.name}}} largest-rate.")
    elif not ID.match(argument):
        problems.add(line, f'"{argument[:40]}" is not an id.', "Small letters, figures and hyphens: largest-rate.")
    elif argument in reader.file.ids:
        problems.add(line, f'The id "{argument}" stands at line {reader.file.ids[argument]} already.')
    else:
        reader.file.ids[argument] = line
    return argument


def _body(kind: Kind, argument: str, node: SyntaxTreeNode, reader: Reader) -> Body:
    line = reader.line_of(node)
    found, rest, taken = split_options(node.content, line + 1, reader.problems)
    options = Options(found, kind.name, line, reader.problems)
    options.check(kind.options, kind.repeatable, kind.open_ended)
    start = line - reader.base + taken
    inner = reader.within(start, kind.name, line)
    body = Body(kind.name, argument, line, options, inner)
    prose: list[Block] = []
    told = False
    for child in inner.tree(rest):
        if _is_chunk(child, kind):
            _take_chunk(child, kind, body)
        elif kind.choices and _is_choices(child, inner):
            _take_choices(child, body)
        else:
            if (body.chunks or body.choices) and not told:
                told = True
                what = f"Text behind the chunks and choices of {{{kind.name}}}."
                body.error(what, "Put it in front; or is a fence closed too early?", inner.line_of(child))
            prose.extend(inner.blocks([child]))
    body.prose = tuple(prose)
    _check_plain(kind, body)
    _check_chunks(kind, body)
    return body


def _check_plain(kind: Kind, body: Body) -> None:
    """Titles and units are shown as they are typed, so that marks of Markdown or maths in them would be seen."""
    plain = [(option.value, option.line) for name in ("title", "unit") for option in body.options.every(name)]
    if kind.argument == "title":
        plain.append((body.argument, body.line))
    for text, line in plain:
        found = _MARKED.search(text)
        if found:
            what = f"A title or unit is plain text, and {found.group()} would be shown as it stands."
            body.error(what, "Letters such as ρ may be typed.", line)


# ------------------------------------------------------------------ chunks


def _is_chunk(node: SyntaxTreeNode, kind: Kind) -> bool:
    if node.type != "fence" or not kind.chunks:
        return False
    words = node.info.split()
    return len(words) > 1 or (len(words) == 1 and words[0] in kind.chunks)


def _take_chunk(node: SyntaxTreeNode, kind: Kind, body: Body) -> None:
    body.reader.check_closed(node)
    words = node.info.split()
    chunk_kind, name = " ".join(words[:2]), " ".join(words[2:])
    line = body.reader.line_of(node)
    rule = kind.chunks.get(chunk_kind)
    if rule is None:
        near = did_you_mean(chunk_kind, kind.chunks)
        body.error(f'{{{kind.name}}} has no chunk "{chunk_kind}".', near, line)
        return
    if name and rule.named == "no":
        body.error(f'"{chunk_kind}" has no name of its own; "{name}" is too much.', line=line)
    elif not name and rule.named == "must":
        body.error(f'"{chunk_kind}" wants a name.', f"Like ```{chunk_kind} missing-factor-two.", line)
    elif name and not ID.match(name):
        body.error(f'"{name}" is not a name.', "Small letters, figures and hyphens: missing-factor-two.", line)
    elif name and any(chunk.kind == chunk_kind and chunk.name == name for chunk in body.chunks):
        body.error(f'"{chunk_kind} {name}" stands here twice.', line=line)
    if not node.content.strip():
        body.error(f'The chunk "{node.info.strip()}" is empty.', line=line)
    body.chunks.append(BodyChunk(chunk_kind, name, node.content, line + 1))


def _check_chunks(kind: Kind, body: Body) -> None:
    for chunk_kind, rule in kind.chunks.items():
        found = body.every(chunk_kind)
        if len(found) < rule.least:
            which = f"{{{kind.name}}} {body.argument}".strip()
            body.error(f'{which} has no chunk "{chunk_kind}".', f"It needs one: ```{chunk_kind}.")
        if rule.most is not None and len(found) > rule.most:
            body.error(f'A second chunk "{chunk_kind}".', f"{{{kind.name}}} has one.", found[rule.most].line - 1)


# ------------------------------------------------------------------ choices


def _is_choices(node: SyntaxTreeNode, reader: Reader) -> bool:
    if node.type != "bullet_list":
        return False
    starts = [reader.raw(item.children[0]) for item in node.children if item.children]
    return any(choice_mark(start) is not None or start.startswith(("[x]", "[X]", "[ ]", "[]")) for start in starts)


def _take_choices(node: SyntaxTreeNode, body: Body) -> None:
    reader = body.reader
    if body.choices:
        body.error("A second list of choices.", "One list holds them all.", reader.line_of(node))
    for item in node.children:
        line = reader.line_of(item)
        paragraph = item.children[0] if item.children else None
        if paragraph is None or len(item.children) != 1 or paragraph.type != "paragraph":
            body.error("A choice is one paragraph.", line=line)
            continue
        mark = choice_mark(reader.raw(paragraph))
        if mark not in (" ", "x", "X"):
            body.error("A choice starts with [ ] or [x].", "A blank stands behind it: - [x] words.", line)
            continue
        words, explanation = split_at_colons(without_choice_mark(reader.inlines(paragraph)))
        if not words:
            body.error("A choice without words.", line=line)
        body.choices.append(Choice(mark != " ", words, explanation, line))


def several_right(choices: Sequence[Choice]) -> bool:
    """More than one choice is right."""
    return sum(choice.right for choice in choices) > 1
