"""The walker's nodes as single steps. What pylatexenc's nodes hold is looked at here alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pylatexenc import latexwalker as walker

from tutor.maths import grammar
from tutor.maths.maths_error import MathsError


@dataclass(frozen=True, slots=True)
class Token:
    """One step of the source. kind: char, group, macro, environment, special, text. node: the walker's own."""

    kind: str
    text: str
    position: int
    node: object = None


def flatten(nodes: Iterable[object] | None) -> list[Token]:
    """The walker's nodes as single steps: characters one by one, blanks left out.

    Raises MathsError for a command that has not what it needs: the walker gives none to one that is an argument itself.
    """
    tokens: list[Token] = []
    for node in nodes or ():
        if isinstance(node, walker.LatexCharsNode):
            tokens += [_letter(c, node.pos + i) for i, c in enumerate(node.chars) if not c.isspace()]
        elif isinstance(node, walker.LatexGroupNode):
            tokens.append(Token("group", "", node.pos, node))
        elif isinstance(node, walker.LatexMacroNode):
            _whole(node)
            name = " " if node.macroname.isspace() else node.macroname
            tokens.append(Token("macro", name, node.pos, node))
        elif isinstance(node, walker.LatexEnvironmentNode):
            tokens.append(Token("environment", node.environmentname, node.pos, node))
        elif isinstance(node, walker.LatexSpecialsNode):
            tokens.append(Token("special", node.specials_chars, node.pos, node))
        elif isinstance(node, walker.LatexCommentNode):
            tokens.append(Token("comment", "", node.pos, node))
        elif isinstance(node, walker.LatexMathNode):
            tokens += flatten(node.nodelist)
    return tokens


def _letter(char: str, position: int) -> Token:
    """Raises MathsError for what cannot be seen: a control character, one that changes the direction of text."""
    if unicodedata.category(char).startswith("C"):
        raise MathsError(
            f"Character {position + 1}: U+{ord(char):04X} cannot be seen.", "Take it out, or type the formula anew.",
            position=position,
        )  # fmt: skip
    return Token("char", char, position)


def _whole(node: walker.LatexMacroNode) -> None:
    """Raises MathsError where a command lacks arguments."""
    if len(arguments(node)) < grammar.arguments_of(node.macroname):
        raise MathsError(
            f"Character {node.pos + 1}: \\{node.macroname} is an argument, and has none of its own.",
            f"Put it into braces with what belongs to it: {{\\{node.macroname}…}}.",
            position=node.pos,
        )


def arguments(node: object) -> list[object]:
    """The walker's arguments of a macro or an environment; None where an optional one is absent."""
    found = getattr(node, "nodeargd", None)
    return list(found.argnlist) if found is not None and found.argnlist else []


def inside(node: object) -> list[object]:
    """The walker's nodes between the braces of a group, or in an environment; the node itself where it is neither."""
    if isinstance(node, walker.LatexGroupNode | walker.LatexEnvironmentNode):
        return list(node.nodelist)
    return [] if node is None else [node]


def contents(node: object) -> list[Token]:
    """The steps inside an argument, a group or an environment, braces taken off."""
    return flatten(inside(node))


def source_of(node: object) -> str:
    """What an argument is in the source, braces taken off."""
    return str(node.latex_verbatim()).strip("{}") if isinstance(node, walker.LatexNode) else ""
