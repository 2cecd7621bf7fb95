"""What other people's scripts lean on and a run does not have: what to take here in its place."""

from __future__ import annotations

import traceback

_KERAS = "Keras computes with torch here: write `import keras` and `from keras import layers` in its place."
_PLOT = "What draws here is tutor.plot: `from tutor import plot`; plot.line(y), plot.scatter(x, y), plot.hist(values)."
_DATA = "The course's data are in tutor.data: `from tutor import data`; data.names() lists them."
_CURVES = "A training's curves are drawn here by themselves, while it goes on: leave TensorBoard out."
_MODULES = {
    "tensorflow": _KERAS, "tf_keras": _KERAS, "jax": _KERAS,
    "matplotlib": _PLOT, "seaborn": _PLOT, "plotly": _PLOT, "bokeh": _PLOT,
    "tensorboard": _CURVES, "tensorboardX": _CURVES, "wandb": _CURVES,
    "tensorflow_datasets": _DATA, "torchvision": _DATA, "datasets": _DATA,
    "pandas": f"numpy.genfromtxt reads a table. {_DATA}",
    "sklearn": f"numpy has what it takes. {_DATA}",
    "tqdm": "A loop shows how far it is by `from tutor import track`, then `for epoch in track(10):`.",
}  # fmt: skip
_SAID = {
    "plot_model": "The inspector shows a model's structure (i in the results of a run), and model.summary() prints it.",
    "not compiled with CUDA": "The course needs no GPU: leave .cuda() and \"cuda\" out; everything is on the CPU.",
    "Found no NVIDIA driver": "The course needs no GPU: leave .cuda() and \"cuda\" out; everything is on the CPU.",
    "No CUDA GPUs are available": "A run has no GPU unless the settings say `gpu = true`: leave .cuda() out.",
    "not linked with support for mps": "The course needs no GPU: leave \"mps\" out; everything is on the CPU.",
    "URL fetch failure": f"What is downloaded did not come. {_DATA}",
    "there is no internet connection": f"What is downloaded did not come. {_DATA}",
}  # fmt: skip
_STEPS = "A run reads no keys, so nobody can step through it: print what you want to see."


def for_module(name: str, error: ImportError) -> str:
    """In place of a module that is not installed; "" where nothing is known."""
    if any(frame.filename.endswith("tensorboard.py") for frame in traceback.extract_tb(error.__traceback__)):
        return _CURVES
    return _MODULES.get(name.partition(".")[0], "")


def for_error(error: BaseException, text: str) -> str:
    """In place of what has raised `error`, which says `text`; "" where nothing is known."""
    if type(error).__name__ == "BdbQuit":
        return _STEPS
    return next((way for said, way in _SAID.items() if said in text), "")
