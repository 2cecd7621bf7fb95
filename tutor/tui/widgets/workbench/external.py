"""The learner's own editor: the text goes out to a file, the terminal is lent, what was saved comes back."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from tutor.errors import TutorError

USUAL = ("nano", "vim", "vi", "emacs")


def editor_command(setting: str = "") -> list[str]:
    """The command that edits a file: the setting, else $VISUAL, $EDITOR, else the first of the usual ones.

    Raises TutorError where there is none.
    """
    wish = setting or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if wish:
        return shlex.split(wish)
    for name in USUAL:
        if shutil.which(name):
            return [name]
    raise TutorError("No editor was found.", "Set EDITOR in your shell, for example: export EDITOR=nano")


def edit_outside(app: App[object], text: str, name: str, setting: str = "") -> str:
    """What the learner's own editor saved. The window waits meanwhile: the terminal is the editor's.

    text: what to start from; name: of the file they see. Raises TutorError where the editor cannot be run or
    says that it failed; the text in the window then stays as it was.
    """
    command = editor_command(setting)
    with tempfile.TemporaryDirectory(prefix="dl-tutor-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                status = _run([*command, str(path)])
        except SuspendNotSupported:
            raise TutorError("This terminal cannot be lent to another program.", "Edit here instead.") from None
        if isinstance(status, OSError):
            raise TutorError(
                f"{command[0]} could not be started ({status.strerror}).",
                "Set $EDITOR to another.",
            ) from status
        if status != 0:
            raise TutorError(f"{command[0]} ended with status {status}; the code here is as it was.")
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise TutorError(f"What {command[0]} saved cannot be read: {error}.") from error


def _run(command: list[str]) -> int | OSError:
    """The exit status, or why the command did not start. Not raised: an error that passes through
    `App.suspend` leaves the terminal lent for good, and the window never draws again."""
    try:
        return subprocess.run(command, check=False).returncode
    except OSError as error:
        return error
