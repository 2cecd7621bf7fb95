"""Text that a learner's code gives (names, titles, keys, answers, errors, prints) makes no terminal do anything: by the
command line, on a terminal and in a pipe, and in the window, with what was kept of before."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.steps import leave
from tests.ptykit import Terminal, tutor
from tests.sample_course import EXERCISE, RUN, lesson_text, make_course
from tutor import paths
from tutor.progress import Progress
from tutor.runs import Record, Runs

EVIL = r"A\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b[2J\x9b31m\x9d0;owned\x9c\u202e\x1bPq\x1b\\\x1b[31mB"
"""As it stands in Python source."""
SIGNS = EVIL.encode().decode("unicode_escape")
PROGRAM = f"""
import sys
from tutor import plot, track
E = "{EVIL}"
print(E)
print(E, file=sys.stderr)
plot.line([1, 2, 3], label=E, title=E, xlabel=E, ylabel=E)
plot.bar([E, "b"], [1, 2])
for epoch in track(3, name=E):
    track.log(**{{E: 0.5, "loss": 0.25}})
exec("def f():\\n    raise type(E, (Exception,), {{}})(E)")
f.__code__ = f.__code__.replace(co_name=E, co_filename="hostile.py")
f()
"""
ANSWERS = {
    "string": "return E",
    "class": "return type(E, (), {'__repr__': lambda self: E})()",
    "keys": "return {E: [E, {E: (1, E)}], 1: E}",
    "error": "raise type(E, (ValueError,), {'__str__': lambda self: E})()",
    "no function": "pass\ndouble = type(E, (), {})()",
    "exit": "import sys; sys.exit(E)",
}
_OURS = re.compile(rb"\x1b\[[0-9;]*m|\x1b\[K|\r")
_ACTS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    sums = lesson_text("sums", f"## One\n\n{RUN}\n\n## Two\n\n{EXERCISE}")
    return make_course(tmp_path / "course", {"basics": {"sums": sums}}, title="Small")


def environment(home: Path, course: Path) -> dict[str, str]:
    return {"DL_TUTOR_HOME": str(home), "DL_TUTOR_COURSE": str(course)}


def harms(data: bytes) -> list[bytes]:
    """What a terminal would act on, but our own colours and lines that are drawn again."""
    return _ACTS.findall(_OURS.sub(b"", data)) + re.findall(rb"\x1b\[[0-9;]*31m(?=B)", data)


def in_a_pipe(home: Path, course: Path, *words: str) -> bytes:
    env = {**os.environ, **environment(home, course)}
    done = subprocess.run([sys.executable, "-m", "tutor", *words], env=env, capture_output=True)
    return done.stdout + done.stderr


def on_a_terminal(home: Path, course: Path, *words: str) -> bytes:
    with Terminal([sys.executable, "-m", "tutor", *words], env=dict(environment(home, course))) as terminal:
        terminal.wait(60)
        return bytes(terminal.raw)


def test_no_command_passes_it_on(home: Path, course: Path, tmp_path: Path) -> None:
    program, answer = tmp_path / "hostile.py", tmp_path / "answer.py"
    program.write_text(PROGRAM)
    for told in (in_a_pipe(home, course, "run", str(program)), on_a_terminal(home, course, "run", str(program))):
        assert not harms(told) and told.count(b"AB") > 7 and b"hostile.py, line" in told, told
    for name, code in ANSWERS.items():
        answer.write_text(f'E = "{EVIL}"\ndef double(x):\n    {code}\n')
        for told in (in_a_pipe(home, course, "check", "double", str(answer)),
                     in_a_pipe(home, course, "check", "double", str(answer), "--json")):  # fmt: skip
            assert not harms(told) and b"double" in told, (name, told)
        told = on_a_terminal(home, course, "check", "double", str(answer))
        assert not harms(told) and b"double" in told, (name, told)


def test_nor_does_a_lesson(home: Path, tmp_path: Path) -> None:
    task = EXERCISE.replace("Write `double(x)`", f"Write {SIGNS} `double(x)`").replace(
        "    return 2 * x\n", f"    return 2 * x  # {SIGNS}\n"
    )
    sums = lesson_text("sums", f"Words {SIGNS}.\n\n{RUN}\n\n## Two {SIGNS}\n\n{task}")
    course = make_course(tmp_path / "course", {"basics": {"sums": sums}}, title=f"Small {SIGNS}")
    for words in (["list"], ["read", "sums"], ["hint", "double"], ["hint", "double"], ["solution", "double"], ["lint"]):
        told = in_a_pipe(home, course, *words), on_a_terminal(home, course, *words)
        assert not any(map(harms, told)), (words, told)


@pytest.fixture
def kept(home: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft, an attempt and a past training, with such text in all of it, as files of before may have."""
    monkeypatch.setenv("DL_TUTOR_HOME", str(home))
    progress = Progress(paths.state_dir(), course="small")
    progress.drafts.save("hello", f"# {SIGNS}\n{PROGRAM}")
    for number in (1, 2):
        Runs(paths.state_dir() / "runs").save(Record(
            f"run{number}", "hello", float(number), code=f"x = {number}  # {SIGNS}", model=SIGNS,
            arguments={"optimizer": SIGNS * number, SIGNS: SIGNS}, curves={SIGNS: ((1.0, 2.0), (0.5, 0.25))}, epochs=2,
            planned=2, reason=SIGNS, note=SIGNS, best=(SIGNS, 2, 0.25), name=SIGNS,
        ))  # fmt: skip


@pytest.mark.usefixtures("kept")
def test_what_was_kept_of_before_is_shown_without_harm(home: Path, course: Path) -> None:
    for words in (["runs"], ["runs", "hello"], ["runs", "hello", "--json"], ["list"]):
        assert not harms(in_a_pipe(home, course, *words))
        assert not harms(on_a_terminal(home, course, *words))
    code = on_a_terminal(home, course, "read", "--code", "hello")
    assert b"plot.line" in code and not harms(code)
    as_it_is = in_a_pipe(home, course, "read", "--code", "hello").decode()
    assert as_it_is == f"# {SIGNS}\n{PROGRAM}", "for a file"


@pytest.mark.usefixtures("kept")
def test_the_window_shows_it_without_harm(home: Path, course: Path) -> None:
    with tutor(home, "open", "sums", env={"DL_TUTOR_COURSE": str(course)}) as window:
        window.until("One").press("e").until("hello.py").at_rest()
        window.press("f5").until("error ·").press("f4").at_rest().press("r").until("- x = 2").at_rest()
        assert leave(window) == 0
    sent = bytes(window.raw)
    assert b"owned" in sent
    assert not re.findall(rb"\x1b\]0;owned|\x1b\]52|\x1bPq|\xc2[\x80-\x9f]|\xe2\x80\xae", sent)
