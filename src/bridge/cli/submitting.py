"""``bridge request submit``: a request goes to Jira, with its verdict and its approvals."""

import re
from datetime import date
from pathlib import Path

import click

from bridge.cli import judging, options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, msg, spoken
from bridge.config import request as request_file
from bridge.operations import submit as operation
from bridge.prose import clean
from bridge.report import submission as report
from bridge.text import text

_KEY = re.compile(r"[A-Z][A-Z0-9_]+-[1-9][0-9]*")


@click.command(
    "submit",
    cls=Command,
    help=msg(
        "Submit a request: a FILE, or the KEY of a Jira issue that holds one. Judges it, labels it, says "
        "the verdict in one comment, and asks each role concerned on an issue of its own. Submit it "
        "again after any change; unchanged, nothing is written."
    ),
)
@click.argument("what", metavar="FILE|KEY")
@options.today
@options.dry_run
@options.as_format
@click.pass_obj
def submit(session: Session, what: str, today: date | None, dry_run: bool, shape: str) -> None:
    """Gather, judge, write what that changes, report."""
    with judging.opened(session, today) as (workspace, tools, rules):
        is_look = judging.only_shown(workspace, dry_run=dry_run)
        if _KEY.fullmatch(what) and not Path(what).exists():
            done = operation.submit_issue(what, workspace, tools, rules, lambda _: not is_look)
        else:
            source = _source(Path(what))
            asked = request_file.parse(source, what)
            done = operation.submit_file(
                asked, source, workspace, tools, rules, lambda _: not is_look
            )
    if shape == "json":
        output.write_json(report.as_json(done, spoken()))
    else:
        output.write(report.as_text(done, spoken()))
    if is_look:
        output.tell(text("Nothing was written."))


def _source(path: Path) -> str:
    """Return a file's text as Jira keeps it: without characters that nobody sees."""
    request_file.open_file(path)  # refuses what is no request, with line and column
    return clean(path.read_bytes().decode("utf-8-sig"))
