"""What a proof will do with each thing that can be proved: believe what is kept of it, or run it, and how much."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.course import loader
from tutor.course.model import Course, Exercise, Figure, Lesson, Predict, Run
from tutor.grading import proofs
from tutor.grading.proofs import ProofFile
from tutor.lint.proof_basis import ProofBasis, Provable, basis_of
from tutor.lint.proving import Effort, by_chance

DRAWN = 10
"""One of so many is drawn."""


@dataclass
class Planned:
    """name: the task's id, or the figure with its settings. covered: what is kept fits its seal. effort: None where
    that is believed. why: it is not, though covered."""

    lesson: Lesson
    block: Provable
    name: str
    basis: ProofBasis
    covered: bool = False
    long: bool = False
    effort: Effort | None = None
    why: str = ""

    def run_once(self, why: str) -> None:
        """Prove it with one seed, to hold that against what is kept."""
        self.effort = Effort.GLANCE if self.long else Effort.ONE_SEED
        self.why = why


def plan_of(course: Course, lesson: Lesson, kept: ProofFile, only: str | None, fresh: bool) -> Iterator[Planned]:
    """Everything in a lesson that can be proved, each once; or its part that `only` names."""
    planned: dict[str, Planned] = {}
    for block in loader.iter_blocks(block for page in lesson.pages for block in page.blocks):
        if isinstance(block, Run | Exercise | Figure) or (isinstance(block, Predict) and (block.code or block.figure)):
            wanted = only in (None, lesson.id, getattr(block, "id", None))
            name = _name_of(block)
            if wanted and name not in planned:
                planned[name] = _planned(course, lesson, block, name, kept, fresh)
    yield from planned.values()


def _name_of(block: Provable) -> str:
    if isinstance(block, Figure):
        return " ".join(["figure", block.name, *(f"{name}={value}" for name, value in block.settings.items())])
    return block.id


def _planned(course: Course, lesson: Lesson, block: Provable, name: str, kept: ProofFile, fresh: bool) -> Planned:
    one = Planned(lesson, block, name, basis_of(course, lesson, block))
    proof = kept.proved.get(name)
    if proof is not None:
        one.covered = proofs.sealed(proof, one.basis.digest, kept.exercises.get(name)).seal == proof.seal
        one.long = proof.long
    if fresh or proof is None or not one.covered:
        one.effort = Effort.WHOLE
    elif proof.versions != one.basis.versions:
        one.run_once(f"kept with {proof.versions}; here {one.basis.versions}: ")
    return one


def draw_some(plan: list[Planned], word: str) -> str:
    """What involves chance is run with one seed, and a tenth of the rest, drawn by `word`. Gives what was drawn, in
    words."""
    believed = [one for one in plan if one.effort is None]
    trained = [one for one in believed if one.long or (isinstance(one.block, Exercise) and by_chance(one.block))]
    rest = [one for one in believed if one not in trained]
    rest.sort(key=lambda one: hashlib.sha256(f"{word} {one.lesson.id} {one.name}".encode()).digest())
    drawn = rest[: -(-len(rest) // DRAWN)]
    for one in trained:
        one.run_once("")
    for one in drawn:
        one.run_once("drawn: ")
    covered = f"{len(believed)} of {len(plan)} are covered by what is kept. With one seed: {len(trained)} by chance"
    names = ", ".join(one.name for one in drawn) or "none"
    return f"{covered}, and {len(drawn)} of the other {len(rest)}, drawn by {word[:12]}: {names}."
