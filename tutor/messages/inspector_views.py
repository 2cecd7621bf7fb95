"""What names a view of the inspector: its name, its key, its place among the others, and what it asks of the window.

Each view says so in its own file, in the folder `tutor/engine/run/inspecting/views`.
"""

from __future__ import annotations

from typing import NamedTuple


class InspectorView(NamedTuple):
    """key: a letter of the name. place: where it stands among the others, from 1.

    watched: it shows epoch after epoch: what it needs is taken while a training runs, from when it is first wanted.
    sample: it looks at one sample, which may be typed in.
    """

    name: str
    key: str
    place: int
    watched: bool = False
    sample: bool = False
