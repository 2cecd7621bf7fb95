"""The learner's code in its process: set up, run, said what came of it, and then looked into until the host ends it."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import os
import random
import socket
import sys
import types
from typing import NoReturn

from msgspec.structs import replace

from tutor.engine.machine import entries, limits
from tutor.engine.machine.confinement import holding
from tutor.engine.run import (
    code_errors,
    loaded_ahead,
    on_import,
    own_loops,
    printed_streams,
    run_side,
    spawning,
    tensors_between,
    threads_left,
    working_folder,
)
from tutor.engine.run.descriptors import high
from tutor.engine.run.judge_link import last_fit
from tutor.messages import children
from tutor.messages.events import Inspected, Reason
from tutor.messages.jobs import HostKind, Job
from tutor.messages.requests import Inspect, Keep
from tutor.messages.verdicts import CodeError


def be_learner(start: children.Begin, sock: socket.socket, judge: socket.socket | None) -> None:
    """Run the job, say what it came to, answer the judge, then wait to be looked into until the host ends it."""
    job = start.job
    assert job is not None
    listened = (high(os.dup(1)), high(os.dup(2))) if start.role == "learner" else ()
    side = run_side.begin(job.run, sock, listened)
    if listened:
        printed_streams.keep_turns(listened)
    limits.apply(job.limits, job.gpu)
    working_folder.enter(job)
    namespace = _main_module(job)
    _seed(job.seed, start.kind)
    if start.kind == "light":
        on_import.on_import("keras", loaded_ahead.stream_fits)
    if holding.now.connections:
        tensors_between.install()
    _no_input(side)
    spawning.guard(job)
    atexit._clear()  # what the host has imported is none of the learner's
    if not job.graded:
        side.answer = lambda request: _answer(request, side, namespace)
    side.send(children.Loaded())
    own_loops.watch()
    finished = execute(job, namespace, side)
    side.over = True
    if not job.graded:
        own_loops.hint(side)
        if written := working_folder.written():
            side.note(written)
    names = {chunk.name for chunk in job.chunks}
    left = threads_left.going(names)
    if left and not finished.note:
        finished = replace(finished, note=threads_left.note(left))
    side.send(finished)
    threads_left.end(left)
    if judge is not None:
        if finished.reason == "ok":
            answer_judge = entries.look_up(entries.ANSWERS)
            answer_judge(judge, namespace, lambda error: code_errors.explain(error, job.chunks), last_fit)
        judge.close()
        side.send(children.Served())
        threads_left.end(threads_left.going(names))  # what it called may have begun more
    if start.role == "learner":
        _serve_inspections(side, namespace)


def _main_module(job: Job) -> dict[str, object]:
    """The namespace of the code, and what a script knows of itself: its own name, and no words behind it."""
    name = next((chunk.name for chunk in reversed(job.chunks) if chunk.learner), job.block)
    module = types.ModuleType("__main__")
    module.__file__ = job.path or os.path.join(os.getcwd(), name)
    sys.modules["__main__"] = module
    sys.argv = [job.path or name]
    return vars(module)


def _seed(seed: int, kind: HostKind) -> None:
    import numpy

    random.seed(seed)
    numpy.random.seed(seed % 2**32)
    if kind == "keras":
        import keras

        keras.utils.set_random_seed(seed % 2**32)


def _no_input(side: run_side.RunSide) -> None:
    def no_input(prompt: object = "", /) -> str:
        side.note("input() has nobody to answer it here: a run reads no keys. Write the value into the code instead.")
        raise EOFError("input() has nothing to read in a run")

    def no_steps(*words: object, **named: object) -> None:
        if not told:
            told.append(True)
            side.note("breakpoint() has nobody to step through it here: the run goes on. Print what you want to see.")

    told: list[bool] = []
    builtins.input = no_input
    sys.breakpointhook = no_steps


def execute(job: Job, namespace: dict[str, object], side: run_side.RunSide) -> children.Finished:
    """Run the chunks of `job` in `namespace`. Whatever they raise becomes a Finished."""
    code_errors.remember(job.chunks)
    try:
        side.listen()
        _run_chunks(job, namespace)
        reason: Reason = "cancelled" if side.cancelled else "ok"
        error, note = None, ""
    except BaseException as raised:  # noqa: BLE001 - the learner's code may raise anything
        side.over = True
        for end in side.unfinished:
            end()
        reason, error, note = _judge_exception(raised, job, side)
    side.over = True
    return children.Finished(reason, error, note, limits.own_mb())


def _run_chunks(job: Job, namespace: dict[str, object]) -> None:
    """The code, then its threads to their end, and what it has registered with atexit, as at the end of any Python
    program, one that an exception ends too: this process lives on. Where the time is up there is none left for that."""
    try:
        for chunk in job.chunks:
            exec(compile(chunk.source, chunk.name, "exec", dont_inherit=True), namespace)
        threads_left.wait()
    except code_errors.OutOfTime:
        raise
    except BaseException as raised:
        if not isinstance(raised, KeyboardInterrupt):
            with contextlib.suppress(code_errors.OutOfTime, KeyboardInterrupt):  # what is told is the first exception
                threads_left.wait(threads_left.AFTER_ERROR)
        atexit._run_exitfuncs()
        raise
    atexit._run_exitfuncs()


def _judge_exception(raised: BaseException, job: Job, side: run_side.RunSide) -> tuple[Reason, CodeError | None, str]:
    if isinstance(raised, SystemExit) and raised.code in (None, 0) and not job.graded:
        return "ok", None, "The code ended itself with sys.exit()."
    if isinstance(raised, KeyboardInterrupt) and side.cancelled:
        return "cancelled", None, ""
    try:
        error = code_errors.explain(raised, job.chunks)
    except MemoryError:
        raised.__traceback__ = raised.__context__ = None  # its frames hold what was used up
        error = code_errors.explain(raised, job.chunks)
    if isinstance(raised, code_errors.OutOfTime):
        return "time", error, ""
    if code_errors.out_of_memory(raised):
        return "memory", error, ""
    return "error", error, ""


def _serve_inspections(side: run_side.RunSide, namespace: dict[str, object]) -> NoReturn:
    while True:
        side.send(_answer(side.wait(), side, namespace))


def _answer(request: Inspect | Keep, side: run_side.RunSide, namespace: dict[str, object]) -> Inspected:
    if isinstance(request, Keep):
        from tutor.engine.run import model_saving

        return model_saving.keep(request, side.kept_file(), namespace)
    from tutor.engine.run import inspecting

    return inspecting.answer(request, namespace)
