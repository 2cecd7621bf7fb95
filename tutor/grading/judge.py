"""One submission -> one Verdict, in a process of its own that never runs a line of the learner's code.

The judge runs the author's setup, hidden code and checks in its own namespace, asks the learner's process for plain
values, and alone reports: each check as it is done, then the verdict. Where it has no verdict, that is not a pass.
"""

from __future__ import annotations

import random
import socket
import time
import traceback
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np

from tutor.grading import misconceptions, source
from tutor.grading.peer import LocalPeer, Peer, PeerGone, PeerSilent, SocketPeer
from tutor.grading.tester import Failed, Misuse, Tester, raised_text
from tutor.messages.jobs import Job, Rubric
from tutor.messages.verdicts import CheckResult, CodeError, Diagnosis, Outcome, Verdict

_PREFIX = "check_"
_NEEDS = ":needs:"
_REPORT = "Please tell the authors of the course, with these words:"


class RunOutcome(Protocol):
    """What the learner's code came to, before any check. reason: "ok", or as a verdict's outcome."""

    @property
    def reason(self) -> str: ...
    @property
    def error(self) -> CodeError | None: ...
    @property
    def note(self) -> str: ...


class Link(Protocol):
    """What the engine gives the judge (engine/link.py)."""

    @property
    def rubric(self) -> Rubric: ...
    @property
    def learner(self) -> socket.socket: ...
    @property
    def job(self) -> Job: ...
    def run_outcome(self, sock: socket.socket | None = None) -> RunOutcome: ...
    def fresh(self, seed: int) -> socket.socket: ...
    def checked(self, result: CheckResult) -> None: ...
    def judged(self, verdict: Verdict) -> None: ...


def main(link: Link) -> None:
    """Judge what the link brings, and report it. Whatever goes wrong here is a fault, never a pass."""
    began = time.monotonic()
    rubric = link.rubric
    try:
        verdict = Judge(link).verdict()
    except AuthorFault as fault:
        verdict = _fault(rubric, str(fault))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours and not the learner's
        verdict = _fault(rubric, f"{type(error).__name__}: {error}")
    link.judged(_stamped(verdict, link.job.seed, time.monotonic() - began))


def _stamped(verdict: Verdict, seed: int, seconds: float) -> Verdict:
    import msgspec

    return msgspec.structs.replace(verdict, seed=seed, seconds=seconds)


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
        self._solution: dict[str, Any] | None = None
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

    def solved(self, seed: int) -> dict[str, Any]:
        """A fresh namespace in which the solution has run."""
        return self._run([*self._parts(), ("solution", self._rubric.solution)], seed)

    def reference(self, name: str) -> Any:
        """A name of the solution. The solution runs once, and only when this is asked for."""
        if self._solution is None:
            self._solution = self.solved(self._seed)
        if name not in self._solution:
            raise Misuse(f"the solution has no `{name}`")
        return self._solution[name]

    def _run(self, parts: list[tuple[str, str]], seed: int) -> dict[str, Any]:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        reseed(seed)
        for what, code in parts:
            self._execute(what, code, namespace)
        return namespace

    def _execute(self, what: str, code: str, namespace: dict[str, Any]) -> None:
        try:
            exec(compile(code, what, "exec", dont_inherit=True), namespace)
        except Exception as error:
            raise AuthorFault(f"{what}, {_place(error, what)}") from error


def reseed(seed: int) -> None:
    """The generators that checks may use without naming them."""
    random.seed(seed)
    np.random.seed(seed % 2**32)


def _place(error: BaseException, chunk: str) -> str:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == chunk]
    where = f"line {lines[-1]}: " if lines else ""
    return f"{where}{type(error).__name__}: {error}"


def _check(name: str, function: Any) -> Check:
    text = (function.__doc__ or "").strip()
    needs: tuple[str, ...] = ()
    head, _, last = text.rpartition("\n")
    if last.strip().startswith(_NEEDS):
        names = last.strip().removeprefix(_NEEDS).replace(",", " ").split()
        needs = tuple(_PREFIX + need.removeprefix(_PREFIX) for need in names)
        text = head.strip()
    requirement = " ".join(text.split()) or name.removeprefix(_PREFIX).replace("_", " ")
    return Check(name, requirement, needs, function)


class Judge:
    """Leads one submission through its checks."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._rubric = link.rubric
        self._results: list[CheckResult] = []
        self._error: CodeError | None = None
        self._errors_only = True
        self._peers: list[SocketPeer] = []

    def verdict(self) -> Verdict:
        """The verdict, its checks reported on the way. Raises AuthorFault."""
        rubric = self._rubric
        if source.unchanged(rubric.answer, rubric.starter):
            return Verdict(rubric.exercise, "not-attempted", summary="Nothing has been changed yet.")
        author = Author(rubric, self._link.job.seed)
        outcome = self._link.run_outcome()
        if outcome.reason != "ok":
            return self._stopped(outcome.reason, outcome.error, outcome.note)
        tester = self._tester(author)
        try:
            for check in author.checks:
                self._report(self._result(check, tester, author))
        except PeerSilent:
            asked = f"No answer within {rubric.seconds:g} s to the check “{check.requirement}”."
            return self._stopped("time", self._error, f"{asked} Does every loop end?")
        except PeerGone:
            return self._gone()
        finally:
            for peer in self._peers:
                peer.close()
        return self._counted(tester)

    def _tester(self, author: Author) -> Tester:
        return Tester(
            self._peer(self._link.learner),
            setup=author.namespace,
            reference=author.reference,
            fresh=self._fresh,
            answer=self._rubric.answer,
            match=self._rubric.match,
        )

    def _fresh(self, seed: int) -> Peer:
        sock = self._link.fresh(seed)
        outcome = self._link.run_outcome(sock)
        if outcome.reason == "ok":
            return self._peer(sock)
        sock.close()
        if outcome.error is not None:
            raise Failed(raised_text(f"With seed {seed} your code raised", outcome.error), outcome.error)
        raise Failed(f"With seed {seed} your code did not run through: {outcome.note or outcome.reason}")

    def _peer(self, sock: socket.socket) -> SocketPeer:
        peer = SocketPeer(sock, self._rubric.seconds, self._rubric.arguments)
        self._peers.append(peer)
        return peer

    # -------------------------------------------------------------- one check

    def _report(self, result: CheckResult) -> None:
        self._results.append(result)
        self._link.checked(result)

    def _result(self, check: Check, tester: Tester, author: Author) -> CheckResult:
        done = {result.name: result for result in self._results}
        for need in check.needs:
            if need in done and done[need].outcome != "passed":
                message = f"not looked at: it needs “{done[need].requirement}”"
                return CheckResult(check.name, check.requirement, "skipped", message)
        tester.begin(check.name)
        reseed(self._link.job.seed)
        try:
            check.function(tester)
        except Failed as failed:
            return self._failed(check, str(failed), failed.error)
        except AssertionError as failed:
            return self._failed(check, str(failed), None)
        except (PeerGone, PeerSilent, AuthorFault):
            raise
        except Exception as error:  # noqa: BLE001 - a check that raises: whose fault is it?
            return self._failed(check, _blame(check, error, author, self._rubric), None)
        return CheckResult(check.name, check.requirement, "passed")

    def _failed(self, check: Check, message: str, error: CodeError | None) -> CheckResult:
        if error is None:
            self._errors_only = False
        elif self._error is None:
            self._error = error
        return CheckResult(check.name, check.requirement, "failed", message)

    # -------------------------------------------------------------- verdicts

    def _counted(self, tester: Tester) -> Verdict:
        total = len(self._results)
        passed = sum(result.outcome == "passed" for result in self._results)
        observed = tester.seen.reduced
        if passed == total:
            summary = "The check passes." if total == 1 else f"All {total} checks pass."
            return self._made("passed", summary, observed=observed, scores=tester.scores)
        outcome: Outcome = "failed"
        if self._error is not None and self._error.kind == "MemoryError":
            outcome = "memory"
        elif self._error is not None and self._errors_only:
            outcome = "error"
        wrong = misconceptions.match(observed, self._rubric.wrongs, self._rubric.match)
        diagnosis = Diagnosis(wrong.name, wrong.diagnosis) if wrong is not None else None
        summary = f"{passed} of {total} checks pass."
        return self._made(outcome, summary, diagnosis, observed, self._error, tester.scores)

    def _made(
        self, outcome: Outcome, summary: str, diagnosis: Diagnosis | None = None,
        observed: dict[str, object] | None = None, error: CodeError | None = None,
        scores: dict[str, tuple[float, float]] | None = None,
    ) -> Verdict:  # fmt: skip
        return Verdict(
            self._rubric.exercise,
            outcome,
            tuple(self._results),
            diagnosis,
            error,
            summary,
            observed=observed or {},
            scores=scores or {},
        )

    def _gone(self) -> Verdict:
        """The learner's process ended, or broke off, in the middle of a check."""
        text = "Your code ended its own process, or closed what the check asks through, while it was being checked."
        error = CodeError(
            "Exit", text, todo="Leave out exit(), os._exit() and the like, and close only what you opened."
        )
        return self._made("error", "The code ended before the checks did.", error=error)

    def _stopped(self, reason: str, error: CodeError | None, note: str) -> Verdict:
        """The learner's code did not run through: no check was possible."""
        outcome, summary = _STOPPED.get(reason, ("fault", "The run was lost."))
        if outcome == "fault":
            return _fault(self._rubric, note or "the run was lost")
        if error is not None and not note:
            summary = raised_text("Your code raised", error).partition("\n")[0] if outcome == "error" else summary
        return self._made(outcome, f"{summary} {note}".strip(), error=error)


_STOPPED: dict[str, tuple[Outcome, str]] = {
    "error": ("error", "Your code stopped with an error."),
    "killed": ("error", "The process of your code was ended."),
    "time": ("time", "Out of time."),
    "memory": ("memory", "Out of memory."),
    "output": ("output", "Your code printed too much."),
    "cancelled": ("cancelled", "Cancelled."),
}


def _blame(check: Check, error: Exception, author: Author, rubric: Rubric) -> str:
    """A check raised. If it does so with the author's own solution too, it is broken (AuthorFault); else the
    learner's value is nothing that it can work with, and the text says so."""
    if isinstance(error, Misuse) or not _holds_for_solution(check, author, rubric):
        raise AuthorFault(f"{check.name}, {_place(error, 'checks')}") from error
    return f"this cannot be worked with ({type(error).__name__}: {error}): is it of the right kind?"


def _holds_for_solution(check: Check, author: Author, rubric: Rubric) -> bool:
    seeds: Callable[[int], Peer] = lambda seed: LocalPeer(author.solved(seed))  # noqa: E731
    tester = Tester(
        seeds(0),
        setup=author.namespace,
        reference=author.reference,
        fresh=seeds,
        answer=rubric.solution,
        match=rubric.match,
    )
    tester.begin(check.name)
    try:
        check.function(tester)
    except Exception:  # noqa: BLE001 - any exception: it does not hold
        return False
    return True


def _fault(rubric: Rubric, what: str) -> Verdict:
    report = f"{_REPORT} exercise {rubric.exercise}: {what}"
    return Verdict(
        rubric.exercise,
        "fault",
        summary="The tutor could not judge this; nothing is held against you.",
        report=report,
    )
