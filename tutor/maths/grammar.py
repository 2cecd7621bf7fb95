"""Which macros and environments take which arguments, as pylatexenc's walker wants to be told."""

from __future__ import annotations

from functools import cache

from pylatexenc.macrospec import EnvironmentSpec, LatexContextDb, MacroSpec, MacroStandardArgsParser, SpecialsSpec

from tutor.maths.symbols import ACCENTS, DELIMITERS, SPACES, SYMBOLS

TEXT_MACROS = {"text", "textrm", "textbf", "textit", "textsf", "texttt", "mbox", "textnormal"}
FONT_MACROS = {
    "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathscr", "mathbb", "mathds", "boldsymbol", "bm",
    "mathfrak", "pmb",
}  # fmt: skip
FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom"}
SIZES = {
    f"{size}{side}": level
    for level, size in enumerate(("big", "Big", "bigg", "Bigg"), 1)
    for side in ("", "l", "r", "m")
}
INFIX = {"over", "choose"}
"""What has its arguments before and behind it, within its braces."""
INSTEAD = {
    **dict.fromkeys(("newcommand", "renewcommand", "def", "DeclareMathOperator"), "Write out what it stands for."),
    "href": "A link stands outside of a formula: [words](address).",
    **dict.fromkeys(("ref", "eqref"), "Write the number of the formula, as its \\tag has it."),
    **dict.fromkeys(("kern", "mkern", "hskip", "mskip"), "A space is \\, or \\quad."),
}
"""Commands that no formula can carry out by itself, and what to do."""
IGNORED = {
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "bf", "rm", "it",
    "mathstrut",
}  # fmt: skip

ARGUMENTS: dict[str, str] = {
    **dict.fromkeys(FRACTIONS, "{{"),
    **dict.fromkeys(FONT_MACROS | set(ACCENTS) | set(SIZES), "{"),
    **dict.fromkeys(("left", "right", "middle", "not", "boxed", "substack", "pmod", "xrightarrow"), "{"),
    **dict.fromkeys(("underbrace", "overbrace", "label", "phantom", "hspace", "mathop", "mathbin", "mathrel"), "{"),
    **dict.fromkeys(("smash", "vspace", "color"), "{"), "textcolor": "{{",
    **dict.fromkeys(("overset", "underset", "stackrel"), "{{"),
    "sqrt": "[{", "operatorname": "*{", "tag": "*{",
}  # fmt: skip

MATRICES = {
    "matrix": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"), "smallmatrix": ("", ""), "array": ("", ""),
}  # fmt: skip
CASES = {"cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}")}
ALIGNED = {"aligned", "align", "align*", "split", "alignat", "eqnarray", "eqnarray*"}
GATHERED = {"gathered", "gather", "gather*", "equation", "equation*", "multline", "multline*"}
ENVIRONMENTS = {*MATRICES, *CASES, *ALIGNED, *GATHERED}


@cache
def known_macros() -> tuple[str, ...]:
    """Every macro name that the typesetter knows, without the backslash."""
    names = {*SYMBOLS, *SPACES, *ARGUMENTS, *TEXT_MACROS, *INFIX, *IGNORED, *DELIMITERS, "\\", "|"}
    return tuple(sorted(name for name in names if name))


def arguments_of(macro: str) -> int:
    """How many arguments a macro takes, those included that may be left out."""
    return 1 if macro in TEXT_MACROS else len(ARGUMENTS.get(macro, ""))


@cache
def context() -> LatexContextDb:
    """The walker's tables. Made once: it costs a millisecond."""
    macros = [MacroSpec(name, MacroStandardArgsParser(spec)) for name, spec in ARGUMENTS.items()]
    macros += [MacroSpec(name, MacroStandardArgsParser("{", args_math_mode=[False])) for name in TEXT_MACROS]
    takes_columns = {"array", "alignat"}
    environments = [
        EnvironmentSpec(name, MacroStandardArgsParser("{" if name in takes_columns else ""), is_math_mode=True)
        for name in sorted(ENVIRONMENTS)
    ]
    database = LatexContextDb()
    specials = [SpecialsSpec(c) for c in ("^", "_", "&", "~")]
    database.add_context_category("maths", macros=macros, environments=environments, specials=specials)
    database.set_unknown_macro_spec(MacroSpec(""))
    database.set_unknown_environment_spec(EnvironmentSpec("", is_math_mode=True))
    return database
