"""Python on light paper. Textual's own colours of code are meant for a dark one: on light grey they vanish."""

from __future__ import annotations

from rich.style import Style
from textual.widgets.text_area import TextAreaTheme

_WORD, _NAME, _TYPE, _STRING, _NUMBER, _QUIET, _PLAIN = (
    "#005f87", "#5f005f", "#005f5f", "#87005f", "#005f00", "#585858", "#262626",
)  # fmt: skip
_COLOURS = {
    _WORD: (
        "keyword", "keyword.function", "keyword.return", "keyword.operator", "conditional", "repeat", "exception",
        "include",
    ),
    _NAME: ("function", "function.call"),
    _TYPE: ("type", "type.class", "type.builtin", "class", "method", "method.call", "constructor"),
    _STRING: ("string", "string.documentation"),
    _NUMBER: ("number", "float", "boolean", "constant.builtin"),
    _QUIET: ("comment",),
    _PLAIN: ("operator", "punctuation.bracket", "punctuation.delimiter", "punctuation.special"),
}  # fmt: skip

LIGHT = TextAreaTheme(
    name="dl-tutor-light",
    syntax_styles={name: Style(color=colour) for colour, names in _COLOURS.items() for name in names},
)
"""All colours stand in the 256-colour cube or its greys; surfaces and cursor come from the style sheet."""
