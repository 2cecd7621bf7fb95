"""`python -m tests.bench [NAME ...] [--repeat N] [--json FILE]`: prints the table and writes it as JSON.

Names: start, pages, runs, check, confining, engine, window, watching, line, sharing, chapters. On an idle machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import chapters, confining, engine, line, screens, sharing, watching
from tests.bench.table import Row, print_table, write_json

BENCHES: dict[str, Callable[[int], Iterator[Row]]] = {
    "start": screens.bench_start,
    "pages": screens.bench_pages,
    "runs": screens.bench_runs,
    "check": screens.bench_check,
    "confining": confining.bench_confining,
    "engine": engine.bench_engine,
    "window": lambda repeat: engine.bench_window(),
    "watching": watching.bench_watching,
    "line": line.bench_line,
    "sharing": sharing.bench_sharing,
    "chapters": chapters.bench_chapters,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which benches (default: all)")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    asked = parser.parse_args()
    rows: list[Row] = []
    for name in asked.names or BENCHES:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += BENCHES[name](asked.repeat)
    print_table(rows)
    write_json(rows, asked.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
