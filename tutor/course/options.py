"""The `:key: value` lines under the opening fence of a directive, and their typed values."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from tutor.course.ids import ID
from tutor.course.problems import Problems
from tutor.words import did_you_mean

OPTION_LINE = re.compile(r"^:([A-Za-z][\w-]*):(?:[ \t]+(.*?))?[ \t]*$")
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


@dataclass(frozen=True)
class Option:
    name: str
    value: str
    line: int


class Options:
    """The options of one directive. Asking for a value notes what is wrong with it and gives the default."""

    def __init__(self, options: list[Option], directive: str, line: int, problems: Problems) -> None:
        self.all = options
        self.line = line
        self._directive = directive
        self._problems = problems

    def check(self, known: Collection[str], repeatable: Collection[str] = (), open_ended: bool = False) -> None:
        """Unknown and repeated options are errors. open_ended: other names are parameters of a figure."""
        seen: set[str] = set()
        for option in self.all:
            if option.name not in known and not (open_ended and _NAME.match(option.name)):
                near = did_you_mean(option.name, known)
                self._problems.add(option.line, f"{{{self._directive}}} has no option :{option.name}:.", near)
            elif option.name in seen and option.name not in repeatable:
                self._problems.add(option.line, f"The option :{option.name}: stands here twice.")
            elif not option.value:
                self._problems.add(option.line, f"The option :{option.name}: has no value.")
            seen.add(option.name)

    def get(self, name: str) -> Option | None:
        """The first option of that name that has a value."""
        return next((option for option in self.all if option.name == name and option.value), None)

    def every(self, name: str) -> list[Option]:
        return [option for option in self.all if option.name == name and option.value]

    def text(self, name: str, default: str = "") -> str:
        option = self.get(name)
        return option.value if option else default

    def words(self, name: str) -> tuple[str, ...]:
        """A list with commas: `gradient, sum-of-squares`."""
        option = self.get(name)
        if option is None:
            return ()
        words = tuple(word.strip() for word in option.value.split(","))
        if not all(words):
            self._problems.add(option.line, f":{name}: has an empty place between its commas.")
        return tuple(word for word in words if word)

    def ids(self, name: str) -> tuple[str, ...]:
        """A list of ids with commas."""
        option = self.get(name)
        words = self.words(name)
        for word in words:
            if not ID.match(word):
                self._bad_id(option.line if option else self.line, name, word)
        return tuple(word for word in words if ID.match(word))

    def id(self, name: str) -> str:
        option = self.get(name)
        if option and not ID.match(option.value):
            self._bad_id(option.line, name, option.value)
            return ""
        return option.value if option else ""

    def _bad_id(self, line: int, name: str, word: str) -> None:
        self._problems.add(line, f':{name}: wants an id, not "{word}".', "Ids look like: largest-rate.")

    def seconds(self, default: float, longest: float = 3600.0) -> float:
        """`:seconds:` as a number of seconds above 0."""
        option = self.get("seconds")
        if option is None:
            return default
        try:
            value = float(option.value)
        except ValueError:
            value = -1.0
        if not 0.0 < value <= longest:
            wanted = f"a number of seconds, above 0 and up to {longest:g}"
            self._problems.add(option.line, f':seconds: wants {wanted}, not "{option.value}".')
            return default
        return value

    def one_of(self, name: str, values: tuple[str, ...]) -> str:
        """One of the values; the first is the default."""
        option = self.get(name)
        if option is None:
            return values[0]
        if option.value not in values:
            self._problems.add(
                option.line, f':{name}: is one of {", ".join(values)}, not "{option.value}".',
                did_you_mean(option.value, values) if len(values) > 3 else "",
            )  # fmt: skip
            return values[0]
        return option.value

    def assignments(self, name: str) -> dict[str, str]:
        """`rho=5e-5 steps=10` as a mapping."""
        option = self.get(name)
        values: dict[str, str] = {}
        for word in option.value.split() if option else ():
            key, equals, value = word.partition("=")
            line = option.line if option else self.line
            if not equals or not value or not _NAME.match(key):
                self._problems.add(line, f':{name}: wants name=value, not "{word}".', "Like: rho=5e-5 steps=10.")
            elif key in values:
                self._problems.add(line, f":{name}: sets {key} twice.")
            else:
                values[key] = value
        return values


def split_options(content: str, first_line: int, problems: Problems) -> tuple[list[Option], str, int]:
    """The options at the head of a directive's content, the rest, and the number of lines taken.

    first_line: line in the file of the content's first line.
    """
    lines = content.split("\n")
    options: list[Option] = []
    taken = 0
    for text in lines:
        stripped = text.strip()
        if not stripped.startswith(":") or stripped.startswith(":::"):
            break
        found = OPTION_LINE.match(stripped)
        if found:
            options.append(Option(found.group(1), (found.group(2) or "").strip(), first_line + taken))
        else:
            problems.add(first_line + taken, f'"{stripped[:40]}" is not an option.', "An option is :key: value.")
        taken += 1
    return options, "\n".join(lines[taken:]), taken
