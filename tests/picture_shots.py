"""The screens of the README's pictures, each taken from the program itself on a real pseudo-terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.journeys.samples import SHAPES, moons
from tests.journeys.steps import answer_is, open_code, turn_to
from tests.ptykit import Terminal, key_bytes, tutor

Shots = Iterator[tuple[str, Terminal]]
"""Name of a picture, and the terminal that shows it, until the next one is asked for."""

TRAINING_TAKES = 120.0
"""Seconds after which a training, Keras's own start included, counts as lost: the machine may be shared."""
LEADS_ON = "F4 enlarges it"
HALF_THE_SLOPE = "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n"


def lesson(home: Path) -> Shots:
    """The gradient exercise beside its page, checked, with the diagnosis of a missing factor 2."""
    with tutor(home, "open", "1.2", size=(130, 38)) as window:
        open_code(window, "gradient")
        answer_is(window, HALF_THE_SLOPE)
        window.press("f6").until("the 2 is missing")
        yield "lesson", window.still(0.5)


def figure(home: Path) -> Shots:
    """Gradient descent, opened with its controls."""
    with tutor(home, "open", "1.2", size=(100, 30)) as window:
        turn_to(window, "One step downhill")
        window.press("enter").until("space run")
        yield "figure", window.still(0.5)


def trained(window: Terminal, *, first: bool = False) -> Terminal:
    """Run the code, and wait for the end of its training; after the first, for what is then said for some seconds to
    come and to go."""
    window.send(key_bytes("f5"))
    window.until(lambda t: "trained" not in t.text)  # that of the run before
    window.until("trained", TRAINING_TAKES).still()
    if first:
        window.until(LEADS_ON).until(lambda t: LEADS_ON not in t.text)
    return window.still()


def training(home: Path) -> Shots:
    """A Keras training at its end."""
    with tutor(home, "open", "1.3", size=(100, 34)) as window:
        open_code(window, "train-in-keras")
        trained(window, first=True)
        yield "training", window.still(0.5)


def watching(home: Path) -> Shots:
    """A training over the whole window, with the one before it drawn thin; then what this model decides everywhere, and
    the feature maps of a convolution."""
    with tutor(home, "open", "1.3", size=(130, 30)) as window:
        open_code(window, "train-in-keras")
        for number, rate in enumerate((0.003, 0.03)):
            answer_is(window, moons(rate, 80))
            trained(window, first=number == 0)
        window.press("f4", "w").still()
        yield "watching", window.still(0.5)
        window.resize(100, 28)
        window.still().press("i").until("parameters").press("d").still()
        yield "decision", window.still(0.5)
        window.press("esc").still().press("f4").still()
        answer_is(window, SHAPES)
        trained(window)
        window.press("f4", "i").until("parameters").press("m").still()
        yield "maps", window.still(0.5)


TAKES: tuple[tuple[Callable[[Path], Shots], tuple[str, ...]], ...] = (
    (lesson, ("lesson",)),
    (figure, ("figure",)),
    (training, ("training",)),
    (watching, ("watching", "decision", "maps")),
)
"""Each take with the names of its pictures. A take has a home of its own."""
