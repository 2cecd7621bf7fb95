"""Tables: what each macro and character looks like, in Unicode and in 7 bits.

Unicode forms are one cell wide. Where DejaVu Sans Mono, the commonest terminal font on Linux, has no glyph and
a plain letter says the same, the plain letter is used (𝔼 is E, bold letters are letters).
"""

from __future__ import annotations

from tutor.maths.nodes import Sym


def _table(kind: str, rows: str) -> dict[str, Sym]:
    """Rows of `name unicode ascii`, separated by semicolons."""
    table = {}
    for row in rows.split(";"):
        if not row.strip():
            continue
        name, text, plain = row.split()
        word = len(text) > 1 and text.isalpha()
        table[name] = Sym(text, plain, kind, word=word, name=name)
    return table


GREEK = _table(
    "ord",
    "alpha α alpha; beta β beta; gamma γ gamma; delta δ delta; epsilon ε epsilon; varepsilon ε epsilon;"
    "zeta ζ zeta; eta η eta; theta θ theta; vartheta ϑ theta; iota ι iota; kappa κ kappa; lambda λ lambda;"
    "mu μ mu; nu ν nu; xi ξ xi; pi π pi; rho ρ rho; varrho ϱ rho; sigma σ sigma; varsigma ς sigma; tau τ tau;"
    "upsilon υ upsilon; phi φ phi; varphi φ phi; chi χ chi; psi ψ psi; omega ω omega; Gamma Γ Gamma;"
    "Delta Δ Delta; Theta Θ Theta; Lambda Λ Lambda; Xi Ξ Xi; Pi Π Pi; Sigma Σ Sigma; Upsilon Υ Upsilon;"
    "Phi Φ Phi; Psi Ψ Psi; Omega Ω Omega",
)

ORDINARY = _table(
    "ord",
    "partial ∂ d; nabla ∇ grad; infty ∞ inf; ell ℓ l; hbar ℏ h; forall ∀ forall; exists ∃ exists; neg ¬ not;"
    "lnot ¬ not; emptyset ∅ {}; varnothing ∅ {}; top ⊤ T; bot ⊥ _|_; prime ′ '; ldots … ...; dots … ...;"
    "dotsc … ...; cdots ⋯ ...; dotsb ⋯ ...; vdots ⋮ :; ddots ⋱ ...; angle ∠ angle; circ ° deg;"
    "Re Re Re; Im Im Im; imath i i; jmath j j; degree ° deg; % % %; # # #; & & &; $ $ $; _ _ _;"
    "dagger † +; checkmark ✓ ok",
)

BINARY = _table(
    "bin",
    "cdot · *; times × x; div ÷ /; pm ± +-; mp ∓ -+; odot ⊙ .*; otimes ⊗ (x); oplus ⊕ (+); ominus ⊖ (-);"
    "ast ∗ *; star ⋆ *; circ ∘ o; bullet • *; cup ∪ cup; cap ∩ cap; setminus ∖ \\; wedge ∧ and; land ∧ and;"
    "vee ∨ or; lor ∨ or; bmod mod mod; oslash ⊘ ./",
)

RELATIONS = _table(
    "rel",
    "leq ≤ <=; le ≤ <=; geq ≥ >=; ge ≥ >=; leqslant ≤ <=; geqslant ≥ >=; neq ≠ !=; ne ≠ !=; ll ≪ <<; gg ≫ >>;"
    "lt < <; gt > >; approx ≈ ~=; sim ∼ ~; simeq ≃ ~=; cong ≅ ~=; equiv ≡ ==; propto ∝ propto; triangleq ≜ :=;"
    "coloneqq ≔ :=; in ∈ in; notin ∉ notin; ni ∋ ni; subset ⊂ subset; subseteq ⊆ subset; supset ⊃ supset;"
    "to → ->; rightarrow → ->; longrightarrow ⟶ -->; leftarrow ← <-; gets ← <-; longleftarrow ⟵ <--;"
    "leftrightarrow ↔ <->; Rightarrow ⇒ =>; implies ⇒ =>; Leftarrow ⇐ <=; Leftrightarrow ⇔ <=>; iff ⇔ <=>;"
    "Longrightarrow ⇒ =>; mapsto ↦ |->; longmapsto ↦ |->; mid | |; parallel ‖ ||; perp ⊥ _|_; models ⊧ |=;"
    "uparrow ↑ ^; downarrow ↓ v; nearrow ↗ /; searrow ↘ \\; colon : :; hookrightarrow ↪ ->;"
    "rightsquigarrow ⇝ ~>; independent ⊥ _|_",
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

SYMBOLS: dict[str, Sym] = {**GREEK, **ORDINARY, **BINARY, **RELATIONS, **OPERATORS}

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

DELIMITERS: dict[str, tuple[str, str]] = {
    "(": ("(", "("), ")": (")", ")"), "[": ("[", "["), "]": ("]", "]"), "/": ("/", "/"), ".": ("", ""),
    "|": ("|", "|"), "<": ("⟨", "<"), ">": ("⟩", ">"), "{": ("{", "{"), "}": ("}", "}"), "lbrace": ("{", "{"),
    "rbrace": ("}", "}"), "lbrack": ("[", "["), "rbrack": ("]", "]"), "vert": ("|", "|"), "lvert": ("|", "|"),
    "rvert": ("|", "|"), "Vert": ("‖", "||"), "lVert": ("‖", "||"), "rVert": ("‖", "||"), "langle": ("⟨", "<"),
    "rangle": ("⟩", ">"), "lfloor": ("⌊", "|_"), "rfloor": ("⌋", "_|"), "lceil": ("⌈", "|^"),
    "rceil": ("⌉", "^|"), "backslash": ("\\", "\\"), "uparrow": ("↑", "^"), "downarrow": ("↓", "v"),
}  # fmt: skip
"""After `\\left`, `\\right`, `\\big…`: as Unicode and in 7 bits. `\\|` is "Vert" and is looked up under "|" too."""

OPENING = {"(", "[", "{", "lbrace", "lbrack", "lvert", "lVert", "langle", "lfloor", "lceil"}
CLOSING = {")", "]", "}", "rbrace", "rbrack", "rvert", "rVert", "rangle", "rfloor", "rceil"}

ASCII_DELIMITER = dict(DELIMITERS.values())

ROUNDING = {("⌊", "⌋"): "floor", ("⌈", "⌉"): "ceil"}
"""Brackets that are functions in 7 bits."""

ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar", "overline": "bar",
    "vec": "vec", "overrightarrow": "vec", "dot": "dot", "ddot": "ddot", "check": "check", "breve": "breve",
}  # fmt: skip

COMBINING = {
    "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "breve": "\u0306",
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
