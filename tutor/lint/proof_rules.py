"""Rules on what is kept of proofs, without running anything."""

from __future__ import annotations

from tutor.course.model import Exercise
from tutor.grading import proofs
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground


def of_today(ground: Ground, findings: Findings) -> None:
    """Where a lesson has been proved, what is kept is of its exercises as they are now."""
    for placed in ground.lessons:
        kept = proofs.read(proofs.proof_file(ground.folder, placed.lesson)).exercises
        for task in placed.tasks() if kept else ():
            entry = kept.get(task.id)
            if isinstance(task, Exercise) and (entry is None or entry.hash != proofs.exercise_hash(task)):
                what = "is of what it was before it was changed" if entry else "is missing"
                renew = f"`dl-tutor lint --prove --only {task.id}` writes it anew"
                message = f"The proof of {task.id} {what}, so that its mistakes are not told by name; {renew}."
                findings.warning(placed.file, task.line, "proof-out-of-date", message)
