"""Rules that a shop makes its own: accepted, replayed, promoted, taken out, measured, recorded."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from bridge import disk, library, petition
from bridge.cli import judging, options, output
from bridge.cli.app import Session
from bridge.cli.rules import Rules, consult
from bridge.cli.words import Command, PathType, msg, option, spoken
from bridge.config import draft, ledger, policy, rulefiles
from bridge.config import sheet as sheet_file
from bridge.errors import FileInTheWay, NoWorkspace, Place, Problem, ProblemsFound, UnknownName
from bridge.guardrails import benefit as benefits
from bridge.guardrails import processing, promotion
from bridge.guardrails import replay as replays
from bridge.guardrails import sheet as sheets
from bridge.guardrails.circumstances import Incident
from bridge.nearmiss import nearest
from bridge.operations import archive
from bridge.report import living as report
from bridge.report.spreadsheet import csv_text
from bridge.text import text
from bridge.workspace import Workspace


@click.command(
    "sheet",
    cls=Command,
    help=msg(
        "Write every limit on one sheet for one meeting (--out FILE.csv); read the decisions back "
        "(--read FILE.csv) into accepted.yaml."
    ),
)
@option(
    "--out", type=PathType(dir_okay=False), metavar="FILE", help=msg("The sheet to write, as CSV.")
)
@option(
    "--read",
    "back",
    type=PathType(exists=True, dir_okay=False),
    metavar="FILE",
    help=msg("The sheet to read back, as a spreadsheet saved it."),
)
@options.today
@options.dry_run
@options.as_format
@click.pass_obj
def sheet(
    session: Session,
    out: Path | None,
    back: Path | None,
    today: date | None,
    dry_run: bool,
    shape: str,
) -> None:
    """Write the sheet, or take what the meeting decided."""
    if (out is None) == (back is None):
        raise click.UsageError(
            spoken().say(text("Give --out FILE to write the sheet, or --read FILE."))
        )
    rules = consult(session, today)
    folder, workspace = _here(rules, session)
    if out is not None:
        _write_sheet(out, rules, workspace)
    elif back is not None:
        _read_sheet(back, rules, folder, workspace, dry_run=dry_run, shape=shape)


def _here(rules: Rules, session: Session) -> tuple[Path, Workspace]:
    if rules.folder is None or rules.workspace is None:
        raise NoWorkspace(str(session.workspace or Path.cwd()))
    return rules.folder, rules.workspace


def _write_sheet(out: Path, rules: Rules, workspace: Workspace) -> None:
    if out.exists():
        raise FileInTheWay(str(out))
    content = report.sheet_csv(sheets.rows(rules.bundle), _holders(workspace), spoken())
    with disk.usable(out):
        disk.replace(out, content.encode())
    output.write([str(out)])


def _holders(workspace: Workspace) -> Mapping[str, str]:
    team = workspace.team
    return {role: team.people[who].name for role, who in team.roles.items() if who in team.people}


def _read_sheet(
    back: Path, rules: Rules, folder: Path, workspace: Workspace, *, dry_run: bool, shape: str
) -> None:
    """Add what was accepted to accepted.yaml; refuse the whole sheet where a line cannot be taken."""
    people = {name: person.name for name, person in workspace.team.people.items()}
    reading = sheets.read(
        sheet_file.load(back), rules.bundle, workspace.team.roles, people, rules.circumstances.today
    )
    if reading.troubles:
        raise ProblemsFound(
            [Problem(t.sentence, place=Place(back.name, t.line, 1)) for t in reading.troubles]
        )
    reading = sheets.still_open(reading, rules.circumstances.acceptances)
    fresh = sheets.fresh(reading, rules.circumstances.acceptances)
    if fresh and not dry_run:
        ledger.accept(folder, fresh)
    if shape == "json":
        names = [f"{one.module}@{one.version}" for one in fresh]
        output.write_json(report.reading_json(reading, names, spoken()))
    else:
        output.write(report.reading_text(reading, len(fresh), spoken()))
    if dry_run:
        output.tell(text("Nothing was written."))


@click.command(
    "incident",
    cls=Command,
    help=msg(
        "Note an incident with MODULE@VERSION: from now on each request that uses it goes to review."
    ),
)
@click.argument("version", metavar="MODULE@VERSION")
@option("--reason", required=True, help=msg("What happened, in one line."))
@option("--on", "day", type=options.NearDay(), help=msg("The day it happened; today by default."))
@options.today
@options.dry_run
@click.pass_obj
def incident(
    session: Session, version: str, reason: str, day: date | None, today: date | None, dry_run: bool
) -> None:
    """Add a line to incidents.yaml."""
    rules = consult(session, today)
    folder, _ = _here(rules, session)
    known = [module.reference for module in rules.bundle.modules.values()]
    if version not in known:
        raise UnknownName(text("module version"), version, nearest(version, known), known)
    module, _, number = version.partition("@")
    noted = Incident(module, number, day or rules.circumstances.today, reason)
    if dry_run:
        output.tell(text("Nothing was written."))
        return
    path = ledger.note_incident(folder, noted)
    output.write(
        [
            spoken().say(
                text(
                    "Noted in {file}: requests that use {version} go to review from {day}.",
                    file=path.name,
                    version=version,
                    day=noted.on,
                )
            )
        ]
    )


@click.command(
    "replay",
    cls=Command,
    help=msg(
        "Judge past requests by the rules in force and by those in --rules DIR: who would notice a change?"
    ),
)
@options.since
@option(
    "--rules",
    "other",
    type=PathType(exists=True, file_okay=False),
    metavar="DIR",
    required=True,
    help=msg("A folder whose guardrails/ holds the rules to compare with."),
)
@options.as_format
@click.pass_obj
def replay(session: Session, since: date, other: Path, shape: str) -> None:
    """Read the requests from Jira, judge each twice, show the differences."""
    with judging.opened(session, None) as (workspace, tools, rules):
        found = archive.archive(since, workspace, tools, rules)
    _, new = policy.read(rulefiles.found(other))
    replayed = replays.replay(found.pasts(), rules.bundle, new, rules.circumstances)
    if shape == "json":
        output.write_json(report.replay_json(replayed))
    else:
        output.write(report.replay_text(replayed, spoken()))
    for skipped in found.skipped:
        output.tell(archive.told(skipped))


@click.command(
    "promote",
    cls=Command,
    help=msg(
        "Draft the change that exceptions have earned: granted at least three times in 90 days, never "
        "refused, for two requesters, without incident. Nothing is written."
    ),
)
@options.today
@options.as_format
@click.pass_obj
def promote(session: Session, today: date | None, shape: str) -> None:
    """Read the decisions from Jira, draft the files' differences."""
    folder, _ = options.here(session)
    with judging.opened(session, today) as (workspace, tools, rules):
        day = rules.circumstances.today
        found = archive.precedents(day - promotion.WINDOW, workspace, tools, rules)
    earned = promotion.promotions(found, rules.bundle, rules.circumstances.incidents, day)
    drafts = [(one, draft.difference(_file_of(one.module.id, folder), one)) for one in earned]
    if shape == "json":
        output.write_json(report.promotions_json(drafts))
    else:
        output.write(report.promotions_text(drafts, spoken()))


def _file_of(module: str, folder: Path) -> Path:
    """Return a module's file: the workspace's own, else the shipped one."""
    own = folder / "guardrails" / "modules" / f"{module}.yaml"
    return own if own.is_file() else library.folder("guardrails") / "modules" / f"{module}.yaml"


@click.command(
    "benefit",
    cls=Command,
    help=msg(
        "Measure month by month: requests that never reached IT, review hours avoided, time to the "
        "verdict. Everything follows from Jira's history."
    ),
)
@options.since
@option(
    "--hours",
    type=click.FloatRange(0, 1000),
    default=benefits.HOURS_PER_REVIEW,
    show_default=True,
    help=msg("Hours of one reviewer that a review takes."),
)
@options.as_format
@click.pass_obj
def benefit(session: Session, since: date, hours: float, shape: str) -> None:
    """Read the histories from Jira, count."""
    with judging.opened(session, None) as (workspace, tools, _):
        found = archive.journeys(since, workspace, tools)
    months = benefits.by_month(found, hours)
    if shape == "json":
        output.write_json(report.benefit_json(months))
    else:
        output.write(report.benefit_text(months, spoken()))


@click.command(
    "register",
    cls=Command,
    help=msg(
        "Export the rows of the record of processing activities (GDPR art. 30): purpose, data, "
        "recipients, retention of the approved forms."
    ),
)
@options.since
@option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help=msg("How to print the result."),
)
@click.pass_obj
def register(session: Session, since: date, shape: str) -> None:
    """Read the approved requests from Jira, print a row for each form."""
    with judging.opened(session, None) as (workspace, tools, rules):
        found = archive.archive(since, workspace, tools, rules)
    rows = [
        row
        for issue, request in found.requests
        if petition.APPROVED in issue.labels
        for row in processing.rows(issue.key, request, rules.bundle)
    ]
    match shape:
        case "json":
            output.write_json(report.processing_json(rows, spoken()))
        case "csv":
            output.write(
                [csv_text(report.processing_rows(rows, spoken()), spoken()).rstrip("\r\n")]
            )
        case _:
            output.write(report.processing_text(rows, spoken()))
    for skipped in found.skipped:
        output.tell(archive.told(skipped))


COMMANDS = (sheet, replay, promote, incident, benefit)
