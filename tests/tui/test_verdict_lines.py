"""A verdict as lines: what is said, and that nothing is said twice."""

from __future__ import annotations

from tutor.messages.verdicts import CheckResult, CodeError, Verdict
from tutor.tui.widgets.workbench.verdict import verdict_lines


def lines_of(verdict: Verdict) -> list[str]:
    return ["".join(text for text, _ in line) for line in verdict_lines(verdict, 76)]


def test_one_mistake_that_fails_every_check_is_explained_once() -> None:
    raised = "`f` raised NameError: name 'zero' is not defined\nline 2: return x / zero"
    checks = tuple(CheckResult(name, name, "failed", raised) for name in ("first", "second", "third"))
    error = CodeError("NameError", "name 'zero' is not defined", ())
    verdict = Verdict("f", "error", checks=checks, error=error, summary="0 of 3 checks pass.")
    lines = lines_of(verdict)
    assert sum("line 2" in line for line in lines) == 1
    assert sum("the same as above" in line for line in lines) == 2
    assert sum("0 of 3 checks" in line for line in lines) == 1


def test_a_different_message_is_said_in_full() -> None:
    checks = tuple(CheckResult(name, name, "failed", f"at {name}: yours 1") for name in ("0", "1"))
    assert sum("yours 1" in line for line in lines_of(Verdict("f", "failed", checks=checks))) == 2
