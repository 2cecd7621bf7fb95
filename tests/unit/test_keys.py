"""The registry of keys: every action can be reached in every terminal, and the learner's own keys take over."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widget import Widget

from tutor import cli
from tutor.errors import UsageError
from tutor.tui import actions
from tutor.tui.keys import keymap

F_KEYS = {f"f{number}" for number in range(1, 25)}
EVERYWHERE_TAKEN = {"ctrl+s", "ctrl+q", "ctrl+enter", "shift+enter", "ctrl+slash"}
"""Flow control, and what most terminals send as another key."""
TAKEN = {
    "tmux": {"ctrl+b"},
    "screen": {"ctrl+a"},
    # terminal.integrated.commandsToSkipShell, by the keys of those commands on Windows and Linux; ctrl+k begins chords
    "VS Code": {"f1", "f3", "f5", "f6", "f10", "f11", "ctrl+e", "ctrl+f", "ctrl+g", "ctrl+j", "ctrl+k", "ctrl+m",
                "ctrl+p", "ctrl+v", "ctrl+pageup", "ctrl+pagedown", "ctrl+home", "ctrl+end"},
    # scrolls its own buffer; F-keys need fn and belong to the system
    "macOS Terminal": F_KEYS | {"pageup", "pagedown", "home", "end", "ctrl+left", "ctrl+right", "ctrl+up", "ctrl+down",
                                "ctrl+home", "ctrl+end", "shift+up", "shift+down", "alt+backspace"},
    "Windows Terminal": {"f11", "ctrl+v", "alt+enter", "ctrl+0", "ctrl+minus", "ctrl+plus", "shift+insert"},
    "GNOME Terminal": {"f1", "f10", "f11"},
}  # fmt: skip


@pytest.fixture
def registry() -> Iterator[None]:
    """Whatever a test does to the registry is undone."""
    before = actions.ACTIONS
    yield
    actions.put({one.id: one for one in before})


def groups(action: actions.Action) -> list[list[str]]:
    """For each thing that an action does, the keys that do it."""
    calls = max(1, len(action.action.split(";")))
    return [list(action.keys[at::calls]) for at in range(calls)] if action.action != "none" else [list(action.keys)]


@pytest.mark.parametrize("terminal", TAKEN)
def test_every_action_has_a_key_that_arrives(terminal: str) -> None:
    taken = TAKEN[terminal] | EVERYWHERE_TAKEN
    missing = [(one.id, keys) for one in actions.ACTIONS for keys in groups(one) if set(keys) <= taken]
    assert not missing


def test_every_f_key_has_a_ctrl_key_or_a_letter_beside_it() -> None:
    for action in actions.ACTIONS:
        if F_KEYS & set(action.keys):
            assert any(key.startswith("ctrl+") for key in action.keys), action.id


def test_no_key_is_needed_that_screen_tmux_or_flow_control_take() -> None:
    never = {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+enter"}
    assert not [one.id for one in actions.ACTIONS if never & set(one.keys)]


def test_ids_are_unique_and_one_place_has_a_key_once() -> None:
    ids = sorted(one.id for one in actions.ACTIONS)
    assert all(a != b for a, b in pairwise(ids))
    for place in actions.PLACES:
        keys = [key for one in actions.at(place) for key in one.keys]
        assert [f"{key} in {place}" for key in set(keys) if keys.count(key) > 1] == []
    assert {one.place for one in actions.ACTIONS} == set(actions.PLACES)


def every_widget() -> list[type[Widget]]:
    """All widget classes of the window."""
    import importlib
    import pkgutil

    import tutor.tui

    for found in pkgutil.walk_packages(tutor.tui.__path__, "tutor.tui."):
        importlib.import_module(found.name)
    found, todo = [], [Widget]
    while todo:
        for one in todo.pop().__subclasses__():
            todo.append(one)
            if one.__module__.startswith("tutor."):
                found.append(one)
    return found


def test_what_the_line_of_keys_advertises_comes_from_the_registry() -> None:
    """Widgets inherit bindings of Textual's, too: those are not shown."""
    seen = 0
    for widget in every_widget():
        merged = widget._merged_bindings
        for binding in (one for found in merged.key_to_bindings.values() for one in found) if merged else ():
            seen += 1
            assert not binding.show or actions.of_binding(binding) is not None, (widget.__name__, binding.key)
    assert seen > 300


def test_every_key_that_the_editor_inherits_leaves_the_registry_alone() -> None:
    from tutor.tui.widgets.workbench.editor import CodeEditor

    workbench = {key for one in actions.at("workbench") for key in one.keys}
    own = {key for one in CodeEditor.BINDINGS if isinstance(one, Binding) for key in one.key.split(",")}
    assert own & workbench <= {"ctrl+c", "ctrl+d", "ctrl+f", "ctrl+w"}, "the workbench's come first: see each of these"


# ------------------------------------------------------------------ the learner's own keys


def test_own_keys_by_id_by_place_and_by_name(registry: None) -> None:
    keymap.remap({"workbench.f6": "f6, ctrl+e", "page.next_page": "j,right", "outline": "t"})
    assert keymap.named("check").keys == ("f6", "ctrl+e")
    assert [one.key for one in keymap.named("page.n").bindings()] == ["j", "right"]
    assert keymap.named("page.o").keys == ("t",)
    assert actions.of_binding(keymap.named("page.n").bindings()[0]).help.startswith("Next page")


def test_sentences_name_the_learners_keys(registry: None) -> None:
    words = "F6 checks your code, F5 only runs it; ctrl+c stops it."
    assert keymap.spelled(words) == words
    keymap.remap({"check": "ctrl+e"})
    assert keymap.spelled(words) == "ctrl+e checks your code, F5 only runs it; ctrl+c stops it."


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"chekc": "f6"}, "check"),
        ({"check": "strg+k"}, "no key"),
        ({"check": ""}, "no key"),
        ({"check": "f6,,f7"}, "no key"),
        ({"check": "f5"}, "workbench.f5"),
        ({"check": "ctrl+p"}, "everywhere.ctrl+p"),
        ({"editor.undo": "f5"}, "workbench.f5"),
        ({"home.up": "k"}, "2 keys"),
        ({"close": "x"}, "several"),
        ({"figure.left": "h,l"}, "cannot be others"),
        ({"check": "f99"}, "no key"),
        ({"check": "x"}, "could not be typed"),
        ({"workbench.run": "enter"}, "could not be typed"),
        ({"editor.undo": "Q"}, "could not be typed"),
    ],
)
def test_what_cannot_be_is_said(registry: None, keys: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        keymap.remap(keys)
    assert said in f"{error.value.what} {error.value.todo}"


def test_all_keys_by_command_line_without_textual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("DL_TUTOR_HOME", str(tmp_path))
    code = "import sys\nfrom tutor import cli\nassert cli.run(['keys']) == 0\nassert 'textual' not in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "F6, ctrl+g, ctrl+u: Check the exercise (workbench.f6)" in done.stdout
    assert cli.run(["keys", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"workbench.check", "page.next_page"} <= {one["name"] for one in told}
