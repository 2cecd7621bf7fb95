"""LaTeX to the tree of `nodes`, over pylatexenc's walker.

The walker finds macros, groups and environments; here they get their meaning: scripts find their base, brackets
and bars their partner, digits become numbers. What is unknown is kept as `Unknown` and noted in `problems`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pylatexenc import latexwalker as walker

from tutor.maths import grammar, macros
from tutor.maths.brackets import Brackets, OpenBracket
from tutor.maths.maths_error import MathsError, too_deep
from tutor.maths.nodes import Frac, MathGrid, Node, Row, Script, Space, Sym, Unknown
from tutor.maths.pairs import joined
from tutor.maths.symbols import CHARACTERS, DEGREES, SYMBOLS
from tutor.maths.tokens import Token, contents, flatten
from tutor.words import nearest


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
    except RecursionError as error:
        raise too_deep() from error
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        what = f"This formula cannot be read: {latex[:60]}."
        raise MathsError(what, "Look for a brace or an argument missing.") from error
    builder = TreeBuilder()
    try:
        row = builder.lines(flatten(nodes))
    except RecursionError as error:
        raise too_deep() from error
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


class TreeBuilder(Brackets):
    """Turns steps into a tree. problems: (position, message) of what does not fit. tag: of the whole."""

    def lines(self, tokens: list[Token]) -> Row:
        """A whole formula: `\\\\` outside of environments is a problem, and begins a new line all the same."""
        ends = [token for token in tokens if token.kind == "macro" and token.text == "\\"]
        if not ends:
            return self.row(tokens)
        for end in ends:
            self.problem(end.position, "\\\\ outside an environment with rows")
        rows, tags = macros.split(self, tokens)
        kind = "aligned" if any(len(row) > 1 for row in rows) else "gathered"
        return Row((MathGrid(kind, rows, tags=tags),))

    def row(self, tokens: list[Token]) -> Row:
        """A run of steps as a row, with scripts on their bases and brackets around their contents."""
        tokens = joined(tokens)
        infix = [at for at, token in enumerate(tokens) if token.kind == "macro" and token.text in grammar.INFIX]
        if infix:
            return self._infix(tokens, infix)
        frames = [OpenBracket()]
        at = 0
        while at < len(tokens):
            at = self._step(tokens, at, frames)
        while len(frames) > 1:
            self._unwind(frames)
        return Row(tuple(frames[0].items))

    def _infix(self, tokens: list[Token], places: list[int]) -> Row:
        """`a \\over b` and `n \\choose k`, each of all that stands before and behind it."""
        at = places[0]
        if len(places) > 1:
            second = tokens[places[1]]
            raise MathsError(
                f"Character {second.position + 1}: \\{second.text} after \\{tokens[at].text} in the same braces.",
                "Write \\frac{…}{…} or \\binom{…}{…}.",
                position=second.position,
            )
        return Row((Frac(self.row(tokens[:at]), self.row(tokens[at + 1 :]), bar=tokens[at].text == "over"),))

    def argument(self, argument: object) -> Row:
        return self.row(contents(argument))

    # -------------------------------------------------------------- one step

    def _step(self, tokens: list[Token], at: int, frames: list[OpenBracket]) -> int:
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
        if token.kind == "char":
            return CHARACTERS.get(token.text) or Sym(token.text, token.text)
        if token.kind == "pair":
            return SYMBOLS[token.text]
        if token.kind == "group":
            row = self.row(contents(token.node))
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
        hint = "".join(f"; did you mean {slash}{near}?" for near in nearest(token.text, known))
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
            content = self.row(contents(token.node))
        else:
            node = self.node(token)
            content = Row((node,) if node is not None else ())
        if mark.text == "^" and items and _is_circle(content):
            items.append(DEGREES)
            return at + 2
        base = items.pop() if items and not isinstance(items[-1], Space) else Row(())
        script = base if isinstance(base, Script) else Script(base)
        if (script.sub if mark.text == "_" else script.sup) is not None:
            if tokens[at - 1].kind != "group" or (at > 1 and tokens[at - 2].text in ("^", "_")):
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


def _is_circle(content: Row) -> bool:
    """Whether a superscript is `\\circ` alone, which means degrees."""
    only = content.items[0] if len(content.items) == 1 else None
    return isinstance(only, Sym) and only.name == "circ"


def _joins(last: Sym, node: Sym) -> bool:
    """Whether two symbols make one number, as 1 and 0, 0. and 9, 10{,} and 000 do."""
    number = last.text[:1].isdigit() or last.text == "."
    return number and node.kind == "ord" and (node.text.isdigit() or node.text in (".", ",")) and node.name != "prime"
