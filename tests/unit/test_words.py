"""The name that may be meant, numbers and times for people, and letters of 7 bits, from one table."""

from __future__ import annotations

import math

import pytest
from rich.cells import cell_len

from tutor import words


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("quizz", 'Did you mean "quiz"?'), ("RUN", 'Did you mean "run"?'), ("runn", 'Did you mean "run"?'),
        ("zebra", "Known: exercise, quiz, run."), ("", "Known: exercise, quiz, run."),
    ],
)  # fmt: skip
def test_a_slip_is_told_what_may_be_meant(word: str, said: str) -> None:
    assert words.did_you_mean(word, ["run", "quiz", "exercise"]) == said


def test_names_are_listed_where_they_are_few_and_quoted_as_who_asks_wishes() -> None:
    assert words.did_you_mean("zebra", []) == words.did_you_mean("zebra", map(str, range(13))) == ""
    assert words.did_you_mean("raed", ["read", "run"], "`") == "Did you mean `read`?"
    assert words.nearest("loss", ["loss_a", "loss_b", "x"], 2) == ["loss_b", "loss_a"]


@pytest.mark.parametrize(
    ("value", "text", "lined_up"),
    [
        (0.05, "0.05", "0.05000"), (-0.95, "-0.95", "-0.9500"), (29564.2, "29,564", "29,564"), (0.0, "0", "0.000"),
        (4.942e-5, "4.942e-5", "4.942e-5"), (9999.96, "10,000", "10,000"), (1234.5, "1,234", "1,234"), (3, "3", "3"),
        (1e7, "1e7", "1.000e7"), (math.nan, "nan", "nan"), (-math.inf, "-inf", "-inf"),
        (12_345_678, "12,345,678", "12,345,678"),
    ],
)  # fmt: skip
def test_a_number_has_four_digits_that_count(value: float, text: str, lined_up: str) -> None:
    assert (words.number(value), words.number(value, zeros=True)) == (text, lined_up)


def test_more_digits_are_there_for_who_asks() -> None:
    assert words.number(1234.56789, 7) == "1,234.568"
    assert words.number(0.1 + 0.2, 17) == "0.30000000000000004"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.65335, "3.653"), (29564.2, "29,564"), (-0.9534, "−0.9534"), (4.942e-5, "4.942e-5"), (0.0, "0"),
        (1_234_567.0, "1.235M"), (1e-5, "1e-5"), (0.5, "0.5"), (120.0, "120"), (math.inf, "∞"), (-1e12, "−1e12"),
        (math.nan, "missing"),
    ],
)  # fmt: skip
def test_a_short_number_has_the_signs_of_mathematics(value: float, text: str) -> None:
    assert words.short(value) == text


def test_things_are_counted() -> None:
    assert [words.counted(n, "epoch") for n in (0, 1, 2000)] == ["0 epochs", "1 epoch", "2,000 epochs"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-1, "0.0 s"), (0.84, "0.8 s"), (9.96, "10 s"), (59.6, "1:00"), (185, "3:05"), (3723, "1:02:03")],
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1 / (1 + e⁻ᵒ)", "1 / (1 + e^(-o))"), ("w₁₀x", "w_10x"), ("hₜ₋₁", "h_(t-1)"), ("φ′(o₃)", "phi'(o_3)"),
        ("±2·10⁻³", "+-2*10^(-3)"), ("∂ℒ/∂ŷ", "dL/dhat(y)"), ("Δλ", "Delta lambda"), ("é", "e"), ("███░", "###."),
        ("∑x²", "sum x^2"), ("2π", "2 pi"), ("x∈A", "x in A"), ("20°", "20 deg"), ("θₜx", "theta_tx"), ("µ", "mu"),
        ("(wx − y)², w⁽ᵗ⁺¹⁾, x̂ ≤ ½", "(wx - y)^2, w^(t+1), x <= 1/2"), ("a → b — c…", "a -> b -- c..."), ("⣀", "?"),
    ],
)  # fmt: skip
def test_signs_have_a_spelling_in_7_bits(text: str, plain: str) -> None:
    assert words.to_ascii(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("φ(o)   0.88", "phi(o)  0.88"), ("ρ x    0.5", "rho x  0.5"), ("o      2  1", "o      2  1"),
        ("→  a  b", "->  a  b"), ("ŷ     a    b", "hat(y)  a  b"), ("  é  日  x", "  e  ?   x"),
    ],
)  # fmt: skip
def test_columns_stay_where_there_is_room(text: str, plain: str) -> None:
    assert words.to_ascii(text) == plain


TEXTS = ("\x1b[1;31mno · such — thing…\x1b[0m", "日本語 é", "∂ℒ/∂w = ∑ 2(wxᵢ − yᵢ)²", "░▒▓ ┌──┐")


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_laid_out_keeps_its_columns(text: str) -> None:
    sent = words.in_columns(text)
    assert sent.isascii() and cell_len(sent) == cell_len(text)


def test_escape_sequences_go_through_as_they_are() -> None:
    assert words.in_columns("\x1b[38;2;1;2;3m✓\x1b[0m") == "\x1b[38;2;1;2;3m+\x1b[0m"


def test_what_has_no_form_in_one_column_is_not_given_a_wrong_one() -> None:
    assert words.in_columns("x² é ∑ →") == "x? e ? >"


def test_the_table_is_of_7_bits_and_a_column_is_one_letter() -> None:
    assert all(plain.isascii() for plain in words.LETTERS.values())
    assert all(len(plain) == 1 and sign in words.LETTERS for sign, plain in words.COLUMNS.items())
