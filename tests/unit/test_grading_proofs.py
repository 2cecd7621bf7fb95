"""What is kept of wrong solutions, and when a mistake is named."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tutor.course.model import Exercise, Lesson, Source, Wrong
from tutor.grading import proofs
from tutor.grading.judge import misconceptions
from tutor.messages.jobs import Wrongdoing

LESSON = Lesson("one", "One", (), "01-first/01-one.md")
EXERCISE = Exercise(
    "task",
    "Task",
    (),
    Source("..."),
    (Source("x = 1"),),
    Source("def check_x(t): ..."),
    (Wrong("half", "It is half.", "x = 0.5"), Wrong("double", "It is double.", "x = 2")),
    (),
)
OBSERVED = {"x: get x": {"value": 0.5}, "y: call f": {"shape": [2], "stats": [1.0, 0.5], "sample": [0.5, 1.5]}}

PROVED = proofs.KeptProof("python 3.11, numpy 2.4.1", "", spread={"score: the score": 0.02})


def write(folder: Path) -> Path:
    known = [Wrongdoing("half", "", OBSERVED, ("x: get x",)), Wrongdoing("double", "", {}, ())]
    file = proofs.proof_file(folder, LESSON)
    file.parent.mkdir(parents=True)
    kept = proofs.ProofFile(exercises={"task": proofs.entry_of(EXERCISE, known)})
    kept.proved = {"task": proofs.sealed(PROVED, "digest", kept.exercises["task"]), "figure é": PROVED}
    file.write_text(proofs.text_of(kept))
    return file


def test_a_proof_stands_beside_its_lesson(tmp_path: Path) -> None:
    file = write(tmp_path)
    assert file == tmp_path / "01-first" / "01-one.proof.json"
    half, double = proofs.wrongdoings(LESSON, EXERCISE, tmp_path)
    assert (half.name, half.diagnosis, half.observed, half.telling) == ("half", "It is half.", OBSERVED, ("x: get x",))
    assert double.observed == {}
    text = file.read_text()
    assert proofs.text_of(proofs.read(file)) == text


def test_a_stale_or_damaged_proof_is_not_used(tmp_path: Path) -> None:
    file = write(tmp_path)
    changed = msgspec.structs.replace(EXERCISE, checks=Source("def check_y(t): ..."))
    assert all(not wrong.observed for wrong in proofs.wrongdoings(LESSON, changed, tmp_path))
    reworded = msgspec.structs.replace(EXERCISE, title="Another title")
    assert proofs.wrongdoings(LESSON, reworded, tmp_path)[0].observed
    for content in ("{", "[]", '{"format": 99}', '{"format": 1, "exercises": 3}'):
        file.write_text(content)
        assert all(not wrong.observed for wrong in proofs.wrongdoings(LESSON, EXERCISE, tmp_path))


def test_rounding_of_another_machine_changes_nothing() -> None:
    old = proofs.entry_of(EXERCISE, [Wrongdoing("half", "", OBSERVED)])
    near = {**OBSERVED, "x: get x": {"value": 0.5000001}}
    far = {**OBSERVED, "x: get x": {"value": 0.6}}
    assert proofs.same_entry(old, proofs.entry_of(EXERCISE, [Wrongdoing("half", "", near)]))
    assert not proofs.same_entry(old, proofs.entry_of(EXERCISE, [Wrongdoing("half", "", far)]))
    assert not proofs.same_entry(old, proofs.entry_of(EXERCISE, [Wrongdoing("half", "", OBSERVED, ("x: get x",))]))


def test_a_seal_is_of_all_that_is_kept_and_of_what_it_stands_on(tmp_path: Path) -> None:
    kept = proofs.read(write(tmp_path))
    entry, proof = kept.exercises["task"], kept.proved["task"]
    seals = {proofs.sealed(proof, "digest", entry).seal: "as it is"}
    assert seals == {proof.seal: "as it is"}
    replace = msgspec.structs.replace
    for changed in (
        proofs.sealed(proof, "another", entry),
        proofs.sealed(proof, "digest", None),
        proofs.sealed(proof, "digest", replace(entry, hash="another")),
        proofs.sealed(proof, "digest", replace(entry, wrongs={**entry.wrongs, "half": proofs.KeptWrong()})),
        proofs.sealed(replace(proof, versions="python 3.12"), "digest", entry),
        proofs.sealed(replace(proof, long=True), "digest", entry),
        proofs.sealed(replace(proof, spread={}), "digest", entry),
    ):
        seals[changed.seal] = "changed"
    assert len(seals) == 8


def reduced(observations: dict[str, object]) -> dict[str, object]:
    return {key: misconceptions.reduce_value(value) for key, value in observations.items()}


def named(observed: dict[str, object], *wrongs: Wrongdoing, by: str = "values") -> str | None:
    found = misconceptions.match(observed, wrongs, by)
    return found.name if found else None


def test_a_mistake_is_named_only_on_evidence() -> None:
    half = Wrongdoing("half", "", reduced({"c: call f": 21.5, "c: call g": 4.0}), ("c: call f",))
    zero = Wrongdoing("zero", "", reduced({"c: call f": 0.0, "c: call g": 4.0}), ("c: call f",))
    raises = Wrongdoing("raises", "", {"c: call f": {"error": "TypeError"}}, ("c: call f",))
    assert named(reduced({"c: call f": 21.50001, "c: call g": 4.0}), half, zero, raises) == "half"
    assert named(reduced({"c: call f": 22.5, "c: call g": 4.0}), half, zero, raises) is None
    assert named(reduced({"c: call f": 0.0, "c: call g": 4.0}), half, zero, raises) is None
    assert named({"c: call f": {"error": "TypeError"}}, raises) is None
    assert named({}, Wrongdoing("never proved", "", {})) is None


def test_two_that_fit_are_none() -> None:
    observed = reduced({"c: call f": 21.5})
    assert named(observed, Wrongdoing("a", "", observed), Wrongdoing("b", "", observed)) is None


def test_labels_are_evidence_by_the_authors_word() -> None:
    table = {"0, 0": 0, "0, 1": 1}
    known = Wrongdoing("or", "", reduced(table))
    assert named(reduced(table), known, by="observed") == "or"
    assert named(reduced({"0, 0": 0}), known, by="observed") is None
