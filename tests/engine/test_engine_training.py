"""Training that streams: Keras fits and loops written by hand."""

from __future__ import annotations

import math

import pytest

from tests.engine.conftest import ended, events_of, first, job, notes, printed, run
from tutor.engine.run.own_loops import HINT
from tutor.messages.events import Note, RunWaits, Started
from tutor.messages.training import BatchEnded, EpochEnded, FitEnded, FitStarted

MODEL = """
import numpy as np, keras
x, y = np.random.rand(150, 8), np.random.rand(150, 1)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
"""
LONG = MODEL + "history = model.fit(x, y, epochs=100000, batch_size=30)\nprint('after', len(history.history['loss']))"


def of(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def test_a_fit_streams(engine):
    events = await run(
        engine, MODEL + "h = model.fit(x, y, epochs=4, batch_size=30, validation_split=0.2)\nprint(h.epoch)"
    )
    (start,), (end,) = of(events, FitStarted), of(events, FitEnded)
    assert (start.source, start.epochs, start.batches, start.samples) == ("keras", 4, 4, 120)
    assert start.parameters == 8 * 16 + 16 + 16 + 1 and start.metrics == ("loss", "mae")
    assert start.arguments["optimizer"] == "SGD" and start.arguments["batch_size"] == "30"
    epochs = of(events, EpochEnded)
    assert [event.epoch for event in epochs] == [0, 1, 2, 3]
    assert set(epochs[0].values) == {"loss", "mae", "val_loss", "val_mae"} and math.isclose(
        epochs[0].rate, 0.01, rel_tol=1e-5
    )
    assert (end.reason, end.epochs) == ("done", 4) and 0 < end.overhead < end.seconds
    assert of(events, BatchEnded)
    assert printed(events) == "[0, 1, 2, 3]\n"  # and no progress bar


async def test_the_samples_are_those_that_are_trained_on(engine):
    split = await run(engine, MODEL + "model.fit(x[:60], y[:60], epochs=1, validation_split=0.2)")
    assert [start.samples for start in of(split, FitStarted)] == [48]
    both = "model.fit(x[:60], y[:60], epochs=1, validation_split=0.2, validation_data=(x, y))"
    given = await run(engine, MODEL + both)
    assert [start.samples for start in of(given, FitStarted)] == [60]


async def test_an_explicit_verbose_prints_plain_lines(engine):
    text = printed(await run(engine, MODEL + "model.fit(x, y, epochs=2, verbose=1)"))
    assert "Epoch 1/2" in text and "\r" not in text and "\b" not in text


async def test_the_learners_callbacks_stay_as_they_are(engine):
    source = MODEL + (
        "mine = [keras.callbacks.EarlyStopping('loss', patience=0, min_delta=1e9)]\n"
        "model.fit(x, y, epochs=50, callbacks=mine)\nprint(len(mine))"
    )
    events = await run(engine, source)
    assert printed(events) == "1\n"
    (end,) = of(events, FitEnded)
    assert end.reason == "early" and end.epochs < 50


async def test_cancel_keeps_the_curve_and_the_model(engine):
    running = await engine.run(job(LONG))
    await first(running, EpochEnded)
    await running.cancel()
    events = await events_of(running)
    (end,) = of(events, FitEnded)
    assert end.reason == "stopped" and "after" in printed(events)
    assert ended(events).reason == "cancelled" and ended(events).alive
    found = await engine.inspect(running, "structure")
    scene = found.scene
    assert not found.problem
    assert scene is not None and "model" in scene.panels[0].title


async def test_no_fit_begins_after_a_cancel(engine):
    running = await engine.run(job(LONG + "\nmodel.fit(x, y, epochs=100000)\nprint('second')"))
    await first(running, EpochEnded)
    await running.cancel()
    events = await events_of(running)
    assert len(of(events, FitStarted)) == 0 and "second" not in printed(events)


async def test_pause_and_learning_rate(engine):
    running = await engine.run(job(LONG))
    await first(running, EpochEnded)
    await running.set_rate(0.5)
    note = await first(running, Note)
    assert "0.5" in note.text
    await running.pause()
    await first(running, Note)
    await running.resume()
    await first(running, Note)
    assert math.isclose((await first(running, EpochEnded)).rate, 0.5, rel_tol=1e-5)
    await running.cancel()
    assert ended(await events_of(running)).reason == "cancelled"


async def test_a_schedule_is_not_set_over(engine):
    schedule = (
        "rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)\n"
        "model.compile(keras.optimizers.SGD(rate), 'mse')\n"
    )
    running = await engine.run(job(MODEL + schedule + "model.fit(x, y, epochs=100000)"))
    await first(running, EpochEnded)
    await running.set_rate(0.5)
    assert "schedule" in (await first(running, Note)).text
    await running.kill()
    assert ended(await events_of(running)).reason == "cancelled"


async def test_nan_is_noted_with_its_epoch(engine):
    events = await run(engine, MODEL + "x[3] = np.nan\nmodel.fit(x, y, epochs=3)")
    assert "nan in epoch 1" in of(events, FitEnded)[0].note and "nan in epoch 1" in notes(events)


async def test_an_exception_in_a_fit_keeps_its_curve(engine):
    source = MODEL + (
        "class Breaks(keras.callbacks.Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n"
        "        if epoch == 1: raise ValueError('two')\n"
        "model.fit(x, y, epochs=5, callbacks=[Breaks()])"
    )
    events = await run(engine, source)
    assert of(events, FitEnded)[0].reason == "error" and len(of(events, EpochEnded)) == 1
    assert [line.function for line in ended(events).error.lines] == ["", "on_epoch_end"]


async def test_wrong_arguments_are_the_learners_error(engine):
    error = ended(await run(engine, MODEL + "model.fit(x, y, epoch=5)")).error
    assert error.kind == "TypeError" and "epoch" in error.message


async def test_a_fit_is_the_same_with_the_same_seed(engine):
    source = MODEL + "print(model.fit(x, y, epochs=2).history['loss'])"
    assert printed(await run(engine, source, seed=5)) == printed(await run(engine, source, seed=5))


async def test_a_run_takes_little_memory_of_its_own(engine):
    assert 0 < ended(await run(engine, MODEL + "model.fit(x, y, epochs=2)")).own_mb < 40


async def test_keras_found_only_while_running_streams_too(engine):
    """A process of the light host that imports keras after all; a torch for GPUs maps 5 GB."""
    source = MODEL.replace("import numpy as np, keras", "import numpy as np\nexec('import ' + 'ker' + 'as')")
    events = await run(engine, source + "model.fit(x, y, epochs=1)", seconds=60, memory_mb=20_000)
    assert ended(events).error is None and len(of(events, EpochEnded)) == 1


async def test_what_is_too_large_to_be_loaded_late_says_where_it_belongs(engine):
    source = MODEL.replace("import numpy as np, keras", "import numpy as np\nexec('import ' + 'ker' + 'as')")
    error = ended(await run(engine, source, seconds=60, memory_mb=100)).error
    assert error.kind == "ImportError" and "at the top" in error.todo


async def test_a_fresh_keras_run(engine, monkeypatch):
    monkeypatch.setenv("DL_TUTOR_ENGINE_START", "fresh")
    events = await run(engine, MODEL + "model.fit(x, y, epochs=1)", seconds=60)
    assert of(events, Started)[0].fresh and len(of(events, EpochEnded)) == 1


async def test_loading_keras_is_not_the_time_of_a_fresh_run(engine, monkeypatch):
    monkeypatch.setenv("DL_TUTOR_ENGINE_START", "fresh")
    await run(engine, "import keras", seconds=60)  # whatever has to be started once is there
    slow = "import time, keras\nprint('begun')\n"
    events = await run(engine, slow, seconds=0.7)
    assert ended(events).reason == "ok" and ended(events).seconds < 0.7, "importing takes longer than that"
    assert [type(event) for event in events[:2]] == [RunWaits, Started]
    assert events[0].what == "loading Keras"
    assert ended(await run(engine, f"{slow}time.sleep(60)", seconds=0.7)).reason == "time"


async def test_a_loop_by_hand_streams(either):
    source = (
        "from tutor import track\nfor epoch in track(range(3), name='mine'):\n"
        "    track.log(loss=1 / (epoch + 1), rate=0.1)\n    track.log(val_loss=2)\nprint(epoch)"
    )
    events = await run(either, source)
    (start,), (end,) = of(events, FitStarted), of(events, FitEnded)
    assert (start.source, start.model, start.epochs) == ("track", "mine", 3)
    assert of(events, EpochEnded)[0].values == {"loss": 1.0, "val_loss": 2.0}
    assert (end.reason, end.epochs) == ("done", 3)


async def test_a_loop_by_hand_ends_when_cancelled(engine):
    source = "from tutor import track\nn = 0\nfor _ in track(10**9):\n    n += 1\n    track.log(loss=n)\nprint('after')"
    running = await engine.run(job(source))
    await first(running, EpochEnded)
    await running.cancel()
    events = await events_of(running)
    assert of(events, FitEnded)[0].reason == "stopped" and printed(events) == "after\n"
    assert ended(events).reason == "cancelled"


async def test_a_loop_that_breaks_or_raises(engine):
    events = await run(
        engine, "from tutor import track\nfor i in track(9):\n    track.log(loss=i)\n    if i == 1: break"
    )
    assert of(events, FitEnded)[0].reason == "early" and len(of(events, EpochEnded)) == 2
    events = await run(engine, "from tutor import track\nfor i in track(9):\n    track.log(loss=i)\n    1 / 0")
    assert len(of(events, FitEnded)) == 1 and ended(events).error.kind == "ZeroDivisionError"


async def test_what_is_no_number_cannot_be_logged(engine):
    error = ended(await run(engine, "from tutor import track\nfor i in track(9):\n    track.log(loss=[1, 2])")).error
    assert error.kind == "TypeError" and "one number" in error.message
    assert ended(await run(engine, "from tutor import track\ntrack.log(loss=1)")).error.kind == "UsageError"


FITS = """
import keras, numpy as np
x = np.random.rand(40, 3)
y = x.sum(axis=1)
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
class Mine(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("mine", epoch)
def batches():
    while True:
        yield x[:10], y[:10]
def train(**options):
    return model.fit(x, y, **options)
"""


@pytest.mark.parametrize(
    ("fit", "curves", "epochs"),
    [
        ("model.fit(x, y, epochs=2, validation_split=0.25)", {"loss", "val_loss"}, 2),
        ("model.fit(x, y, epochs=2, validation_data=(x, y))", {"loss", "val_loss"}, 2),
        ("model.fit(x, y, epochs=2, callbacks=Mine())", {"loss"}, 2),
        ("model.fit(x, y, epochs=1, verbose=0)", {"loss"}, 1),
        ("model.fit(x, y, epochs=1, verbose=2)", {"loss"}, 1),
        ("model.fit(batches(), epochs=2, steps_per_epoch=3)", {"loss"}, 2),
        ("model.fit(x, y, sample_weight=np.ones(40), batch_size=None)", {"loss"}, 1),
        ("train(epochs=3, initial_epoch=1)", {"loss"}, 2),
        ("train(); train()", {"loss"}, 2),
    ],
)
async def test_every_way_to_fit_streams(engine, fit, curves, epochs):
    events = await run(engine, FITS + fit)
    assert ended(events).reason == "ok"
    streamed = [event for event in events if isinstance(event, EpochEnded)]
    assert len(streamed) == epochs and all(set(event.values) == curves for event in streamed)
    assert ("mine 0" in printed(events)) == ("Mine()" in fit)


@pytest.mark.parametrize(
    "source",
    [
        "import os, signal, torch\nos.kill(os.getppid(), signal.SIGKILL)\nwhile True: pass",
        "import keras, os\nos.closerange(3, 4000)",
        "import keras, builtins\nkeras.Model.fit = builtins.len = None",
        "import torch\nkept = []\nwhile True: kept.append(torch.zeros(50_000_000) + 1)",
    ],
)
async def test_whatever_keras_code_does_the_next_run_trains(engine, source):
    await run(engine, source)
    events = await run(engine, FITS + "train()")
    assert ended(events).reason == "ok" and any(isinstance(event, EpochEnded) for event in events)


async def test_fits_of_one_model_say_so_and_epochs_done_before_are_not_counted(engine):
    events = await run(
        engine, MODEL + "for e in range(2): model.fit(x, y, epochs=1)\nmodel.fit(x, y, initial_epoch=10, epochs=12)"
    )
    assert [(start.after, start.first) for start in of(events, FitStarted)] == [(-1, 0), (0, 0), (1, 10)]
    assert [end.epochs for end in of(events, FitEnded)] == [1, 1, 2]
    assert all(epoch.share == 1.0 for epoch in of(events, EpochEnded))


async def test_samples_of_several_inputs_are_rows(engine):
    code = """
import numpy as np, keras
a, b = keras.Input((2,)), keras.Input((3,))
model = keras.Model([a, b], keras.layers.Dense(1)(keras.layers.concatenate([a, b])))
model.compile("sgd", "mse")
model.fit([np.ones((100, 2)), np.ones((100, 3))], np.ones(100), epochs=1)
"""
    assert [start.samples for start in of(await run(engine, code), FitStarted)] == [100]


TORCH_LOOP = """\
import torch
layer = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
x = torch.linspace(0, 1, 20)[:, None]
for _ in ROUNDS:
    loss = ((layer(x) - 2 * x) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""


@pytest.mark.parametrize(("source", "told"), [
    (TORCH_LOOP.replace("ROUNDS", "range(50)"), True),
    (MODEL + "for _ in range(12):\n    model.train_on_batch(x, y)", True),
    (TORCH_LOOP.replace("ROUNDS", "range(1)"), False),
    ("from tutor import track\n" + TORCH_LOOP.replace("ROUNDS", "track(range(50))"), False),
    (MODEL + "model.fit(x, y, epochs=1)\nfor _ in range(12):\n    model.train_on_batch(x, y)", False),
    (MODEL + "model.fit(x, y, epochs=12)", False),
], ids=["torch", "train_on_batch", "one step", "tracked", "fit before", "fit"])  # fmt: skip
async def test_a_loop_of_ones_own_is_told_how_it_gets_a_curve(engine, source, told):
    events = await run(engine, source)
    assert ended(events).reason == "ok"
    assert notes(events) == (HINT if told else "")
