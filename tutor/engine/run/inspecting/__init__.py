"""Looking into the models that a run left behind: their layers, what they weigh, what they do, what they get wrong.

Each view takes the names of the run and the arguments of a request, and gives a Scene; all that it can be asked next is
in `Scene.controls`. Nothing of the learner's is changed by being looked at. Which views there are, the folder `views`
says.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from msgspec.structs import replace

from tutor.engine.run.inspecting import views
from tutor.engine.run.inspecting.taking import plainly
from tutor.engine.run.inspecting.wish import Wish
from tutor.errors import EngineError
from tutor.messages.events import Inspected
from tutor.messages.frames import pack
from tutor.messages.inspector_views import InspectorView
from tutor.messages.requests import Inspect
from tutor.plots.scene import Scene

if TYPE_CHECKING:
    from tutor.engine.run.inspecting.subject import Subject

MOST_BYTES = 64_000


class ViewFile(Protocol):
    """What the file of a view has."""

    VIEW: InspectorView

    def show(self, namespace: dict[str, Any], wish: Wish) -> Scene:
        """The picture. Raises EngineError where there is nothing to show, and says why."""

    def suits(self, found: Subject) -> bool:
        """Whether it says something of this model."""


@cache
def view_files() -> dict[str, ViewFile]:
    """All views by name, in their places; imported with the first question."""
    names = [one.name for one in pkgutil.iter_modules(views.__path__) if one.name.endswith("_view")]
    found = [cast(ViewFile, importlib.import_module(f"{views.__name__}.{name}")) for name in names]
    return {one.VIEW.name: one for one in sorted(found, key=lambda one: one.VIEW.place)}


def answer(request: Inspect, namespace: dict[str, Any]) -> Inspected:
    """Carry out `request` on the names of a run. Whatever goes wrong becomes a `problem` for people."""
    wish = Wish(request.arguments)
    try:
        view = view_files().get(request.what)
        if view is None:
            known = ", ".join(view_files())
            return Inspected(request.request, problem=f"There is no view called {request.what}; there is {known}.")
        scene = replace(view.show(namespace, wish), controls=tuple(wish.controls))
    except EngineError as error:
        only_controls = Scene((), controls=tuple(wish.controls))
        return Inspected(request.request, only_controls, str(error), _offered(namespace, request))
    except Exception as error:  # noqa: BLE001 - the learner's objects may raise anything when looked at
        said = f"{type(error).__name__}: {plainly(error)}"
        return Inspected(request.request, problem=f"The run's objects cannot be shown: {said}")
    return _small(Inspected(request.request, scene, names=_offered(namespace, request)))


def _offered(namespace: dict[str, Any], request: Inspect) -> tuple[str, ...]:
    """Views that say something of the model that is asked for."""
    from tutor.engine.run.inspecting.subject import subject

    try:
        found = subject(namespace, Wish(request.arguments))
        return tuple(name for name, view in view_files().items() if view.suits(found))
    except Exception:  # noqa: BLE001 - the learner's objects may raise anything when looked at; the view itself says what
        return ()


def _small(answer: Inspected) -> Inspected:
    """The answer itself; where it is larger than a message may be, or cannot be one, a problem that says so."""
    try:
        size = len(pack(answer))
    except TypeError as error:  # mostly a number of numpy's
        return Inspected(answer.request, problem=f"This view cannot be sent: {error}")
    if size <= MOST_BYTES:
        return answer
    what = f"This view would be {size:,} bytes long, and {MOST_BYTES:,} may be sent. Choose a smaller layer."
    return Inspected(
        answer.request, problem=what, scene=Scene((), controls=answer.scene.controls if answer.scene else ())
    )
