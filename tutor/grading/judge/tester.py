"""The `t` of the checks: asks for the learner's values and says precisely where they are not what they should be.

Judge's process. A check is a function `check_*(t)`; it fails where one of these methods raises `Failed` (or where it
says `assert`). Values are plain (see `both_sides.plain_values`): whatever the learner's code returns, what arrives here
compares as numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tutor.grading.both_sides.plain_values import Name, Ref, Rng, WireError
from tutor.grading.judge import comparing, model_structure, slopes, source, value_words
from tutor.grading.judge.failures import Failed, Misuse
from tutor.grading.judge.learner_models import LearnerModel, Penalty, as_model
from tutor.grading.judge.learner_names import Names, ask, no_value, why_none
from tutor.grading.judge.observing import Observations
from tutor.grading.judge.peer import Peer
from tutor.grading.judge.value_words import as_numbers, number


class Tester:
    """The `t` of the checks. One for a submission; `begin` before each check.

    setup: the namespace of the author's setup. reference: gives a name of the solution. fresh: a new run of the
    learner's whole code with another seed. answer: the learner's own source.
    """

    def __init__(
        self,
        peer: Peer,
        *,
        setup: dict[str, object],
        reference: Callable[[str], object],
        fresh: Callable[[int], Peer],
        answer: str,
        match: str = "values",
    ) -> None:
        self.seen = Observations(match)
        self._peer = peer
        self._names = Names(peer, self.seen)
        self._setup = setup
        self._reference = reference
        self._fresh = fresh
        self._answer = answer
        self._sizes: dict[str, int] = {}
        self._runs: dict[int, Names] = {}
        self._check = ""
        self.scores: dict[str, tuple[float, float]] = {}

    def begin(self, check: str) -> None:
        """A new check: named sizes are free again, observations go under its name."""
        self._sizes = {}
        self._check = check.removeprefix("check_")
        self.seen.begin(check.removeprefix("check_"))

    # -------------------------------------------------------------- the learner's values

    def get(self, name: str) -> object:
        """The value of a name that the learner's code defines."""
        return self._names.get(name)

    def call(self, name: object, *args: object, copy: bool = True, **keywords: object) -> object:
        """See `Names.call`."""
        return self._names.call(name, *args, copy=copy, **keywords)

    def run(self, seed: int) -> Names:
        """A fresh run of the learner's whole code with another seed; gives its names. Asked twice, it runs once."""
        if seed not in self._runs:
            self._runs[seed] = Names(self._fresh(seed), self.seen, where=f"With seed {seed}: ")
        return self._runs[seed]

    def pure(self, name: str, *args: object, **keywords: object) -> object:
        """The arguments are as they were after the call, and a second call gives the same. Gives the answer."""
        status, payload = ask(self._peer, "pure", name, args, keywords)
        if status != "value":
            raise no_value(f"`{name}`", name, status, payload, got=False)
        first, second, after = _three(payload)
        for place, (before, now) in enumerate(zip(args, after, strict=True), start=1):
            if not isinstance(now, Ref) and not isinstance(before, (Rng, Name)):
                told = comparing.difference(now, before, rtol=1e-6)
                if told:
                    raise Failed(f"`{name}` changed its argument number {place}. Work on a copy, or make a new array.")
        if first is None:
            raise Failed(why_none(f"`{name}`", got=False))
        told = "" if isinstance(first, Ref) else comparing.difference(second, first, rtol=1e-6)
        if told:
            raise Failed(f"`{name}` gives something else when it is called again with the same arguments: {told}.")
        return first

    # -------------------------------------------------------------- values

    def close(self, actual: object, expected: object, rtol: float = comparing.RTOL, atol: float | None = None) -> None:
        """Equal up to rtol·|expected| + atol, element by element; never broadcasts. Default atol: 1e-5 times the
        largest |expected|. Numbers of all kinds, lists and arrays are alike; tuples and dicts go item by item."""
        self.seen.value("close", actual)
        if told := comparing.difference(actual, expected, rtol, atol):
            raise Failed(self._named(actual, told))

    def shape(self, value: object, *shape: object, **sizes: int) -> None:
        """The value has this shape: `t.shape(v, (3, 2))`, `t.shape(v, ())` for one number. A name stands for the same
        size throughout a check: `t.shape(v, ("n", "d"), n=40)`; None for any."""
        wanted = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
        if any(self._sizes.setdefault(name, size) != size for name, size in sizes.items()):
            raise Misuse(f"{sizes} against {self._sizes}")
        self.seen.value("shape", value)
        if told := comparing.wrong_shape(value, wanted, self._sizes):
            raise Failed(self._named(value, told))

    def finite(self, value: object) -> None:
        """No nan and no inf."""
        numbers = as_numbers(value)
        self.seen.value("finite", value)
        if numbers is None:
            raise Failed(self._named(value, f"yours is {value_words.what(value)}, expected are numbers"))
        bad = np.argwhere(~np.isfinite(numbers.astype(np.float64)))
        if len(bad):
            place = tuple(int(i) for i in bad[0])
            where = f"at [{', '.join(map(str, place))}]: " if place else ""
            told = f"{where}{number(numbers[place])}; {len(bad):,} of {numbers.size:,} are not finite"
            raise Failed(self._named(value, told))

    def _named(self, value: object, told: str) -> str:
        """What is said of a value, with its name in front where it came by one."""
        name = self._names.name_of(value)
        return f"`{name}`: {told}" if name else told

    def slope(self, f: slopes.Scalar, *, at: npt.ArrayLike, claimed: object, rtol: float = slopes.SLOPE_RTOL) -> None:
        """`claimed` is the slope of f at `at`: compared with central differences in float64, parameter by parameter,
        up to rtol of the largest. `at` may be a tuple: then f takes as many arguments."""
        slope = slopes.central_slope(f, at)
        self.seen.value("slope", claimed)
        if told := slopes.wrong_slope(claimed, slope, at, rtol, noise=slopes.slope_noise(f, at)):
            raise Failed(told)

    def better(self, score: object, *, than: object, by: float = 0.0, lower: bool = False, what: str = "") -> None:
        """The score exceeds `than` by at least `by`; with lower=True (a loss) it is lower by at least that much."""
        scores = [as_numbers(value) for value in (score, than)]
        if scores[0] is None or scores[0].size != 1:
            raise Failed(f"the score is {value_words.what(score)}, expected: one number")
        if scores[1] is None or scores[1].size != 1:
            raise Misuse("t.better: `than` is not a number")
        mine, other = float(scores[0].item()), float(scores[1].item())
        needed = other - abs(by) if lower else other + abs(by)
        good = mine <= needed if lower else mine >= needed
        self.scores[f"{self._check}: {what or 'the score'}"] = mine, needed
        if not good:
            side = "at most" if lower else "at least"
            name = what or "the score"
            raise Failed(f"{name}: yours {number(mine, 4)}, needed {side} {number(needed, 4)}")

    # -------------------------------------------------------------- models

    def model(
        self, value: object, *, inputs: object = None, outputs: object = None, params: int | None = None,
        layers: Sequence[object] | None = None,
    ) -> LearnerModel:  # fmt: skip
        """A Keras model of this structure, by what it does. inputs, outputs: a size or a shape, without the batch.
        params: number of parameters. layers: one entry for each layer that has weights: units (or output shape), or
        (units, activation). Gives the model."""
        model = as_model(self._known(value))
        if told := model_structure.wrong_structure(model, inputs=inputs, outputs=outputs, params=params, layers=layers):
            raise Failed(told)
        return model

    def loss(
        self, model: object, y: npt.ArrayLike, p: npt.ArrayLike, expected: object, rtol: float = comparing.RTOL
    ) -> None:
        """The loss with which the model was compiled gives `expected` for targets y and predictions p."""
        value = as_model(self._known(model)).loss_of(y, p)
        self.seen.value("loss", value)
        if told := comparing.difference(value, expected, rtol):
            raise Failed(f"the loss it was compiled with: {told}")

    def penalty(self, model: object) -> Penalty:
        """What regularizes the model: `.value` (sum of all penalties now), `.layers` (name of the layer, l1, l2, of
        its kernel and of its bias) and `.dropout` (the rates, in order)."""
        return as_model(self._known(model)).penalty()

    def train_call(self, name: str) -> dict[str, object]:
        """The arguments of the last `fit` of the model `name`, defaults filled in; `callbacks` is a list of
        (class name, settings)."""
        return as_model(self.get(name)).fitted()

    def _known(self, value: object) -> object:
        return self.get(value) if isinstance(value, str) else value

    # -------------------------------------------------------------- the learner's source

    def avoids(self, name: str, why: str) -> None:
        """The learner's own source does without `name` ("for", "softmax", "np.convolve")."""
        lines = source.lines_with(self._answer, name)
        if lines:
            raise Failed(f"`{name}` is used in line {lines[0]}. {why}".strip())

    def uses(self, name: str, why: str) -> None:
        """The learner's own source uses `name`."""
        if not source.lines_with(self._answer, name):
            raise Failed(f"`{name}` is not used. {why}".strip())

    # -------------------------------------------------------------- for the author

    def observe(self, label: str, value: object) -> None:
        """What to match misconceptions on, where chance is involved (`:match: observed`)."""
        self.seen.label(label, value)

    def reference(self, name: str) -> object:
        """A name of the solution, run here."""
        return self._reference(name)

    def name(self, name: str) -> Name:
        """A name that setup defines, as an argument: the learner's function gets it on its own side."""
        if name not in self._setup:
            raise Misuse(f"setup defines no `{name}`")
        return Name(name, self._setup[name])

    def rng(self, seed: int) -> np.random.Generator:
        """A seeded generator; as an argument it is made again on the learner's side, as it stands."""
        return Rng(seed)


def _three(payload: object) -> tuple[object, object, tuple[object, ...]]:
    """Two answers of a function and its arguments afterwards. Raises WireError where it is something else."""
    match payload:
        case (first, second, tuple(after)):
            return first, second, after
    raise WireError("a call in other than three parts")
