"""`dl-tutor` on the command line. Each command is a module of `tutor.commands`, loaded when it is called.

Exit status: 0 passed, 1 not passed, 2 wrong usage, 3 the tutor's own fault, 130 cancelled.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence

import click

from tutor import __version__
from tutor.commands import COMMANDS
from tutor.commands.session import Session, course_option
from tutor.errors import TutorError

CANCELLED = 130
HANG_UP = 141
"""The reader of our output has gone (`dl-tutor list | head`)."""
_PRINTING = tuple(map(os.path.normpath, ("click/utils.py", "tutor/cli.py", "tutor/commands/paper.py")))
"""Files that write to our own output."""


class Commands(click.Group):
    """Knows its commands by name, and imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(f"tutor.commands.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from tutor.words import did_you_mean

            meant = did_you_mean(args[0], COMMANDS, "`", few=99)
            raise click.UsageError(f"There is no command {args[0]!r}. {meant}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="dl-tutor %(version)s")
@course_option
@click.option("--theme", type=click.Choice(["auto", "dark", "light"]), help="Colours of the screens.")
@click.option("--colours", type=click.Choice(["auto", "truecolor", "256", "16", "none"]), help="How many colours.")
@click.option("--ascii/--unicode", "ascii", default=None, help="Keep to ASCII, or do not.")
@click.option("--motion", type=click.Choice(["auto", "full", "none"]), help="Whether anything moves smoothly.")
@click.option("--line", type=click.Choice(["auto", "local", "ssh", "mosh", "serial"]), help="What lies between.")
@click.option("--multiplexer", type=click.Choice(["auto", "none", "tmux", "screen"]), help="What it runs inside.")
@click.option("--braille/--no-braille", default=None, help="Draw lines in braille dots, or in characters.")
@click.option("--synchronized/--no-synchronized", default=None, help="Ask for whole pictures at once, or do not.")
@click.option("--blink/--no-blink", default=None, help="Whether the cursor blinks.")
@click.option("--frame-rate", type=click.IntRange(0, 120), help="Redraws of the screen, a second at most.")
@click.option("--picture-rate", type=click.IntRange(0, 60), help="Redraws of curves and figures, a second at most.")
@click.pass_context
def app(ctx: click.Context, /, **flags: object) -> int | None:
    """Learn the basics of deep learning in this terminal: read, run, train and be checked.

    Without a command: go on where you were.
    """
    ctx.ensure_object(Session).flags.update({name: value for name, value in flags.items() if value is not None})
    if ctx.invoked_subcommand is not None:
        return None
    from tutor.commands.reading.open_command import show

    return show(ctx.obj, None)


def run(words: Sequence[str] | None = None) -> int:
    """Carry out a command line; returns the exit status. With `--json`, what goes wrong is a JSON value too."""
    words = sys.argv[1:] if words is None else list(words)
    as_json = "--json" in words
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = app.main(args=words, prog_name="dl-tutor", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        error.show()
        return _problem(as_json, error.exit_code, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        click.echo("Cancelled.", err=True)
        return _problem(as_json, CANCELLED, "Cancelled.")
    except TutorError as error:
        _say(error)
        return _problem(as_json, error.exit_status, error.what, error.todo)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return HANG_UP
    except Exception as error:  # noqa: BLE001  (the last resort: a person gets a sentence, the log the rest)
        if isinstance(error, OSError) and (fault := _fault_of_the_machine(error)):
            with contextlib.suppress(OSError):  # where errors go, too, there may be no room
                _say(fault)
            return _problem(as_json, fault.exit_status, fault.what, fault.todo)
        from tutor.commands.upkeep.faults import own_fault
        from tutor.messages.harmless import harmless

        told = harmless(own_fault(error))
        click.echo(told, err=True)
        return _problem(as_json, TutorError.exit_status, told)


def _fault_of_the_machine(error: OSError) -> TutorError | None:
    """What it is where the fault is none of the tutor's: nothing can be printed, or no file can be opened any more."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return TutorError("No more files can be opened here.", "Say `ulimit -n 1024` in this shell, and try again.")
    if _is_printing(error):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left to write is not tried once more at the end
        why = error.strerror or str(error)
        return TutorError(f"What was to be printed could not be written ({why}).", "Is the disk full that it goes to?")
    return None


def _is_printing(error: OSError) -> bool:
    """Whether it came of what is written to our own output."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_filename.endswith(_PRINTING)


def _problem(as_json: bool, status: int, what: str, todo: str = "") -> int:
    """The exit status; for programs also as a value on standard output."""
    if as_json:
        from tutor.commands.session import echo_json

        echo_json({"problem": what, "todo": todo, "status": status})
    return status


def _say(error: TutorError) -> None:
    from tutor.errors import CourseError
    from tutor.messages.harmless import harmless

    if isinstance(error, CourseError):
        click.echo(harmless(str(error)), err=True)
        return
    for words in map(harmless, filter(None, (error.what, error.todo))):
        click.echo(_folded(words) if sys.stderr.isatty() else words, err=True)


def _folded(words: str) -> str:
    """Its lines folded between words, at most 80 columns wide."""
    import shutil
    import textwrap

    width = min(shutil.get_terminal_size().columns, 80)
    fold = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False)
    return "\n".join(fold.fill(line) for line in words.splitlines())


def main() -> None:
    """The console script."""
    sys.exit(run())
