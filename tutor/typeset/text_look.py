"""How typeset text looks: style strings as rich reads them, chosen by whoever shows the text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Styles by their role. ascii: nothing beyond 7 bits.

    Colour is never the only sign: every role that matters has its words, its weight or its mark as well.
    surface: background behind a code block; "" leaves the page's own.
    """

    ascii: bool = False
    text: str = ""
    strong: str = "bold"
    emphasis: str = "italic"
    code: str = "#d7af5f"
    maths: str = ""
    link: str = "underline"
    heading: str = "bold #d7af5f"
    quiet: str = "#8a8a8a"
    number: str = "#8a8a8a"
    marker: str = "#8a8a8a"
    quote: str = "italic"
    bar: str = "#626262"
    warning_bar: str = "#d7af5f"
    box_title: str = "bold"
    table_head: str = "bold"
    broken: str = "reverse"
    surface: str = ""
    keyword: str = "bold"
    literal: str = "#d7af5f"
    name: str = ""
    comment: str = "italic #8a8a8a"

    @classmethod
    def without_colour(cls, ascii: bool = False) -> Look:
        """Weights and slants alone, for terminals without colours."""
        return cls(
            ascii=ascii, code="bold", heading="bold", quiet="dim", number="dim", marker="", bar="dim",
            warning_bar="bold", literal="", comment="italic",
        )  # fmt: skip

    @classmethod
    def bare(cls, ascii: bool = False) -> Look:
        """No styles at all, for pipes and screen readers."""
        return cls(
            ascii=ascii, strong="", emphasis="", code="", link="", heading="", quiet="", number="", marker="", quote="",
            bar="", warning_bar="", box_title="", table_head="", broken="", keyword="", literal="", comment="",
        )  # fmt: skip
