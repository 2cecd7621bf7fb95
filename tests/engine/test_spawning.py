"""Processes that multiprocessing starts afresh: where they cannot begin, it is said once, and the run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.conftest import ended, printed, run

SQUARES = """import multiprocessing as mp
def square(x):
    return x * x
"""
POOL = """with mp.Pool(2) as pool:
    print(pool.map(square, range(4)))
"""
SPAWN, FORKSERVER = (f'mp.set_start_method("{kind}")\n' for kind in ("spawn", "forkserver"))
UNGUARDED = {
    "both": (f"{SQUARES}{SPAWN}{POOL}", 5),
    "the method": (f"{SQUARES}{SPAWN}if __name__ == '__main__':\n    mp.Pool(2)\n", 4),
    "a process": (f"{SQUARES}mp.get_context('spawn').Process(target=square, args=(1,)).start()\n", 4),
    "in a function": (f"{SQUARES}{FORKSERVER}def main():\n    mp.Pool(2)\nmain()\n", 7),
}  # fmt: skip


def at_home(source: str, folder: Path) -> dict[str, object]:
    """Options of a job whose code stands in a file of one's own."""
    file = folder / "block.py"
    file.write_text(source)
    return {"path": str(file), "own": True}


@pytest.mark.parametrize("kind", [SPAWN, FORKSERVER])
async def test_code_without_a_file_is_told_what_to_do(engine, kind):
    events = await run(engine, SQUARES + kind + POOL, seconds=20)
    error = ended(events).error
    assert ended(events).reason == "error" and error.kind == "RuntimeError" and error.lines[-1].line == 5
    assert "dl-tutor run FILE" in error.message and 'get_context("fork")' in error.message
    assert printed(events, "err") == printed(events) == "" and not ended(events).left_behind


async def test_a_file_that_cannot_be_read_is_none(engine, tmp_path):
    source = f"{SQUARES}if __name__ == '__main__':\n    {SPAWN}    mp.Pool(2)\n"
    options = at_home(source, tmp_path)
    (tmp_path / "block.py").unlink()
    events = await run(engine, source, **options, seconds=20)
    assert "dl-tutor run FILE" in ended(events).error.message and printed(events, "err") == ""


@pytest.mark.parametrize("case", UNGUARDED)
async def test_a_file_that_would_begin_again_and_again_is_told_so_once(engine, tmp_path, case):
    source, line = UNGUARDED[case]
    events = await run(engine, source, **at_home(source, tmp_path), seconds=20)
    error = ended(events).error
    assert ended(events).reason == "error" and f"line {line} again" in error.message
    assert 'if __name__ == "__main__":' in error.message and printed(events, "err") == ""


async def test_a_file_that_is_written_for_it_works(engine, tmp_path):
    guarded = f"{SPAWN}{POOL}".replace("\n", "\n    ")
    source = f"{SQUARES}if __name__ == '__main__':\n    {guarded}"
    events = await run(engine, source, **at_home(source, tmp_path))
    assert printed(events) == "[0, 1, 4, 9]\n" and not ended(events).left_behind and ended(events).note == ""


async def test_forks_need_nothing_of_it(either):
    events = await run(either, SQUARES + POOL)
    assert printed(events) == "[0, 1, 4, 9]\n" and not ended(events).left_behind
