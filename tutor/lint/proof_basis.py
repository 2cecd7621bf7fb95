"""What the proof of one thing stands on: its code, what stands in front, data sets, our own code, and versions."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
import tomllib
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from tutor import paths
from tutor.course.model import Course, Exercise, Figure, Lesson, Predict, Run
from tutor.engine.client.which_host import kind_of
from tutor.errors import CourseError
from tutor.lint import own_code
from tutor.lint.code_shape import shape, shape_of_code
from tutor.submitting import AS_WRITTEN, job_for_run, rubric_for

Provable = Run | Predict | Exercise | Figure
"""What can be proved by running: of a prediction its code, or the figure that it shows."""

GRADING = (
    "tutor.grading.judge.submission.judge_submission",
    "tutor.grading.learner.answer_desk.answer_judge",
)
"""Where the engine enters grading."""
_RULES = ("tutor.lint.proving", "tutor.lint.curves")
_LIBRARIES = {"light": ("numpy",), "keras": ("numpy", "keras", "torch")}


class ProofBasis(Struct, frozen=True):
    """digest: of all that the proof stands on but the libraries. versions: "python 3.11, numpy 2.4.1"."""

    digest: str
    versions: str


def basis_of(course: Course, lesson: Lesson, block: Provable) -> ProofBasis:
    """What a proof of `block` stands on, as all of it is now."""
    if isinstance(block, Exercise):
        return _exercise(course, lesson, block)
    if isinstance(block, Figure):
        return _figure(block.name, block.settings)
    if isinstance(block, Predict) and block.code is None:
        return _figure(block.figure, block.settings)
    return _block(course, lesson, block)


def _exercise(course: Course, lesson: Lesson, exercise: Exercise) -> ProofBasis:
    try:
        uses = rubric_for(course, lesson, exercise, "").uses
    except CourseError as error:
        uses = (str(error),)
    setup, hidden = (source.code if source else "" for source in (exercise.setup, exercise.hidden))
    answers = [source.code for source in (exercise.starter, *exercise.solutions)]
    answers += [wrong.code for wrong in exercise.wrongs]
    names = [wrong.name for wrong in exercise.wrongs]
    run, asking = [*uses, setup, *answers], [hidden, exercise.checks.code]
    heavy = kind_of([*run, *asking]) == "keras"
    ours = own_code.reached(GRADING, run, asking, heavy)
    said = [exercise.match, str(exercise.seconds), *names, *map(shape_of_code, [*run, *asking])]
    return _made(said, ours, [*run, *asking], heavy)


def _block(course: Course, lesson: Lesson, block: Run | Predict) -> ProofBasis:
    assert block.code is not None
    try:
        job = job_for_run(course, lesson, block, block.code.code, bounds=AS_WRITTEN)
        run = [chunk.source for chunk in job.chunks]
    except CourseError as error:
        run = [str(error)]
    heavy = kind_of(run) == "keras"
    said = [str(block.seconds), *map(shape_of_code, run)]
    if isinstance(block, Predict):
        said += [block.metric, repr(block.curves), repr([choice.right for choice in block.choices])]
    return _made(said, own_code.reached((), run, heavy=heavy), run, heavy)


def _figure(name: str, settings: dict[str, str]) -> ProofBasis:
    place = f"tutor.figures.{name.replace('-', '_')}"
    roots = [f"{place}.{part}" for part in ("CONTROLS", "draw", "idle")]
    return _made([name, repr(sorted(settings.items()))], own_code.reached(roots, heavy=False), (), False)


def _made(said: Iterable[str], ours: own_code.Reached, code: Iterable[str], heavy: bool) -> ProofBasis:
    named = {*ours.texts, *(text for source in code for text in _strings(source))}
    parts = [list(said), ours.shapes(), [digest for name, digest in _data_sets() if name in named], _rules()]
    digest = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return ProofBasis(digest, versions("keras" if heavy else "light"))


def _strings(source: str) -> set[str]:
    found = own_code.Reached(heavy=False)
    found.chunk(source, asks=False)
    return found.texts


@cache
def versions(kind: str) -> str:
    """Of Python and the libraries that such code runs with; builds of one version are not told apart."""
    minor = ".".join(platform.python_version_tuple()[:2])
    return ", ".join([f"python {minor}", *(f"{name} {_version(name)}" for name in _LIBRARIES[kind])])


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return "none"


@cache
def _data_sets() -> tuple[tuple[str, str], ...]:
    """Each data set with a digest of its file and of what is said of it."""
    index = tomllib.loads((paths.data_dir() / "index.toml").read_text(encoding="utf-8"))
    found = []
    for name, entry in index.items():
        if isinstance(entry, dict):
            file = paths.data_dir() / str(entry["file"])
            content = file.read_bytes() if file.is_file() else b""
            said = json.dumps(entry, sort_keys=True, default=str).encode()
            found.append((name, hashlib.sha256(said + content).hexdigest()))
    return tuple(found)


@cache
def _rules() -> list[str]:
    """What counts as proved."""
    modules = [own_code.own_module(name) for name in _RULES]
    nodes = [node for module in modules if module for parts in module.definitions.values() for node in parts]
    return sorted(shape(node) for node in nodes)
