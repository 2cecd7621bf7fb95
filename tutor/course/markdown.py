"""Markdown to a syntax tree, by markdown-it-py. Nothing here or elsewhere parses Markdown by hand."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

# The reader refuses deep nesting long before the Markdown parser would drop it without a word.
_PARSER_NESTING = 100


@lru_cache(maxsize=2)
def _parser(front_matter: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _PARSER_NESTING}).enable("table")
    parser.use(colon_fence_plugin)
    parser.use(dollarmath_plugin, allow_digits=False, allow_space=False)
    if front_matter:
        parser.use(front_matter_plugin)
    return parser


def syntax_tree(text: str, front_matter: bool = False) -> tuple[SyntaxTreeNode, ...]:
    """The blocks of `text`. front_matter: the text is a whole file, which may start with one.

    Raises ValueError for text that the Markdown parser itself cannot take.
    """
    if not text.endswith("\n"):
        text += "\n"
    try:
        return tuple(SyntaxTreeNode(_parser(front_matter).parse(text)).children)
    except (IndexError, RecursionError, OverflowError) as error:
        raise ValueError(f"Markdown parser: {error}") from error


def first_line(node: SyntaxTreeNode) -> int:
    """Lines in front of the node, in the text that was parsed."""
    return node.map[0] if node.map else 0
