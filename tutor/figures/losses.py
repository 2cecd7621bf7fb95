"""What one prediction costs: the squared and the absolute error of a number, and −log p of a probability.

    e², |e|  with e = ŷ − y          −log p, (1 − p)²  with p, the probability of what really happened

Their slopes are what training feels: 2e and ±1; −1/p, which grows without end as p goes to 0, and −2(1 − p), which
never exceeds 2.
"""

from __future__ import annotations

import math

import numpy as np

from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Mark, Pick, Scene, Series, Slider, TextPanel
from tutor.words import short

_STOPS = (0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
          0.8, 0.85, 0.9, 0.95, 0.99, 1.0)  # fmt: skip
CONTROLS = (
    Slider("e", "e", 2.0, -4.0, 4.0, 0.25, help="error of the number: guess minus target"),
    Slider("p", "p", 0.1, _STOPS[0], _STOPS[-1], stops=_STOPS, help="probability given to what really happened"),
    Pick("view", "of", "number", ("number", "probability"), help="the loss of a number, or of a probability"),
)


def idle(s: ControlValues) -> tuple[str, ...]:
    """The point of the loss that is not shown."""
    return ("p",) if s.word("view") == "number" else ("e",)


def draw(s: ControlValues) -> Scene:
    """Two curves with the movable point on both, and its costs and slopes."""
    chart, panel, words = of_number(s["e"]) if s.word("view") == "number" else of_probability(s["p"])
    return Scene(panels=(chart, panel), words=words, shares=(46, 24), height=14)


def of_number(e: float) -> tuple[Chart, TextPanel, str]:
    """e² and |e|."""
    grid = np.linspace(-4.0, 4.0, 161)
    square, size = e * e, abs(e)
    chart = Chart(
        series=(_curve(grid, grid**2, "e²", 0), _curve(grid, np.abs(grid), "|e|", 2, dash=1)),
        xlabel="error e = ŷ − y", ylabel="loss", xlimits=(-4.0, 4.0), ylimits=(0.0, 16.0),
        marks=(Mark(e, square, short(square)), Mark(e, size, "", colour=3)),
    )  # fmt: skip
    slope = "±1" if e == 0 else short(math.copysign(1, e))
    panel = _panel(f"Error {short(e)}", (("e²", square), ("|e|", size)), (("of e²", short(2 * e)), ("of |e|", slope)))
    return chart, panel, number_in_words(e)


def number_in_words(e: float) -> str:
    """What the error costs both ways, and which of the two is stricter."""
    if e == 0:
        return "The guess is exactly right and costs nothing, squared or absolute."
    size = abs(e)
    text = f"The guess is {short(size)} too {'high' if e > 0 else 'low'}: squared that costs {short(e * e)}, absolute "
    text += f"{short(size)}. "
    if size == 1:
        return text + "At an error of 1 the two are equal; beyond it the square is the larger one."
    return text + f"The square is {short(size)} times the absolute value, and its slope is {short(2 * e)}."


def of_probability(p: float) -> tuple[Chart, TextPanel, str]:
    """−log p, and (1 − p)² beside it."""
    grid = np.concatenate([np.geomspace(0.001, 0.1, 80), np.linspace(0.105, 1.0, 180)])
    surprise, square = -math.log(p) + 0.0, (1 - p) ** 2
    chart = Chart(
        series=(_curve(grid, -np.log(grid), "−log p", 0), _curve(grid, (1 - grid) ** 2, "(1 − p)²", 2, dash=1)),
        xlabel="p", ylabel="loss", xlimits=(0.0, 1.0), ylimits=(0.0, 7.0),
        marks=(Mark(p, surprise, short(surprise, 3)), Mark(p, square, "", colour=3)),
    )  # fmt: skip
    slopes = (("of −log p", short(-1 / p)), ("of (1 − p)²", short(-2 * (1 - p))))
    panel = _panel(f"p = {short(p)}", (("−log p", surprise), ("(1 − p)²", square)), slopes)
    return chart, panel, probability_in_words(p, surprise)


def probability_in_words(p: float, surprise: float) -> str:
    """How sure the model was of what happened, and what that costs."""
    if p == 1:
        return "The model was sure, and right: −log 1 = 0, it costs nothing."
    likely = "unlikely" if p < 0.5 else "likely" if p > 0.5 else "as likely as not"
    how = f"thought it {likely}" if p >= 0.02 else "was all but sure that it would not happen"
    return (
        f"What happened had been given p = {short(p)}: the model {how}. That costs −log p = {short(surprise)}. "
        f"The slope there is −1/p = {short(-1 / p)}, and that of (1 − p)² is {short(-2 * (1 - p))}."
    )


def _curve(x: np.ndarray, y: np.ndarray, label: str, colour: int, dash: int = 0) -> Series:
    return Series(tuple(x.tolist()), tuple((y + 0.0).tolist()), label, colour=colour, dash=dash)


def _panel(title: str, costs: tuple[tuple[str, float], ...], slopes: tuple[tuple[str, str], ...]) -> TextPanel:
    lines = ["loss", *(f"  {name:<12}{short(value):>8}" for name, value in costs)]
    lines += ["", "slope", *(f"  {name:<12}{value:>8}" for name, value in slopes)]
    return TextPanel(tuple(lines), title=title)
