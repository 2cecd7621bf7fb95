"""`dl-tutor keys`: every key of the window, and what the settings call its action."""

from __future__ import annotations

import click

from tutor.commands.session import Session, course_option, echo_json, json_option


@click.command()
@course_option
@json_option
@click.pass_obj
def keys(session: Session, as_json: bool) -> int:
    """List all keys of the window.

    Behind each stands the name of its action, by which `[keys]` in the settings gives it other keys.
    """
    from tutor.tui import actions
    from tutor.tui.keys import keymap

    keymap.remap(session.settings.keys)
    if as_json:
        echo_json([
            {"action": one.id, "name": f"{one.place}.{one.call}", "place": actions.PLACES[one.place],
             "keys": list(one.keys), "help": one.help}
            for one in actions.ACTIONS
        ])  # fmt: skip
        return 0
    for place, heading in actions.PLACES.items():
        session.echo(f"{heading}:")
        for one in actions.at(place):
            name = f" ({one.id})" if one.action not in ("", "none") else ""
            session.echo(f"  {in_words(one.every_key())}: {one.help or one.label}{name}")
    return 0


def in_words(shown: str) -> str:
    """Arrows as words: signs for them are read out badly, or not at all."""
    for sign, word in (("↑↓", "up, down"), ("←→", "left, right"), ("↑", "up"), ("↓", "down"), ("←", "left"),
                       ("→", "right"), (" … ", " to ")):  # fmt: skip
        shown = shown.replace(sign, word)
    return shown
