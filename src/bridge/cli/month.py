"""``bridge month``: the Confluence page of a month."""

from datetime import date
from pathlib import Path

import click

from bridge.bootstrap import Desk, open_desk
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, PathType, msg, option, spoken
from bridge.errors import NotAPreview
from bridge.operations import month as operation
from bridge.pages import GENERATOR, HUMAN
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
    type=PathType(dir_okay=False),
    metavar="FILE",
    help=msg("The HTML file to write."),
)
@options.today
@click.pass_obj
def preview(session: Session, month: date, out: Path, today: date | None) -> None:
    """Gather, render, write a file."""
    _check_writable(out)
    desk = _desk(session, today)
    seen = operation.gather(month, desk.workspace, desk.tracker, desk.clock, desk.speaker)
    written = operation.intentions_now(month, desk.workspace, desk.wiki, [HUMAN])
    out.write_text(report.preview(desk.workspace, seen, written, desk.speaker), encoding="utf-8")
    output.write([str(out)])


def _check_writable(out: Path) -> None:
    """Refuse to write over a file that no preview wrote."""
    if out.is_file():
        with out.open(encoding="utf-8", errors="replace") as file:
            if GENERATOR not in file.read(_HEAD):
                raise NotAPreview(str(out))


_HEAD = 2000  # characters of a preview that surely hold its generator


def _desk(session: Session, today: date | None) -> Desk:
    folder, workspace = options.here(session)
    return open_desk(folder, workspace, output.tell, today=today)
