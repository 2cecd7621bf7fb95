"""The row of marks above a page: for each page of the lesson whether all on it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from tutor.course.model import LessonEntry
    from tutor.progress import Standing
    from tutor.tui.looks.theme import Palette, Signs


def page_states(entry: LessonEntry, standing: Standing | None, page: int) -> list[str]:
    """"new", "begun" or "done" for each page. A page without tasks is done once it was read past. page: the one that
    is open, from 0."""
    lesson = standing.lesson(entry.id) if standing else None
    seen = max(lesson.page if lesson else 0, page)
    states = []
    for at in range(len(entry.pages)):
        tasks = [task.state for task in lesson.tasks if task.page == at] if lesson else []
        if tasks and all(state == "done" for state in tasks):
            states.append("done")
        elif at == page or any(state != "new" for state in tasks):
            states.append("begun")
        else:
            states.append("done" if at < seen and not tasks else "new")
    return states


def page_marks(states: list[str], page: int, palette: Palette, signs: Signs) -> Text:
    """A mark for each state, the open page's in bold, and "3 of 8" behind them."""
    marks = Text()
    for at, state in enumerate(states):
        style = f"bold {palette.accent}" if at == page else palette.accent if state != "new" else palette.faint
        marks.append(signs.standing(state), style)
    marks.append(f"  {page + 1} of {len(states)}", palette.dim)
    return marks
