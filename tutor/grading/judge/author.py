"""The author's code of one exercise, run in the judge's process: setup, hidden code, checks, and the solution."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tutor.grading.judge.failures import Misuse
from tutor.grading.judge.tester import Tester
from tutor.messages.jobs import Rubric

_PREFIX = "check_"
_NEEDS = ":needs:"


class AuthorFault(Exception):
    """The exercise itself is broken. The text says where."""


class Check(NamedTuple):
    """One named check. needs: names of checks without which it makes no sense."""

    name: str
    requirement: str
    needs: tuple[str, ...]
    function: Callable[[Tester], object]


class Author:
    """The author's code of one exercise, run here: setup and hidden for the checks, the solution when asked for."""

    def __init__(self, rubric: Rubric, seed: int) -> None:
        self._rubric = rubric
        self._seed = seed
        self._solution: dict[str, object] | None = None
        self.namespace = self._run(self._parts(), seed)
        before = set(self.namespace)
        self._execute("checks", rubric.checks, self.namespace)
        found = {name: value for name, value in self.namespace.items() if name.startswith(_PREFIX) and callable(value)}
        self.checks = [_check(name, function) for name, function in found.items() if name not in before]
        if not self.checks:
            raise AuthorFault("there is no check")

    def _parts(self) -> list[tuple[str, str]]:
        rubric = self._rubric
        return [*(("uses", code) for code in rubric.uses), ("setup", rubric.setup), ("hidden", rubric.hidden)]

    def solved(self, seed: int) -> dict[str, object]:
        """A fresh namespace in which the solution has run."""
        return self._run([*self._parts(), ("solution", self._rubric.solution)], seed)

    def reference(self, name: str) -> object:
        """A name of the solution. The solution runs once, and only when this is asked for."""
        if self._solution is None:
            self._solution = self.solved(self._seed)
        if name not in self._solution:
            raise Misuse(f"the solution has no `{name}`")
        return self._solution[name]

    def _run(self, parts: list[tuple[str, str]], seed: int) -> dict[str, object]:
        namespace: dict[str, object] = {"__name__": "__main__"}
        reseed(seed)
        for what, code in parts:
            self._execute(what, code, namespace)
        return namespace

    def _execute(self, what: str, code: str, namespace: dict[str, object]) -> None:
        try:
            exec(compile(code, what, "exec", dont_inherit=True), namespace)
        except Exception as error:
            raise AuthorFault(f"{what}, {error_in(error, what)}") from error


def reseed(seed: int) -> None:
    """The generators that checks may use without naming them."""
    random.seed(seed)
    np.random.seed(seed % 2**32)


def error_in(error: BaseException, chunk: str) -> str:
    """What was raised, with the line of `chunk` that it comes from, where it does."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == chunk]
    where = f"line {lines[-1]}: " if lines else ""
    return f"{where}{type(error).__name__}: {error}"


def _check(name: str, function: Callable[[Tester], object]) -> Check:
    text = (function.__doc__ or "").strip()
    needs: tuple[str, ...] = ()
    head, _, last = text.rpartition("\n")
    if last.strip().startswith(_NEEDS):
        names = last.strip().removeprefix(_NEEDS).replace(",", " ").split()
        needs = tuple(_PREFIX + need.removeprefix(_PREFIX) for need in names)
        text = head.strip()
    requirement = " ".join(text.split()) or name.removeprefix(_PREFIX).replace("_", " ")
    return Check(name, requirement, needs, function)
