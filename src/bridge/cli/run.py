"""Run one command: choose the language, call it, and turn every refusal into words and a code."""

import os
import sys
from collections.abc import Sequence

import click

from bridge.cli import output
from bridge.cli.app import root
from bridge.cli.words import speak, spoken
from bridge.errors import BUG, BridgeError
from bridge.language import of_environment
from bridge.text import LANGUAGES, text

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run ``bridge`` with these arguments and return the exit code (``architecture.md`` section 8)."""
    arguments = _choose_language(arguments)
    _never_fail_on_a_character()
    try:
        ended = root.main(list(arguments), prog_name="bridge", standalone_mode=False)
    except click.UsageError as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        output.tell(text("Interrupted."))
        return INTERRUPTED
    except BridgeError as refusal:
        output.refuse(refusal)
        return refusal.exit_code
    except BrokenPipeError:
        # The reader (head, less) went away; nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as bug:  # noqa: BLE001  # the one place where a bug becomes a report
        output.report_bug(bug)
        return BUG
    return ended if isinstance(ended, int) else 0  # ctx.exit(1) comes back as a value


def _never_fail_on_a_character() -> None:
    """Let a terminal that cannot show a character show a question mark instead of a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _choose_language(arguments: Sequence[str]) -> Sequence[str]:
    """Take ``--lang`` from wherever it stands, so that even usage errors speak the right language."""
    kept, code = [], of_environment()
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--":
            kept += [argument, *waiting]
        elif name != "--lang":
            kept.append(argument)
        else:
            value = value if equals else next(waiting, "")
            if value not in LANGUAGES:
                kept += ["--lang", value]  # click says what is wrong with it
            else:
                code = value
    speak(code)
    assert spoken().code == code  # noqa: S101  # one language for the whole run
    return kept
