"""The lesson format: what each directive becomes, and what each mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sample_course import EXERCISE, NUMBER, QUIZ, RUN, lesson_text
from tutor.course import model
from tutor.course.parser import parse_lesson, parse_lesson_all
from tutor.course.problems import CourseErrors
from tutor.course.walk import iter_tasks, plain_text, task_of

EVERY = (Path(__file__).parent / "every_directive.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lesson() -> model.Lesson:
    return parse_lesson(EVERY, "every.md")


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_front_matter(lesson: model.Lesson) -> None:
    assert (lesson.id, lesson.title, lesson.minutes) == ("every-directive", "Every directive: one of each", 25)
    assert lesson.requires == ("earlier",)
    assert lesson.introduces == ("gradient", "sum-of-squares", "keras.Sequential")
    assert lesson.sources == ("Tavenard 2023, section 1.2",)
    assert lesson.pages[0].title == "Prose" and lesson.pages[0].line == line_of(EVERY, "## Prose")


def test_prose_blocks(lesson: model.Lesson) -> None:
    kinds = [type(block).__name__ for block in lesson.pages[0].blocks]
    assert kinds == [
        "Paragraph", "Heading", "ListBlock", "Quote", "TableBlock", "DisplayMath", "CodeBlock", "Rule", "Box", "Box",
    ]  # fmt: skip
    listed, table, maths, code = (lesson.pages[0].blocks[index] for index in (2, 4, 5, 6))
    assert isinstance(listed, model.ListBlock) and listed.start == 1
    assert isinstance(listed.items[1][1], model.ListBlock) and listed.items[1][1].start is None
    assert isinstance(table, model.TableBlock) and table.align == ("left", "right")
    assert table.rows[0][0] == (model.Math(r"\rho", table.line + 2),)
    assert isinstance(maths, model.DisplayMath) and maths.latex.startswith(r"\mathcal{L}")
    assert code == model.CodeBlock("python", 'print("to read")', line_of(EVERY, '```python\nprint("to read")'))


def test_inlines(lesson: model.Lesson) -> None:
    paragraph = lesson.pages[0].blocks[0]
    assert isinstance(paragraph, model.Paragraph)
    inlines = paragraph.inlines
    assert model.Emphasis((model.Text("emphasis"),)) in inlines
    assert model.Strong((model.Text("strength"),)) in inlines
    assert model.Code("code") in inlines
    assert model.Math("w^{(t+1)}", paragraph.line) in inlines
    assert model.Link((model.Text("link"),), "https://example.org/a") in inlines
    assert model.Image("a neuron with two inputs", "neuron.png") in inlines
    assert model.Break(hard=True) in inlines
    assert "and money: $5 and $6." in plain_text(inlines)


def test_boxes_nest(lesson: model.Lesson) -> None:
    note, say = lesson.pages[0].blocks[8:]
    assert isinstance(note, model.Box) and (note.kind, note.title) == ("note", "If in doubt")
    inside = note.blocks[1]
    assert isinstance(inside, model.Box) and inside.kind == "tip"
    assert inside.line == line_of(EVERY, ":::{tip}")
    assert isinstance(say, model.Box) and say.kind == "notes-say"


def test_runs(lesson: model.Lesson) -> None:
    first, second = task_of(lesson, "first-run"), task_of(lesson, "second-run")
    assert isinstance(first, model.Run) and isinstance(second, model.Run)
    assert first.setup and first.setup.code == 'name = "you"\n'
    assert first.code == model.Source('print("hello", name)\n', line_of(EVERY, 'print("hello", name)'))
    assert (first.title, first.seconds) == ("Say hello", 20.0)
    assert (second.after, second.uses, second.prose) == ("first-run", ("gradient",), ())


def test_quiz(lesson: model.Lesson) -> None:
    quiz = task_of(lesson, "output-neurons")
    assert isinstance(quiz, model.Quiz) and not quiz.several
    assert [choice.right for choice in quiz.choices] == [False, True, False]
    assert plain_text(quiz.choices[1].inlines) == "three"
    assert plain_text(quiz.choices[1].explanation) == "One probability for each class."


def test_number(lesson: model.Lesson) -> None:
    number = task_of(lesson, "largest-rate")
    assert isinstance(number, model.Number)
    assert (number.answer, number.tolerance, number.relative) == ("1 / 20234.598", 0.01, True)
    assert number.unit == "per unit of slope"
    assert number.wrongs == (
        model.WrongNumber("1 / 10117.3", "The factor 2 of the derivative is missing.", line_of(EVERY, ":wrong:")),
    )
    assert isinstance(number.working[0], model.Paragraph)
    assert number.working[0].line == line_of(EVERY, "w moves towards")


def test_order_and_explain(lesson: model.Lesson) -> None:
    order, explain = task_of(lesson, "training-step"), task_of(lesson, "why-minus")
    assert isinstance(order, model.Order) and isinstance(explain, model.Explain)
    assert order.lines[1] == "loss = mse(y, p)" and len(order.lines) == 4 and order.language == "python"
    assert order.also[0][:2] == ("loss = mse(y, p)", "p = model(x)")
    assert isinstance(order.why[0], model.Paragraph)
    assert [plain_text(point) for point in explain.points] == ["uphill", "so - is downhill"]
    assert isinstance(explain.answer[0], model.Paragraph)


def test_predictions(lesson: model.Lesson) -> None:
    shown, run = task_of(lesson, "five-times-larger"), task_of(lesson, "prints-what")
    assert isinstance(shown, model.Predict) and isinstance(run, model.Predict)
    assert (shown.figure, shown.settings, shown.code) == ("gradient-descent", {"rho": "5e-5"}, None)
    assert run.code and run.code.code == "print(a + 1)\n" and run.seconds == 3.0
    assert [choice.right for choice in run.choices] == [True, False]
    drawn = task_of(lesson, "which-curve")
    assert isinstance(drawn, model.Predict)
    assert (drawn.metric, drawn.curves) == ("val_loss", ((1.0, 0.5, 0.2), (1.0, 2.0, 4.0)))


def test_figure_and_review(lesson: model.Lesson) -> None:
    blocks = [block for page in lesson.pages for block in page.blocks]
    figure = next(block for block in blocks if isinstance(block, model.Figure))
    review = next(block for block in blocks if isinstance(block, model.Review))
    assert (figure.name, figure.settings) == ("gradient-descent", {"rho": "1e-5", "steps": "10"})
    assert plain_text(figure.attempt).startswith("Make ρ five times larger")
    assert review.ids == ("output-neurons", "largest-rate", "gradient") and len(review.prose) == 1


def test_exercise(lesson: model.Lesson) -> None:
    exercise = task_of(lesson, "gradient")
    assert isinstance(exercise, model.Exercise)
    assert (exercise.title, exercise.seconds, exercise.match) == ("The slope of the loss", 5.0, "values")
    assert exercise.concepts == ("gradient", "sum-of-squares")
    assert exercise.setup and exercise.setup.code.startswith("from tutor import data\n")
    assert exercise.starter.code == "def grad_loss(w, x, y):\n    ...\n"
    assert exercise.starter.line == line_of(EVERY, "def grad_loss(w, x, y):\n    ...")
    assert len(exercise.solutions) == 1 and exercise.hidden is None
    assert [wrong.name for wrong in exercise.wrongs] == [
        "missing-factor-two", "missing-inner-derivative", "averaged", "climbs",
    ]  # fmt: skip
    assert exercise.wrongs[0].diagnosis.startswith("Half the slope")
    assert exercise.checks.code.count("def check_") == 4
    hints = [
        plain_text(block.inlines) for hint in exercise.hints for block in hint if isinstance(block, model.Paragraph)
    ]
    assert hints[0] == "Which part of (wx − y)² depends on w?" and len(hints) == 2


def test_tasks_in_order(lesson: model.Lesson) -> None:
    assert [task.id for task in iter_tasks(lesson)] == [
        "first-run", "second-run", "output-neurons", "largest-rate", "training-step", "why-minus",
        "five-times-larger", "prints-what", "which-curve", "gradient",
    ]  # fmt: skip


def test_windows_line_ends_and_byte_order_mark() -> None:
    assert parse_lesson("\ufeff" + EVERY.replace("\n", "\r\n"), "every.md") == parse_lesson(EVERY, "every.md")


def test_several_right_choices_make_a_quiz_of_several() -> None:
    text = lesson_text("a", QUIZ.replace("[ ] one", "[x] one").replace(":::\n", "- [ ] five :: No.\n:::\n"))
    lesson = parse_lesson(text, "a.md")
    quiz = task_of(lesson, "output-neurons")
    assert isinstance(quiz, model.Quiz) and quiz.several


def test_colons_inside_code_do_not_split_a_choice() -> None:
    choice = "- [ ] `x[::2]` or :: `y[::2]`, every second"
    lesson = parse_lesson(lesson_text("a", QUIZ.replace("- [ ] one ::", choice + " and")), "a.md")
    quiz = task_of(lesson, "output-neurons")
    assert isinstance(quiz, model.Quiz)
    assert plain_text(quiz.choices[0].inlines) == "x[::2] or"
    assert plain_text(quiz.choices[0].explanation).startswith("y[::2], every second")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see [the notes][nowhere]", "cannot be read"),
        ("said elsewhere[^1]", "no footnotes"),
        ("said elsewhere[^1]\n\n[^1]: there", "no footnotes"),
        ("it is ~~gone~~ here", "strikes nothing out"),
    ],
)
def test_marks_of_other_dialects_are_not_shown_as_they_are(text: str, words: str) -> None:
    whole = lesson_text("a", text)
    _, errors = parse_lesson_all(whole, "a.md")
    assert [(error.line, words in error.what) for error in errors] == [(line_of(whole, text.split("\n")[0]), True)]


@pytest.mark.parametrize("text", ["the cell x[i][j] and `a[^1]`", "about ~~ 3", "the layer [l] of W"])
def test_brackets_and_tildes_of_plain_text_stay(text: str) -> None:
    assert parse_lesson_all(lesson_text("a", text), "a.md")[1] == []


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (":::{note} The loss $L$\nwords\n:::\n", ":::{note}"),
        (QUIZ.replace("Iris", ":title: The `iris` data\nIris"), ":title:"),
        (NUMBER.replace("From", ":unit: \\frac{m}{s}\nFrom", 1), ":unit:"),
    ],
)
def test_titles_and_units_are_plain_text(page: str, place: str) -> None:
    whole = lesson_text("a", page)
    _, errors = parse_lesson_all(whole, "a.md")
    assert any("plain text" in error.what and error.line == line_of(whole, place) for error in errors), errors


def test_what_is_nested_too_deeply_is_told_at_its_line() -> None:
    whole = lesson_text("a", "\n".join("  " * depth + f"- item {depth}" for depth in range(20)))
    _, errors = parse_lesson_all(whole, "a.md")
    assert [error.line for error in errors] == [line_of(whole, "- item 6")]


def test_choices_without_a_blank_behind_their_mark_are_told_each() -> None:
    whole = lesson_text("a", QUIZ.replace("[ ] one", "[]one").replace("[x] three", "[x]three"))
    _, errors = parse_lesson_all(whole, "a.md")
    told = {error.line for error in errors if "starts with [ ] or [x]" in error.what}
    assert told == {line_of(whole, "[]one"), line_of(whole, "[x]three")}


@pytest.mark.parametrize(
    ("written", "expected"), [("1 %", (0.01, True)), ("0.5%", (0.005, True)), ("0.01", (0.01, False))]
)
def test_tolerance(written: str, expected: tuple[float, bool]) -> None:
    lesson = parse_lesson(lesson_text("a", NUMBER.replace("1 %", written)), "a.md")
    number = task_of(lesson, "largest-rate")
    assert isinstance(number, model.Number) and (number.tolerance, number.relative) == expected


# ------------------------------------------------------------------ mistakes

BREAKS = {
    "unknown directive": (QUIZ.replace("{quiz}", "{quizz}"), ":::{quizz}", 'Did you mean "quiz"?'),
    "no braces": ("::: note\nwords\n:::\n", "::: note", ":::{note}"),
    "two colons": ("::{note}\n\nwords\n", "::{note}", "three colons"),
    "backticks for a directive": ("```{note}\nwords\n```\n", "```{note}", "colons"),
    "unknown option": (EXERCISE.replace(":title:", ":titel:"), ":titel:", 'Did you mean "title"?'),
    "option twice": (EXERCISE.replace(":seconds: 5", ":seconds: 5\n:seconds: 6"), ":seconds: 6", "twice"),
    "option without a value": (EXERCISE.replace(":seconds: 5", ":seconds:"), ":seconds:", "no value"),
    "not an option": (EXERCISE.replace(":seconds: 5", ":seconds 5"), ":seconds 5", "not an option"),
    "late option": (EXERCISE.replace("Write `double", ":uses: x\n\nWrite `double"), ":uses: x", "in the middle"),
    "seconds": (EXERCISE.replace(":seconds: 5", ":seconds: soon"), ":seconds: soon", "number of seconds"),
    "match": (EXERCISE.replace(":seconds: 5", ":match: value"), ":match: value", "values, observed"),
    "bad id": (RUN.replace("hello", "Hello_You", 1), ":::{run} Hello_You", "not an id"),
    "no id": (RUN.replace(" hello", "", 1), ":::{run}", "no id"),
    "the same id twice": (RUN + "\n" + QUIZ.replace("output-neurons", "hello"), ":::{quiz} hello", "already"),
    "unknown chunk": (EXERCISE.replace("python starter", "python stater"), "```python stater", '"python starter"'),
    "chunk twice": (
        EXERCISE.replace("```python checks", "```python setup\na = 1\n```\n```python checks"),
        "```python setup\na = 1",
        "second chunk",
    ),
    "wrong without a name": (EXERCISE.replace("python wrong squared", "python wrong"), "```python wrong\n", "a name"),
    "wrong twice": (
        EXERCISE.replace("wrong unchanged", "wrong squared"),
        '```python wrong squared\n"""That is the number',
        "twice",
    ),
    "no diagnosis": (
        EXERCISE.replace('"""That is the square: x times itself."""\n', ""),
        "def double(x):\n    return x * x",
        "diagnosis",
    ),
    "wrong is no Python": (EXERCISE.replace("return x * x", "return x *"), "return x *\n", "not Python"),
    "no starter": (
        EXERCISE.replace("```python starter\ndef double(x):\n    ...\n```\n", ""),
        "::::{exercise}",
        'no chunk "python starter"',
    ),
    "no checks": (EXERCISE.replace("python checks", "python hidden"), "::::{exercise}", 'no chunk "python checks"'),
    "text behind a chunk": (
        EXERCISE.replace("```text hint\nMultiply", "Lost.\n\n```text hint\nMultiply"),
        "Lost.",
        "Text behind",
    ),
    "chunk outside": ("```python setup\na = 1\n```\n", "```python setup", "no task is open"),
    "no language": ("```\na = 1\n```\n", "```\na", "without a language"),
    "unknown language": ("```pyhton\na = 1\n```\n", "```pyhton", 'Did you mean "python"?'),
    "open code fence": ("```python\na = 1\n", "```python", "never closed"),
    "chunk not closed": (EXERCISE.replace("    ...\n```\n", "    ...\n"), "```python solution", "not closed before"),
    "open directive": (":::{note}\nwords\n", ":::{note}", "never closed"),
    "closed too early": (":::{note}\nwords\n\n:::{tip}\nmore\n:::\n\nlast\n\n:::\n", ":::{tip}", "ends before"),
    "task in a box": ("::::{note}\n" + RUN + "::::\n", ":::{run} hello", "only boxes may"),
    "page inside": (":::{note}\nwords\n\n## Next\n\nmore\n:::\n", "## Next", "starts inside {note}"),
    "stray end": ("words\n\n:::\n\nmore\n", ":::", "closes nothing"),
    "html": ("one<br>two\n", "one<br>", "HTML"),
    "html block": ("<div>\nwords\n</div>\n", "<div>", "HTML"),
    "comment": ("<!-- later -->\n", "<!--", "HTML"),
    "indented": ("words\n\n    a = 1\n", "    a = 1", "indented"),
    "title heading": ("# Title\n\nwords\n", "# Title", "front matter"),
    "underlined heading": ("Title\n---\n\nwords\n", "Title\n---", "underlined"),
    "label": ("$$\nx\n$$ (eq)\n", "$$\nx", "no labels"),
    "half a formula": ("a $$ b\n", "a $$", "partner"),
    "link that is none": ("see [this](javascript:x)\n", "see [this]", "cannot be read"),
    "role": ("see {ref}`x`\n", "see {ref}", "roles"),
    "row with more cells": ("| a | b |\n|---|---|\n| $|x|$ | y |\n", "| $|x|$", "more cells"),
    "choices outside": ("- [ ] one\n- [x] two\n", "- [ ] one", "only {quiz}"),
    "control character": ("words \x1b[2J\n", "words \x1b", "U+001B"),
    "no right choice": (QUIZ.replace("[x]", "[ ]"), ":::{quiz}", "no right choice"),
    "one choice": (
        QUIZ.replace("- [ ] one :: One neuron gives one probability: enough for two classes.\n", ""),
        ":::{quiz}",
        "fewer than two",
    ),
    "unmarked choice": (QUIZ.replace("[ ] one", "one"), "- one", "starts with [ ]"),
    "mangled mark": (QUIZ.replace("[ ] one", "[y] one"), "- [y]", "starts with [ ]"),
    "no answer": (NUMBER.replace(":answer: 1 / 20234.598\n", ""), ":::{number}", "no :answer:"),
    "answer is no number": (NUMBER.replace("1 / 20234.598", "1 / zero"), ":answer:", '"zero" has no value'),
    "tolerance": (NUMBER.replace("1 %", "small"), ":tolerance: small", "1 % or 0.01"),
    "wrong number": (
        NUMBER.replace(" | The factor 2 of the derivative is missing.", ""),
        ":wrong:",
        "expression | diagnosis",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_mistakes_are_told_with_line_and_nearest_word(name: str) -> None:
    page, place, words = BREAKS[name]
    text = lesson_text("broken", page)
    _, errors = parse_lesson_all(text, "01-a/01-broken.md")
    wanted = line_of(text, place)
    assert errors, name
    told = [str(error) for error in errors if error.line == wanted]
    assert any(words in message for message in told), (wanted, [str(error) for error in errors])
    assert all(message.startswith(f"01-a/01-broken.md:{wanted}: ") for message in told)


def broken(page: str) -> str:
    return " ".join(str(error) for error in parse_lesson_all(lesson_text("a", page), "a.md")[1])


ORDER = ":::{order} o\nPut them in order.\n```text lines\na\nb\n```\n:::\n"
PREDICT = ":::{predict} p\n:figure: neuron\n:set: w=1\n- [ ] a\n- [x] b :: Because.\n:::\n"

SKETCHES = "```python code\nfit()\n```\n```text curves\n1 2\n2 1\n```\n"
TRAINED = PREDICT.replace(":figure: neuron\n:set: w=1\n", SKETCHES)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (ORDER.replace("a\nb\n", "a\n"), "fewer than two lines"),
        (
            ORDER.replace("text lines", "python lines").replace("```\n:::", "```\n```text also\nb\na\n```\n:::"),
            "python also",
        ),
        (ORDER.replace("```\n:::", "```\n```text also\nb\nc\n```\n:::"), "other lines"),
        (ORDER.replace("text lines", "text why"), "no lines"),
        (PREDICT.replace(":figure: neuron\n", ""), "neither a figure nor code"),
        (PREDICT.replace("- [x] b", "```python code\na\n```\n- [x] b"), "both a figure and code"),
        (PREDICT.replace("[ ] a", "[x] a"), "more than one right choice"),
        (PREDICT.replace("- [ ] a", "```text curves\n1 2\n2 1\n```\n- [ ] a"), "beside :figure:"),
        (TRAINED.replace("2 1\n", ""), "1 curves for 2 choices"),
        (TRAINED.replace("2 1\n", "2 one\n"), "'2 one' is no curve"),
        (TRAINED.replace("2 1\n", "2 inf\n"), "is no curve"),
        (PREDICT.replace(":set: w=1", ":set: w=1\n:metric: loss"), 'without "text curves"'),
        (PREDICT.replace("w=1", "w 1"), "name=value"),
        (PREDICT.replace("w=1", "w=1 w=2"), "sets w twice"),
        (":::{explain} e\nWhy?\n```text answer\nSo.\n```\n```text points\nno list\n```\n:::\n", "is a list"),
        (":::{explain} e\nWhy?\n```text answer\nSo.\n```\n:::\n", 'no chunk "text points"'),
        (":::{review}\nnothing\n:::\n", "has no ids"),
        (":::{review}\n- An id\n:::\n", "which is none"),
        (":::{review} name\n:ids: a\n:::\n", "takes nothing"),
        (":::{figure}\ncaption\n:::\n", "name of a figure"),
        (":::{note}\n:::\n", "is empty"),
        (RUN.replace("```python\n", "```python\n\n```\n```python\n"), "is empty"),
        (RUN.replace("hello\n", "hello\n:after: hello\n", 1), "comes after itself"),
        ("> " * 12 + "deep\n", "inside one another"),
    ],
)
def test_more_mistakes(page: str, words: str) -> None:
    assert words in broken(page)


HEAD = "---\nid: a\ntitle: A\nminutes: 5\n---\n"


@pytest.mark.parametrize(
    ("head", "line", "words"),
    [
        (HEAD.replace("id: a\n", ""), 1, 'no "id"'),
        (HEAD.replace("title: A\n", ""), 1, 'no "title"'),
        (HEAD.replace("minutes: 5\n", ""), 1, 'no "minutes"'),
        (HEAD.replace("5", "soon"), 4, "whole number"),
        (HEAD.replace("5", "true"), 4, "whole number"),
        (HEAD.replace("id: a", "id: An Id"), 2, "wants an id"),
        (HEAD.replace("title: A", "title: 2024"), 3, "some text"),
        (HEAD.replace("title: A", "title: A: B"), 3, "not YAML"),
        (HEAD.replace("minutes", "minuets"), 4, 'Did you mean "minutes"?'),
        (HEAD.replace("minutes: 5", "minutes: 5\nminutes: 6"), 5, "twice"),
        (HEAD.replace("minutes: 5", "minutes: 5\nrequires: b"), 5, "wants a list"),
        (HEAD.replace("minutes: 5", "minutes: 5\nsources:\n  - Goh: Why"), 5, "list of texts"),
        (HEAD.replace("minutes: 5", "minutes: 5\nwhen: 2024-13-45"), 1, "not YAML"),
        ("", 1, "no front matter"),
        ("---\nid: a\n", 1, "never closed"),
        ("---\n- a\n---\n", 1, "no keys"),
    ],
)
def test_front_matter_mistakes(head: str, line: int, words: str) -> None:
    _, errors = parse_lesson_all(head + "\n## Page\n\nwords\n", "a.md")
    assert any(error.line == line and words in str(error) for error in errors), [str(error) for error in errors]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no page"),
        ("words\n\n## Page\n\nmore\n", "in front of the first page"),
        ("## Page\n\n## Next\n\nmore\n", "is empty"),
        ("## The weight $w$\n\nmore\n", "plain text"),
        ("##\n\nmore\n", "without a title"),
    ],
)
def test_page_mistakes(body: str, words: str) -> None:
    _, errors = parse_lesson_all(HEAD + body, "a.md")
    assert any(words in str(error) for error in errors), [str(error) for error in errors]


def test_all_errors_are_collected_and_the_first_leads() -> None:
    text = lesson_text("a", "one<br>two\n", QUIZ.replace("[x]", "[ ]"), ":::{nte}\nwords\n:::\n")
    with pytest.raises(CourseErrors) as caught:
        parse_lesson(text, "a.md")
    assert [error.line for error in caught.value.errors] == sorted(error.line for error in caught.value.errors)
    assert len(caught.value.errors) == 3
    assert str(caught.value).startswith("a.md:9: HTML") and "(and 2 more)" in str(caught.value)
