"""`--prove` runs a course as a learner would, and finds what does not do as it should."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from tutor.course import loader
from tutor.grading import proofs
from tutor.lint import proof_basis
from tutor.lint.findings import CourseFinding
from tutor.lint.proof_plan import plan_of
from tutor.lint.prove import Belief, prove

COURSE = """format_version = 1
title = "Small"
[[chapter]]
id = "first"
title = "First"
lessons = ["one"]
"""
LESSON = '''---
id: one
title: One
minutes: 5
---

## A page

:::{run} shown
```python
print(1 + 1)
```
:::

:::{exercise} double
:title: Twice

Write `double(x)`.

```python starter
def double(x):
    ...
```

```python solution
def double(x):
    return 2 * x
```

```python checks
import numpy as np

def check_double(t):
    "it is twice as much"
    t.close(t.call("double", np.array([1.5, 2.0])), [3.0, 4.0])
```

```python wrong squared
"""This is the square."""
def double(x):
    return x ** 2
```

```python wrong same
"""Nothing is doubled."""
def double(x):
    return x
```

```text hint
Multiply.
```

```text hint
Multiply by two.
```
:::
'''


OF_ONE_NUMBER = LESSON.replace("np.array([1.5, 2.0])), [3.0, 4.0]", "3.0), 6.0")


def without_run(lesson: str) -> str:
    return lesson[: lesson.index(":::{run}")] + lesson[lesson.index(":::{exercise}") :]


def course(folder: Path, lesson: str) -> Path:
    (folder / "01-first").mkdir(exist_ok=True)
    (folder / "course.toml").write_text(COURSE)
    (folder / "01-first" / "01-one.md").write_text(lesson)
    return folder


async def proved(folder: Path, only: str | None = None, **belief: object) -> tuple[list[CourseFinding], list[str]]:
    """What was found, and what was reported."""
    said: list[str] = []
    found = await asyncio.to_thread(prove, folder, only, said.append, msgspec.convert(belief, Belief))
    return found, said


def rules(found: list[CourseFinding]) -> list[str]:
    return [finding.rule for finding in found]


def kept_file(folder: Path) -> Path:
    return folder / "01-first" / "01-one.proof.json"


def edited(folder: Path, *, old: str, new: str) -> None:
    """The kept file, changed by hand."""
    text = kept_file(folder).read_text()
    assert old in text
    kept_file(folder).write_text(text.replace(old, new))


def sealed_anew(folder: Path) -> None:
    """As somebody would do who wants an edit to be believed: every seal fits what stands there."""
    course = loader.load_course(folder, None)
    lesson = loader.load_lesson(course, "one")
    kept = proofs.read(kept_file(folder))
    for one in plan_of(course, lesson, kept, None, False):
        proof = kept.proved[one.name]
        kept.proved[one.name] = proofs.sealed(proof, one.basis.digest, kept.exercises.get(one.name))
    kept_file(folder).write_text(proofs.text_of(kept))


async def test_a_sound_course(tmp_path: Path) -> None:
    folder = course(tmp_path, LESSON)
    found, said = await proved(folder)
    assert rules(found) == ["proof-out-of-date"]
    assert said[-1].startswith("Proved 1 run, 1 solution, 1 starter, 2 wrongs in")
    kept = proofs.read(kept_file(folder))
    assert set(kept.exercises["double"].wrongs) == {"squared", "same"} and set(kept.proved) == {"shown", "double"}
    text = kept_file(folder).read_text()
    found, said = await proved(folder)
    assert found == [] and len(said) == 1 and "believed what is kept of 2 more" in said[0]
    found, said = await proved(folder, only="double", fresh=True)
    assert found == [] and len(said) == 2 and said[0].startswith("✓ double")
    assert kept_file(folder).read_text() == text


async def test_a_lesson_that_changed_is_proved_and_its_author_told_the_command(tmp_path: Path) -> None:
    folder = course(tmp_path, LESSON)
    await proved(folder)
    course(tmp_path, LESSON.replace("return 2 * x", "return x * 2").replace("Write `double(x)`.", "Do."))
    found, said = await proved(folder)
    assert [line.split(":")[0] for line in said[:-1]] == ["✓ double"]
    assert rules(found) == ["proof-out-of-date"]
    assert "never proved: double. `dl-tutor lint --prove --only one` renews it" in found[0].message
    course(tmp_path, LESSON[: LESSON.index(":::{exercise}")])
    found, said = await proved(folder)
    assert rules(found) == ["proof-out-of-date"] and len(said) == 1 and "never proved: double" in found[0].message
    assert proofs.read(kept_file(folder)).exercises == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"value": 9.0}', '{"value": 9.5}'),
        ('"telling": [', '"telling": ["twice: call double", '),
        ('"with": "python', '"with": "Python'),
        ('"seal": "', '"seal": "0'),
    ],
)
async def test_what_was_edited_by_hand_is_proved_anew(old: str, new: str, tmp_path: Path) -> None:
    folder = course(tmp_path, OF_ONE_NUMBER)
    await proved(folder)
    text = kept_file(folder).read_text()
    edited(folder, old=old, new=new)
    found, said = await proved(folder)
    assert rules(found) == ["proof-out-of-date"] and "✓ double" in said[0] + said[1]
    assert kept_file(folder).read_text() == text


async def test_an_edit_that_was_sealed_as_well_is_found_when_it_is_drawn(tmp_path: Path) -> None:
    folder = course(tmp_path, without_run(OF_ONE_NUMBER))
    await proved(folder)
    edited(folder, old='{"value": 9.0}', new='{"value": 9.5}')
    sealed_anew(folder)
    assert (await proved(folder))[0] == []
    found, said = await proved(folder, draw="any word")
    assert "1 of the other 1, drawn by any word: double." in said[0]
    assert rules(found) == ["proof-differs"] and "wrong solution squared" in found[0].message
    assert (found[0].file, found[0].line) == ("01-first/01-one.md", lesson_line(folder, "wrong squared"))


def lesson_line(folder: Path, words: str) -> int:
    """The line behind the first that holds `words`."""
    text = (folder / "01-first" / "01-one.md").read_text()
    return text[: text.index(words)].count("\n") + 2


async def test_with_other_versions_it_is_proved_and_nothing_is_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = course(tmp_path, LESSON)
    await proved(folder)
    text = kept_file(folder).read_text()
    monkeypatch.setattr(proof_basis, "versions", lambda kind: "python 3.99, numpy 9.9")
    found, said = await proved(folder)
    assert found == [] and kept_file(folder).read_text() == text
    assert all("here python 3.99, numpy 9.9: one seed" in line for line in said[:-1]) and len(said) == 3
    found, said = await proved(folder, fresh=True)
    assert rules(found) == ["proof-out-of-date"] and "python 3.99" in kept_file(folder).read_text()


async def test_what_does_not_hold_is_found(tmp_path: Path) -> None:
    cases = {
        "run-fails": LESSON.replace("print(1 + 1)", "print(1 / 0)"),
        "solution-fails": LESSON.replace("return 2 * x", "return 3 * x"),
        "starter-passes": LESSON.replace("    ...\n", "    return x + x\n"),
        "wrong-passes": LESSON.replace("return x ** 2", "return x + x"),
        "not-told-apart": LESSON.replace("return x ** 2", "return 1 * x"),
    }
    for rule, lesson in cases.items():
        found, _ = await proved(course(tmp_path, lesson))
        assert rule in rules(found), rule


async def test_a_broken_check_is_found_once_at_its_line(tmp_path: Path) -> None:
    broken = without_run(LESSON).replace("[3.0, 4.0]", "undefined_name")
    found = await asyncio.to_thread(prove, course(tmp_path, broken), None, lambda _: None)
    line = broken[: broken.index("undefined_name")].count("\n") + 1
    assert [(finding.rule, finding.line) for finding in found] == [("exercise-fails", line)]
    assert "undefined_name" in found[0].message


async def test_thresholds_that_chance_can_cross_are_found(tmp_path: Path) -> None:
    by_chance = LESSON.replace(":title: Twice", ":title: Twice\n:match: observed").replace(
        '    t.close(t.call("double", np.array([1.5, 2.0])), [3.0, 4.0])',
        '    t.observe("double", t.call("double", 3.0))\n    t.better(t.get("score"), than=BASE)\n'
        '    t.close(t.call("double", 3.0), 6.0)',
    )
    by_chance = by_chance.replace("    return 2 * x\n", "    return 2 * x\n\nimport random\nscore = random.random()\n")
    for base, expected in (("-0.3", True), ("-3.0", False)):
        found, _ = await proved(course(tmp_path, by_chance.replace("BASE", base)), fresh=True)
        assert ("narrow-margin" in rules(found)) is expected, found
        assert not {"solution-fails", "wrong-passes"} & set(rules(found))
