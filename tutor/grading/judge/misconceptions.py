"""Which mistake is it? What the checks observed of a submission, compared with what they observe of known mistakes.

An observation is reduced to a small plain dict: no dtype, few digits, so that float32 and float64, lists and arrays,
`()` and plain numbers look alike. A mistake is named only where every observation that tells it from a right answer
is there again, where that is more than a coincidence, and where no other mistake fits as well. Runs in the judge's
process, and in `lint`, which proves what is kept of the mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import SupportsFloat

import numpy as np

from tutor.grading.both_sides.plain_values import Floats, Ref
from tutor.grading.judge.value_words import as_numbers
from tutor.grading.likeness import alike, is_number, scales_of, thing
from tutor.messages.jobs import Wrongdoing

SAMPLES = 8
_ENOUGH = 2
_PLAIN_NUMBERS = (0.0, 1.0, -1.0)
_LONGEST_TEXT = 60
_LONGEST_LIST = 8


def reduce_value(value: object, depth: int = 0) -> object:
    """A number, string, bool or None as itself (numbers as {"value"}), arrays as {"shape", "stats", "sample"}."""
    if isinstance(value, Ref):
        return {"kind": "model"} if value.kind == "model" else {"type": value.type_name, "kind": value.kind}
    if value is None or isinstance(value, (str, bool, np.bool_)):
        return value[:_LONGEST_TEXT] if isinstance(value, str) else None if value is None else bool(value)
    numbers = as_numbers(value)
    if numbers is not None:
        return _reduce_numbers(np.asarray(numbers, dtype=np.float64))
    if isinstance(value, dict):
        return {"entries": {str(k)[:_LONGEST_TEXT]: reduce_value(v, depth + 1) for k, v in list(value.items())[:16]}}
    if isinstance(value, (list, tuple)):
        return {"length": len(value), "items": [reduce_value(item, depth + 1) for item in value[:_LONGEST_LIST]]}
    return {"type": type(value).__name__}


def _reduce_numbers(array: Floats) -> object:
    if array.shape == ():
        return {"value": _rounded(array)}
    if not array.size:
        return {"shape": list(array.shape)}
    flat = array.ravel()
    finite = flat[np.isfinite(flat)]
    stats = [finite.mean(), finite.std(), finite.min(), finite.max()] if finite.size else []
    # Every few elements, counted so that a column or a row of a table is not all that is looked at.
    places = np.unique(np.linspace(0, flat.size - 1, SAMPLES).round().astype(int))
    return {
        "shape": list(array.shape),
        "stats": [_rounded(number) for number in stats],
        "sample": [_rounded(number) for number in flat[places]],
    }


def _rounded(number: SupportsFloat) -> float | str:
    value = float(number)
    if not math.isfinite(value):
        return str(value)
    return float(f"{value:.7g}")


# ------------------------------------------------------------------ matching


def match(observed: Mapping[str, object], wrongs: Iterable[Wrongdoing], by: str = "values") -> Wrongdoing | None:
    """The mistake that the observations show, or None. by: as the exercise's `match`."""
    if by == "observed":
        return _only([wrong for wrong in wrongs if wrong.observed and _same(observed, wrong.observed, wrong.observed)])
    candidates = [wrong for wrong in wrongs if wrong.observed and _enough(wrong)]
    whole = [wrong for wrong in candidates if _same(observed, wrong.observed, wrong.observed)]
    if whole:
        return _only(whole)
    return _only([wrong for wrong in candidates if _mostly(observed, wrong)])


def _only(found: list[Wrongdoing]) -> Wrongdoing | None:
    return found[0] if len(found) == 1 else None


def _mostly(observed: Mapping[str, object], wrong: Wrongdoing) -> bool:
    """Several telling observations are all there again, and four of five of the others."""
    if len(wrong.telling) < 2 or not _same(observed, wrong.observed, wrong.telling):
        return False
    alike = sum(_same(observed, wrong.observed, [key]) for key in wrong.observed)
    return alike >= 0.8 * len(wrong.observed)


def _same(observed: Mapping[str, object], known: Mapping[str, object], keys: Iterable[str]) -> bool:
    scales = scales_of(known)
    return all(
        key in observed and key in known and alike(observed[key], known[key], scales.get(thing(key), 0.0))
        for key in keys
    ) and (keys is not known or set(observed) == set(known))


def differing(observed: Mapping[str, object], right: Mapping[str, object]) -> tuple[str, ...]:
    """Keys under which a wrong answer shows something else than a right one: what tells it."""
    scales = scales_of(right)
    return tuple(
        key
        for key, value in observed.items()
        if key not in right or not alike(value, right[key], scales.get(thing(key), 0.0))
    )


def _enough(wrong: Wrongdoing) -> bool:
    """Whether what tells this mistake is more than a coincidence: 0, 1, True, nan or an exception is easily had."""
    keys = wrong.telling or tuple(wrong.observed)
    return sum(_weight(wrong.observed.get(key)) for key in keys) >= _ENOUGH


def _weight(value: object) -> int:
    if isinstance(value, bool) or value is None:
        return 0
    if isinstance(value, str):
        return 1
    if is_number(value):
        return 0 if value in _PLAIN_NUMBERS else 2
    if not isinstance(value, dict):
        return 0
    if "value" in value:
        return _weight(value["value"]) if not isinstance(value["value"], str) else 0
    if "sample" in value:
        return 2 if len(set(map(str, value["sample"]))) > 1 else max(1, _weight(value["sample"][0]))
    parts = value.get("items") or list(value.get("entries", {}).values())
    return min(2, sum(_weight(part) for part in parts))
