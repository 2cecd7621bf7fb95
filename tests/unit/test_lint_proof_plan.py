"""Which of what is kept a word draws to be proved nevertheless."""

from __future__ import annotations

from tutor.course.model import Exercise, Lesson, Run, Source
from tutor.lint.proof_basis import ProofBasis, Provable
from tutor.lint.proof_plan import Planned, draw_some
from tutor.lint.proving import Effort

LESSON = Lesson("one", "One", (), "01-first/01-one.md")


def planned(block: Provable, **more: object) -> Planned:
    name = block.id if isinstance(block, Run | Exercise) else block.name
    return Planned(LESSON, block, name, ProofBasis("", ""), covered=True, **more)  # type: ignore[arg-type]


def runs(count: int) -> list[Planned]:
    return [planned(Run(f"run-{at}", Source(""))) for at in range(count)]


def drawn(plan: list[Planned]) -> set[str]:
    return {one.name for one in plan if one.effort is Effort.ONE_SEED}


def test_a_tenth_is_drawn_the_same_for_the_same_word() -> None:
    first, again, other = runs(95), runs(95)[::-1], runs(95)
    said = draw_some(first, "0123456789abcdef")
    draw_some(again, "0123456789abcdef")
    draw_some(other, "another")
    assert len(drawn(first)) == 10 and drawn(first) == drawn(again) != drawn(other)
    assert "drawn by 0123456789ab: " in said and all(name in said for name in drawn(first))


def test_every_thing_is_drawn_by_some_word() -> None:
    seen: set[str] = set()
    for word in range(200):
        plan = runs(30)
        draw_some(plan, str(word))
        seen |= drawn(plan)
    assert len(seen) == 30


def test_what_involves_chance_is_run_each_time_and_what_is_long_but_once() -> None:
    exercise = Exercise("train", "", (), Source(""), (Source("model.fit(x, y)"),), Source(""), (), ())
    plan = [planned(exercise), planned(Run("long", Source("")), long=True), *runs(1)]
    draw_some(plan, "word")
    assert [one.effort for one in plan] == [Effort.ONE_SEED, Effort.GLANCE, Effort.ONE_SEED]


def test_what_is_not_covered_is_not_for_drawing() -> None:
    plan = runs(2)
    for one in plan:
        one.effort = Effort.WHOLE
    assert "none" in draw_some(plan, "word")
    assert all(one.effort is Effort.WHOLE for one in plan)
