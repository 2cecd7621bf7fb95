"""The code editor: what typing, indenting, commenting and finding do to the text."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.color import Color

from tutor.tui.looks import theme
from tutor.tui.widgets.workbench.editor import CodeEditor


class Bench(App[None]):
    """An editor and nothing else."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self.left = False

    def compose(self) -> ComposeResult:
        yield CodeEditor(text=self._text)

    def on_mount(self) -> None:
        self.query_one(CodeEditor).focus()

    def on_code_editor_escaped(self) -> None:
        self.left = True


async def typed(text: str, *keys: str, at: tuple[int, int] | None = None) -> str:
    """The text after these keys, pressed with the cursor `at` (default: at the end)."""
    app = Bench(text)
    async with app.run_test() as pilot:
        editor = app.query_one(CodeEditor)
        editor.move_cursor(at if at is not None else editor.document.end)
        await pilot.press(*keys)
        return editor.text


async def test_keys_that_come_in_one_piece_act_in_their_order() -> None:
    app = Bench("one\ntwo")
    async with app.run_test() as pilot:
        editor = app.query_one(CodeEditor)
        editor.move_cursor((0, 0))
        for key in ("ctrl+end", "enter", "x", "left", "y", "home", "z", "backspace", "end", "a"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert editor.text == "one\ntwo\nyxa"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x):", "def f(x):\n    "),
        ("    if x:  # why", "    if x:  # why\n        "),
        ("    return x", "    return x\n"),
        ("        break", "        break\n    "),
        ("    y = g(", "    y = g(\n        "),
        ("    y = 1", "    y = 1\n    "),
        ("x = {'a':1}", "x = {'a':1}\n"),
    ],
)
async def test_enter_indents_as_python_wants(before: str, after: str) -> None:
    assert await typed(before, "enter") == after


async def test_enter_in_the_indent_adds_no_more_than_what_is_left_of_the_cursor() -> None:
    assert await typed("    x = 1", "enter", at=(0, 2)) == "  \n    x = 1"


async def test_backspace_in_the_indent_goes_back_a_tab_stop() -> None:
    assert await typed("        ", "backspace") == "    "
    assert await typed("      ", "backspace") == "    "
    assert await typed("    x", "backspace") == "    "


async def test_tab_goes_to_the_next_stop_and_shift_tab_back() -> None:
    assert await typed("  ", "tab") == "    "
    assert await typed("        x", "shift+tab") == "    x"
    assert await typed("  x", "shift+tab") == "x"


async def test_chosen_lines_are_shifted_and_commented_together() -> None:
    app = Bench("a\n\nb")
    async with app.run_test() as pilot:
        editor = app.query_one(CodeEditor)
        editor.select_all()
        await pilot.press("tab")
        assert editor.text == "    a\n\n    b"
        editor.action_comment()
        assert editor.text == "    # a\n\n    # b"
        editor.action_comment()
        assert editor.text == "    a\n\n    b"


async def test_each_change_can_be_undone() -> None:
    app = Bench("a\nb")
    async with app.run_test():
        editor = app.query_one(CodeEditor)
        editor.select_all()
        editor.action_comment()
        editor.undo()
        assert editor.text == "a\nb"


LONG = "\n".join(f"x{row} = {row}" for row in range(120))
SIZES = [(80, 24), (40, 12), (40, 6)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", LONG), ("a\nb\n", LONG), (LONG, "a"), (LONG, ""), (LONG, LONG[:500])],
    ids=["filled", "grown", "to-a-letter", "emptied", "shortened"],
)
async def test_a_large_step_is_undone_and_redone_whatever_the_window(
    size: tuple[int, int], before: str, after: str
) -> None:
    app = Bench(before)
    async with app.run_test(size=size) as pilot:
        editor = app.query_one(CodeEditor)
        editor.move_cursor(editor.document.end)
        await pilot.pause()
        editor.replace(after, (0, 0), editor.document.end, maintain_selection_offset=False)
        await pilot.pause()
        for _ in range(2):
            await pilot.press("ctrl+z")
            assert editor.text == before
            assert editor.wrapped_document.height == editor.document.line_count
            await pilot.press("ctrl+y")
            assert editor.text == after
            assert editor.wrapped_document.height == editor.document.line_count


@pytest.mark.parametrize("size", SIZES)
async def test_paste_and_cut_are_undone_and_redone(size: tuple[int, int]) -> None:
    app = Bench("a = 1\n")
    async with app.run_test(size=size) as pilot:
        editor = app.query_one(CodeEditor)
        editor.move_cursor(editor.document.end)
        app.post_message(events.Paste(LONG))
        await pilot.pause()
        pasted = editor.text
        assert pasted == "a = 1\n" + LONG
        await pilot.press("ctrl+z")
        assert editor.text == "a = 1\n"
        await pilot.press("ctrl+y")
        assert editor.text == pasted
        editor.select_all()
        await pilot.press("ctrl+x")
        assert editor.text == ""
        await pilot.press("ctrl+z")
        assert editor.text == pasted
        await pilot.press("ctrl+y")
        assert editor.text == ""


async def test_find_goes_round_and_both_ways_whatever_the_case() -> None:
    app = Bench("Loss\nx = loss\nloss")
    async with app.run_test():
        editor = app.query_one(CodeEditor)
        assert editor.find("loss", from_start=True)
        assert editor.selected_text == "Loss"
        assert editor.find("loss") and editor.selection.start == (1, 4)
        assert editor.find("loss") and editor.selection.start == (2, 0)
        assert editor.find("loss") and editor.selection.start == (0, 0)
        assert editor.find("loss", forward=False) and editor.selection.start == (2, 0)
        assert not editor.find("gradient")
        assert editor.selection.start == (2, 0)


async def test_escape_leaves_and_f_keys_are_not_typed() -> None:
    app = Bench("x")
    async with app.run_test() as pilot:
        await pilot.press("f5", "f6", "f7", "escape")
        assert app.left
        assert app.query_one(CodeEditor).text == "x"
        assert app.query_one(CodeEditor).selected_text == ""


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours as the web's guidelines (WCAG 2) count it: 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    channels = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


@pytest.mark.parametrize("name", [theme.DARK, theme.LIGHT])
async def test_code_is_readable_on_dark_and_on_light(name: str) -> None:
    code = 'def f(x: int):  # why\n    """Says."""\n    return [None, True, ..., 3.5, "s", len(x), x.sum(), Sub(x)]'
    app = Bench(code)
    for one in theme.themes():
        app.register_theme(one)
    app.theme = name
    async with app.run_test() as pilot:
        editor = app.query_one(CodeEditor)
        editor.move_cursor(editor.document.end)
        await pilot.pause()
        paper = editor.background_colors[1]
        for row in range(3):
            for text, style, _ in editor.render_line(row).crop(editor.gutter_width):
                if text.strip() and style is not None and style.color is not None and not style.reverse:
                    ink = Color.from_rich_color(style.color)
                    assert contrast(ink, paper) > 3.5, (text, ink.hex, paper.hex)


async def test_python_is_coloured() -> None:
    app = Bench("def f():\n    return 1\n")
    async with app.run_test():
        assert app.query_one(CodeEditor).is_syntax_aware
