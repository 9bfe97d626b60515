"""``bridge month``: the Confluence page of a month, and its calendar."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from bridge import disk
from bridge.bootstrap import Desk, open_desk
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, PathType, msg, option, spoken
from bridge.errors import BridgeError, NotACalendar, NotAPreview
from bridge.operations import agenda as coming
from bridge.operations import month as operation
from bridge.pages import GENERATOR, HUMAN, month_title
from bridge.ports import Tools
from bridge.report import agenda
from bridge.report import month as report
from bridge.text import text


@click.group("month", cls=Group, help=msg("Publish or preview the Confluence page of a month."))
def month() -> None:
    """Group the commands about months."""


@month.command(
    "publish",
    cls=Command,
    help=msg(
        "Publish the page of a month (YYYY-MM). Unchanged: nothing is written. What people wrote stays."
    ),
)
@click.argument("month", type=options.Month())
@options.today
@options.dry_run
@options.as_format
@click.pass_obj
def publish(session: Session, month: date, today: date | None, dry_run: bool, shape: str) -> None:
    """Gather, render, write what changed, report."""
    desk = _desk(session, today)
    layout = report.layout(desk.workspace, month, desk.speaker)
    only_shown = dry_run or desk.workspace.mode == "observe"
    if only_shown:
        seen = operation.gather(month, desk.workspace, desk.tracker, desk.clock, desk.speaker)
        published = operation.look(month, desk.workspace, seen, desk.wiki, layout)
    else:
        with desk.writing() as journal:
            tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell)
            published = operation.publish(month, desk.workspace, tools, desk.wiki, layout)
    if shape == "json":
        output.write_json(report.published_json(published, spoken()))
    else:
        told = report.looked_text if only_shown else report.published_text
        output.write(told(published, spoken()))
    if only_shown:
        output.tell(text("Nothing was written."))


@month.command(
    "preview",
    cls=Command,
    help=msg("Write the page of a month (YYYY-MM) into an HTML file; Confluence is not changed."),
)
@click.argument("month", type=options.Month())
@option(
    "--out",
    required=True,
    type=PathType(dir_okay=False),
    metavar="FILE",
    help=msg("The HTML file to write."),
)
@options.today
@click.pass_obj
def preview(session: Session, month: date, out: Path, today: date | None) -> None:
    """Gather, render, write a file."""
    _check_writable(out, GENERATOR, NotAPreview)
    desk = _desk(session, today)
    seen = operation.gather(month, desk.workspace, desk.tracker, desk.clock, desk.speaker)
    written = operation.intentions_now(month, desk.workspace, desk.wiki, [HUMAN])
    page = report.preview(desk.workspace, seen, written, desk.speaker)
    with disk.usable(out):
        disk.replace(out, page.encode())
    output.write([str(out)])


@month.command(
    "ics",
    cls=Command,
    help=msg("Write the actions of a month (YYYY-MM) into an iCalendar file."),
)
@click.argument("month", type=options.Month())
@option(
    "--out",
    required=True,
    type=PathType(dir_okay=False),
    metavar="FILE",
    help=msg("The .ics file to write."),
)
@click.pass_obj
def ics(session: Session, month: date, out: Path) -> None:
    """Gather, render, write a file."""
    _check_writable(out, agenda.PRODUCT, NotACalendar)
    desk = _desk(session, None)
    shown = coming.gather(coming.month(month), desk.workspace, desk.tracker, desk.speaker)
    name = month_title(desk.workspace.parent, month, desk.speaker)
    with disk.usable(out):
        disk.replace(out, agenda.ics(shown, desk.workspace, desk.speaker, name=name))
    output.write([str(out)])


def _check_writable(out: Path, made_by: str, refusal: Callable[[str], BridgeError]) -> None:
    """Refuse to write over a file that this command did not write."""
    if out.is_file():
        with out.open(encoding="utf-8", errors="replace") as file:
            if made_by not in file.read(_HEAD):
                raise refusal(str(out))


_HEAD = 2000  # characters of a file that surely hold what made it


def _desk(session: Session, today: date | None) -> Desk:
    folder, workspace = options.here(session)
    return open_desk(folder, workspace, output.tell, today=today)
