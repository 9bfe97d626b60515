"""``bridge month``: the Confluence page of a month."""

from datetime import date
from pathlib import Path

import click

from bridge import disk
from bridge.bootstrap import Desk, open_desk
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.operations import month as operation
from bridge.pages import HUMAN
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
    if dry_run or desk.workspace.mode == "observe":
        seen = operation.gather(month, desk.workspace, desk.tracker, desk.clock, desk.speaker)
        output.write(report.gathered_text(seen, spoken()))
        output.tell(text("Nothing was written."))
        return
    with desk.writing():
        published = operation.publish(
            month, desk.workspace, desk.tracker, desk.wiki, desk.clock, desk.speaker, layout
        )
    if shape == "json":
        output.write_json(report.published_json(published, spoken()))
    else:
        output.write(report.published_text(published, spoken()))


@month.command(
    "preview",
    cls=Command,
    help=msg("Write the page of a month (YYYY-MM) into an HTML file; Confluence is not changed."),
)
@click.argument("month", type=options.Month())
@option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=msg("The HTML file to write."),
)
@options.today
@click.pass_obj
def preview(session: Session, month: date, out: Path, today: date | None) -> None:
    """Gather, render, write a file."""
    desk = _desk(session, today)
    seen = operation.gather(month, desk.workspace, desk.tracker, desk.clock, desk.speaker)
    written = operation.intentions_now(month, desk.workspace, desk.wiki, [HUMAN])
    page = report.preview(desk.workspace, seen, written, desk.speaker)
    with disk.usable(out):
        disk.replace(out, page.encode())
    output.write([str(out)])


def _desk(session: Session, today: date | None) -> Desk:
    folder, workspace = options.here(session)
    return open_desk(folder, workspace, output.tell, today=today)
