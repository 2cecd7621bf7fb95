"""The code editor: Python colours, auto-indent, undo, find, and a mark on the line where the code failed.

Everything but F-keys, ctrl keys and Esc is typed. What the learner typed is never moved or replaced by the
program, except where they ask for it (reset, own editor).
"""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.binding import Binding
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.tui.actions import bindings
from tutor.tui.door import tutor_of
from tutor.tui.keys.pasting import is_plain
from tutor.tui.textual_private import MeasuredTextArea
from tutor.tui.widgets.whole_characters import WholeCharacters
from tutor.tui.widgets.workbench import colours

INDENT = 4
_NOT_HERE = ("select_line", "select_all", "delete_to_start_of_line", "delete_word_left", "undo", "redo", "cut")
"""Of Textual's bindings: F6, F7 and ctrl+u check and hint here, the others come from the registry."""
_LEAVES_BLOCK = ("return", "pass", "break", "continue", "raise")


class CodeEditor(MeasuredTextArea, WholeCharacters, TextArea, inherit_bindings=False):
    """A TextArea for Python. Line numbers here count from 1, as in error messages."""

    COMPONENT_CLASSES = {"code-editor--mark"}
    BINDINGS = [
        # Textual's own for moving, selecting and deleting, without those that have another meaning here
        *(
            binding
            for binding in TextArea.BINDINGS
            if isinstance(binding, Binding) and binding.action not in _NOT_HERE
        ),
        *bindings("editor"),
        Binding("ctrl+f", "find", "find", show=False),
        Binding("ctrl+home", "document_start", "start of the code", show=False),
        Binding("ctrl+end", "document_end", "end of the code", show=False),
    ]

    class Escaped(Message):
        """Esc: the learner wants out of the editor."""

    class FindAsked(Message):
        """The learner wants to find text."""

    def __init__(self, text: str = "", *, read_only: bool = False, id: str | None = None) -> None:
        super().__init__(
            text, language="python", tab_behavior="indent", show_line_numbers=True, soft_wrap=False,
            read_only=read_only, id=id,
        )  # fmt: skip
        self.cursor_blink = False
        self.indent_width = INDENT
        self._marked: frozenset[int] = frozenset()

    def on_mount(self) -> None:
        terminal = getattr(self.app, "terminal", None)
        found = colours.theme_for(terminal.colours if terminal else "truecolor", self.app.current_theme.dark)
        if found is not None:
            self.register_theme(found)
            self.theme = found.name

    # ------------------------------------------------------------------ marks

    def mark_lines(self, lines: frozenset[int]) -> None:
        """Mark lines (from 1) where the code failed; an empty set takes the marks away."""
        if lines != self._marked:
            self._marked = lines
            self.refresh()

    @property
    def marked(self) -> frozenset[int]:
        return self._marked

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        if not self._marked or self.gutter_width < 2:
            return strip
        row = y + self.scroll_offset.y
        if row + 1 not in self._marked or row >= self.document.line_count:
            return strip
        at = self.gutter_width - 2
        sign = "x" if tutor_of(self).terminal.ascii else "✗"
        mark = Strip([Segment(sign, self.get_component_rich_style("code-editor--mark"))], 1)
        return Strip.join([strip.crop(0, at), mark, strip.crop(at + 1)])

    # ------------------------------------------------------------------ undo

    def undo(self) -> None:
        """Take the last step back."""
        self.replay(super().undo)

    def redo(self) -> None:
        """Make the step again that was taken back last."""
        self.replay(super().redo)

    # ------------------------------------------------------------------ typing

    async def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.post_message(self.Escaped())
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._replace_selection("\n" if is_plain(event) else "\n" + self._next_indent())
        elif event.key == "tab" and not self.read_only and self._indents():
            event.stop()
            event.prevent_default()
            self._indent_here()
        elif await self._act(event.key):
            event.stop()
            event.prevent_default()

    def takes(self, key: str) -> bool:
        """Whether nobody above is asked before this key is carried out: of those with ctrl, the workbench has some."""
        return not self.read_only and "ctrl+" not in key and (key == "enter" or bool(self.calls_of(key)))

    async def _act(self, key: str) -> bool:
        """Carry out a key of the editor's own now. Textual would first ask everybody above, and letters that came
        behind it, in one piece over a slow line, would be typed before it."""
        calls = self.calls_of(key)
        return await self.app.run_action(calls[0], self) if calls else False

    def _replace_selection(self, text: str) -> None:
        start, end = sorted((self.selection.start, self.selection.end))
        result = self.replace(text, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def replace_all(self, text: str) -> None:
        """Another text, as one step that ctrl+z takes back."""
        self.replace(text, (0, 0), self.document.end, maintain_selection_offset=False)

    def _indents(self) -> bool:
        """Whether tab means more than spaces up to the next stop."""
        (top, _), (row, column) = self.selection
        return top != row or (self.selection.is_empty and set(self.document.get_line(row)[:column]) == {"\t"})

    def _indent_here(self) -> None:
        if self.selection.is_empty:
            self._replace_selection("\t")
        else:
            self._shift_lines(+1)

    def _next_indent(self) -> str:
        """The indent of the next line: as now, one more after a colon, one less after return and its kind."""
        row, column = min(self.selection.start, self.selection.end)
        line = self.document.get_line(row)
        indent = _indent_of(line)[:column]
        before = line[:column].split("#")[0].rstrip()
        if before.endswith((":", "(", "[", "{")):
            return indent + _step(indent)
        if before.strip().split(" ")[0].split("(")[0] in _LEAVES_BLOCK:
            return indent[: -len(_step(indent))]
        return indent

    def action_delete_left(self) -> None:
        """Backspace; within the indent it goes back to the tab stop."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self.selection.is_empty and before and not before.strip(" "):
            back = (len(before) - 1) % INDENT + 1
            if not self.read_only:
                self.delete((row, column - back), (row, column), maintain_selection_offset=False)
        else:
            super().action_delete_left()

    def action_document_start(self) -> None:
        """The cursor before the first character."""
        self.move_cursor((0, 0))

    def action_document_end(self) -> None:
        """The cursor behind the last character."""
        self.move_cursor(self.document.end)

    def action_dedent(self) -> None:
        """Shift the chosen lines one indent to the left."""
        self._shift_lines(-1)

    def action_comment(self) -> None:
        """Comment the chosen lines out, or in again."""
        rows = self._chosen_rows()
        lines = [self.document.get_line(row) for row in rows]
        filled = [line for line in lines if line.strip()]
        out = bool(filled) and not all(line.lstrip().startswith("#") for line in filled)
        self._rewrite(rows, [_comment(line) if out else _uncomment(line) for line in lines])

    def _chosen_rows(self) -> range:
        (top, _), (bottom, column) = sorted((self.selection.start, self.selection.end))
        return range(top, bottom + 1 - (column == 0 and bottom > top))

    def _shift_lines(self, by: int) -> None:
        rows = self._chosen_rows()
        lines = [self.document.get_line(row) for row in rows]
        self._rewrite(rows, [_shift(line, by) for line in lines])

    def _rewrite(self, rows: range, lines: list[str]) -> None:
        """Put `lines` in place of `rows`, as one step of undo; the selection stays on the same text."""
        old = [self.document.get_line(row) for row in rows]
        if old == lines:
            return
        start, end = self.selection
        grown = {row: len(new) - len(was) for row, new, was in zip(rows, lines, old, strict=True)}
        self.replace("\n".join(lines), (rows[0], 0), (rows[-1], len(old[-1])), maintain_selection_offset=False)
        self.selection = Selection(
            (start[0], max(0, start[1] + grown.get(start[0], 0))), (end[0], max(0, end[1] + grown.get(end[0], 0)))
        )

    # ------------------------------------------------------------------ find

    def action_find(self) -> None:
        """Ask what to find."""
        self.post_message(self.FindAsked())

    def find(self, words: str, *, forward: bool = True, from_start: bool = False) -> bool:
        """Select the next (or the one before) occurrence of `words`, going round the end; whether there is one."""
        if not words:
            return False
        text, needle = self.text.lower(), words.lower()
        here = 0 if from_start else self._index(max(self.selection) if forward else min(self.selection))
        if forward:
            found = text.find(needle, here)
            found = text.find(needle) if found < 0 else found
        else:
            found = text.rfind(needle, 0, here)
            found = text.rfind(needle) if found < 0 else found
        if found < 0:
            return False
        self.selection = Selection(self._location(found), self._location(found + len(words)))
        self.scroll_cursor_visible(center=True)
        return True

    def _index(self, location: tuple[int, int]) -> int:
        row, column = location
        return sum(len(self.document.get_line(r)) + 1 for r in range(row)) + column

    def _location(self, index: int) -> tuple[int, int]:
        before = self.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)


def _indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _step(indent: str) -> str:
    """One step more of such an indent: a tab where it is made of tabs, else four spaces."""
    return "\t" if "\t" in indent else " " * INDENT


def _shift(line: str, by: int) -> str:
    if by > 0:
        return _step(_indent_of(line)) + line if line.strip() else line
    if line.startswith("\t"):
        return line[1:]
    spaces = len(line) - len(line.lstrip(" "))
    return line[min(INDENT, spaces) :]


def _comment(line: str) -> str:
    indent = len(_indent_of(line))
    return f"{line[:indent]}# {line[indent:]}" if line.strip() else line


def _uncomment(line: str) -> str:
    indent = len(_indent_of(line))
    body = line[indent:]
    return (
        line[:indent] + body.removeprefix("# ")
        if body.startswith("# ")
        else line[:indent] + body.removeprefix("#")
    )
