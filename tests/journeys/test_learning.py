"""Whole journeys through a real pseudo-terminal: what a student does, and what they must see."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.steps import answer_is, back, leave, open_code, page_number, tap, turn_to
from tests.ptykit import tutor

HALF = "def grad_loss(w, x, y):\n    return ((w * x - y) * x).sum()\n"
WHOLE = "def grad_loss(w, x, y):\n    return 2 * ((w * x - y) * x).sum()\n"


def test_from_the_first_start_to_a_passed_exercise_and_back_again(home: Path) -> None:
    with tutor(home, size=(100, 32)) as window:
        window.until("Introduction").until("Gradient descent")
        window.press("q")
        assert window.wait() == 0
    with tutor(home, "open", "1.2", size=(100, 32)) as window:
        window.until("Rooms and prices").until("1 of ")
        window.press("n").until("A model with one weight")
        open_code(window, "gradient")
        answer_is(window, HALF)
        tap(window, "f6").until("not yet").until("Half the slope")
        window.press("f7").until("hint 1 of 3")
        answer_is(window, WHOLE)
        tap(window, "f6").until("passed")
        window.press("end").type("  # half a thought")
        window.until("draft saved")
        assert leave(window) == 0
    with tutor(home, size=(100, 32)) as window:
        window.until("The slope, exactly")
        assert page_number(window) == 7
        window.press("e").until("gradient.py").until("# half a thought")
        window.type("!").until("# half a thought!")
        back(back(window)).until("Continue")
        assert leave(window) == 0


def test_a_figure_is_moved_by_keys_and_by_typing(home: Path) -> None:
    with tutor(home, "open", "1.2", size=(80, 24)) as window:
        window.until("1 of ")
        turn_to(window, "One step downhill")
        window.press("enter").until("space run")
        window.type("5e-5").press("enter").until("diverg")
        window.type("1e-5").press("enter").until("3.633")
        window.press("z").until("0/")
        window.press("s").until("1/")
        window.press("esc").until("8 of 15")


def test_a_training_draws_live_is_stopped_and_keeps_its_curve(home: Path) -> None:
    long = (
        "import keras, numpy as np\n"
        "x = np.linspace(-1, 1, 600).reshape(-1, 1)\n"
        "model = keras.Sequential([keras.Input(shape=(1,)), keras.layers.Dense(8), keras.layers.Dense(1)])\n"
        "model.compile(loss='mse', optimizer='sgd')\n"
        "model.fit(x, 2 * x, epochs=100000, batch_size=100)\n"
        "print('went on after the fit')\n"
    )
    with tutor(home, "open", "1.3", size=(100, 32)) as window:
        window.until("1 of ")
        open_code(window, "train-in-keras")
        answer_is(window, long)
        tap(window, "f5").until("training  epoch", limit=90)
        window.until(lambda t: "epoch 1 of" not in t.text and "loss" in t.text)
        window.press("ctrl+c").until("stopped")
        assert "epoch" in window.text and "loss" in window.text
        window.until("went on after the fit")
        assert leave(window) == 0
