"""Inputs that are kept: a file for each door, each line a text or bytes as Python writes them, in 7 bits."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.fuzz.doors import Input

FOLDER = Path(__file__).with_name("corpus")


def kept(door: str) -> list[Input]:
    """What is kept of a door, in order."""
    file = FOLDER / f"{door}.txt"
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return [ast.literal_eval(line) for line in lines]


def keep(door: str, value: Input) -> None:
    """Add an input to what is kept of a door, once."""
    if value not in kept(door):
        with (FOLDER / f"{door}.txt").open("a", encoding="ascii") as file:
            file.write(ascii(value) + "\n")
