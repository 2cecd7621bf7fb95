"""Whole journeys in which something goes wrong: nothing is lost, and it is said in a sentence."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.steps import answer_is, leave, open_code, tap
from tests.ptykit import Terminal, tutor
from tutor import paths

WHOLE = "def grad_loss(w, x, y):\n    return 2 * ((w * x - y) * x).sum()\n"


def test_every_page_at_80x24_and_room_that_goes_and_comes_back(home: Path) -> None:
    with tutor(home, "open", "1.1", size=(80, 24)) as window:
        window.until("From several numbers to one")
        while "1.3 Wrap-up" not in window.text or "What you have learned" not in window.text:
            before = window.screen.display[0]
            window.press("n").until(lambda t, before=before: t.screen.display[0] != before)
            assert "Traceback" not in window.text
            assert not any(len(line.rstrip()) > 80 for line in window.screen.display)
        title = window.screen.display[0]
        window.resize(50, 12).until("Make it larger")
        window.resize(80, 24).until(title.strip().split("  ")[0])
        window.resize(60, 15).at_rest()
        assert "Make it larger" not in window.text


def test_a_dropped_connection_keeps_draft_and_place(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(100, 32)) as window:
        window.until("1 of ")
        open_code(window, "gradient")
        answer_is(window, "def grad_loss(w, x, y):\n    half = 1")
        window.type(" + 41")
        window.hang_up()
    with tutor(home, size=(100, 32)) as window:
        window.until("gradient.py").until("half = 1 + 41")


def test_a_damaged_line_of_progress_is_said_once_and_the_rest_counts(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(100, 32)) as window:
        window.until("1 of ")
        open_code(window, "gradient")
        answer_is(window, WHOLE)
        tap(window, "f6").until("passed")
        leave(window)
    (attempts,) = (home / "state" / "attempts").glob("*.jsonl")
    attempts.write_bytes(b'{"task": "gra\xff\n' + attempts.read_bytes())
    with tutor(home, size=(100, 32)) as window:
        window.until("damaged").until("of ")
        assert leave(window) == 0
    with tutor(home, "list", size=(100, 200)) as window:
        assert window.wait() == 0
        assert "1 of" in window.text


def test_two_windows_lose_nothing(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(100, 32)) as one, tutor(home, "open", "1.1", size=(100, 32)) as two:
        one.until("1 of ")
        two.until("1 of ")
        open_code(one, "gradient")
        open_code(two, "neuron")
        answer_is(one, WHOLE)
        answer_is(two, "def neuron(x, w, b):\n    return 'a draft of the second window'\n")
        tap(one, "f6").until("passed")
        for window in (one, two):
            window.until("draft saved")
            assert leave(window) == 0
    with tutor(home, "list", size=(100, 200)) as window:
        assert window.wait() == 0
        assert "1 of" in window.text
    drafts = [path.read_text() for path in (home / "state" / "drafts").rglob("*.py")]
    assert any("second window" in draft for draft in drafts)
    assert any("2 * ((w * x" in draft for draft in drafts)


def broken_course(folder: Path) -> Path:
    """The shipped course with a fence closed too early in lesson 1.1."""
    import shutil

    shutil.copytree(paths.lessons_dir(), folder)
    lesson = next(folder.rglob("*perceptron.md"))
    text = lesson.read_text()
    lesson.write_text(text.replace(":::{exercise} neuron", ":::{exercize} neuron", 1))
    return folder


def test_a_broken_lesson_is_listed_with_its_reason_and_the_others_open(home: Path) -> None:
    course = broken_course(home / "course")
    with tutor(home, "--course", str(course), size=(100, 32)) as window:
        window.until("Gradient descent").until("The perceptron")
        for _ in range(60):
            chosen = next((line for line in window.screen.display if line.startswith((" ▸", "▸"))), "")
            if "The perceptron" in chosen:
                break
            window.press("up")
        window.press("enter")
        window.until("perceptron.md:").until("exercise")
        window.press("esc").until("Gradient descent")
    with tutor(home, "--course", str(course), "open", "1.2", size=(100, 32)) as window:
        window.until("Rooms and prices")


def run_and_stay(window: Terminal, code: str, said: str) -> None:
    answer_is(window, code)
    stands = window.text.count(said)  # in the code itself
    tap(window, "f5").until(lambda t: t.text.count(said) > stands)


def test_code_that_misbehaves_is_stopped_or_made_harmless(home: Path) -> None:
    with tutor(home, "open", "1.1", size=(100, 32)) as window:
        window.until("1 of ")
        open_code(window, "price-by-hand")
        run_and_stay(window, "print('\\x1b[2J\\x1b]0;owned\\x07', 'harmless')", "harmless")
        assert "price-by-hand.py" in window.text
        run_and_stay(window, "while True:\n    pass", "running")
        window.press("ctrl+c").until("stopped")
        run_and_stay(window, "while True:\n    print('x' * 1000)", "output")
        run_and_stay(window, "input('your name? ')", "nothing to read")
        kills_its_parent = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(60)"
        run_and_stay(window, kills_its_parent, "only what it has started itself")
        run_and_stay(window, "print('the engine lives')", "the engine lives")


def test_the_draft_is_what_the_own_editor_saved_and_a_missing_editor_leaves_the_window_alive(
    home: Path, tmp_path: Path
) -> None:
    saver = tmp_path / "saver"
    saver.write_text("#!/bin/sh\necho 'saved = 41 + 1' > \"$1\"\n")
    saver.chmod(0o755)
    with tutor(home, "open", "1.2", size=(120, 32), env={"EDITOR": str(saver), "VISUAL": None}) as window:
        open_code(window, "gradient").press("ctrl+o").until("saved = 41 + 1")
    with tutor(home, size=(120, 32), env={"EDITOR": "no-such-editor", "VISUAL": None}) as window:
        window.until("saved = 41 + 1").at_rest()
        window.press("ctrl+o").until("no-such-editor could not be started")
        window.type("# alive").until("# alive")


def test_without_a_terminal_it_says_which_commands_work(home: Path) -> None:
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "tutor"], env={**os.environ, "DL_TUTOR_HOME": str(home)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "`check`" in done.stderr
