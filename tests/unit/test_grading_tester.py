"""What each method of `t` asks, and what it says where that is not so."""

from __future__ import annotations

import pytest

from tests.unit.grading_kit import judged, message, rubric


def check(body: str) -> str:
    return f"def check_it(t):\n    'it'\n    {body}\n"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "There is no `f` in your code."),
        ("def ff(x): return x", "There is no `f` in your code. Did you mean `ff`?"),
        ("f = 3", "`f` is a value of type int, not a function: define it with `def`."),
        ("f = ...", "`f` is nothing yet (...), not a function: define it with `def`."),
        ("def f(x): pass", "`f` returned None: is a `return` missing?"),
        ("def f(x): return 1j", "yours is a complex, expected: one number"),
        ("def f(x): return f", "yours is the function f itself: call it, with ( ), expected: one number"),
        ("def f(x): return [1.0, 2.0]", "your shape (2,), expected shape ()"),
        ("def f(x): return 'x'", 'yours is the string "x", expected: one number'),
        ("def f(x): return float('nan')", "yours nan, expected 2.5"),
        ("def f(x): return 2.6", "yours 2.6, expected 2.5 (off by 0.1, allowed 0.00028)"),
    ],
)
def test_calls_and_numbers(answer: str, said: str) -> None:
    code = answer + "\ndone = 1\n"
    assert message(check("t.close(t.call('f', 1.0), 2.5)"), code, solution="def f(x): return 2.5").startswith(said)


def test_what_was_raised_comes_with_the_learners_own_line() -> None:
    verdict = judged(rubric(check("t.call('f', 0.0)"), "def f(x):\n    return 1 // int(x)\n"))
    assert verdict.outcome == "error" and verdict.error is not None
    assert verdict.error.kind == "ZeroDivisionError" and verdict.error.lines[-1].line == 2
    assert verdict.checks[0].message.startswith("`f` raised ZeroDivisionError")


@pytest.mark.parametrize(
    "spelling",
    [
        "np.array([1, 2, 3])", "[1.0, 2.0, 3.0]", "(1, 2, 3)", "range(1, 4)", "np.float32([1, 2, 3])",
        "(n for n in (1, 2, 3))", "[np.float64(1), np.array(2), 3]", "map(float, '123')",
    ],
)  # fmt: skip
def test_lists_and_arrays_are_alike(spelling: str) -> None:
    assert message(check("t.close(t.get('v'), [1.0, 2.0, 3.0])"), f"import numpy as np\nv = {spelling}") == ""


def test_nothing_broadcasts() -> None:
    said = message(check("t.close(t.get('v'), np.ones((3,)))"), "import numpy as np\nv = np.ones((3, 1))")
    assert said == "`v`: your shape (3, 1), expected shape (3,)"


def test_the_first_place_that_differs_and_the_largest_error() -> None:
    said = message(check("t.close(t.get('v'), np.arange(4.0))"), "v = [0.0, 1.5, 2.0, 9.0]")
    assert said == "`v`: at [1]: yours 1.5, expected 1; 2 of 4 differ, the largest error 6 at [3]"


def test_shapes_have_names() -> None:
    checks = check("t.shape(t.get('a'), ('n', 'd'), d=3); t.shape(t.get('b'), ('n',)); t.shape(t.get('c'), ())")
    setup = "import numpy as np"
    assert message(checks, "import numpy as np; a = np.ones((5, 3)); b = [1] * 5; c = 2", setup=setup) == ""
    said = message(checks, "a = np.ones((5, 3)); b = [1] * 4; c = 2", setup=setup)
    assert said == "`b`: your shape (4,), expected shape (n,) with n = 5"


def test_generators_go_on_or_start_afresh() -> None:
    answer = "def draw(rng): return rng.random()"
    assert message(check("g = t.rng(3); t.close(t.call('draw', g), t.call('draw', g))"), answer) == ""
    going = "g = t.rng(3); a, b = t.call('draw', g, copy=False), t.call('draw', g, copy=False); assert a != b, 'same'"
    assert message(check(going), answer) == ""
    assert message(check("t.close(t.call('draw', t.rng(3)), t.rng(3).random())"), answer) == ""


def test_names_of_setup_are_arguments() -> None:
    setup = "import numpy as np\ndef relu(o): return np.maximum(o, 0)\n"
    checks = check("t.close(t.call('f', -2.0, t.name('relu')), 1.0)")
    assert message(checks, "def f(x, phi): return phi(x) + 1", setup=setup) == ""


def test_pure() -> None:
    checks = check("t.pure('f', np.ones(3))")
    assert message(checks, "def f(x): return x * 2") == ""
    assert "changed its argument number 1" in message(checks, "def f(x):\n    x *= 2\n    return x.sum()")
    twice = "n = 0\ndef f(x):\n    global n\n    n += 1\n    return n"
    assert "gives something else" in message(checks, twice)


def test_fresh_runs() -> None:
    answer = "import numpy as np\nw = np.random.rand()"
    assert message(check("assert t.run(1).w != t.run(2)['w']; assert t.run(1).w == t.run(1).get('w')"), answer) == ""


def test_finite_better_and_observe() -> None:
    said = message(check("t.finite(t.get('v'))"), "v = [1.0, float('inf')]")
    assert said == "`v`: at [1]: inf; 1 of 2 are not finite"
    assert message(check("t.better(t.get('v'), than=0.8, by=0.1)"), "v = 0.95") == ""
    assert message(check("t.better(t.get('v'), than=0.8, lower=True)"), "v = 0.9") == (
        "the score: yours 0.9, needed at most 0.8"
    )


def test_the_learners_source() -> None:
    checks = check("t.avoids('for', 'Use arrays.'); t.uses('np.sum', '')")
    assert message(checks, "import numpy as xx\ndef f(x): return xx.sum(x)") == ""
    said = message(checks, "def f(x): return sum(a for a in x)  # np.sum")
    assert said == "`for` is used in line 1. Use arrays."


def test_needs() -> None:
    checks = "def check_a(t):\n    'first'\n    assert False, 'no'\ndef check_b(t):\n    '''second\n    :needs: a'''\n"
    verdict = judged(rubric(checks, "x = 1"))
    assert [result.outcome for result in verdict.checks] == ["failed", "skipped"]
    assert verdict.checks[1].requirement == "second" and "“first”" in verdict.checks[1].message


def test_a_broken_check_is_a_fault_of_ours_and_a_useless_value_is_not() -> None:
    broken = judged(rubric(check("1 / 0"), "x = 1"))
    assert broken.outcome == "fault" and "check_it" in broken.report and "line 3" in broken.report
    checks = check("assert t.get('v') + 1 == 2")
    useless = judged(rubric(checks, "v = 'one'", solution="v = 1"))
    assert useless.outcome == "failed" and "TypeError" in useless.checks[0].message
    assert judged(rubric("x = 1", "y = 2")).outcome == "fault"


def test_the_reference_stays_with_the_judge() -> None:
    checks = check("t.close(t.call('f', 2.0), t.reference('f')(2.0))")
    solution = "def f(x): return x ** 2"
    assert message(checks, "def f(x): return x * x", solution=solution) == ""
    assert message(checks, "def f(x): return x + 1", solution=solution) != ""


@pytest.mark.parametrize(
    "lie",
    [
        "class T(float):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return 0.0\nv = T(1)",
        "class A(np.ndarray):\n    def __eq__(self, o): return True\nv = np.ones(()).view(A)",
        "class L:\n    __array__ = lambda self, *a, **k: np.array(5.0)\n    __float__ = lambda self: 5.0\nv = L()",
        "class I(int):\n    def __index__(self): return 5\n    def __pos__(self): return 5\nv = I(1)",
        "np.allclose = lambda *a, **k: True\nv = 1",
    ],
)
def test_lies_are_read_as_what_they_are(lie: str) -> None:
    answer = f"import numpy as np\nkept = np.allclose\n{lie}\n"
    import numpy

    kept = numpy.allclose
    try:
        assert message(check("t.close(t.get('v'), 5.0)"), answer, solution="v = 5") != ""
    finally:
        numpy.allclose = kept
