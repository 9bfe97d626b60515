"""``bridge campaign``: create campaigns in Jira, and see how they stand."""

from datetime import date

import click

from bridge.bootstrap import open_desk
from bridge.campaign import ID, Order, default_id
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.config.templates import Templates
from bridge.errors import (
    CampaignConflicts,
    CampaignRefused,
    IdNeeded,
    Problem,
    ProblemsFound,
    UnknownName,
)
from bridge.operations import create as operation
from bridge.operations import status as looking
from bridge.operations.draw import draw
from bridge.operations.planning import values_for
from bridge.ports import Tools
from bridge.report import campaign as report
from bridge.report import status as status_report
from bridge.retroplan.template import Template
from bridge.text import text


@click.group("campaign", cls=Group, help=msg("Create campaigns in Jira, and see how they stand."))
def campaign() -> None:
    """Group the commands about campaigns."""


@campaign.command(
    "create",
    cls=Command,
    help=msg(
        "Create a campaign from TEMPLATE: an epic, its issues with owners and dates, and their links. "
        "Run it again at any time: what exists is found, what a person changed stays."
    ),
)
@click.argument("template")
@option("--name", required=True, help=msg("What people call the campaign."))
@options.launch
@option(
    "--id", "identity", default=None, help=msg("Its short id; from the name and year by default.")
)
@option(
    "--owner",
    "owners",
    type=options.Pair(),
    multiple=True,
    metavar="ROLE=PERSON",
    help=msg("Who holds a role in this campaign; repeat for several."),
)
@options.parameters
@option(
    "--lead", default=None, metavar="PERSON", help=msg("Who leads; the role marketing by default.")
)
@options.today
@options.dry_run
@option("--yes", is_flag=True, help=msg("Do not ask before writing."))
@options.as_format
@click.pass_obj
def create(  # one parameter an option
    session: Session,
    template: str,
    name: str,
    launch: date,
    identity: str | None,
    owners: tuple[tuple[str, str], ...],
    parameters: tuple[tuple[str, str], ...],
    lead: str | None,
    today: date | None,
    dry_run: bool,
    yes: bool,
    shape: str,
) -> None:
    """Plan, show, ask on a terminal, write, report."""
    folder, workspace = options.here(session)
    found = Templates(folder).get(template)
    values, problems = values_for(found, parameters)
    if problems:
        raise ProblemsFound(problems)
    order = Order(
        id=identity or default_id(name, launch),
        name=name,
        template=found,
        launch=launch,
        values=values,
        owners=owners,
        lead=lead,
        id_is_derived=identity is None,
    )
    _check_names(order)
    clock_day = today or options.today_in(workspace)
    drawn = draw(order, workspace, clock_day)
    desk = open_desk(folder, workspace, output.tell, today=today)

    def agree(preview: operation.Preview) -> bool:
        return _agree(preview, shape, only_shown=dry_run or workspace.mode == "observe", yes=yes)

    with desk.writing() as journal:
        tools = Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell)
        try:
            outcome = operation.create(drawn, tools, agree=agree)
        except CampaignConflicts as conflicts:
            # What was written all the same is a result, before the refusal that follows.
            if isinstance(conflicts.outcome, operation.Outcome):
                _write(conflicts.outcome, shape)
            raise
    if workspace.mode == "observe" and not dry_run:
        output.tell(text("This workspace only observes: mode: observe in bridge.yaml."))
    _write(outcome, shape)


@campaign.command(
    "status",
    cls=Command,
    help=msg(
        "Show how the campaign ID stands: what is finished, late, blocked or due soon, the critical "
        "path, the requests. Reads Jira only."
    ),
)
@click.argument("identity", metavar="ID")
@options.today
@options.as_format
@click.pass_obj
def status(session: Session, identity: str, today: date | None, shape: str) -> None:
    """Read, compute, report."""
    folder, workspace = options.here(session)
    desk = open_desk(folder, workspace, output.tell, today=today)
    templates = Templates(folder)

    def template(name: str) -> Template | None:
        try:
            return templates.get(name)
        except (UnknownName, ProblemsFound):
            return None  # a status does without; it says so

    seen = looking.status(
        identity,
        looking.Around(workspace, desk.tracker, template, desk.recorded_epic),
        desk.clock.today(),
        spoken(),
    )
    if shape == "json":
        output.write_json(status_report.as_json(seen, spoken()))
    else:
        url = desk.tracker.url(seen.epic) if seen.epic else None
        output.write(status_report.as_text(seen, spoken(), url))


def _agree(preview: operation.Preview, shape: str, *, only_shown: bool, yes: bool) -> bool:
    """Show the plan; ask on a terminal; a mere look is a result, and nothing is written."""
    asks = not (only_shown or yes) and preview.writes and output.is_terminal()
    if only_shown and shape == "text":
        output.write(report.preview_actions(preview, spoken()))
    elif asks:
        output.tell_lines(report.preview_actions(preview, spoken()))
    if preview.writes:
        output.tell_lines(report.preview_summary(preview, spoken()))
    if only_shown:
        output.tell(text("Nothing was written."))
        return False
    return not asks or output.confirm(text("Write this?"))


def _write(outcome: operation.Outcome, shape: str) -> None:
    if shape == "json":
        output.write_json(report.outcome_json(outcome, spoken()))
    elif outcome.written:
        output.write(report.outcome_text(outcome, spoken()))


def _check_names(order: Order) -> None:
    if not order.name.strip():
        raise CampaignRefused(
            [Problem(text("The campaign has no name."), text("Give it one: --name NAME."))]
        )
    if not ID.fullmatch(order.id):
        raise IdNeeded(order.name, order.id or None)
