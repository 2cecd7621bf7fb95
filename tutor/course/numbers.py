"""Numbers as people write them: `1/20234.6`, `10*20 + 20`, `4.942e-5`, `sqrt(2)`. Safe, and bounded in size."""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable

from tutor.errors import UsageError

_LONGEST = 200
_LARGEST_EXPONENT = 1024.0
_SPELLINGS = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "π": "pi", "\u00a0": " ", "\u202f": " "})
_NAMES = {"pi": math.pi, "e": math.e}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "ln": math.log, "log10": math.log10, "log2": math.log2,
    "abs": abs,
}  # fmt: skip
_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_EXAMPLES = "Type a number or a sum, like 2.5e-3 or 10*20 + 20."


def evaluate(expression: str) -> float:
    """The value of an arithmetic expression: + - * / ** (or ^), parentheses, pi, e, sqrt, exp, log, log2, log10.

    Unicode signs (−, ×, ·, ÷, π) are read as their plain ones. Raises UsageError that says what is wrong.
    """
    text = expression.strip().translate(_SPELLINGS).replace("^", "**")
    if not text:
        raise UsageError("There is no number yet.", _EXAMPLES)
    if len(text) > _LONGEST:
        raise UsageError(f"That is longer than {_LONGEST} characters.", _EXAMPLES)
    if "," in text:
        advice = "Thousands go without a comma (20000), and the decimal point is a point (0.05)."
        raise UsageError(f'"{expression.strip()}" has a comma.', advice)
    if text.endswith("%"):
        raise UsageError("A percent sign is not understood.", "Write 0.01 for 1 %.")
    value = _value(_parsed(text, expression))
    if not math.isfinite(value):
        raise UsageError("That is not a finite number.", _EXAMPLES)
    return value


def _parsed(text: str, expression: str) -> ast.expr:
    try:
        with warnings.catch_warnings():
            # Python warns of things like 1if; a person who types is told by the error that follows
            warnings.simplefilter("ignore")
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UsageError(f'"{expression.strip()}" is not a number or a sum.', _EXAMPLES) from None


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            raise UsageError(f'"{ast.unparse(node)}" is not a number.', _EXAMPLES)
        case ast.Constant(value=int() | float() as number):
            return _bounded(lambda: float(number))
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.Name(id=name):
            raise UsageError(f'"{name}" has no value here.', "Put its number in; the names pi and e are known.")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left), _value(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            first, second = _value(left), _value(right)
            return _bounded(lambda: _BINARY[type(op)](first, second))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
            given = _value(argument)
            return _bounded(lambda: _FUNCTIONS[name](given))
        case ast.Call(func=ast.Name(id=name)):
            known = ", ".join(sorted(_FUNCTIONS))
            raise UsageError(f'"{name}(…)" is not understood.', f"Known, each of one number: {known}.")
    raise UsageError(f'"{ast.unparse(node)}" is not a number or a sum.', _EXAMPLES)


def _power(base: float, exponent: float) -> float:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise UsageError(f"An exponent beyond {_LARGEST_EXPONENT:g} is too large.", _EXAMPLES)
    if base < 0 and exponent != int(exponent):
        raise UsageError("A negative number has no such power.", _EXAMPLES)
    return _bounded(lambda: base**exponent)


def _bounded(compute: Callable[[], float]) -> float:
    try:
        return float(compute())
    except ZeroDivisionError:
        raise UsageError("That divides by zero.", _EXAMPLES) from None
    except OverflowError:
        raise UsageError("That number is too large.", _EXAMPLES) from None
    except ValueError:
        raise UsageError("That root or logarithm does not exist.", _EXAMPLES) from None
