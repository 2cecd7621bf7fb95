"""Watching real trainings: what is told of them on request, what a hand changes, and that they train as they would."""

from __future__ import annotations

import asyncio
import math

import pytest

from tests.engine.conftest import PATIENCE, ended, events_of, first, job, notes, printed, run
from tutor.messages.training import Changed, EpochEnded, FitEnded, FitStarted, Paused

HEAD = """
import keras, numpy as np
from keras import layers
rng = np.random.default_rng(0)
x = rng.normal(size=(64, 4)).astype("float32")
y = (x[:, 0] * x[:, 1] > 0).astype("float32")
"""
DENSE = (
    HEAD
    + """
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="tanh"), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(0.1), metrics=["accuracy"])
"""
)
CONV = (
    HEAD
    + """
x = rng.normal(size=(32, 8, 8, 1)).astype("float32"); y = rng.integers(0, 3, 32)
model = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(),
                          layers.Flatten(), layers.Dense(3, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
"""
)
LSTM = (
    HEAD
    + """
x = rng.normal(size=(32, 6, 2)).astype("float32"); y = x.sum((1, 2))
model = keras.Sequential([keras.Input((6, 2)), layers.LSTM(4), layers.Dense(1)])
model.compile(loss="mse", optimizer="adam")
"""
)
TWO_INPUTS = (
    HEAD
    + """
a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
model = keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([layers.Dense(3)(a), layers.Dense(3)(b)])))
model.compile(loss="mse", optimizer="adam")
x = [x, x[:, ::-1].copy()]
"""
)
SUBCLASSED = (
    HEAD
    + """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = layers.Dense(5, activation="relu"), layers.Dense(1)
    def call(self, inputs):
        return self.out(self.hidden(inputs))
model = Own()
model.compile(loss="mse", optimizer="adam")
"""
)
FITS = {
    "dense": (DENSE, "x, y, epochs=3, batch_size=16"),
    "convolutional": (CONV, "x, y, epochs=2, batch_size=16"),
    "recurrent": (LSTM, "x, y, epochs=2, batch_size=16"),
    "two inputs": (TWO_INPUTS, "x, y, epochs=2, batch_size=16"),
    "subclassed": (SUBCLASSED, "x, y, epochs=2, batch_size=16"),
    "validation split": (DENSE, "x, y, epochs=2, validation_split=0.25"),
    "validation data": (DENSE, "x[:48], y[:48], epochs=2, validation_data=(x[48:], y[48:])"),
    "sample weights": (DENSE, "x, y, epochs=2, sample_weight=np.linspace(0, 1, 64)"),
    "own callbacks": (DENSE, "x, y, epochs=2, callbacks=keras.callbacks.LambdaCallback(on_epoch_end=lambda *a: None)"),
    "verbose": (DENSE, "x, y, epochs=2, verbose=1"),
    "generator": (DENSE, "((x[i:i + 8], y[i:i + 8]) for i in list(range(0, 64, 8)) * 2), steps_per_epoch=8, epochs=2"),
}


def epochs_of(events) -> list[EpochEnded]:
    return [event for event in events if isinstance(event, EpochEnded)]


def started(events) -> FitStarted:
    (one,) = [event for event in events if isinstance(event, FitStarted)]
    return one


@pytest.mark.parametrize("name", FITS)
async def test_a_fit_that_is_watched_in_full_trains_as_one_that_is_not_streamed(engine, name):
    code, arguments = FITS[name]
    loose = await run(engine, f"{code}\nh = keras.Model.fit.unstreamed(model, {arguments})\nprint(h.history['loss'])")
    assert ended(loose).reason == "ok" and not epochs_of(loose)
    running = await engine.run(job(f"{code}\nh = model.fit({arguments})\nprint(h.history['loss'])"))
    await running.watch(gradients=True, layers=True)
    events = await events_of(running)
    assert ended(events).reason == "ok", ended(events).error
    assert printed(events).splitlines()[-1] == printed(loose).splitlines()[-1]
    told = epochs_of(events)
    assert [event.values["loss"] for event in told] == eval(printed(events).splitlines()[-1])
    assert all(event.gradient > 0 for event in told)
    for pulse in told[-1].layers:
        assert pulse.gradient >= 0 and pulse.weight > 0 and pulse.update >= 0 and pulse.change >= 0
    assert {pulse.name for pulse in told[-1].layers} and told[-1].layers[-1].update > 0


async def test_gradients_and_pulses_are_what_torch_says(engine):
    code = (
        DENSE
        + """
start = [w.copy() for w in model.get_weights()]
h = model.fit(x, y, epochs=1, batch_size=64)
grads = [v.value.grad.cpu().numpy() for v in model.trainable_variables]
now = model.get_weights()
flat = lambda arrays: np.concatenate([np.ravel(a) for a in arrays])
print(np.linalg.norm(flat(grads)))
print(np.linalg.norm(flat(now[:2]) - flat(start[:2])) / np.linalg.norm(flat(start[:2])))
print(0.1 * np.linalg.norm(flat(grads[:2])) / np.linalg.norm(flat(now[:2])))
"""
    )
    running = await engine.run(job(code))
    await running.watch(gradients=True, layers=True)
    events = await events_of(running)
    whole, change, update = map(float, printed(events).split())
    (epoch,) = epochs_of(events)
    assert epoch.gradient == pytest.approx(whole, rel=1e-4)
    assert epoch.layers[0].change == pytest.approx(change, rel=1e-4)
    assert epoch.layers[0].update == pytest.approx(update, rel=1e-3)  # one step of SGD with rate 0.1


async def test_nothing_is_taken_while_nobody_watches(engine):
    events = await run(engine, f"{DENSE}\nmodel.fit(x, y, epochs=2)")
    assert all(math.isnan(event.gradient) and event.layers == () for event in epochs_of(events))


async def test_the_same_seed_gives_the_same_curve_to_the_last_bit(engine):
    code = f"{CONV}\nmodel.fit(x, y, epochs=3)"
    once, again, other = [epochs_of(await run(engine, code, seed=seed)) for seed in (3, 3, 4)]
    assert [event.values for event in once] == [event.values for event in again]
    assert [event.values for event in once] != [event.values for event in other]


STOPPING = [
    ("monitor='val_loss', patience=7", ("val_loss", "min", 7)),
    ("monitor='val_accuracy', patience=2", ("val_accuracy", "max", 2)),
    ("monitor='accuracy', mode='min', patience=1", ("accuracy", "min", 1)),
]


@pytest.mark.parametrize(("stopping", "told"), STOPPING)
async def test_early_stopping_is_told_with_its_patience(engine, stopping, told):
    fit = f"x, y, epochs=2, validation_split=0.5, callbacks=[keras.callbacks.EarlyStopping({stopping})]"
    begun = started(await run(engine, f"{DENSE}\nmodel.fit({fit})"))
    assert (begun.monitor, begun.mode, begun.patience) == told


COUNTED = [
    ("'loss', patience=9, min_delta=1e9", [0, 1, 2, 3]),
    ("'loss', patience=9, min_delta=1e9, start_from_epoch=2", [0, 0, 0, 1]),
    ("'loss', patience=0", [-1, -1, -1, -1]),
]


@pytest.mark.parametrize(("stopping", "waited"), COUNTED)
async def test_what_early_stopping_has_waited_is_its_own_count(engine, stopping, waited):
    fit = f"x, y, epochs=4, callbacks=[keras.callbacks.EarlyStopping({stopping})]"
    events = epochs_of(await run(engine, f"{DENSE}\nmodel.fit({fit})"))
    assert [event.waited for event in events] == waited[: len(events)]


SLOW = """
class Slow(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        import time; time.sleep(0.02)
"""


async def steered(engine, rate: float, compiling: str = "keras.optimizers.SGD(0.1)", more: str = ""):
    """All events of a training whose learning rate is set to `rate` after its first epoch."""
    code = f"{DENSE}{SLOW}\nmodel.compile(loss='mse', optimizer={compiling})\n"
    running = await engine.run(job(f"{code}model.fit(x, y, epochs=40, callbacks=[Slow(){more}])"))
    events = []
    async with asyncio.timeout(PATIENCE):
        async for event in running:
            events.append(event)
            if isinstance(event, EpochEnded) and event.epoch == 0:
                await running.set_rate(rate)
    return events


async def test_a_rate_set_by_hand_is_written_into_the_run(engine):
    events = await steered(engine, 0.025)
    (changed,) = [event for event in events if isinstance(event, Changed)]
    assert changed.what == "learning rate" and changed.after == 0.025 and changed.before == pytest.approx(0.1)
    assert epochs_of(events)[-1].rate == pytest.approx(0.025)
    assert epochs_of(events)[max(changed.epoch - 1, 0)].rate == pytest.approx(0.1)


RULED = [
    ("keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))", "", "ExponentialDecay"),
    ("keras.optimizers.SGD(0.1)", ", keras.callbacks.LearningRateScheduler(lambda e, r: r)", "LearningRateScheduler"),
]


@pytest.mark.parametrize(("compiling", "more", "who"), RULED)
async def test_where_the_code_rules_the_rate_a_hand_is_refused_and_told_who_does(engine, compiling, more, who):
    events = await steered(engine, 0.5, compiling, more)
    assert started(events).steered == who
    assert who in notes(events) and not [event for event in events if isinstance(event, Changed)]


async def test_a_callback_that_only_reacts_leaves_the_rate_to_the_hand(engine):
    events = await steered(engine, 0.5, more=", keras.callbacks.ReduceLROnPlateau(monitor='loss', patience=30)")
    assert started(events).steered == "" and "ReduceLROnPlateau may lower it" in notes(events)
    assert [event.after for event in events if isinstance(event, Changed)] == [0.5]


TRACKED = """
import time
from tutor import track
w = 1.0
for epoch in track(40):
    w *= 0.9
    track.log(loss=w)
    time.sleep(0.02)
"""


@pytest.mark.parametrize("code", [f"{DENSE}{SLOW}\nmodel.fit(x, y, epochs=40, callbacks=[Slow()])", TRACKED])
async def test_a_pause_is_told_and_counts_in_no_time(engine, code):
    running = await engine.run(job(code))
    events, rest = [], 0.4
    async with asyncio.timeout(PATIENCE):
        async for event in running:
            events.append(event)
            if isinstance(event, EpochEnded) and event.epoch == 2:
                await running.pause()
            if isinstance(event, Paused) and event.on:
                await asyncio.sleep(rest)  # the pause itself is what is measured
                await running.resume()
    on, off = [event for event in events if isinstance(event, Paused)]
    assert on.on and not off.on and off.seconds >= rest * 0.9
    assert len(epochs_of(events)) == 40
    told = next(event for event in events if isinstance(event, FitEnded)).seconds
    gaps = [b.seconds - a.seconds for a, b in zip(epochs_of(events), epochs_of(events)[1:], strict=False)]
    assert max(gaps) < rest and told < ended(events).seconds + 0.1


async def test_a_torch_loop_streams_and_says_that_its_rate_is_its_own(engine):
    code = """
import torch, time
from tutor import track
torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), 0.1)
x = torch.randn(32, 2); y = x.sum(1, keepdim=True)
for epoch in track(30, name="by hand"):
    opt.zero_grad(); loss = ((net(x) - y) ** 2).mean(); loss.backward(); opt.step()
    track.log(loss=loss.item(), rate=0.1)
    time.sleep(0.01)
"""
    running = await engine.run(job(code))
    events = []
    async with asyncio.timeout(PATIENCE):
        async for event in running:
            events.append(event)
            if isinstance(event, EpochEnded) and event.epoch == 0:
                await running.set_rate(0.5)
    losses = [event.values["loss"] for event in epochs_of(events)]
    assert len(losses) == 30 and losses[-1] < 0.1 * losses[0]
    assert started(events).source == "track" and "its own code" in notes(events)


async def test_a_loop_of_very_many_rounds_tells_what_can_be_seen_of_it(engine):
    code = """
from tutor import track
for step in track(200_000):
    track.log(loss=-5.0 if step == 123_456 else 1.0 + 1.0 / (step + 1))
"""
    events = epochs_of(await run(engine, code))
    assert len(events) < 20_000
    assert min(event.values["loss"] for event in events) == -5.0
    assert [event.epoch for event in events] == sorted({event.epoch for event in events})
    assert events[0].epoch == 0 and events[-1].epoch == 199_999


async def test_a_fit_that_raises_keeps_its_curve_and_shows_the_learners_line(engine):
    code = (
        DENSE
        + """
def fail(epoch, logs):
    if epoch == 1:
        raise ValueError("own fault")
model.fit(x, y, epochs=5, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=fail)])
"""
    )
    events = await run(engine, code)
    (over,) = [event for event in events if isinstance(event, FitEnded)]
    assert over.reason == "error" and len(epochs_of(events)) >= 1
    error = ended(events).error
    assert error is not None and error.message == "own fault"
    assert any("raise ValueError" in line.source for line in error.lines)


async def test_nan_is_sent_as_it_is_and_said_with_its_causes(engine):
    events = await run(engine, f"{LSTM}\nmodel.fit(x, y * np.nan, epochs=2)")
    assert all(math.isnan(event.values["loss"]) for event in epochs_of(events))
    assert "epoch 1" in notes(events) and "learning rate" in notes(events)


async def test_a_model_is_kept_and_is_the_same_when_it_is_loaded(engine, tmp_path):
    running = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=1)\nprint(model.predict(x[:1], verbose=0)[0, 0])"))
    value = printed(await events_of(running)).split()[-1]
    path = tmp_path / "deep" / "kept.keras"
    done = await engine.keep(running, str(path))
    assert not done.problem and path.exists() and [each.name for each in path.parent.iterdir()] == ["kept.keras"]
    code = f"{HEAD}\nmodel = keras.models.load_model({str(path)!r})\nprint(model.predict(x[:1], verbose=0)[0, 0])"
    assert printed(await run(engine, code, read=(str(path.parent),))).split()[-1] == value


KEEPING = [
    ("x = 1", "", "no Keras"),
    (f"{DENSE}", "", "trained no Keras model"),
    (f"{DENSE}", "other", "no Keras model called other"),
    (f"{HEAD}\nimport torch\nnet = torch.nn.Linear(1, 1)", "net", "torch"),
]


@pytest.mark.parametrize(("code", "name", "said"), KEEPING)
async def test_what_cannot_be_kept_is_said(engine, tmp_path, code, name, said):
    running = await engine.run(job(code))
    await events_of(running)
    done = await engine.keep(running, str(tmp_path / "kept.keras"), name)
    assert said in done.problem and not list(tmp_path.iterdir())


async def test_a_model_that_the_disk_does_not_take_is_said(engine):
    running = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=1)"))
    await events_of(running)
    assert "cannot be saved" in (await engine.keep(running, "/proc/nowhere/kept.keras")).problem


async def test_a_training_is_looked_into_while_it_goes_on(engine):
    running = await engine.run(job(f"{DENSE}{SLOW}\nmodel.fit(x, y, epochs=60, callbacks=[Slow()])"))
    await first(running, EpochEnded)
    looked = await engine.inspect(running, "structure")
    assert looked.scene is not None and running.ended is None
    assert ended(await events_of(running)).reason == "ok"
