"""Words for how runs end, where the learner's code or the judge can say nothing any more."""

from __future__ import annotations

import signal

from tutor.engine import inside
from tutor.engine import protocol as p
from tutor.engine.wording import ENDINGS

_OUTCOMES: dict[str, p.Outcome] = {
    "error": "error", "time": "time", "memory": "memory", "output": "output", "cancelled": "cancelled",
    "killed": "error", "lost": "fault", "ok": "fault",
}  # fmt: skip


def how_it_ended(status: int, ending: inside.Reason | None, note: str) -> inside.Finished:
    """What a process came to that ended without saying so. status: exit code, or minus the signal's number."""
    if ending is not None:
        return inside.Finished(ending, note=note)
    if status == -signal.SIGKILL:
        return inside.Finished(
            "killed", note="The process was ended from outside or by its own code (signal 9), or memory ran out."
        )
    if status < 0:
        error = p.CodeError("Crash", f"The process of this run was ended by {status_words(status)}.")
        return inside.Finished("killed", error)
    if status == inside.BROKEN:
        message = "The code left Python, or what connects it with the tutor, in a state in which it cannot go on."
        todo = "Does it replace built-in functions, or close files it did not open? If neither, please report it."
        return inside.Finished("error", p.CodeError("Exit", message, todo=todo))
    message = f"The code ended its own process (exit status {status})."
    return inside.Finished("error", p.CodeError("Exit", message, todo="Leave os._exit() and the like out."))


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


def outcome(index: int, finished: inside.Finished, seconds: float) -> inside.Outcome:
    return inside.Outcome(index, finished.reason, finished.error, finished.note, seconds)


def without_judge(job: p.Job, finished: inside.Finished | None, fault: str) -> p.Verdict:
    """The verdict where the judge gave none: what the code's own end says, or a fault of the tutor's."""
    reason = finished.reason if finished else "ok"
    kind = _OUTCOMES[reason]
    error = finished.error if finished else None
    if kind == "fault":
        return fault_verdict(job, fault or "The run was lost.")
    return p.Verdict(job.block, kind, error=error, summary=ENDINGS[kind], seed=job.seed)


def host_ended_verdict(job: p.Job, what: str) -> p.Verdict:
    """The verdict for code that has ended the host."""
    return p.Verdict(job.block, "error", error=HOST_ENDED, summary=f"{HOST_ENDED.message} {what}", seed=job.seed)


def fault_verdict(job: p.Job, what: str) -> p.Verdict:
    """A fault of the tutor's own: nothing is held against the learner."""
    report = "Please report it, with the output of dl-tutor doctor. Your answer was not judged."
    return p.Verdict(job.block, "fault", summary=what, report=report, seed=job.seed)


HOST_ENDED = p.CodeError(
    "Crash", "The code ended the tutor's engine, the parent of its own process, and itself with it.",
    todo="Leave os.kill() and the like out: a run may end its own processes, and no others.",
)  # fmt: skip


def judge_seconds(limits: p.Limits) -> float:
    """How long a judge may take after the learner's code is through: it may run the code several times again."""
    return 30.0 + 12.0 * limits.seconds
