"""What --prove found, as it is kept beside a lesson: `NN-lesson.proof.json` beside `NN-lesson.md`.

Of each exercise, what the checks observe of its wrong solutions. An entry belongs to an exercise as it was when it was
proved: its hash says so, and a stale entry is not used. And of all that was proved, on one line each, with which
versions and a seal of what the proof stood on and found: what does not fit its seal is proved anew.

This module imports neither numpy nor the tester: the window reads proofs, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from tutor import paths
from tutor.course.model import Exercise, Lesson, Wrong
from tutor.files import Damaged, decoded
from tutor.grading.likeness import alike_throughout
from tutor.messages.jobs import Wrongdoing

FORMAT = 1
_SUFFIX = ".proof.json"
_HEX = 16


class KeptWrong(Struct):
    """Of a wrong solution. telling: keys under which no right one shows the same."""

    telling: list[str] = []
    observed: dict[str, object] = {}


class KeptExercise(Struct):
    """hash: of the exercise (`exercise_hash`). wrongs: by name."""

    hash: str
    wrongs: dict[str, KeptWrong] = {}


class KeptProof(Struct, omit_defaults=True):
    """That something was proved, with all of its seeds.

    versions: of Python and the libraries. long: a single run of it trains for long. spread: of each score of a trained
    model, how much it differed from seed to seed. seal: see `sealed`.
    """

    versions: str = msgspec.field(name="with")
    seal: str
    long: bool = False
    spread: dict[str, float] = {}


class ProofFile(Struct):
    """exercises: by id. proved: by id, or by what a figure is called and set to."""

    format: int = FORMAT
    exercises: dict[str, KeptExercise] = {}
    proved: dict[str, KeptProof] = {}


def sealed(proof: KeptProof, digest: str, entry: KeptExercise | None) -> KeptProof:
    """With the seal that the proof must have where it stands on what `digest` is of. entry: what is kept beside it."""
    told = msgspec.to_builtins([digest, proof.versions, proof.long, proof.spread, entry])
    seal = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_HEX]
    return msgspec.structs.replace(proof, seal=seal)


def proof_file(folder: Path, lesson: Lesson) -> Path:
    """The file beside the lesson's own. folder: of the course."""
    return (folder / lesson.file).with_suffix(_SUFFIX)


def exercise_hash(exercise: Exercise) -> str:
    """Of everything of the exercise itself that what the checks observe depends on."""
    parts: list[list[str]] = [[str(FORMAT), exercise.match, *exercise.uses]]
    for source in (exercise.setup, exercise.hidden, exercise.checks):
        parts.append([source.code if source is not None else ""])
    parts += [[source.name, source.code] for source in exercise.solutions]
    parts += [[wrong.name, wrong.code] for wrong in exercise.wrongs]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_HEX]


def wrongdoings(lesson: Lesson, exercise: Exercise, folder: Path | None = None) -> tuple[Wrongdoing, ...]:
    """The named mistakes of an exercise with what was kept of them; without it (never proved, or changed since) they
    match nothing. folder: of the course; None for the one that comes with the tutor."""
    entry = read(proof_file(folder or paths.lessons_dir(), lesson)).exercises.get(exercise.id)
    fits = entry is not None and entry.hash == exercise_hash(exercise)
    known = entry.wrongs if entry is not None and fits else {}
    return tuple(_wrongdoing(wrong, known.get(wrong.name) or KeptWrong()) for wrong in exercise.wrongs)


def _wrongdoing(wrong: Wrong, known: KeptWrong) -> Wrongdoing:
    return Wrongdoing(wrong.name, wrong.diagnosis, known.observed, tuple(known.telling))


def read(file: Path) -> ProofFile:
    """A file that is missing, damaged or of another format holds nothing."""
    try:
        kept = decoded(msgspec.json.Decoder(ProofFile).decode, file.read_bytes())
    except (OSError, Damaged):
        return ProofFile()
    return kept if kept.format == FORMAT else ProofFile()


def entry_of(exercise: Exercise, wrongs: Iterable[Wrongdoing]) -> KeptExercise:
    """What is kept of an exercise."""
    kept = {wrong.name: KeptWrong(sorted(wrong.telling), wrong.observed) for wrong in wrongs}
    return KeptExercise(exercise_hash(exercise), kept)


def same_entry(old: KeptExercise, new: KeptExercise) -> bool:
    """Whether a kept entry says what a new one says, up to what another machine's rounding leaves."""
    if old.hash != new.hash or old.wrongs.keys() != new.wrongs.keys():
        return False
    return all(
        alike_throughout(old.wrongs[name].observed, wrong.observed)
        and sorted(old.wrongs[name].telling) == sorted(wrong.telling)
        for name, wrong in new.wrongs.items()
    )


# ------------------------------------------------------------------ as text


def text_of(kept: ProofFile) -> str:
    """The file's content: the same always gives the same text, with a line for each observation and each proof."""
    lines = ["{", f' "format": {kept.format},', ' "exercises": {']
    for exercise in sorted(kept.exercises):
        lines += [f"  {json.dumps(exercise)}: {{", *_entry_lines(kept.exercises[exercise])]
    _close(lines, " },")
    lines.append(' "proved": {')
    for name in sorted(kept.proved):
        lines.append(f"  {_flat(name)}: {_flat(msgspec.to_builtins(kept.proved[name]))},")
    _close(lines, " }", "}")
    return "\n".join(lines) + "\n"


def _entry_lines(entry: KeptExercise) -> Iterator[str]:
    lines = [f'   "hash": {json.dumps(entry.hash)},', '   "wrongs": {']
    for name in sorted(entry.wrongs):
        wrong = entry.wrongs[name]
        lines += [f"    {json.dumps(name)}: {{", f'     "telling": {_flat(wrong.telling)},', '     "observed": {']
        lines += [f"      {json.dumps(key)}: {_flat(wrong.observed[key])}," for key in sorted(wrong.observed)]
        _close(lines, "     }", "    },")
    _close(lines, "   }", "  },")
    yield from lines


def _close(lines: list[str], *ends: str) -> None:
    lines[-1] = lines[-1].rstrip(",")
    lines += ends


def _flat(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
