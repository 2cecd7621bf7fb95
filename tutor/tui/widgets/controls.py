"""The controls of a live figure: sliders, picks and steppers, by arrow keys and by typing a number."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tutor.course.numbers import evaluate
from tutor.errors import TutorError
from tutor.plots.scene import Control, Drawing, Movable, Pick, Slider, Stepper
from tutor.tui.door import tutor_of
from tutor.tui.widgets.control_rows import ControlRows, columns_for, grid, share

STEPS = 40
"""Presses of an arrow key from one end of a slider to the other, where the figure names no step."""
LARGE = 10
"""Steps of page up and page down."""
TYPED = frozenset("0123456789.-+e*/()")

MOVES = {"left": -1, "right": 1, "pagedown": -LARGE, "pageup": LARGE, "b": -LARGE, "n": LARGE,
         "home": -(10**6), "end": 10**6}  # fmt: skip
"""Steps by key. Some terminals keep page up and page down for their own scrolling: b and n always arrive."""


class Controls(Widget, can_focus=True):
    """One row for each control. `values` holds what they stand at, as the figure takes them."""

    DEFAULT_CSS = """
    Controls { height: auto; padding: 0 1; }
    """

    class Turned(Message):
        """A control was moved: `values` are the new ones, all of them."""

        def __init__(self, values: dict[str, str]) -> None:
            super().__init__()
            self.values = values

    class Said(Message):
        """What was typed cannot be taken, and why."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._controls: tuple[Movable, ...] = ()
        self._idle: tuple[str, ...] = ()
        self._start: dict[str, str] = {}
        self._row = 0
        self._typing: str | None = None

    # ------------------------------------------------------------------ what they stand at

    def show(self, given: tuple[Control, ...], idle: tuple[str, ...] = ()) -> None:
        """Take over the controls of a Scene, but for what is drawn into. What is being typed stays.

        idle: names of those that change nothing as the others stand.
        """
        controls = tuple(control for control in given if not isinstance(control, Drawing))
        grown = len(controls) != len(self._controls)
        if not self._start:
            self._start = {control.name: written(control) for control in controls}
        self._controls, self._idle = controls, idle
        self._row = min(self._row, max(0, len(controls) - 1))
        self.refresh(layout=grown)

    @property
    def values(self) -> dict[str, str]:
        return {control.name: written(control) for control in self._controls}

    @property
    def stepper(self) -> Stepper | None:
        """The control that steps, where there is one."""
        return next((c for c in self._controls if isinstance(c, Stepper)), None)

    @property
    def active_row(self) -> int:
        """The row of the chosen control."""
        places = grid(len(self._controls), self._columns)
        return next((at for at, row in enumerate(places) if self._row in row), 0)

    def set_value(self, name: str, value: str) -> None:
        """Move one control, as if by hand."""
        self._controls = tuple(with_value(c, value) if c.name == name else c for c in self._controls)
        self.refresh()
        self.post_message(self.Turned(self.values))

    # ------------------------------------------------------------------ keys

    def on_key(self, event: events.Key) -> None:
        if not self._controls:
            return
        handled = self._typing_key(event) or self._moving_key(event.key)
        if handled:
            event.stop()
            event.prevent_default()

    @property
    def _current(self) -> Movable:
        return self._controls[self._row]

    def _typing_key(self, event: events.Key) -> bool:
        if isinstance(self._current, Pick):
            return False
        character = event.character or ""
        if self._typing is None:
            # e, * and their like only go on with a number; a number begins with a digit, a point or a sign
            if character and character in "0123456789.-":
                self._typing = character
                self.refresh()
                return True
            return False
        if event.key == "enter":
            self._take_typed()
        elif event.key == "escape":
            self._typing = None
        elif event.key == "backspace":
            self._typing = self._typing[:-1] or None
        elif character and character in TYPED:
            self._typing += character
        else:
            return event.key not in ("tab", "shift+tab", "up", "down")
        self.refresh()
        return True

    def _take_typed(self) -> None:
        typed, self._typing = self._typing or "", None
        try:
            value = evaluate(typed)
        except TutorError as error:
            self.post_message(self.Said(str(error)))
            return
        control = self._current
        if isinstance(control, Slider) and not control.low <= value <= control.high:
            self.post_message(self.Said(f"{control.label} goes from {control.low:g} to {control.high:g}."))
        self.set_value(control.name, repr(value))

    def _moving_key(self, key: str) -> bool:
        if key in ("up", "down"):
            self._typing = None
            self._row = (self._row + (1 if key == "down" else -1)) % len(self._controls)
            self.refresh()
            return True
        if key not in MOVES:
            return False
        control = self._current
        self.set_value(control.name, moved(control, MOVES[key]))
        return True

    def restore(self) -> None:
        """Everything as it was first shown."""
        self._controls = tuple(with_value(c, self._start.get(c.name, written(c))) for c in self._controls)
        self._typing = None
        self.refresh()
        self.post_message(self.Turned(self.values))

    def on_click(self, event: events.Click) -> None:
        places = grid(len(self._controls), self._columns)
        if 0 <= event.y < len(places):
            row = places[event.y]
            self._row = row[min(event.x * self._columns // max(self.size.width, 1), len(row) - 1)]
            self.refresh()

    def help(self) -> str:
        """A sentence on the chosen control and its keys."""
        return self._current.help if self._controls else ""

    # ------------------------------------------------------------------ drawing

    @property
    def _columns(self) -> int:
        return columns_for(len(self._controls), self.size.width, self.app.size.height)

    def rows_needed(self, width: int) -> int:
        """Rows in which all of them are seen, at this width of theirs."""
        columns = columns_for(len(self._controls), width, self.app.size.height)
        return max(1, len(grid(len(self._controls), columns)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.rows_needed(width)

    def render(self) -> Text:
        look = ControlRows(tutor_of(self).palette, bool(tutor_of(self).terminal.ascii))
        chosen = self._row if self.has_focus else -1
        rows = look.draw(self._controls, max(20, self.size.width), self._columns, chosen, self._typing, self._idle)
        return Text("\n").join(rows)


# ------------------------------------------------------------------ values


def moved(control: Movable, by: int) -> str:
    """The value `by` steps on, as the figure takes it; it stops at the ends."""
    if isinstance(control, Pick):
        count = len(control.options)
        at = control.options.index(control.value) if control.value in control.options else 0
        return control.options[(at + (1 if by > 0 else -1)) % count]
    if isinstance(control, Stepper):
        return str(min(max(control.value + by, 0), control.last))
    if control.stops:
        nearest = min(range(len(control.stops)), key=lambda i: abs(control.stops[i] - control.value))
        return repr(control.stops[min(max(nearest + by, 0), len(control.stops) - 1)])
    if control.log:
        place = round(share(control) * STEPS) + by
        place = min(max(place, 0), STEPS)
        return f"{control.low * (control.high / control.low) ** (place / STEPS):.4g}"
    step = control.step or (control.high - control.low) / STEPS
    place = round((control.value - control.low) / step) + by
    value = min(max(control.low + place * step, control.low), control.high)
    return str(round(value)) if control.whole else f"{value:.6g}"


def with_value(control: Movable, value: str) -> Movable:
    """The control at another value; the figure clips it where it must."""
    if isinstance(control, Pick):
        return Pick(control.name, control.label, value, control.options, control.help)
    if isinstance(control, Stepper):
        step = min(max(round(float(value)), 0), control.last)
        return Stepper(control.name, control.label, step, control.last, control.help)
    number = min(max(float(value), control.low), control.high)
    return Slider(
        control.name, control.label, number, control.low, control.high, control.step, control.log, control.whole,
        control.stops, control.unit, control.help,
    )  # fmt: skip


def written(control: Movable) -> str:
    """The value as the figure takes it."""
    return control.value if isinstance(control, Pick) else repr(control.value)
