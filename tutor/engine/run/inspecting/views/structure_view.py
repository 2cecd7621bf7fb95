"""View: the layers of a model, with the arithmetic that gives their parameters, and multiply-adds for one sample."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.run.fit_memory import layers_of
from tutor.engine.run.inspecting.capture import Taken, capture
from tutor.engine.run.inspecting.layer_values import of_keras
from tutor.engine.run.inspecting.subject import Subject, parts_of, subject
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.inspector_views import InspectorView
from tutor.plots.scene import Edge, Network, Node, Panel, Scene, TablePanel

VIEW = InspectorView("structure", key="s", place=1)

MOST_UNITS = 8
MOST_DRAWN = 5
"""Units of a layer, and layers, up to which a network of dense layers is drawn."""


RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
"""Layers whose kernels are laid on at every step."""


def suits(found: Subject) -> bool:
    return True


def show(namespace: dict[str, Any], wish: Wish) -> Scene:
    """A table of layers; a drawing of small dense ones."""
    found = subject(namespace, wish)
    calls, unknown = _calls(found)
    rows = [_row(one) for one in calls or [Taken(_name(each, found), each, None, None) for each in _layers(found)]]
    shown = max(wish.rows - 3, 3)
    start = wish.number("from_layer", max(0, len(rows) - shown))
    total = sum(count(layer) for layer in _layers(found))
    adds = sum(multiply_adds(one) for one in calls)
    table = TablePanel(
        ("layer", "kind", "output shape", "parameters", "= arithmetic", "mult-adds"),
        tuple(rows[start : start + shown]), f"{found.name}: {total:,} parameters", right=(3, 5),
    )  # fmt: skip
    drawn = _network(found)
    panels: tuple[Panel, ...] = (table, drawn) if drawn is not None else (table,)
    return Scene(
        panels, title=f"Structure of {found.name}", words=_words(found, calls, total, adds) + unknown,
        height=len(rows) + 4,
    )  # fmt: skip


def _words(found: Subject, calls: list[Taken], total: int, adds: int) -> str:
    layers = len(_layers(found))
    said = [f"{layers} layer{'s' if layers != 1 else ''} with {total:,} parameters."]
    if adds:
        said.append(f"One sample takes about {adds:,} multiply-adds.")
    largest = max(_layers(found), key=count, default=None)
    if largest is not None and total:
        said.append(f"{_name(largest, found)} has {100 * count(largest) / total:.0f} % of the parameters.")
    if not hasattr(found.model, "operations") and not _is_a_chain(found):
        said.append(f"What {'call' if found.is_keras else 'forward'} computes between layers, if anything, has no row.")
    skipped = [one.name for one in calls if one.gave is None]
    if skipped:
        said.append(f"The output of {', '.join(skipped)} is no tensor: its shape is left out.")
    return " ".join(said)


def _is_a_chain(found: Subject) -> bool:
    """Whether its layers alone say what it computes."""
    return type(found.model).__name__ == "Sequential" or not list(found.model.children())


def _calls(found: Subject) -> tuple[list[Taken], str]:
    """What each layer gives for one sample; nothing where there is none to show, and a sentence about it."""
    made = getattr(found.model, "inputs", None) if found.is_keras else None
    if found.sets:
        sample = found.inputs(0, 1)
    elif made:
        sample = [np.zeros((1, *(size or 1 for size in each.shape[1:])), dtype="float32") for each in made]
    else:
        return [], " It has seen no data yet: output shapes are known after a first call."
    try:
        return capture(found, sample), ""
    except EngineError as error:
        return [], f" Output shapes are not known: {error.what}"


def _layers(found: Subject) -> list[Any]:
    if found.is_keras:
        return layers_of(found.model)
    return list(parts_of(found.model, found.name).values())


def _name(layer: Any, found: Subject) -> str:
    if found.is_keras:
        return str(layer.name)
    return next(name for name, module in parts_of(found.model, found.name).items() if module is layer)


def _row(one: Taken) -> tuple[str, ...]:
    shape = str(tuple(one.gave.shape[1:])).replace(",)", ",)") if one.gave is not None else ""
    adds = multiply_adds(one)
    return (
        one.name,
        type(one.layer).__name__,
        shape,
        f"{count(one.layer):,}",
        arithmetic(one.layer),
        f"{adds:,}" if adds else "",
    )


def count(layer: Any) -> int:
    """Parameters of a layer, 0 where it is not built."""
    if of_keras(layer):
        return int(layer.count_params()) if getattr(layer, "built", False) else 0
    return sum(int(each.numel()) for each in layer.parameters(recurse=False))


def arithmetic(layer: Any) -> str:
    """How the parameters come about: `3·3·1·6 + 6`, a product of sizes for each array of them."""
    if of_keras(layer):
        arrays = [tuple(weight.shape) for weight in layer.weights] if getattr(layer, "built", False) else []
    else:
        arrays = [tuple(each.shape) for each in layer.parameters(recurse=False)]
    return " + ".join("·".join(map(str, shape)) or "1" for shape in arrays)


def multiply_adds(one: Taken) -> int:
    """Products that are summed up for one sample: of a kernel once for every place where it is laid on. Dense layers
    and convolutions; recurrent ones for every step. 0 for what has no kernel, and for layers that lay theirs on in a
    way of their own (attention)."""
    kind, kernels = type(one.layer).__name__, _kernels(one.layer)
    if one.gave is None or one.given is None or not kernels or kind == "Embedding" or "Attention" in kind:
        return 0
    if not of_keras(one.layer) and list(one.layer.children()):  # it does as it likes with its own
        return 0
    products = sum(math.prod(shape) for shape in kernels)
    if kind in RECURRENT:
        return products * int(one.given.shape[1])
    if "Conv" in kind:
        laid_on = one.given if "Transpose" in kind else one.gave
        channels_last = of_keras(one.layer)
        return products * math.prod(laid_on.shape[1:-1] if channels_last else laid_on.shape[2:])
    if len(kernels) == 1 and one.gave.ndim > 2:
        return products * math.prod(one.gave.shape[1:-1])
    return products


def _kernels(layer: Any) -> list[tuple[int, ...]]:
    """Shapes of what a layer multiplies by: its arrays of two axes and more, but for biases, which may have two."""
    if of_keras(layer):
        named = [(weight.name, tuple(weight.shape)) for weight in getattr(layer, "weights", ())]
    else:
        named = [(name, tuple(each.shape)) for name, each in layer.named_parameters(recurse=False)]
    return [shape for name, shape in named if len(shape) >= 2 and "bias" not in name]


def _network(found: Subject) -> Network | None:
    """Units and weights, where all layers are dense and small."""
    layers = [layer for layer in _layers(found) if type(layer).__name__ in ("Dense", "Linear")]
    others = [type(layer).__name__ for layer in _layers(found) if layer not in layers]
    if not layers or len(layers) + 1 > MOST_DRAWN or any(name not in PLAIN for name in others):
        return None
    kernels = [_kernel(layer) for layer in layers]
    if any(kernel is None for kernel in kernels):
        return None
    sizes = [kernels[0].shape[0], *(kernel.shape[1] for kernel in kernels)]
    if max(sizes) > MOST_UNITS:
        return None
    nodes = [Node(column, row) for column, size in enumerate(sizes) for row in range(size)]
    starts = [sum(sizes[:at]) for at in range(len(sizes))]
    edges = [
        Edge(starts[at] + i, starts[at + 1] + j, weight=float(kernel[i, j]))
        for at, kernel in enumerate(kernels)
        if kernel is not None
        for i in range(kernel.shape[0])
        for j in range(kernel.shape[1])
    ]
    captions = ("inputs", *(_name(layer, found) for layer in layers))
    return Network(tuple(nodes), tuple(edges), title="Weights as lines: dashed where negative", captions=captions)


PLAIN = (
    "Dropout",
    "Activation",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "Softmax",
    "Flatten",
    "LeakyReLU",
    "GaussianNoise",
    "Normalization",
)
"""Layers between dense ones that change neither the number of units nor how they are joined."""


def _kernel(layer: Any) -> Any:
    if of_keras(layer):
        return layer.get_weights()[0] if layer.built else None
    return layer.weight.detach().cpu().numpy().T
