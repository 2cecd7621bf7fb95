"""Looking into the models that a run left behind: their layers, what they weigh, what they do, what they get wrong.

Each view takes the names of the run and the arguments of a request, and gives a Scene; all that it can be asked next is
in `Scene.controls`. Nothing of the learner's is changed by being looked at.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from tutor.engine.run.inspecting.taking import plainly
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.events import Inspected
from tutor.messages.frames import pack
from tutor.messages.requests import Inspect
from tutor.plots.scene import Scene

MOST_BYTES = 64_000
View = Callable[[dict[str, Any], Wish], Scene]
VIEWS = {
    "structure": "layer_table", "weights": "weights", "activations": "activity",
    "maps": "maps", "pixel": "maps", "states": "recurrent_states", "gradients": "learning", "predictions": "outcomes",
    "confusion": "outcomes", "mistakes": "outcomes", "decision": "regions", "residuals": "outcomes",
}  # fmt: skip
"""The module of this package in which a view is; it is imported with the first question for it."""


def answer(request: Inspect, namespace: dict[str, Any]) -> Inspected:
    """Carry out `request` on the names of a run. Whatever goes wrong becomes a `problem` for people."""
    module = VIEWS.get(request.what)
    if module is None:
        known = ", ".join(VIEWS)
        return Inspected(request.request, problem=f"There is no view called {request.what}; there is {known}.")
    wish = Wish(request.arguments)
    try:
        view: View = getattr(importlib.import_module(f"tutor.engine.run.inspecting.{module}"), request.what)
        scene = replace(view(namespace, wish), controls=tuple(wish.controls))
    except EngineError as error:
        only_controls = Scene((), controls=tuple(wish.controls))
        return Inspected(request.request, only_controls, str(error), _offered(namespace, request))
    except Exception as error:  # noqa: BLE001 - the learner's objects may raise anything when looked at
        said = f"{type(error).__name__}: {plainly(error)}"
        return Inspected(request.request, problem=f"The run's objects cannot be shown: {said}")
    return _small(Inspected(request.request, scene, names=_offered(namespace, request)))


def _offered(namespace: dict[str, Any], request: Inspect) -> tuple[str, ...]:
    """Views that say something of the model that is asked for."""
    from tutor.engine.run.inspecting.subject import offered, subject

    try:
        return offered(subject(namespace, Wish(request.arguments)))
    except Exception:  # noqa: BLE001 - the learner's objects may raise anything when looked at; the view itself says what
        return ()


def _small(answer: Inspected) -> Inspected:
    """The answer itself; where it is larger than a message may be, a problem that says so."""
    size = len(pack(answer))
    if size <= MOST_BYTES:
        return answer
    what = f"This view would be {size:,} bytes long, and {MOST_BYTES:,} may be sent. Choose a smaller layer."
    return Inspected(
        answer.request, problem=what, scene=Scene((), controls=answer.scene.controls if answer.scene else ())
    )
