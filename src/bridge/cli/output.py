"""Results on standard output; progress, notes and refusals on standard error."""

import json
import os
import shutil
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bridge import __version__
from bridge.cli.words import spoken
from bridge.errors import BridgeError, OutputFailed, Problem
from bridge.prose import printable
from bridge.text import Text, Words, text


class ReaderLeft(Exception):
    """Whoever read the output (head, less) went away: nothing is wrong, nothing more can be said."""


@contextmanager
def until_the_reader_leaves() -> Iterator[None]:
    """Turn a broken pipe into ReaderLeft: click would end the process with 1, as if something failed."""
    try:
        yield
    except BrokenPipeError:
        raise ReaderLeft from None


def _colour() -> bool | None:
    """Return False where NO_COLOR is set (https://no-color.org), else let click decide."""
    return False if os.environ.get("NO_COLOR") else None


_ANSWERS = {
    **dict.fromkeys(("", "y", "yes", "o", "oui"), True),
    **dict.fromkeys(("n", "no", "non"), False),
}


def write(lines: Iterable[str]) -> None:
    """Write result lines."""
    for line in lines:
        _print(line)


def write_json(value: Any) -> None:
    """Write a result as JSON, one value, keys in documented order."""
    _print(json.dumps(value, ensure_ascii=False, indent=2))


def _print(line: str) -> None:
    try:
        click.echo(line, color=_colour())
    except BrokenPipeError:
        raise
    except OSError as failed:
        raise OutputFailed(failed.errno or 0) from None


def tell(words: Words) -> None:
    """Say something on the way: progress, a note."""
    click.echo(printable(spoken().say(words)), err=True, color=_colour())


def confirm(question: Words) -> bool:
    """Ask a question on standard error until the answer is yes or no; Enter alone means yes.

    People answer in their own language, whatever they read: o, oui, y, yes, n, non, no.
    """
    choices = spoken().say(text("Y/n"))
    while True:
        answer = click.prompt(
            f"{spoken().say(question)} [{choices}]",
            default="",
            show_default=False,
            prompt_suffix=" ",
            err=True,
        )
        known = _ANSWERS.get(answer.strip().casefold())
        if known is not None:
            return known
        tell(text("Answer yes or no."))


def tell_lines(lines: Iterable[str]) -> None:
    """Say several lines on the way: a preview."""
    for line in lines:
        click.echo(line, err=True, color=_colour())


def can_draw() -> bool:
    """Tell whether standard output can show box and block characters."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return encoding.lower().replace("-", "") in ("utf8", "utf16", "utf32")


def width() -> int:
    """Return how many cells a line of text may take: the terminal's, within reason."""
    return max(60, min(100, shutil.get_terminal_size((100, 24)).columns))


def is_terminal() -> bool:
    """Tell whether a person sits at both ends: can be asked, and sees the question."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def refuse(refusal: BridgeError) -> None:
    """Say a refusal, every problem behind it, and what to do next."""
    list_problems(getattr(refusal, "problems", ()))
    sentence = printable(spoken().say(refusal.sentence))
    click.echo(_styled(sentence, "red"), err=True, color=_colour())
    _hint(refusal.hint)


def list_problems(problems: Sequence[Problem]) -> None:
    """Say problems, each with its place and what would pass."""
    for problem in problems:
        _problem(problem)


def _problem(problem: Problem) -> None:
    place = f"{problem.place}: " if problem.place else ""
    code = f" [{problem.code}]" if problem.code else ""
    line = printable(f"{place}{spoken().say(problem.sentence)}{code}")
    click.echo(line, err=True, color=_colour())
    _hint(problem.hint)


def _hint(hint: Text | None) -> None:
    if hint:
        click.echo(printable(f"  → {spoken().say(hint)}"), err=True, color=_colour())


def _styled(words: str, colour: str) -> str:
    return click.style(words, fg=colour, bold=True)


def report_bug(bug: Exception) -> None:
    """Say that a bug was met, then print a report to paste: code lines only, no values."""
    tell(
        text(
            "This is a bug in bridge, not a mistake of yours. Please paste the lines below "
            "into a report."
        )
    )
    frames = [
        f"  {Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(bug.__traceback__)
        if "click" not in Path(frame.filename).parts
    ]
    head = f"bridge {__version__}, Python {sys.version.split()[0]}, {sys.platform}"
    click.echo("\n".join([head, *frames, f"  {type(bug).__name__}"]), err=True)
