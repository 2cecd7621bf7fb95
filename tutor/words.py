"""How the tutor puts things: the name that may be meant, numbers and times for people, letters of 7 bits.

Open to all rooms. `to_ascii` is for text that is laid out afterwards: a sign may take more room (`→` is `->`, `w₁₀` is
`w_10`). `in_columns` is for what is laid out already: each sign keeps its columns (`→` is `>`). Both know one table.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby

# ------------------------------------------------------------------ the name that may be meant

CUTOFF = 0.65
"""How alike two names are before one is taken for a slip of the other (difflib's ratio): tanh_slope is no slip of
relu_slope (0.6), f is one of ff (0.67)."""
FEW = 12
"""So many names are listed where none is near."""


def nearest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """The known names that may be meant, the nearest first, at most so many. Capitals do not matter."""
    import difflib  # only an error needs it, and starting up should not pay for it

    words = sorted(set(known))
    near = difflib.get_close_matches(word, words, most, CUTOFF)
    lower = {name.lower(): name for name in words}
    return near or [lower[name] for name in difflib.get_close_matches(word.lower(), lower, most, CUTOFF)]


def did_you_mean(word: str, known: Iterable[str], quote: str = '"', few: int = FEW) -> str:
    """`Did you mean "x"?`, or the known names where none is near and they are few, or "". quote: around a name,
    "`" for what is typed into code or a command line. few: so many are listed."""
    words = sorted(set(known))
    if near := nearest(word, words):
        return f"Did you mean {quote}{near[0]}{quote}?"
    return f"Known: {', '.join(words)}." if 0 < len(words) <= few else ""


# ------------------------------------------------------------------ numbers and times


def number(value: float, digits: int = 4, *, zeros: bool = False) -> str:
    """A number as people read it and Python writes it: 0.05, 29,564, 4.942e-5, -0.95, nan.

    digits: how many count; those before the point all stay below ten million. zeros: those at the end stay, so that
    numbers under one another are of one length.
    """
    if isinstance(value, int) or not math.isfinite(value):
        return f"{value:,}"
    if 10**digits - 0.5 <= abs(value) < 1e7:
        return f"{value:,.0f}"
    text, power, exponent = f"{value:{'#' if zeros else ''},.{digits}g}".partition("e")
    return text.rstrip(".") + (f"e{int(exponent)}" if power else "")


def short(value: float, digits: int = 4) -> str:
    """A number in few characters, with the signs of mathematics, as on an axis: 3.653, 29,564, 1.2M, 4.942e-5, −0.95,
    ∞. digits: significant ones."""
    if math.isnan(value):
        return "missing"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e9 or size < 10.0 ** -max(digits - 1, 3):
        return power_of_ten(value, digits)
    if size >= 1e6:
        return minus(f"{value / 1e6:.{digits}g}") + "M"
    decimals = max(0, digits - 1 - math.floor(math.log10(size)))
    return minus(_bare(f"{value:,.{decimals}f}"))


def power_of_ten(value: float, digits: int = 4) -> str:
    """4.942e-5, 1e9; nan and inf as they are."""
    if not math.isfinite(value):
        return f"{value}"
    text, exponent = f"{value:.{max(digits - 1, 0)}e}".split("e")
    return f"{minus(_bare(text))}e{int(exponent)}"


def minus(text: str) -> str:
    """A number's text with a real minus sign."""
    return "−" + text[1:] if text.startswith("-") else text


def _bare(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def counted(count: int, what: str) -> str:
    """`1 epoch`, `2,000 samples`."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def duration(seconds: float) -> str:
    """0.8 s, 12 s, 3:05, 1:02:03; ? s for what is no time."""
    if not math.isfinite(seconds):
        return "? s"
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


# ------------------------------------------------------------------ letters of 7 bits

_SPELLED = """
    ϑ theta  ϱ rho  ς sigma  ϕ phi  ∂ d  ∇ grad  ∞ inf  ℓ l  ℏ h  ∀ forall  ∃ exists  ¬ not  ∅ {}  ⊤ T  ⊥ _|_  ℒ L  ℝ R
    ∑ sum  ∏ prod  ∐ coprod  ∫ int  ∮ int  √ sqrt  ∪ cup  ∩ cap  ∖ \\  ∧ and  ∨ or  ∠ angle  ° deg  ½ 1/2  ŷ hat(y)
    · *  × x  ÷ /  ± +-  ∓ -+  ⊙ .*  ⊗ (x)  ⊕ (+)  ⊖ (-)  ⊘ ./  ∗ *  ⋆ *  ∘ o  • *  † +
    − -  ≤ <=  ≥ >=  ≠ !=  ≪ <<  ≫ >>  ≈ ~=  ∼ ~  ≃ ~=  ≅ ~=  ≡ ==  ≜ :=  ≔ :=  ∝ propto
    ∈ in  ∉ notin  ∋ ni  ⊂ subset  ⊆ subset  ⊃ supset  ⊇ supset  ⊧ |=
    ≺ prec  ≼ preceq  ≻ succ  ≽ succeq  ≲ <~  ≳ >~  ⇌ <=>  ⊛ (*)  ∄ notexists  ■ [#]
    → ->  ← <-  ⟶ -->  ⟵ <--  ↔ <->  ⇒ =>  ⇐ <=  ⇔ <=>  ↦ |->  ↪ ->  ⇝ ~>  ↑ ^  ↓ v  ↗ /  ↘ \\
    ‖ ||  ⟨ <  ⟩ >  ⌊ |_  ⌋ _|  ⌈ |^  ⌉ ^|  ′ '  … ...  ⋯ ...  ⋱ ...  ⋮ :  – -  — --  ‘ '  ’ '  “ "  ” "
    ✓ ok  ✗ no  ○ o  ◐ +  ● *  ◉ x  ☐ o  ☑ x  □ []  ◆ #  ◇ v  ▸ >  ▶ >  ◂ <  ▎ |
    ─ -  ╌ -  ┄ -  ━ =  │ |  ┃ |  ┆ :  ┌ +  ┐ +  └ +  ┘ +  ├ +  ┤ +  ┬ +  ┴ +  ┼ +  ╭ +  ╮ +  ╯ +  ╰ +
    █ #  ▌ #  ▐ #  ▀ #  ▄ #  ▓ %  ▒ =  ░ .
"""
_words = _SPELLED.split()
LETTERS = dict(zip(_words[::2], _words[1::2], strict=True))
"""Signs and their spellings. Greek letters go by their names; other letters lose their accents."""
COLUMNS = {"·": ".", "…": ".", "—": "-", "✓": "+", "✗": "x", "→": ">", "←": "<", "□": "o"}
"""What stands for a sign in one column where its spelling takes more, or means more than a mark between words."""


@lru_cache(2048)
def to_ascii(text: str) -> str:
    """The text in 7 bits: signs by their spelling, others as `?`. Columns, two blanks or more apart, stay where they
    are: a word that grows takes of the blanks behind it."""
    if text.isascii():
        return text
    import re

    from rich.cells import cell_len

    found: list[str] = []
    owed = 0
    for part in re.split(r"( {2,})", text):
        if part and not part.strip(" "):
            taken = min(owed, len(part) - 2) if owed > 0 else owed
            found.append(part[: len(part) - taken] if taken >= 0 else part + " " * -taken)
            owed -= taken
        else:
            spelt = _spelt(part)
            owed += len(spelt) - cell_len(part)
            found.append(spelt)
    return "".join(found)


@cache
def spelled(char: str) -> str:
    """One character in 7 bits: `->` for `→`, `theta` for `θ`, `e` for `é`; "" for an accent, `?` for the unknown."""
    if char.isascii():
        return char
    if char in LETTERS:
        return LETTERS[char]
    name = unicodedata.name(char, "")
    if name.startswith("GREEK ") and "LETTER " in name:
        word = name.rpartition("LETTER ")[2].split(" ")[0].lower().replace("lamda", "lambda")
        return word.capitalize() if " CAPITAL " in name else word
    if char.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", char)
    if parts != char:
        found = "".join(map(spelled, parts))
        return found if found.strip("?") or not found else "?"
    return "" if unicodedata.combining(char) else "?"


def in_columns(text: str) -> str:
    """The same columns with no character beyond 7 bits: `?` where a sign has no form that is as wide as it."""
    return text if text.isascii() else "".join(map(_in_columns, text))


@cache
def _in_columns(char: str) -> str:
    if char.isascii():
        return char
    from rich.cells import cell_len

    plain = COLUMNS.get(char) or LETTERS.get(char) or unicodedata.normalize("NFD", char)[0]
    width = cell_len(char)
    return plain if plain.isascii() and len(plain) == width else "?" * width


def _spelt(text: str) -> str:
    """`e⁻ᵒ` is `e^(-o)`, `w₁₀` is `w_10`, `∇ℒ` is `grad L`."""
    found = ""
    after_word = False
    for mark, run in groupby(text, _script):
        chars = list(run)
        if mark:
            plain = "".join(map(spelled, chars))
            found += mark + (plain if plain.isalnum() or plain.startswith("(") else f"({plain})")
            after_word = False
            continue
        for char in chars:
            plain = spelled(char)
            is_word = len(plain) > 1 and plain.isalpha()
            apart = (is_word or after_word) and found[-1:].isalnum() and plain[:1].isalnum()
            found += f" {plain}" if apart else plain
            after_word = is_word or (after_word and not plain)
    return found


def _script(char: str) -> str:
    """`^` for a raised character, `_` for a lowered one."""
    return {"<super>": "^", "<sub>": "_"}.get(unicodedata.decomposition(char).split(" ")[0], "")
