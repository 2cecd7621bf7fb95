"""Lint without running anything: the format and the rules that need the whole course.

    findings = lint_course(Path("lessons"))

Each rule is a function of the ground (every lesson, parsed) that adds its findings; `RULES` names them all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tutor.course.problems import CourseErrors
from tutor.lint import assets, code, concepts, order, pages, tasks
from tutor.lint.findings import Finding, Findings
from tutor.lint.ground import Ground, read_ground

RULES: tuple[Callable[[Ground, Findings], None], ...] = (
    order.files,
    order.ids,
    order.requires,
    order.uses,
    order.reviews,
    order.renamed,
    order.links,
    pages.length,
    pages.one_task,
    pages.listings,
    pages.formulas,
    pages.loose_maths,
    pages.pictures,
    tasks.exercises,
    tasks.choices,
    tasks.numbers,
    tasks.diagnoses,
    code.chunks,
    code.checks,
    concepts.introduced,
    concepts.interfaces,
    assets.figures,
    assets.data_sets,
)


def lint_course(folder: Path) -> list[Finding]:
    """Every finding of the static rules, sorted by place. A course.toml that cannot be read is a finding too."""
    findings = Findings()
    try:
        ground = read_ground(folder)
    except CourseErrors as broken:
        for error in broken.errors:
            findings.error(error.file, error.line, "format", f"{error.what} {error.todo}".strip())
        return findings.sorted()
    for error in ground.errors:
        findings.error(error.file, error.line, "format", f"{error.what} {error.todo}".strip())
    for rule in RULES:
        rule(ground, findings)
    return findings.sorted()
