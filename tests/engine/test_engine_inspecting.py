"""Looking into the process of a run, through the protocol: while it trains, in a pause, after it."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine.conftest import PATIENCE, ended, events_of, first, job
from tests.engine.test_engine_watching import CONV, DENSE, FITS, LSTM, SLOW
from tutor.messages.events import Inspected, Output
from tutor.messages.frames import pack
from tutor.messages.training import EpochEnded, Paused
from tutor.plots.scene import Chart, Scene

SLOW_FIT = f"{DENSE}{SLOW}\nmodel.fit(x, y, epochs=60, validation_split=0.25, callbacks=[Slow()])"


def scene(answer: Inspected) -> Scene:
    assert not answer.problem, answer.problem
    assert answer.scene is not None
    return answer.scene


@pytest.mark.parametrize("code", [DENSE, CONV, LSTM], ids=["dense", "convolutional", "recurrent"])
async def test_every_view_that_is_offered_answers_after_the_run(engine, code):
    running = await engine.run(job(f"{code}\nmodel.fit(x, y, epochs=2)"))
    await events_of(running)
    offered = (await engine.inspect(running, "structure")).names
    for view in offered:
        answer = await engine.inspect(running, view)
        assert scene(answer).words and len(pack(answer)) <= 64_000


@pytest.mark.parametrize("kind", list(FITS))
async def test_every_kind_of_fit_leaves_a_model_with_activations(engine, kind):
    code, arguments = FITS[kind]
    running = await engine.run(job(f"{code}\nmodel.fit({arguments})"))
    await events_of(running)
    scene(await engine.inspect(running, "structure"))
    answer = await engine.inspect(running, "activations")
    if kind == "generator":
        assert not answer.problem or "no data at hand" in answer.problem
    else:
        scene(answer)


async def test_weights_remember_where_they_began(engine):
    code = f"{DENSE}\nstart = model.get_weights()[0].copy()\nmodel.fit(x, y, epochs=3)\nprint(float(start[0, 0]))"
    running = await engine.run(job(code))
    events = await events_of(running)
    printed = float("".join(event.text for event in events if isinstance(event, Output)).split()[-1])
    shown = scene(await engine.inspect(running, "weights", {"show": "before training"}))
    assert shown.panels[0].values[0][0] == pytest.approx(printed, rel=1e-3)  # type: ignore[union-attr]


async def test_epochs_are_in_the_views_once_they_are_watched(engine):
    running = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=2)"))
    await events_of(running)
    for view in ("weights", "gradients"):
        panels = scene(await engine.inspect(running, view)).panels
        assert not any(isinstance(panel, Chart) for panel in panels)
    running = await engine.run(job(SLOW_FIT))
    await running.watch(gradients=True, layers=True)
    events = await events_of(running)
    epochs = sum(isinstance(event, EpochEnded) and bool(event.layers) for event in events)
    for view in ("weights", "gradients"):
        (chart,) = [each for each in scene(await engine.inspect(running, view)).panels if isinstance(each, Chart)]
        assert len(chart.series[0].x) == epochs > 40


async def test_a_training_is_looked_into_while_it_goes_on_and_trains_as_it_would(engine):
    async def losses(view: str) -> list[float]:
        running = await engine.run(job(SLOW_FIT))
        await first(running, EpochEnded)
        answered = 0
        while view and running.ended is None:
            answer = await engine.inspect(running, view)
            assert not answer.problem or "The run goes on" in answer.problem  # after its last epoch
            answered += not answer.problem
        assert answered > 3 or not view
        events = await events_of(running)
        assert ended(events).reason == "ok"
        return [event.values["loss"] for event in events if isinstance(event, EpochEnded)]

    plain = await losses("")
    for view in ("decision", "gradients", "mistakes"):
        assert await losses(view) == plain


async def test_in_a_pause_it_answers_at_once(engine):
    running = await engine.run(job(SLOW_FIT))
    await first(running, EpochEnded)
    await running.pause()
    await first(running, Paused)
    async with asyncio.timeout(PATIENCE):
        first_answer = scene(await engine.inspect(running, "weights"))
        assert scene(await engine.inspect(running, "weights")) == first_answer
    await running.resume()
    assert ended(await events_of(running)).reason == "ok"


async def test_after_a_mistake_what_was_trained_can_still_be_looked_into(engine):
    running = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=2)\n1 / 0"))
    assert ended(await events_of(running)).reason == "error"
    assert "parameters" in scene(await engine.inspect(running, "structure")).words


async def test_a_torch_module_is_looked_into(engine):
    code = """
import torch
net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x = torch.randn(32, 3); y = x.sum(1, keepdim=True)
opt = torch.optim.SGD(net.parameters(), 0.1)
for _ in range(5):
    opt.zero_grad(); ((net(x) - y) ** 2).mean().backward(); opt.step()
"""
    running = await engine.run(job(code))
    await events_of(running)
    for view in (await engine.inspect(running, "structure")).names:
        assert scene(await engine.inspect(running, view)).words


async def test_what_numpy_alone_has_left_is_no_model(engine):
    running = await engine.run(job("import numpy as np\nw = np.zeros(3)"))
    await events_of(running)
    assert "left no model" in (await engine.inspect(running, "structure")).problem


async def test_nothing_of_the_process_is_left_once_the_next_run_has_begun(engine):
    old = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=1)"))
    await events_of(old)
    new = await engine.run(job(f"{DENSE}\nmodel.fit(x, y, epochs=1)"))
    await events_of(new)
    assert (await engine.inspect(old, "structure")).problem
    scene(await engine.inspect(new, "structure"))
