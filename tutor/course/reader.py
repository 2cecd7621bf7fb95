"""Blocks of a lesson: from the Markdown tree to values, with directives read by their own kinds.

A `Reader` reads one stretch of the file (the whole, the inside of a directive, a hint) and knows on which line it
starts, so that every block and every error has its line in the file. Where the format is silent, this holds:

- Directives stand at the left margin of a page. Only boxes may stand inside others (boxes, lists, quotes, prose
  of a task), with a longer fence outside. Tasks, figures and reviews stand on the page itself.
- Code to read is fenced and names its language; code by indentation is an error, as it is mostly an accident.
- `# ` headings, underlined headings, HTML, labels of formulas, roles and control characters are errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from tutor.course import model
from tutor.course.inlines import InlineReader, choice_mark
from tutor.course.markdown import first_line, syntax_tree
from tutor.course.model import Block
from tutor.course.options import OPTION_LINE
from tutor.course.problems import Problems
from tutor.words import did_you_mean

LANGUAGES = ("python", "text", "console", "bash", "toml", "json", "yaml", "markdown", "latex", "csv")
_DEEPEST = 6
_MOST_STRAYS = 50
_FENCE_END = re.compile(r"^[\s>]*(:{3,}|`{3,}|~{3,})\s*$")
_FENCE_START = re.compile(r"^\s*(`{3,}|~{3,})\s*\w")
_SHORT_FENCE = re.compile(r"^:{1,2}\s?\{[\w-]+\}")

ReadDirective = Callable[["Reader", SyntaxTreeNode], "Block | None"]


@dataclass
class LessonFile:
    """What all readers of one file share. ids: of tasks seen so far, with their lines."""

    problems: Problems
    lines: list[str]
    read_directive: ReadDirective
    ids: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """base: lines of the file in front of this stretch. inside: the directives around it, with their lines."""

    file: LessonFile
    base: int = 0
    inside: tuple[tuple[str, int], ...] = ()
    depth: int = 0

    @property
    def problems(self) -> Problems:
        return self.file.problems

    def line_of(self, node: SyntaxTreeNode) -> int:
        """The node's line in the file, counted from 1."""
        return self.base + first_line(node) + 1

    def within(self, lines: int, name: str = "", line: int = 0) -> Reader:
        """A reader of a stretch that starts `lines` lines further down, inside the directive `name`."""
        inside = (*self.inside, (name, line)) if name else self.inside
        return Reader(self.file, self.base + lines, inside, self.depth + 1)

    def tree(self, text: str, front_matter: bool = False) -> tuple[SyntaxTreeNode, ...]:
        """The Markdown tree. A `:::` that closes nothing is an error, and is then taken away."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # lines as the Markdown parser counts them
        for _ in range(_MOST_STRAYS):
            try:
                nodes = syntax_tree(text, front_matter)
            except ValueError as error:
                self.problems.add(self.base + 1, f"This Markdown cannot be read ({error}).")
                return ()
            stray = next((node for node in nodes if node.type == "colon_fence" and not node.info.strip()), None)
            if stray is None:
                return nodes
            self._stray(stray, nodes)
            lines = text.split("\n")
            lines[first_line(stray)] = ""
            text = "\n".join(lines)
        return nodes

    def _stray(self, stray: SyntaxTreeNode, nodes: Sequence[SyntaxTreeNode]) -> None:
        before = [node for node in nodes if node.type == "colon_fence" and first_line(node) < first_line(stray)]
        todo = "Take it away, or open a directive before it."
        if before:
            todo = (
                f"The directive that opens at line {self.line_of(before[-1])} was closed too early: a directive "
                "inside a directive needs a longer fence outside (::::)."
            )
        self.problems.add(self.line_of(stray), "This ::: closes nothing.", todo)

    def prose(self, text: str) -> tuple[Block, ...]:
        """Blocks of Markdown text."""
        return self.blocks(self.tree(text))

    def blocks(self, nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
        """Blocks of some nodes; those with errors are left out."""
        if self.depth > _DEEPEST:
            line = next((self.line_of(node) for node in nodes), self.base + 1)
            self.problems.add(line, f"More than {_DEEPEST} things inside one another.", "Keep it flat.")
            return ()
        found = (self._block(node) for node in nodes)
        return tuple(block for block in found if block is not None)

    def inlines(self, node: SyntaxTreeNode) -> tuple[model.Inline, ...]:
        """What a paragraph, heading or table cell holds."""
        inlines = [child for child in node.children if child.type == "inline"]
        line = self.line_of(inlines[0]) if inlines else self.line_of(node)
        return InlineReader(self.problems, line).read(child for inline in inlines for child in inline.children)

    def raw(self, node: SyntaxTreeNode) -> str:
        """The source of a paragraph or heading."""
        return "".join(inline.content for inline in node.children if inline.type == "inline")

    # ---------------------------------------------------------------- one block

    def _block(self, node: SyntaxTreeNode) -> Block | None:
        line = self.line_of(node)
        match node.type:
            case "paragraph":
                return self._paragraph(node)
            case "heading":
                return self._heading(node)
            case "bullet_list" | "ordered_list":
                return self._list(node)
            case "blockquote":
                return model.Quote(self._deeper().blocks(node.children), line)
            case "fence":
                return self._code(node)
            case "table":
                return self._table(node)
            case "math_block":
                return self._maths(node)
            case "hr":
                return model.Rule(line)
            case "colon_fence":
                self.check_closed(node)
                return self.file.read_directive(self, node)
            case _:
                self._unknown(node)
        return None

    def _deeper(self) -> Reader:
        return Reader(self.file, self.base, self.inside or (("", 0),), self.depth + 1)

    def _unknown(self, node: SyntaxTreeNode) -> None:
        known = {
            "html_block": ("HTML is not part of the format.", "Write it in Markdown; a < in text as &lt;."),
            "code_block": (
                "Text indented by four spaces or more is code.",
                "Use a fence (```), or indent it less.",
            ),
            "math_block_label": ("Formulas have no labels.", "Put what follows the $$ on a line of its own."),
            "front_matter": ("Front matter stands at the top of the file.", ""),
        }
        what, todo = known.get(node.type, (f"{node.type} is not part of the format.", ""))
        self.problems.add(self.line_of(node), what, todo)

    def _paragraph(self, node: SyntaxTreeNode) -> Block:
        line, raw = self.line_of(node), self.raw(node)
        for offset, text in enumerate(raw.split("\n")):
            if OPTION_LINE.match(text):
                self.problems.add(
                    line + offset, f'"{text[:40]}" is an option in the middle of the text.',
                    "Options stand directly under the opening fence, one to a line.",
                )  # fmt: skip
            if _SHORT_FENCE.match(text):
                self.problems.add(line + offset, "A directive opens with three colons: :::{name}.")
        return model.Paragraph(self.inlines(node), line)

    def _heading(self, node: SyntaxTreeNode) -> Block | None:
        line, level = self.line_of(node), int(node.tag[1:])
        if node.markup in ("=", "-"):
            self.problems.add(
                line, "A heading that is underlined.", "Write ## in front of it; a rule needs a blank line above."
            )
            return None
        if level == 1:
            self.problems.add(line, "A # heading: the title stands in the front matter.", "Pages start with ##.")
            return None
        if level == 2:
            where = f"inside {{{self.inside[-1][0]}}}" if self.inside and self.inside[-1][0] else "inside a list"
            todo = f"Is the closing ::: of line {self.inside[-1][1]} missing?" if self.inside[-1:] else ""
            self.problems.add(line, f"A page (## ) starts {where}.", todo)
            return None
        return model.Heading(level, self.inlines(node), line)

    def _list(self, node: SyntaxTreeNode) -> Block:
        items = []
        for item in node.children:
            first = item.children[0] if item.children else None
            if first is not None and first.type == "paragraph" and choice_mark(self.raw(first)) in (" ", "x", "X"):
                self.problems.add(
                    self.line_of(item), "[ ] and [x] mark choices, and only {quiz} and {predict} have them."
                )
            items.append(self._deeper().blocks(item.children))
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        return model.ListBlock(tuple(items), start, self.line_of(node))

    def _code(self, node: SyntaxTreeNode) -> Block:
        self.check_closed(node)
        line, words = self.line_of(node), node.info.split()
        language = words[0] if words else ""
        if language.startswith("{"):
            self.problems.add(line, "A directive opens with colons, not with backticks.", f":::{language}")
        elif len(words) > 1:
            self.problems.add(line, f'"{node.info.strip()}" is a chunk of a task, and no task is open here.')
        elif not language:
            self.problems.add(
                line, "A fence without a language.", "Write ```python or ```text; or is it closed too early?"
            )
        elif language not in LANGUAGES:
            self.problems.add(line, f'The language "{language}" is not known.', did_you_mean(language, LANGUAGES))
        return model.CodeBlock(language, node.content.removesuffix("\n"), line)

    def _maths(self, node: SyntaxTreeNode) -> Block | None:
        if not node.content.strip():
            self.problems.add(self.line_of(node), "An empty formula.")
            return None
        return model.DisplayMath(node.content.strip("\n"), self.line_of(node))

    def _table(self, node: SyntaxTreeNode) -> Block:
        rows = [row for part in node.children for row in part.children]
        cells = [tuple(self.inlines(cell) for cell in row.children) for row in rows]
        for row in rows:
            self._check_row(row)
        align = tuple(_alignment(cell) for cell in rows[0].children) if rows else ()
        return model.TableBlock(cells[0] if cells else (), tuple(cells[1:]), align, self.line_of(node))

    def _check_row(self, row: SyntaxTreeNode) -> None:
        """Markdown drops the cells that are too many; that a | stands inside maths is the usual reason."""
        line = self.line_of(row)
        if not row.map or line > len(self.file.lines):
            return
        # a quote around the table adds its own marks to the source line
        written = re.sub(r"[\s|\\>]", "", self.file.lines[line - 1])
        kept = re.sub(r"[\s|\\>]", "", "".join(self.raw(cell) for cell in row.children))
        if not written.endswith(kept):
            self.problems.add(
                line, "This row has more cells than the table.", r"Write a | inside maths as \mid or \lvert."
            )

    def check_closed(self, node: SyntaxTreeNode) -> None:
        """A fence that only the end of what is around it ends was not closed, or that was closed too early."""
        start, end = node.map or (0, 0)
        self._check_inside(node)
        last = self.file.lines[self.base + end - 1] if self.base + end <= len(self.file.lines) else ""
        found = _FENCE_END.match(last)
        if end - 1 > start and found and found.group(1).startswith(node.markup):
            return
        what = f"The fence {node.markup}{node.info.strip()[:40]} is never closed."
        todo = f"Close it with {node.markup} on a line of its own."
        around = self.inside[-1] if self.inside else ("", 0)
        if around[0] and node.markup.startswith(":"):
            what = f"{{{around[0]}}} (line {around[1]}) ends before {node.info.strip()[:40]} inside it is closed."
            todo = "Was it closed at all? If this belongs inside it, it needs a longer fence outside (::::)."
        elif around[0]:
            what = f"{{{around[0]}}} (line {around[1]}) ends before {node.markup}{node.info.strip()[:40]} is closed."
        self.problems.add(self.line_of(node), what, todo)

    def _check_inside(self, node: SyntaxTreeNode) -> None:
        """A fence that opens inside code, with as many marks, says that the code was not closed before it."""
        if node.type != "fence":
            return
        for offset, text in enumerate(node.content.split("\n"), 1):
            found = _FENCE_START.match(text)
            if found and found.group(1).startswith(node.markup):
                what = f'The fence "{node.info.strip()}" of line {self.line_of(node)} is not closed before this one.'
                todo = f"Close it with {node.markup}; or give it a longer fence, if this belongs inside."
                self.problems.add(self.line_of(node) + offset, what, todo)


def _alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "text-align:left")).rpartition(":")[2]
