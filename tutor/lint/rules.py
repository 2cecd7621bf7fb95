"""Lint without running anything: the format and the rules that need the whole course.

    findings = lint_course(Path("lessons"))

Each rule is a function of the ground (every lesson, parsed) that adds its findings; `RULES` names them all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tutor.course.problems import CourseErrors
from tutor.lint import asset_rules, code_rules, concept_rules, page_rules, placement_rules, proof_rules, task_rules
from tutor.lint.findings import CourseFinding, Findings
from tutor.lint.ground import Ground, read_ground

RULES: tuple[Callable[[Ground, Findings], None], ...] = (
    placement_rules.files,
    placement_rules.ids,
    placement_rules.requires,
    placement_rules.uses,
    placement_rules.reviews,
    placement_rules.renamed,
    placement_rules.links,
    page_rules.length,
    page_rules.one_task,
    page_rules.listings,
    page_rules.formulas,
    page_rules.loose_maths,
    page_rules.pictures,
    task_rules.exercises,
    task_rules.choices,
    task_rules.numbers,
    task_rules.diagnoses,
    code_rules.chunks,
    code_rules.checks,
    concept_rules.introduced,
    concept_rules.interfaces,
    asset_rules.figures,
    asset_rules.data_sets,
    proof_rules.of_today,
)


def lint_course(folder: Path) -> list[CourseFinding]:
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
