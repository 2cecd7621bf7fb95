"""An exception in the learner's code, told in the learner's own lines."""

from __future__ import annotations

import builtins
import errno
import linecache
from collections import deque
from collections.abc import Iterable, Iterator
from types import FrameType, TracebackType

from tutor import words
from tutor.engine.run import refusals, ways_out, working_folder
from tutor.messages.harmless import harmless
from tutor.messages.jobs import Chunk
from tutor.messages.verdicts import CodeError, ErrorLine

_FIRST_LINES, _LAST_LINES = 2, 10
_MOST_TEXT = 2_000
_NO_MEMORY = ("can't allocate memory", "not enough memory", "Unable to allocate", "bad_alloc", "CUDA out of memory")


class OutOfTime(BaseException):
    """Raised in the learner's code when its time is up, so that the line it was at is known."""


def remember(chunks: Iterable[Chunk]) -> None:
    """Let tracebacks and `inspect` find the source of `chunks` by their names."""
    for chunk in chunks:
        lines = chunk.source.splitlines(keepends=True)
        linecache.cache[chunk.name] = (len(chunk.source), None, lines, chunk.name)


def out_of_memory(error: BaseException) -> bool:
    """Whether `error` says that no memory was left (numpy and torch have words of their own for it)."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(said in _text(error) for said in _NO_MEMORY)


def explain(error: BaseException, chunks: Iterable[Chunk]) -> CodeError:
    """`error` with the lines of the learner's own chunks that led to it (of the author's chunks where the learner
    has no part in it), and what usually helps."""
    chunks = tuple(chunks)
    mine = {chunk.name for chunk in chunks if chunk.learner}
    all_names = {chunk.name for chunk in chunks}
    lines = _lines(error, mine) or _lines(error, all_names)
    return CodeError(type(error).__name__, _message(error), lines, _todo(error))


def _lines(error: BaseException, names: set[str]) -> tuple[ErrorLine, ...]:
    """The first and the last of the lines in `names`: where recursion has no limit there are millions between."""
    first: list[tuple[str, int, str]] = []
    last: deque[tuple[str, int, str]] = deque(maxlen=_LAST_LINES)
    for place in _places(error, names):
        (first if len(first) < _FIRST_LINES else last).append(place)
    return tuple(_line(*place) for place in (*first, *last))


def _places(error: BaseException, names: set[str]) -> Iterator[tuple[str, int, str]]:
    for frame, number in _frames(error.__traceback__):
        name = frame.f_code.co_filename
        if name in names:
            function = frame.f_code.co_name
            yield name, number, "" if function == "<module>" else function
    if isinstance(error, SyntaxError) and error.filename in names:
        yield str(error.filename), error.lineno or 0, ""


def _line(name: str, number: int, function: str) -> ErrorLine:
    return ErrorLine(name, number, harmless(linecache.getline(name, number).rstrip("\n"))[:500], function)


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _innermost(error: BaseException) -> FrameType | None:
    innermost = None
    for frame, _ in _frames(error.__traceback__):
        innermost = frame
    return innermost


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as second:  # noqa: BLE001 - the learner's own class may do anything in its __str__
        return f"(its message raised {type(second).__name__})"


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        text = error.msg or ""
    elif isinstance(error, OutOfTime):
        text = "The time for this run is up."
    elif isinstance(error, SystemExit):
        text = "The code ended itself with sys.exit()."
    else:
        text = _text(error)
    text = harmless(text)
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + " … (shortened)"


def _todo(error: BaseException) -> str:
    of_files = refusals.words(error) or working_folder.words(error)
    if of_files:
        return of_files
    if isinstance(error, NameError):
        return _near(getattr(error, "name", "") or "", _visible(error), "Is {} meant?", "Define it before this line.")
    if isinstance(error, AttributeError):
        return _attribute(error)
    if isinstance(error, ImportError):
        return _import(error)
    if isinstance(error, KeyError) and error.args:
        return _key(error)
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return "A run may write files of a limited size only, into its own temporary folder."
    if out_of_memory(error):
        return "Make the arrays smaller, or fewer, or the batches smaller."
    if isinstance(error, (SyntaxError, ValueError)) and "null bytes" in _text(error):
        return "It holds a NUL character, which cannot be seen: save it again as plain text (UTF-8), or retype it."
    for kind, todo in _COMMON.items():
        if isinstance(error, kind):
            return todo
    return ways_out.for_error(error, _text(error))


_COMMON: dict[type[BaseException], str] = {
    SystemExit: "Leave sys.exit() out: what stands after it is never reached.",
    EOFError: "A run cannot ask for input: write the value into the code.",
    IndentationError: "Indent the lines of a block alike, with four spaces.",
    SyntaxError: "Look at this line and the one before it: a bracket, a quote or a colon may be missing.",
    RecursionError: "The function calls itself without end: does it reach its simplest case?",
    OutOfTime: "Does a loop there end? Fewer steps or less data are faster, too.",
    ZeroDivisionError: "Look at the divisor: what is it here, and why is it 0?",
}


def _near(name: str, names: Iterable[str], question: str, otherwise: str) -> str:
    close = words.nearest(name, [each for each in names if isinstance(each, str)], most=2)
    return question.format(" or ".join(harmless(each) for each in close)) if close else otherwise


def _visible(error: BaseException) -> set[str]:
    names = set(vars(builtins))
    frame = _innermost(error)
    if frame is not None:
        names |= set(frame.f_locals) | set(frame.f_globals)
    return {name for name in names if not name.startswith("_")}


def _attribute(error: AttributeError) -> str:
    try:
        names = dir(error.obj)
    except Exception:  # noqa: BLE001 - the learner's own class may do anything in its __dir__
        return ""
    return _near(error.name or "", names, "Is .{} meant?", "")


def _import(error: ImportError) -> str:
    if "failed to map segment" in _text(error):  # the limit of a run that has to load torch by itself, which is large
        return "Write `import keras` or `import torch` at the top of this file: then they are loaded ahead of it."
    if not isinstance(error, ModuleNotFoundError):
        return ways_out.for_error(error, _text(error))
    way = ways_out.for_module(error.name or "", error)
    return f"It is not installed beside the tutor. {way or f'The course needs numpy and keras, not {error.name}.'}"


def _key(error: KeyError) -> str:
    key = error.args[0]
    frame = _innermost(error)
    if frame is None or not isinstance(key, str):
        return ""
    names = [k for value in frame.f_locals.values() if type(value) is dict for k in value]
    return _near(key, names, "Is {!r} meant?".replace("{!r}", "'{}'"), "")
