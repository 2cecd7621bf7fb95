"""What a terminal hands over in one piece: pastes with brackets and without, and one key in all its forms."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message

from tutor.tui.keys import pasting
from tutor.tui.keys.escapes import EscapeKeeper
from tutor.tui.keys.pasting import LOST
from tutor.tui.widgets.workbench.editor import CodeEditor


def read(*pieces: str) -> list[Message]:
    parser = EscapeKeeper()
    return [event for piece in pieces for event in parser.feed(piece)]


def named(*pieces: str) -> list[str]:
    """Keys by their names, pastes by their text."""
    found = []
    for event in read(*pieces):
        if isinstance(event, events.Key):
            found.append(event.key)
        elif isinstance(event, events.Paste):
            found.append(f"paste {event.text!r}")
    return found


@pytest.mark.parametrize(("pieces", "events_"), [
    (["\x1b[200~a\rb\x1b[201~c"], ["paste 'a\\nb'", "c"]),
    (["x\x1b[200~a", "b\x1b[20", "1~", "c"], ["x", "paste 'ab'", "c"]),
    (["\x1b[20", "0~a\x1b[201~"], ["paste 'a'"]),
    (["\x1b[200~a\x1b[31mb\x1b\x1b[A\x07\x9b1m\tc\x1b[201~d"], ["paste 'a[31mb[A1m\\tc'", "d"]),
    (["\x1b[200~é\r\n  f\x1b[201~\x1b[200~\x1b[201~"], ["paste 'é\\n  f'", "paste ''"]),
    (["\x1b[20~"], ["f9"]), (["\x1b[2", "0~"], ["f9"]), (["\x1b[24~"], ["f12"]),
])  # fmt: skip
def test_a_paste_is_text_whatever_is_in_it(pieces: list[str], events_: list[str]) -> None:
    assert named(*pieces) == events_


def test_a_paste_whose_end_is_lost_does_not_keep_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(pasting.time, "monotonic", lambda: now[0])
    parser = EscapeKeeper()
    assert not list(parser.feed("\x1b[200~abc"))
    now[0] += LOST + 1
    text, key = parser.feed("q")
    assert isinstance(text, events.Paste) and text.text == "abc"
    assert isinstance(key, events.Key) and key.key == "q"


@pytest.mark.parametrize(("sequence", "key"), [
    ("\x1b[13;2u", "enter"), ("\x1b[13;5u", "enter"), ("\x1b[13;6u", "enter"), ("\x1b[127;2u", "backspace"),
    ("\x1b[27;2;13~", "enter"), ("\x1b[27;5;13~", "enter"), ("\x1b[27;2;127~", "backspace"), ("\r", "enter"),
    ("\x1b[127;3u", "alt+backspace"), ("\x1b\x7f", "alt+backspace"), ("\x1b[27;3;127~", "alt+backspace"),
    ("\x1b[127;5u", "ctrl+backspace"), ("\x00", "ctrl+@"), ("\x1b[32;5u", "ctrl+@"), ("\x1b[32;2u", "space"),
    ("\x1b[105;5u", "tab"), ("\x1b[9;2u", "shift+tab"), ("\x1b[27;2;9~", "shift+tab"), ("\x1b[109;5u", "enter"),
    ("\x1b[91;5u", "escape"), ("\x1b[27u", "escape"), ("\x1b[57414u", "enter"), ("\x1b[104;5u", "backspace"),
])  # fmt: skip
def test_a_key_is_one_key_with_every_terminal(sequence: str, key: str) -> None:
    assert named(sequence) == [key]


def test_a_key_that_writes_has_its_letter_in_every_form() -> None:
    (space,) = read("\x1b[32;2u")
    assert isinstance(space, events.Key) and space.character == " "


class Bench(App[None]):
    """An editor and nothing else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        yield CodeEditor(text=self._text)

    def on_mount(self) -> None:
        editor = self.query_one(CodeEditor)
        editor.focus()
        editor.move_cursor(editor.document.end)


async def written(text: str, *pieces: str) -> str:
    """The text after these bytes of a terminal, with the cursor at its end."""
    app = Bench(text)
    async with app.run_test() as pilot:
        for event in read(*pieces):
            app.post_message(event)
        await pilot.pause()
        await pilot.pause()
        return app.query_one(CodeEditor).text


NESTED = "def f(x):\n    for i in x:\n        if i:\n            return i\n    return 0\n\n\nprint(f([0, 2]))\n"


async def test_a_paste_without_brackets_makes_no_stairs() -> None:
    assert await written("", NESTED.replace("\n", "\r")) == NESTED
    assert await written("", NESTED.replace("\n", "\r\n")) == NESTED
    assert await written("", NESTED.replace("\n", "\r") + "\x1b[A") == NESTED
    half = NESTED.replace("\n", "\r")
    assert await written("", half[:40], half[40:56], half[56:]) == NESTED
    tabs = "if x:\r\ty = 1\r\tif y:\r\t\tz = 2\rprint(z)\r"
    assert (await written("", tabs)).expandtabs(4) == tabs.replace("\r", "\n").expandtabs(4)


async def test_what_is_typed_in_one_piece_is_indented_as_typed_letter_by_letter() -> None:
    assert await written("", "for i in x:\rprint(i)\rprint(2)\r") == "for i in x:\n    print(i)\n    print(2)\n    "
    assert await written("x", "\ry = 1\r\x1b[A!") == "x\n!y = 1\n"


@pytest.mark.parametrize("character", ["〽️", "👨‍👩‍👧‍👦", "e\u0301", "👍🏽", "🇫🇷", "日", "é", "❤️"])
async def test_what_people_see_as_one_character_is_one(character: str) -> None:
    text = f"ab{character}cd"
    assert await written(text, "\x1b[D\x1b[D\x7f") == "abcd"
    assert await written(text, "\x1b[D\x1b[D\x1b[D\x1b[3~") == "abcd"
    assert await written(text, "\x1b[D\x1b[D\x1b[D!\x1b[C?") == f"ab!{character}?cd"
    assert await written(f"x = 1\n{character}", "\x7f\x7f") == "x = 1"
    assert await written(f"{character}{character}", "\x7f") == character
    assert await written("", f"'{character}'") == f"'{character}'"


async def test_all_is_selected_by_one_key_and_a_word_deleted_by_another() -> None:
    assert await written("a = 1\nb = 2", "\x00x") == "x"
    assert await written("a = one two", "\x1b\x7f") == "a = one "
    assert await written("a = one two", "\x1b[127;5u") == "a = one "


async def test_lines_that_are_indented_by_tabs_stay_so() -> None:
    assert await written("if x:\n\ty = 1", "\x1b[Z") == "if x:\ny = 1"
    assert await written("if x:\n\tif y:", "\rz") == "if x:\n\tif y:\n\t\tz"
    assert await written("\t\treturn x", "\ry") == "\t\treturn x\n\ty"
    assert await written("\t", "\tx") == "\t\tx"
    assert await written("\ta\n\tb", "\x00\t") == "\t\ta\n\t\tb"
    assert await written("\ta\n\tb", "\x00\x1b[Z") == "a\nb"
    assert await written("\ta", "\x1f") == "\t# a"
