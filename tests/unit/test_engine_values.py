"""The engine's pure parts: which host, what is harmless, what is kept, which jobs."""

from __future__ import annotations

import socket

import msgspec
import pytest

from tutor.course.model import Exercise, Lesson, Page, Run, Source
from tutor.engine.client.which_host import kind_for, kind_of
from tutor.engine.host.event_log import BATCHES_KEPT, EventLog
from tutor.engine.host.printed import Printed
from tutor.errors import CourseError, EngineError
from tutor.messages.events import Output, Plotted, RunEvent
from tutor.messages.frames import MAX_FRAME, Unpacker, pack
from tutor.messages.harmless import harmless
from tutor.messages.jobs import Rubric
from tutor.messages.requests import Seen
from tutor.messages.training import BatchEnded, EpochEnded
from tutor.submitting import AS_WRITTEN, Bounds, bounded, job_for_exercise, job_for_file, job_for_run


@pytest.mark.parametrize(
    "source",
    [
        "import keras",
        "import numpy, keras.layers as layers",
        "from keras.models import Sequential",
        "def f():\n    import torch",
        "import importlib\nk = importlib.import_module('keras')",
        "k = __import__('torch')",
        "from tutor.engine.run import fit_wrapping",
        "import tutor.engine.run.fit_wrapping",
    ],
)
def test_needs_keras(source):
    assert kind_of(["x = 1", source]) == "keras"


@pytest.mark.parametrize(
    "source", ["import numpy", "# import keras", "s = 'import keras'", "import keras_like", "import keras("]
)
def test_needs_numpy_only(source):
    assert kind_of([source]) == "light"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\y", "xy"),
        ("\x1bPdevice\x1b\\z\x1b7\x1b(B", "z"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x00\x07\x7f", "\u2400\u2407\u2421"),
        ("\x9b31m\x85", "\ufffd"),
        ("a\x9d0;title\x9cb\x90q\x1b\\c", "abc"),
        ("\u202eevil\u2066", "evil"),
        ("\x1b", "\u241b"),
    ],
)
def test_harmless(text, safe):
    assert harmless(text) == safe


def test_printing_is_gathered_and_cut():
    said = []
    printed = Printed(100, lambda stream, at, text: said.append((stream, text)))
    for _ in range(50):
        printed.feed("out", b"abc")
    printed.flush()
    assert printed.over and "".join(text for _, text in said) == ("abc" * 34)[:100] and len(said) < 10


def test_frames_survive_any_cut():
    frames = pack(Seen("a")) + pack(Seen("b"))
    unpacker = Unpacker()
    bodies = [body for i in range(len(frames)) for body in unpacker.feed(frames[i : i + 1])]
    assert [msgspec.msgpack.decode(body, type=Seen).run for body in bodies] == ["a", "b"]
    with pytest.raises(EngineError):
        list(Unpacker().feed(b"\xff\xff\xff\xff"))


def kept(record: EventLog) -> list[RunEvent]:
    events, number = [], 0
    while entry := record.first_from(number):
        events.append(msgspec.msgpack.decode(entry[1][4:], type=RunEvent))
        number = entry[0] + 1
    return events


def test_a_record_keeps_all_but_old_batches_and_plots():
    record = EventLog("r", "w")
    for batch in range(1000):
        record.add(BatchEnded("r", 0, 0, batch, {}, 0.0))
    for index in (0, 1, 0):
        from tutor.plots.scene import Scene

        record.add(Plotted("r", index, Scene((), title=str(index))))
    record.add(EpochEnded("r", 0, 0, {}, 0.0))
    events = kept(record)
    batches = [event for event in events if isinstance(event, BatchEnded)]
    assert BATCHES_KEPT <= len(batches) <= 2 * BATCHES_KEPT and batches[-1].batch == 999
    assert [event.index for event in events if isinstance(event, Plotted)] == [1, 0]
    assert [event.seq for event in events] == sorted({event.seq for event in events})
    assert events[-1].seq == 1003


def exercise(name: str, **options) -> Exercise:
    parts = {
        "starter": Source("..."), "solutions": (Source(f"solved_{name} = 1"),), "checks": Source(""), "wrongs": (),
        "hints": (), "prose": (), "setup": Source(f"set_{name} = 1"), "title": name,
    }  # fmt: skip
    return Exercise(id=name, **(parts | options))


def lesson(*blocks) -> Lesson:
    return Lesson("lesson", "Lesson", (Page("One", blocks),), "01-lesson.md")


def test_a_run_continues_others():
    one = Run("one", Source("a = 1"), setup=Source("s = 0"))
    two = Run("two", Source("b = a"), after="one", seconds=7)
    job = job_for_run(None, lesson(one, two), two, "c = b", bounds=AS_WRITTEN, seed=4)
    assert [(chunk.name, chunk.source, chunk.learner) for chunk in job.chunks] == [
        ("setup of one", "s = 0", False), ("one.py", "a = 1", False), ("two.py", "c = b", True),
    ]  # fmt: skip
    assert (job.block, job.seed, job.limits.seconds, job.graded) == ("two", 4, 7, False)


def test_an_exercise_uses_what_was_passed_else_the_solution():
    used, other = exercise("used"), exercise("other", uses=("used",))
    top = exercise("top", uses=("used", "other"))
    task_lesson = lesson(used, other, top)
    passed = {"other": "passed"}.get
    job, rubric = job_for_exercise(None, task_lesson, top, "mine", bounds=AS_WRITTEN, passed_code=passed)
    assert [chunk.source for chunk in job.chunks] == [
        "set_used = 1", "solved_used = 1", "set_other = 1", "passed", "set_top = 1", "mine",
    ]  # fmt: skip
    assert [chunk.learner for chunk in job.chunks] == [False, False, False, True, False, True]
    assert job.graded and rubric.answer == "mine" and rubric.solution == "solved_top = 1"
    assert rubric.uses == ("set_used = 1", "solved_used = 1", "set_other = 1", "solved_other = 1")


def test_tasks_in_front_of_each_other_are_an_error():
    one, two = exercise("one", uses=("two",)), exercise("two", uses=("one",))
    with pytest.raises(CourseError, match="one → two → one"):
        job_for_exercise(None, lesson(one, two), one, "", bounds=AS_WRITTEN)
    with pytest.raises(CourseError, match="nowhere"):
        job_for_run(None, lesson(), Run("r", Source(""), uses=("nowhere",)), "", bounds=AS_WRITTEN)


def test_a_file():
    job = job_for_file("mine.py", "print(1)", bounds=AS_WRITTEN)
    assert job.chunks[0].name == "mine.py" and job.chunks[0].learner


def test_a_file_of_ones_own_is_its_users_and_all_other_code_is_confined():
    own, confined = (job_for_file("mine.py", "x", bounds=AS_WRITTEN, confined=each) for each in (False, True))
    assert own.own and not confined.own
    assert bounded(confined, Bounds(read=("~/data",))).read == ("~/data",) and AS_WRITTEN.read == ()


@pytest.mark.parametrize(("code", "graded", "asked", "gets"), [
    ("import keras", False, True, True), ("import keras", False, False, False), ("import numpy", False, True, False),
    ("import keras", True, True, False),
])  # fmt: skip
def test_who_gets_a_gpu(code, graded, asked, gets):
    job = msgspec.structs.replace(job_for_file("mine.py", code, bounds=AS_WRITTEN), graded=graded)
    assert bounded(job, Bounds(0, 500, asked)).gpu is gets


@pytest.mark.parametrize("where", ["setup", "hidden", "checks", "solution"])
def test_the_judges_code_chooses_the_host_too(where):
    rubric = Rubric("e", setup="", hidden="", checks="", solution="", starter="", answer="")
    job = job_for_file("mine.py", "print(1)", bounds=AS_WRITTEN)
    assert kind_for(job, rubric) == "light"
    assert kind_for(job, msgspec.structs.replace(rubric, **{where: "import keras"})) == "keras"


def test_a_frame_too_large_is_refused():
    with pytest.raises(EngineError):
        pack(Output("r", "out", "x" * (MAX_FRAME + 1)))


def test_a_wire_hands_a_descriptor_over():
    import os
    import selectors

    from tutor.engine.host.framed_socket import FramedSocket

    ours, theirs = socket.socketpair()
    with selectors.DefaultSelector() as selector:
        wire = FramedSocket(ours, selector, lambda body: None, lambda: None)
        reading, writing = os.pipe()
        wire.send(b"\x00\x00\x00\x01x", writing)
        _, (handed,), _, _ = socket.recv_fds(theirs, 5, 1)
        os.write(handed, b"y")
        assert os.read(reading, 1) == b"y"
        for fd in (handed, reading):
            os.close(fd)
        wire.close()
    theirs.close()
