"""`dl-tutor where`: where files live, and where the learner is."""

from __future__ import annotations

import click

from tutor.commands.session import Session, course_option, echo_json, json_option

ABOUT = {
    "course": "the lessons",
    "data": "the data sets",
    "settings": "your settings",
    "attempts": "what you tried",
    "drafts": "what you wrote",
    "copied": "what you copied last",
    "cache": "what can be made again",
    "logs": "what went wrong",
    "sockets": "where the engine listens",
}


@click.command()
@course_option
@json_option
@click.pass_obj
def where(session: Session, as_json: bool) -> int:
    """Say where files live, and where you are."""
    from pathlib import Path

    from tutor import paths
    from tutor.commands.standing.list_command import place_as_json

    places = {
        "course": session.folder,
        "data": paths.data_dir(),
        "settings": paths.settings_file(),
        "attempts": paths.state_dir() / "attempts",
        "drafts": session.progress.drafts.folder,
        "copied": paths.state_dir() / "copied.txt",
        "cache": paths.cache_dir(),
        "logs": paths.cache_dir() / "faults",
        "sockets": paths.socket_dir(),
    }
    standing = session.progress.standing(session.course)
    if as_json:
        files = {name: {"path": str(path), "exists": Path(path).exists()} for name, path in places.items()}
        echo_json({"files": files, "here": place_as_json(standing.here), "next": place_as_json(standing.next)})
    else:
        for name, path in places.items():
            missing = "" if path.exists() else " (not there yet)"
            click.echo(f"{name:<9} {path}{missing}")
            click.echo(f"          {ABOUT[name]}")
        click.echo()
        session.echo(_here(session))
    session.say_problems()
    return 0


def _here(session: Session) -> str:
    standing = session.progress.standing(session.course)
    here = standing.here
    if here is None:
        return "This course has no lessons."
    lesson = standing.lesson(here.lesson)
    if lesson is None or lesson.page < 0:
        return f"You start with {lesson.number} {lesson.title}." if lesson else "You start at the beginning."
    task = f", at {here.task}" if here.task else ""
    return f"You are in {lesson.number} {lesson.title}, page {here.page + 1} of {lesson.pages}{task}."
