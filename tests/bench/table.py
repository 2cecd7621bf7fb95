"""A measurement, and the table of them."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table. figure: for people; wanted: the bound; within: whether it holds (None: no bound)."""

    name: str
    figure: str
    wanted: str = ""
    within: bool | None = None
    values: dict[str, float] | None = None


def spread(values: list[float]) -> dict[str, float]:
    """Median, least, largest and how many."""
    return {
        "median": statistics.median(values), "min": min(values), "max": max(values), "n": float(len(values)),
    }  # fmt: skip


def bounded(name: str, value: float, unit: str, bound: float, detail: str = "", **values: float) -> Row:
    """A figure that has a bound."""
    figure = f"{value:,.3g} {unit}" + (f"  ({detail})" if detail else "")
    return Row(name, figure, f"≤ {bound:g} {unit}".strip(), value <= bound, {"value": value, **values})


def print_table(rows: list[Row]) -> None:
    widths = [max(len(getattr(row, key)) for row in rows) for key in ("name", "figure", "wanted")]
    for row in rows:
        sign = {True: "within", False: "OVER", None: ""}[row.within]
        print(f"{row.name:<{widths[0]}}  {row.figure:<{widths[1]}}  {row.wanted:<{widths[2]}}  {sign}".rstrip())


def write_json(rows: list[Row], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
