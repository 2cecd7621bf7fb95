"""The command line and the window never bring in numpy, keras or torch; each looked at in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

WALK = """
import importlib, pkgutil, sys
names = sys.argv[1:]
for name in names:
    module = importlib.import_module(name)
    for found in pkgutil.walk_packages(getattr(module, "__path__", ()), name + "."):
        if not found.name.startswith("tutor.commands.pen."):  # it is there to bring plotext, once something is drawn
            importlib.import_module(found.name)
print(len(sys.modules), sorted({"numpy", "keras", "torch", "plotext", "tutor.figures"} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "names",
    [
        ["tutor.cli", "tutor.commands"],
        ["tutor.cli", "tutor.tui.app", "tutor.tui", "tutor.engine.client", "tutor.submitting"],
    ],
)
def test_nothing_heavy_comes_with(names: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", WALK, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" []\n"), done.stdout


@pytest.mark.parametrize("room", ["course", "maths", "plots", "progress", "typeset"])
def test_the_pure_rooms_do_without_the_screen(room: str) -> None:
    code = WALK.replace('"plotext"', '"textual"')
    done = subprocess.run([sys.executable, "-c", code, f"tutor.{room}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" []\n"), done.stdout
