"""Runs of these tests take turns among themselves only, whatever else this user has going on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_slots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A place of their own where runs wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_RUN_SLOTS", str(tmp_path_factory.mktemp("slots")))
        yield
