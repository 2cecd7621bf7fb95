"""What the tasks on a page have in common: a bar at the left, a head line with standing, and how lines are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from rich.text import Text

from tutor.tui.door import tutor_of
from tutor.tui.widgets.lines import Lines
from tutor.tui.widgets.screen_bars import spread

if TYPE_CHECKING:
    from textual.events import Click
    from textual.widget import Widget

    from tutor.course.model import Block, Inline
    from tutor.progress import Attempt
    from tutor.tui.library import Library

WORDS = {
    "run": "Code", "exercise": "Exercise", "quiz": "Question", "number": "A number", "order": "Put in order",
    "explain": "In your own words", "predict": "Predict first", "review": "To come back to",
}  # fmt: skip
"""How a kind of task is called in its head line."""

TASK_CSS = """
{name} {{ height: auto; margin: 0 0 1 0; padding: 0 0 0 1; border-left: solid $border; }}
{name}:focus, {name}:focus-within {{ border-left: heavy $accent; }}
.-ascii {name} {{ border-left: ascii $border; }}
.-ascii {name}:focus, .-ascii {name}:focus-within {{ border-left: ascii $accent; }}
"""


def kind_of(task: Block) -> str:
    """The directive's name."""
    return type(task).__name__.lower()


# ------------------------------------------------------------------ what a widget on a page may have


@runtime_checkable
class HasBlock(Protocol):
    """block: what it shows of the lesson."""

    block: Block


@runtime_checkable
class HasField(Protocol):
    """field: the part of it that takes the keys."""

    @property
    def field(self) -> Widget: ...


@runtime_checkable
class HasState(Protocol):
    """state: new, begun or done."""

    @property
    def state(self) -> str: ...


@runtime_checkable
class Opens(Protocol):
    """Opens something on Enter."""

    def action_open(self) -> None: ...


def block_of(widget: Widget | None) -> Block | None:
    """What a widget shows of the lesson."""
    return widget.block if isinstance(widget, HasBlock) else None


def field_of(widget: Widget) -> Widget:
    """The part of a widget that takes the keys: itself, unless it has a field."""
    return widget.field if isinstance(widget, HasField) else widget


# ------------------------------------------------------------------ how tasks are laid out


class TaskSetter:
    """Lays out lines for one task in one width."""

    def __init__(self, lines: Lines, width: int) -> None:
        self.palette, self.signs = lines.palette, lines.signs
        self.width = max(width, 10)
        self.library: Library = tutor_of(lines).library
        self._console = lines.app.console
        self.out: list[Text] = []

    def add(self, *lines: Text) -> None:
        self.out += lines

    def space(self) -> None:
        """An empty line, unless there is one."""
        if self.out and self.out[-1].plain:
            self.out.append(Text())

    def head(self, kind: str, title: str, state: str, right: str = "") -> None:
        """The first line: what kind of task, its title, and its standing at the right end. state: "wrong" for an
        answer that counts and was not right."""
        word = WORDS[kind]
        left = Text(f"{word}: {title}" if title else word, f"bold {self.palette.accent}")
        sign = self.signs.wrong if state == "wrong" else self.signs.standing(state)
        style = {"new": self.palette.faint, "wrong": self.palette.bad}.get(state, self.palette.accent)
        mark = Text.assemble(
            (sign, style),
            (f" {right}" if right else "", self.palette.dim),
        )
        self.out.append(spread(left, mark, self.width))

    def blocks(self, blocks: tuple[Block, ...], indent: int = 0) -> None:
        """Prose, set by the typesetter."""
        for line in self.library.prose(blocks, max(self.width - indent, 10)):
            self.out.append(Text.assemble(" " * indent, line) if indent else line)

    def text(self, words: str | Text, style: str = "", indent: int = 0, first: Text | str = "") -> None:
        """A run of words, wrapped. first: stands before the first line, within the indent."""
        text = Text(words, style) if isinstance(words, str) else words
        if style and not isinstance(words, str):
            text = text.copy()
            text.stylize_before(style)
        rows = text.wrap(self._console, max(self.width - indent, 10))
        lead = first if isinstance(first, Text) else Text(first)
        for number, row in enumerate(rows):
            row.rstrip()
            before = lead if number == 0 else Text()
            self.out.append(Text.assemble(before, " " * max(indent - before.cell_len, 0), row))

    def inlines(self, inlines: tuple[Inline, ...], style: str = "", indent: int = 0, first: Text | str = "") -> None:
        """A run of inlines, wrapped."""
        self.text(self.library.inlines(inlines), style, indent, first)


class TaskLines(Lines, can_focus=True):
    """A task that is one widget of lines. kind_css: its style sheet, made from `TASK_CSS`."""

    DEFAULT_CSS: ClassVar[str] = TASK_CSS.format(name="TaskLines")

    def on_click(self, event: Click) -> None:
        self.focus()


def last_answer(attempts: Sequence[Attempt]) -> Attempt | None:
    """The newest attempt, None where there is none."""
    return attempts[-1] if attempts else None


def state_of(attempts: Iterable[Attempt]) -> str:
    """new, begun or done."""
    state = "new"
    for attempt in attempts:
        if attempt.finishes:
            return "done"
        state = "begun"
    return state
