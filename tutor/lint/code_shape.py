"""Python code without what does not change what it does: comments, docstrings, layout, annotations, imports.

The same code has the same shape under every Python that the tutor runs on, whatever its `ast` adds or leaves out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SKIPPED = frozenset({"ctx", "kind", "type_comment", "type_ignores", "type_params", "returns"})


def shape(node: object) -> str:
    """A text that two pieces of code share where they do the same for the same reason."""
    match node:
        case ast.AST():
            return f"{type(node).__name__}({','.join(_fields(node))})"
        case list():
            return f"[{','.join(shape(item) for item in node if not isinstance(item, ast.Import | ast.ImportFrom))}]"
    return repr(node)


def shape_of_code(code: str) -> str:
    """Of a whole chunk, its imports included; the code itself where it is not Python."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code
    imported = sorted(ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return shape(tree) + "".join(imported)


def _fields(node: ast.AST) -> Iterator[str]:
    for name, value in ast.iter_fields(node):
        if name in _SKIPPED or value is None or value == [] or (name == "annotation" and isinstance(node, ast.arg)):
            continue
        yield f"{name}={shape(without_docstring(value) if name == 'body' and isinstance(value, list) else value)}"


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements behind a docstring."""
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body
