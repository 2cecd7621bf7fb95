"""From what a lesson or a learner gave a figure, as text, to clipped numbers and words, and back to its controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tutor.course.numbers import evaluate
from tutor.errors import TutorError
from tutor.plots.scene import Control, Drawing, Pick, Slider, Stepper
from tutor.words import did_you_mean


class FigureError(TutorError):
    """A figure, one of its parameters, or a value is not known."""

    exit_status = 2


class ControlValues:
    """What the controls of a figure stand at. `values["rho"]` is a number, `values.word("view")` a word.

    controls: the same controls, standing at these values. Raises FigureError where a name or a value is off;
    numbers out of range are clipped, whole ones are rounded.
    """

    def __init__(self, controls: Iterable[Control], values: Mapping[str, str], *, figure: str, seed: int = 0) -> None:
        known = {c.name: c for c in controls}
        for name in values:
            if name not in known:
                raise FigureError(f'The figure {figure} has no parameter "{name}".', did_you_mean(name, known, few=99))
        self.seed = seed
        self.controls = tuple(_at(c, str(values[c.name])) if c.name in values else c for c in known.values())
        self._values = {c.name: c.value for c in self.controls}

    def __getitem__(self, name: str) -> float:
        return float(self._values[name])

    def word(self, name: str) -> str:
        """The word a Pick stands at; the value of a Drawing."""
        return str(self._values[name])


def _at(control: Control, text: str) -> Control:
    """The control, moved to the value that the text says."""
    if isinstance(control, Pick):
        word = text.strip().lower()
        if word not in control.options:
            raise FigureError(f'{control.name} cannot be "{text}".', did_you_mean(word, control.options, few=99))
        return msgspec.structs.replace(control, value=word)
    if isinstance(control, Drawing):
        return msgspec.structs.replace(control, value=_drawn(control, text))
    try:
        number = evaluate(text)
    except TutorError as error:
        raise FigureError(f"{control.name}: {error.what}", error.todo) from None
    if isinstance(control, Stepper):
        return msgspec.structs.replace(control, value=round(min(max(number, 0), control.last)))
    return msgspec.structs.replace(control, value=clipped(control, number))


def clipped(slider: Slider, number: float) -> float:
    """The value nearest to number that a slider can take."""
    number = min(max(number, slider.low), slider.high)
    if slider.stops:
        return min(slider.stops, key=lambda stop: abs(stop - number))
    return float(round(number)) if slider.whole else number


def _drawn(control: Drawing, text: str) -> str:
    """The text of a drawing, if it is one of this size; "" is an empty one."""
    value, size = text.strip().lower(), control.width * control.height // 4
    if not value:
        return "0" * size
    if len(value) != size or not set(value) <= set("0123456789abcdef"):
        raise FigureError(
            f"{control.name} is no drawing of {control.width} by {control.height} pixels.",
            f"It has {size} hexadecimal digits, row by row.",
        )
    return value
