"""The learner's plots: what arrives in the window for what is called."""

import subprocess
import sys

import numpy as np
import pytest

from tutor import plot
from tutor.engine.run import run_side
from tutor.plots.scene import MAX_POINTS, Bars, Chart, Histogram, Picture, Raster


@pytest.fixture
def sent(monkeypatch):
    """index -> the panel shown last under it."""
    plots = {}

    def send_plot(index, scene):
        plots[index] = scene.panels[0]
        return True

    monkeypatch.setattr(run_side, "send_plot", send_plot)
    monkeypatch.setattr(plot, "_current", plot._Figure(0))
    return plots


def test_line_with_y_alone_counts_from_zero(sent):
    plot.line([3, 1, 2])
    assert sent[0] == Chart((plot.Series((0.0, 1.0, 2.0), (3.0, 1.0, 2.0)),))


def test_calls_add_up_on_one_chart_until_show(sent):
    plot.line([1, 2], [3, 4], label="train", ylabel="loss")
    plot.scatter([1, 2], [4, 5], label="val")
    plot.title("Both")
    plot.yscale("log")
    plot.show()
    plot.line([1, 2])
    assert [s.label for s in sent[0].series] == ["train", "val"] and sent[0].series[1].kind == "points"
    assert (sent[0].title, sent[0].ylabel, sent[0].yscale) == ("Both", "loss", "log")
    assert len(sent[1].series) == 1 and sent[1].title == ""


def test_another_title_begins_another_chart(sent):
    plot.line([1, 2], title="loss")
    plot.line([1, 2], title="loss")
    plot.line([1, 2], title="accuracy")
    assert [len(sent[i].series) for i in sent] == [2, 1]


def test_labels_may_come_first(sent):
    plot.title("First")
    plot.xlim(0, 9)
    plot.line([1, 2])
    assert (sent[0].title, sent[0].xlimits) == ("First", (0.0, 9.0))


def test_shows_without_anything_to_show_leave_no_gap(sent):
    plot.show()
    plot.show()
    plot.line([1, 2])
    plot.bar(["a"], [1])
    plot.bar(["b"], [2])
    plot.line([1, 2])
    assert list(sent) == [0, 1, 2, 3] and isinstance(sent[2], Bars)


def test_columns_histories_and_tensors(sent):
    plot.line(np.ones((5, 3)), label="unit")
    assert [s.label for s in sent[0].series] == ["unit 0", "unit 1", "unit 2"]
    plot.figure()
    plot.line({"loss": [1, 0.5], "val_loss": [1, 0.7]})
    assert [s.label for s in sent[1].series] == ["loss", "val_loss"]
    plot.figure()
    plot.line(range(3), np.array([[1.0], [2.0], [3.0]]))
    assert sent[2].series[0].y == (1.0, 2.0, 3.0)


def test_torch_tensors(sent):
    torch = pytest.importorskip("torch")
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    plot.line(weight)
    plot.scatter([weight[0], weight[1]], weight.detach())
    assert sent[0].series[0].y == (1.0, 2.0) and sent[0].series[1].x == (1.0, 2.0)


def test_many_points_are_thinned_and_spikes_stay(sent):
    y = np.sin(np.arange(100_000) / 900)
    y[54_321] = 9.0
    plot.line(y)
    assert len(sent[0].series[0].x) <= MAX_POINTS and max(sent[0].series[0].y) == 9.0
    rng = np.random.default_rng(0)
    plot.figure()
    plot.scatter(rng.normal(size=50_000), y[:50_000])
    assert len(sent[1].series[0].x) <= MAX_POINTS


def test_many_curves_stay_small_and_have_an_end(sent):
    for _ in range(plot.MAX_SERIES):
        plot.line(np.zeros(1_000))
    assert sum(len(s.x) for s in sent[0].series) <= 10 * MAX_POINTS
    with pytest.raises(plot.PlotError, match="figure"):
        plot.line([1, 2])


def test_the_other_kinds(sent):
    plot.hist([1, 2, 2, 3, np.nan], bins=3, title="Counts")
    assert isinstance(sent[0], Histogram) and sent[0].counts == (1.0, 2.0, 1.0) and sent[0].title == "Counts"
    plot.image(np.zeros((28, 28, 1)))
    assert isinstance(sent[1], Raster) and len(sent[1].values) == 28
    plot.image(np.full((2, 3, 3), 0.5))
    assert isinstance(sent[2], Picture) and (sent[2].width, sent[2].height) == (3, 2) and set(sent[2].data) == {128}
    plot.heatmap([[1, 2], [3, 4]], rows=["a", "b"], title="M")
    plot.xlabel("predicted")
    assert sent[3].numbers and sent[3].rows == ("a", "b") and sent[3].xlabel == "predicted"
    plot.heatmap(np.ones((1_000, 1_000)))
    assert len(sent[4].values) <= 160
    plot.bar(["a", "b"], {"run 1": [1, 2], "run 2": [3, 4]})
    assert sent[5].groups == ("run 1", "run 2")


def test_marks_and_guides(sent):
    plot.line([1, 2, 3])
    plot.mark(1, 2, "w")
    plot.axhline(2.5, "best")
    plot.axvline(1)
    plot.line([3, 2, 1])
    assert sent[0].marks[0].label == "w" and [g.axis for g in sent[0].guides] == ["y", "x"]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: plot.line([1, 2], [1, 2, 3]), "x has 2 values and y has 3"),
        (lambda: plot.line(["a", "b"]), "'a'"),
        (lambda: plot.line(3.0), "one number"),
        (lambda: plot.line([[1, 2], [3]]), "different lengths"),
        (lambda: plot.line(None), "y is None"),
        (lambda: plot.line(np.ones((2, 2, 2))), "(2, 2, 2)"),
        (lambda: plot.line([1 + 2j]), "not made of numbers"),
        (lambda: plot.line([1, 2], linestyle="wavy"), "wavy"),
        (lambda: plot.line([1, 2], color="mauve"), "mauve"),
        (lambda: plot.scatter([1, 2], np.ones((2, 2))), "(2, 2)"),
        (lambda: plot.bar(["a"], [1, 2]), "1 labels and 2 heights"),
        (lambda: plot.hist([np.nan]), "no numbers"),
        (lambda: plot.heatmap([1, 2]), "(2,)"),
        (lambda: plot.heatmap([[1, 2]], rows=["a", "b"]), "1 rows and 2 names"),
        (lambda: plot.image(np.ones((2, 2, 5))), "(2, 2, 5)"),
        (lambda: plot.xlim(3, 3), "3"),
        (lambda: plot.yscale("cubic"), "cubic"),
        (lambda: plot.mark(1, 2), "no chart"),
    ],
)
def test_what_cannot_be_plotted_is_said(sent, call, said):
    with pytest.raises(plot.PlotError) as caught:
        call()
    assert said in str(caught.value) and not sent


def test_outside_of_the_tutor_plots_are_printed():
    code = "from tutor import plot; plot.line([1, 2, 4], title='First'); plot.bar(['a'], [1], title='Second')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.index("First") < done.stdout.index("Second") and done.stderr == ""
