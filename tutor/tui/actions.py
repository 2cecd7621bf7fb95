"""One registry of actions. It feeds the bindings, the line of keys, the help and the command palette.

Whatever the terminal, one key of every action arrives: letters, arrows, Enter, Esc, Tab, and ctrl keys that neither
screen, tmux nor flow control take. F-keys always have a ctrl key beside them, and where VS Code takes both (F6 and
ctrl+g, F3 and ctrl+f), a third. The tests know what each terminal keeps to itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tutor.engine.client.view_list import inspector_views

if TYPE_CHECKING:
    from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """place: where it acts (see PLACES). keys: as Textual names them. action: what Textual calls.

    label: one or two words for the line of keys. help: a sentence for help and palette ("" leaves it out).
    shown: how the keys are written ("" derives it from the first). keep: 0 stays longest when the line is full,
    9 goes first; -1 is never on the line. priority: acts before what has the focus sees the key.
    """

    place: str
    keys: tuple[str, ...]
    action: str
    label: str
    help: str = ""
    shown: str = ""
    keep: int = 5
    priority: bool = False
    name: str = ""

    @property
    def id(self) -> str:
        """What settings and bindings call it; it stays when the keys are others."""
        return self.name or f"{self.place}.{self.keys[0]}"

    def bindings(self) -> list[Binding]:
        """As Textual wants them; `id` leads back to this action."""
        from textual.binding import Binding

        calls = self.action.split(";")
        calls *= len(self.keys) // len(calls)
        return [
            Binding(key, call, self.label, show=self.keep >= 0, priority=self.priority, id=self.id)
            for key, call in zip(self.keys, calls, strict=True)
            if call
        ]

    @property
    def call(self) -> str:
        """The name of what it does, by which settings may call it as well: "check", "move"."""
        return self.action.split(";")[0].partition("(")[0].removeprefix("app.")

    def every_key(self) -> str:
        """All its keys, for people."""
        names = [key_name(key) for key in self.keys]
        if self.shown and self.shown != names[0]:
            names = [self.shown, *(name for name in names if "+" in name and name != self.shown)]
        return ", ".join(names)


PLACES: dict[str, str] = {
    "home": "Home",
    "page": "A page",
    "scroll": "Scrolling a page",
    "card": "An exercise, a figure or code on the page",
    "quiz": "A question with choices",
    "field": "A question with a field to type in",
    "order": "Lines to put in order",
    "points": "Your words beside the model answer",
    "workbench": "The workbench",
    "editor": "The editor",
    "results": "The results, enlarged",
    "figure": "A live figure, opened",
    "steps": "A live figure that goes in steps",
    "drawing": "A grid to draw into",
    "compare": "Your code beside a solution",
    "confirm": "A question before something is replaced",
    "list": "Outline and find",
    "runs": "Past runs of a training",
    "naming": "A name for a past run",
    "inspector": "The inspector",
    "sample": "A sample to type in",
    "review": "Review",
    "everywhere": "Everywhere",
}
"""Places in the order in which help lists them, with their headings."""

_NAMES = {
    "question_mark": "?", "slash": "/", "escape": "esc", "space": "space", "pagedown": "page down",
    "pageup": "page up", "up": "↑", "down": "↓", "left": "←", "right": "→", "colon": ":",
    "ctrl+right_square_bracket": "ctrl+]", "ctrl+backslash": "ctrl+\\", "ctrl+underscore": "ctrl+/", "ctrl+@": "ctrl+space",
}  # fmt: skip


def key_name(key: str) -> str:
    """How a key is written for people: "f5" is F5, "question_mark" is ?."""
    if key in _NAMES:
        return _NAMES[key]
    if len(key) <= 3 and key[:1] == "f" and key[1:].isdigit():
        return key.upper()
    return key


def _a(
    place: str, keys: str, action: str, label: str, help: str = "", *, shown: str = "", keep: int = 5,
    priority: bool = False,
) -> Action:  # fmt: skip
    return Action(place, tuple(keys.split(",")), action, label, help, shown, keep, priority)


ACTIONS: tuple[Action, ...] = (
    # home
    _a("home", "enter", "open", "open", "Open what is chosen: go on, a lesson, or a chapter's list", keep=1),
    _a("home", "up,down", "move(-1);move(1)", "choose", "Choose", shown="↑↓", keep=2),
    _a("home", "v", "review", "review", "Answer the questions that are due for review", keep=3),
    _a("home", "q", "app.leave", "leave", "Leave the tutor; everything is saved", keep=0),
    # page
    _a("page", "n,right", "next_page", "next", "Next page; after the last, the next lesson", shown="n", keep=1),
    _a("page", "b,left", "previous_page", "back", "Page before", shown="b", keep=2),
    _a("page", "space", "read_on", "read on", "Scroll down a screen; at the end, the next page", keep=-1),
    _a("page", "enter", "enter", "open", "Open or answer the first thing to do on the page", keep=2),
    _a("page", "e", "exercise", "exercise", "Open this page's exercise or code beside the page", keep=3),
    _a("page", "o", "outline", "outline", "Outline: pages and tasks of this lesson, with standing", keep=4),
    _a("page", "f8,ctrl+t", "flip", "other half", "Flip between the page and the workbench", keep=6, priority=True),
    _a("page", "y", "copy_code", "copy code", "Copy the code: of the workbench, else of what is in focus or on the page", keep=-1),
    _a("page", "escape", "home", "home", "Back to the list of lessons", keep=0),
    _a("page", "q", "app.leave", "leave", "Leave the tutor; the next start is on this page", keep=-1),
    _a("scroll", "up,down", "scroll_up;scroll_down", "scroll", "Scroll by a line", shown="↑↓", keep=-1),
    _a("scroll", "pageup,pagedown,u,d", "page_up;page_down", "scroll", "Scroll by a screen", shown="page up, page down, u, d",
       keep=-1),
    _a("scroll", "home,end,g,G", "scroll_home;scroll_end", "scroll", "To the top, to the end", shown="home, end, g, G",
       keep=-1),
    # what stands on a page
    _a("card", "enter", "open", "open", "Open it: code in the workbench, a figure with its controls", keep=1),
    _a("quiz", "up,down", "move(-1);move(1)", "choose", "Choose", shown="↑↓", keep=2),
    _a("quiz", "1,2,3,4,5,6,7,8,9", ";".join(f"pick({n})" for n in range(9)), "choose", "Choose by its number", shown="1 … 9", keep=-1),
    _a("quiz", "space", "mark", "mark", "Mark or unmark, where several are right", keep=2),
    _a("quiz", "enter", "answer", "answer", "Answer; the explanations follow", keep=1),
    _a("quiz", "a", "again", "again", "Answer once more", keep=4),
    _a("field", "enter", "answer", "answer", "Answer (a number may be an expression: 10*20 + 20)", keep=1),
    _a("field", "f6,ctrl+j,ctrl+u", "submit", "compare", "Compare your words with the model answer", shown="F6", keep=1),
    _a("field", "f7,ctrl+n", "working", "working", "Show the working of a number that was not right", shown="F7", keep=3),
    _a("field", "escape", "leave_field", "leave field", "Leave the field; what was typed stays", keep=0),
    _a("order", "up,down", "move(-1);move(1)", "choose", "Choose a line", shown="↑↓", keep=2),
    _a("order", "space", "take", "take", "Take the chosen line, or put it down; a taken line goes with the arrows", keep=1),
    _a("order", "enter", "answer", "check", "Check the order", keep=1),
    _a("order", "a", "again", "again", "Start over", keep=4),
    _a("points", "up,down", "move(-1);move(1)", "choose", "Choose a point", shown="↑↓", keep=2),
    _a("points", "space", "mark", "tick", "Tick the points that your words contain", keep=1),
    # workbench
    _a("workbench", "f5,ctrl+r", "run", "run", "Run the code", shown="F5", keep=1, priority=True),
    _a("workbench", "f6,ctrl+g,ctrl+u", "check", "check", "Check the exercise", shown="F6", keep=1, priority=True),
    _a("workbench", "f7,ctrl+n", "hint", "hint", "Next hint", shown="F7", keep=2, priority=True),
    _a("workbench", "ctrl+c", "cancel", "stop", "Stop the run: training keeps its curve; once more ends it at once. Where nothing runs: copy what is selected, all of the code, or the results",
       shown="ctrl+c", keep=-1, priority=True),
    _a("workbench", "f4,ctrl+l", "large", "results", "The results over the whole workbench, or back", shown="F4",
       keep=6, priority=True),
    _a("workbench", "f9,ctrl+d", "compare", "compare", "Your code beside the solution (after passing, or the last hint)",
       shown="F9", keep=7, priority=True),
    _a("workbench", "ctrl+o", "own_editor", "own editor", "Edit in your own editor ($EDITOR)", keep=8, priority=True),
    _a("workbench", "f2,ctrl+backslash", "reset", "reset", "Back to the starter; what you wrote is kept", shown="F2", keep=9,
       priority=True),
    _a("workbench", "f3,ctrl+f,ctrl+w", "find_text", "find", "Find text in the code; F3 again for the next", shown="ctrl+f",
       keep=-1, priority=True),
    _a("workbench", "f12,ctrl+right_square_bracket", "take_other", "other text",
       "Take what another window wrote on this exercise", shown="F12", keep=1, priority=True),
    _a("workbench", "escape", "leave", "leave", "Leave the editor for the page; large results become small first", keep=0),
    _a("editor", "ctrl+z", "undo", "undo", "Take the last step back", keep=-1),
    _a("editor", "ctrl+y", "redo", "redo", "Make the step again that was taken back", keep=-1),
    _a("editor", "ctrl+@", "select_all", "select all", "Select all of the code", shown="ctrl+space", keep=-1),
    _a("editor", "ctrl+backspace,alt+backspace", "delete_word_left", "delete word", "Delete the word before the cursor",
       shown="alt+backspace", keep=-1),
    _a("editor", "tab", "", "", "Indent; with lines selected, all of them", keep=-1),
    _a("editor", "shift+tab", "dedent", "indent less", "Indent less", keep=-1),
    _a("editor", "ctrl+underscore,ctrl+slash", "comment", "comment", "Comment the line or the selected lines out, or in again",
       shown="ctrl+/", keep=-1),
    _a("editor", "ctrl+x", "cut", "cut", "Cut what is selected, or the line", keep=-1),
    _a("results", "space", "order('pause')", "pause", "Pause the training, or go on; pauses count in no time", keep=1),
    _a("results", "s", "order('stop')", "stop and keep", "Stop the training; its curve and its model stay", keep=1),
    _a("results", "l", "look('log')", "log scale", "The curve of a training on a logarithmic axis, or back", keep=2),
    _a("results", "x", "look('axis')", "x axis", "Epochs, steps or seconds along the curve", keep=4),
    _a("results", "m", "look('smoothing')", "smooth", "Smooth the curve: not, some, much", keep=4),
    _a("results", "c", "look('metric')", "metric", "Another metric of the training", keep=4),
    _a("results", "g", "look('extra')", "rate, gradient", "Learning rate beside the curve, then the norm of the gradient",
       keep=5),
    _a("results", "w", "look('words')", "words", "All that is to be said of the training, or less", keep=5),
    _a("results", "minus,plus", "order('slower');order('faster')", "learning rate",
       "Half or twice the learning rate, while it trains", shown="- +", keep=3),
    _a("results", "r", "order('runs')", "runs", "Past runs of this code: a table, any two over each other", keep=3),
    _a("results", "y", "copy_results", "copy", "Copy the results: verdict, what was printed, training and plots in words", keep=9),
    _a("results", "i", "order('inspect')", "inspect", "Look into the model: layers, weights, activations, mistakes", keep=2),
    # the inspector
    _a("inspector", "tab,shift+tab", "next_view(1);next_view(-1)", "view", "The next view, or the one before",
       shown="tab", keep=1, priority=True),
    _a("inspector", ",".join(view.key for view in inspector_views()),
       ";".join(f"view('{view.name}')" for view in inspector_views()), "view",
       "A view by the letter of its name that is marked", shown="letter", keep=4),
    _a("inspector", "up,down", "none", "control", "Choose a control", shown="↑↓", keep=2),
    _a("inspector", "left,right", "none", "move", "Move it", shown="←→", keep=2),
    _a("inspector", "pagedown,pageup,b,n", "none", "ten steps", "Ten steps less, ten steps more", shown="page down/up, b, n",
       keep=-1),
    _a("inspector", "enter", "pixel", "one pixel", "What one pixel of the chosen map was computed from", keep=1),
    _a("inspector", "i", "sample", "type a sample", "Type in a sample of your own", keep=3),
    _a("inspector", "space", "pause", "pause", "Pause the training that goes on, or let it go on", keep=2),
    _a("inspector", "escape", "close", "back", "Back to the workbench", keep=0),
    _a("sample", "escape", "leave", "no sample", "Leave it as it was", keep=0),
    # past runs
    _a("runs", "up,down", "move(-1);move(1)", "choose", "Choose a run", shown="↑↓", keep=2),
    _a("runs", "space", "mark", "mark", "Mark or unmark it: two marked ones are laid over each other", keep=1),
    _a("runs", "enter", "open", "lines", "Show all lines that differ, or a few", keep=3),
    _a("runs", "t", "take", "take code", "Put its code back into the editor; yours is kept", keep=1),
    _a("runs", "k", "name", "name", "Give it a name: it is kept for good, and its model where that is alive", keep=2),
    _a("runs", "x", "remove", "forget", "Forget it: its curve, its code, its model", keep=5),
    _a("runs", "escape", "close", "back", "Back to the workbench", keep=0),
    _a("naming", "escape", "leave", "no name", "Leave it as it was", keep=0),
    # figures
    _a("figure", "up,down", "none", "control", "Choose a control", shown="↑↓", keep=2),
    _a("figure", "left,right", "none", "move", "Move it", shown="←→", keep=1),
    _a("figure", "pagedown,pageup,b,n", "none", "ten steps", "Ten steps less, ten steps more", shown="page down/up, b, n", keep=-1),
    _a("figure", "0,1,2,3,4,5,6,7,8,9", "none", "type", "Type a value, Enter takes it", shown="0-9", keep=4),
    _a("figure", "r", "restore", "as in lesson", "Everything as the lesson has it", keep=5),
    _a("figure", "escape", "close", "back", "Back to the page", keep=0),
    _a("steps", "space", "play", "run/pause", "Run the steps, or pause", keep=2),
    _a("steps", "s", "step", "step", "One step on", keep=3),
    _a("steps", "z", "to_start", "to start", "Back to the start", keep=4),
    _a("drawing", "up,down,left,right", "go(-1,0);go(1,0);go(0,-1);go(0,1)", "move", "Move; with the pen down, draw", shown="↑↓←→", keep=1),
    _a("drawing", "space", "pen", "pen", "Pen down to draw, or up; the mouse draws too", keep=1),
    _a("drawing", "x", "rubber", "erase", "Rub out while moving, or no more (right mouse button)", keep=2),
    _a("drawing", "c", "clear", "clear", "Clear all of it", keep=2),
    # compare, confirm
    _a("compare", "n", "turn", "other solution", "Another solution, where there are several", keep=2),
    _a("compare", "escape", "close", "back", "Back to the workbench", keep=0),
    _a("confirm", "y", "answer(True)", "yes", "Yes, do it", keep=1),
    _a("confirm", "n,escape", "answer(False)", "no", "No, leave it as it is", shown="n", keep=0),
    # lists
    _a("list", "enter", "open", "open", "Go there", keep=1),
    _a("list", "up,down", "move(-1);move(1)", "choose", "Choose", shown="↑↓", keep=2),
    _a("list", "escape", "close", "close", "Close without going anywhere", keep=0),
    # review
    _a("review", "n", "next_question", "next question", "Next question", keep=1),
    _a("review", "escape", "close", "home", "Back; what was answered counts", keep=0),
    # everywhere
    _a("everywhere", "slash", "find", "find", "Find a title, a concept or a word in the course", keep=5),
    _a("everywhere", "question_mark", "help", "keys", "All keys", keep=0),
    _a("everywhere", "ctrl+p,colon", "app.command_palette", "commands", "Every action by name", keep=-1),
    _a("everywhere", "tab", "", "", "To the next thing that takes keys; shift+tab to the one before",
       shown="tab", keep=-1),
)  # fmt: skip


def at(*places: str) -> list[Action]:
    """The actions of these places, in their order."""
    return [action for place in places for action in ACTIONS if action.place == place]


def bindings(*places: str, only: tuple[str, ...] = ()) -> list[BindingType]:
    """What a screen or a widget puts into BINDINGS. only: names of actions to keep, where not all are meant."""
    return [
        binding
        for action in at(*places)
        for binding in action.bindings()
        if not only or action.call in only
    ]


def of_binding(binding: Binding) -> Action | None:
    """The registered action behind a Textual binding."""
    return _BY_ID.get(binding.id or "")


def by_id(name: str) -> Action | None:
    """The action of this id."""
    return _BY_ID.get(name)


_BY_ID = {action.id: action for action in ACTIONS}


def put(changed: dict[str, Action]) -> None:
    """Have these actions, by their ids, in place of those there are. Done before the screens are imported, whose
    bindings are made from the registry."""
    global ACTIONS
    ACTIONS = tuple(changed.get(one.id, one) for one in ACTIONS)
    _BY_ID.clear()
    _BY_ID.update({one.id: one for one in ACTIONS})
