"""What all commands share: the flags, and from them the settings, the course, the terminal and the progress."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from tutor.course.model import Course
    from tutor.progress import Progress
    from tutor.settings import Settings
    from tutor.terminal import Terminal

F = TypeVar("F", bound=Callable[..., object])


@dataclass
class Session:
    """flags: those that were given, by the name of their setting. The rest is made when first asked for."""

    flags: dict[str, object] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """Raises UsageError for a setting that is off."""
        from tutor.settings import load_settings

        return load_settings(flags=self.flags)

    @cached_property
    def folder(self) -> Path:
        """The course's folder. Raises UsageError where the one that was asked for is none."""
        from tutor import paths
        from tutor.errors import UsageError

        if not self.settings.course:
            return paths.lessons_dir()
        folder = Path(self.settings.course).expanduser()
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}.", "A course is a folder with a course.toml.")
        if not (folder / "course.toml").is_file():
            raise UsageError(f"{folder} holds no course.", "A course has a course.toml; see the README.")
        return folder.absolute()

    @cached_property
    def course(self) -> Course:
        """Raises CourseError where its course.toml is broken."""
        from tutor import paths
        from tutor.course.loader import load_course

        return load_course(self.folder, paths.cache_dir())

    @cached_property
    def progress(self) -> Progress:
        from tutor import paths
        from tutor.progress import Progress

        return Progress.of_course(self.course, paths.state_dir(), self.window)

    @cached_property
    def window(self) -> str:
        """The name by which progress and the engine know this process."""
        from tutor.progress import window_name

        return window_name()

    @cached_property
    def terminal(self) -> Terminal:
        from tutor.terminal import look_at

        return look_at(self.settings, flags=self.flags)

    @property
    def width(self) -> int:
        """Columns for text: never more than 80."""
        return max(40, min(80, self.terminal.columns))

    def sign(self, name: str) -> str:
        """A mark that this terminal can show."""
        from tutor.words import in_columns

        return in_columns(SIGNS[name]) if self.terminal.ascii else SIGNS[name]

    def text(self, words: str) -> str:
        """Words of ours, of the course or of what was kept, harmless, in letters that this terminal can show."""
        if not words.isprintable():
            from tutor.messages.harmless import harmless

            words = harmless(words)
        if not self.terminal.ascii or words.isascii():
            return words
        from tutor.words import to_ascii

        return to_ascii(words)

    def echo(self, words: str = "") -> None:
        """One line on standard output. Where a terminal would break it within a word, it is folded between words; in
        a pipe it stays one."""
        text = self.text(words)
        if len(text) > self.terminal.columns and sys.stdout.isatty():
            indent = len(text) - len(text.lstrip())
            text = textwrap.fill(
                text, max(20, self.terminal.columns), subsequent_indent=" " * (indent and indent + 2),
                break_on_hyphens=False, break_long_words=False,
            )  # fmt: skip
        click.echo(text)

    def say_problems(self) -> None:
        """What progress has to tell: damage, a full disk."""
        from tutor.progress import IN_MEMORY

        lost = "what this command did is not kept"
        for sentence in self.progress.problems:
            click.echo(self.text(sentence.replace(IN_MEMORY, lost)), err=True)


SIGNS = {
    "new": "○", "begun": "◐", "done": "●", "passed": "✓", "failed": "✗", "error": "!", "skipped": "–", "here": "◂",
}  # fmt: skip


def _set_course(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    if value:
        ctx.ensure_object(Session).flags["course"] = value
    return value


def course_option(function: F) -> F:
    """`--course DIR`, before or after the command."""
    option = click.option(
        "--course", metavar="DIR", expose_value=False, callback=_set_course, is_eager=True,
        help="Another course: a folder with a course.toml.",
    )  # fmt: skip
    return option(function)


def json_option(function: F) -> F:
    option = click.option("--json", "as_json", is_flag=True, help="For programs: one JSON value.")
    return option(function)


def echo_json(value: object) -> None:
    """One JSON value on standard output, keys in the order they were written. What a terminal would act on is escaped,
    as JSON may have it."""
    import json

    from tutor.messages.harmless import as_escapes

    click.echo(as_escapes(json.dumps(value, indent=2, ensure_ascii=False)))
