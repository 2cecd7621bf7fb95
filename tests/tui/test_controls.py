"""Controls of a figure: moving them by keys and by typing."""

from __future__ import annotations

import pytest

from tutor.plots.scene import Pick, Slider, Stepper
from tutor.tui.looks.theme import DARK_PALETTE
from tutor.tui.widgets.control_rows import ControlRows, columns_for, grid, share, shown
from tutor.tui.widgets.controls import moved, with_value, written

RHO = Slider("rho", "ρ", 1e-5, 1e-7, 1e-4, log=True)
W0 = Slider("w0", "w₀", 0.0, -2.0, 10.0, step=0.5)
UNITS = Slider("H", "H", 3, 1, 50, step=1, whole=True)
STOPS = Slider("batch", "batch", 30, 1, 506, stops=(1, 10, 30, 506))
PICK = Pick("view", "view", "loss", ("loss", "data", "both"))
STEPS = Stepper("steps", "step", 9, 10)


@pytest.mark.parametrize("control", [RHO, W0, UNITS, STOPS, STEPS])
def test_a_key_moves_by_one_step_and_stops_at_the_ends(control: Slider | Stepper) -> None:
    up = with_value(control, moved(control, 1))
    assert float(written(up)) > float(written(control))
    down = with_value(control, moved(control, -1))
    assert float(written(down)) < float(written(control))
    low, high = with_value(control, moved(control, -(10**6))), with_value(control, moved(control, 10**6))
    assert share(low) == pytest.approx(0.0) and share(high) == pytest.approx(1.0)
    assert moved(high, 1) == moved(high, 10**6)


def test_the_knob_moves_with_every_stop() -> None:
    strengths = Slider("lambda", "λ", 0.0, 0.0, 1.0, stops=(0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0), log=True)
    shares = [share(with_value(strengths, repr(stop))) for stop in strengths.stops]
    assert shares == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])


def test_a_log_slider_moves_by_equal_factors() -> None:
    one = with_value(RHO, "1e-6")
    two = with_value(one, moved(one, 1))
    three = with_value(two, moved(two, 1))
    assert isinstance(two, Slider) and isinstance(three, Slider)
    assert three.value / two.value == pytest.approx((1e-4 / 1e-7) ** (1 / 40), rel=1e-2)


def test_steps_are_those_the_figure_names() -> None:
    assert moved(W0, 1) == "0.5"
    assert moved(UNITS, 10) == "13"
    assert float(moved(STOPS, 1)) == 506


def test_a_value_below_zero_has_the_minus_of_the_picture() -> None:
    below = with_value(W0, "-1.5")
    for ascii_only, minus in ((False, "−1.5"), (True, "-1.5")):
        (row,) = ControlRows(DARK_PALETTE, ascii_only).draw((below,), 58, 1, 0, None)
        assert minus in row.plain


def test_a_control_without_effect_says_so() -> None:
    rows = ControlRows(DARK_PALETTE, False).draw((W0, PICK), 58, 1, 0, None, ("w0", "view"))
    assert "w₀" in rows[0].plain and all("no effect here" in row.plain for row in rows)
    assert "●" not in rows[0].plain and "both" not in rows[1].plain


def test_a_pick_goes_round() -> None:
    assert [moved(PICK, 1), moved(PICK, -1)] == ["data", "both"]


def test_a_typed_value_is_clipped_to_the_ends() -> None:
    assert written(with_value(W0, "99")) == "10.0"
    assert written(with_value(STEPS, "12.4")) == "10"


def test_in_a_low_window_controls_stand_in_two_columns_and_all_are_seen() -> None:
    controls = (RHO, W0, UNITS, STOPS, PICK, STEPS, RHO)
    assert columns_for(len(controls), 80, 24) == 2
    assert columns_for(len(controls), 80, 50) == columns_for(len(controls), 40, 15) == 1
    assert sorted(at for row in grid(7, 2) for at in row) == list(range(7))
    rows = ControlRows(DARK_PALETTE, False).draw(controls, 58, 2, 0, None)
    text = "\n".join(row.plain for row in rows)
    assert len(rows) == 4
    assert max(row.cell_len for row in rows) <= 58
    assert all(control.label in text for control in controls)


def test_a_pick_whose_words_do_not_fit_says_where_it_stands() -> None:
    pick = Pick("phi", "φ", "sigmoid", ("step", "sigmoid", "tanh", "relu", "identity"))
    (row,) = ControlRows(DARK_PALETTE, True).draw((pick,), 30, 1, 0, None)
    assert "< sigmoid >" in row.plain
    assert "2 of 5" in row.plain
    assert row.plain.isascii()


def test_powers_are_written_as_lessons_write_them() -> None:
    assert shown(RHO) == "1e-5"
