"""Every feature map of a trained LeNet, for a digit it was not trained on: see `lenet`."""

from __future__ import annotations

from tutor.figures.shared import lenet
from tutor.figures.shared.control_values import ControlValues
from tutor.figures.shared.lenet import LAYERS, LenetOutputs
from tutor.figures.shared.lenet_shown import DARK, opinion, said, tiles
from tutor.plots.scene import Pick, Raster, Scene, Slider

CONTROLS = (
    Slider("digit", "digit", 7, 0, 9, 1, whole=True, help="which digit goes in"),
    Slider("sample", "which", 1, 1, 10, 1, whole=True, help="ten of each digit, none of which it was trained on"),
    Pick("layer", "layer", "conv1", LAYERS, help="whose feature maps are shown"),
    Slider("map", "map", 1, 1, 16, 1, whole=True, help="the map that is framed, and its kernel"),
    Slider("shift", "shift", 0, -8, 8, 1, whole=True, help="pixels to the right by which the digit is moved"),
)
_NAMES = {
    "conv1": "the first convolution layer", "pool1": "the first pooling",
    "conv2": "the second convolution layer", "pool2": "the second pooling",
}  # fmt: skip


def draw(s: ControlValues) -> Scene:
    """The digit, the maps of a layer, and what the network says."""
    digit, shift, layer = int(s["digit"]), int(s["shift"]), s.word("layer")
    image = lenet.held_out()[digit][int(s["sample"]) - 1]
    seen = lenet.look(lenet.moved(image, 0, shift))
    chosen = min(int(s["map"]), seen.maps[layer].shape[2])
    return Scene(
        panels=(digit_in(seen), tiles(seen, layer, chosen), opinion(seen, layer, chosen)),
        words=in_words(seen, layer, digit) + on_shift(seen, lenet.look(image), layer, shift),
        shares=(16, 42, 18),
        height=17,
    )


def digit_in(seen: LenetOutputs) -> Raster:
    """What goes in."""
    return Raster(tuple(map(tuple, seen.image.tolist())), title="28×28", low=0.0, high=1.0, legend=False)


def way(before: lenet.Array, now: lenet.Array) -> int:
    """By how many columns to the right the maps of before have to be moved to be most like those of now, as far as both
    can be seen."""
    width = now.shape[1]

    def apart(by: int) -> float:
        there, here = before[:, max(-by, 0) : width + min(-by, 0)], now[:, max(by, 0) : width + min(by, 0)]
        return float(((there - here) ** 2).mean())

    reach = range(-(width // 2), width // 2 + 1)
    return min(sorted(reach, key=abs), key=apart)


def in_words(seen: LenetOutputs, layer: str, digit: int) -> str:
    """What it says and whether that is right, and which maps are bright."""
    maps = seen.maps[layer]
    means = maps.mean(axis=(0, 1))
    dark = [str(at + 1) for at in range(len(means)) if float(maps[:, :, at].max()) <= DARK]
    right = "right" if seen.best == digit else f"wrong: it is a {digit}"
    text = (
        f"The network says {said(seen)}, which is {right}. Of the {len(means)} maps of {_NAMES[layer]}, "
        f"number {int(means.argmax()) + 1} is the brightest"
    )
    return text + (f", and {', '.join(dark)} stay{'s' if len(dark) == 1 else ''} dark." if dark else ".")


def on_shift(seen: LenetOutputs, before: LenetOutputs, layer: str, shift: int) -> str:
    """By how much the maps have moved with the digit; before: where it had not been moved."""
    if not shift:
        return ""
    by = abs(way(before.maps[layer], seen.maps[layer]))
    moved = f"by {by} pixel{'s' * (by > 1)}" if by else "by less than one of their pixels"
    side, far = ("right" if shift > 0 else "left"), abs(shift)
    pixels = f"{far} pixel{'s' * (far > 1)}"
    return f" The digit lies {pixels} farther to the {side} than it did, and the maps have moved {moved}."
