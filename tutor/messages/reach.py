"""What the process of a run may reach, as plain values: made by the host, applied in the process itself."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Reach(Struct, frozen=True):
    """lesson: only what stands here may be reached. gpu: that, and what a GPU's driver asks for in the process itself.
    own: the user's own program, which may do as the user may, but attach to the tutor's processes or signal them.

    folders: read, with all that is in them. files: read. listed: folders whose names may be listed, not their files
    read. written: folders and devices that may be read and written. spared: processes that may not be signalled, for
    a kernel that cannot tell them apart itself. memory_mb: size of shared memory of its own, 0 for that of everybody.
    """

    kind: Literal["lesson", "gpu", "own"] = "lesson"
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    spared: tuple[int, ...] = ()
    memory_mb: int = 0
