"""The course by command line alone: a lesson read in linear form, and every kind of question answered."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sample_course import write_course
from tests.unit.test_cli_commands import run, stop_hosts
from tutor import cli, paths
from tutor.course.loader import load_course, load_lesson
from tutor.progress import Progress

MORE = """---
id: more
title: More
minutes: 5
---

## Formulas and tables

:::{note} A box
Inside.
:::

$$\\begin{aligned} a &= \\frac{1}{n} \\sum_i x_i \\\\ b &= a^2 \\end{aligned}$$

| name | value |
|---|---|
| alpha | 1 |
| beta | 2 |

:::{figure} gradient-descent
:rho: 1e-5
A loss and its steps.
:::

:::{quiz} several
Which are even? (Several.)
- [x] two :: Half is one.
- [ ] three :: Odd.
- [x] four :: Half is two.
:::

:::{predict} coming
What is printed?
```python code
print(6 * 7)
```
- [ ] 67 :: Not glued.
- [x] 42 :: Multiplied.
:::

:::{run} block
```python setup
given = 20
```
```python
print(given + 1)
```
:::
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_course(tmp_path_factory.mktemp("reading"))
    (folder / "01-first-chapter" / "03-more.md").write_text(MORE)
    plan = folder / "course.toml"
    plan.write_text(plan.read_text().replace('"broken"]', '"broken", "more"]'))
    return folder


@pytest.fixture(scope="module")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(home))
        yield home
        asyncio.run(stop_hosts())


@pytest.fixture
def home(engine_home: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DL_TUTOR_COURSE", str(course))
    return engine_home


@pytest.fixture
def progress(home: Path, course: Path) -> Progress:
    return Progress.of_course(load_course(course, None), paths.state_dir(), "tests")


def last(progress: Progress, task: str):
    progress.refresh()
    return progress.attempts(task)[-1]


# ------------------------------------------------------------------ read


def test_a_whole_lesson_names_the_command_of_every_task(home: Path, course: Path, capsys) -> None:
    status, out, err = run(capsys, "read", "everything")
    assert status == 0 and err == ""
    lesson = load_lesson(load_course(course, None), "everything")
    assert all(f"Page {at + 1} of {len(lesson.pages)}: {one.title}" in out for at, one in enumerate(lesson.pages))
    for command in (
        "answer legs NUMBER", 'answer ten "NUMBER"', "answer steps 1 2 3", "answer why -", "check double double.py",
        "hint double", "solution double", "read --code double > double.py",
    ):  # fmt: skip
        assert f"    dl-tutor {command}\n" in out, command
    assert "That is an insect" not in out and "Blue light" not in out, "nothing is answered by reading"
    assert "- it is twice the number" in out


def test_linear_form_has_one_line_formulas_and_rows_that_say_their_headings(home: Path, capsys) -> None:
    status, out, _ = run(capsys, "read", "more")
    assert status == 0
    assert "    a = (1/n) ∑ᵢ xᵢ; b = a²\n" in out
    assert "name: alpha; value: 1\n" in out
    assert "Note: A box.\n" in out and "(End: note.)" in out
    assert not set("│─┤⎧▎") & set(out)


def test_a_wrap_up_lists_its_questions_by_title(home: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DL_TUTOR_COURSE")
    _, out, _ = run(capsys, "read", "1.3")
    listed = out[out.index("These questions will come back") :]
    assert "- Sum or mean?\n" in listed and "when the next chapter is half done: dl-tutor review asks them." in listed


def test_figures_are_words_from_their_data(home: Path, capsys) -> None:
    _, out, _ = run(capsys, "read", "more", "--page", "1")
    _, alone, _ = run(capsys, "figure", "gradient-descent", "rho=1e-5", "--json")
    told = json.loads(alone)
    assert told["words"] and told["values"]["rho"] == 1e-5
    assert told["words"].split()[:6] == out[out.index("[Figure:") :].split("]\n")[1].split()[:6]
    _, other, _ = run(capsys, "figure", "gradient-descent", "rho=2e-4", "--json")
    assert json.loads(other)["words"] != told["words"]
    _, words, _ = run(capsys, "figure", "gradient-descent")
    assert "rho = " in words and "from " in words


@pytest.mark.parametrize("words", [["nothing"], ["gradient-descent", "rho"], ["gradient-descent", "rhoo=1"]])
def test_a_figure_that_is_not_there_is_wrong_usage(home: Path, capsys, words: list[str]) -> None:
    assert run(capsys, "figure", *words)[0] == 2


def test_ascii_reading_keeps_to_seven_bits(home: Path, capsys) -> None:
    for lesson in ("everything", "more"):
        status, out, _ = run(capsys, "--ascii", "read", lesson)
        assert status == 0 and out.isascii()
    assert "a = (1/n) sum_i x_i" in out


def test_reading_goes_on_from_page_to_page_and_over_a_broken_lesson(home: Path, course: Path, capsys) -> None:
    assert "Page 6 of 6: Code" in run(capsys, "read", "everything", "--page", "6")[1]
    place = Progress.of_course(load_course(course, None), paths.state_dir(), "later").place()
    assert place is not None and (place.lesson, place.page) == ("everything", 5)
    assert "Page 6 of 6" in run(capsys, "read")[1]
    assert "Page 1 of 1: Formulas" in run(capsys, "read", "--next")[1]
    status, _, err = run(capsys, "read", "--next")
    assert status == 2 and "last page" in err
    assert run(capsys, "read", "everything", "--page", "9")[0] == 2
    assert run(capsys, "read", "broken")[0] == 1


def test_reading_as_json(home: Path, capsys) -> None:
    told = json.loads(run(capsys, "read", "everything", "--json")[1])
    assert [page["page"] for page in told["pages"]] == [1, 2, 3, 4, 5, 6]
    assert told["pages"][1]["tasks"] == [{"id": "legs", "kind": "quiz", "title": "Legs"}]
    assert "How many legs" in told["pages"][1]["text"]


def test_code_goes_into_a_file_and_comes_back(home: Path, progress: Progress, tmp_path: Path, capfd) -> None:
    assert cli.run(["read", "--code", "double"]) == 0
    assert capfd.readouterr().out == "def double(x):\n    ...\n"
    file = tmp_path / "block.py"
    assert cli.run(["read", "--code", "block"]) == 0
    file.write_text(capfd.readouterr().out.replace("+ 1", "+ 2"))
    assert cli.run(["run", "block", str(file)]) == 0
    assert capfd.readouterr().out == "22\n", "what stands in front of the block stands in front of the file"
    assert cli.run(["read", "--code", "legs"]) == 2


# ------------------------------------------------------------------ answer


def test_a_quiz_wrong_then_right(progress: Progress, capsys) -> None:
    status, out, _ = run(capsys, "answer", "legs", "1")
    assert status == 1 and "Not right." in out
    assert "1. (your choice, wrong) six" in out and "2. (right) eight" in out and "Four on each side." in out
    assert (last(progress, "legs").outcome, last(progress, "legs").answer) == ("failed", "0")
    status, out, _ = run(capsys, "answer", "legs", "2", "--json")
    told = json.loads(out)
    assert status == 0 and told["right"] and told["choices"][1]["explanation"] == "Four on each side."
    assert last(progress, "legs").outcome == "passed"


@pytest.mark.parametrize(("typed", "status"), [("1,3", 0), ("3 1", 0), ("1", 1), ("1 2", 1)])
def test_several_choices(home: Path, capsys, typed: str, status: int) -> None:
    assert run(capsys, "answer", "several", *typed.split(" "))[0] == status


def test_a_number_its_diagnosis_and_its_working(progress: Progress, capsys) -> None:
    status, out, _ = run(capsys, "answer", "ten", "5")
    assert status == 1 and "Half of it is missing." in out and "--working" in out and "2 times 5" not in out
    assert last(progress, "ten").diagnosis == "Half of it is missing."
    status, out, _ = run(capsys, "answer", "ten", "--working")
    assert status == 1 and "2 times 5 is 10." in out
    assert run(capsys, "answer", "ten", "-10")[1].startswith("Not right. The size is right, the sign is not.")
    status, out, _ = run(capsys, "answer", "ten", "2 * 5")
    assert status == 0 and "It is 10" in out and "2 times 5 is 10." in out


def test_an_order(progress: Progress, capsys) -> None:
    out = run(capsys, "read", "everything", "--page", "4")[1]
    rows = {line.split(". ")[1]: line.split(".")[0].strip() for line in out.splitlines() if line[2:5].endswith(". ")}
    right = [rows["first"], rows["second"], rows["third"]]
    assert run(capsys, "answer", "steps", *reversed(right))[0] == 1
    assert run(capsys, "answer", "steps", *right)[0] == 0
    assert last(progress, "steps").answer == "first\nsecond\nthird"
    assert run(capsys, "answer", "steps", "1", "1", "2")[0] == 2


def test_words_from_standard_input_and_points(progress: Progress, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("It is scattered, très bleu.\n".encode())))
    status, out, _ = run(capsys, "answer", "why", "-")
    assert status == 0 and "Blue light is scattered more." in out and "  2. depends on the wavelength" in out
    status, out, _ = run(capsys, "answer", "why", "--points", "1,2")
    kept = last(progress, "why")
    assert status == 0 and kept.answer == "It is scattered, très bleu." and kept.diagnosis == "points:0,1"
    assert kept.passed == kept.total == 2


def test_a_prediction_shows_what_comes(progress: Progress, capfd) -> None:
    assert cli.run(["answer", "coming", "1"]) == 1
    out = capfd.readouterr().out
    assert "Not glued." in out and "What really happens:\n42\n" in out
    assert last(progress, "coming").finishes
    assert cli.run(["answer", "coming", "2", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["what_comes"] == "42\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["answer", "legs", "9"], "1 to 2"), (["answer", "legs", "x"], "'x' is no choice"),
        (["answer", "legs", "1", "2"], "one"), (["answer", "ten", "ten"], ""), (["answer", "double", "1"], "check"),
        (["answer", "block", "1"], "run block"), (["answer", "nobody", "1"], "no exercise"),
        (["answer", "legs", "--working"], "working"), (["solution", "double"], "hint double"),
        (["check", "legs"], "answer legs"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_wrong_usage(home: Path, capsys, words: list[str], said: str) -> None:
    status, _, err = run(capsys, *words)
    assert status == 2 and said in err


def test_without_an_answer_the_question_is_asked(home: Path, capsys) -> None:
    status, out, err = run(capsys, "answer", "legs")
    assert status == 2 and "How many legs has a spider?" in out and "  2. eight" in out and "is missing" in err


def test_the_solution_after_the_last_hint(progress: Progress, capsys) -> None:
    run(capsys, "hint", "double")
    assert run(capsys, "solution", "double")[0] == 2
    assert "dl-tutor solution double" in run(capsys, "hint", "double")[1]
    status, out, _ = run(capsys, "solution", "double")
    assert status == 0 and out == "def double(x):\n    return 2 * x\n"
    kept = b"".join(file.read_bytes() for file in (progress.folder / "attempts").iterdir())
    assert b'"outcome":"shown"' in kept
