"""Every `model.fit` in a run streams by itself: the method is wrapped, and one callback of ours is added.

The learner's own arguments and callbacks stay as they are, but for `verbose`: where it is left out the curve says
it all and nothing is printed; an explicit 1 prints one plain line per epoch.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import keras

from tutor.engine.run import fit_memory, own_loops, run_side
from tutor.engine.run.fit_callback import FitCallback
from tutor.engine.run.learning_rate import learning_rate

_last_model: weakref.ref[Any] | None = None
last_fits: weakref.WeakKeyDictionary[Any, dict[str, Any]] = weakref.WeakKeyDictionary()
"""For each model the arguments of its last `fit` as they were given, defaults filled in: the checks ask for them."""


def last_model() -> Any:
    """The model that was trained last, None where there is none any more."""
    return _last_model() if _last_model is not None else None


def install() -> None:
    """Wrap `keras.Model.fit`, once for this process and its forks."""
    if not hasattr(keras.Model.fit, "unstreamed"):
        keras.Model.fit = streamed(keras.Model.fit)
        keras.Model.train_on_batch = own_loops.counted(keras.Model.train_on_batch)


def streamed(fit: Callable[..., Any]) -> Callable[..., Any]:
    """`fit` that tells the host how it goes. Outside of a run, and in other threads, it is `fit` itself."""
    signature = inspect.signature(fit)

    @functools.wraps(fit)
    def streaming(self: Any, *args: Any, **kwargs: Any) -> Any:
        side = run_side.current
        remember(signature, self, args, kwargs)
        if side is None or side.over or threading.current_thread() is not threading.main_thread():
            return fit(self, *args, **kwargs)
        bound = signature.bind(self, *args, **kwargs)
        if side.cancelled:
            raise KeyboardInterrupt
        given = bound.arguments
        first = given.get("initial_epoch", 0)
        stream = FitCallback(
            side, given_arguments(self, dict(given)), trained_on(given),
            first if isinstance(first, int) else 0,
        )  # fmt: skip
        bound.arguments["verbose"] = 0 if bound.arguments.get("verbose", "auto") in ("auto", 0) else 2
        with joined(bound.arguments, stream), stream.whole():
            return fit(*bound.args, **bound.kwargs)

    streaming.unstreamed = fit  # type: ignore[attr-defined]
    return streaming


def remember(signature: inspect.Signature, model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Keep the arguments of a fit for the checks (`t.train_call`). Wrong ones are left to fit itself."""
    try:
        bound = signature.bind(model, *args, **kwargs)
    except TypeError:
        return
    bound.apply_defaults()
    global _last_model
    _last_model = weakref.ref(model)
    data = ("self", "x", "y", "sample_weight")
    last_fits[model] = {name: value for name, value in bound.arguments.items() if name not in data}
    fit_memory.remember(model, bound.arguments)


@contextlib.contextmanager
def joined(arguments: dict[str, Any], stream: FitCallback) -> Iterator[None]:
    """Put our callback behind the learner's own, whose list is left alone."""
    theirs = arguments.get("callbacks")
    if isinstance(theirs, keras.callbacks.CallbackList):
        stream.theirs = list(theirs.callbacks)
        theirs.append(stream)
        try:
            yield
        finally:
            theirs.callbacks.remove(stream)
        return
    if theirs is None:
        theirs = []
    elif not isinstance(theirs, (list, tuple)):
        theirs = [theirs]
    stream.theirs = list(theirs)
    arguments["callbacks"] = [*theirs, stream]
    yield


# ------------------------------------------------------------------ what a fit was given


def sample_count(x: Any) -> int:
    """Rows of `x`, 0 where that cannot be seen."""
    if isinstance(x, dict):  # several inputs by name
        return sample_count(next(iter(x.values()), None))
    if isinstance(x, (list, tuple)) and x and getattr(x[0], "shape", None):  # several inputs in order
        return sample_count(x[0])
    shape = getattr(x, "shape", None)
    if shape:
        return int(shape[0])
    return len(x) if isinstance(x, (list, tuple)) else 0


def trained_on(given: dict[str, Any]) -> int:
    """Rows that a fit trains on: without those that `validation_split` holds back, as Keras counts them."""
    rows, split = sample_count(given.get("x")), given.get("validation_split")
    if rows and isinstance(split, float) and 0 < split < 1 and given.get("validation_data") is None:
        return math.floor(rows * (1.0 - split))
    return rows


_DATA = ("self", "x", "y", "sample_weight", "callbacks", "validation_data", "verbose")


def given_arguments(model: Any, arguments: dict[str, Any]) -> dict[str, str]:
    """What compile and fit were given, as text: numbers and names, not data."""
    texts = {}
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None:
        texts["optimizer"] = type(optimizer).__name__
        rate = learning_rate(model)
        if math.isfinite(rate):
            texts["learning_rate"] = f"{rate:.6g}"
    loss = getattr(model, "loss", None)
    if loss is not None:
        texts["loss"] = loss if isinstance(loss, str) else getattr(loss, "name", None) or type(loss).__name__
    texts |= {name: short(value) for name, value in arguments.items() if name not in _DATA}
    if arguments.get("validation_data") is not None:
        texts["validation_data"] = "given"
    callbacks = arguments.get("callbacks")
    if isinstance(callbacks, (list, tuple)) and callbacks:
        texts["callbacks"] = ", ".join(type(each).__name__ for each in callbacks)
    return texts


def short(value: Any) -> str:
    """`value` in at most 80 characters."""
    if isinstance(value, (str, int, float, bool, dict, type(None))):
        text = str(value)
        return text if len(text) <= 80 else text[:79] + "…"
    return type(value).__name__
