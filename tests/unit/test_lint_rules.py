"""The static rules of `dl-tutor lint`: each on a course that breaks just that one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import get_args

import pytest

from tests.sample_course import EXERCISE, NUMBER, QUIZ, RUN, lesson_text, make_course
from tutor import paths
from tutor.course.loader import load_course, load_lesson, task_of
from tutor.course.model import Exercise
from tutor.grading import proofs
from tutor.lint import sections
from tutor.lint.findings import CourseFinding, Findings
from tutor.lint.placement_rules import slug
from tutor.lint.rules import lint_course

FIRST = "01-introduction/01-first.md"
SECOND = "01-introduction/02-second.md"
FIGURE = ":::{figure} gradient-descent\n:rho: 1e-5\nA curve.\n:::\n"
PREDICT = ":::{predict} larger\n:figure: gradient-descent\n:set: rho=5e-5\n- [ ] no\n- [x] yes :: So it is.\n:::\n"
REVIEW = ":::{review}\n- double\n:::\n"


def lint(tmp_path: Path, first: str, second: str = "", **course: object) -> list[CourseFinding]:
    lessons = {"first": first, "second": second or lesson_text("second", NUMBER, requires=["first"])}
    return lint_course(make_course(tmp_path / "course", {"introduction": lessons}, **course))  # type: ignore[arg-type]


def one(findings: list[CourseFinding], rule: str) -> CourseFinding:
    assert [finding.rule for finding in findings] == [rule], [str(finding) for finding in findings]
    return findings[0]


def test_a_sound_course(tmp_path: Path) -> None:
    assert lint_course(make_course(tmp_path)) == []


def test_the_course_that_comes_with_the_tutor_is_sound() -> None:
    found = lint_course(paths.lessons_dir())
    assert [str(finding) for finding in found if finding.severity == "error"] == []


def test_findings_are_sorted_and_said_once() -> None:
    findings = Findings()
    findings.error("b.md", 2, "ids", "two")
    findings.warning("b.md", 1, "ids", "one")
    findings.error("b.md", 2, "ids", "two")
    findings.error("a.md", 9, "ids", "nine")
    assert [str(finding) for finding in findings.sorted()] == [
        "a.md:9: error: nine [ids; lessons/README.md, Ids]",
        "b.md:1: warning: one [ids; lessons/README.md, Ids]",
        "b.md:2: error: two [ids; lessons/README.md, Ids]",
    ]


def headings() -> set[str]:
    """Of the lesson format."""
    text = (paths.lessons_dir() / "README.md").read_text(encoding="utf-8")
    return {line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")}


def test_every_rule_names_a_section_of_the_lesson_format() -> None:
    assert set(get_args(sections.RuleName)) == set(sections.SECTIONS)
    named = {*sections.SECTIONS.values(), *sections.DIRECTIVES.values(), sections.BOXES, sections.FRONT_MATTER}
    assert named <= headings()


def test_an_error_of_the_format_names_the_section_of_its_directive(tmp_path: Path) -> None:
    for page, section in (
        (EXERCISE.replace("python starter", "python stater"), "Exercises"),
        (":::{note} Box\n:title: no\n:::\n", "Boxes"),
        ("Words.\n", "Front matter"),
    ):
        text = lesson_text("first", page)
        found = lint(tmp_path, text if section != "Front matter" else text.replace("minutes: 5\n", ""))
        assert {finding.section for finding in found if finding.rule == "format"} == {section}, found


def test_format_errors_are_findings(tmp_path: Path) -> None:
    found = one(lint(tmp_path, lesson_text("first", QUIZ.replace("{quiz}", "{quis}"))), "format")
    assert (found.file, found.line) == (FIRST, 9) and 'Did you mean "quiz"?' in found.message


def test_a_wrong_course_file_is_a_finding(tmp_path: Path) -> None:
    folder = make_course(tmp_path)
    (folder / "course.toml").write_text("format_version = 3\n", encoding="utf-8")
    assert {finding.rule for finding in lint_course(folder)} == {"format"}
    assert lint_course(tmp_path / "nowhere")[0].file == "course.toml"


def check(old: str, new: str) -> str:
    assert old in EXERCISE, old
    return EXERCISE.replace(old, new)


HINT = "```text hint\nMultiply by two.\n```\n"
UNCHANGED = EXERCISE[EXERCISE.index("```python wrong unchanged") : EXERCISE.index("```text hint")]

BREAKS: dict[str, tuple[str, str, str]] = {
    "one hint": (check(HINT, ""), "hints", '1 "text hint"'),
    "one wrong solution": (check(UNCHANGED, ""), "wrongs", '1 "python wrong NAME"'),
    "starter is the solution": (check("    ...", "    return 2 * x  # done"), "starter", "same as the starter"),
    "wrong is the solution": (check("return x * x", "return 2 * x"), "wrongs", "same as the solution"),
    "setup is no Python": (check("START = 3", "START = = 3"), "code", "not Python"),
    "checks without checks": (
        check("def check_value(t)", "def value(t)").replace("check_negative", "negative"),
        "checks",
        "no function",
    ),
    "check without words": (check('    "below zero too"\n', ""), "checks", "no docstring"),
    "check misspelt": (
        check("def check_negative(t)", "def chek_negative(t)"),
        "checks",
        "chek_negative(t) is never run",
    ),
    "check without t": (check("def check_negative(t)", "def check_negative()"), "checks", "one argument"),
    "two checks of a name": (check("check_negative", "check_value"), "checks", "replaces the first"),
    "check twice the same": (check("below zero too", "it is twice the number"), "checks", "same as check_value"),
    "needs a later one": (
        check('"below zero too"', '"""below zero too\n\n    :needs: vlaue"""'),
        "checks",
        'Did you mean "value"?',
    ),
    "needs in the middle": (
        check('"below zero too"', '"""below\n    :needs: value\n    zero too"""'),
        "checks",
        "last line",
    ),
    "unknown method": (
        check('t.close(t.call("double", -1.5)', 't.clsoe(t.call("double", -1.5)'),
        "checks",
        'Did you mean "close"?',
    ),
    "unknown data set": (
        check("START = 3", 'from tutor import data\nSTART = data.load("bostn")'),
        "data",
        'Did you mean "boston"?',
    ),
    "uses nothing": (check(":seconds: 5", ":uses: doubel-it"), "uses", "names no {exercise}"),
    "concept unknown": (check(":seconds: 5", ":concepts: doublin"), "concepts", 'Did you mean "doubling"?'),
    "no explanation": (QUIZ.replace(" :: One probability for each class.", ""), "choices", "no explanation"),
    "the same choice twice": (QUIZ.replace("[x] three", "[x] one"), "choices", "stands twice"),
    "prediction unexplained": (PREDICT.replace(" :: So it is.", ""), "choices", "no explanation"),
    "wrong number is right": (
        NUMBER.replace("1 / 10117.3", "1 / 20234").replace("largest-rate", "other"),
        "number",
        "within the tolerance",
    ),
    "wrong numbers alike": (
        NUMBER.replace(":tolerance:", ":wrong: 1 / 10118 | Another.\n:tolerance:").replace("largest-rate", "other"),
        "number",
        "cannot be told",
    ),
    "emphasis in a diagnosis": (
        NUMBER.replace(":tolerance:", ":wrong: 3 | The *other* one.\n:tolerance:").replace("largest-rate", "other"),
        "diagnosis",
        "*other*",
    ),
    "share of nothing": (NUMBER.replace("1 / 20234.598", "0").replace("largest-rate", "other"), "number", "share of 0"),
    "unknown figure": (FIGURE.replace("gradient-descent", "gradient-decent"), "figures", "gradient-descent"),
    "unknown parameter": (FIGURE.replace(":rho:", ":roh:"), "figures", "rho"),
    "parameter is no number": (FIGURE.replace("1e-5", "small"), "figures", "rho"),
    "parameter out of range": (FIGURE.replace("1e-5", "7"), "figures", "goes from"),
    "unknown parameter of a prediction": (PREDICT.replace("rho=", "roh="), "figures", "rho"),
    "unknown macro": ("See $\\alhpa$ there.\n", "maths", "alhpa"),
    "unknown macro on display": ("See\n\n$$\n\\foo{x}\n$$\n", "maths", "foo"),
    "command without its arguments": ("See $\\frac\\frac1$ there.\n", "maths", "none of its own"),
    "unknown macro in a choice": (QUIZ.replace("three ::", "$\\thre$ ::"), "maths", "thre"),
    "space in a formula": ("It is $ x $ here.\n", "maths", "outside of a formula"),
    "macro outside": ("It is \\rho here.\n", "maths", "outside of a formula"),
    "nothing learned": (check(":learned: A function returns what follows return.\n", ""), "learned", ":learned:"),
    "picture without words": ("![](../course.toml)\n", "alt", "no words"),
    "missing picture": ("![a cat](cat.png)\n", "links", "no such file"),
    "link to a missing lesson": ("See [there](03-third.md).\n", "links", "no such file"),
    "link to a missing page": ("See [there](02-second.md#page-2).\n", "links", 'Did you mean "page-1"?'),
    "link out of the course": ("See [there](../../../etc/passwd).\n", "links", "no such file"),
    "odd link": ("See [there](ftp://example.org/x).\n", "links", "only https"),
    "long page": ("Words.\n\n" * 40, "length", "lines long"),
    "wide code": ("```python\n" + "x" * 75 + "\n```\n", "wide-code", "74 fit"),
    "wide code to run": (RUN.replace('"hello"', "1 + " * 18 + "1"), "wide-code", "73 fit"),
    "two tasks": (RUN + "\n" + QUIZ, "one-task", "output-neurons after {run} hello"),
    "review of nothing": (REVIEW, "review", 'No task is "double"'),
    "review of a later one": (REVIEW.replace("double", "largest-rate"), "review", "comes later"),
    "id of another lesson": (NUMBER, "ids", "01-first.md:10 too"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule(name: str, tmp_path: Path) -> None:
    page, rule, words = BREAKS[name]
    found = one(lint(tmp_path, lesson_text("first", page, introduces=["doubling"])), rule)
    assert words in found.message, found
    assert found.file in (FIRST, SECOND) and found.line >= 1


@pytest.mark.parametrize(
    "page",
    [
        FIGURE,
        PREDICT,
        "It costs $5, or $6 at most.\n",
        "```python\n" + "x" * 74 + "\n```\n",
        "See [the web](https://example.org), [a page](02-second.md#page-1).\n",
        "Or [here](#page-1).\n",
        "![a neuron](../course.toml)\n",
        check(":seconds: 5", ":concepts: doubling"),
        check('"below zero too"', '"""below zero too\n\n    :needs: value"""'),
        check("START = 3", 'from tutor import data\nSTART = data.load("boston")'),
    ],
)
def test_what_is_allowed(page: str, tmp_path: Path) -> None:
    found = lint(tmp_path, lesson_text("first", page, introduces=["doubling"]))
    assert found == [], [str(finding) for finding in found]


def test_runs_and_exercises_build_on_earlier_ones(tmp_path: Path) -> None:
    more = RUN.replace("hello", "more", 1).replace("```python", ":after: hello\n:uses: double\n```python")
    first = lesson_text("first", RUN, EXERCISE, more)
    assert lint(tmp_path, first) == []
    turned = lesson_text("first", more, RUN, EXERCISE)
    messages = " ".join(str(finding) for finding in lint(tmp_path, turned))
    assert ":after: hello names no {run} above" in messages and '"double" is used and comes later' in messages


def test_requires(tmp_path: Path) -> None:
    found = one(lint(tmp_path, lesson_text("first", RUN, requires=["second"])), "requires")
    assert "does not come earlier" in found.message
    found = one(lint(tmp_path, lesson_text("first", RUN, requires=["secnd"])), "requires")
    assert 'Did you mean "second"?' in found.message


def test_concepts_come_before_they_are_asked_for(tmp_path: Path) -> None:
    asks = EXERCISE.replace(":seconds: 5", ":concepts: momentum")
    second = lesson_text("second", RUN, introduces=["momentum"])
    found = one(lint(tmp_path, lesson_text("first", asks), second), "concepts")
    assert "which lesson 1.2 introduces" in found.message and found.file == FIRST


@pytest.mark.parametrize(
    "code",
    ["import keras\ndouble = keras.layers.Dense", "from keras import layers as l\ndouble = l.Dense",
     "from keras.layers import Dense\ndouble = Dense(1)"],
)  # fmt: skip
def test_interfaces_come_before_they_are_needed(code: str, tmp_path: Path) -> None:
    needs = EXERCISE.replace("def double(x):\n    return 2 * x\n", code + "\n")
    second = lesson_text("second", RUN, introduces=["keras.layers.Dense"])
    findings = lint(tmp_path, lesson_text("first", needs), second)
    assert {finding.rule for finding in findings} == {"concepts"}
    assert "needs keras.layers.Dense, which lesson 1.2 introduces" in findings[0].message


def test_a_concept_is_introduced_once(tmp_path: Path) -> None:
    first = lesson_text("first", RUN, introduces=["loss"])
    found = one(lint(tmp_path, first, lesson_text("second", QUIZ, introduces=["loss"])), "concepts")
    assert "in lesson 1.1 already" in found.message and found.file == SECOND


def test_files_and_the_course_agree(tmp_path: Path) -> None:
    folder = make_course(tmp_path)
    place = folder / "01-introduction"
    (place / "03-extra.md").write_text(lesson_text("extra", "Words."), encoding="utf-8")
    (folder / "02-more").mkdir()
    (place / "02-second.md").rename(place / "05-second.md")
    found = lint_course(folder)
    assert [(finding.file, finding.severity) for finding in found] == [
        ("01-introduction/03-extra.md", "error"), ("01-introduction/05-second.md", "warning"), ("02-more", "error"),
    ]  # fmt: skip
    (place / "05-second.md").unlink()
    assert any(finding.file == "course.toml" and '"second"' in finding.message for finding in lint_course(folder))


def test_the_id_of_a_lesson_is_that_of_its_file(tmp_path: Path) -> None:
    findings = lint(tmp_path, lesson_text("frist", RUN), lesson_text("second", NUMBER))
    assert "id: frist" in one(findings, "ids").message


def test_renamed(tmp_path: Path) -> None:
    first = lesson_text("first", EXERCISE)
    assert lint(tmp_path, first, renamed={"twice": "double", "zeroth": "first"}) == []
    found = lint(tmp_path, first, renamed={"double": "largest-rate", "twice": "doubel"})
    assert ["still there" in finding.message or "not there" in finding.message for finding in found] == [True, True]


def test_a_hidden_id_is_not_called_missing(tmp_path: Path) -> None:
    """What stands in a lesson that does not parse cannot be seen, so nobody is told that it is not there."""
    broken = lesson_text("first", EXERCISE.replace("python starter", "python stater"))
    second = lesson_text("second", REVIEW)
    assert {finding.rule for finding in lint(tmp_path, broken, second)} == {"format"}


def test_a_proof_of_an_exercise_that_was_changed_since(tmp_path: Path) -> None:
    folder = make_course(tmp_path)
    lesson = load_lesson(load_course(folder, None), "first")
    task = task_of(lesson, "double")
    assert isinstance(task, Exercise)
    kept = proofs.ProofFile(exercises={"double": proofs.entry_of(task, [])})
    file = proofs.proof_file(folder, lesson)
    file.write_text(proofs.text_of(kept), encoding="utf-8")
    assert lint_course(folder) == []
    kept.exercises["double"].hash = "of another text"
    file.write_text(proofs.text_of(kept), encoding="utf-8")
    found = one(lint_course(folder), "proof-out-of-date")
    assert "`dl-tutor lint --prove --only double` writes it anew" in found.message and found.line == task.line


def test_slugs() -> None:
    assert slug("Why not try every w?") == "why-not-try-every-w"


@pytest.mark.parametrize("seed", range(20))
def test_mangled_lessons_give_findings_and_no_exception(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    text = (Path(__file__).parent / "every_directive.md").read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        junk = chance.choice(("", "$", "`", "\\", "| ", "(", "x ", ":"))
        text = text[:start] + junk + text[start + chance.choice((0, chance.randrange(120))) :]
    findings = lint_course(make_course(tmp_path, {"introduction": {"every-directive": text}}))
    assert all(finding.message and finding.line >= 0 for finding in findings)
