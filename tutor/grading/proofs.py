"""What the checks observe of each wrong solution, as --prove kept it: `NN-lesson.proof.json` beside `NN-lesson.md`.

An entry belongs to an exercise as it was when it was proved: its hash says so, and a stale entry is not used. This
module imports neither numpy nor the tester: the window reads proofs, too.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tutor import paths
from tutor.course.model import Exercise, Lesson
from tutor.grading.likeness import alike_throughout
from tutor.messages.jobs import Wrongdoing

FORMAT = 1
_SUFFIX = ".proof.json"


def proof_file(folder: Path, lesson: Lesson) -> Path:
    """The file beside the lesson's own. folder: of the course."""
    return (folder / lesson.file).with_suffix(_SUFFIX)


def exercise_hash(exercise: Exercise) -> str:
    """Of everything that what the checks observe depends on."""
    parts: list[list[str]] = [[str(FORMAT), exercise.match, *exercise.uses]]
    for source in (exercise.setup, exercise.hidden, exercise.checks):
        parts.append([source.code if source is not None else ""])
    parts += [[source.name, source.code] for source in exercise.solutions]
    parts += [[wrong.name, wrong.code] for wrong in exercise.wrongs]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def wrongdoings(lesson: Lesson, exercise: Exercise, folder: Path | None = None) -> tuple[Wrongdoing, ...]:
    """The named mistakes of an exercise with what was kept of them; without it (never proved, or changed since) they
    match nothing. folder: of the course; None for the one that comes with the tutor."""
    entry = kept(folder or paths.lessons_dir(), lesson, exercise) or {}
    return tuple(_wrongdoing(wrong.name, wrong.diagnosis, entry.get(wrong.name)) for wrong in exercise.wrongs)


def _wrongdoing(name: str, diagnosis: str, known: Any) -> Wrongdoing:
    known = known if isinstance(known, dict) else {}
    return Wrongdoing(name, diagnosis, dict(known.get("observed", {})), tuple(known.get("telling", ())))


def kept(folder: Path, lesson: Lesson, exercise: Exercise) -> dict[str, Any] | None:
    """Mistake -> {"observed", "telling"}; None where there is no proof of this exercise as it is now."""
    entry = read(proof_file(folder, lesson)).get(exercise.id)
    if not isinstance(entry, dict) or entry.get("hash") != exercise_hash(exercise):
        return None
    wrongs = entry.get("wrongs")
    return wrongs if isinstance(wrongs, dict) else None


def read(file: Path) -> dict[str, Any]:
    """Exercise -> its entry. A file that is missing, damaged or of another format holds nothing."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return {}
    exercises = content.get("exercises")
    return exercises if isinstance(exercises, dict) else {}


def entry_of(exercise: Exercise, wrongs: list[Wrongdoing]) -> dict[str, Any]:
    """What is kept of an exercise."""
    observed = {wrong.name: {"observed": wrong.observed, "telling": sorted(wrong.telling)} for wrong in wrongs}
    return {"hash": exercise_hash(exercise), "wrongs": observed}


def up_to_date(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the kept entries say what the new ones say, up to what another machine's rounding leaves."""
    if old.keys() != new.keys():
        return False
    return all(_same_entry(old[name], new[name]) for name in new)


def _same_entry(old: Any, new: dict[str, Any]) -> bool:
    if not isinstance(old, dict) or old.get("hash") != new["hash"]:
        return False
    known = old.get("wrongs", {})
    return known.keys() == new["wrongs"].keys() and all(
        alike_throughout(known[name].get("observed", {}), wrong["observed"])
        and sorted(known[name].get("telling", ())) == wrong["telling"]
        for name, wrong in new["wrongs"].items()
    )


def text_of(entries: dict[str, Any]) -> str:
    """The file's content: the same entries always give the same text, with a line for each observation."""
    lines = ["{", f' "format": {FORMAT},', ' "exercises": {']
    for exercise in sorted(entries):
        entry = entries[exercise]
        lines += [f"  {json.dumps(exercise)}: {{", f'   "hash": {json.dumps(entry["hash"])},', '   "wrongs": {']
        for name in sorted(entry["wrongs"]):
            wrong = entry["wrongs"][name]
            lines += [
                f"    {json.dumps(name)}: {{",
                f'     "telling": {_flat(wrong["telling"])},',
                '     "observed": {',
            ]
            observed = [
                f"      {json.dumps(key)}: {_flat(wrong['observed'][key])}" for key in sorted(wrong["observed"])
            ]
            lines += [",\n".join(observed), "     }", "    },"]
        _close(lines, "   }", "  },")
    _close(lines, " }", "}")
    return "\n".join(line for line in lines if line) + "\n"


def _close(lines: list[str], *ends: str) -> None:
    lines[-1] = lines[-1].rstrip(",")
    lines += ends


def _flat(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
