"""Settings: file < environment < flags, and slips of the pen that are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import UsageError
from tutor.settings import MAY_BE, Settings, load_settings, unknown_variables
from tutor.submitting import Bounds


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    return file


def test_nothing_is_set_and_nothing_is_created(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "no" / "settings.toml", {}) == Settings()
    assert list(tmp_path.iterdir()) == []


def test_the_last_word_counts(tmp_path: Path) -> None:
    file = write(tmp_path, 'theme = "dark"\nthreads = 3\nmotion = "none"\n[keys]\ncheck = "ctrl+k"\n')
    environ = {"DL_TUTOR_THEME": "light", "DL_TUTOR_ASCII": "yes", "DL_TUTOR_SECONDS": "2.5"}
    settings = load_settings(file, environ, {"theme": "auto", "ascii": None})
    assert (settings.theme, settings.threads, settings.motion) == ("auto", 3, "none")
    assert settings.ascii is True and settings.seconds == 2.5
    assert settings.keys == {"check": "ctrl+k"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('them = "dark"', ["them", "`theme`", "settings.toml"]),
        ('theme = "drak"', ["'drak'", "auto, dark or light"]),
        ("threads = -1", ["threads", "whole number"]),
        ('memory_mb = "lots"', ["memory_mb", "megabytes"]),
        ("theme = ", ["not TOML"]),
        ('keys = "f5"', ["keys", "table"]),
    ],
)
def test_slips_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(write(tmp_path, text), {})
    assert all(word in str(caught.value) for word in words)


def test_folders_that_a_run_may_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[run]\nread = ["~/data", "/srv/shared"]\n')
    assert load_settings(file, {}).run.read == ("~/data", "/srv/shared")
    assert Bounds.of(load_settings(file, {})).read == ("~/data", "/srv/shared")
    for text, word, todo in [
        ('read = ["data"]', "'data'", "~/data"),
        ('read = "~/data"', "`run`", "a list of folders"),
        ('raed = ["~/data"]', "`raed` in [run]", "`read`"),
        ("read = [1]", "`run`", "a list of folders"),
    ]:
        file.write_text(f"[run]\n{text}\n")
        with pytest.raises(UsageError) as error:
            load_settings(file, {})
        assert word in str(error.value) and todo in error.value.todo


def test_a_variable_that_is_off_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DL_TUTOR_COLOURS"):
        load_settings(tmp_path / "none", {"DL_TUTOR_COLOURS": "many"})
    environ = {"DL_TUTOR_HOME": "x", "DL_TUTOR_TEHME": "dark", "DL_TUTOR_THEME": "dark", "PATH": ""}
    assert unknown_variables(environ) == ["DL_TUTOR_TEHME"]


def test_the_learners_editor() -> None:
    environ = {"VISUAL": "code --wait", "EDITOR": "vi"}
    assert Settings().editor_command(environ) == ["code", "--wait"]
    assert Settings().editor_command({"EDITOR": "vi"}) == ["vi"]
    assert Settings(editor="nano -l").editor_command(environ) == ["nano", "-l"]
    assert Settings().editor_command({}) == []


def test_what_the_engine_is_told() -> None:
    environ = {"DL_TUTOR_ENGINE_START": "auto"}
    Settings().apply(environ)
    assert environ == {}
    Settings(engine_start="fresh", threads=2).apply(environ)
    assert environ == {"DL_TUTOR_ENGINE_START": "fresh", "DL_TUTOR_THREADS": "2"}


def test_every_setting_says_what_it_may_be_and_yes_or_no_can_be_said_in_words() -> None:
    assert set(MAY_BE) == set(Settings.__struct_fields__)
    settings = load_settings(Path("none"), {"DL_TUTOR_BRAILLE": "no", "DL_TUTOR_BLINK": "on", "DL_TUTOR_LINE": "ssh"})
    assert (settings.braille, settings.blink, settings.line, settings.picture_rate) == (False, True, "ssh", 0)
