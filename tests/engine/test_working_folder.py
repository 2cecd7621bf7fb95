"""Where a run works: which files it finds, and what is said of those that it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import ended, notes, printed, run

READS = "import numpy as np\nprint(np.loadtxt('mydata.csv', delimiter=',').sum())"
WRITES = "import numpy as np\nopen('notes.txt', 'w').write('x')\nnp.savez('sums.npz', x=1)"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program of the user's own, with data and a module beside it."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "mydata.csv").write_text("1,2\n3,4\n")
    (folder / "helper.py").write_text("HELP = 7\n")
    return folder / "program.py"


def own(program: Path, folder: Path) -> dict[str, object]:
    return {"own": True, "path": str(program), "folder": str(folder)}


async def test_a_program_of_ones_own_works_where_it_was_started(engine, program):
    here = program.parent
    assert printed(await run(engine, READS, **own(program, here))) == "10.0\n"
    events = await run(engine, WRITES, **own(program, here))
    assert notes(events) == "It wrote notes.txt and sums.npz."
    assert (here / "notes.txt").read_text() == "x" and (here / "sums.npz").exists()
    assert notes(await run(engine, "x = open('notes.txt').read()", **own(program, here))) == ""
    longer = await run(engine, "open('notes.txt', 'w').write('longer')", **own(program, here))
    assert notes(longer) == "It wrote notes.txt."


async def test_modules_beside_it_are_found_wherever_it_was_started(engine, program, tmp_path):
    assert printed(await run(engine, "import helper\nprint(helper.HELP)", **own(program, tmp_path))) == "7\n"


async def test_a_file_beside_it_that_is_not_where_it_was_started_is_named(engine, program, tmp_path):
    for source in (READS, "open('mydata.csv')"):
        error = ended(await run(engine, source, **own(program, tmp_path))).error
        assert error.todo == (
            f"It is beside program.py, but names count from {tmp_path}, where the run was started: start it in its own "
            "folder."
        )
    error = ended(await run(engine, "open('nowhere.csv')", **own(program, tmp_path))).error
    assert error.todo == f"Names count from {tmp_path}, where the run was started."


async def test_what_other_code_writes_goes_with_the_run_and_is_named(engine, program):
    events = await run(engine, WRITES)
    assert notes(events).startswith("It wrote notes.txt and sums.npz into a folder of its own, which goes with")
    many = "for i in range(9):\n    open(f'part{i}.txt', 'w').close()\nimport tempfile\nkept = tempfile.mkdtemp()"
    listed = "It wrote part0.txt, part1.txt, part2.txt, part3.txt, part4.txt and 4 more into"
    assert listed in notes(await run(engine, many))
    hostile = await run(engine, "open('a\\x1b]0;x\\x07b', 'w').close()")
    assert "\x1b" not in notes(hostile) and "It wrote a" in notes(hostile)
    assert notes(await run(engine, "import os\nos.rmdir(os.getcwd())")) == ""
    error = ended(await run(engine, READS)).error
    assert error.todo.startswith("A run works in a folder of its own, which is empty at first.")
    confined = await run(engine, READS, path=str(program), folder=str(program.parent))
    assert ended(confined).error.todo.startswith("A run works in a folder of its own")
