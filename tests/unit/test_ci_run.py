"""`.ci/run` on a project of stand-ins: what it runs, in which order, and what it says of a step that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = """# A project
<!-- test command -->
```sh
python3 make_venv.py .venv && .venv/bin/python -m pip install x && .venv/bin/python -m pytest
```
"""
MAKE_VENV = '''
import sys
from pathlib import Path

PROGRAM = """#!/bin/sh
echo "ran: $(basename $0) $*"
case "$*" in *pytest*) echo "12 passed, 1 rerun in 3.45s";; esac
case "$(basename $0) $*" in $FAILING) exit 4;; esac
"""
folder = Path(sys.argv[1]) / "bin"
folder.mkdir(parents=True)
for name in ("python", "ruff", "lint-imports", "mypy", "dl-tutor"):
    (folder / name).write_text(PROGRAM)
    (folder / name).chmod(0o755)
'''


def run(folder: Path, failing: str = "nothing") -> subprocess.CompletedProcess[str]:
    """failing: a shell pattern of the command that fails."""
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    (folder / "README.md").write_text(README)
    (folder / "make_venv.py").write_text(MAKE_VENV)
    env = {**os.environ, "FAILING": failing, "TMPDIR": str(folder)}
    return subprocess.run([folder / ".ci" / "run"], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def table(output: str) -> list[str]:
    """The lines of the table at the end, without their seconds."""
    lines = output.partition("== what each step took")[2].splitlines()[1:]
    return [line.partition("s  ")[2] for line in lines if line[:6].strip().isdecimal() and "s  " in line]


def test_every_step_stands_in_the_table_with_pytests_own_count_below(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert table(done.stdout) == [
        "README: python3 make_venv.py .venv",
        "README: .venv/bin/python -m pip install x",
        "README: .venv/bin/python -m pytest",
        "linters installed",
        "ruff",
        "the import contract",
        "types",
        "the course, proved",
    ]
    assert done.stdout.endswith("12 passed, 1 rerun in 3.45s\nAll of it holds.\n")
    assert "ran: dl-tutor lint --prove --draw " in done.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("tmp.")] == []


@pytest.mark.parametrize(
    ("failing", "name", "steps"),
    [
        ("*pip*install*x", "README: .venv/bin/python -m pip install x", 2),
        ("*pytest", "README: .venv/bin/python -m pytest", 3),
        ("ruff*", "ruff", 6),
        ("mypy*", "types", 8),
        ("dl-tutor*", "the course, proved", 8),
    ],
)
def test_the_step_that_fails_is_named_and_none_behind_it_is_run(
    failing: str, name: str, steps: int, tmp_path: Path
) -> None:
    done = run(tmp_path, failing)
    assert done.returncode == 1
    found = table(done.stdout)
    assert f"{name}: FAILED with status 4" in found and len(found) == steps
    assert "It does not hold" in done.stderr and "All of it holds" not in done.stdout
    assert ("12 passed" in done.stdout.partition("== what each step took")[2]) is ("pip" not in failing)


def test_a_readme_without_a_test_command_fails(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    text = README.replace("<!-- test command -->", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.README", text)
        done = run(tmp_path)
    assert done.returncode == 1 and "no test command" in done.stdout + done.stderr
