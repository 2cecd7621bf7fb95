"""Rules on what stands where in the course: files, ids, and names that point from one place to another."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from tutor.course.ids import ID
from tutor.course.loader import find_numbered, numbered
from tutor.course.manifest import FILE
from tutor.course.model import Exercise, Image, Lesson, Link, Review, Run
from tutor.course.walk import iter_inlines, iter_runs
from tutor.lint.findings import Findings
from tutor.lint.ground import Ground, Placed
from tutor.words import did_you_mean

_EXTERNAL = re.compile(r"^(https?://|mailto:)[^\s]+$")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def files(ground: Ground, findings: Findings) -> None:
    """Every lesson has its file, its id and its number, and every file its lesson."""
    for chapter_id, lesson_id in ground.missing:
        findings.error(
            FILE, 0, "files", f'Chapter {chapter_id}: there is no file for "{lesson_id}" (NN-{lesson_id}.md).'
        )
    planned = {chapter.id: chapter for chapter in ground.manifest.chapters}
    for name in numbered(ground.folder, ""):
        chapter_id = name.partition("-")[2]
        if chapter_id not in planned:
            findings.error(
                name, 0, "files", f"No chapter of {FILE} has the id of this folder. {did_you_mean(chapter_id, planned)}"
            )
    for number, chapter in enumerate(ground.manifest.chapters, 1):
        place = find_numbered(ground.folder, chapter.id, "")
        _number(findings, place, place, number)
        for name in numbered(ground.folder / place, ".md") if place else ():
            lesson_id = name.partition("-")[2].removesuffix(".md")
            if lesson_id not in chapter.lessons:
                message = f"{FILE} does not list this lesson. {did_you_mean(lesson_id, chapter.lessons)}"
                findings.error(f"{place}/{name}", 0, "files", message)
            else:
                _number(findings, f"{place}/{name}", name, chapter.lessons.index(lesson_id) + 1)
    for placed in ground.lessons:
        name = PurePosixPath(placed.file).stem.partition("-")[2]
        if placed.lesson.id != name:
            findings.error(
                placed.file, 1, "ids", f'The front matter says id: {placed.lesson.id}, the file name "{name}".'
            )


def _number(findings: Findings, file: str, name: str, number: int) -> None:
    written = name.partition("-")[0]
    if written and int(written) != number:
        findings.warning(file, 0, "files", f"The name starts with {written}, and {FILE} puts it at place {number}.")


def ids(ground: Ground, findings: Findings) -> None:
    """Ids of tasks are unique in the course; those of lessons too."""
    seen: dict[str, tuple[Placed, int]] = {}
    for placed in ground.lessons:
        for task in placed.tasks():
            if task.id in seen and seen[task.id][0] is not placed:
                other, line = seen[task.id]
                findings.error(placed.file, task.line, "ids", f'The id "{task.id}" stands in {other.file}:{line} too.')
            seen.setdefault(task.id, (placed, task.line))


def requires(ground: Ground, findings: Findings) -> None:
    """`requires` names lessons that exist and come earlier."""
    order = [lesson for chapter in ground.manifest.chapters for lesson in chapter.lessons]
    for placed in ground.lessons:
        for name in placed.lesson.requires:
            if name not in order:
                findings.error(
                    placed.file, 1, "requires", f'There is no lesson "{name}". {did_you_mean(name, order)}'.strip()
                )
            elif placed.lesson.id in order and order.index(name) >= order.index(placed.lesson.id):
                findings.error(placed.file, 1, "requires", f'"{name}" is required and does not come earlier.')


def uses(ground: Ground, findings: Findings) -> None:
    """`uses` names exercises, `after` a run of the same lesson, and both come earlier."""
    places = ground.task_places()
    exercises = [name for name, (_, task) in places.items() if isinstance(task, Exercise)]
    for placed in ground.lessons:
        runs: list[str] = []
        for task in placed.tasks():
            for name in getattr(task, "uses", ()):
                _used(ground, findings, placed, task.line, name, exercises)
            if isinstance(task, Run):
                if task.after and task.after not in runs:
                    near = did_you_mean(task.after, runs)
                    message = f":after: {task.after} names no {{run}} above in this lesson. {near}".strip()
                    if not placed.broken:
                        findings.error(placed.file, task.line, "uses", message)
                runs.append(task.id)


def _used(ground: Ground, findings: Findings, placed: Placed, line: int, name: str, exercises: list[str]) -> None:
    places = ground.task_places()
    if name not in exercises:
        if not ground.any_broken:
            message = f":uses: {name} names no {{exercise}}. {did_you_mean(name, exercises)}".strip()
            findings.error(placed.file, line, "uses", message)
        return
    where, task = places[name]
    if (where.position, task.line) >= (placed.position, line):
        findings.error(placed.file, line, "uses", f'"{name}" is used and comes later ({where.file}:{task.line}).')


def reviews(ground: Ground, findings: Findings) -> None:
    """{review} names questions that exist, of this lesson or an earlier one."""
    places = ground.task_places()
    known = [name for name, (_, task) in places.items() if not isinstance(task, Run)]
    for placed in ground.lessons:
        for _, block in placed.blocks():
            for name in block.ids if isinstance(block, Review) else ():
                line = getattr(block, "line", 0)
                if name in known:
                    if places[name][0].position > placed.position:
                        findings.error(placed.file, line, "review", f'"{name}" comes later in the course.')
                elif name in places:
                    findings.error(placed.file, line, "review", f'"{name}" is a {{run}}, which asks nothing.')
                elif not ground.any_broken:
                    message = f'No task is "{name}". {did_you_mean(name, known)}'.strip()
                    findings.error(placed.file, line, "review", message)


def renamed(ground: Ground, findings: Findings) -> None:
    """[renamed] leads from an id that is gone to one that is there."""
    known = {
        *ground.task_places(),
        *(lesson for chapter in ground.manifest.chapters for lesson in chapter.lessons),
    }
    for old, new in ground.manifest.renamed.items():
        if old in known:
            findings.error(FILE, 0, "renamed", f'"{old}" is renamed and still there.')
        if new not in known and not ground.any_broken:
            findings.error(
                FILE, 0, "renamed", f'"{old}" is renamed to "{new}", which is not there. {did_you_mean(new, known)}'
            )
        if not ID.match(new):
            findings.error(FILE, 0, "renamed", f'"{new}" is not an id.')


# ------------------------------------------------------------------ links


def links(ground: Ground, findings: Findings) -> None:
    """Links lead to the web, to a page of a lesson (`02-gradient-descent.md#page-title`), or to a file here."""
    lessons = {placed.file: placed.lesson for placed in ground.lessons}
    for placed in ground.lessons:
        for _, block in placed.blocks():
            for run in iter_runs(block):
                for inline in iter_inlines(run):
                    if isinstance(inline, Link):
                        _link(ground, findings, placed, getattr(block, "line", 0), inline.href, lessons)
                    elif isinstance(inline, Image):
                        _link(ground, findings, placed, getattr(block, "line", 0), inline.src, lessons)


def _link(ground: Ground, findings: Findings, placed: Placed, line: int, href: str, lessons: dict[str, Lesson]) -> None:
    if _EXTERNAL.match(href):
        return
    if not href or _SCHEME.match(href) or href.startswith("/"):
        findings.error(placed.file, line, "links", f'A link to "{href}": only https and files beside this one are.')
        return
    path, _, fragment = unquote(href).partition("#")
    target = _joined(PurePosixPath(placed.file).parent, path) if path else placed.file
    if target is None or not (ground.folder / target).is_file():
        findings.error(placed.file, line, "links", f'A link to "{path}", and there is no such file in the course.')
    elif fragment and target in lessons:
        slugs = [slug(page.title) for page in lessons[target].pages]
        if fragment not in slugs:
            findings.error(
                placed.file, line, "links", f'No page of {target} is "#{fragment}". {did_you_mean(fragment, slugs)}'
            )


def _joined(folder: PurePosixPath, path: str) -> str | None:
    """The path from the course folder, None where it leads out of it."""
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(path).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def slug(title: str) -> str:
    """A heading as Git hosts name it in links: `Why not try every w?` is `why-not-try-every-w`."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
