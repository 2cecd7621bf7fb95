"""Code that means harm, handed in as an answer by an ordinary user, on the command line and in the window: it gets no
pass, reaches nothing and nobody, and leaves nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

from tests.attacks.place import Place
from tests.attacks.programs import PROGRAMS, program
from tests.journeys.steps import leave, open_code
from tests.ptykit import Terminal
from tutor.engine.machine.confinement.holding import protections

MISSING = [f"{one.name}: {one.why_not}" for one in protections() if not one.held]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"this machine does not hold all: {'; '.join(MISSING)}")

WRONG = ("failed", "error")
SAID = re.compile(r"HELD \d|WENT THROUGH")


@pytest.fixture(scope="module")
def window(place: Place) -> Iterator[Terminal]:
    """One window for all programs."""
    with place.start("open", "1.2", size=(160, 120)) as window:
        window.until("1 of ")
        open_code(window, "gradient")
        yield window
        assert leave(window) == 0


def handed_in(window: Terminal, place: Place, name: str) -> None:
    """The program in the editor, and F6."""
    code = program(name, place.world(window)).encode()
    window.press("ctrl+home")
    window.send(b"\x00")  # ctrl+space: all of it
    window.at_rest()
    window.send(b"\x1b[200~" + code + b"\x1b[201~")
    window.at_rest()
    window.press("f6")


def nothing_came_of_it(place: Place, window: Terminal, name: str) -> None:
    assert "WENT THROUGH" not in window.text, window.text.strip()
    (outcome,) = place.outcomes()
    assert outcome in WRONG, window.text.strip()
    assert place.harm(window) == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_on_the_command_line(place: Place, name: str) -> None:
    fifo = place.user.parent / f"{name}.py"
    os.mkfifo(fifo)
    with place.start("check", "gradient", str(fifo), size=(100, 200)) as window:
        file = _opened(window, fifo)
        with os.fdopen(file, "w") as code:
            code.write(program(name, place.world(window)))
        assert window.wait(60) == 1, window.text.strip()
        assert b"HELD " in window.raw
        nothing_came_of_it(place, window, name)
    assert place.processes() == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_in_the_window(place: Place, window: Terminal, name: str) -> None:
    handed_in(window, place, name)
    window.until(lambda _: place.judged()).until(lambda t: bool(SAID.search(t.text)))
    nothing_came_of_it(place, window, name)
    assert window.alive


def _opened(window: Terminal, fifo: os.PathLike[str]) -> int:
    """Its end to write into, once somebody reads."""
    while window.alive:
        window.read(0.01)
        try:
            fd = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            continue
        os.set_blocking(fd, True)
        return fd
    raise AssertionError(window.text)
