"""LaTeX to the tree of `nodes`, over pylatexenc's walker.

The walker finds macros, groups and environments; here they get their meaning: scripts find their base, brackets
and bars their partner, digits become numbers. What is unknown is kept as `Unknown` and noted in `problems`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pylatexenc import latexwalker as walker

from tutor.maths import grammar
from tutor.maths.errors import MathsError
from tutor.maths.nodes import Bar, Fence, Node, Row, Script, Space, Sym, Unknown
from tutor.maths.symbols import ASCII_DELIMITER, CHARACTERS, CLOSING, DELIMITERS, OPENING

BARS = {("char", "|"): "|", ("macro", "vert"): "|", ("macro", "|"): "‖", ("macro", "Vert"): "‖", ("char", "‖"): "‖"}
"""Bars that open and close alike: (kind of step, how it is written) -> how it is shown."""


@dataclass(frozen=True, slots=True)
class Token:
    """One step of the source. kind: char, group, macro, environment, special, text. node: the walker's own."""

    kind: str
    text: str
    position: int
    node: Any = None


@dataclass(slots=True)
class Frame:
    """Items since an opening bracket. bracket: how it was written, "" for the outermost."""

    bracket: str = ""
    position: int = 0
    items: list[Node] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    middles: list[str] = field(default_factory=list)
    stretch: bool = False
    left_right: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula read. problems: (position, message), in order. tag: its equation number, brackets included."""

    row: Row
    problems: tuple[tuple[int, str], ...] = ()
    tag: str = ""


@lru_cache(maxsize=2048)
def parse(latex: str) -> Formula:
    """Read a formula. Raises MathsError where nothing can be read."""
    reader = walker.LatexWalker(latex, latex_context=grammar.context(), tolerant_parsing=False)
    state = reader.make_parsing_state(in_math_mode=True)
    try:
        nodes, _, _ = reader.get_latex_nodes(parsing_state=state)
    except walker.LatexWalkerError as error:
        raise _unreadable(latex, error) from error
    except (IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MathsError(
            f"This formula cannot be read: {latex}.", "Look for a brace or an argument missing."
        ) from error
    builder = Builder()
    try:
        row = builder.row(flatten(nodes))
    except RecursionError as error:
        raise MathsError("This formula is nested too deeply.", "Take it apart.") from error
    return Formula(row, tuple(sorted(builder.problems)), builder.tag)


def _unreadable(latex: str, error: Exception) -> MathsError:
    """The walker's error in plain words."""
    position = int(getattr(error, "pos", None) or 0)
    opened, message = 0, str(getattr(error, "msg", error)).split("\n")[0].rstrip(".")
    for at, char in enumerate(latex):
        if char in "{}" and (at == 0 or latex[at - 1] != "\\"):
            opened += 1 if char == "{" else -1
            if opened < 0:
                what = f"Character {at + 1}: a closing brace has no opening one."
                return MathsError(what, "Remove it, or write \\} for a brace to be seen.", position=at)
    if opened > 0:
        last = max(latex.rfind("{"), 0)
        return MathsError(f"Character {last + 1}: {opened} opening brace(s) never closed.", "Add }.", position=last)
    return MathsError(f"Character {position + 1}: {message}.", position=position)


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


class Builder:
    """Turns steps into a tree. problems: (position, message) of what does not fit. tag: of the whole."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self.tag = ""

    def problem(self, position: int, message: str) -> None:
        self.problems.append((position, message))

    def row(self, tokens: list[Token]) -> Row:
        """A run of steps as a row, with scripts on their bases and brackets around their contents."""
        frames = [Frame()]
        at = 0
        while at < len(tokens):
            at = self._step(tokens, at, frames)
        while len(frames) > 1:
            self._unwind(frames)
        return Row(tuple(frames[0].items))

    def argument(self, argument: Any) -> Row:
        return self.row(contents(argument))

    # -------------------------------------------------------------- one step

    def _step(self, tokens: list[Token], at: int, frames: list[Frame]) -> int:
        """Take the step at `at`; the number of the next one."""
        token, items = tokens[at], frames[-1].items
        if token.kind == "comment":
            self.problem(token.position, "% starts a comment, the rest of the line is lost; write \\%")
            return at + 1
        if token.kind == "special" and token.text in "^_":
            return self._script(tokens, at, items)
        if token.kind == "special":
            if token.text == "&":
                self.problem(token.position, "& outside an environment with columns")
            items.append(Space(1))
            return at + 1
        if token.text == "'" and token.kind == "char":
            self._prime(items)
            return at + 1
        if self._bracket(tokens, at, frames):
            return at + 1
        self._append(items, self.node(token))
        return at + 1

    def node(self, token: Token) -> Node | None:
        """What one step stands for."""
        from tutor.maths import macros

        if token.kind == "char":
            return CHARACTERS.get(token.text) or Sym(token.text, token.text)
        if token.kind == "group":
            row = self.row(flatten(token.node.nodelist))
            only = row.items[0] if len(row.items) == 1 else None
            return (
                Sym(only.text, only.ascii, name=only.name)
                if isinstance(only, Sym) and only.kind != "op"
                else only or row
            )
        if token.kind == "macro":
            return macros.build(self, token)
        return macros.environment(self, token)

    def unknown(self, token: Token, kind: str, known: tuple[str, ...]) -> Unknown:
        """Note an unknown macro or environment, with the nearest known one."""
        slash = "\\" if kind == "macro" else ""
        near = difflib.get_close_matches(token.text, known, n=1, cutoff=0.5)
        hint = f"; the nearest known is {slash}{near[0]}" if near else ""
        self.problem(token.position, f"unknown {kind} {slash}{token.text}{hint}")
        return Unknown(slash + token.text)

    @staticmethod
    def _append(items: list[Node], node: Node | None) -> None:
        """Put a node into a row: digits join to numbers, arg and min to argmin, empty rows vanish."""
        last = items[-1] if items else None
        if node is None:
            return
        if isinstance(node, Row) and not node.items:
            items.append(Row(()))
        elif isinstance(node, Sym) and isinstance(last, Sym) and _joins(last, node):
            items[-1] = Sym(last.text + node.text, last.ascii + node.ascii, word=False)
        elif isinstance(node, Sym) and isinstance(last, Sym) and last.name == "arg" and node.name in ("min", "max"):
            name = "arg" + node.name
            items[-1] = Sym(name, name, "op", limits=True, word=True, name=name)
        else:
            items.append(node)

    # -------------------------------------------------------------- scripts

    def _script(self, tokens: list[Token], at: int, items: list[Node]) -> int:
        mark = tokens[at]
        if at + 1 >= len(tokens) or (tokens[at + 1].kind == "special" and tokens[at + 1].text in "^_&"):
            self.problem(mark.position, f"nothing follows {mark.text}")
            return at + 1
        token = tokens[at + 1]
        if token.kind == "group":
            content = self.row(flatten(token.node.nodelist))
        else:
            node = self.node(token)
            content = Row((node,) if node is not None else ())
        base = items.pop() if items and not isinstance(items[-1], Space) else Row(())
        script = base if isinstance(base, Script) else Script(base)
        if (script.sub if mark.text == "_" else script.sup) is not None:
            which = "subscripts" if mark.text == "_" else "superscripts"
            self.problem(mark.position, f"two {which} on one base; use braces")
            script = Script(script)
        if mark.text == "_":
            items.append(Script(script.base, content, script.sup, script.primes))
        else:
            items.append(Script(script.base, script.sub, content, script.primes))
        return at + 2

    @staticmethod
    def _prime(items: list[Node]) -> None:
        base = items.pop() if items else Row(())
        script = base if isinstance(base, Script) else Script(base)
        items.append(Script(script.base, script.sub, script.sup, script.primes + 1))

    # -------------------------------------------------------------- brackets

    def _bracket(self, tokens: list[Token], at: int, frames: list[Frame]) -> bool:
        """Open or close a bracket, if this step is one."""
        token = tokens[at]
        if token.kind == "macro" and token.text in ("left", "right", "middle"):
            self._left_right(token, frames)
            return True
        if token.kind == "macro" and token.text in grammar.SIZES:
            self._sized(tokens, at, frames)
            return True
        if (token.kind, token.text) in BARS:
            self._bar(tokens, at, frames, BARS[token.kind, token.text])
            return True
        written = token.text if token.kind in ("char", "macro") else ""
        if token.kind == "char" and written in "{}<>":
            return False
        if written in OPENING:
            frames.append(Frame(DELIMITERS[written][0], token.position))
            return True
        if written in CLOSING:
            self._close(DELIMITERS[written][0], frames, stretch=False)
            return True
        return False

    def _delimiter(self, token: Token) -> str:
        """The bracket that follows `\\left`, `\\big` and their kin."""
        given = arguments(token.node)
        inside = contents(given[0]) if given else []
        name = inside[0].text if inside else ""
        if inside and inside[0].kind == "macro" and name == "|":
            name = "Vert"
        if name not in DELIMITERS:
            self.problem(token.position, f"\\{token.text} needs a bracket after it, not {name or 'nothing'}")
            return "."
        return name

    def _left_right(self, token: Token, frames: list[Frame]) -> None:
        bracket = DELIMITERS[self._delimiter(token)][0] if token.node is not None else ""
        if token.text == "left":
            frames.append(Frame(bracket, token.position, stretch=True, left_right=True))
            return
        while len(frames) > 1 and not frames[-1].left_right:
            self._unwind(frames)
        if len(frames) == 1:
            self.problem(token.position, f"\\{token.text} without \\left before it")
            if bracket:
                frames[-1].items.append(_mark(bracket, "close"))
        elif token.text == "middle":
            frame = frames[-1]
            frame.parts.append(Row(tuple(frame.items)))
            frame.middles.append(bracket)
            frame.items = []
        else:
            self._fence(frames, bracket)

    def _sized(self, tokens: list[Token], at: int, frames: list[Frame]) -> None:
        token = tokens[at]
        name = self._delimiter(token)
        shown = DELIMITERS[name][0]
        side = token.text[-1] if token.text[-1] in "lrm" else ""
        if side == "l" or (not side and name in OPENING):
            frames.append(Frame(shown, token.position, stretch=True))
        elif side == "r" or (not side and name in CLOSING):
            self._close(shown, frames, stretch=True)
        elif side == "m":
            frames[-1].items.append(_mark(shown, "rel"))
        else:
            frames[-1].items.append(Bar(shown or "|", grammar.SIZES[token.text]))

    def _bar(self, tokens: list[Token], at: int, frames: list[Frame], shown: str) -> None:
        follows = tokens[at + 1] if at + 1 < len(tokens) else None
        last = frames[-1].items[-1] if frames[-1].items else None
        if frames[-1].bracket == shown and not frames[-1].left_right and last is not None and not _expects(last):
            self._close(shown, frames, stretch=False)
        elif follows is not None and follows.kind == "special" and follows.text == "_":
            frames[-1].items.append(Bar(shown, 0))
        else:
            frames.append(Frame(shown, tokens[at].position))

    def _close(self, bracket: str, frames: list[Frame], stretch: bool) -> None:
        """Close the innermost frame whose bracket fits; bars in between stay single."""
        depth = next((i for i in range(len(frames) - 1, 0, -1) if _fits(frames[i], bracket)), 0)
        if not depth or any(frame.left_right for frame in frames[depth:]):
            frames[-1].items.append(_mark(bracket, "close"))
            return
        while len(frames) - 1 > depth:
            self._unwind(frames)
        frames[-1].stretch |= stretch
        self._fence(frames, bracket)

    @staticmethod
    def _fence(frames: list[Frame], bracket: str) -> None:
        frame = frames.pop()
        parts = (*frame.parts, Row(tuple(frame.items)))
        frames[-1].items.append(Fence(frame.bracket, bracket, parts, tuple(frame.middles), frame.stretch))

    def _unwind(self, frames: list[Frame]) -> None:
        """Give up the innermost bracket: it has no partner, and stands for itself."""
        frame = frames.pop()
        if frame.left_right:
            raise MathsError(
                f"Character {frame.position + 1}: \\left has no \\right.",
                "Add \\right. where nothing is to be seen.",
                position=frame.position,
            )
        kind = "rel" if frame.bracket in ("|", "‖") else "open"
        frames[-1].items += [_mark(frame.bracket, kind), *frame.items]


def _mark(shown: str, kind: str) -> Sym:
    """A bracket that stands for itself."""
    return Sym(shown, ASCII_DELIMITER.get(shown, shown), kind)


def _joins(last: Sym, node: Sym) -> bool:
    """Whether two symbols make one number, as 1 and 0, 0. and 9, 10{,} and 000 do."""
    number = last.text[:1].isdigit() or last.text == "."
    return number and node.kind == "ord" and (node.text.isdigit() or node.text in (".", ",")) and node.name != "prime"


def _expects(node: Node) -> bool:
    """Whether something must follow, so that a bar here opens."""
    return isinstance(node, Sym) and node.kind in ("bin", "rel", "op", "punct", "open")


def _fits(frame: Frame, bracket: str) -> bool:
    pairs = {"(": ")]", "[": ")]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
    return bracket in pairs.get(frame.bracket, "")
