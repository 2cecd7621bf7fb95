"""The `t` of the checks: asks for the learner's values and says precisely where they are not what they should be.

A check is a function `check_*(t)`; it fails where one of these methods raises `Failed` (or where it says `assert`).
Values are plain (see `wire`): whatever the learner's code returns, what arrives here compares as numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tutor.grading import compare, source, wire
from tutor.grading.compare import number, what
from tutor.grading.observing import Observations
from tutor.grading.peer import Peer
from tutor.messages.verdicts import CodeError
from tutor.words import did_you_mean

if TYPE_CHECKING:
    from tutor.grading.models import Model, Penalty


class Failed(Exception):
    """A check is not met. The text is what the learner reads; error: what their own code raised, if it did."""

    def __init__(self, message: str, error: CodeError | None = None) -> None:
        super().__init__(message)
        self.error = error


class Misuse(Exception):
    """The check itself is wrong: the author's fault, not the learner's."""


class Names:
    """The names of one run of the learner's code: `t.get`, `t.call` ask here; `t.run` gives another one.

    `run.get("w")`, `run["w"]` and `run.w` are the same.
    """

    def __init__(self, peer: Peer, seen: Observations, where: str = "") -> None:
        self._peer = peer
        self._seen = seen
        self._where = where
        self._got: list[tuple[Any, str]] = []

    def get(self, name: str) -> Any:
        """The value of a name that the learner's code defines."""
        value = self._asked(f"`{name}`", name, "get", name)
        self._got.append((value, name))
        return value

    def name_of(self, value: Any) -> str:
        """The one name under which the learner's code has this very value; "" where there is none, or more."""
        names = {name for got, name in self._got if got is value}
        return names.pop() if len(names) == 1 else ""

    def call(self, name: Any, *args: Any, copy: bool = True, **keywords: Any) -> Any:
        """The answer of the learner's function to copies of the arguments. name: of the function, or the function
        itself as it came from `get` or `call`. copy=False: a generator among the arguments goes on where the last
        call with it left off, in place of starting afresh."""
        target, label = _target(name)
        return self._asked(f"`{label}`", label, "call", target, args, keywords, going=not copy)

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.get(name)

    def _asked(self, label: str, name: str, *question: Any, going: bool = False) -> Any:
        status, payload = self._ask(*question, going=going)
        key = f"{question[0]} {name}"
        if status != "value":
            self._seen.problem(key, payload.kind if isinstance(payload, CodeError) else status)
            raise Failed(self._where + _why_no_value(label, name, status, payload, question[0]), _error_of(payload))
        if payload is None:
            self._seen.problem(key, "None")
            raise Failed(self._where + _why_none(label, question[0]))
        if isinstance(payload, wire.Ref) and payload.kind == "ellipsis":
            self._seen.problem(key, "...")
            raise Failed(f"{self._where}{label} is still `...`: nothing was filled in yet.")
        self._seen.value(key, payload)
        return self._wrapped(payload)

    def _ask(self, *question: Any, going: bool = False) -> tuple[str, Any]:
        try:
            return self._peer.ask(*map(_unwrapped, question), going=going)
        except wire.CannotCross as error:
            raise Misuse(f"an argument of this check cannot be sent: {error}") from error

    def _wrapped(self, value: Any) -> Any:
        """Models among the values become `models.Model`, which can be asked."""
        if isinstance(value, wire.Ref) and value.kind == "model":
            from tutor.grading.models import Model

            return Model(value, self._peer)
        if type(value) in (list, tuple):
            return type(value)(self._wrapped(item) for item in value)
        if type(value) is dict:
            return {key: self._wrapped(item) for key, item in value.items()}
        return value


def _unwrapped(value: Any) -> Any:
    """What a question carries: a model crosses as its reference."""
    if type(value) in (list, tuple):
        return type(value)(_unwrapped(item) for item in value)
    if type(value) is dict:
        return {key: _unwrapped(item) for key, item in value.items()}
    return getattr(value, "ref", value) if type(value).__module__ == "tutor.grading.models" else value


def _target(name: Any) -> tuple[Any, str]:
    if isinstance(name, str):
        return name, name
    if isinstance(name, wire.Ref):
        return name, name.text or name.type_name
    raise Misuse(f"t.call takes a name or a function of the learner's, not {what(name)}")


def _error_of(payload: Any) -> CodeError | None:
    return payload if isinstance(payload, CodeError) else None


def _why_no_value(label: str, name: str, status: str, payload: Any, verb: str) -> str:
    if status == "missing":
        return f"There is no {label} in your code. {did_you_mean(name, payload, '`', few=0)}".strip()
    if status == "not callable":
        return f"{label} is {payload}, not a function: define it with `def`."
    if status == "cannot cross":
        return f"{label} {'is' if verb == 'get' else 'returned'} {payload}."
    return raised_text(f"{label} raised", payload)


def raised_text(opening: str, error: CodeError) -> str:
    """`grad_loss` raised ZeroDivisionError: …, and the learner's own line."""
    text = f"{opening} {error.kind}" + (f": {error.message}" if error.message else "")
    if error.lines:
        last = error.lines[-1]
        text += f"\nline {last.line}: {last.source.strip()}"
    return text + (f"\n{error.todo}" if error.todo else "")


def _why_none(label: str, verb: str) -> str:
    if verb == "get":
        return f"{label} is None."
    return f"{label} returned None: is a `return` missing?"


class Tester:
    """The `t` of the checks. One for a submission; `begin` before each check.

    setup: the namespace of the author's setup. reference: gives a name of the solution. fresh: a new run of the
    learner's whole code with another seed. answer: the learner's own source.
    """

    def __init__(
        self,
        peer: Peer,
        *,
        setup: dict[str, Any],
        reference: Callable[[str], Any],
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

    def get(self, name: str) -> Any:
        """The value of a name that the learner's code defines."""
        return self._names.get(name)

    def call(self, name: Any, *args: Any, copy: bool = True, **keywords: Any) -> Any:
        """See `Names.call`."""
        return self._names.call(name, *args, copy=copy, **keywords)

    def run(self, seed: int) -> Names:
        """A fresh run of the learner's whole code with another seed; gives its names. Asked twice, it runs once."""
        if seed not in self._runs:
            self._runs[seed] = Names(self._fresh(seed), self.seen, where=f"With seed {seed}: ")
        return self._runs[seed]

    def pure(self, name: str, *args: Any, **keywords: Any) -> Any:
        """The arguments are as they were after the call, and a second call gives the same. Gives the answer."""
        status, payload = self._names._ask("pure", name, args, keywords)
        if status != "value":
            raise Failed(_why_no_value(f"`{name}`", name, status, payload, "call"), _error_of(payload))
        first, second, after = payload
        for place, (before, now) in enumerate(zip(args, after, strict=True), start=1):
            if not isinstance(now, wire.Ref) and not isinstance(before, (wire.Rng, wire.Name)):
                told = compare.difference(now, before, rtol=1e-6)
                if told:
                    raise Failed(f"`{name}` changed its argument number {place}. Work on a copy, or make a new array.")
        if first is None:
            raise Failed(_why_none(f"`{name}`", "call"))
        told = "" if isinstance(first, wire.Ref) else compare.difference(second, first, rtol=1e-6)
        if told:
            raise Failed(f"`{name}` gives something else when it is called again with the same arguments: {told}.")
        return first

    # -------------------------------------------------------------- values

    def close(self, actual: Any, expected: Any, rtol: float = compare.RTOL, atol: float | None = None) -> None:
        """Equal up to rtol·|expected| + atol, element by element; never broadcasts. Default atol: 1e-5 times the
        largest |expected|. Numbers of all kinds, lists and arrays are alike; tuples and dicts go item by item."""
        self.seen.value("close", actual)
        if told := compare.difference(actual, expected, rtol, atol):
            raise Failed(self._named(actual, told))

    def shape(self, value: Any, *shape: Any, **sizes: int) -> None:
        """The value has this shape: `t.shape(v, (3, 2))`, `t.shape(v, ())` for one number. A name stands for the same
        size throughout a check: `t.shape(v, ("n", "d"), n=40)`; None for any."""
        wanted = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
        if any(self._sizes.setdefault(name, size) != size for name, size in sizes.items()):
            raise Misuse(f"{sizes} against {self._sizes}")
        self.seen.value("shape", value)
        if told := compare.wrong_shape(value, wanted, self._sizes):
            raise Failed(self._named(value, told))

    def finite(self, value: Any) -> None:
        """No nan and no inf."""
        numbers = compare.as_numbers(value)
        self.seen.value("finite", value)
        if numbers is None:
            raise Failed(self._named(value, f"yours is {what(value)}, expected are numbers"))
        bad = np.argwhere(~np.isfinite(numbers.astype(np.float64)))
        if len(bad):
            place = tuple(int(i) for i in bad[0])
            where = f"at [{', '.join(map(str, place))}]: " if place else ""
            told = f"{where}{number(numbers[place])}; {len(bad):,} of {numbers.size:,} are not finite"
            raise Failed(self._named(value, told))

    def _named(self, value: Any, told: str) -> str:
        """What is said of a value, with its name in front where it came by one."""
        name = self._names.name_of(value)
        return f"`{name}`: {told}" if name else told

    def slope(self, f: Callable[..., Any], *, at: Any, claimed: Any, rtol: float = compare.SLOPE_RTOL) -> None:
        """`claimed` is the slope of f at `at`: compared with central differences in float64, parameter by parameter,
        up to rtol of the largest. `at` may be a tuple: then f takes as many arguments."""
        slope = compare.central_slope(f, at)
        self.seen.value("slope", claimed)
        if told := compare.wrong_slope(claimed, slope, at, rtol, noise=compare.slope_noise(f, at)):
            raise Failed(told)

    def better(self, score: Any, *, than: Any, by: float = 0.0, lower: bool = False, what: str = "") -> None:
        """The score exceeds `than` by at least `by`; with lower=True (a loss) it is lower by at least that much."""
        scores = [compare.as_numbers(value) for value in (score, than)]
        if scores[0] is None or scores[0].size != 1:
            raise Failed(f"the score is {compare.what(score)}, expected: one number")
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
        self, value: Any, *, inputs: Any = None, outputs: Any = None, params: int | None = None,
        layers: Sequence[Any] | None = None,
    ) -> Model:  # fmt: skip
        """A Keras model of this structure, by what it does. inputs, outputs: a size or a shape, without the batch.
        params: number of parameters. layers: one entry for each layer that has weights: units (or output shape), or
        (units, activation). Gives the model."""
        from tutor.grading import models, structure

        model = models.as_model(self._known(value))
        if told := structure.wrong_structure(model, inputs=inputs, outputs=outputs, params=params, layers=layers):
            raise Failed(told)
        return model

    def loss(self, model: Any, y: Any, p: Any, expected: Any, rtol: float = compare.RTOL) -> None:
        """The loss with which the model was compiled gives `expected` for targets y and predictions p."""
        from tutor.grading import models

        value = models.as_model(self._known(model)).loss_of(y, p)
        self.seen.value("loss", value)
        if told := compare.difference(value, expected, rtol):
            raise Failed(f"the loss it was compiled with: {told}")

    def penalty(self, model: Any) -> Penalty:
        """What regularizes the model: `.value` (sum of all penalties now), `.layers` (name of the layer, l1, l2, of
        its kernel and of its bias) and `.dropout` (the rates, in order)."""
        from tutor.grading import models

        return models.as_model(self._known(model)).penalty()

    def train_call(self, name: str) -> dict[str, Any]:
        """The arguments of the last `fit` of the model `name`, defaults filled in; `callbacks` is a list of
        (class name, settings)."""
        from tutor.grading import models

        return models.as_model(self.get(name)).fitted()

    def _known(self, value: Any) -> Any:
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

    def observe(self, label: str, value: Any) -> None:
        """What to match misconceptions on, where chance is involved (`:match: observed`)."""
        self.seen.label(label, value)

    def reference(self, name: str) -> Any:
        """A name of the solution, run here."""
        return self._reference(name)

    def name(self, name: str) -> wire.Name:
        """A name that setup defines, as an argument: the learner's function gets it on its own side."""
        if name not in self._setup:
            raise Misuse(f"setup defines no `{name}`")
        return wire.Name(name, self._setup[name])

    def rng(self, seed: int) -> np.random.Generator:
        """A seeded generator; as an argument it is made again on the learner's side, as it stands."""
        return wire.Rng(seed)
