"""What of the tutor's own code a piece of code stands on: the definitions that it reaches, followed name by name.

A function is reached where its name is; a method where its class is reached and its name stands behind a dot. That
is more than what runs, and never less but for names that are made up while it runs. Only `ROOMS` are looked into: what
the engine does on the way has tests of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from tutor import paths
from tutor.lint.code_shape import shape, without_docstring

ROOMS = ("grading", "figures", "plots", "data", "pixels", "plot", "track")
ASKED_BY_CHECKS = ("Tester", ("t", "tester"))
"""A class whose public methods are called by an author's code, or by ours under these names."""
_HEAVY = ("keras", "torch")
_SELF = ("self", "cls")
Mention: TypeAlias = tuple[str | None, str]
"""What an attribute stands on ("" for anything but a name) and the attribute; None and the name for a plain name."""


@dataclass
class OwnModule:
    """A module taken apart. definitions: "name", "Class" (what is no method of it), "Class.method", and "" for what
    runs on import. imports: a name -> what it stands for, of the whole file."""

    name: str
    definitions: dict[str, list[ast.AST]] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    loaded: set[str] = field(default_factory=set)
    """Modules that importing this one imports, at once."""
    _shapes: dict[str, str] = field(default_factory=dict)
    _mentioned: dict[str, tuple[set[Mention], set[str]]] = field(default_factory=dict)

    def shape(self, name: str) -> str:
        """Of a definition."""
        if name not in self._shapes:
            self._shapes[name] = "".join(shape(node) for node in self.definitions[name])
        return self._shapes[name]

    def mentions(self, name: str) -> tuple[set[Mention], set[str]]:
        """Names and attributes that a definition mentions, and its strings."""
        if name not in self._mentioned:
            parts = [part for node in self.definitions[name] for part in ast.walk(node)]
            texts = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
            self._mentioned[name] = {found for part in parts for found in _mention(part)}, texts
        return self._mentioned[name]

    def loads_keras(self, name: str) -> bool:
        """Whether a definition loads keras or torch itself, when it runs."""
        parts = [part for node in self.definitions[name] for part in ast.walk(node)]
        return any(is_heavy(target) for part in parts for target in _imports(part).values())

    def methods(self, owner: str) -> Iterator[str]:
        return (name for name in self.definitions if name.startswith(f"{owner}."))


def reached(roots: Iterable[str], code: Iterable[str] = (), asking: Iterable[str] = (), heavy: bool = True) -> Reached:
    """What is reached from `roots` ("tutor.grading.judge.main"), from learners' `code` and from authors' `asking`.

    heavy: whether code that needs keras or torch can run at all.
    """
    found = Reached(heavy)
    for root in roots:
        found.name(root)
    for source in code:
        found.chunk(source, asks=False)
    for source in asking:
        found.chunk(source, asks=True)
    found.settle()
    return found


class Reached:
    """Definitions that are reached, (module, name) each. texts: strings that stand in them."""

    def __init__(self, heavy: bool) -> None:
        self.definitions: set[tuple[str, str]] = set()
        self.texts: set[str] = set()
        self._heavy = heavy
        self._attributes: set[str] = set()
        self._asked: set[str] = set()
        self._classes: set[tuple[str, str]] = set()

    def shapes(self) -> list[str]:
        """Of all that is reached, wherever it stands."""
        return sorted(self._shape(*key) for key in self.definitions)

    def _shape(self, place: str, name: str) -> str:
        module = self._module(place)
        return module.shape(name) if module else ""

    def chunk(self, source: str, *, asks: bool) -> None:
        """Code of a lesson. asks: it is an author's, which has the `t` of the checks."""
        module = taken_apart(source, "")
        for name in module.definitions:
            mentions, texts = module.mentions(name)
            self._look(mentions, module, "", asks)
            self.texts |= texts

    def name(self, dotted: str) -> None:
        """A definition, or a module as a whole, by its full name; nothing where it is in no room."""
        place, _, last = dotted.rpartition(".")
        if module := self._module(place):
            self._add(module, last)

    def settle(self) -> None:
        """Methods, until no more of them come."""
        before = -1
        while before != len(self.definitions):
            before = len(self.definitions)
            for place, owner in sorted(self._classes):
                module = self._module(place)
                for method in list(module.methods(owner)) if module else ():
                    if self._is_called(owner, method.rpartition(".")[2]):
                        assert module is not None
                        self._add(module, method)

    def _is_called(self, owner: str, method: str) -> bool:
        guarded = owner == ASKED_BY_CHECKS[0] and not method.startswith("_")
        return method in (self._asked if guarded else self._attributes)

    def _module(self, name: str) -> OwnModule | None:
        if not in_rooms(name) or (not self._heavy and needs_keras(name)):
            return None
        return own_module(name)

    def _add(self, module: OwnModule, name: str) -> None:
        key = module.name, name
        if key in self.definitions or name not in module.definitions:
            if name in module.imports and name not in module.definitions:
                self.name(module.imports[name])
            return
        if not self._heavy and module.loads_keras(name):
            return
        self.definitions.add(key)
        owner = name.rpartition(".")[0]
        if owner:
            self._add(module, owner)
        elif any(module.methods(name)):
            self._classes.add(key)
        self._add(module, "")
        mentions, texts = module.mentions(name)
        self._look(mentions, module, owner or name, asks=False)
        self.texts |= texts

    def _look(self, mentions: Iterable[Mention], module: OwnModule, owner: str, asks: bool) -> None:
        for on, name in mentions:
            if on is None:
                self._add(module, name)
                continue
            if on in module.imports:
                self.name(f"{module.imports[on]}.{name}")
            of_tester = on in ASKED_BY_CHECKS[1] or (on in _SELF and owner == ASKED_BY_CHECKS[0])
            self._attribute(name, asks or of_tester)

    def _attribute(self, name: str, asks: bool) -> None:
        self._attributes.add(name)
        if asks:
            self._asked.add(name)


# ------------------------------------------------------------------ modules


def in_rooms(name: str) -> bool:
    """Whether a module is looked into."""
    return name.split(".")[:1] == ["tutor"] and name.split(".")[1:2] in [[room] for room in ROOMS]


@cache
def own_module(name: str) -> OwnModule | None:
    """A module of the tutor's, None where there is none of that name."""
    place = paths.PACKAGE.joinpath(*name.split(".")[1:])
    for file in (place.with_suffix(".py"), place / "__init__.py"):
        if file.is_file():
            return taken_apart(file.read_text(encoding="utf-8"), name)
    return None


def taken_apart(source: str, name: str) -> OwnModule:
    """A module's definitions and imports; it has none where it is not Python."""
    module = OwnModule(name)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return module
    for statement in without_docstring(tree.body):
        for key, node in _definitions(statement):
            module.definitions.setdefault(key, []).append(node)
    for node in ast.walk(tree):
        module.imports.update(_imports(node))
    module.loaded = {target for node in tree.body for target in _imports(node).values()}
    return module


def _mention(part: ast.AST) -> Iterator[Mention]:
    match part:
        case ast.Name(id=name):
            yield None, name
        case ast.Attribute(value=ast.Name(id=thing), attr=name):
            yield thing, name
        case ast.Attribute(attr=name):
            yield "", name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str() as name), *_]):
            yield "", name


def _definitions(statement: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name, statement
        case ast.ClassDef(name=name):
            yield from _class(name, statement)
        case ast.Assign(targets=targets):
            for target in targets:
                yield (target.id if isinstance(target, ast.Name) else ""), statement
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name, statement
        case ast.Import() | ast.ImportFrom() | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            pass
        case ast.Expr(value=ast.Constant()):
            pass
        case _:
            yield "", statement


def _class(name: str, node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """The class with its fields and what Python itself calls; each other method by itself."""
    own: list[ast.stmt] = []
    for statement in without_docstring(node.body):
        match statement:
            case ast.FunctionDef(name=method) | ast.AsyncFunctionDef(name=method) if not method.startswith("__"):
                yield f"{name}.{method}", statement
            case ast.Expr(value=ast.Constant()):
                pass
            case _:
                own.append(statement)
    yield name, ast.ClassDef(name, node.bases, node.keywords, own, node.decorator_list)


def _imports(node: ast.AST) -> dict[str, str]:
    match node:
        case ast.Import(names=names):
            tops = {alias.name.partition(".")[0]: alias.name.partition(".")[0] for alias in names if not alias.asname}
            return tops | {alias.asname: alias.name for alias in names if alias.asname}
        case ast.ImportFrom(module=str() as place, names=names, level=0):
            return {alias.asname or alias.name: f"{place}.{alias.name}" for alias in names}
    return {}


@cache
def needs_keras(name: str) -> bool:
    """Whether a module loads keras or torch, itself or through another one of ours."""
    module = own_module(name)
    if module is None:
        return False
    own = any(is_heavy(target) for target in module.loaded)
    loaded = {target if own_module(target) else target.rpartition(".")[0] for target in module.loaded}
    return own or any(needs_keras(target) for target in sorted(loaded) if in_rooms(target))


def is_heavy(name: str) -> bool:
    """Whether this is a name of keras or torch, or in them."""
    return name.partition(".")[0] in _HEAVY
