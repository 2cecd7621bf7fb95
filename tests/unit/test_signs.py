"""Every sign of our screens has a form in 7 bits."""

from __future__ import annotations

from dataclasses import astuple

from tutor.tui.looks.theme import ASCII_SIGNS, Signs
from tutor.words import in_columns


def test_every_sign_has_a_form_of_its_own() -> None:
    assert "?" not in in_columns("".join(astuple(Signs())))


def test_in_7_bits_each_mark_tells_what_it_is() -> None:
    signs = ASCII_SIGNS
    assert all(sign.isascii() for sign in astuple(signs))
    for together in ((signs.new, signs.begun, signs.done), (signs.right, signs.wrong), (signs.off, signs.on),
                     (signs.box_off, signs.box_on), (signs.arrow, signs.back)):  # fmt: skip
        assert len(set(together)) == len(together)
