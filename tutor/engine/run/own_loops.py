"""Loops of the learner's own that train without `model.fit`: a run that draws no curve of it says how it gets one."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from tutor.engine.run import run_side

STEPS = 10
"""Steps of training from which on it is one: a single step is looked at, not drawn."""
HINT = (
    "A loop of your own draws no curve by itself. With `from tutor import track`, a loop "
    "`for epoch in track(50):` and `track.log(loss=loss)` in it draw one."
)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class _Handle(Protocol):
    def remove(self) -> None: ...


_steps = 0
_hook: _Handle | None = None


def watch() -> None:
    """Count the first steps that optimizers of torch take from here on; then nothing is left that would cost."""
    global _steps, _hook
    _steps = 0
    if "torch.optim.optimizer" in sys.modules:
        from torch.optim.optimizer import register_optimizer_step_post_hook

        _hook = register_optimizer_step_post_hook(lambda optimizer, args, kwargs: _step())


def counted(train_on_batch: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """`train_on_batch`, whose steps count as well."""

    @functools.wraps(train_on_batch)
    def counting(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        _step()
        return train_on_batch(*args, **kwargs)

    return counting


def _step() -> None:
    global _steps, _hook
    _steps += 1
    if _steps >= STEPS and _hook is not None:
        _hook.remove()
        _hook = None


def hint(side: run_side.RunSide) -> None:
    """Said where the run has trained, and there is nothing of it to draw."""
    if _steps >= STEPS and not side.fits:
        side.note(HINT)
