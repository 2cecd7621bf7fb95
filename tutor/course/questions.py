"""Questions without code to write, figures and reviews: what each may hold, and its value.

Where the format is silent:
- quiz: title, concepts; several right choices are to be chosen together.
- number: title, concepts, answer, tolerance (`1 %` of the answer, or `0.01` itself), unit, wrong (`expression |
  diagnosis`, may be repeated), chunk `text working` (Markdown).
- order: title, concepts; `text lines` or `python lines` in the right order, any number of `text also` (other right
  orders of the same lines), `text why`.
- explain: title, concepts; `text answer` (Markdown), `text points` (a Markdown list of key points).
- predict: title, concepts, seconds; either `:figure:` with `:set: a=1 b=2`, or a chunk `python code` with an
  optional `python setup`; choices like those of a quiz, exactly one right. Where the code trains, `text curves` may
  sketch what each choice expects of the loss (or of `:metric:`): a line for each choice, numbers from the first epoch
  to the last.
- figure: `try` (inline Markdown); every other option is a parameter of the figure.
- review: ids as a Markdown list, or as `:ids: a, b`.
"""

from __future__ import annotations

import math
from collections import Counter

from tutor.course import model
from tutor.course.directives import Body, BodyChunk, ChunkRule, Kind, several_right
from tutor.course.ids import ID
from tutor.course.model import Explain, Figure, Inline, ListBlock, Number, Order, Paragraph, Predict, Quiz, Review
from tutor.course.numbers import evaluate
from tutor.course.options import Option
from tutor.course.walk import plain_text
from tutor.errors import UsageError

_PREDICT_SECONDS = 60.0


def _quiz(body: Body) -> Quiz:
    _check_choices(body)
    _check_question(body)
    return Quiz(
        id=body.argument,
        prose=body.prose,
        choices=tuple(body.choices),
        several=several_right(body.choices),
        title=body.options.text("title"),
        concepts=body.options.words("concepts"),
        line=body.line,
    )


def _check_question(body: Body) -> None:
    if not body.prose:
        body.error(f"{{{body.name}}} {body.argument} asks nothing.", "Write the question under the options.")


def _check_choices(body: Body) -> None:
    which = f"{{{body.name}}} {body.argument}"
    if len(body.choices) < 2:
        body.error(f"{which} has fewer than two choices.", "A choice is a line: - [ ] words :: explanation")
    elif not any(choice.right for choice in body.choices):
        body.error(f"{which} has no right choice.", "Mark it with [x].")
    elif all(choice.right for choice in body.choices) and body.name == "quiz":
        body.error(f"{which} has no wrong choice.")


def _number(body: Body) -> Number | None:
    options = body.options
    _check_question(body)
    answer = options.get("answer")
    if answer is None:
        body.error(f"{{number}} {body.argument} has no :answer:.")
    elif not _evaluates(body, answer, answer.value):
        answer = None
    tolerance, relative = _tolerance(body, options.get("tolerance"))
    wrongs = tuple(wrong for wrong in (_wrong_number(body, option) for option in options.every("wrong")) if wrong)
    if answer is None:
        return None
    return Number(
        id=body.argument,
        prose=body.prose,
        answer=answer.value,
        tolerance=tolerance,
        relative=relative,
        unit=options.text("unit"),
        wrongs=wrongs,
        working=body.markdown(body.first("text working")),
        title=options.text("title"),
        concepts=options.words("concepts"),
        line=body.line,
    )


def _evaluates(body: Body, option: Option, expression: str) -> bool:
    try:
        evaluate(expression)
    except UsageError as error:
        body.error(f":{option.name}: is not a number: {error.what}", error.todo, option.line)
        return False
    return True


def _tolerance(body: Body, option: Option | None) -> tuple[float, bool]:
    """(0.01, True) for `1 %`, (0.01, False) for `0.01`."""
    if option is None:
        return 0.0, True
    words = option.value.removesuffix("%")
    try:
        value = float(words)
    except ValueError:
        value = -1.0
    relative = words != option.value
    if not 0.0 <= value < (100.0 if relative else float("inf")):
        body.error(f':tolerance: wants 1 % or 0.01, not "{option.value}".', line=option.line)
        return 0.0, True
    return (value / 100.0, True) if relative else (value, False)


def _wrong_number(body: Body, option: Option) -> model.WrongNumber | None:
    expression, bar, diagnosis = (part.strip() for part in option.value.partition("|"))
    if not bar or not expression or not diagnosis:
        body.error(
            ":wrong: wants expression | diagnosis.", "Like :wrong: 1/10117 | The factor 2 is missing.", option.line
        )
        return None
    return model.WrongNumber(expression, diagnosis, option.line) if _evaluates(body, option, expression) else None


# ------------------------------------------------------------------ order, explain, predict


def _order(body: Body) -> Order | None:
    _check_question(body)
    found = [chunk for chunk in body.chunks if chunk.kind.endswith(" lines")]
    if len(found) != 1:
        what = "no lines" if not found else "its lines twice"
        body.error(f"{{order}} {body.argument} has {what}.", "It has one chunk ```text lines or ```python lines.")
        return None
    language = found[0].kind.split()[0]
    lines = _lines(found[0])
    if len(lines) < 2:
        body.error(f"{{order}} {body.argument} has fewer than two lines.", line=found[0].line)
    also = [chunk for chunk in body.chunks if chunk.kind.endswith(" also")]
    for chunk in also:
        if chunk.kind != f"{language} also":
            body.error(f'"{chunk.kind}" beside "{found[0].kind}".', f"Write ```{language} also.", chunk.line - 1)
        if Counter(_lines(chunk)) != Counter(lines):
            body.error("Another right order has other lines.", f'It has those of "{found[0].kind}".', chunk.line - 1)
    return Order(
        id=body.argument,
        prose=body.prose,
        lines=lines,
        also=tuple(_lines(chunk) for chunk in also),
        language=language,
        why=body.markdown(body.first("text why")),
        title=body.options.text("title"),
        concepts=body.options.words("concepts"),
        line=body.line,
    )


def _lines(chunk: BodyChunk) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in chunk.code.split("\n") if line.strip())


def _explain(body: Body) -> Explain:
    _check_question(body)
    return Explain(
        id=body.argument,
        prose=body.prose,
        answer=body.markdown(body.first("text answer")),
        points=_points(body, body.first("text points")),
        title=body.options.text("title"),
        concepts=body.options.words("concepts"),
        line=body.line,
    )


def _points(body: Body, chunk: BodyChunk | None) -> tuple[tuple[Inline, ...], ...]:
    points: list[tuple[Inline, ...]] = []
    for block in body.markdown(chunk):
        items = block.items if isinstance(block, ListBlock) else ()
        if not items:
            body.error('"text points" is a list: - one key point', line=getattr(block, "line", 0))
        for item in items:
            match item:
                case (Paragraph(inlines=inlines),):
                    points.append(inlines)
                case _:
                    body.error("A key point is one paragraph.", line=getattr(block, "line", 0))
    return tuple(points)


def _predict(body: Body) -> Predict | None:
    options = body.options
    _check_choices(body)
    if several_right(body.choices):
        body.error(f"{{predict}} {body.argument} has more than one right choice.", "What happens is one thing.")
    figure, code = options.text("figure"), body.source("python code")
    if bool(figure) == (code is not None):
        has = "both a figure and code" if figure else "neither a figure nor code"
        body.error(
            f"{{predict}} {body.argument} has {has}.",
            "Give it :figure: (with :set: a=1 b=2), or a chunk ```python code.",
        )
        return None
    for name in ("set",):
        option = options.get(name)
        if option and not figure:
            body.error(f":{name}: without :figure:.", line=option.line)
    seconds = options.seconds(_PREDICT_SECONDS)
    if figure and body.source("python setup"):
        body.error('"python setup" without "python code".')
    return Predict(
        id=body.argument,
        prose=body.prose,
        choices=tuple(body.choices),
        figure=figure,
        settings=options.assignments("set"),
        code=code,
        setup=body.source("python setup"),
        seconds=seconds,
        curves=_curves(body, body.first("text curves"), bool(figure)),
        metric=options.text("metric") or "loss",
        title=options.text("title"),
        concepts=options.words("concepts"),
        line=body.line,
    )


def _curves(body: Body, chunk: BodyChunk | None, figure: bool) -> tuple[tuple[float, ...], ...]:
    """A sketch for each choice."""
    if chunk is None:
        if body.options.get("metric"):
            body.error(':metric: without "text curves".', "It says of what the curves are.")
        return ()
    if figure:
        body.error('"text curves" beside :figure:.', "Curves are of code that trains.", chunk.line - 1)
    rows = _lines(chunk)
    if len(rows) != len(body.choices):
        problem = f"{len(rows)} curves for {len(body.choices)} choices."
        body.error(problem, 'A line of "text curves" belongs to each choice.', chunk.line - 1)
    return tuple(_curve(body, row, chunk.line + at) for at, row in enumerate(rows))


def _curve(body: Body, row: str, line: int) -> tuple[float, ...]:
    try:
        values = tuple(float(word) for word in row.replace(",", " ").split())
    except ValueError:
        values = ()
    if len(values) < 2 or not all(math.isfinite(value) for value in values):
        body.error(f"{row.strip()!r} is no curve.", "A curve is two numbers or more, from first to last epoch.", line)
    return values


# ------------------------------------------------------------------ figure, review


def _figure(body: Body) -> Figure:
    option = body.options.get("try")
    attempt: tuple[Inline, ...] = ()
    if option:
        match body.reader.within(option.line - 1 - body.reader.base, "figure", body.line).prose(option.value):
            case (Paragraph(inlines=inlines),):
                attempt = inlines
            case _:
                body.error(":try: wants one line of text.", line=option.line)
    settings = {option.name: option.value for option in body.options.all if option.name != "try" and option.value}
    return Figure(body.argument, settings, attempt, body.prose, body.line)


def _review(body: Body) -> Review:
    ids = body.options.ids("ids")
    prose = body.prose
    if prose and isinstance(prose[-1], ListBlock):
        if ids:
            body.error("{review} has its ids twice: in :ids: and as a list.")
        ids, prose = _listed_ids(body, prose[-1]), prose[:-1]
    if not ids:
        body.error("{review} has no ids.", "List them: - largest-rate")
    for name, count in Counter(ids).items():
        if count > 1:
            body.error(f'{{review}} has "{name}" twice.')
    return Review(ids, prose, body.line)


def _listed_ids(body: Body, block: ListBlock) -> tuple[str, ...]:
    ids: list[str] = []
    for item in block.items:
        match item:
            case (Paragraph(inlines=inlines),):
                word = plain_text(inlines).strip()
            case _:
                word = ""
        if ID.match(word):
            ids.append(word)
        else:
            body.error(f'A list of ids holds "{word[:40]}", which is none.', line=block.line)
    return tuple(ids)


_MANY = ChunkRule(0, None)
_ONE = ChunkRule(1)
_MAY = ChunkRule()

KINDS: dict[str, Kind] = {
    "quiz": Kind("quiz", _quiz, options=("title", "concepts"), choices=True),
    "number": Kind(
        "number", _number, options=("title", "concepts", "answer", "tolerance", "unit", "wrong"),
        repeatable=("wrong",), chunks={"text working": _MAY},
    ),
    "order": Kind(
        "order", _order, options=("title", "concepts"),
        chunks={
            "text lines": ChunkRule(0, None), "python lines": _MANY, "text also": _MANY, "python also": _MANY,
            "text why": _MAY,
        },
    ),
    "explain": Kind(
        "explain", _explain, options=("title", "concepts"), chunks={"text answer": _ONE, "text points": _ONE}
    ),
    "predict": Kind(
        "predict", _predict, options=("title", "concepts", "figure", "set", "seconds", "metric"), choices=True,
        chunks={"python code": _MAY, "python setup": _MAY, "text curves": _MAY},
    ),
    "figure": Kind("figure", _figure, argument="figure", options=("try",), open_ended=True),
    "review": Kind("review", _review, argument="none", options=("ids",)),
}  # fmt: skip
