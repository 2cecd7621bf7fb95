"""The names of one run of the learner's code, as checks ask for them: `t.get`, `t.call`, `t.run(seed)["w"]`.

Judge's process. Values are plain (see `both_sides.plain_values`), and each is observed as it comes.
"""

from __future__ import annotations

from tutor.grading.both_sides.plain_values import Answer, CannotCross, Ref
from tutor.grading.judge.failures import Failed, Misuse, raised_text
from tutor.grading.judge.learner_models import LearnerModel
from tutor.grading.judge.observing import Observations
from tutor.grading.judge.peer import Peer
from tutor.grading.judge.value_words import what
from tutor.messages.verdicts import CodeError
from tutor.words import did_you_mean


class Names:
    """The names of one run of the learner's code: `t.get`, `t.call` ask here; `t.run` gives another one.

    `run.get("w")`, `run["w"]` and `run.w` are the same.
    """

    def __init__(self, peer: Peer, seen: Observations, where: str = "") -> None:
        self._peer = peer
        self._seen = seen
        self._where = where
        self._got: list[tuple[object, str]] = []

    def get(self, name: str) -> object:
        """The value of a name that the learner's code defines."""
        value = self._asked(f"`{name}`", name, "get", name)
        self._got.append((value, name))
        return value

    def name_of(self, value: object) -> str:
        """The one name under which the learner's code has this very value; "" where there is none, or more."""
        names = {name for got, name in self._got if got is value}
        return names.pop() if len(names) == 1 else ""

    def call(self, name: object, *args: object, copy: bool = True, **keywords: object) -> object:
        """The answer of the learner's function to copies of the arguments. name: of the function, or the function
        itself as it came from `get` or `call`. copy=False: a generator among the arguments goes on where the last
        call with it left off, in place of starting afresh."""
        target, label = _target(name)
        return self._asked(f"`{label}`", label, "call", target, args, keywords, going=not copy)

    def __getitem__(self, name: str) -> object:
        return self.get(name)

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.get(name)

    def _asked(self, label: str, name: str, *question: object, going: bool = False) -> object:
        status, payload = ask(self._peer, *question, going=going)
        key = f"{question[0]} {name}"
        if status != "value":
            self._seen.problem(key, payload.kind if isinstance(payload, CodeError) else status)
            raise no_value(label, name, status, payload, got=question[0] == "get", where=self._where)
        if payload is None:
            self._seen.problem(key, "None")
            raise Failed(self._where + why_none(label, got=question[0] == "get"))
        if isinstance(payload, Ref) and payload.kind == "ellipsis":
            self._seen.problem(key, "...")
            raise Failed(f"{self._where}{label} is still `...`: nothing was filled in yet.")
        self._seen.value(key, payload)
        return self._wrapped(payload)

    def _wrapped(self, value: object) -> object:
        """Models among the values become `LearnerModel`, which can be asked."""
        if isinstance(value, Ref) and value.kind == "model":
            return LearnerModel(value, self._peer)
        if type(value) is list or type(value) is tuple:
            return type(value)(self._wrapped(item) for item in value)
        if type(value) is dict:
            return {key: self._wrapped(item) for key, item in value.items()}
        return value


def ask(peer: Peer, *question: object, going: bool = False) -> Answer:
    """(status, payload), as it came. Raises Misuse where the question cannot be sent."""
    try:
        return peer.ask(*map(_unwrapped, question), going=going)
    except CannotCross as error:
        raise Misuse(f"an argument of this check cannot be sent: {error}") from error


def _unwrapped(value: object) -> object:
    """What a question carries: a model crosses as its reference."""
    if type(value) is list or type(value) is tuple:
        return type(value)(_unwrapped(item) for item in value)
    if type(value) is dict:
        return {key: _unwrapped(item) for key, item in value.items()}
    return value.ref if isinstance(value, LearnerModel) else value


def _target(name: object) -> tuple[object, str]:
    if isinstance(name, str):
        return name, name
    if isinstance(name, Ref):
        return name, name.text or name.type_name
    raise Misuse(f"t.call takes a name or a function of the learner's, not {what(name)}")


def no_value(label: str, name: str, status: str, payload: object, *, got: bool, where: str = "") -> Failed:
    """How a check fails whose question was not answered with a value. label: the call or the name, as it stands in the
    message. got: it was asked for by `get`, not called. where: which run it was."""
    if isinstance(payload, CodeError):
        return Failed(where + raised_text(f"{label} raised", payload), payload)
    if status == "missing":
        known = payload if isinstance(payload, list) else []
        return Failed(f"{where}There is no {label} in your code. {did_you_mean(name, known, '`', few=0)}".strip())
    if status == "not callable":
        return Failed(f"{where}{label} is {payload}, not a function: define it with `def`.")
    return Failed(f"{where}{label} {'is' if got else 'returned'} {payload}.")


def why_none(label: str, *, got: bool) -> str:
    """What a check says where the value is None."""
    return f"{label} is None." if got else f"{label} returned None: is a `return` missing?"
