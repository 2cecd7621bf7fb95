"""`python -m tests.journeys.recorded FILE WORDS…`: the tutor, with every frame that Textual writes kept in FILE, a JSON
line each: columns, rows, what was written."""

from __future__ import annotations

import json
import sys

from tutor import cli
from tutor.tui.output.painter import Painter


def record(file: str) -> None:
    out = open(file, "a", encoding="utf-8", buffering=1)  # noqa: SIM115 - open as long as the program
    whole = Painter.write

    def write(self: Painter, data: str) -> None:
        whole(self, data)
        out.write(json.dumps([*self._size, data]) + "\n")

    Painter.write = write  # type: ignore[method-assign]


if __name__ == "__main__":
    record(sys.argv[1])
    sys.exit(cli.run(sys.argv[2:]))
