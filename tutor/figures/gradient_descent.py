"""Gradient descent on the loss of a line through the origin, step by step.

    ℒ(w) = ∑(wx − y)²        w ← w − ρ · dℒ/dw

The loss is a parabola, so each step multiplies the distance to the best w by 1 − 2ρ∑x²: it converges where that
lies between −1 and 1, from side to side where it is negative, and diverges beyond (Boyd and Vandenberghe, Convex
Optimization, 2004, section 9.3).
"""

from __future__ import annotations

import numpy as np

from tutor.figures.shared.boston import RoomsAndPrices, rooms_and_prices, scatter
from tutor.figures.shared.control_values import ControlValues
from tutor.plots.scene import Chart, Mark, Pick, Scene, Series, Slider, Stepper, TextPanel
from tutor.words import short

CONTROLS = (
    Slider("rho", "ρ", 1e-5, 1e-7, 1e-4, log=True, help="learning rate"),
    Slider("w0", "w₀", 0.0, -4.0, 12.0, 0.5, help="where to start"),
    Stepper("steps", "steps", 10, 50, help="how many steps"),
    Pick("view", "view", "loss", ("loss", "data", "both"), help="the loss curve, the data with the line, or both"),
)
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def draw(s: ControlValues) -> Scene:
    """The path so far on the loss curve, the line it stands for, and the figures."""
    line = rooms_and_prices()
    path = descend(line, s["w0"], s["rho"], int(s["steps"]))
    view = s.word("view")
    shown = [loss_curve(line, path)] if view != "data" else []
    if view != "loss":
        shown.append(fit_so_far(path))
    return Scene(
        panels=(*shown, figures(line, path, s["rho"], wide=len(shown) > 1)),
        words=in_words(line, path, s["rho"]),
        shares=(*(30,) * len(shown), 12 if len(shown) == 1 else 40),
        height=14,
    )


def descend(line: RoomsAndPrices, w0: float, rho: float, steps: int) -> list[float]:
    """w₀, w₁, … : steps + 1 values."""
    path = [w0]
    for _ in range(steps):
        path.append(path[-1] - rho * line.slope(path[-1]))
    return path


def factor(line: RoomsAndPrices, rho: float) -> float:
    """1 − 2ρ∑x²: what each step multiplies the distance to the best w by."""
    return 1 - 2 * rho * line.sxx


def loss_curve(line: RoomsAndPrices, path: list[float]) -> Chart:
    """The loss over w, with the path on it. The window depends on w₀ only, so that nothing jumps as one steps."""
    reach = max(abs(path[0] - line.best) * 1.25, 5.65)
    low, high = line.best - reach, line.best + reach
    w = np.linspace(low, high, 241)
    last = len(path) - 1
    marks = [Mark(path[0], float(line.loss(path[0])), "w₀")]
    if last:
        marks.append(Mark(path[-1], float(line.loss(path[-1])), name(last)))
    return Chart(
        series=(
            Series(tuple(w.tolist()), tuple(line.loss(w).tolist()), colour=0),
            Series(tuple(path), tuple(line.loss(path).tolist()), "steps", kind="path", colour=1, dash=2),
        ),
        ylabel="loss", xlabel="w", xlimits=(low, high), ylimits=(0.0, float(line.loss(low))), marks=tuple(marks),
    )  # fmt: skip


def name(step: int) -> str:
    """w₁₀ for 10."""
    return "w" + str(step).translate(_SUBSCRIPTS)


def fit_so_far(path: list[float]) -> Chart:
    """The districts with the first line and the present one."""
    last = len(path) - 1
    lines = (("w₀x", path[0]),) if last == 0 else ((f"{name(last)}x", path[-1]), ("w₀x", path[0]))
    return scatter(lines, ylabel="price")  # there is little room beside the names of the lines


def figures(line: RoomsAndPrices, path: list[float], rho: float, *, wide: bool) -> TextPanel:
    """The numbers beside the picture; wide: in two lines below it."""
    last = len(path) - 1
    numbers = [("ρ", short(rho)), ("factor", short(factor(line, rho))), ("w₀", short(path[0]))]
    if last:
        numbers.append((name(last), short(path[-1])))
    numbers.append(("best w", short(line.best)))
    scores = [("loss", short(float(line.loss(path[-1])), 5)), ("slope", short(line.slope(path[-1]), 5))]
    if wide:
        return TextPanel(tuple("   ".join(f"{k} {v}" for k, v in group) for group in (numbers, scores)))
    rows = ["" if not label else f"{label:<8}{value:>10}" for label, value in (*numbers, ("", ""), *scores)]
    return TextPanel(tuple(rows), title=f"After {last} step{'s' * (last != 1)}")


def in_words(line: RoomsAndPrices, path: list[float], rho: float) -> str:
    """Where the path stands, and whether it converges, swings or diverges, with the factor that decides it."""
    last, f = len(path) - 1, factor(line, rho)
    if last == 0:
        text = f"Descent starts at w₀ = {short(path[0])}; the best w is {short(line.best)}."
    else:
        verb = "led" if last > 1 else "leads"
        count = f"{last} steps" if last > 1 else "One step"
        text = (
            f"{count} of rate ρ = {short(rho)} {verb} from w = {short(path[0])} to {short(path[-1])}; "
            f"the best w is {short(line.best)}."
        )
    text += f" Each step multiplies the distance to it by 1 − 2ρ ∑x² = {short(f)}: "
    if path[0] == line.best:
        return text + "but it starts there, and stays."
    if f > 0.95:
        return text + f"converging, but slowly, by {short(100 * (1 - f), 2)} % a step."
    if f > 0.02:
        return text + "converging, each step shorter than the one before, all from the same side."
    if f > -0.02:
        return text + "the first step all but arrives."
    if abs(f + 1) < 5e-4:
        return text + "swinging from side to side, hardly closer and hardly farther: this is the limit."
    if f > -1:
        return text + "swinging from side to side, closer each time: converging."
    return text + f"diverging. It swings ever wider, each time {short(100 * (-f - 1), 2)} % farther off than before."
