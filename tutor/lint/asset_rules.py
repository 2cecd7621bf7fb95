"""Rules on what a lesson takes from elsewhere: live figures and data sets."""

from __future__ import annotations

import ast
import tomllib
from math import isclose

from tutor import figures as live
from tutor import paths
from tutor.course.model import Figure, Predict
from tutor.course.numbers import evaluate
from tutor.figures.shared.control_values import ControlValues, FigureError
from tutor.lint.code_rules import parsed
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground, Placed, code_chunks
from tutor.plots.scene import Slider
from tutor.words import did_you_mean


def figures(ground: Ground, findings: Findings) -> None:
    """Figures exist, have the parameters that the lesson sets, and take those values."""
    for placed in ground.lessons:
        for _, block in placed.blocks():
            match block:
                case Figure(name=name, settings=settings, line=line) if name:
                    _figure(findings, placed, line, name, settings)
                case Predict(figure=name, settings=settings, line=line) if name:
                    _figure(findings, placed, line, name, settings)


def _figure(findings: Findings, placed: Placed, line: int, name: str, settings: dict[str, str]) -> None:
    if name not in live.names():
        message = f'There is no figure "{name}". {did_you_mean(name, live.names())}'.strip()
        findings.error(placed.file, line, "figures", message)
        return
    try:
        taken = ControlValues(live.controls(name), settings, figure=name)
    except FigureError as error:
        findings.error(placed.file, line, "figures", str(error))
        return
    for control in taken.controls:
        written = settings.get(control.name)
        if isinstance(control, Slider) and written is not None and not isclose(evaluate(written), control.value):
            message = f"{name}: {control.name} goes from {control.low:g} to {control.high:g}, and not to {written}."
            findings.error(placed.file, line, "figures", message)


def data_sets(ground: Ground, findings: Findings) -> None:
    """`data.load("name")` in any code names a data set of data/index.toml."""
    known = tomllib.loads((paths.data_dir() / "index.toml").read_text(encoding="utf-8"))
    names = [name for name, value in known.items() if isinstance(value, dict)]
    for placed in ground.lessons:
        for task in placed.tasks():
            for _, source in code_chunks(task):
                tree = parsed(source)
                for name, line in _loads(tree) if tree else ():
                    if name not in names:
                        message = f'There is no data set "{name}". {did_you_mean(name, names)}'.strip()
                        findings.error(placed.file, source.line + line - 1, "data", message)


def _loads(tree: ast.Module) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="data"), attr="load"),
                args=[ast.Constant(value=str() as name), *_],
            ):
                found.append((name, node.lineno))
    return found
