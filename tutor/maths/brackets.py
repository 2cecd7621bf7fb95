"""Brackets and bars while a formula is read: each finds its partner, or stands for itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from tutor.maths import grammar
from tutor.maths.maths_error import MathsError
from tutor.maths.nodes import Bar, Fence, Node, Row, Sym
from tutor.maths.symbols import CLOSING, DELIMITERS, OPENING
from tutor.maths.tokens import Token, arguments, contents
from tutor.words import to_ascii

BARS = {("char", "|"): "|", ("macro", "vert"): "|", ("macro", "|"): "‖", ("macro", "Vert"): "‖", ("char", "‖"): "‖"}
"""Bars that open and close alike: (kind of step, how it is written) -> how it is shown."""


@dataclass(slots=True)
class OpenBracket:
    """Items since an opening bracket. bracket: how it was written, "" for the outermost."""

    bracket: str = ""
    position: int = 0
    items: list[Node] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    middles: list[str] = field(default_factory=list)
    stretch: bool = False
    left_right: bool = False


class Brackets:
    """Opens and closes frames. problems: (position, message) of what does not fit. tag: of the whole formula."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self.tag = ""

    def problem(self, position: int, message: str) -> None:
        self.problems.append((position, message))

    def _bracket(self, tokens: list[Token], at: int, frames: list[OpenBracket]) -> bool:
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
            frames.append(OpenBracket(DELIMITERS[written], token.position))
            return True
        if written in CLOSING:
            self._close(DELIMITERS[written], frames, stretch=False)
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

    def _left_right(self, token: Token, frames: list[OpenBracket]) -> None:
        bracket = DELIMITERS[self._delimiter(token)] if token.node is not None else ""
        if token.text == "left":
            frames.append(OpenBracket(bracket, token.position, stretch=True, left_right=True))
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

    def _sized(self, tokens: list[Token], at: int, frames: list[OpenBracket]) -> None:
        token = tokens[at]
        name = self._delimiter(token)
        shown = DELIMITERS[name]
        side = token.text[-1] if token.text[-1] in "lrm" else ""
        if side == "l" or (not side and name in OPENING):
            frames.append(OpenBracket(shown, token.position, stretch=True))
        elif side == "r" or (not side and name in CLOSING):
            self._close(shown, frames, stretch=True)
        elif side == "m":
            frames[-1].items.append(_mark(shown, "rel"))
        else:
            frames[-1].items.append(Bar(shown or "|", grammar.SIZES[token.text]))

    def _bar(self, tokens: list[Token], at: int, frames: list[OpenBracket], shown: str) -> None:
        follows = tokens[at + 1] if at + 1 < len(tokens) else None
        last = frames[-1].items[-1] if frames[-1].items else None
        if frames[-1].bracket == shown and not frames[-1].left_right and last is not None and not _expects(last):
            self._close(shown, frames, stretch=False)
        elif follows is not None and follows.kind == "special" and follows.text == "_":
            frames[-1].items.append(Bar(shown, 0))
        else:
            frames.append(OpenBracket(shown, tokens[at].position))

    def _close(self, bracket: str, frames: list[OpenBracket], stretch: bool) -> None:
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
    def _fence(frames: list[OpenBracket], bracket: str) -> None:
        frame = frames.pop()
        parts = (*frame.parts, Row(tuple(frame.items)))
        frames[-1].items.append(Fence(frame.bracket, bracket, parts, tuple(frame.middles), frame.stretch))

    def _unwind(self, frames: list[OpenBracket]) -> None:
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
    return Sym(shown, to_ascii(shown), kind)


def _expects(node: Node) -> bool:
    """Whether something must follow, so that a bar here opens."""
    return isinstance(node, Sym) and node.kind in ("bin", "rel", "op", "punct", "open")


def _fits(frame: OpenBracket, bracket: str) -> bool:
    pairs = {"(": ")]", "[": ")]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
    return bracket in pairs.get(frame.bracket, "")
