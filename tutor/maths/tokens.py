"""The walker's nodes as single steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pylatexenc import latexwalker as walker


@dataclass(frozen=True, slots=True)
class Token:
    """One step of the source. kind: char, group, macro, environment, special, text. node: the walker's own."""

    kind: str
    text: str
    position: int
    node: Any = None


def flatten(nodes: Any) -> list[Token]:
    """The walker's nodes as single steps: characters one by one, blanks left out."""
    tokens: list[Token] = []
    for node in nodes or ():
        if node is None:
            continue
        if node.isNodeType(walker.LatexCharsNode):
            tokens += [Token("char", c, node.pos + i) for i, c in enumerate(node.chars) if not c.isspace()]
        elif node.isNodeType(walker.LatexGroupNode):
            tokens.append(Token("group", "", node.pos, node))
        elif node.isNodeType(walker.LatexMacroNode):
            tokens.append(Token("macro", node.macroname, node.pos, node))
        elif node.isNodeType(walker.LatexEnvironmentNode):
            tokens.append(Token("environment", node.environmentname, node.pos, node))
        elif node.isNodeType(walker.LatexSpecialsNode):
            tokens.append(Token("special", node.specials_chars, node.pos, node))
        elif node.isNodeType(walker.LatexCommentNode):
            tokens.append(Token("comment", "", node.pos, node))
        elif node.isNodeType(walker.LatexMathNode):
            tokens += flatten(node.nodelist)
    return tokens


def arguments(node: Any) -> list[Any]:
    """The walker's arguments of a macro or an environment; None where an optional one is absent."""
    found = getattr(node, "nodeargd", None)
    return list(found.argnlist) if found is not None and found.argnlist else []


def contents(argument: Any) -> list[Token]:
    """The steps inside an argument, braces taken off."""
    if argument is None:
        return []
    if argument.isNodeType(walker.LatexGroupNode):
        return flatten(argument.nodelist)
    return flatten([argument])
