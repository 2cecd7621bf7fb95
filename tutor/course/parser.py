"""A lesson's text to a `Lesson`, with every error of the file at once.

The format is a small subset of MyST. markdown-it-py reads the Markdown (`markdown.py`), `reader.py` turns it
into blocks, `directives.py` takes directives apart, and `tasks.py` and `questions.py` know what each may hold.
What the format does not know is an error, never skipped.
"""

from __future__ import annotations

import re
from functools import partial

from markdown_it.tree import SyntaxTreeNode

from tutor.course.directives import read_directive
from tutor.course.frontmatter import FrontMatter, read_front_matter
from tutor.course.model import Code, Lesson, Page, Text
from tutor.course.problems import CourseErrors, Problems
from tutor.course.reader import LessonFile, Reader
from tutor.course.tasks import KINDS
from tutor.course.walk import plain_text
from tutor.errors import CourseError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST = 1_000_000


def parse_lesson(text: str, file: str) -> Lesson:
    """The lesson in `text`. file: its name as people know it, for messages.

    Raises CourseErrors (a CourseError) with every error of the file, in the order of lines.
    """
    lesson, errors = parse_lesson_all(text, file)
    if errors or lesson is None:
        raise CourseErrors(errors)
    return lesson


def parse_lesson_all(text: str, file: str) -> tuple[Lesson | None, list[CourseError]]:
    """The lesson, as far as it can be read, and its errors; sound only when there are none.

    The lesson is None where there is no id or no title, and then there is an error.
    """
    problems = Problems(file)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _LONGEST:
        problems.add(0, f"This file is longer than {_LONGEST:,} characters.")
        return None, problems.errors
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = _CONTROL.search(line)
        if found:
            problems.add(number, f"A control character (U+{ord(found.group()):04X}).", "Take it away.")
    shared = LessonFile(problems, lines, partial(read_directive, KINDS))
    head, pages = _read(Reader(shared), _CONTROL.sub("\ufffd", text))
    if not (head.id and head.title):
        return None, problems.errors
    lesson = Lesson(
        id=head.id,
        title=head.title,
        pages=pages,
        file=file,
        minutes=head.minutes,
        requires=head.requires,
        introduces=head.introduces,
        sources=head.sources,
    )
    return lesson, problems.errors


def _read(reader: Reader, text: str) -> tuple[FrontMatter, tuple[Page, ...]]:
    nodes = reader.tree(text, front_matter=True)
    head = FrontMatter()
    if nodes and nodes[0].type == "front_matter":
        head = read_front_matter(nodes[0].content, 1, reader.problems)
        nodes = nodes[1:]
    else:
        if text.startswith("---\n"):
            reader.problems.add(1, "The front matter is never closed.", "Close it with --- on a line of its own.")
        else:
            reader.problems.add(1, "There is no front matter.", "The file starts with --- id, title, minutes ---.")
        return head, ()
    return head, _pages(reader, nodes)


def _pages(reader: Reader, nodes: tuple[SyntaxTreeNode, ...]) -> tuple[Page, ...]:
    starts = [index for index, node in enumerate(nodes) if node.type == "heading" and node.markup == "##"]
    if not starts:
        reader.problems.add(1, "The lesson has no page.", "A page starts with ## Title.")
    lead = nodes[: starts[0]] if starts else nodes
    if reader.blocks(lead):
        line = reader.line_of(lead[0])
        reader.problems.add(line, "Text in front of the first page.", "A page starts with ## Title.")
    pages = []
    for start, stop in zip(starts, [*starts, len(nodes)][1:], strict=True):
        title, line = _page_title(reader, nodes[start]), reader.line_of(nodes[start])
        if stop == start + 1:
            reader.problems.add(line, f'The page "{title}" is empty.')
        pages.append(Page(title, reader.blocks(nodes[start + 1 : stop]), line))
    return tuple(pages)


def _page_title(reader: Reader, node: SyntaxTreeNode) -> str:
    inlines = reader.inlines(node)
    if not all(isinstance(inline, Text | Code) for inline in inlines):
        reader.problems.add(
            reader.line_of(node), "The title of a page is plain text.", "Letters such as ρ may be typed."
        )
    title = plain_text(inlines).strip()
    if not title:
        reader.problems.add(reader.line_of(node), "A page without a title.")
    return title
