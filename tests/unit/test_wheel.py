"""The wheel stands by itself: built, installed without the checkout, it opens a lesson and a data set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.engine.machine.confinement import landlock

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
from pathlib import Path
import tutor
from tutor import data, paths
from tutor.course.loader import load_course, load_lesson
home = Path(sys.argv[1])
assert Path(tutor.__file__).is_relative_to(home), tutor.__file__
assert paths.lessons_dir() == home / "tutor" / "shipped" / "lessons", paths.lessons_dir()
course = load_course(paths.lessons_dir(), None)
assert not [lesson.problem for lesson in course.lessons if lesson.problem]
print(load_lesson(course, "gradient-descent").pages[0].title)
print(len(data.load("boston")))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, installed by pip into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True, text=True)
    return target


def ask(installed: Path, code: str, tmp_path: Path) -> str:
    env = {**os.environ, "PYTHONPATH": str(installed), "DL_TUTOR_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(installed)], env=env, cwd=tmp_path, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_a_lesson_and_a_data_set_open_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    title, rows = ask(installed, ASK, tmp_path).splitlines()
    assert title
    assert rows == "506"


def test_lessons_beside_the_package_win_over_the_shipped_copy(installed: Path, tmp_path: Path) -> None:
    beside = installed / "lessons"
    beside.mkdir()
    (beside / "course.toml").write_text('format_version = 1\ntitle = "Mine"\n')
    try:
        code = "from tutor import paths; print(paths.lessons_dir())"
        assert ask(installed, code, tmp_path).strip() == str(beside)
    finally:
        (beside / "course.toml").unlink()
        beside.rmdir()


def test_everything_the_course_needs_is_in_the_wheel(installed: Path) -> None:
    shipped = installed / "tutor" / "shipped"
    for name in ("lessons", "data"):
        here = {path.relative_to(ROOT / name) for path in (ROOT / name).rglob("*") if path.is_file()}
        there = {path.relative_to(shipped / name) for path in (shipped / name).rglob("*") if path.is_file()}
        assert here == there
    styles = {path.relative_to(ROOT) for path in (ROOT / "tutor").rglob("*.tcss")}
    assert all((installed / style).is_file() for style in styles)


TRY_LESSONS = """
from tutor import paths
found = [path for path in paths.lessons_dir().rglob("*") if path.is_file()]
read = []
for path in found:
    try:
        read.append(path.read_bytes())
    except PermissionError:
        pass
print(paths.PACKAGE.name, len(found) > 50, len(read))
"""


@pytest.mark.skipif(not landlock.VERSION, reason="this kernel has no Landlock")
def test_no_lesson_of_the_wheel_can_be_read_in_a_run(installed: Path, tmp_path: Path) -> None:
    code = tmp_path / "try.py"
    code.write_text(TRY_LESSONS)
    env = {**os.environ, "PYTHONPATH": str(installed), "DL_TUTOR_HOME": str(tmp_path / "home")}
    env["DL_TUTOR_ENGINE_IDLE"] = "0"
    words = [sys.executable, "-P", "-m", "tutor", "run", "price-by-hand", str(code)]
    done = subprocess.run(words, env=env, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert "tutor True 0" in done.stdout, done.stdout + done.stderr
