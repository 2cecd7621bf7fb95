"""Python on light paper and in 16 colours. Textual's own colours of code are meant for a dark ground and many colours:
on light grey they vanish, and the nearest of 16 are no scheme."""

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

_NAMED = {
    True: ("bright_blue", "bright_yellow", "bright_cyan", "bright_magenta", "bright_green", "white", ""),
    False: ("blue", "magenta", "cyan", "red", "green", "bright_black", ""),
}
"""For a dark ground and a light one: of word, name, type, string, number, quiet and plain."""


def theme_for(colours: str, dark: bool) -> TextAreaTheme | None:
    """The colours of code; None for Textual's own."""
    if colours == "none":
        quiet = dict.fromkeys(_COLOURS[_QUIET], Style(italic=True))
        return TextAreaTheme("dl-tutor-none", syntax_styles=quiet | dict.fromkeys(_COLOURS[_WORD], Style(bold=True)))
    if colours == "16":
        named = zip(_NAMED[dark], _COLOURS.values(), strict=True)
        styles = {name: Style(color=colour or None) for colour, names in named for name in names}
        return TextAreaTheme("dl-tutor-16", syntax_styles=styles)
    return None if dark else LIGHT
