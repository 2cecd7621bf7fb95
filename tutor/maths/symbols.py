"""Tables: what each macro and character looks like; its form in 7 bits is that of `tutor.words`.

Unicode forms are one cell wide. Where DejaVu Sans Mono, the commonest terminal font on Linux, has no glyph and
a plain letter says the same, the plain letter is used (𝔼 is E, bold letters are letters).
"""

from __future__ import annotations

from tutor.maths.nodes import Sym
from tutor.words import to_ascii


def _table(kind: str, rows: str) -> dict[str, Sym]:
    """Rows of `name unicode`, separated by semicolons."""
    table = {}
    for row in rows.split(";"):
        if not row.strip():
            continue
        name, text = row.split()
        word = len(text) > 1 and text.isalpha()
        table[name] = Sym(text, to_ascii(text), kind, word=word, name=name)
    return table


GREEK = _table(
    "ord",
    "alpha α; beta β; gamma γ; delta δ; epsilon ε; varepsilon ε; zeta ζ; eta η; theta θ; vartheta ϑ; iota ι;"
    "kappa κ; lambda λ; mu μ; nu ν; xi ξ; pi π; rho ρ; varrho ϱ; sigma σ; varsigma ς; tau τ; upsilon υ; phi φ;"
    "varphi φ; chi χ; psi ψ; omega ω; Gamma Γ; Delta Δ; Theta Θ; Lambda Λ; Xi Ξ; Pi Π; Sigma Σ; Upsilon Υ; Phi Φ;"
    "Psi Ψ; Omega Ω",
)

ORDINARY = _table(
    "ord",
    "partial ∂; nabla ∇; infty ∞; ell ℓ; hbar ℏ; forall ∀; exists ∃; neg ¬; lnot ¬; emptyset ∅; varnothing ∅; top ⊤;"
    "bot ⊥; prime ′; vdots ⋮; ddots ⋱; angle ∠; Re Re; Im Im; imath i; jmath j; degree °; % %; # #; & &; $ $; _ _;"
    "dagger †; checkmark ✓; intercal ⊤; nexists ∄; square □; blacksquare ■",
)

DOTS = _table("dots", "ldots …; dots …; dotsc …; cdots ⋯; dotsb ⋯")

BINARY = _table(
    "bin",
    "cdot ·; times ×; div ÷; pm ±; mp ∓; odot ⊙; otimes ⊗; oplus ⊕; ominus ⊖; ast ∗; star ⋆; circ ∘; bullet •;"
    "cup ∪; cap ∩; setminus ∖; wedge ∧; land ∧; vee ∨; lor ∨; bmod mod; oslash ⊘; circledast ⊛",
)

RELATIONS = _table(
    "rel",
    "leq ≤; le ≤; geq ≥; ge ≥; leqslant ≤; geqslant ≥; neq ≠; ne ≠; ll ≪; gg ≫; lt <; gt >; approx ≈; sim ∼;"
    "simeq ≃; cong ≅; equiv ≡; propto ∝; triangleq ≜; coloneqq ≔; in ∈; notin ∉; ni ∋; subset ⊂; subseteq ⊆;"
    "supset ⊃; to →; rightarrow →; longrightarrow ⟶; leftarrow ←; gets ←; longleftarrow ⟵; leftrightarrow ↔;"
    "Rightarrow ⇒; implies ⇒; Leftarrow ⇐; Leftrightarrow ⇔; iff ⇔; Longrightarrow ⇒; mapsto ↦; longmapsto ↦; mid |;"
    "parallel ‖; perp ⊥; models ⊧; uparrow ↑; downarrow ↓; nearrow ↗; searrow ↘; colon :; hookrightarrow ↪;"
    "rightsquigarrow ⇝; independent ⊥; supseteq ⊇; prec ≺; preceq ≼; succ ≻; succeq ≽; lesssim ≲; gtrsim ≳;"
    "lessapprox ≲; gtrapprox ≳; rightleftharpoons ⇌; == ==",
)

NAMED = (
    *("exp", "log", "ln", "lg", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cot", "arcsin", "arccos", "arctan"),
    *("det", "dim", "ker", "deg", "gcd", "arg", "hom", "sgn", "sign", "softmax", "sigmoid", "softplus", "ReLU"),
    *("relu", "GELU", "diag", "trace", "tr", "rank", "Var", "Cov", "std", "mean"),
)
"""Operators set as upright words, with scripts at the side."""

NAMED_WITH_LIMITS = ["max", "min", "sup", "inf", "lim", "limsup", "liminf", "argmax", "argmin", "Pr"]

LARGE = {
    name: Sym(text, plain, "op", limits=limits, word=False, name=name)
    for name, text, plain, limits in (
        ("sum", "∑", "sum", True),
        ("prod", "∏", "prod", True),
        ("coprod", "∐", "coprod", True),
        ("bigcup", "∪", "union", True),
        ("bigcap", "∩", "intersection", True),
        ("bigodot", "⊙", ".*", True),
        ("bigoplus", "⊕", "(+)", True),
        ("bigotimes", "⊗", "(x)", True),
        ("int", "∫", "int", False),
        ("iint", "∫∫", "int int", False),
        ("oint", "∮", "int", False),
    )
}

OPERATORS: dict[str, Sym] = {
    **LARGE,
    **{name: Sym(name, name, "op", word=True, name=name) for name in NAMED},
    **{name: Sym(name, name, "op", limits=True, word=True, name=name) for name in NAMED_WITH_LIMITS},
}

SPACES = {
    ",": 1, ":": 1, ";": 1, " ": 1, "!": 0, "enspace": 1, "quad": 3, "qquad": 6, "thinspace": 1, "medspace": 1,
    "thickspace": 1, "negthinspace": 0, "space": 1, "hfill": 3,
}  # fmt: skip
"""Explicit spaces, in cells."""

SYMBOLS: dict[str, Sym] = {**GREEK, **ORDINARY, **DOTS, **BINARY, **RELATIONS, **OPERATORS}

CHARACTERS: dict[str, Sym] = {
    **{c: Sym(c, c, "bin") for c in "+*"},
    "-": Sym("−", "-", "bin"),
    "−": Sym("−", "-", "bin"),
    "/": Sym("/", "/", "ord", name="slash"),
    **{c: Sym(c, c, "rel") for c in "=<>:"},
    **{c: Sym(c, c, "punct") for c in ",;"},
    **{c: Sym(c, c, "close") for c in "!?"},
    "'": Sym("′", "'", "ord", name="prime"),
}
"""Characters that mean more than themselves; every other character is an ordinary symbol."""

for _symbol in list(SYMBOLS.values()):
    if len(_symbol.text) == 1:
        CHARACTERS.setdefault(_symbol.text, _symbol)

DEGREES = Sym("°", to_ascii("°"), "close", name="degree")
"""Behind a number."""

DELIMITERS = {
    "(": "(", ")": ")", "[": "[", "]": "]", "/": "/", ".": "", "|": "|", "<": "⟨", ">": "⟩", "{": "{", "}": "}",
    "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖",
    "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈",
    "rceil": "⌉", "backslash": "\\", "uparrow": "↑", "downarrow": "↓",
}  # fmt: skip
"""After `\\left`, `\\right`, `\\big…`: `\\|` is "Vert" and is looked up under "|" too."""

OPENING = {"(", "[", "{", "lbrace", "lbrack", "lvert", "lVert", "langle", "lfloor", "lceil"}
CLOSING = {")", "]", "}", "rbrace", "rbrack", "rvert", "rVert", "rangle", "rfloor", "rceil"}

ROUNDING = {("⌊", "⌋"): "floor", ("⌈", "⌉"): "ceil"}
"""Brackets that are functions in 7 bits."""

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
    "vec": "vec", "overrightarrow": "vec", "overleftarrow": "leftvec", "dot": "dot", "ddot": "ddot", "check": "check",
    "breve": "breve", "mathring": "ring", "underline": "underline", "cancel": "cancel",
}  # fmt: skip

COMBINING = {
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306", "leftvec": "\u20d6", "ring": "\u030a", "underline": "\u0332",
    "cancel": "\u0338",
}  # fmt: skip

SCRIPT_LETTERS = {"L": "ℒ"}
"""Calligraphic letters that stay calligraphic; the others are set plain, since most fonts lack them."""

DOUBLE_LETTERS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "P": "ℙ"}

SUPERSCRIPT: dict[int, str] = str.maketrans(
    dict(
        zip(
            "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW*⊤′°",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ*ᵀ′°",
            strict=True,
        )
    )
)

SUBSCRIPT: dict[int, str] = str.maketrans(
    dict(zip("0123456789+−-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
)


def in_script(text: str, table: dict[int, str]) -> str | None:
    """The text in small raised or lowered characters, or None where one of them does not exist."""
    if not text or any(ord(c) not in table for c in text):
        return None
    return text.translate(table)
