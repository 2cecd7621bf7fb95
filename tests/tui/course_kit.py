"""A small course with one task of every kind, for the tests of the window."""

from __future__ import annotations

from pathlib import Path

COURSE = """format_version = 1
title = "A small course"
[[chapter]]
id = "one"
title = "First chapter"
lessons = ["everything", "broken"]
"""

EVERYTHING = """---
id: everything
title: Everything
minutes: 5
introduces: [gradient]
---

## Words

Some prose with $w_1$ and a long word, pangolin, to be found.

## A question

:::{quiz} legs
How many legs has a spider?
- [ ] six :: That is an insect.
- [x] eight :: Four on each side.
:::

## A sum

:::{number} ten
:answer: 10
:wrong: 5 | Half of it is missing.
What is twice five?
```text working
2 times 5 is 10.
```
:::

## An order

:::{order} steps
Put these in order.
```text lines
first
second
third
```
:::

## Own words

:::{explain} why
Why is the sky blue?
```text answer
Blue light is scattered more.
```
```text points
- scattering
- depends on the wavelength
```
:::

## Code

:::{exercise} double
:title: Twice as much

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
def check_two(t):
    "twice two is four"
    t.close(t.call("double", 2.0), 4.0)
```

```python wrong squared
\"\"\"That is the square.\"\"\"
def double(x):
    return x * x + 1
```

```python wrong same
\"\"\"That is x itself.\"\"\"
def double(x):
    return x
```

```text hint
Two times.
```

```text hint
Use the star.
```
:::
"""

BROKEN = """---
id: broken
title: Broken
minutes: 5
---

## A page

:::{quizz} nothing
- [x] a
:::
"""


def write_course(folder: Path) -> Path:
    """The course's folder, written below `folder`."""
    course = folder / "course"
    lessons = course / "01-one"
    lessons.mkdir(parents=True)
    (course / "course.toml").write_text(COURSE)
    (lessons / "01-everything.md").write_text(EVERYTHING)
    (lessons / "02-broken.md").write_text(BROKEN)
    return course
