"""The learner's own keys, from `[keys]` in the settings: checked, put into the registry, and named in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tutor.errors import UsageError
from tutor.tui import actions
from tutor.words import did_you_mean


def remap(keys: Mapping[str, str]) -> None:
    """Put the learner's own keys in place of the usual ones. keys: an action -> keys, with commas. An action is called
    by its id ("workbench.f6"), by place and name ("workbench.check"), or by a name that only one has ("check").

    To be called before the screens are imported, whose bindings are made from the registry. Raises UsageError for
    an action or a key that there is not, and where two actions of one place would have the same key.
    """
    changed = {}
    for name, words in keys.items():
        action = named(name)
        changed[action.id] = replace(action, keys=_keys(action, words), shown="", name=action.id)
    if not changed:
        return
    actions.put(changed)
    for action in changed.values():
        _refuse_doubles(action)


def named(name: str) -> actions.Action:
    """The action that settings call so. Raises UsageError with the nearest names."""
    exact = actions.by_id(name)
    if exact is not None:
        return exact
    place, dot, call = name.rpartition(".")
    found = [one for one in actions.ACTIONS if one.action and one.call == call and (one.place == place or not dot)]
    if len(found) == 1:
        return found[0]
    if found:
        may_be = ", ".join(one.id for one in found)
        raise UsageError(f"Under [keys], {name!r} is the name of several actions.", f"They are: {may_be}.")
    known = [name for one in actions.ACTIONS for name in (one.id, f"{one.place}.{one.call}", one.call)]
    hint = did_you_mean(name, known, "`", few=0)
    raise UsageError(
        f"The settings name an action {name!r} under [keys], which there is not.",
        f"{hint} `dl-tutor keys` lists all.".strip(),
    )


_KEY = re.compile(r"((ctrl|shift|alt)\+)*([^\s,+]|[a-z]+(_[a-z]+)*|f[1-9][0-9]?)")
_WORDS = frozenset((
    "enter", "escape", "space", "tab", "backspace", "delete", "insert", "up", "down", "left", "right", "home", "end",
    "pageup", "pagedown", "plus", "minus", "slash", "backslash", "underscore", "colon", "comma", "full_stop",
    "question_mark", "semicolon", "apostrophe", "at", "number_sign", "dollar_sign", "percent_sign", "ampersand",
    "asterisk", "equals_sign", "less_than_sign", "greater_than_sign", "exclamation_mark", "quotation_mark",
    "left_parenthesis", "right_parenthesis", "left_square_bracket", "right_square_bracket", "left_curly_bracket",
    "right_curly_bracket", "vertical_line", "circumflex_accent", "grave_accent", "tilde",
))  # fmt: skip
"""Keys with names, as Textual calls them."""
_OTHER_NAMES = {"esc": "escape", "return": "enter", "page up": "pageup", "page down": "pagedown", "?": "question_mark",
                ":": "colon", "/": "slash"}  # fmt: skip
MOST_F = 24
"""F-keys that terminals know of."""
_TYPED = frozenset({"workbench", "editor", "field", "naming", "sample"})
"""Places with something to type into."""


def _keys(action: actions.Action, words: str) -> tuple[str, ...]:
    """The keys that a setting names. Raises UsageError where one is none, or where their number does not fit."""
    if action.action in ("none", ""):
        raise UsageError(f"The keys of {action.id} cannot be others.", "What has the focus takes them by itself.")
    keys = tuple(_OTHER_NAMES.get(key.strip().lower(), key.strip()) for key in words.split(","))
    for key in keys:
        last = key.rpartition("+")[2] or key
        function = last[:1] == "f" and last[1:].isdigit()
        known = int(last[1:]) <= MOST_F if function else len(last) == 1 or last in _WORDS
        if not _KEY.fullmatch(key) or not known:
            raise UsageError(f"Under [keys], {action.id} has {key!r}, which is no key.", "For example: f5, ctrl+k, n.")
        apart = function or key.startswith(("ctrl+", "alt+")) or key in ("escape", "insert", *action.keys)
        if action.place in _TYPED and not apart:
            raise UsageError(
                f"Under [keys], {action.id} has {key!r}, which could not be typed any more.",
                "It needs an F-key, or one with ctrl.",
            )
    calls = len(action.action.split(";"))
    if len(keys) % calls:
        raise UsageError(f"Under [keys], {action.id} needs {calls} keys, one for each direction.", f"It has {words!r}.")
    return keys


_AT_ONCE = {"page", "workbench", "editor"}
"""Places whose keys act at the same time."""


def _refuse_doubles(action: actions.Action) -> None:
    for other in actions.ACTIONS:
        both = set(action.keys) & set(other.keys)
        if {action.place, other.place} <= _AT_ONCE and action.place != other.place:
            both -= {"escape", "enter", "space", "tab"}  # each acts where the focus is
        elif other.place not in (action.place, "everywhere"):
            both = set()
        if other.id != action.id and both and other.action:
            raise UsageError(
                f"Under [keys], {action.id} has {sorted(both)[0]!r}, which {other.id} has already.",
                "Give one of the two another key.",
            )


_USUAL = {one.shown or actions.key_name(one.keys[0]): one.id for one in actions.ACTIONS if one.place == "workbench"}


def spelled(text: str) -> str:
    """A sentence that names keys of the workbench ("F6 checks it"), with the learner's own keys in their place."""

    def own(found: re.Match[str]) -> str:
        action = actions.by_id(_USUAL.get(found[0], ""))
        return actions.key_name(action.keys[0]) if action is not None and not action.shown else found[0]

    return re.sub(r"\bF[1-9][0-9]?\b|\bctrl\+c\b", own, text)
