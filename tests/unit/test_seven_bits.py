"""What goes to a terminal of 7 bits has the columns it was laid out in, and every sign of our screens a form there."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from rich.cells import cell_len

from tutor.tui.looks.theme import Signs
from tutor.tui.output.seven_bits import seven_bits

TEXTS = ("\x1b[1;31mno · such — thing…\x1b[0m", "日本語 é", "∂ℒ/∂w = ∑ 2(wxᵢ − yᵢ)²", "░▒▓ ┌──┐")


@pytest.mark.parametrize("text", TEXTS)
def test_the_columns_stay(text):
    sent = seven_bits(text)
    assert sent.isascii() and cell_len(sent) == cell_len(text)


def test_escape_sequences_go_through_as_they_are():
    assert seven_bits("\x1b[38;2;1;2;3m✓\x1b[0m") == "\x1b[38;2;1;2;3m+\x1b[0m"


def test_every_sign_has_a_form_of_its_own():
    assert "?" not in seven_bits("".join(astuple(Signs())))


def test_what_has_no_form_in_one_column_is_not_given_a_wrong_one():
    assert seven_bits("x²") == "x?"
