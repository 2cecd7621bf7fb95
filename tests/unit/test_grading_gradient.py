"""Right answers written many ways all pass; mistakes that people make all fail, with the right diagnosis."""

from __future__ import annotations

import pytest

from tests.unit.grading_kit import GRADIENT, GRADIENT_WRONGS, judged, rubric
from tutor.grading.judge import misconceptions
from tutor.messages.jobs import Wrongdoing

RIGHT = {
    "sum": "return 2 * ((w * x - y) * x).sum()",
    "np.sum": "import numpy as np\n    return np.sum(2 * x * (w * x - y))",
    "dot": "import numpy as np\n    return 2 * np.dot(w * x - y, x)",
    "matmul": "return 2 * (x @ (w * x - y))",
    "loop": "total = 0\n    for a, b in zip(x, y):\n        total += 2 * (w * a - b) * a\n    return total",
    "comprehension": "return sum(2 * (w * a - b) * a for a, b in zip(x, y))",
    "expanded": "return 2 * w * (x * x).sum() - 2 * (x * y).sum()",
    "python float": "return float(2 * ((w * x - y) * x).sum())",
    "zero-dimensional array": "import numpy as np\n    return np.array(2 * ((w * x - y) * x).sum())",
    "float32": "import numpy as np\n    x, y = np.float32(x), np.float32(y)\n    return 2 * ((w * x - y) * x).sum()",
    "mean times n": "return 2 * len(x) * ((w * x - y) * x).mean()",
    "in place": "r = w * x\n    r -= y\n    r *= 2 * x\n    return r.sum()",
    "mangles its arguments": "x *= 1\n    y -= w * x\n    y *= x\n    return -2 * y.sum()",
    "central differences": (
        "import numpy as np\n    x, y = np.float64(x), np.float64(y)\n    f = lambda v: ((v * x - y) ** 2).sum()"
        "\n    return (f(w + 1e-4) - f(w - 1e-4)) / 2e-4"
    ),
    "lambda": "return (lambda r: 2 * (r * x).sum())(w * x - y)",
    "einsum": "import numpy as np\n    return 2 * np.einsum('i,i->', w * x - y, x)",
}

WRONG = {
    "missing-factor-two": [
        "return ((w * x - y) * x).sum()",
        "return (w * x - y) @ x",
        "return sum((w * a - b) * a for a, b in zip(x, y))",
        "import numpy as np\n    return np.float32(((w * np.float32(x) - np.float32(y)) * np.float32(x)).sum())",
    ],
    "missing-inner-derivative": [
        "return 2 * (w * x - y).sum()",
        "return 2 * sum(w * a - b for a, b in zip(x, y))",
        "return 2 * len(x) * (w * x.mean() - y.mean())",
    ],
    "averaged": [
        "return 2 * ((w * x - y) * x).mean()",
        "return 2 / len(x) * (x @ (w * x - y))",
        "import numpy as np\n    return np.average(2 * (w * x - y) * x)",
    ],
    "climbs": [
        "return 2 * ((y - w * x) * x).sum()",
        "return -2 * (x @ (w * x - y))",
        "return 2 * sum((b - w * a) * a for a, b in zip(x, y))",
    ],
}


def answer(body: str) -> str:
    return f"def grad_loss(w, x, y):\n    {body}\n"


@pytest.fixture(scope="module")
def wrongs() -> tuple[Wrongdoing, ...]:
    """What the checks observe of each named mistake, as --prove keeps it."""
    right = judged(rubric(answer=GRADIENT["solution"], **GRADIENT)).observed
    kept = []
    for name, code in GRADIENT_WRONGS.items():
        observed = judged(rubric(answer=code, **GRADIENT)).observed
        kept.append(Wrongdoing(name, f"about {name}", observed, misconceptions.differing(observed, right)))
    return tuple(kept)


@pytest.mark.parametrize("spelling", RIGHT)
@pytest.mark.parametrize("arguments", ["", "float32", "float64"])
def test_every_right_spelling_passes(spelling: str, arguments: str) -> None:
    verdict = judged(rubric(answer=answer(RIGHT[spelling]), arguments=arguments, **GRADIENT))
    assert verdict.outcome == "passed", verdict
    assert verdict.summary == "All 4 checks pass."


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in WRONG.items() for body in bodies])
def test_every_mistake_gets_its_own_diagnosis(name: str, body: str, wrongs: tuple[Wrongdoing, ...]) -> None:
    verdict = judged(rubric(answer=answer(body), wrongs=wrongs, **GRADIENT))
    assert verdict.outcome == "failed"
    assert verdict.diagnosis is not None and verdict.diagnosis.name == name
    assert verdict.diagnosis.text == f"about {name}"


@pytest.mark.parametrize(
    "body",
    [
        "return 0.0",
        "return w",
        "return x",
        "return 3 * ((w * x - y) * x).sum()",
        "return 'no'",
        "return [1, 2]",
        "...",
    ],
)
def test_other_mistakes_get_no_diagnosis(body: str, wrongs: tuple[Wrongdoing, ...]) -> None:
    verdict = judged(rubric(answer=answer(body) + "done = 1\n", wrongs=wrongs, **GRADIENT))
    assert verdict.outcome == "failed"
    assert verdict.diagnosis is None


def test_the_message_names_the_place_and_both_values() -> None:
    verdict = judged(rubric(answer=answer("return ((w * x - y) * x).sum()"), **GRADIENT))
    slope = next(check for check in verdict.checks if check.name == "check_slope")
    assert slope.requirement == "it is the slope of the loss, at several w"
    assert slope.message == "at -2: yours -114,393.3, the slope is -228,786.5"


def test_the_starter_is_not_attempted() -> None:
    starter = "# my notes\ndef grad_loss(w, x, y):\n\n    ...  # later\n"
    verdict = judged(rubric(answer=starter, **GRADIENT))
    assert verdict.outcome == "not-attempted"
