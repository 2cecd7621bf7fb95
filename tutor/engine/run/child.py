"""A process of its own for one run: the learner's code, the judge, or the live figures.

Forked from the host, or started afresh with `python -m tutor.engine.run.child PARENT CONTROL PEER` (numbers of the
host's process and of two sockets, -1 for none): from `enter` on both are alike.
"""

from __future__ import annotations

import atexit
import builtins
import contextlib
import gc
import os
import random
import signal
import socket
import sys
import tempfile
import traceback
import types
from collections.abc import Mapping
from typing import NoReturn

from tutor.engine.machine import entries, limits, processes
from tutor.engine.run import code_errors, loaded_ahead, on_import, run_side
from tutor.messages import children
from tutor.messages.children import SIGNALS
from tutor.messages.decoding import MessageDecoder
from tutor.messages.events import Inspected, Reason
from tutor.messages.frames import Unpacker, pack
from tutor.messages.jobs import HostKind, Job
from tutor.messages.requests import Grade, Inspect, Keep
from tutor.messages.verdicts import CodeError

_MOST_LOGGED = 20_000
_begin: MessageDecoder[children.Begin] = MessageDecoder(children.Begin)
_grade: MessageDecoder[Grade] = MessageDecoder(Grade)
_BUILTINS = dict(vars(builtins))


def enter_forked(start: children.Begin, parent: int, control: int, peer: int, out: int, err: int) -> NoReturn:
    """The first step of a forked process: everything of the host's is closed, then `start` is done."""
    try:
        gc.collect()  # the host's objects go, before the numbers of their descriptors are used again
        os.setsid()
        processes.die_with_parent(parent)
        nothing = os.open(os.devnull, os.O_RDWR)
        control, peer, out, err, nothing = _high(control), _high(peer), _high(out), _high(err), _high(nothing)
        os.dup2(nothing, 0)
        os.dup2(out if out >= 0 else nothing, 1)
        if err >= 0 or start.role == "rerun":
            os.dup2(err if err >= 0 else nothing, 2)
        _close_all_but({0, 1, 2, control, peer})
    except BaseException as error:  # noqa: BLE001 - the last word of a process that never got going
        os.write(2, f"A run could not begin: {error!r}\n".encode())
        os._exit(3)
    enter(start, control, peer)


def _high(fd: int) -> int:
    """The same file under a number that a careless os.close() rarely meets. -1 stays."""
    import fcntl

    if fd < 0:
        return fd
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
    os.close(fd)
    return moved


def _close_all_but(kept: set[int]) -> None:
    low = 0
    for fd in [*sorted(fd for fd in kept if fd >= 0), os.sysconf("SC_OPEN_MAX")]:
        if low < fd:  # an empty range would be taken as one without end
            os.closerange(low, fd)
        low = fd + 1


def enter_fresh(words: list[str]) -> NoReturn:
    """The first step of a process started afresh."""
    parent, control, peer = map(int, words)
    os.setsid()
    processes.die_with_parent(parent)
    control, peer = _high(control), _high(peer)
    unpacker = Unpacker()
    sock = socket.socket(fileno=os.dup(control))
    while True:  # one frame, and not a byte more: the rest belongs to whoever reads next
        data = sock.recv(unpacker.missing)
        if not data:
            os._exit(0)
        for body in unpacker.feed(data):
            sock.close()
            start = _begin.read(body)
            loaded_ahead.load_afresh(start.kind)
            enter(start, control, peer)


def enter(start: children.Begin, control: int, peer: int) -> NoReturn:
    """Do what this process is for, then end it: nothing of the host's way out is ever taken."""
    status = 0
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        _streams()
        _own_folder(start.folder)
        sock = socket.socket(fileno=control)
        other = socket.socket(fileno=peer) if peer >= 0 else None
        if start.role in ("judge", "figures"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        if start.role in ("learner", "rerun"):
            be_learner(start, sock, other)
        elif start.role == "judge":
            be_judge(start, sock, other)
        else:
            be_figures(sock)
    except BaseException as error:  # noqa: BLE001 - a fault of the tutor's own: it goes to the engine's log
        status = _way_out(start, error, control)
    finally:
        with contextlib.suppress(OSError, ValueError):
            run_side.flush()
        os._exit(status)


def _way_out(start: children.Begin, error: BaseException, control: int) -> int:
    """The exit status of a process that `error` ends. What the learner's code did to the built-in functions is undone
    first, as writing a traceback takes them."""
    vars(builtins).update(_BUILTINS)
    if start.role == "judge":  # whatever it is, there was no verdict yet; standard error is the engine's log
        traceback.print_exception(error, file=sys.__stderr__)
    if isinstance(error, (EOFError, ConnectionError, KeyboardInterrupt)):
        return 0
    if isinstance(error, SystemExit):
        return 1
    with contextlib.suppress(OSError, ValueError):
        if start.role == "learner":
            text = "".join(traceback.format_exception(error))[-_MOST_LOGGED:]
            os.set_blocking(control, True)
            socket.socket(fileno=os.dup(control)).sendall(pack(children.Broken(text)))
        elif start.role == "figures":
            traceback.print_exception(error, file=sys.__stderr__)
    return children.BROKEN


def _own_folder(folder: str) -> None:
    """Relative names and temporary files of this process go into `folder`, which the host removes afterwards."""
    os.chdir(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _streams() -> None:
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    for name, fd in (("stdout", 1), ("stderr", 2)):
        stream = open(fd, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


# ------------------------------------------------------------------ the learner's code


def be_learner(start: children.Begin, sock: socket.socket, judge: socket.socket | None) -> None:
    """Run the job, say what it came to, answer the judge, then wait to be looked into until the host ends it."""
    job = start.job
    assert job is not None
    listened = (_high(os.dup(1)), _high(os.dup(2))) if start.role == "learner" else ()
    side = run_side.begin(job.run, sock, listened)
    limits.apply(job.limits, job.gpu)
    namespace = _main_module()
    _seed(job.seed, start.kind)
    if start.kind == "light":
        on_import.on_import("keras", loaded_ahead.stream_fits)
    _no_input(side)
    atexit._clear()  # what the host has imported is none of the learner's
    if not job.graded:
        side.answer = lambda request: _answer(request, namespace)
    side.send(children.Loaded())
    finished = execute(job, namespace, side)
    side.over = True
    side.send(finished)
    if judge is not None:
        if finished.reason == "ok":
            answer_judge = entries.look_up(entries.ANSWERS)
            answer_judge(judge, namespace, lambda error: code_errors.explain(error, job.chunks), _last_fit)
        judge.close()
        side.send(children.Served())
    if start.role == "learner":
        _serve_inspections(side, namespace)


def _main_module() -> dict[str, object]:
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return vars(module)


def _seed(seed: int, kind: HostKind) -> None:
    import numpy

    random.seed(seed)
    numpy.random.seed(seed % 2**32)
    if kind == "keras":
        import keras

        keras.utils.set_random_seed(seed % 2**32)


def _last_fit(model: object) -> Mapping[str, object] | None:
    """The arguments of the model's last fit, which the checks may ask for; None where it was never fitted. Whoever has
    a model has imported keras."""
    from tutor.engine.run import fit_wrapping

    return fit_wrapping.last_fits.get(model)


def _no_input(side: run_side.RunSide) -> None:
    def no_input(prompt: object = "", /) -> str:
        side.note("input() has nobody to answer it here: a run reads no keys. Write the value into the code instead.")
        raise EOFError("input() has nothing to read in a run")

    builtins.input = no_input


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
    """The code, and then what it has registered with atexit, as at the end of any Python program: this process lives
    on. Where the time is up there is none left for that."""
    try:
        for chunk in job.chunks:
            exec(compile(chunk.source, chunk.name, "exec", dont_inherit=True), namespace)
    except code_errors.OutOfTime:
        raise
    except BaseException:
        atexit._run_exitfuncs()
        raise
    atexit._run_exitfuncs()


def _judge_exception(
    raised: BaseException, job: Job, side: run_side.RunSide
) -> tuple[Reason, CodeError | None, str]:
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
        side.send(_answer(side.wait(), namespace))


def _answer(request: Inspect | Keep, namespace: dict[str, object]) -> Inspected:
    if isinstance(request, Keep):
        from tutor.engine.run import model_saving

        return model_saving.keep(request, namespace)
    from tutor.engine.run import inspecting

    return inspecting.answer(request, namespace)


# ------------------------------------------------------------------ the judge, the figures


def be_judge(start: children.Begin, sock: socket.socket, learner: socket.socket | None) -> None:
    """Mark one submission: all of it is the grading room's, over a Link."""
    from tutor.engine.run.judge_link import JudgeLink

    processes.close_to_others()
    assert learner is not None and start.job is not None
    grade = _grade.read(memoryview(start.rubric))
    entries.look_up(entries.JUDGE)(JudgeLink(grade, sock, learner, start.job), _last_fit)


def be_figures(sock: socket.socket) -> None:
    """Compute figures, one after the other, until the host is gone."""
    from tutor.engine.run import figure_server

    figure_server.serve(sock)


if __name__ == "__main__":
    from tutor.engine.run import child  # one module object, whatever name it was started under

    child.enter_fresh(sys.argv[1:])
