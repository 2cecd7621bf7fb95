"""What a host is told to import ahead, and every operation of torch written down: the host's, and those of its runs.

A host started with `--ahead tests.engine.watched_ahead:load` writes to the file that DL_TUTOR_TEST_OPERATIONS names.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from tutor.engine.run import loaded_ahead
from tutor.messages.jobs import HostKind

WHERE = "DL_TUTOR_TEST_OPERATIONS"


def load(kind: HostKind) -> Iterator[loaded_ahead.Problem | str]:
    """As the product's own, but torch first, so that what keras does with it while it is imported is seen."""
    yield "torch"
    _watch()
    yield from loaded_ahead.load(kind)


def _watch() -> None:
    from torch.overrides import TorchFunctionMode
    from torch.utils._python_dispatch import TorchDispatchMode

    host = os.getpid()
    fd = os.open(os.environ[WHERE], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(what: object) -> None:
        who = "host" if os.getpid() == host else "run"
        try:
            os.write(fd, f"{who} {what}\n".encode())
        except OSError:  # a run has closed what is the host's
            os.write(os.open(os.environ[WHERE], os.O_WRONLY | os.O_APPEND), f"{who} {what}\n".encode())

    class Operations(TorchDispatchMode):
        """Below autograd: whatever computes."""

        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            note(func)
            return func(*args, **(kwargs or {}))

    class Functions(TorchFunctionMode):
        """Above it: whatever is asked of a tensor."""

        def __torch_function__(self, func, types, args=(), kwargs=None):
            note(func)
            return func(*args, **(kwargs or {}))

    Operations().__enter__()
    Functions().__enter__()
