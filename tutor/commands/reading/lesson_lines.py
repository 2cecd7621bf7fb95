"""A lesson's pages as lines: prose, figures in words, and tasks with the command line that does them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tutor.commands.reading.figures_in_words import figures_in_words, key_of, sketch_in_words
from tutor.course import model
from tutor.typeset.linear import code, indented, linear, words

if TYPE_CHECKING:
    from tutor.commands.session import Session
    from tutor.course.model import Block, Inline, LessonEntry, Source

STANDING = {"new": "", "begun": " (begun)", "done": " (done)"}


class Linear:
    """One lesson. Raises CourseError where it is broken."""

    def __init__(self, session: Session, entry: LessonEntry) -> None:
        from tutor.course.loader import load_lesson

        self.session = session
        self.lesson = load_lesson(session.course, entry.id)
        self.width, self.ascii = session.width, session.terminal.ascii
        self._states = {task.id: task.state for task in session.progress.standing(session.course).tasks.values()}
        self._figures: dict[str, str] = {}

    def page(self, at: int) -> list[str]:
        """The lines of a page, from 0."""
        blocks = self.lesson.pages[at].blocks
        self._compute(blocks)
        return self.prose(blocks)

    def task(self, task: model.Task) -> list[str]:
        """The lines of one task."""
        return self._other(task)

    def figure(self, figure: model.Figure) -> list[str]:
        """The lines of a figure that stands on no page."""
        self._compute([figure])
        return self._figure(figure)

    # ------------------------------------------------------------------ parts

    def prose(self, blocks: Iterable[Block], narrower: int = 0) -> list[str]:
        return linear(blocks, self.width - narrower, self.ascii, self._other)

    def line(self, text: str) -> list[str]:
        """A sentence of ours, folded."""
        return words((model.Text(text),), self.width, self.ascii)

    def _review(self, block: model.Review) -> list[str]:
        from tutor.progress.reviews import comes_back

        course = self.session.course
        titles = course.task_titles
        lines = [line for one in block.ids for line in self.line(f"- {titles.get(one, one)}")]
        return [*lines, "", *self.line(f"They come back {comes_back(course, block.ids)}: dl-tutor review asks them.")]

    def _other(self, block: Block) -> list[str]:
        match block:
            case model.Figure():
                return self._figure(block)
            case model.Review():
                return [*self.prose(block.prose), *self._review(block)]
            case model.Run():
                return self._run(block)
            case model.Exercise():
                return self._exercise(block)
            case model.Quiz() | model.Predict():
                return self._choices(block)
            case model.Number():
                unit = f" The unit is {block.unit}." if block.unit else ""
                return self._question(block, "A number", "NUMBER", f"A number or an expression.{unit}")
            case model.Order():
                return self._order(block)
            case model.Explain():
                return self._explain(block)
            case _:
                return []

    def _head(self, kind: str, block: model.Task) -> list[str]:
        title = f": {block.title}" if block.title else ""
        return self.line(f"[{kind}{title}]{STANDING[self._states.get(block.id, 'new')]}")

    def _do(self, what: str, command: str) -> list[str]:
        """A command line, on a line of its own so that it can be copied."""
        return [f"{what}:", f"    dl-tutor {command}"]

    def _source(self, name: str, source: Source | None) -> list[str]:
        if source is None or not source.code.strip():
            return []
        return [f"{name}:", *code(source.code, self.ascii)]

    # ------------------------------------------------------------------ tasks

    def _run(self, block: model.Run) -> list[str]:
        return [
            *self._head("Code", block), *self.prose(block.prose), *self._source("Before it runs", block.setup),
            *self._source("Code", block.code), *self._do("To run it", f"run {block.id}"),
            *self._do("To have a copy to change", f"read --code {block.id} > {block.id}.py"),
            *self._do("To run the copy in its place", f"run {block.id} {block.id}.py"),
        ]  # fmt: skip

    def _exercise(self, block: model.Exercise) -> list[str]:
        from tutor.course.requirements import requirements

        checks = [line for _, asked in requirements(block) for line in indented(self.line(asked), 2, "- ")]
        lines = [
            *self._head("Exercise", block), *self.prose(block.prose), *self._source("Given", block.setup),
            *self._source("To begin with", block.starter), "Checks:", *checks,
            *self._do("To have the code in a file", f"read --code {block.id} > {block.id}.py"),
            *self._do("To check the file", f"check {block.id} {block.id}.py"),
        ]  # fmt: skip
        if block.hints:
            count = "1 hint" if len(block.hints) == 1 else f"{len(block.hints)} hints, one at a time"
            lines += self._do(f"For {count}", f"hint {block.id}")
        return [*lines, *self._do("For the solution, after passing or after the last hint", f"solution {block.id}")]

    def _choices(self, block: model.Quiz | model.Predict) -> list[str]:
        several = isinstance(block, model.Quiz) and block.several
        kind = "Predict first" if isinstance(block, model.Predict) else "Question"
        lines = [*self._head(kind, block), *self.prose(block.prose)]
        if isinstance(block, model.Predict):
            lines += [*self._source("Before it runs", block.setup), *self._source("Code", block.code)]
        for at, choice in enumerate(block.choices):
            lines += self._numbered(at + 1, choice.inlines)
            if isinstance(block, model.Predict) and block.curves:
                lines += self._sketch(block, at)
        how = "NUMBERS" if several else "NUMBER"
        also = " (1,3 chooses two)" if several else ""
        return [*lines, *self._do(f"To answer{also}", f"answer {block.id} {how}")]

    def _numbered(self, number: int, content: Sequence[Inline]) -> list[str]:
        mark = f"  {number}. "
        return indented(words(content, self.width - len(mark), self.ascii), len(mark), mark)

    def _sketch(self, block: model.Predict, at: int) -> list[str]:
        return indented(self.line(sketch_in_words(block, at)), 5)

    def _question(self, block: model.Number, kind: str, what: str, more: str) -> list[str]:
        return [
            *self._head(kind, block), *self.prose(block.prose), *self.line(more),
            *self._do("To answer", f'answer {block.id} "{what}"'),
        ]  # fmt: skip

    def _order(self, block: model.Order) -> list[str]:
        from tutor.answering import shuffled

        lines = [*self._head("Put in order", block), *self.prose(block.prose)]
        for at, line in enumerate(shuffled(block)):
            lines.append(self.session.text(f"  {at + 1}. {line}"))
        numbers = " ".join(str(at + 1) for at in range(len(block.lines)))
        return [*lines, *self._do("To answer, with the numbers in the right order", f"answer {block.id} {numbers}")]

    def _explain(self, block: model.Explain) -> list[str]:
        return [
            *self._head("In your own words", block), *self.prose(block.prose),
            *self._do("To answer; a model answer and its key points follow", f'answer {block.id} "YOUR WORDS"'),
            *self._do("The same from standard input", f"answer {block.id} -"),
        ]  # fmt: skip

    # ------------------------------------------------------------------ figures

    def _figure(self, block: model.Figure) -> list[str]:
        title = block.name.replace("-", " ")
        settings = ", ".join(f"{name} = {value}" for name, value in block.settings.items())
        lines = self.line(f"[Figure: {title}{f', {settings}' if settings else ''}]")
        lines += self.line(self._figures.get(key_of(block), "It was not computed."))
        lines += self.prose(block.caption)
        if block.attempt:
            lines += words((model.Text("Try: "), *block.attempt), self.width, self.ascii)
        given = "".join(f" {name}={value}" for name, value in block.settings.items())
        return [*lines, *self._do("To try other values, or see what there is to change", f"figure {block.name}{given}")]

    def _compute(self, blocks: Iterable[Block]) -> None:
        """The words of all figures among these blocks."""
        from tutor.course.walk import iter_blocks

        wanted = {key_of(one): one for one in iter_blocks(blocks) if isinstance(one, model.Figure)}
        missing = {key: one for key, one in wanted.items() if key not in self._figures}
        if missing:
            self._figures |= figures_in_words(self.session, missing)
