"""`dl-tutor lint --prove`: everything in a course that can run is run, as a learner would, and must do as it should.

Every solution passes (with float64 and with float32 arguments), every starter fails as not attempted, every wrong
solution fails with its own diagnosis, every run block, every prediction and every figure works. What involves chance
is run with 5 seeds. What the checks observed of the wrong solutions is kept beside the lessons (`grading.proofs`).

Results are kept in the cache by the hash of what they depend on, so that a second proof costs only what changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from tutor import __version__, paths, submitting
from tutor.course import loader
from tutor.course.model import Course, Exercise, Figure, Lesson, Predict, Run
from tutor.engine.client.engine import Engine
from tutor.errors import CourseError, TutorError
from tutor.files import replace_file
from tutor.grading import proofs
from tutor.lint.findings import CourseFinding
from tutor.lint.proving import ExerciseProof, Prover, Result

Report = Callable[[str], None]


def prove(
    course_dir: Path, only: str | None = None, report: Report | None = None, fresh: bool = False
) -> list[CourseFinding]:
    """Prove a course, or one lesson or task of it.

    only: a lesson's or a task's id, None for all. report: told each step, and the summary. fresh: without what is
    kept of earlier proofs. Observations are written beside the lessons where the folder can be written to; a proof
    that was out of date is a finding. Raises TutorError where the course cannot be read or the engine not be started.
    """
    return asyncio.run(_prove(course_dir, only, report or (lambda line: None), fresh))


async def _prove(course_dir: Path, only: str | None, report: Report, fresh: bool) -> list[CourseFinding]:
    course = loader.load_course(course_dir, None)
    engine = Engine(window=f"prove-{os.getpid()}", stays=False)
    proof = _Proof(course, Prover(engine, course), _Kept(fresh), report)
    try:
        for entry in course.lessons:
            await proof.lesson(loader.load_lesson(course, entry.id), only)
    finally:
        await engine.close()
    if only is not None and not proof.steps:
        raise CourseError(f"There is nothing to prove called {only}.", "Give the id of a lesson or of a task.")
    proof.summarize()
    return proof.findings


class _Proof:
    """Goes through a course, and adds up."""

    def __init__(self, course: Course, prover: Prover, kept: _Kept, report: Report) -> None:
        self.findings: list[CourseFinding] = []
        self.steps = 0
        self._course = course
        self._prover = prover
        self._kept = kept
        self._report = report
        self._counts: dict[str, int] = {}
        self._seconds = 0.0

    async def lesson(self, lesson: Lesson, only: str | None) -> None:
        """Every task and figure of a lesson; then what is kept beside it."""
        wanted = None if only in (None, lesson.id) else only
        entries: dict[str, Any] = {}
        for block in loader.iter_blocks(block for page in lesson.pages for block in page.blocks):
            if wanted is not None and getattr(block, "id", None) != wanted:
                continue
            result = await self._block(lesson, block)
            if result is not None and isinstance(block, Exercise) and result.entry is not None:
                entries[block.id] = result.entry
        self._write(lesson, entries, whole=wanted is None)

    async def _block(self, lesson: Lesson, block: Any) -> Result | None:
        if isinstance(block, Exercise):
            return await self._step(lesson, block, lambda: ExerciseProof(self._prover, lesson, block).result())
        if isinstance(block, Run) or (isinstance(block, Predict) and block.code is not None):
            return await self._step(lesson, block, lambda: self._prover.block(lesson, block))
        if isinstance(block, Figure):
            return await self._step(
                lesson, block, lambda: self._prover.figure(lesson, block.name, block.settings, block.line)
            )
        if isinstance(block, Predict) and block.figure:
            settings = block.settings
            return await self._step(
                lesson, block, lambda: self._prover.figure(lesson, block.figure, settings, block.line)
            )
        return None

    async def _step(self, lesson: Lesson, block: Any, work: Callable[[], Awaitable[Result]]) -> Result:
        key = self._key(lesson, block)
        result = self._kept.find(key)
        again = result is None
        if result is None:
            result = await work()
            self._kept.keep(key, result)
        self.steps += 1
        self._seconds += result.seconds if again else 0.0
        for name, count in result.counts.items():
            self._counts[name] = self._counts.get(name, 0) + count
        self.findings += result.findings
        name = getattr(block, "id", "") or getattr(block, "name", "")
        state = "✗" if any(found.severity == "error" for found in result.findings) else "✓"
        self._report(f"{state} {name}: {_counted(result.counts)}, {result.seconds:.1f} s{'' if again else ' (kept)'}")
        return result

    def _key(self, lesson: Lesson, block: Any) -> str:
        parts: list[Any] = [_ground(), lesson.file, msgspec.json.encode(block).decode()]
        try:
            if isinstance(block, Exercise):
                parts.append(msgspec.json.encode(submitting.rubric_for(self._course, lesson, block, "").uses).decode())
            elif isinstance(block, (Run, Predict)) and block.code is not None:
                job = submitting.job_for_run(self._course, lesson, block, block.code.code, bounds=submitting.AS_WRITTEN)
                parts.append(msgspec.json.encode(job.chunks).decode())
        except CourseError as error:
            parts.append(str(error))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _write(self, lesson: Lesson, new: dict[str, Any], *, whole: bool) -> None:
        """Keep the observations beside the lesson, and say so where they were not what is kept there."""
        file = proofs.proof_file(Path(self._course.folder), lesson)
        old = proofs.read(file)
        entries = new if whole else {**old, **new}
        if (not new and not whole) or proofs.up_to_date(old, entries):
            return
        written = "It could not be written."
        try:
            if entries:
                file.write_text(proofs.text_of(entries), encoding="utf-8")
            else:
                file.unlink(missing_ok=True)
            written = "It has been written anew: commit it."
        except OSError as error:
            written = f"It could not be written: {error}."
        shown = str(Path(lesson.file).with_suffix(".proof.json"))
        self.findings.append(CourseFinding(shown, 0, "proof-out-of-date", f"The proof was out of date. {written}"))

    def summarize(self) -> None:
        """The last line of the report."""
        errors = sum(found.severity == "error" for found in self.findings)
        self._report(f"Proved {_counted(self._counts)} in {self._seconds:.0f} s; findings: {errors}.")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items())


def _ground() -> str:
    """What every result depends on: this program's own part in it, the data, the libraries' versions."""
    global _ground_hash
    if not _ground_hash:
        digest = hashlib.sha256(f"{__version__} {platform.python_version()}".encode())
        for name in ("numpy", "keras", "torch"):
            try:
                digest.update(f"{name} {importlib.metadata.version(name)}".encode())
            except importlib.metadata.PackageNotFoundError:
                digest.update(f"no {name}".encode())
        files = [
            *paths.PACKAGE.glob("grading/**/*.py"),
            *paths.PACKAGE.glob("figures/**/*.py"),
            *paths.PACKAGE.glob("lint/prov*.py"),
        ]
        files += [paths.PACKAGE / name for name in ("data.py", "plot.py", "track.py", "engine/run/fit_wrapping.py")]
        for file in sorted([*files, paths.data_dir() / "index.toml"]):
            digest.update(file.read_bytes() if file.is_file() else b"")
        _ground_hash = digest.hexdigest()
    return _ground_hash


_ground_hash = ""


class _Kept:
    """Results of earlier proofs, one small file each, under the hash of what they depend on."""

    def __init__(self, fresh: bool) -> None:
        self._folder = paths.cache_dir() / "proofs"
        self._fresh = fresh

    def find(self, key: str) -> Result | None:
        """The result, if it was clean; what had findings is proved again."""
        if self._fresh:
            return None
        try:
            return msgspec.json.decode((self._folder / f"{key}.json").read_bytes(), type=Result)
        except (OSError, msgspec.DecodeError):
            return None

    def keep(self, key: str, result: Result) -> None:
        if result.findings:
            return
        try:
            replace_file(self._folder / f"{key}.json", msgspec.json.encode(result))
        except OSError as error:
            raise TutorError(
                f"The cache cannot be written: {error}.", "Free some space, or set DL_TUTOR_HOME."
            ) from error
