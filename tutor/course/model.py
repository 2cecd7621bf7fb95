"""What a course is made of, as frozen values. Nothing here knows a screen, an engine or a file.

Text is a tree: blocks (paragraphs, lists, display maths, tasks) hold inlines (words, code, inline maths).
`line` is the line in the lesson's file, counted from 1, so that every message can name the place.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, Union

from msgspec import Struct

# ------------------------------------------------------------------ inlines


class Text(Struct, frozen=True, tag="text"):
    text: str


class Code(Struct, frozen=True, tag="code"):
    text: str


class Math(Struct, frozen=True, tag="math"):
    """`$…$`: LaTeX to be set on one line."""

    latex: str
    line: int = 0


class Strong(Struct, frozen=True, tag="strong"):
    children: tuple[Inline, ...]


class Emphasis(Struct, frozen=True, tag="emphasis"):
    children: tuple[Inline, ...]


class Link(Struct, frozen=True, tag="link"):
    children: tuple[Inline, ...]
    href: str


class Image(Struct, frozen=True, tag="image"):
    """A picture that a terminal shows as its words."""

    alt: str
    src: str


class Break(Struct, frozen=True, tag="break"):
    """hard: a line break that is kept; else a space."""

    hard: bool = False


Inline: TypeAlias = Union[Text, Code, Math, Strong, Emphasis, Link, Image, Break]

# ------------------------------------------------------------------ prose blocks


class Paragraph(Struct, frozen=True, tag="paragraph"):
    inlines: tuple[Inline, ...]
    line: int = 0


class Heading(Struct, frozen=True, tag="heading"):
    """A heading inside a page (level 3 and deeper; level 2 starts the page)."""

    level: int
    inlines: tuple[Inline, ...]
    line: int = 0


class ListBlock(Struct, frozen=True, tag="list"):
    """Items, each a run of blocks. start: first number of an ordered list, None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None
    line: int = 0


class Quote(Struct, frozen=True, tag="quote"):
    blocks: tuple[Block, ...]
    line: int = 0


class CodeBlock(Struct, frozen=True, tag="codeblock"):
    """Code to read, not to run."""

    language: str
    code: str
    line: int = 0


class TableBlock(Struct, frozen=True, tag="table"):
    """align: one of "left", "right", "center" for each column."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    align: tuple[str, ...]
    line: int = 0


class DisplayMath(Struct, frozen=True, tag="displaymath"):
    """`$$…$$`: LaTeX to be set in two dimensions."""

    latex: str
    line: int = 0


class Rule(Struct, frozen=True, tag="rule"):
    line: int = 0


class Box(Struct, frozen=True, tag="box"):
    """note, tip, warning, definition, notes-say."""

    kind: str
    title: str
    blocks: tuple[Block, ...]
    line: int = 0


# ------------------------------------------------------------------ pieces of tasks


class Source(Struct, frozen=True):
    """A chunk of code and the file line on which it starts. name: of a solution or a wrong solution."""

    code: str
    line: int = 0
    name: str = ""


class Wrong(Struct, frozen=True):
    """A mistake people really make. diagnosis: its docstring."""

    name: str
    diagnosis: str
    code: str
    line: int = 0


class Choice(Struct, frozen=True):
    """inlines: the choice; explanation: shown after answering (may be empty)."""

    right: bool
    inlines: tuple[Inline, ...]
    explanation: tuple[Inline, ...] = ()
    line: int = 0


class WrongNumber(Struct, frozen=True):
    """A known wrong answer to a {number}: its value as an expression, and what it comes from."""

    expression: str
    diagnosis: str
    line: int = 0


# ------------------------------------------------------------------ directives


class Run(Struct, frozen=True, tag="run"):
    """Code to run, change and run again; not graded. after: id of the {run} that it continues."""

    id: str
    code: Source
    title: str = ""
    prose: tuple[Block, ...] = ()
    setup: Source | None = None
    after: str = ""
    uses: tuple[str, ...] = ()
    seconds: float = 60.0
    line: int = 0


class Exercise(Struct, frozen=True, tag="exercise"):
    """Code to write; graded by named checks.

    seconds: wall time allowed to the learner's code. uses: exercises whose passed code stands in front.
    match: "values" where the exercise is deterministic, "observed" where chance is involved.
    hidden: the author's code that only the judge has.
    """

    id: str
    title: str
    prose: tuple[Block, ...]
    starter: Source
    solutions: tuple[Source, ...]
    checks: Source
    wrongs: tuple[Wrong, ...]
    hints: tuple[tuple[Block, ...], ...]
    setup: Source | None = None
    hidden: Source | None = None
    seconds: float = 10.0
    concepts: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    match: Literal["values", "observed"] = "values"
    learned: str = ""
    line: int = 0


class Quiz(Struct, frozen=True, tag="quiz"):
    """several: more than one choice is right, and all of them are to be chosen."""

    id: str
    prose: tuple[Block, ...]
    choices: tuple[Choice, ...]
    several: bool = False
    title: str = ""
    concepts: tuple[str, ...] = ()
    line: int = 0


class Number(Struct, frozen=True, tag="number"):
    """answer: an arithmetic expression. tolerance: relative (0.01 for "1 %") or absolute."""

    id: str
    prose: tuple[Block, ...]
    answer: str
    tolerance: float = 0.0
    relative: bool = True
    unit: str = ""
    wrongs: tuple[WrongNumber, ...] = ()
    working: tuple[Block, ...] = ()
    title: str = ""
    concepts: tuple[str, ...] = ()
    line: int = 0


class Order(Struct, frozen=True, tag="order"):
    """lines: in the right order. also: other right orders, each a permutation of `lines`."""

    id: str
    prose: tuple[Block, ...]
    lines: tuple[str, ...]
    also: tuple[tuple[str, ...], ...] = ()
    language: str = "text"
    why: tuple[Block, ...] = ()
    title: str = ""
    concepts: tuple[str, ...] = ()
    line: int = 0


class Explain(Struct, frozen=True, tag="explain"):
    """Answered in one's own words, then compared with a model answer and its key points."""

    id: str
    prose: tuple[Block, ...]
    answer: tuple[Block, ...]
    points: tuple[tuple[Inline, ...], ...]
    title: str = ""
    concepts: tuple[str, ...] = ()
    line: int = 0


class Predict(Struct, frozen=True, tag="predict"):
    """Commit first; then the code runs, or the figure is shown with `settings`.

    curves: of code that trains, a sketch of `metric` for each choice, values at equal distances from the first epoch
    to the last; the real curve is drawn over the chosen one.
    """

    id: str
    prose: tuple[Block, ...]
    choices: tuple[Choice, ...]
    figure: str = ""
    settings: dict[str, str] = {}
    code: Source | None = None
    setup: Source | None = None
    seconds: float = 60.0
    curves: tuple[tuple[float, ...], ...] = ()
    metric: str = "loss"
    title: str = ""
    concepts: tuple[str, ...] = ()
    line: int = 0


class Figure(Struct, frozen=True, tag="figure"):
    """A live figure. settings: its parameters as written; attempt: what the caption says to try."""

    name: str
    settings: dict[str, str] = {}
    attempt: tuple[Inline, ...] = ()
    caption: tuple[Block, ...] = ()
    line: int = 0


class Review(Struct, frozen=True, tag="review"):
    """On a wrap-up page: ids of the questions that come back later."""

    ids: tuple[str, ...]
    prose: tuple[Block, ...] = ()
    line: int = 0


Task: TypeAlias = Union[Run, Exercise, Quiz, Number, Order, Explain, Predict]
"""What has an id and is worked on in its own place. All but `Run` count towards standing."""

Block: TypeAlias = Union[
    Paragraph, Heading, ListBlock, Quote, CodeBlock, TableBlock, DisplayMath, Rule, Box,
    Run, Exercise, Quiz, Number, Order, Explain, Predict, Figure, Review,
]  # fmt: skip

# ------------------------------------------------------------------ lessons and the course


class Page(Struct, frozen=True):
    """One idea, under one `## ` heading."""

    title: str
    blocks: tuple[Block, ...]
    line: int = 0


class Lesson(Struct, frozen=True):
    """id is stable for ever: progress hangs on it. file: relative to the course folder."""

    id: str
    title: str
    pages: tuple[Page, ...]
    file: str
    minutes: int = 0
    requires: tuple[str, ...] = ()
    introduces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class TaskEntry(Struct, frozen=True):
    """A task as the index knows it. page: counted from 0. kind: the directive's name."""

    id: str
    kind: str
    title: str
    page: int


class LessonEntry(Struct, frozen=True):
    """A lesson as the index knows it: enough for home, outline and standing, without parsing it.

    number: "1.2". problem: why it is broken ("file:line: reason"), "" where it is sound.
    """

    id: str
    number: str
    title: str
    file: str
    minutes: int = 0
    pages: tuple[str, ...] = ()
    tasks: tuple[TaskEntry, ...] = ()
    reviews: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    introduces: tuple[str, ...] = ()
    problem: str = ""


class Chapter(Struct, frozen=True):
    id: str
    number: int
    title: str
    lessons: tuple[LessonEntry, ...]


class Course(Struct, frozen=True):
    """folder: absolute path. renamed: old task or lesson id -> new one, so that no progress is lost.

    cache: folder where parsed lessons may be kept, "" for none.
    """

    title: str
    folder: str
    chapters: tuple[Chapter, ...]
    renamed: dict[str, str] = {}
    cache: str = ""

    @property
    def lessons(self) -> tuple[LessonEntry, ...]:
        """All lessons, in the order of the course."""
        return tuple(lesson for chapter in self.chapters for lesson in chapter.lessons)

    @property
    def task_titles(self) -> dict[str, str]:
        """What each task is called, by id."""
        return {one.id: one.title or one.id.replace("-", " ") for lesson in self.lessons for one in lesson.tasks}
