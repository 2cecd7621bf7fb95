"""The YAML at the head of a lesson: which keys there are, their types, and on which lines they stand."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from tutor.course.ids import ID
from tutor.course.problems import Problems
from tutor.words import did_you_mean

KEYS = ("id", "title", "minutes", "requires", "introduces", "sources")
_REQUIRED = ("id", "title", "minutes")
_LONGEST_MINUTES = 600


@dataclass(frozen=True)
class FrontMatter:
    id: str = ""
    title: str = ""
    minutes: int = 0
    requires: tuple[str, ...] = ()
    introduces: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def read_front_matter(text: str, line: int, problems: Problems) -> FrontMatter:
    """line: of the opening `---`. Required: id, title, minutes. What is wrong is noted, and left empty."""
    try:
        lines = _key_lines(yaml.compose(text, Loader=yaml.SafeLoader), line + 1, problems)
        values = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.add(
            line + where, f"The front matter is not YAML: {error.problem}.", "A value with : or # needs quotes."
        )
        return FrontMatter()
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:
        problems.add(
            line, f"The front matter is not YAML: {str(error).splitlines()[0] if str(error) else type(error)}."
        )
        return FrontMatter()
    if not isinstance(values, dict):
        problems.add(line, "The front matter has no keys.", f"It needs {', '.join(_REQUIRED)}.")
        return FrontMatter()
    return _typed(values, lines, line, problems)


def _key_lines(node: yaml.Node | None, first_line: int, problems: Problems) -> dict[str, int]:
    """The line of each key. A key that stands twice is an error, as YAML itself keeps the last without a word."""
    lines: dict[str, int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, _ in node.value:
            line = first_line + key.start_mark.line
            if str(key.value) in lines:
                problems.add(line, f'The front matter has "{key.value}" twice.')
            lines[str(key.value)] = line
    return lines


def _typed(values: dict[object, object], lines: dict[str, int], line: int, problems: Problems) -> FrontMatter:
    for key in values:
        if key not in KEYS:
            near = did_you_mean(str(key), KEYS)
            problems.add(lines.get(str(key), line), f'The front matter has no key "{key}".', near)
    for key in _REQUIRED:
        if key not in values:
            problems.add(line, f'The front matter has no "{key}".')
    reader = _Values(values, lines, line, problems)
    return FrontMatter(
        id=reader.id("id"),
        title=reader.text("title"),
        minutes=reader.minutes("minutes"),
        requires=reader.ids("requires"),
        introduces=reader.texts("introduces"),
        sources=reader.texts("sources"),
    )


class _Values:
    def __init__(self, values: dict[object, object], lines: dict[str, int], line: int, problems: Problems) -> None:
        self._values = values
        self._lines = lines
        self._line = line
        self._problems = problems

    def _wants(self, key: str, wanted: str, todo: str = "") -> None:
        self._problems.add(self._lines.get(key, self._line), f'"{key}" in the front matter wants {wanted}.', todo)

    def text(self, key: str) -> str:
        value = self._values.get(key, "")
        if isinstance(value, str) and (value.strip() or key not in self._values):
            return " ".join(value.split())
        self._wants(key, "some text", "Put it between quotes.")
        return ""

    def id(self, key: str) -> str:
        value = self.text(key)
        if value and not ID.match(value):
            self._wants(key, f'an id, not "{value}"', "Small letters, figures and hyphens: gradient-descent.")
            return ""
        return value

    def minutes(self, key: str) -> int:
        value = self._values.get(key)
        if type(value) is int and 0 < value <= _LONGEST_MINUTES:
            return value
        if key in self._values:
            self._wants(key, f"a whole number from 1 to {_LONGEST_MINUTES}")
        return 0

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self._wants(key, "a list", f"Like {key}: [a, b].")
            return ()
        if not all(isinstance(item, str) and item.strip() for item in value):
            self._wants(key, "a list of texts", "Put each that holds : or looks like a number between quotes.")
        return tuple(" ".join(item.split()) for item in value if isinstance(item, str) and item.strip())

    def ids(self, key: str) -> tuple[str, ...]:
        values = self.texts(key)
        for value in values:
            if not ID.match(value):
                self._wants(key, f'ids, and "{value}" is none')
        return tuple(value for value in values if ID.match(value))
