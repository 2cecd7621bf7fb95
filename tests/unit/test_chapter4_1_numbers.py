"""What lessons 4.1 and 4.2 state, computed here and looked for in their text; and their two figures."""


import numpy as np
import pytest

from tests.lesson_text import answer, says, tasks
from tutor import figures, paths
from tutor.course.numbers import evaluate
from tutor.figures import loss_landscape, optimizer_race
from tutor.figures.shared import surfaces
from tutor.figures.shared.control_values import ControlValues
from tutor.plots import words

FOLDER = paths.lessons_dir() / "04-optimization"
SGD, ADAM = FOLDER / "01-from-gradient-descent-to-sgd.md", FOLDER / "02-momentum-and-adam.md"
X, Y = surfaces.twenty_points()


def race(**values: str) -> dict[str, optimizer_race.Racer]:
    s = ControlValues(optimizer_race.CONTROLS, values, figure="optimizer-race")
    return {run.name: run for run in optimizer_race.race(s, surfaces.surface(s.word("surface")))}


# ------------------------------------------------------------------ 4.1


def test_the_setup_makes_the_points_of_the_figure():
    for name in ("gd-epoch", "sgd-epoch"):
        names = {}
        exec(tasks(SGD)[name].setup.code, names)
        assert np.array_equal(names["x"], X) and np.array_equal(names["y"], Y)


def test_the_best_line():
    table = np.stack([X, np.ones(20)], axis=1)
    best, *_ = np.linalg.lstsq(table, Y, rcond=None)
    says(SGD, f"w = {best[0]:.3f}, b = {best[1]:.3f}", f"loss {((table @ best - Y) ** 2).mean():.4f}")


def test_batches_are_right_on_average():
    grads = [surfaces.surface("points").slope(np.array([-0.5, 2.5]), np.arange(i, i + 5)) for i in range(0, 20, 5)]
    whole = surfaces.surface("points").slope(np.array([-0.5, 2.5]), np.arange(20))
    assert np.mean(grads, axis=0) == pytest.approx(whole)
    assert all((np.sign(g) == np.sign(whole)).all() for g in grads)  # "mostly they agree"


def test_updates_per_epoch():
    assert answer(SGD, "updates-per-epoch") == -(-60000 // 128)
    says(SGD, f"{60000 / 128:.2f}", f"{60000 // 128 * 128:,}", str(60000 % 128))


def test_sgd_is_far_ahead_after_the_same_looking():
    runs = race(surface="points", racers="gd-sgd", count="samples", batch="1", rho="0.05", steps="100")
    assert runs["GD"].updates == 5 and runs["SGD"].updates == 100
    assert runs["SGD"].losses[-1] < 0.35 < 4 < runs["GD"].losses[-1]


def test_sgd_does_not_come_to_rest():
    runs = race(surface="points", racers="gd-sgd", count="updates", batch="1", rho="0.05", steps="200")
    assert np.abs(np.diff(runs["GD"].path[-20:], axis=0)).max() < 1e-3
    assert np.abs(np.diff(runs["SGD"].path[-20:], axis=0)).max() > 0.05
    assert runs["SGD"].losses[-50:].max() < 1


def test_noise_leads_out_of_the_middle_valley():
    valleys, tops = loss_landscape.the_slice().valleys, loss_landscape.the_slice().tops
    assert [round(p, 1) for p in valleys] == [0.0, 8.4, 10.7] and len(tops) == 2
    assert loss_landscape.descend(8, 0.3, 20, 1, 100)[-1] == pytest.approx(8.4, abs=0.02)
    for order in range(1, 10):
        path = loss_landscape.descend(8, 0.3, 1, order, 200)
        assert abs(path[-1]) < 0.5
        if order == 2:  # the one that is shown: through the deepest valley, to its far wall, and out again
            assert path.max() > 11.5
        calm = loss_landscape.descend(8, 0.1, 1, order, 200)
        assert tops[0] < calm.min() and calm.max() < tops[1]
    depths = loss_landscape.loss_and_slope(np.array(valleys))[0]
    says(SGD, f"loss {depths[1]:.2f}", f"loss is {depths[0]:.2f}")


# ------------------------------------------------------------------ 4.2


def test_the_gutter_of_the_text():
    says(ADAM, "0.1 u^2 + 10 v^2")
    gutter = surfaces.surface("gutter")
    u, v = 1.5, -0.3
    assert gutter.value(u, v) == pytest.approx(0.1 * u**2 + 10 * v**2)
    assert gutter.slope(np.array([u, v]), np.arange(20)) == pytest.approx([0.2 * u, 20 * v])
    says(ADAM, f"{100 * 0.09 * 0.2:.1f} %")


def test_momentum_in_the_gutter():
    runs = race(racers="sgd-momentum", rho="0.09", rho_m="0.4", beta="0.9", steps="60")
    says(ADAM, f"is {runs['momentum'].losses[-1]:.3f}, without momentum {runs['SGD'].losses[-1]:.2f}")
    assert race(racers="sgd-momentum", rho_m="0.4", beta="0", steps="60")["momentum"].away
    runs = race(racers="sgd-momentum", rho="0.09", rho_m="0.4", beta="0.99", steps="100")
    says(ADAM, f"at loss {runs['SGD'].losses[-1]:.3f} after 100", f"It is at {runs['momentum'].losses[-1]:.1f}.")
    assert runs["momentum"].path[:, 0].max() > 2  # through the lowest point and up the other side


def test_the_limit_with_momentum():
    says(ADAM, f"{(1 + 0.9) / (1 - 0.9):.0f} times for")
    for rho, holds in ((1.85, True), (1.95, False)):  # 19 times 2 / 20
        s = ControlValues(optimizer_race.CONTROLS, {"rho_m": str(rho)}, figure="optimizer-race")
        rows = [np.arange(20)] * 1000
        path = optimizer_race.walk(surfaces.surface("gutter"), rows, optimizer_race.rule_of("momentum", s))
        assert (abs(path[-1, 1]) < 1) == holds


def test_running_means_of_the_text():
    across = along = 0.0
    for t in range(40):
        across, along = 0.9 * across + 0.1 * 4 * (-1) ** t, 0.9 * along - 0.1
    assert abs(across) == pytest.approx(0.2, abs=0.02) and along < -0.98


def test_the_first_step_of_adam():
    m, s = 0.1 * 250, 0.001 * 250**2
    number = tasks(ADAM)["adam-first-step"]
    assert evaluate(number.answer) == pytest.approx(0.001 * (m / 0.1) / np.sqrt(s / 0.001))
    uncorrected = [w for w in number.wrongs if "without the correction" in w.diagnosis]
    assert evaluate(uncorrected[0].expression) == pytest.approx(0.001 * m / np.sqrt(s))
    assert 30 < 1 / np.sqrt(0.001) < 33  # "some 30 times too long"
    says(ADAM, f"m = {m:.0f}", f"√{s:.1f}")


def test_steps_and_the_size_of_the_loss(capsys):
    exec(compile(tasks(ADAM)["hundred-times-the-loss"].code.code, "hundred", "exec"), {})
    rows = [np.array(line.split("[")[1].rstrip("]").split(), float) for line in capsys.readouterr().out.splitlines()]
    assert rows[1] / rows[0] == pytest.approx([100, 100], rel=0.02)
    assert rows[3] / rows[2] == pytest.approx([1, 1], rel=0.01)


# ------------------------------------------------------------------ the figures


@pytest.mark.parametrize("name", surfaces.NAMES)
def test_slopes_are_those_of_the_surfaces(name):
    one = surfaces.surface(name)
    for u, v in (one.start, (0.3, -0.4)):
        h = 1e-5
        across, up = one.value(u + h, v) - one.value(u - h, v), one.value(u, v + h) - one.value(u, v - h)
        numeric = np.array([across, up]) / (2 * h)
        assert one.slope(np.array([u, v]), np.arange(20)) == pytest.approx(numeric, rel=1e-4, abs=1e-6)
    for bottom in one.bottoms:
        assert one.slope(np.array(bottom), np.arange(20)) == pytest.approx([0, 0], abs=1e-9)
        assert float(one.value(*map(np.array, bottom))) == pytest.approx(one.least)


def test_slopes_are_those_of_the_slice():
    p = np.linspace(-2, 12, 29)
    above, below = (loss_landscape.loss_and_slope(p + h)[0] for h in (1e-5, -1e-5))
    numeric = (above - below) / 2e-5
    assert loss_landscape.loss_and_slope(p)[1] == pytest.approx(numeric, rel=1e-4, abs=1e-6)


def test_batches_deal_every_sample_once():
    for size in map(int, surfaces.BATCH_SIZES):
        epoch = surfaces.batches(size, 20 // size, 3)
        assert sorted(np.concatenate(epoch).tolist()) == list(range(20))


def test_words_of_the_race_name_the_winner_first_and_who_diverges():
    said = words(figures.compute("optimizer-race", {"racers": "all", "rho": "0.5", "rho_m": "0.3", "steps": "60"}))
    assert "SGD diverges" in said and said.index("momentum") < said.index("SGD diverges")
    said = words(figures.compute("optimizer-race", {"racers": "sgd", "rho": "0.09", "steps": "30"}))
    assert "back and forth" in said
    # across the gutter it has landed at 0: what is left there is rounding
    said = words(figures.compute("optimizer-race", {"racers": "sgd", "rho": "0.05", "order": "9", "steps": "40"}))
    assert "back and forth" not in said
    assert "Nobody has moved" in words(figures.compute("optimizer-race", {"steps": "0"}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start": "10", "steps": "100"}, "in the deepest valley"),
        ({"start": "8", "steps": "100"}, "A deeper valley lies elsewhere"),
        ({"start": "8", "rho": "0.3", "batch": "1", "order": "2", "steps": "200"}, "jumped over a top"),
        ({"start": "3", "rho": "0.003", "steps": "5"}, "still moving"),
        ({"start": "12", "rho": "0.0168", "batch": "5", "steps": "1"}, "1 step leads to 11.9"),
        ({"start": "12", "rho": "0.0168", "batch": "5", "steps": "1"}, "not at the bottom of a valley"),
        ({"start": "12", "rho": "3", "steps": "2"}, "outside the picture"),
        ({"start": "3", "show": "start"}, "down to the left"),
    ],
)
def test_words_of_the_slice_say_where_it_ends(values, said):
    assert said in words(figures.compute("loss-landscape", values))
