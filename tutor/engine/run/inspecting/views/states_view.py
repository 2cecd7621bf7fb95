"""View: the state of a recurrent layer over time, and the gates of an LSTM or a GRU.

Steps are computed anew from the layer's weights by the equations of Keras (Hochreiter and Schmidhuber, 1997; Cho et
al., 2014, with the reset gate after the matrix product), and compared with what the layer gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tutor.engine.run.fit_memory import layers_of
from tutor.engine.run.inspecting.array_panels import tiles
from tutor.engine.run.inspecting.capture import Taken, as_array, capture
from tutor.engine.run.inspecting.subject import Subject, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Panel, Scene
from tutor.words import number

VIEW = InspectorView("states", key="t", place=6, sample=True)

GATES = {
    "LSTM": ("input gate", "forget gate", "candidate", "output gate"),
    "GRU": ("update gate", "reset gate", "candidate"),
}
CLOSE = 1e-3
"""Largest difference between our steps and the layer's own output."""
Steps = dict[str, np.ndarray]


def suits(found: Subject) -> bool:
    """Where a layer goes through steps."""
    return found.is_keras and any(map(_recurrent, layers_of(found.model)))


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """Units down, time to the right."""
    found = subject(namespace, wish)
    taken = capture(found, found.sample(wish)[0])
    layers = {each.name: each for one in taken for each in _in_steps(one)}
    if not layers:
        raise EngineError(f"{found.name} has no LSTM, GRU or SimpleRNN layer.")
    name = wish.pick("layer", list(layers))
    one = layers[name]
    steps = steps_of(one)
    shown = wish.pick("show", ["all", *steps])
    chosen = list(steps) if shown == "all" else [shown]
    kinds = [[each for each in chosen if ("gate" in each) == gate] for gate in (False, True)]
    panels: tuple[Panel, ...] = tuple(_tiles(steps, names) for names in kinds if names)
    words = _words(name, steps)
    if one.layer.go_backwards:
        words += " It reads from the end: its first step is the last of the series."
    return Scene(panels, title=f"{name} over time", words=words, shares=(1,) * len(panels), height=8 * len(chosen))


def _recurrent(layer: Any) -> dict[str, Any]:
    """The layers in it that go through steps, by what stands behind its name: both of a Bidirectional, else itself."""
    if type(layer).__name__ == "Bidirectional":
        parts = {" forward": layer.forward_layer, " backward": layer.backward_layer}
    else:
        parts = {"": layer}
    return {name: each for name, each in parts.items() if type(each).__name__ in EQUATIONS}


def _in_steps(one: Taken) -> Iterator[Taken]:
    """A call as those of the layers in it. What each half of a Bidirectional gives is computed here: what comes out of
    the whole is both, put together."""
    import keras

    for behind, layer in _recurrent(one.layer).items():
        gave = one.gave
        if layer is not one.layer:
            gave = as_array(layer(keras.ops.convert_to_tensor(one.given))) if one.given is not None else None
        yield Taken(one.name + behind, layer, one.given, gave)


def _tiles(steps: Steps, names: list[str]) -> Panel:
    """Gates lie between 0 and 1, anything else on both sides of 0: units down, time to the right."""
    values = np.stack([steps[each].T for each in names])
    if "gate" in names[0]:
        return tiles(values, names, -1, "gates: closed 0, open 1", low=0.0, high=1.0)
    return tiles(values, names, -1, "units down, time to the right", signed=True)


def _words(name: str, steps: Steps) -> str:
    state = steps["state"]
    low, high = number(float(state.min())), number(float(state.max()))
    said = [f"The state of {name} goes over {len(state)} steps, from {low} to {high}."]
    for gate in ("forget gate", "update gate"):
        if gate in steps:
            sense = "keeps" if gate == "forget gate" else "replaces"
            said.append(f"The {gate} {sense} {100 * float(steps[gate].mean()):.0f} % on average.")
    if "update gate" in steps:
        said.append("It is z of the equations; Keras computes 1 - z in its place.")
    return " ".join(said)


def steps_of(one: Taken) -> Steps:
    """State, and gates where there are any. Each array: shape (time, units). Raises EngineError where the layer does
    not follow the equations."""
    layer, given, gave = one.layer, one.given, one.gave
    if given is None or gave is None:
        raise EngineError(f"The output of {one.name} is no tensor.")
    x = given[0][::-1] if layer.go_backwards else given[0]
    steps = EQUATIONS[type(layer).__name__](layer, x)
    last = gave[0] if gave.ndim == 2 else gave[0][-1]
    if np.abs(steps["state"][-1] - last).max() > CLOSE:
        raise EngineError(
            f"{one.name} has options whose steps are not shown (a mask, dropout of its own, an initial state)."
        )
    return steps


def _function(function: Any) -> Any:
    import keras

    return lambda value: np.asarray(
        keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(value))), dtype=float
    )


def _weights(layer: Any) -> tuple[np.ndarray, np.ndarray, Any]:
    kernel, recurrent, *bias = (np.asarray(each, dtype=float) for each in layer.get_weights())
    return kernel, recurrent, bias[0] if bias else 0.0


def _simple(layer: Any, x: np.ndarray) -> Steps:
    kernel, recurrent, bias = _weights(layer)
    act, state, states_ = _function(layer.activation), np.zeros(layer.units), []
    for row in x:
        state = act(row @ kernel + state @ recurrent + bias)
        states_.append(state)
    return {"state": np.array(states_)}


def _lstm(layer: Any, x: np.ndarray) -> Steps:
    kernel, recurrent, bias = _weights(layer)
    act, gate = _function(layer.activation), _function(layer.recurrent_activation)
    state = cell = np.zeros(layer.units)
    kept: dict[str, list[np.ndarray]] = {name: [] for name in ("state", "cell", *GATES["LSTM"])}
    for row in x:
        i, f, c, o = np.split(row @ kernel + state @ recurrent + bias, 4)
        i, f, c, o = gate(i), gate(f), act(c), gate(o)
        cell = f * cell + i * c
        state = o * act(cell)
        for name, value in zip(kept, (state, cell, i, f, c, o), strict=True):
            kept[name].append(value)
    return {name: np.array(values) for name, values in kept.items()}


def _gru(layer: Any, x: np.ndarray) -> Steps:
    kernel, recurrent, bias = _weights(layer)
    act, gate = _function(layer.activation), _function(layer.recurrent_activation)
    outer, inner = (bias if np.ndim(bias) == 2 else (bias, 0.0)) if layer.reset_after else (bias, 0.0)
    state, units = np.zeros(layer.units), layer.units
    kept: dict[str, list[np.ndarray]] = {name: [] for name in ("state", *GATES["GRU"])}
    for row in x:
        own = row @ kernel + outer
        past = state @ recurrent + inner if layer.reset_after else state @ recurrent[:, : 2 * units]
        z, r = gate(own[:units] + past[:units]), gate(own[units : 2 * units] + past[units : 2 * units])
        if layer.reset_after:
            candidate = act(own[2 * units :] + r * past[2 * units :])
        else:
            candidate = act(own[2 * units :] + (r * state) @ recurrent[:, 2 * units :])
        state = z * state + (1 - z) * candidate
        for name, value in zip(kept, (state, 1 - z, r, candidate), strict=True):
            kept[name].append(value)
    return {name: np.array(values) for name, values in kept.items()}


EQUATIONS: dict[str, Callable[[Any, np.ndarray], Steps]] = {"LSTM": _lstm, "GRU": _gru, "SimpleRNN": _simple}
