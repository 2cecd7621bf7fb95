"""What holds for all tests: whatever computes in them has the one thread that the light host gives its runs, and the
Keras that the tutor sets up; each of the processes that share the tests has a learner's home, sockets and a place for
runs of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.engine.machine import resources

os.environ.update(resources.thread_variables("light"))  # before numpy or torch is imported: they look only then
os.environ.update(KERAS_BACKEND="torch", KERAS_HOME="/dev/null/keras")  # where nothing can be: Keras does without

HERE = Path(__file__).parent


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process for each core; none beside pytest's own where one file alone is asked for, which would not be
    divided."""
    files = {argument.partition("::")[0] for argument in config.args}
    return 0 if all(name.endswith(".py") for name in files) and len(files) == 1 else resources.cores()


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in its own hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file run in one process, as they share what is made once for them (a host, a trained model). A
    journey shares nothing."""
    for item in items:
        if not item.path.is_relative_to(HERE / "journeys"):
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(HERE).as_posix()))


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A home where a test that names none finds nothing of this user's, and a place where runs wait for each other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DL_TUTOR_HOME", str(tmp_path_factory.mktemp("learner")))
        patch.setenv("DL_TUTOR_RUN_SLOTS", str(tmp_path_factory.mktemp("slots")))
        yield
