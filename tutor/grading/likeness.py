"""Are two reduced observations the same, up to what float32 and another machine's rounding leave?

Plain Python, in whichever process: the judge matches mistakes with it, the proofs of a course are compared with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeGuard

RTOL = 1e-4
SHARE = 1e-5


def thing(key: str) -> str:
    """What is observed under a key, without the check and the count: sizes of the same thing are alike."""
    return key.partition(": ")[2].partition(" #")[0]


def scales_of(known: Mapping[str, object]) -> dict[str, float]:
    """Largest number under which each thing was seen: near a root, float32 leaves a share of that, not of itself."""
    scales: dict[str, float] = {}
    for key, value in known.items():
        name = thing(key)
        if name:
            scales[name] = max(scales.get(name, 0.0), largest(value))
    return scales


def largest(value: object) -> float:
    if isinstance(value, bool):
        return 0.0
    if isinstance(value, (int, float)):
        return abs(float(value)) if math.isfinite(value) else 0.0
    if isinstance(value, dict):
        return max((largest(item) for key, item in value.items() if key != "shape"), default=0.0)
    if isinstance(value, (list, tuple)):
        return max((largest(item) for item in value), default=0.0)
    return 0.0


def alike(mine: object, known: object, scale: float = 0.0) -> bool:
    """Two reduced values up to what float32 leaves. scale: size of such values elsewhere in the exercise."""
    if isinstance(known, dict) and isinstance(mine, dict):
        if mine.keys() != known.keys() or mine.get("shape") != known.get("shape"):
            return False
        inner = max(scale, largest(known)) if "shape" in known else scale
        return all(alike(mine[key], known[key], inner) for key in known)
    if isinstance(known, (list, tuple)) and isinstance(mine, (list, tuple)):
        return len(mine) == len(known) and all(alike(a, b, scale) for a, b in zip(mine, known, strict=True))
    if is_number(known) and is_number(mine):
        return abs(mine - known) <= RTOL * abs(known) + SHARE * scale
    return type(mine) is type(known) and mine == known


def is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def alike_throughout(mine: Mapping[str, object], known: Mapping[str, object]) -> bool:
    """Two sets of observations with the same keys, alike under each."""
    scales = scales_of(known)
    return mine.keys() == known.keys() and all(
        alike(mine[key], known[key], scales.get(thing(key), 0.0)) for key in known
    )
