"""Errors of what other people's scripts lean on say what to take in its place."""

from __future__ import annotations

import bdb

import pytest

from tutor import data, plot, track
from tutor.engine.run import ways_out
from tutor.engine.run.code_errors import explain


def todo(error: Exception) -> str:
    try:
        raise error
    except Exception as raised:  # noqa: BLE001 - whatever it is
        return explain(raised, ()).todo


@pytest.mark.parametrize(
    ("module", "way"),
    [("tensorflow", "import keras"), ("tensorflow.keras", "import keras"),
     ("matplotlib.pyplot", "from tutor import plot"),
     ("torchvision", "from tutor import data"), ("tqdm", "from tutor import track"), ("tensorboard", "by themselves"),
     ("something", "not something")],
)  # fmt: skip
def test_a_module_that_is_not_there_has_one_in_its_place(module: str, way: str) -> None:
    told = todo(ModuleNotFoundError(f"No module named '{module}'", name=module))
    assert "not installed" in told and way in told


@pytest.mark.parametrize(
    ("error", "way"),
    [(AssertionError("Torch not compiled with CUDA enabled"), "leave .cuda()"),
     (ImportError("You must install pydot (`pip install pydot`) for `plot_model` to work."), "model.summary()"),
     (Exception("URL fetch failure on https://a.example/mnist.npz: None"), "tutor.data"),
     (bdb.BdbQuit(), "print what you want to see"), (RuntimeError("anything"), "")],
)  # fmt: skip
def test_an_error_says_what_to_do_in_its_place(error: Exception, way: str) -> None:
    assert way in todo(error) and bool(way) == bool(todo(error))


def test_a_callback_that_needs_what_is_missing_is_named_itself() -> None:
    source = "raise ModuleNotFoundError('no', name='tensorflow')"
    with pytest.raises(ModuleNotFoundError) as caught:
        exec(compile(source, "keras/src/callbacks/tensorboard.py", "exec"))
    assert "TensorBoard" in explain(caught.value, ()).todo


def test_what_is_named_is_there() -> None:
    assert all(map(callable, (plot.line, plot.scatter, plot.hist, data.names, track.track)))
    assert all("tutor" in way or "keras" in way or "TensorBoard" in way for way in ways_out._MODULES.values())
