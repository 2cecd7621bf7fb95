"""Which views the inspector has. A view is a file; its first lines are read here, and nothing of it is imported: the
window knows names and keys, and never what computes them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tutor.messages.inspector_views import InspectorView

FOLDER = Path(__file__).parents[1] / "run" / "inspecting" / "views"
_SAYS = re.compile(r"^VIEW = (InspectorView\(.*\))$", re.MULTILINE)


@cache
def inspector_views(folder: Path = FOLDER) -> tuple[InspectorView, ...]:
    """All there are, in their places."""
    found = [_said_in(file) for file in folder.glob("*_view.py")]
    return tuple(sorted((view for view in found if view is not None), key=lambda view: view.place))


def _said_in(file: Path) -> InspectorView | None:
    """What a file says of its view: `VIEW = InspectorView("structure", key="s", place=1)`, on one line."""
    says = _SAYS.search(file.read_text(encoding="utf-8"))
    if says is None:
        return None
    call = ast.parse(says[1], mode="eval").body
    assert isinstance(call, ast.Call)
    named = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg is not None}
    return InspectorView(*map(ast.literal_eval, call.args), **named)
