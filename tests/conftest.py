"""Runs of these tests take turns among themselves only, whatever else this user has going on, and whatever computes in
pytest's own process has the one thread that the light host gives its runs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tutor.engine.machine import resources

os.environ.update(resources.thread_variables("light"))  # before numpy or torch is imported: they look only then


@pytest.fixture(scope="session", autouse=True)
def own_slots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A place of their own where runs wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_RUN_SLOTS", str(tmp_path_factory.mktemp("slots")))
        yield
