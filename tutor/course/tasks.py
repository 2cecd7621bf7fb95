"""The directives of the format, {run} and {exercise}: what each may hold, and its value.

Where the format is silent: an exercise has the options title, seconds, concepts, uses, match and learned (one
line, shown on passing); a run has title, after, uses, seconds, prose, one ```python chunk and at most one
```python setup.
"""

from __future__ import annotations

import ast
import warnings

from tutor.course import questions
from tutor.course.directives import Body, BodyChunk, ChunkRule, Kind
from tutor.course.model import Box, Exercise, Run, Wrong

_EXERCISE_SECONDS = 10.0
_RUN_SECONDS = 60.0


def _run(body: Body) -> Run | None:
    code = body.source("python")
    options = body.options
    run_id = body.argument
    after = options.id("after")
    if after and after == run_id:
        body.error(f"{{run}} {run_id} comes after itself (:after: {after}).")
    if code is None:
        return None
    return Run(
        id=run_id,
        code=code,
        title=options.text("title"),
        prose=body.prose,
        setup=body.source("python setup"),
        after=after,
        uses=options.ids("uses"),
        seconds=options.seconds(_RUN_SECONDS),
        line=body.line,
    )


def _exercise(body: Body) -> Exercise | None:
    options = body.options
    match = options.one_of("match", ("values", "observed"))
    if body.argument in options.ids("uses"):
        body.error(f"{{exercise}} {body.argument} uses itself.")
    if not body.prose:
        body.error(f"{{exercise}} {body.argument} does not say what to do.", "Write it under the options.")
    starter, checks = body.source("python starter"), body.source("python checks")
    solutions = tuple(chunk.source() for chunk in body.every("python solution"))
    unnamed = [solution for solution in solutions if not solution.name]
    if len(unnamed) > 1:
        body.error(
            'A second "python solution" without a name.',
            "Like ```python solution vectorised.",
            unnamed[1].line - 1,
        )
    wrongs = tuple(_wrong(chunk, body) for chunk in body.every("python wrong"))
    hints = tuple(body.markdown(chunk) for chunk in body.every("text hint"))
    if starter is None or checks is None or not solutions:
        return None
    return Exercise(
        id=body.argument,
        title=options.text("title", body.argument.replace("-", " ").capitalize()),
        prose=body.prose,
        starter=starter,
        solutions=solutions,
        checks=checks,
        wrongs=wrongs,
        hints=hints,
        setup=body.source("python setup"),
        hidden=body.source("python hidden"),
        seconds=options.seconds(_EXERCISE_SECONDS),
        concepts=options.words("concepts"),
        uses=options.ids("uses"),
        match="observed" if match == "observed" else "values",
        learned=options.text("learned"),
        line=body.line,
    )


def _wrong(chunk: BodyChunk, body: Body) -> Wrong:
    source = chunk.source()
    diagnosis = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            diagnosis = ast.get_docstring(ast.parse(source.code)) or ""
    except SyntaxError as error:
        body.error(
            f'"python wrong {chunk.name}" is not Python: {error.msg}.', line=chunk.line - 1 + (error.lineno or 1)
        )
    except (ValueError, RecursionError, MemoryError) as error:
        body.error(f'"python wrong {chunk.name}" is not Python: {error}.', line=chunk.line)
    else:
        if not diagnosis:
            todo = 'Start it with """what is wrong, and why""".'
            body.error(f'"python wrong {chunk.name}" has no diagnosis.', todo, chunk.line)
    return Wrong(chunk.name, diagnosis, source.code, source.line)


def _box(body: Body) -> Box:
    if not body.prose:
        body.error(f"{{{body.name}}} is empty.")
    return Box(body.name, body.argument, body.prose, body.line)


_ONE = ChunkRule(least=1)
_BOXES = ("note", "tip", "warning", "definition", "notes-say")

KINDS: dict[str, Kind] = {
    "run": Kind(
        "run", _run, options=("title", "after", "uses", "seconds"),
        chunks={"python": _ONE, "python setup": ChunkRule()},
    ),
    "exercise": Kind(
        "exercise", _exercise, options=("title", "seconds", "concepts", "uses", "match", "learned"),
        chunks={
            "python setup": ChunkRule(),
            "python hidden": ChunkRule(),
            "python starter": _ONE,
            "python solution": ChunkRule(1, None, "may"),
            "python checks": _ONE,
            "python wrong": ChunkRule(0, None, "must"),
            "text hint": ChunkRule(0, None),
        },
    ),
    **questions.KINDS,
    **{name: Kind(name, _box, argument="title", page_only=False) for name in _BOXES},
}  # fmt: skip
