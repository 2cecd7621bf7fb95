"""Words for outcomes and ends, which host, window and command line share; and the verdict where no judge gave one."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator

import msgspec

from tutor.messages import children
from tutor.messages.events import Reason
from tutor.messages.jobs import Job, Limits
from tutor.messages.verdicts import CheckResult, CodeError, Outcome, Verdict

INSTALL_AGAIN = "Install the tutor again with its dependencies (README.md); dl-tutor doctor says what is found."
"""What to do where a library of the installation is missing or broken."""

HEADLINES: dict[str, str] = {
    "passed": "passed",
    "failed": "not yet",
    "error": "the code stopped with an error",
    "not-attempted": "nothing to check yet",
    "time": "out of time",
    "memory": "out of memory",
    "output": "it printed too much",
    "cancelled": "cancelled",
    "fault": "the tutor's own fault; nothing is held against you",
}
"""By the outcome of a verdict."""
ENDINGS: dict[str, str] = {
    "error": "The code stopped with an error.",
    "time": "The time for this code was up.",
    "memory": "The memory for this code was used up.",
    "output": "The code printed too much.",
    "cancelled": "Cancelled.",
    "killed": "The process of this run was ended.",
    "lost": "The run was lost.",
}
"""By the reason of a run's end."""
_OUTCOMES: dict[str, Outcome] = {
    "error": "error", "time": "time", "memory": "memory", "output": "output", "cancelled": "cancelled",
    "killed": "error", "lost": "fault", "ok": "fault",
}  # fmt: skip


def how_it_ended(status: int, ending: Reason | None, note: str) -> children.Finished:
    """What a process came to that ended without saying so. status: exit code, or minus the signal's number."""
    if ending is not None:
        return children.Finished(ending, note=note)
    if status == -signal.SIGKILL:
        return children.Finished(
            "killed", note="The process was ended from outside or by its own code (signal 9), or memory ran out."
        )
    if status < 0:
        error = CodeError("Crash", f"The process of this run was ended by {status_words(status)}.")
        return children.Finished("killed", error)
    if status == children.BROKEN:
        message = "The code left Python, or what connects it with the tutor, in a state in which it cannot go on."
        todo = "Does it replace built-in functions, or close files it did not open? If neither, please report it."
        return children.Finished("error", CodeError("Exit", message, todo=todo))
    message = f"The code ended its own process (exit status {status})."
    return children.Finished("error", CodeError("Exit", message, todo="Leave os._exit() and the like out."))


def ended_while_loading(status: int) -> children.Finished:
    """What a process that is started afresh came to that ended before the learner's code: none of that code's doing."""
    note = (
        f"What every run needs (numpy; for training torch and Keras) could not be loaded: its process ended by "
        f"{status_words(status)}. Install the tutor again with its dependencies (README.md); `dl-tutor doctor` says "
        "what is found."
    )
    return children.Finished("lost", note=note)


def status_words(status: int) -> str:
    """ "exit status 1" or "signal SIGKILL", from what waiting for a process gave."""
    if status >= 0:
        return f"exit status {status}"
    return f"signal {signal.Signals(-status).name if -status in signal.valid_signals() else -status}"


def left_behind_note(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "A process that the code had left running was ended."
    return f"{count} processes that the code had left running were ended."


def outcome(index: int, finished: children.Finished, seconds: float) -> children.CodeOutcome:
    return children.CodeOutcome(index, finished.reason, finished.error, finished.note, seconds)


def without_judge(job: Job, finished: children.Finished | None, fault: str) -> Verdict:
    """The verdict where the judge gave none: what the code's own end says, or a fault of the tutor's."""
    reason = finished.reason if finished else "ok"
    kind = _OUTCOMES[reason]
    error = finished.error if finished else None
    if finished is not None and reason == "lost" and finished.note:  # what the machine could not do, and why
        return Verdict(job.block, "fault", summary=finished.note, report="Your answer was not judged.", seed=job.seed)
    if kind == "fault":
        return fault_verdict(job, fault or "The run was lost.")
    return Verdict(job.block, kind, error=error, summary=ENDINGS[kind], seed=job.seed)


def checks_too_long(job: Job) -> Verdict:
    """The verdict where the checks found no end: with a right answer they take a moment, so it is what this code
    answers, or has done to them. Never "not judged"."""
    seconds = judge_seconds(job.limits)
    return Verdict(
        job.block, "time", seed=job.seed,
        summary=f"The checks found no end within {seconds:g} s with what the code answers, and were ended.",
    )  # fmt: skip


def host_ended_verdict(job: Job, what: str) -> Verdict:
    """The verdict for code that has ended the host."""
    return Verdict(job.block, "error", error=HOST_ENDED, summary=f"{HOST_ENDED.message} {what}", seed=job.seed)


def fault_verdict(job: Job, what: str) -> Verdict:
    """A fault of the tutor's own: nothing is held against the learner."""
    report = "Please report it, with the output of dl-tutor doctor. Your answer was not judged."
    return Verdict(job.block, "fault", summary=what, report=report, seed=job.seed)


HOST_ENDED = CodeError(
    "Crash", "The code ended the tutor's engine, the parent of its own process, and itself with it.",
    todo="Leave os.kill() and the like out: a run may end its own processes, and no others.",
)  # fmt: skip


def judge_seconds(limits: Limits) -> float:
    """How long a judge may take after the learner's code is through: it may run the code several times again."""
    return 30.0 + 12.0 * limits.seconds


def without_repeats(checks: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """The checks, with what one before has said word for word left out: one mistake often fails them all."""
    said: set[str] = set()
    for check in checks:
        yield msgspec.structs.replace(check, message="the same as above") if check.message in said else check
        if check.message:
            said.add(check.message)
