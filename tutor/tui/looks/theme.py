"""The look: pure-grey surfaces (they survive 256 colours), one accent, and signs that do not need colour.

Styles are kept by name as rich style strings, so that typesetting and plotting never know the screen.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from tutor.words import in_columns, to_ascii

if TYPE_CHECKING:
    from textual.theme import Theme

    from tutor.terminal import Terminal

DARK = "dl-tutor-dark"
LIGHT = "dl-tutor-light"


@dataclass(frozen=True, slots=True)
class Palette:
    """rich style strings by what they are for. All colours stand in the 256-colour cube or its greys, or are of the
    16 that every terminal names itself."""

    text: str
    dim: str
    faint: str
    rule: str
    accent: str
    strong: str
    heading: str
    code: str
    good: str
    bad: str
    warn: str
    cursor: str
    key: str
    dark: bool = True


DARK_PALETTE = Palette(
    text="#d0d0d0", dim="#949494", faint="#6c6c6c", rule="#444444", accent="#5fafd7", strong="bold #eeeeee",
    heading="bold #eeeeee", code="#afd7ff", good="#87af5f", bad="#d7875f", warn="#d7af5f",
    cursor="on #303030", key="bold #bcbcbc",
)  # fmt: skip

LIGHT_PALETTE = Palette(
    text="#262626", dim="#585858", faint="#808080", rule="#bcbcbc", accent="#005f87", strong="bold #080808",
    heading="bold #080808", code="#005f5f", good="#5f8700", bad="#af5f00", warn="#875f00",
    cursor="on #dadada", key="bold #444444", dark=False,
)  # fmt: skip


_REVERSE = "reverse default on default"
"""The whole row alike, whatever colours its words have."""

DARK_16 = Palette(
    text="", dim="white", faint="bright_black", rule="bright_black", accent="bright_cyan", strong="bold",
    heading="bold", code="bright_cyan", good="bright_green", bad="bright_red", warn="bright_yellow",
    cursor=_REVERSE, key="bold",
)  # fmt: skip

LIGHT_16 = Palette(
    text="", dim="bright_black", faint="bright_black", rule="bright_black", accent="blue", strong="bold",
    heading="bold", code="blue", good="green", bad="red", warn="magenta", cursor=_REVERSE, key="bold",
    dark=False,
)  # fmt: skip

COLOURLESS = Palette(
    text="", dim="", faint="dim", rule="dim", accent="bold", strong="bold", heading="bold", code="", good="",
    bad="bold", warn="bold", cursor="reverse not dim", key="bold",
)  # fmt: skip


def palette_for(terminal: Terminal) -> Palette:
    """The styles for a terminal of so many colours. 16 and none keep to its own ground and ink, which suit each
    other whatever they are."""
    dark = terminal.theme == "dark"
    if terminal.colours == "none":
        return replace(COLOURLESS, dark=dark)
    if terminal.colours == "16":
        return DARK_16 if dark else LIGHT_16
    return DARK_PALETTE if dark else LIGHT_PALETTE


def signs_for(terminal: Terminal) -> Signs:
    """The marks that this terminal can show."""
    return ASCII_SIGNS if terminal.ascii else Signs()


def theme_name(terminal: Terminal) -> str:
    """The Textual theme for this terminal."""
    return (DARK if terminal.theme == "dark" else LIGHT) + ("-16" if terminal.colours in ("16", "none") else "")


@dataclass(frozen=True, slots=True)
class Signs:
    """Marks that mean something. Standing: new, begun, done."""

    new: str = "○"
    begun: str = "◐"
    done: str = "●"
    right: str = "✓"
    wrong: str = "✗"
    here: str = "▸"
    rule: str = "─"
    tee_down: str = "┬"
    tee_up: str = "┴"
    bar: str = "│"
    off: str = "○"
    on: str = "◉"
    box_off: str = "☐"
    box_on: str = "☑"
    arrows: str = "↑↓"
    sides: str = "←→"
    arrow: str = "→"
    back: str = "←"
    dot: str = "·"
    dash: str = "–"

    def standing(self, state: str) -> str:
        """state: "new", "begun" or "done"."""
        return {"done": self.done, "begun": self.begun}.get(state, self.new)


_WIDER = {
    "off": "( )", "on": "(x)", "box_off": "[ ]", "box_on": "[x]", "arrows": "up/down", "sides": "left/right",
    "arrow": to_ascii("→"), "back": to_ascii("←"), "dot": "-",
}  # fmt: skip
"""Where a mark may take more room in 7 bits, or stands between words."""
ASCII_SIGNS = Signs(**{name: in_columns(sign) for name, sign in asdict(Signs()).items()} | _WIDER)


def themes() -> tuple[Theme, ...]:
    """The Textual themes: dark and light, each for many colours and for 16 or none."""
    from textual.theme import Theme

    return (
        Theme(
            name=DARK, dark=True, primary="#5fafd7", secondary="#5fafd7", accent="#5fafd7", foreground="#d0d0d0",
            background="#121212", surface="#1c1c1c", panel="#262626", success="#87af5f", warning="#d7af5f",
            error="#d7875f", boost="#262626",
            variables={"border": "#444444", "border-blurred": "#444444", "scrollbar": "#3a3a3a",
                       "scrollbar-hover": "#585858", "scrollbar-active": "#5fafd7",
                       "scrollbar-background": "#121212", "scrollbar-background-hover": "#121212",
                       "scrollbar-background-active": "#121212", "scrollbar-corner-color": "#121212"},
        ),
        Theme(
            name=LIGHT, dark=False, primary="#005f87", secondary="#005f87", accent="#005f87", foreground="#262626",
            background="#eeeeee", surface="#e4e4e4", panel="#dadada", success="#5f8700", warning="#875f00",
            error="#af5f00", boost="#dadada",
            variables={"border": "#bcbcbc", "border-blurred": "#bcbcbc", "scrollbar": "#bcbcbc",
                       "scrollbar-hover": "#949494", "scrollbar-active": "#005f87",
                       "scrollbar-background": "#eeeeee", "scrollbar-background-hover": "#eeeeee",
                       "scrollbar-background-active": "#eeeeee", "scrollbar-corner-color": "#eeeeee"},
        ),
        _of_16(DARK, dark=True, accent="ansi_bright_cyan", good="green", bad="bright_red", warn="bright_yellow"),
        _of_16(LIGHT, dark=False, accent="ansi_blue", good="green", bad="red", warn="magenta"),
    )  # fmt: skip


_OWN = (
    "scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active", "scrollbar-corner-color",
    "text-muted", "text-disabled", "input-cursor-background", "input-cursor-foreground", "block-cursor-background",
    "input-selection-background", "input-selection-foreground",
)  # fmt: skip
"""Variables of Textual's style sheets that keep to the terminal's own ground and ink."""


def _of_16(name: str, *, dark: bool, accent: str, good: str, bad: str, warn: str) -> Theme:
    """On the terminal's own ground: nothing is told by a surface there."""
    from textual.theme import Theme

    own = "ansi_default"
    quiet = "ansi_bright_black"
    return Theme(
        name=f"{name}-16", dark=dark, ansi=True, primary=accent, secondary=accent, accent=accent, foreground=own,
        background=own, surface=own, panel=own, boost=own, success=f"ansi_{good}", warning=f"ansi_{warn}",
        error=f"ansi_{bad}",
        variables={
            **dict.fromkeys(("border", "border-blurred", "scrollbar"), quiet),
            **dict.fromkeys(("scrollbar-hover", "scrollbar-active"), accent),
            **dict.fromkeys(_OWN, own),
            "ansi-background": "ansi_black" if dark else "ansi_white",
            "ansi-foreground": "ansi_white" if dark else "ansi_black",
            "block-cursor-text-style": "bold reverse",
        },
    )  # fmt: skip
