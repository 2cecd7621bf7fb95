"""Which section of the lesson format says more about each rule: headings of `lessons/README.md`."""

from __future__ import annotations

import re
from typing import Literal

from tutor.course.manifest import FILE

PAGE = "lessons/README.md"

RuleName = Literal[
    "alt", "checks", "choices", "code", "concepts", "data", "diagnosis", "exercise-fails", "figure-fails", "figures",
    "files", "format", "hints", "ids", "learned", "length", "links", "maths", "narrow-margin", "not-told-apart",
    "number", "one-task", "prediction-curve", "proof-differs", "proof-out-of-date", "renamed", "requires", "review",
    "run-fails", "solution-fails", "solution-slow", "starter", "starter-attempted", "starter-passes", "uses",
    "wide-code", "wrong-passes", "wrongs",
]  # fmt: skip

_FORMAT: RuleName = "format"
SECTIONS: dict[RuleName, str] = {
    "files": "The course folder",
    "renamed": "The course folder",
    "requires": "Front matter",
    "ids": "Ids",
    _FORMAT: "Pages",
    "length": "Pages",
    "one-task": "Pages",
    "links": "Words, links and pictures",
    "alt": "Words, links and pictures",
    "maths": "Formulas",
    "wide-code": "Code",
    "code": "Code",
    "data": "Code",
    "uses": "Runs",
    "run-fails": "Runs",
    "hints": "Exercises",
    "learned": "Exercises",
    "starter": "Exercises",
    "starter-attempted": "Exercises",
    "starter-passes": "Exercises",
    "solution-fails": "Exercises",
    "solution-slow": "Exercises",
    "checks": "Checks",
    "exercise-fails": "Checks",
    "narrow-margin": "Checks",
    "wrongs": "Wrong solutions",
    "diagnosis": "Wrong solutions",
    "wrong-passes": "Wrong solutions",
    "not-told-apart": "Wrong solutions",
    "choices": "Quizzes",
    "number": "Numbers",
    "prediction-curve": "Predictions",
    "figures": "Figures",
    "figure-fails": "Figures",
    "review": "Reviews",
    "concepts": "Concepts",
    "proof-out-of-date": "Proofs",
    "proof-differs": "Proofs",
}
"""Rule -> heading."""

DIRECTIVES = {
    "run": "Runs",
    "exercise": "Exercises",
    "quiz": "Quizzes",
    "number": "Numbers",
    "order": "Orders",
    "explain": "Explanations",
    "predict": "Predictions",
    "figure": "Figures",
    "review": "Reviews",
}
"""Directive -> heading; every other directive is a box."""
BOXES = "Boxes"
FRONT_MATTER = "Front matter"
_NAMED = re.compile(r"\{([a-z-]+)\}")


def section_of(rule: RuleName, file: str, message: str) -> str:
    """The heading under which the rule stands; of an error of the format, that of the directive which it names."""
    if rule != _FORMAT:
        return SECTIONS[rule]
    if file == FILE:
        return SECTIONS["files"]
    named = _NAMED.search(message)
    if named:
        return DIRECTIVES.get(named.group(1), BOXES)
    return FRONT_MATTER if "front matter" in message else SECTIONS[rule]
