"""Controls that change nothing as others stand are named, and those alone."""

import msgspec
import pytest

from tutor import figures, paths
from tutor.plots.scene import Control, Pick, Scene, Slider, Stepper

CASES = [
    ("losses", {"view": "number"}),
    ("losses", {"view": "probability"}),
    ("dropout-masks", {}),
    ("dropout-masks", {"mode": "inference"}),
    ("channels", {"kernel": "none"}),
    ("channels", {"kernel": "blur"}),
    ("loss-landscape", {}),
    ("loss-landscape", {"batch": "1"}),
    ("loss-landscape", {"show": "start", "batch": "1"}),
    ("universal-approximation", {}),
    ("universal-approximation", {"data": "points"}),
    ("optimizer-race", {"racers": "gd"}),
    ("optimizer-race", {"racers": "gd", "count": "samples"}),
    ("optimizer-race", {"racers": "sgd", "batch": "2"}),
    ("optimizer-race", {"racers": "sgd-momentum", "batch": "2"}),
    ("optimizer-race", {"racers": "all", "batch": "5"}),
]


def others(control: Control) -> list[str]:
    """Some values far from each other."""
    match control:
        case Pick(options=options):
            return list(options)
        case Stepper(last=last):
            return [str(last // 4), str(last)]
        case Slider(low=low, high=high):
            return [repr(low), repr(low + 0.4 * (high - low)), repr(high)]
    return []


def shown(name: str, values: dict[str, str]) -> Scene:
    return msgspec.structs.replace(figures.compute(name, values), controls=(), idle=())


@pytest.mark.parametrize(("name", "values"), CASES)
def test_idle_controls_are_those_that_change_nothing(name: str, values: dict[str, str]) -> None:
    scene, base = figures.compute(name, values), shown(name, values)
    still = {
        control.name for control in scene.controls
        if all(shown(name, {**values, control.name: value}) == base for value in others(control))
    }  # fmt: skip
    assert set(scene.idle) == still


def test_the_order_of_samples_is_idle_where_every_step_sees_them_all() -> None:
    assert "order" in figures.compute("optimizer-race", {"batch": "20"}).idle
    assert "order" in figures.compute("loss-landscape", {"batch": "20"}).idle


def test_every_figure_that_names_idle_controls_has_a_case() -> None:
    files = {name: paths.PACKAGE / "figures" / f"{name.replace('-', '_')}.py" for name in figures.names()}
    naming = {name for name, file in files.items() if "\ndef idle(" in file.read_text("utf-8")}
    assert naming - {name for name, _ in CASES} == set()
