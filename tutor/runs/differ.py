"""What differs between two trainings: lines of code, arguments of compile and fit, the seed, what a hand did."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from tutor.runs.record import Record


@dataclass(frozen=True)
class Differences:
    """lines: ("-" gone or "+" new, the line). arguments: (name, before, after), "" where there was none.
    seeds: before and after, None where they are the same. hand: what was changed by hand in the later one."""

    lines: tuple[tuple[str, str], ...] = ()
    arguments: tuple[tuple[str, str, str], ...] = ()
    seeds: tuple[int, int] | None = None
    hand: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.arguments or self.seeds or self.hand)


def differences(before: Record, after: Record) -> Differences:
    """What is another in `after` than in `before`."""
    names = [*before.arguments, *(name for name in after.arguments if name not in before.arguments)]
    pairs = ((name, before.arguments.get(name, ""), after.arguments.get(name, "")) for name in names)
    return Differences(
        changed_lines(before.code, after.code),
        tuple(pair for pair in pairs if pair[1] != pair[2]),
        (before.seed, after.seed) if before.seed != after.seed else None,
        tuple(f"{one.what} by hand {one.before:g} to {one.after:g} after epoch {one.epoch}" for one in after.changes),
    )


def changed_lines(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Lines that are gone ("-") and new ("+"), in order. Blanks at the end of a line and empty lines do not count."""
    old, new = _lines(before), _lines(after)
    found: list[tuple[str, str]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [("-", line) for line in old[i1:i2]]
            found += [("+", line) for line in new[j1:j2]]
    return tuple(found)


def _lines(code: str) -> list[str]:
    return [line.rstrip() for line in code.splitlines() if line.strip()]


def short(found: Differences, arrow: str = "→") -> str:
    """One line: the arguments that changed, and how many lines of code did beside them."""
    parts = [f"{name} {before or 'none'} {arrow} {after or 'none'}" for name, before, after in found.arguments]
    if found.seeds:
        parts.append(f"seed {found.seeds[0]} {arrow} {found.seeds[1]}")
    parts += found.hand
    new = sum(sign == "+" for sign, _ in found.lines)
    gone = len(found.lines) - new
    if found.lines and not found.arguments:
        only = [line.strip() for sign, line in found.lines if sign == "+"]
        many = max(new, gone)
        parts.append(only[0] if len(only) == 1 and gone <= 1 else f"{many} line{'s' if many > 1 else ''} changed")
    return ", ".join(parts) or "nothing differs"
