"""One submission -> one Verdict, in a process of its own that never runs a line of the learner's code.

The judge runs the author's setup, hidden code and checks in its own namespace, asks the learner's process for plain
values, and alone reports: each check as it is done, then the verdict. Where it has no verdict, that is not a pass.
"""

from __future__ import annotations

import socket
import time

import msgspec

from tutor.grading.both_sides.keras_types import LastFit
from tutor.grading.judge import misconceptions, source
from tutor.grading.judge.author import Author, AuthorFault, Check, error_in, reseed
from tutor.grading.judge.failures import Failed, Misuse, raised_text
from tutor.grading.judge.judge_doors import JudgeDoors
from tutor.grading.judge.peer import LocalPeer, Peer, PeerGone, PeerSilent, SocketPeer
from tutor.grading.judge.tester import Tester
from tutor.messages.jobs import Rubric
from tutor.messages.verdicts import CheckResult, CodeError, Diagnosis, Outcome, Verdict

_REPORT = "Please tell the authors of the course, with these words:"


def judge_submission(doors: JudgeDoors, last_fit: LastFit) -> None:
    """Judge what the doors bring, and report it: the engine's way in, in the judge's process. Whatever goes wrong here
    is a fault, never a pass."""
    began = time.monotonic()
    rubric = doors.rubric
    try:
        verdict = Judge(doors, last_fit).verdict()
    except AuthorFault as fault:
        verdict = _fault(rubric, str(fault))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is ours and not the learner's
        verdict = _fault(rubric, f"{type(error).__name__}: {error}")
    doors.judged(_stamped(verdict, doors.job.seed, time.monotonic() - began))


def _stamped(verdict: Verdict, seed: int, seconds: float) -> Verdict:
    return msgspec.structs.replace(verdict, seed=seed, seconds=seconds)


class Judge:
    """Leads one submission through its checks."""

    def __init__(self, doors: JudgeDoors, last_fit: LastFit) -> None:
        self._doors = doors
        self._last_fit = last_fit
        self._rubric = doors.rubric
        self._results: list[CheckResult] = []
        self._error: CodeError | None = None
        self._errors_only = True
        self._peers: list[SocketPeer] = []

    def verdict(self) -> Verdict:
        """The verdict, its checks reported on the way. Raises AuthorFault."""
        rubric = self._rubric
        if source.unchanged(rubric.answer, rubric.starter):
            return Verdict(rubric.exercise, "not-attempted", summary="Nothing has been changed yet.")
        author = Author(rubric, self._doors.job.seed)
        outcome = self._doors.run_outcome()
        if outcome.reason != "ok":
            return self._stopped(outcome.reason, outcome.error, outcome.note)
        tester = self._tester(author)
        try:
            for check in author.checks:
                self._report(self._result(check, tester, author))
        except PeerSilent:
            asked = f"No answer within {rubric.seconds:g} s to the check “{check.requirement}”."
            return self._stopped("time", self._error, f"{asked} Does every loop end?")
        except PeerGone as gone:
            return self._gone(gone.unfit)
        finally:
            for peer in self._peers:
                peer.close()
        return self._counted(tester)

    def _tester(self, author: Author) -> Tester:
        return Tester(
            self._peer(self._doors.learner),
            setup=author.namespace,
            reference=author.reference,
            fresh=self._fresh,
            answer=self._rubric.answer,
            match=self._rubric.match,
        )

    def _fresh(self, seed: int) -> Peer:
        sock = self._doors.fresh(seed)
        outcome = self._doors.run_outcome(sock)
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
        self._doors.checked(result)

    def _result(self, check: Check, tester: Tester, author: Author) -> CheckResult:
        done = {result.name: result for result in self._results}
        for need in check.needs:
            if need in done and done[need].outcome != "passed":
                message = f"not looked at: it needs “{done[need].requirement}”"
                return CheckResult(check.name, check.requirement, "skipped", message)
        tester.begin(check.name)
        reseed(self._doors.job.seed)
        try:
            check.function(tester)
        except Failed as failed:
            return self._failed(check, str(failed), failed.error)
        except AssertionError as failed:
            return self._failed(check, str(failed), None)
        except (PeerGone, PeerSilent, AuthorFault):
            raise
        except Exception as error:  # noqa: BLE001 - a check that raises: whose fault is it?
            return self._failed(check, self._blame(check, error, author), None)
        return CheckResult(check.name, check.requirement, "passed")

    def _failed(self, check: Check, message: str, error: CodeError | None) -> CheckResult:
        if error is None:
            self._errors_only = False
        elif self._error is None:
            self._error = error
        return CheckResult(check.name, check.requirement, "failed", message)

    def _blame(self, check: Check, error: Exception, author: Author) -> str:
        """A check raised. If it does so with the author's own solution too, it is broken (AuthorFault); else the
        learner's value is nothing that it can work with, and the text says so."""
        if isinstance(error, Misuse) or not _holds_for_solution(check, author, self._rubric, self._last_fit):
            raise AuthorFault(f"{check.name}, {error_in(error, 'checks')}") from error
        return f"this cannot be worked with ({type(error).__name__}: {error}): is it of the right kind?"

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

    def _gone(self, unfit: str) -> Verdict:
        """The learner's process ended, or broke off, in the middle of a check. unfit: or what it answered."""
        if unfit:
            todo = "Is that what the task asks for?"
            error = CodeError("Unfit", f"Your code answered a check with {unfit}.", todo=todo)
            return self._made("error", "No check can take what the code answered.", error=error)
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


def _holds_for_solution(check: Check, author: Author, rubric: Rubric, last_fit: LastFit) -> bool:
    def seeds(seed: int) -> Peer:
        return LocalPeer(author.solved(seed), last_fit)

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
