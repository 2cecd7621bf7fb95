"""The sample course: tasks of every kind, and course folders made of them, for the tests of every room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

RUN = """:::{run} hello
```python
print("hello")
```
:::
"""

QUIZ = """:::{quiz} output-neurons
Iris has three classes. How many neurons has the output layer?
- [ ] one :: One neuron gives one probability: enough for two classes.
- [x] three :: One probability for each class.
:::
"""

NUMBER = """:::{number} largest-rate
:answer: 1 / 20234.598
:tolerance: 1 %
:wrong: 1 / 10117.3 | The factor 2 of the derivative is missing.
From which learning rate on does gradient descent diverge?
```text working
The factor must lie between −1 and 1.
```
:::
"""

EXERCISE = '''::::{exercise} double
:title: Twice a number
:seconds: 5
:learned: A function returns what follows return.

Write `double(x)`: twice `x`.

```python setup
START = 3
```
```python starter
def double(x):
    ...
```
```python solution
def double(x):
    return 2 * x
```
```python checks
def check_value(t):
    "it is twice the number"
    t.close(t.call("double", 3.0), 6.0)

def check_negative(t):
    "below zero too"
    t.close(t.call("double", -1.5), -3.0)
```
```python wrong squared
"""That is the square: x times itself."""
def double(x):
    return x * x
```
```python wrong unchanged
"""That is the number itself: the factor 2 is missing."""
def double(x):
    return x
```
```text hint
What is added to x to get twice x?
```
```text hint
Multiply by two.
```
::::
'''

LEGS = """:::{quiz} legs
How many legs has a spider?
- [ ] six :: That is an insect.
- [x] eight :: Four on each side.
:::
"""

TEN = """:::{number} ten
:answer: 10
:wrong: 5 | Half of it is missing.
What is twice five?
```text working
2 times 5 is 10.
```
:::
"""

STEPS = """:::{order} steps
Put these in order.
```text lines
first
second
third
```
:::
"""

WHY = """:::{explain} why
Why is the sky blue?
```text answer
Blue light is scattered more.
```
```text points
- scattering
- depends on the wavelength
```
:::
"""


def lesson_text(
    lesson_id: str, *pages: str, title: str = "", minutes: int = 5, requires: Sequence[str] = (),
    introduces: Sequence[str] = (),
) -> str:  # fmt: skip
    """A lesson's file. pages: their text; one without a `## ` heading gets `## Page N`."""
    head = [
        f"id: {lesson_id}",
        f"title: {title or lesson_id.replace('-', ' ').capitalize()}",
        f"minutes: {minutes}",
    ]
    if requires:
        head.append(f"requires: [{', '.join(requires)}]")
    if introduces:
        head.append(f"introduces: [{', '.join(introduces)}]")
    texts = [
        page if page.startswith("## ") else f"## Page {number}\n\n{page}" for number, page in enumerate(pages, 1)
    ] or ["## Page 1\n\nWords.\n"]
    return "---\n" + "\n".join(head) + "\n---\n\n" + "\n\n".join(texts) + "\n"


def make_course(
    folder: Path, chapters: Mapping[str, Mapping[str, str]] | None = None, *, title: str = "A small course",
    renamed: Mapping[str, str] | None = None,
) -> Path:  # fmt: skip
    """Writes a course under `folder` and returns it.

    chapters: chapter id -> lesson id -> text of the lesson's file (see `lesson_text`). Without any: one chapter of
    two small lessons, "first" (a run, a quiz, an exercise "double") and "second" (a number).
    """
    chapters = chapters or {
        "introduction": {
            "first": lesson_text(
                "first", "Words about doubling.\n\n" + RUN, QUIZ, EXERCISE, introduces=["doubling"]
            ),
            "second": lesson_text("second", NUMBER, requires=["first"]),
        }
    }
    lines = ["format_version = 1", f'title = "{title}"']
    for number, (chapter_id, lessons) in enumerate(chapters.items(), 1):
        ids = ", ".join(f'"{lesson_id}"' for lesson_id in lessons)
        name = chapter_id.replace("-", " ").capitalize()
        lines += ["", "[[chapter]]", f'id = "{chapter_id}"', f'title = "{name}"', f"lessons = [{ids}]"]
        place = folder / f"{number:02}-{chapter_id}"
        place.mkdir(parents=True, exist_ok=True)
        for position, (lesson_id, text) in enumerate(lessons.items(), 1):
            (place / f"{position:02}-{lesson_id}.md").write_text(text, encoding="utf-8")
    if renamed:
        lines += ["", "[renamed]", *(f'{old} = "{new}"' for old, new in renamed.items())]
    (folder / "course.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_course(folder: Path) -> Path:
    """A course below `folder` with one lesson that has a task of every kind, and one that cannot be read."""
    everything = lesson_text(
        "everything", "## Words\n\nSome prose with $w_1$ and a long word, pangolin, to be found.",
        f"## A question\n\n{LEGS}", f"## A sum\n\n{TEN}", f"## An order\n\n{STEPS}", f"## Own words\n\n{WHY}",
        f"## Code\n\n{EXERCISE}", introduces=["gradient"],
    )  # fmt: skip
    broken = lesson_text("broken", "## A page\n\n:::{quizz} nothing\n- [x] a\n:::\n")
    return make_course(folder / "course", {"first-chapter": {"everything": everything, "broken": broken}})
