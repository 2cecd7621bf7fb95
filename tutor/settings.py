"""Settings: a TOML file, then the environment (`DL_TUTOR_THEME=light`), then flags; the last word counts.

    theme = "dark"            # auto, dark, light
    motion = "none"           # auto, full, none
    [keys]                    # `dl-tutor keys` names all actions
    check = "f6, ctrl+e"
    [run]                     # what a run may reach beside its own folder
    read = ["~/data"]

Reading settings creates nothing. A word that is not known is an error that names the nearest one.
"""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from tutor import paths
from tutor.errors import UsageError
from tutor.files import Damaged, decoded
from tutor.words import did_you_mean

PREFIX = "DL_TUTOR_"
OTHER_VARIABLES = frozenset({"DL_TUTOR_HOME", "DL_TUTOR_ENGINE_IDLE", "DL_TUTOR_RUN_SLOTS", "DL_TUTOR_FREE_MB"})
"""Variables with our prefix that are no settings."""


MAY_BE = {
    "theme": "auto, dark or light",
    "ascii": "true or false",
    "colours": "auto, truecolor, 256, 16 or none",
    "motion": "auto, full or none",
    "line": "auto, local, ssh, mosh or serial",
    "multiplexer": "auto, none, tmux or screen",
    "braille": "true or false",
    "synchronized": "true or false",
    "blink": "true or false",
    "frame_rate": "a whole number from 0 (what suits the line) to 120",
    "picture_rate": "a whole number from 0 (what suits the line) to 60",
    "cursor": "true or false",
    "editor": "a command, as text",
    "engine_start": "auto, fork or fresh",
    "threads": "a whole number from 0 (half of the cores) to 1024",
    "runs_at_once": "a whole number from 1 to 64",
    "gpu": "true or false",
    "seconds": "a number from 0 (what the lesson says) to 86400",
    "memory_mb": "a whole number of megabytes from 64 on",
    "course": "a folder, as text",
    "keys": 'a table of action = "key"',
    "run": 'a table with `read`, a list of folders: read = ["~/data"]',
}
YES_OR_NO = frozenset(name for name, words in MAY_BE.items() if words == "true or false")


class RunSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for runs alone. read: folders and files that the code of a run may read, ~ for one's home."""

    read: tuple[Annotated[str, Meta(pattern="^[~/]")], ...] = ()


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the learner can choose. Each field has its environment variable: `DL_TUTOR_` and its name in capitals.

    ascii, braille, synchronized: None for what the terminal can do. line: what lies between the learner and this
    machine. frame_rate, picture_rate: redraws a second at most, of the screen and of curves and figures; 0 for what
    suits the line. blink: of the cursor in a field. cursor: whether the terminal's own cursor is seen; it stands where
    the focus is in any case. editor: a command; "" for $VISUAL or $EDITOR. engine_start: how the engine starts a run.
    threads: of one run with Keras, 0 for half of the cores. runs_at_once: of all windows together. gpu: whether code
    that imports Keras may use one. seconds: wall time of a run, 0 for what the lesson says. memory_mb: of a run.
    keys: action -> key, where it shall be another than usual. run: what a run may reach.
    course: a folder with a course, "" for the one that comes with the tutor.
    """

    theme: Literal["auto", "dark", "light"] = "auto"
    ascii: bool | None = None
    colours: Literal["auto", "truecolor", "256", "16", "none"] = "auto"
    motion: Literal["auto", "full", "none"] = "auto"
    line: Literal["auto", "local", "ssh", "mosh", "serial"] = "auto"
    multiplexer: Literal["auto", "none", "tmux", "screen"] = "auto"
    braille: bool | None = None
    synchronized: bool | None = None
    blink: bool = False
    frame_rate: Annotated[int, Meta(ge=0, le=120)] = 0
    picture_rate: Annotated[int, Meta(ge=0, le=60)] = 0
    cursor: bool = False
    editor: str = ""
    engine_start: Literal["auto", "fork", "fresh"] = "auto"
    threads: Annotated[int, Meta(ge=0, le=1024)] = 0
    runs_at_once: Annotated[int, Meta(ge=1, le=64)] = 1
    gpu: bool = False
    seconds: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    memory_mb: Annotated[int, Meta(ge=64, le=1_048_576)] = 2048
    course: str = ""
    keys: dict[str, str] = {}
    run: RunSettings = RunSettings()

    def editor_command(self, environ: Mapping[str, str] | None = None) -> list[str]:
        """The words of the learner's own editor: the setting, else $VISUAL, else $EDITOR; empty for none."""
        env = os.environ if environ is None else environ
        words = self.editor or env.get("VISUAL", "") or env.get("EDITOR", "")
        try:
            return shlex.split(words)
        except ValueError:
            return [words]

    def apply(self, environ: MutableMapping[str, str] | None = None) -> None:
        """Tell the engine, whose hosts read their environment when they start."""
        env = os.environ if environ is None else environ
        usual = Settings()
        for name in ("engine_start", "threads", "runs_at_once"):
            if getattr(self, name) == getattr(usual, name):
                env.pop(_variable(name), None)
            else:
                env[_variable(name)] = str(getattr(self, name))


def load_settings(
    file: Path | None = None, environ: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
) -> Settings:
    """The settings in force. flags: those given on the command line; None in it means not given.

    Raises UsageError with the file or variable, the word, and the nearest known one.
    """
    file = paths.settings_file() if file is None else file
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for source, given in (
        (str(file), _from_file(file)),
        ("environment", _from_environment(environ)),
        ("command line", {key: value for key, value in (flags or {}).items() if value is not None}),
    ):
        _check(given, source)
        values.update(given)
    return msgspec.convert(values, Settings, strict=False)


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """Variables with our prefix that mean nothing to us: a slip of the pen, or another version's."""
    env = os.environ if environ is None else environ
    known = {_variable(name) for name in _fields()} | OTHER_VARIABLES
    return sorted(name for name in env if name.startswith(PREFIX) and name not in known)


_TABLES = ("keys", "run")
"""Settings that are tables: they stand in the file alone."""


def _fields() -> tuple[str, ...]:
    return Settings.__struct_fields__


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _from_file(file: Path) -> dict[str, object]:
    try:
        return decoded(lambda data: tomllib.loads(data.decode("utf-8")), file.read_bytes())
    except FileNotFoundError:
        return {}
    except Damaged as error:
        raise UsageError(f"{file} is not TOML: {error}.", "Mend that line, or move the file away.") from error
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", "Mend it, or move it away.") from error


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for field in _fields():
        text = environ.get(_variable(field), "")
        if not text or field in _TABLES:
            continue
        values[field] = _yes_or_no(text) if field in YES_OR_NO else text
    return values


def _yes_or_no(text: str) -> object:
    word = text.strip().lower()
    if word in ("1", "yes", "true", "on"):
        return True
    return False if word in ("0", "no", "false", "off") else text


def _check(given: Mapping[str, object], source: str) -> None:
    """Each value by itself, so that the message names the one that is off."""
    for name, value in given.items():
        where = f"{source}: " if source != "environment" else f"{_variable(name)}: "
        if name not in _fields():
            raise UsageError(f"{where}there is no setting `{name}`.", did_you_mean(name, _fields(), "`", few=99))
        if name == "run" and isinstance(value, dict):
            _check_run(value, where)
        try:
            msgspec.convert({name: value}, Settings, strict=False)
        except msgspec.ValidationError as error:
            raise UsageError(f"{where}`{name}` cannot be {value!r}.", f"It may be {MAY_BE[name]}.") from error


def _check_run(given: Mapping[str, object], where: str) -> None:
    """The table [run]: a word in it that is not known, and folders that are named from nowhere."""
    known = RunSettings.__struct_fields__
    for name in given:
        if name not in known:
            raise UsageError(f"{where}there is no setting `{name}` in [run].", did_you_mean(name, known, "`", few=99))
    read = given.get("read", [])
    for folder in read if isinstance(read, list) else []:
        if isinstance(folder, str) and not folder.startswith(("/", "~")):
            todo = 'Write the whole path, as in "~/data".'
            raise UsageError(f"{where}`read` in [run] cannot name {folder!r}.", todo)
