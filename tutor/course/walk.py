"""Ways through a lesson's tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from tutor.course import model
from tutor.course.model import Block, Box, Exercise, Inline, Lesson, ListBlock, Predict, Quote, Run, Task
from tutor.errors import UsageError
from tutor.words import did_you_mean

TASKS = (model.Run, model.Exercise, model.Quiz, model.Number, model.Order, model.Explain, model.Predict)
_CHILDREN = (model.Strong, model.Emphasis, model.Link)


def iter_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, each in front of what is inside it: lists, quotes, boxes, and all the prose of tasks."""
    for block in blocks:
        yield block
        for inner in inner_blocks(block):
            yield from iter_blocks(inner)


def inner_blocks(block: Block) -> tuple[tuple[Block, ...], ...]:
    """The runs of blocks directly inside a block, as the learner meets them."""
    match block:
        case ListBlock(items=items):
            return items
        case Quote(blocks=blocks) | Box(blocks=blocks):
            return (blocks,)
        case model.Exercise(prose=prose, hints=hints):
            return (prose, *hints)
        case model.Number(prose=prose, working=more) | model.Order(prose=prose, why=more):
            return prose, more
        case model.Explain(prose=prose, answer=more):
            return prose, more
        case model.Run(prose=prose) | model.Quiz(prose=prose) | model.Predict(prose=prose) | model.Review(prose=prose):
            return (prose,)
        case model.Figure(caption=caption):
            return (caption,)
    return ()


def iter_tasks(lesson: Lesson) -> Iterator[Task]:
    """The tasks of a lesson, in order."""
    for page in lesson.pages:
        for block in iter_blocks(page.blocks):
            if isinstance(block, TASKS):
                yield block


def iter_runs(block: Block) -> Iterator[tuple[Inline, ...]]:
    """The runs of inlines of one block itself (not of the blocks inside it)."""
    match block:
        case model.Paragraph(inlines=inlines) | model.Heading(inlines=inlines):
            yield inlines
        case model.TableBlock(header=header, rows=rows):
            yield from header
            for row in rows:
                yield from row
        case model.Quiz(choices=choices) | model.Predict(choices=choices):
            for choice in choices:
                yield choice.inlines
                yield choice.explanation
        case model.Explain(points=points):
            yield from points
        case model.Figure(attempt=attempt):
            yield attempt


def iter_inlines(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Every inline, each in front of what is inside it."""
    for inline in inlines:
        yield inline
        if isinstance(inline, _CHILDREN):
            yield from iter_inlines(inline.children)


def plain_text(inlines: Sequence[Inline], formula: Callable[[str], str] = str) -> str:
    """The words of some inlines, without their marks. formula: what stands for a formula, given its LaTeX."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case model.Text(text=text) | model.Code(text=text):
                parts.append(text)
            case model.Math(latex=latex):
                parts.append(formula(latex))
            case model.Strong(children=children) | model.Emphasis(children=children) | model.Link(children=children):
                parts.append(plain_text(children, formula))
            case model.Image(alt=alt):
                parts.append(alt)
            case model.Break():
                parts.append(" ")
    return "".join(parts)


def starter_of(task: Run | Predict | Exercise) -> str:
    """The code with which somebody begins; "" where there is none."""
    source = task.starter if isinstance(task, Exercise) else task.code
    return source.code.rstrip("\n") + "\n" if source is not None else ""


def task_of(lesson: Lesson, task_id: str) -> Task:
    """The task with that id. Raises UsageError with the nearest id."""
    tasks = {task.id: task for task in iter_tasks(lesson)}
    if task_id not in tasks:
        raise UsageError(f'{lesson.title} has no task "{task_id}".', did_you_mean(task_id, tasks))
    return tasks[task_id]
