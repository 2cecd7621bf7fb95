"""`--prove` runs a course as a learner would, and finds what does not do as it should."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tutor.grading import proofs
from tutor.lint.prove import prove

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


def course(folder: Path, lesson: str) -> Path:
    (folder / "01-first").mkdir(exist_ok=True)
    (folder / "course.toml").write_text(COURSE)
    (folder / "01-first" / "01-one.md").write_text(lesson)
    return folder


async def proved(folder: Path, **options) -> tuple[list[str], list[str]]:
    """Rules of what was found, and what was reported."""
    said: list[str] = []
    found = await asyncio.to_thread(prove, folder, options.pop("only", None), said.append, **options)
    return [finding.rule for finding in found], said


async def test_a_sound_course(tmp_path: Path) -> None:
    folder = course(tmp_path, LESSON)
    rules, said = await proved(folder)
    assert rules == ["proof-out-of-date"]
    assert said[-1].startswith("Proved 1 run, 1 solution, 1 starter, 2 wrongs in")
    kept = proofs.read(folder / "01-first" / "01-one.proof.json")
    assert set(kept["double"]["wrongs"]) == {"squared", "same"}
    rules, said = await proved(folder)
    assert rules == [] and all("(kept)" in line for line in said[:-1])
    rules, said = await proved(folder, only="double", fresh=True)
    assert rules == [] and len(said) == 2 and "(kept)" not in said[0]


async def test_what_does_not_hold_is_found(tmp_path: Path) -> None:
    cases = {
        "run-fails": LESSON.replace("print(1 + 1)", "print(1 / 0)"),
        "solution-fails": LESSON.replace("return 2 * x", "return 3 * x"),
        "starter-passes": LESSON.replace("    ...\n", "    return x + x\n"),
        "wrong-passes": LESSON.replace("return x ** 2", "return x + x"),
        "not-told-apart": LESSON.replace("return x ** 2", "return 1 * x"),
    }
    for rule, lesson in cases.items():
        rules, _ = await proved(course(tmp_path, lesson))
        assert rule in rules, rule


async def test_a_broken_check_is_found_once_at_its_line(tmp_path: Path) -> None:
    broken = LESSON.replace("[3.0, 4.0]", "undefined_name")
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
        rules, _ = await proved(course(tmp_path, by_chance.replace("BASE", base)), fresh=True)
        assert ("narrow-margin" in rules) is expected, rules
        assert not {"solution-fails", "wrong-passes"} & set(rules)
