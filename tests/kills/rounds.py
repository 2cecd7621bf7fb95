"""Rounds: what is done in a window until something of it is killed, and what must hold then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.journeys.steps import answer_is, back, leads_to, open_code, page_number, tap, turn_to
from tests.kills import victims
from tests.kills.tally import Tally, attempts, damaged, draft
from tests.ptykit import Missing, Terminal, key_bytes, tutor

SIZE = (100, 60)
OLD = 1.0
"""Seconds after which what was typed has to be on the disk."""
NEAR = 0.05
"""Seconds behind a key or a verdict within which half of the moments lie."""
GRADIENT = "import time\ntime.sleep(0.1)\ndef grad_loss(w, x, y):\n    return 2 * ((w * x - y) * x).sum()\n"
KERAS = "import keras\n"
QUESTIONS = [
    ("1.1", "Inputs, weights, bias", "perceptron-parameters", ("enter",), "7", "Right:", "passed"),
    ("1.2", "Why not simply try every w?", "grid-size", ("enter",), "100 ** 7", "Right:", "passed"),
    ("1.3", "All rows at once", "steps-by-default", ("enter",), "160", "Right:", "passed"),
    ("1.1", "What one neuron cannot do", "xor-one-neuron", ("tab", "tab"), "1", "You chose 1", "failed"),
]
"""Lesson, page, task, the keys that lead to it, an answer, what is shown then, and how it is kept."""


class Rounds:
    """Of one home. rng: draws everything but what the machine does."""

    def __init__(self, home: Path, rng: Random) -> None:
        self.home, self.rng, self.tally = home, rng, Tally()
        self._word = 0
        self._new = True

    # ------------------------------------------------------------------ windows

    @contextmanager
    def in_the_editor(self, code: str = GRADIENT) -> Iterator[Terminal]:
        """A window with the exercise open, where the last one stood when it was killed."""
        with tutor(self.home, "open", "1.2", size=SIZE) as window:
            window.until(" of 15").at_rest()
            if "gradient.py" not in window.text:
                open_code(window, "gradient")
            window.until(lambda t: leads_to(t) == "leave").at_rest()
            if self._new:
                answer_is(window, code).until("draft saved")
                self._new = False
            self.tally.rounds += 1
            yield window

    def kill_window(self, window: Terminal, moment: str, mark: str = "") -> tuple[float, bool]:
        """When it was killed, and whether this mark was on the screen by then."""
        name = self.rng.choice(list(victims.SIGNALS))
        while window.read(0):
            pass
        shown = bool(mark) and mark in window.text
        at = time.monotonic()
        window_lives = victims.send(window.pid, name)
        assert window_lives, "the window had ended before"
        self.tally.kills["window", name, moment] += 1
        window.wait()
        return at, shown or (bool(mark) and mark in window.text)

    # ------------------------------------------------------------------ rounds

    def typing(self) -> None:
        """Words, steadily or with pauses, now and then a run in between; the window is killed."""
        with self.in_the_editor() as window:
            window.send(key_bytes("ctrl+end") + b"\r# ")
            window.at_rest()
            typed, near = self._type(window, self.rng.uniform(0.3, 5.0))
            if near:
                self._wait(window, self.rng.uniform(0, NEAR))
            else:
                self._wait(window, self.rng.uniform(0, 1.2))
            at, _ = self.kill_window(window, "right after a key" if near else "while typing")
        there = draft(self.home, "gradient")
        for word, when in typed:
            if when <= at - OLD:
                self.tally.words += 1
                if word not in there:
                    self.lose(f"the word {word}, {at - when:.2f} s old")
        self.look()

    def verdict(self) -> None:
        """The exercise is checked; the window is killed around the verdict."""
        before = attempts(self.home, "gradient", "passed")
        with self.in_the_editor() as window:
            tap(window, "f6")
            near = self._around(window, "passed: 4 of 4")
            moment = "around a verdict" if near else "while checking"
            _, shown = self.kill_window(window, moment, "passed: 4 of 4")
        self._must_be_kept("gradient", "passed", before, shown)

    def question(self, number: int) -> None:
        """A question is answered; the window is killed around the answer's mark."""
        lesson, page, task, keys, answer, mark, outcome = QUESTIONS[number]
        before = attempts(self.home, task, outcome)
        with tutor(self.home, "open", lesson, size=SIZE) as window:
            self.tally.rounds += 1
            _to_the_first_page(window)
            turn_to(window, page).press(*keys)
            if mark in window.text:
                window.press("a")
            window.send(f"{answer}\r".encode())
            near = self._around(window, mark)
            _, shown = self.kill_window(window, "around an answer" if near else "while answering", mark)
        self._must_be_kept(task, outcome, before, shown)

    def engine(self, kills: int, code: str = GRADIENT) -> None:
        """Checks whose host, process or judge is killed; the next one has its verdict."""
        with self.in_the_editor(code) as window:
            for _ in range(kills):
                self._kill_in_a_check(window)
                if not self._next_passes(window):
                    return
            self.kill_window(window.at_rest(), "after a verdict")
        self.look()

    # ------------------------------------------------------------------ steps

    def _type(self, window: Terminal, seconds: float) -> tuple[list[tuple[str, float]], bool]:
        """Words with the moment of their last letter, and whether the last key was just now."""
        pause = self.rng.choice((0.02, 0.05, 0.12, 0.3))
        words: list[tuple[str, float]] = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._word += 1
            word = f"w{self._word:05d}"
            for letter in word:
                window.send(letter.encode())
                self._wait(window, self.rng.uniform(0.2, 1.0) * pause)
            words.append((word, time.monotonic()))
            window.send(self.rng.choice((b" ", b" ", b"\r# ")))
            if self.rng.random() < 0.1:
                window.send(key_bytes("f5"))
            if self.rng.random() < 0.3:
                self._wait(window, self.rng.uniform(0, 1.0))
        near = self.rng.random() < 0.5
        if near:
            window.send(b"k")
        return words, near

    def _around(self, window: Terminal, mark: str) -> bool:
        """Wait for the mark and a little more, or for less; whether it was waited for."""
        near = self.rng.random() < 0.75
        if near:
            window.until(mark, limit=60)
            self._wait(window, self.rng.uniform(0, NEAR))
        else:
            self._wait(window, self.rng.uniform(0, 0.4))
        return near

    def _kill_in_a_check(self, window: Terminal) -> None:
        there = victims.hosts(self.home)
        before = set(victims.children(there[0])) if there else set()
        tap(window, "f6")
        hosts: list[int] = []  # one that has just been killed may still be seen once
        window.until(lambda t: bool(hosts.extend(victims.hosts(self.home)) or hosts))
        host = hosts[0]
        wanted, name = self.rng.choice(("host", "learner", "judge")), self.rng.choice(list(victims.SIGNALS))
        self._wait(window, self.rng.uniform(0, 0.2))
        found: dict[str, int] = {"host": host}

        def begun(_: Terminal) -> bool:
            found.update(victims.of_the_check(host, before))
            return wanted in found or window_is_through(window)

        window.until(begun)
        if wanted in found and victims.send(found[wanted], name):
            self.tally.kills[wanted, name, "while checking"] += 1
        window.until(lambda t: window_is_through(t), limit=100)

    def _next_passes(self, window: Terminal) -> bool:
        before = attempts(self.home, "gradient", "passed")
        tap(window, "f6")
        try:
            window.until(lambda t: attempts(self.home, "gradient", "passed") > before)
        except Missing as error:
            self.lose(f"the verdict of the next check: {error}")
            return False
        return True

    def _wait(self, window: Terminal, seconds: float) -> None:
        """Take in what is drawn meanwhile."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            window.read(left)

    # ------------------------------------------------------------------ what must hold

    def _must_be_kept(self, task: str, outcome: str, before: int, shown: bool) -> None:
        self.tally.shown += shown
        if shown and attempts(self.home, task, outcome) <= before:
            self.lose(f"{task}: {outcome} was shown and is not on the disk")
        self.look()

    def look(self) -> None:
        """Every file can be read."""
        for sentence in damaged(self.home):
            self.lose(sentence)

    def lose(self, what: str) -> None:
        self.tally.lost.append(what)


def _to_the_first_page(window: Terminal) -> None:
    """From wherever the last window stood."""
    window.until(lambda t: " of " in t.screen.display[0]).at_rest()
    if leads_to(window) == "leave":
        back(window).at_rest()
    while page_number(window) > 1:
        window.press("b")


def window_is_through(window: Terminal) -> bool:
    """Whether no run goes on, by the line above the editor."""
    title = window.screen.display[2]
    return "seed" in title or any(word in title for word in ("lost", "ended", "stopped", "error", "out of"))
