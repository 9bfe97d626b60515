"""Run one command: choose the language, call it, and turn every refusal into words and a code."""

import os
import sys
from collections.abc import Sequence

import click

from bridge.cli import output
from bridge.cli.app import root
from bridge.cli.words import speak, spoken
from bridge.errors import BUG, BridgeError, Unusable
from bridge.language import of_environment
from bridge.text import LANGUAGES, text

INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run ``bridge`` with these arguments and return the exit code (``docs/architecture.md``)."""
    arguments, unknown = _choose_language(arguments)
    _never_fail_on_a_character()
    try:
        if unknown:
            _refuse_language(unknown)
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
    except output.ReaderLeft:
        _leave_quietly()
        return 0
    except OSError as failed:
        if not failed.errno:  # raised by a library, not by the system
            output.report_bug(failed)
            return BUG
        output.refuse(Unusable(str(failed.filename or ""), failed.errno))
        return Unusable.exit_code
    except Exception as bug:  # noqa: BLE001  # the one place where a bug becomes a report
        output.report_bug(bug)
        return BUG
    return ended if isinstance(ended, int) else 0  # ctx.exit(1) comes back as a value


def _leave_quietly() -> None:
    """Point the broken end elsewhere, so that Python's last flush does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())


def _refuse_language(code: str) -> None:
    """Give BRIDGE_LANG=de the answer that --lang de gets."""
    try:
        click.Choice(LANGUAGES).convert(code, None, None)
    except click.BadParameter as wrong:
        wrong.param_hint = "BRIDGE_LANG"
        raise


def _never_fail_on_a_character() -> None:
    """Let a terminal that cannot show a character show a question mark instead of a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _choose_language(arguments: Sequence[str]) -> tuple[Sequence[str], str]:
    """Take ``--lang`` from wherever it stands, so that even usage errors speak the right language.

    Returns the other arguments, and what BRIDGE_LANG says where that is no language of ours.
    """
    kept, code, unknown = [], of_environment(), os.environ.get("BRIDGE_LANG", "")
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
                code, unknown = value, ""
    speak(code)
    assert spoken().code == code  # noqa: S101  # one language for the whole run
    return kept, "" if unknown in LANGUAGES else unknown
