"""The command line, as a person or a script calls it: words, JSON, exit status."""

from __future__ import annotations

import asyncio
import errno
import importlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ptykit import Terminal
from tests.sample_course import EXERCISE, QUIZ, RUN, lesson_text, make_course
from tutor import cli, paths
from tutor.commands.running import follow
from tutor.engine.client.engine import Engine
from tutor.engine.machine import host_lock, sockets
from tutor.messages.events import Queued
from tutor.progress import Progress


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sums = lesson_text("sums", f"## Adding\n\n{RUN}\n{QUIZ}", f"## Doubling\n\n{EXERCISE}", title="Adding up")
    lessons = {"sums": sums, "broken": "---\nid: broken\n"}
    return make_course(tmp_path_factory.mktemp("course"), {"basics": lessons}, title="Small")


@pytest.fixture(scope="module")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for all, so that the engine starts once; it is ended afterwards."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(home))
        yield home
        asyncio.run(stop_hosts())


async def stop_hosts() -> None:
    """End the hosts of this home."""
    engine = Engine(window="tests")
    await engine.attach("none")
    await engine.stop(force=True)


@pytest.fixture
def home(engine_home: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DL_TUTOR_COURSE", str(course))
    return engine_home


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = cli.run(words)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_version_and_help_need_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom tutor import cli\nassert cli.run(['--version']) == 0\nassert cli.run(['--help']) == 0\n"
        "assert cli.run(['list']) == 0\n"
        "heavy = {'textual', 'numpy', 'keras', 'torch', 'plotext'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    environ = {**os.environ, "DL_TUTOR_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 0, done.stderr
    assert "dl-tutor 0." in done.stdout and "doctor" in done.stdout


def test_list_in_words_and_as_json(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "list")
    assert status == 0 and "Adding up" in out and "broken: " in out and "02-broken.md" in out
    status, out, _ = run(capsys, "list", "sums")
    assert "double" in out and "hello" in out and "output-neurons" in out
    status, out, _ = run(capsys, "list", "--json")
    whole = json.loads(out)
    assert whole["title"] == "Small" and whole["total"] == 2
    lessons = whole["chapters"][0]["lessons"]
    assert [task["id"] for task in lessons[0]["tasks"]] == ["hello", "output-neurons", "double"]
    assert lessons[1]["problem"]


def test_where(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "where", "--json")
    places = json.loads(out)
    assert status == 0 and places["files"]["settings"]["path"].startswith(str(home))
    assert places["here"]["lesson"] == "sums"
    assert "Adding up" in run(capsys, "where")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], "`check`"),
        (["check", "duoble"], "double"),
        (["check", "output-neurons"], "window"),
        (["check"], "EXERCISE"),
        (["run", "helo"], "hello"),
        (["run", "nowhere.py"], "cannot be read"),
        (["open", "sumz"], "sums"),
        (["hint", "doubel"], "double"),
        (["hint"], "Which exercise"),
        (["reset", "output-neurons"], "no code"),
        (["lint", "/nowhere"], "/nowhere"),
        (["lint", "--only", "sums"], "--prove"),
        (["list", "nothing"], "sums"),
        (["--course", "/nowhere", "list"], "/nowhere"),
        (["list", "--course", "/"], "no course"),
        (["--theme", "pink", "list"], "pink"),
    ],
)
def test_wrong_words_are_2_and_name_the_nearest(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    status, out, err = run(capsys, *words)
    assert status == 2 and out == "" and said in err


@pytest.mark.parametrize("words", [[], ["open", "sums"]])
def test_without_a_terminal(home: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    status, _, err = run(capsys, *words)
    assert status == 2 and "not a terminal" in err and "`dl-tutor list`" in err and "ssh -t" in err


def test_run_a_block_a_draft_and_a_file(home: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.run(["run", "hello"]) == 0
    assert capfd.readouterr().out == "hello\n"
    drafts = Progress(paths.state_dir(), course="small").drafts
    drafts.save("hello", "print('mine')\n")
    assert cli.run(["run", "hello"]) == 0
    assert capfd.readouterr().out == "mine\n"
    file = tmp_path / "own.py"
    file.write_text("x = 1\nprint(1 / 0)\n")
    assert cli.run(["run", str(file)]) == 1
    captured = capfd.readouterr()
    assert "ZeroDivisionError" in captured.err and "own.py, line 2" in captured.err


def test_check_hint_reset(home: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "answer.py"
    file.write_text("def double(x):\n    return 2 * abs(x)\n")
    assert cli.run(["check", "double", str(file)]) == 1
    out = capfd.readouterr().out
    assert "✓ it is twice the number" in out and "✗ below zero too" in out and "1 of 2 checks" in out
    assert "hint 1 of 2" in out
    assert cli.run(["hint", "double"]) == 0
    out = capfd.readouterr().out
    assert "int 1 of 2" in out and "What is added to x" in out and "Multiply by two" not in out
    file.write_text("def double(x):\n    return x + x\n")
    assert cli.run(["check", "double", str(file), "--json"]) == 0
    value = json.loads(capfd.readouterr().out)
    assert value["outcome"] == "passed" and len(value["checks"]) == 2
    progress = Progress(paths.state_dir(), course="small")
    assert [attempt.outcome for attempt in progress.attempts("double")] == ["failed", "passed"]
    assert progress.passed_code("double") == file.read_text()
    assert cli.run(["check", "double"]) == 1
    assert "nothing" in capfd.readouterr().out.lower()
    progress.drafts.save("double", "mine")
    assert cli.run(["reset", "double"]) == 2
    assert progress.drafts.load("double")
    assert cli.run(["reset", "double", "--yes"]) == 0
    assert "old" in capfd.readouterr().out
    assert progress.drafts.load("double") is None


def test_ctrl_c_cancels_with_130(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("import time\nprint('going', flush=True)\nwhile True:\n    time.sleep(0.01)\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "run", str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout and process.stdout.readline() == b"going\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert b"ctrl+c again" in err


@pytest.mark.parametrize("words", [("list",), ("list", "--json"), ("--version",)])
def test_output_that_cannot_be_written_is_no_mistake_of_the_tutors(home: Path, words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "tutor", *words], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "What was to be printed could not be written (No space left on device)."
    assert "report" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("module", "name", "error", "said"),
    [
        ("tempfile", "gettempdir", FileNotFoundError(2, "No usable temporary directory"), "Set TMPDIR"),
        ("tutor.engine.client.host_start", "start", OSError(errno.EMFILE, "Too many open files"), "ulimit -n 1024"),
    ],
)
def test_what_the_machine_lacks_is_said_plainly(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    module: str, name: str, error: OSError, said: str,
) -> None:  # fmt: skip
    def fail(*_: object) -> None:
        raise error

    (tmp_path / "one.py").write_text("print(1)")
    with monkeypatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(tmp_path / "home"))
        patch.setattr(importlib.import_module(module), name, fail)
        assert cli.run(["run", str(tmp_path / "one.py")]) == 3
    told = capfd.readouterr().err
    assert said in told and "report" not in told and "mistake" not in told


def test_ctrl_c_twice_leaves_an_engine_that_hangs(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("import time\nprint('going', flush=True)\nwhile True:\n    time.sleep(0.01)\n")
    words = [sys.executable, "-m", "tutor", "run", str(file)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stderr and process.stdout.readline() == "going\n"
    host = host_lock.holder(sockets.socket_path("light"))
    assert host is not None
    os.kill(host.pid, signal.SIGSTOP)
    try:
        process.send_signal(signal.SIGINT)
        assert "ctrl+c again" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.communicate()[1] == "Cancelled.\n" and process.returncode == 130
        assert Path(f"/proc/{host.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    finally:
        os.kill(host.pid, signal.SIGKILL)


def test_a_command_that_was_killed_takes_its_run_along_and_who_waits_says_for_what(home: Path, tmp_path: Path) -> None:
    endless, short = tmp_path / "endless.py", tmp_path / "short.py"
    endless.write_text("import keras\nprint('go', flush=True)\nwhile True: pass")
    short.write_text("import keras\nprint('mine')")
    words = [sys.executable, "-m", "tutor", "run"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    first = subprocess.Popen([*words, str(endless)], **pipes)
    assert first.stdout is not None and first.stdout.readline() == "go\n"
    second = subprocess.Popen([*words, str(short)], **pipes)
    assert second.stderr is not None
    while "Waiting for another run of yours (endless.py)" not in (line := second.stderr.readline()):
        assert line, second.communicate()
    first.kill()
    first.communicate()
    assert second.communicate(timeout=60)[0] == "mine\n" and second.returncode == 0


def test_what_is_waited_for_is_named_where_it_has_a_name() -> None:
    assert follow._waits(Queued("r", 1, block="neuron")) == "Waiting for another run of yours (neuron) to end."
    assert follow._waits(Queued("r", 1)) == "Waiting for another run of yours to end."
    assert follow._waits(Queued("r", 2)) == "Waiting for 2 other runs of yours to end."


def test_an_unexpected_exception_is_short_and_logged(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tutor.course.loader.load_course", lambda *_: 1 // 0)
    status, _, err = run(capsys, "list")
    assert status == 3 and "ZeroDivisionError" in err and len(err.splitlines()) == 2
    logs = list((home / "cache" / "faults").iterdir())
    assert any("Traceback" in log.read_text() for log in logs)


def test_a_reader_that_goes_away_is_no_fault(home: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m tutor list --json | head -c 5", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stdout == '{\n  "' and done.stderr == ""


def test_where_nothing_can_be_written_code_still_runs_and_is_judged(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    (tmp_path / "cache").write_text("the same")
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    file = tmp_path / "answer.py"
    file.write_text("def double(x):\n    return x + x\n")
    try:
        assert cli.run(["check", "double", str(file)]) == 0
    finally:
        asyncio.run(stop_hosts())
    captured = capfd.readouterr()
    assert "passed, 2 of 2" in captured.out and "Next:" in captured.out
    assert "what this command did is not kept" in captured.err


def test_ascii_alone(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--ascii", "check", "double"]) == 1
    assert cli.run(["--ascii", "list", "sums"]) == 0
    captured = capfd.readouterr()
    assert captured.out.isascii() and captured.err.isascii()


TRAINING = """
from tutor import plot, track
for epoch in track(100):
    track.log(loss=1.0 / (epoch + 1))
plot.line([1, 2, 3], [1, 4, 9], title="squares")
"""


def test_a_training_is_lines_in_a_pipe_and_a_plot_has_words(
    home: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "loop.py"
    file.write_text(TRAINING)
    assert cli.run(["run", str(file), "--seed", "3"]) == 0
    captured = capfd.readouterr()
    lines = captured.out.splitlines()
    epochs = [line for line in lines if line.startswith("epoch")]
    assert epochs[0].split() == ["epoch", "1/100", "loss", "1.000"]
    assert epochs[-1].split() == ["epoch", "100/100", "loss", "0.01000"] and len(epochs) <= 30
    assert any(line.startswith("trained 100 epochs") for line in lines)
    assert "squares" in captured.out and "rises from 1 to 9" in captured.out
    assert "\x1b" not in captured.out + captured.err and "\r" not in captured.out
    assert "seed 3" in captured.err


def test_on_a_terminal_a_bar_changes_in_place_and_ctrl_c_keeps_the_curve(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "loop.py"
    file.write_text(TRAINING.replace("(100)", "(100_000)").replace("plot.", "# plot.") + "print('done')\n")
    file.write_text(file.read_text().replace("    track.log", "    __import__('time').sleep(0.01)\n    track.log"))
    with Terminal([sys.executable, "-m", "tutor", "run", str(file)], size=(80, 30)) as terminal:
        terminal.until(lambda t: re.search(r"\d\d of 100000", t.text) is not None)
        terminal.press("ctrl+c")
        assert terminal.wait() == 130
        text = terminal.text
    assert "ctrl+c again" in text and "stopped after" in text and "falls from" in text.replace("\n", " ")
    assert "of 100000" not in text, "the bar is gone in the end"


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"LC_ALL": "C", "TERM": "vt100"}])
def test_on_a_terminal_a_plot_is_drawn_as_wide_as_it_is(home: Path, tmp_path: Path, env: dict[str, str | None]) -> None:
    file = tmp_path / "plots.py"
    file.write_text(TRAINING + 'plot.bar(["a", "b"], [1.0, -2.0], title="weights")\n')
    with Terminal([sys.executable, "-m", "tutor", "run", str(file)], size=(100, 30), env=env) as terminal:
        assert terminal.wait() == 0
        raw = bytes(terminal.raw)
    text = re.sub("\x1b\\[[0-9;]*[a-zA-Z]", "", raw.decode())
    rows = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
    assert "squares" in text and "rises from 1 to 9" in text and "trained 100 epochs" in text
    widths = [len(row) for row in rows]
    assert sum(width >= 95 for width in widths) >= 3 and max(widths) == 100, "the axes reach to the right"
    assert (b"\x1b[38;2;" in raw) == (not env)
    if "LC_ALL" in env:
        assert text.isascii() and "***" in text and "####" in text
    else:
        assert re.search("[\u2801-\u28ff]{4}", text) and "████" in text


def test_a_figure_is_drawn_on_a_terminal_and_is_words_in_a_pipe(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Terminal([sys.executable, "-m", "tutor", "figure", "gradient-descent"], size=(80, 30)) as terminal:
        assert terminal.wait() == 0
        shown = terminal.text
    assert re.search("[\u2801-\u28ff]", shown) and "● w₀" in shown and "best w" in shown and "To change:" in shown
    assert cli.run(["figure", "gradient-descent"]) == 0
    told = capfd.readouterr().out
    assert not re.search("[\u2801-\u28ff│┤]", told) and "the best w is" in " ".join(told.split())
    assert "10 steps of rate" in told and "10 steps of rate" in shown


def test_reset_asks_on_a_terminal(home: Path) -> None:
    drafts = Progress(paths.state_dir(), course="small").drafts
    drafts.save("double", "mine too\n")
    for answer, status in (("n", 130), ("y", 0)):
        with Terminal([sys.executable, "-m", "tutor", "reset", "double"]) as terminal:
            terminal.until("y/N").press(answer, "enter")
            assert terminal.wait() == status
        assert (drafts.path("double").exists()) == (answer == "n")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["check", "no-such-exercise", "--json"], 2),
        (["list", "no-such-lesson", "--json"], 2),
        (["list", "--json", "--course", "/no/such/folder"], 2),
        (["hint", "--json"], 2),
        (["lits", "--json"], 2),
    ],
)
def test_what_goes_wrong_is_json_too(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int
) -> None:
    assert cli.run(words) == status
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert told["status"] == status and told["problem"] and err
