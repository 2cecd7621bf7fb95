"""Keys in a real terminal: the learner's own, Esc with a letter right behind it, and where the cursor stands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.ptykit import key_bytes, tutor
from tests.sample_course import write_course

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_own_keys(home: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path)
    example = re.search(r"```toml\n(\[keys\]\n.*?)```", README.read_text(), re.DOTALL)
    assert example and '"page.next_page" = "j, right"' in example[1]
    (home / "settings.toml").write_text(example[1].replace('check = "f6, ctrl+e"', 'check = "ctrl+e, f6"'))
    with tutor(home, "--course", str(course), "open", "everything", size=(100, 32)) as window:
        window.until("Some prose").until("j next").at_rest()
        window.press("n").press("j").until("How many")
        for title in ("twice five", "Put these", "sky blue", "Write double"):
            window.press("j").until(title)
        window.press("e").until("double.py").until("ctrl+e checks your code").until("ctrl+e check").at_rest()
        window.press("ctrl+e").until("nothing to check yet").until("then ctrl+e")


def test_esc_and_q_in_one_piece_leave_a_page_and_then_the_program(home: Path, tmp_path: Path) -> None:
    course = write_course(tmp_path)
    with tutor(home, "--course", str(course)) as terminal:
        terminal.until("A small course").at_rest()
        terminal.press("enter").until("Some prose").at_rest()
        terminal.send(b"\x1bq")
        assert terminal.wait() == 0


@pytest.mark.parametrize(("key", "leads_to"), [("o", "outline"), ("?", "Keys")])
def test_in_the_editor_a_key_acts_where_esc_led(home: Path, tmp_path: Path, key: str, leads_to: str) -> None:
    course = write_course(tmp_path)
    with tutor(home, "--course", str(course), "open", "everything") as terminal:
        terminal.until("Some prose").at_rest()
        for title in ("How many", "twice five", "Put these", "sky blue", "Write double"):
            terminal.press("n").until(title)
        terminal.press("e").until("double.py").until("def double").at_rest()
        terminal.type("abc")
        terminal.send(b"\x1b" + key.encode())
        terminal.until(leads_to).at_rest()
        terminal.press("esc").press("e").until("abcdef double")


@pytest.mark.parametrize("shown", [False, True])
def test_the_cursor_stands_where_the_focus_is(home: Path, tmp_path: Path, shown: bool) -> None:
    course = write_course(tmp_path)
    env: dict[str, str | None] = {"DL_TUTOR_CURSOR": "true" if shown else None}
    with tutor(home, "--course", str(course), env=env) as terminal:
        terminal.until("A small course").at_rest()
        assert terminal.screen.cursor.hidden is not shown
        first = terminal.screen.cursor.y
        assert "▸" in terminal.screen.display[first] or "▶" in terminal.screen.display[first], terminal.text
        terminal.press("down")
        assert terminal.screen.cursor.y > first
        terminal.press("up", "enter").until("Some prose").at_rest()
        terminal.press("n").until("How many legs").at_rest()
        terminal.press("enter", "down", "down")
        assert "eight" in terminal.screen.display[terminal.screen.cursor.y]


ROUNDS = 20


def test_what_is_checked_is_the_text_on_the_screen_whatever_comes_in_one_read(home: Path, tmp_path: Path) -> None:
    """The last letter and F6 in one write, as a stalled line delivers them; a paste and F6; text behind the key that
    opens the editor."""
    course = write_course(tmp_path)

    def answers() -> list[str]:
        lines = [line for file in home.rglob("attempts/*.jsonl") for line in file.read_text().splitlines()]
        return [one["answer"] for one in map(json.loads, lines) if one["task"] == "double"]

    with tutor(home, "--course", str(course), "open", "everything", size=(100, 32)) as window:
        window.until("Some prose").at_rest()
        window.send(b"nnnnne" + key_bytes("ctrl+end") + b"\r# ")
        window.until("double.py").until("4  #").at_rest()
        said, keys = "def double(x):\n    ...\n\n# ", key_bytes("f6")
        for at in range(ROUNDS):
            word = "ab"[at % 2]
            said += word
            window.send((word if at % 4 else f"\x1b[200~{word}\x1b[201~").encode() + keys)
            window.until(lambda t, at=at: len(answers()) > at).until(lambda t: "checking" not in t.text).at_rest()
            assert answers()[-1] == said, at
            assert said.splitlines()[-1] in window.text
