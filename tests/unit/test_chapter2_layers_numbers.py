"""What the text of lessons 2.1 and 2.2 states in figures, computed here and then looked for in the text."""

import re

import numpy as np
import pytest

from tests.lesson_text import source, tasks
from tutor import data, paths, plot
from tutor.course import model
from tutor.course.numbers import evaluate

FOLDER = paths.lessons_dir() / "02-multi-layer-perceptrons"


@pytest.fixture(scope="module")
def stacking():
    return source(FOLDER / "01-stacking-layers.md")


@pytest.fixture(scope="module")
def choosing():
    return source(FOLDER / "02-choosing-an-architecture.md")


def said_by(code: str, capsys) -> str:
    exec(compile(code, "lesson", "exec"), {})
    plot.show()
    return capsys.readouterr().out


# ------------------------------------------------------------------ 2.1


def test_the_table_of_xor(stacking):
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        h1, h2 = int(x1 + x2 - 0.5 > 0), int(x1 + x2 - 1.5 > 0)
        o = h1 - h2 - 0.5
        assert int(o > 0) == target
        assert f"| {x1} | {x2} | {h1} | {h2} | {str(o).replace('-', '−')} | {target} |" in stacking


def test_xor_in_numpy_prints_xor(capsys):
    said = said_by(tasks(FOLDER / "01-stacking-layers.md")["xor-in-numpy"].code.code, capsys)
    assert re.findall(r"y_hat \[(\d)\.\]", said) == ["0", "1", "1", "0"]


def test_two_linear_neurons_are_one(stacking):
    x = np.linspace(-3, 3, 7)
    assert 3 * (2 * x + 1) - 2 == pytest.approx(6 * x + 1)
    assert "3 \\cdot (2x + 1) - 2 = 6x + 1" in stacking


def test_ten_neurons_wide_or_deep(stacking, capsys):
    said = said_by(tasks(FOLDER / "01-stacking-layers.md")["width-or-depth"].code.code, capsys)
    assert "wide: 31 parameters, 11 straight pieces" in said
    assert "deep: 31 parameters, 32 straight pieces" in said
    assert "exactly 31 parameters" in stacking and ":: 32 against 11." in stacking
    assert (2**10, 20 + 1) == (1024, 21) and "1024 against 21" in stacking


def test_the_shape_of_the_weights():
    x, w = np.zeros((506, 6)), np.zeros((6, 20))
    assert (x @ w).shape == (506, 20)
    with pytest.raises(ValueError, match="mismatch"):
        x @ w.T


# ------------------------------------------------------------------ 2.2


def test_rows_of_iris(choosing):
    iris = data.load("iris")
    assert (len(iris), len(iris.columns)) == (150, 5)
    names = ("setosa", "versicolor", "virginica")
    for row in (0, 1, 50, 51, 100, 101):
        *measured, species = (float(iris[column][row]) for column in iris.columns)
        cells = " | ".join(f"{value:.1f}" for value in measured)
        assert f"| {cells} | {int(species)} ({names[int(species)]}) |" in choosing


def test_there_are_four_quizzes_and_each_is_explained():
    found = tasks(FOLDER / "02-choosing-an-architecture.md").values()
    quizzes = [task for task in found if isinstance(task, model.Quiz)]
    assert len(quizzes) == 4
    assert all(choice.explanation for quiz in quizzes for choice in quiz.choices)


def test_inputs_of_a_picture(choosing):
    assert evaluate("28 * 28") == 784
    assert "- [x] 784 ::" in choosing


def test_data_kept_back_prefer_a_network_of_middle_size(capsys):
    said = said_by(tasks(FOLDER / "02-choosing-an-architecture.md")["held-back"].code.code, capsys)
    found = re.findall(r"H = +(\d+) +fitted (\S+) +new (\S+)", said)
    rows = [(int(h), float(old), float(new)) for h, old, new in found]
    best = min(rows, key=lambda row: row[2])
    assert 1 < best[0] < 12 and len(rows) == 8
    assert rows[-1][1] < best[1] and rows[-1][2] > 1.5 * best[2]  # fits better, does worse
    assert rows[0][2] > 3 * best[2]
