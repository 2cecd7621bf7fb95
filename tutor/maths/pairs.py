"""Signs that authors write with two characters, as in `<=` and `||`: read as the one that is meant."""

from __future__ import annotations

from dataclasses import replace

from tutor.maths.tokens import Token

RELATIONS = {"<=": "le", ">=": "ge", ":=": "coloneqq", "==": "==", "->": "to", "=>": "Rightarrow"}
"""Not `<-` nor `!=`, which also come up in x<-1 and n!=5."""
_DEEPER = {"(", "[", "\\{", "left", "lbrace", "lbrack", "langle", "lvert", "lVert", "lfloor", "lceil"}
_HIGHER = {")", "]", "\\}", "right", "rbrace", "rbrack", "rangle", "rvert", "rVert", "rfloor", "rceil"}


def joined(tokens: list[Token]) -> list[Token]:
    """The steps, with the two of each such sign as one. `||` is one bar of two strokes, as in D(p||q) and ||x||, unless
    single bars stand beside it between the same brackets, as in |a||b|."""
    depths = _depths(tokens)
    single = _single_bars(tokens, depths)
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        pair = _pair(tokens, at)
        if pair in RELATIONS:
            found.append(replace(tokens[at], kind="pair", text=RELATIONS[pair]))
        elif pair == "||" and depths[at] not in single:
            found.append(replace(tokens[at], text="‖"))
        else:
            found.append(tokens[at])
            at -= 1
        at += 2
    return found


def _pair(tokens: list[Token], at: int) -> str:
    """Two characters that stand close together, from this one on; "" where there are not two."""
    if at + 1 >= len(tokens):
        return ""
    first, second = tokens[at], tokens[at + 1]
    close = first.kind == second.kind == "char" and second.position == first.position + 1
    return first.text + second.text if close else ""


def _depths(tokens: list[Token]) -> list[int]:
    """For each step, between which brackets it stands: a number for each pair of them."""
    found, around, last = [], [0], 0
    for token in tokens:
        name = f"\\{token.text}" if token.kind == "macro" and token.text in "{}" else token.text
        if name in _HIGHER and len(around) > 1:
            around.pop()
        found.append(around[-1])
        if name in _DEEPER:
            last += 1
            around.append(last)
    return found


def _single_bars(tokens: list[Token], depths: list[int]) -> set[int]:
    """Between which brackets a bar stands that has no second one beside it."""
    found, at = set(), 0
    while at < len(tokens):
        double = _pair(tokens, at) == "||"
        if tokens[at].kind == "char" and tokens[at].text == "|" and not double:
            found.add(depths[at])
        at += 2 if double else 1
    return found
