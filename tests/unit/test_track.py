"""What a loop of one's own may log: one number, in whatever it comes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from tutor import track


@pytest.mark.parametrize(
    "value", [2.5, np.float32(2.5), np.array([2.5]), torch.tensor(2.5), torch.tensor([2.5], requires_grad=True)]
)
def test_one_number_is_logged_without_a_warning(value: object) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert track.one_number(value) == 2.5


@pytest.mark.parametrize("value", [None, "much", [1.0], np.ones(2), torch.ones(2)])
def test_what_is_no_single_number_is_named(value: object) -> None:
    steps = track(1)
    for _ in steps:
        with pytest.raises(TypeError, match=r"track.log\(loss=...\) wants one number"):
            steps.log(loss=value)
