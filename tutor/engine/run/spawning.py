"""Processes that the learner's code has multiprocessing start afresh ("spawn", "forkserver"): each imports the code
from its file. Where it would come to its own beginning again, or there is no file, that is said once, before the first.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import cast

from tutor.engine.run import on_import
from tutor.messages.jobs import Job

_SPAWN = "multiprocessing.spawn"
_FORK = 'or take `multiprocessing.get_context("fork")`, which does not import it'


def guard(job: Job) -> None:
    """From here on. Nothing is imported for it."""
    if _SPAWN in sys.modules:
        _watch(job)
    else:
        on_import.on_import(_SPAWN, lambda: _watch(job))


def _watch(job: Job) -> None:
    spawn = sys.modules[_SPAWN]
    prepare = cast("Callable[[str], dict[str, object]]", spawn.__dict__["get_preparation_data"])

    def get_preparation_data(name: str) -> dict[str, object]:
        _refuse(job, sys._getframe(1))
        return prepare(name)

    spawn.__dict__["get_preparation_data"] = get_preparation_data


def _refuse(job: Job, frame: FrameType | None) -> None:
    """Raises RuntimeError where a process started from here could not begin."""
    if not _readable(job.path):
        raise RuntimeError(
            "A process that is not forked imports this code from its file, and here is none that it may read: run it "
            f"as a file (`dl-tutor run FILE`), {_FORK}."
        )
    sources = {chunk.name: chunk.source for chunk in job.chunks}
    for name, line in (*_places(frame, sources), *_settings(sources)):
        if not _guarded(sources[name], line):
            raise RuntimeError(
                f"A process that is not forked imports this file again, and would come to line {line} again: put it "
                f'under `if __name__ == "__main__":`, {_FORK}.'
            )


def _readable(path: str) -> bool:
    """Whether there is such a file, and a run as this one may read it."""
    try:
        with open(path, "rb"):
            return True
    except OSError:
        return False


def _places(frame: FrameType | None, sources: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Lines of the files themselves, outside of any function, that have led here."""
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_code.co_filename in sources:
            yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back


def _settings(sources: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Lines of the files themselves that set how processes are started, which can be done once."""
    for name, source in sources.items():
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call):
                called = ast.unparse(call.func).rpartition(".")[2]
                if called == "set_start_method" and not any(one.arg == "force" for one in call.keywords):
                    yield name, statement.lineno


def _guarded(source: str, line: int) -> bool:
    """Whether this line is reached in the program alone, and not where its file is imported."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.If) and statement.lineno <= line <= (statement.end_lineno or line):
            return "__name__" in ast.unparse(statement.test)
    return False
