"""What the learner wrote, read as a syntax tree: was anything changed, and what does it use. Judge's process."""

from __future__ import annotations

import ast

_LOOPS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.comprehension),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "lambda": (ast.Lambda,),
}


def unchanged(answer: str, starter: str) -> bool:
    """Whether the answer is still the starter: the same syntax tree, so comments and spaces do not count."""
    try:
        return ast.dump(ast.parse(answer)) == ast.dump(ast.parse(starter))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return answer.split() == starter.split()


def lines_with(source: str, name: str) -> list[int]:
    """Lines that use `name`: "for", "while", "if", "lambda", a bare name ("softmax": also keras.ops.softmax), or a
    dotted one ("np.sum": also with numpy under another name). What a string or a comment says does not count."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    if name in _LOOPS:
        return sorted({_line(node) for node in ast.walk(tree) if isinstance(node, _LOOPS[name])})
    aliases = _aliases(tree)
    wanted = _full(name, {"np": "numpy", **aliases})
    return sorted({_line(node) for node in ast.walk(tree) if _uses(node, name, wanted, aliases)})


def _line(node: ast.AST) -> int:
    """The line of a node; a comprehension's is that of what it goes through."""
    line: int = getattr(node.iter if isinstance(node, ast.comprehension) else node, "lineno", 0)
    return line


def _uses(node: ast.AST, name: str, wanted: str, aliases: dict[str, str]) -> bool:
    if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
        return False
    full = _full(_dotted(node), aliases)
    if "." in name:
        return full == wanted or full.endswith("." + name)
    return full.rsplit(".", 1)[-1] == name


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _full(dotted: str, aliases: dict[str, str]) -> str:
    first, dot, rest = dotted.partition(".")
    return aliases.get(first, first) + dot + rest


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Name in the source -> the full name of what was imported under it."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found
