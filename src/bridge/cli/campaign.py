"""``bridge campaign``: create campaigns in Jira."""

from datetime import date

import click

from bridge.bootstrap import open_desk
from bridge.campaign import ID, Order, default_id
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, Group, msg, option, spoken
from bridge.config.templates import Templates
from bridge.errors import CampaignRefused, IdNeeded, Problem, ProblemsFound
from bridge.operations import create as operation
from bridge.operations.draw import draw
from bridge.operations.planning import values_for
from bridge.ports import Tools
from bridge.report import campaign as report
from bridge.text import text


@click.group("campaign", cls=Group, help=msg("Create campaigns in Jira."))
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
    )
    _check_names(order)
    clock_day = today or options.today_in(workspace)
    drawn = draw(order, workspace, clock_day)
    desk = open_desk(folder, workspace, output.tell, today=today)

    def agree(preview: operation.Preview) -> bool:
        nothing = not preview.plan.create and not preview.plan.changes
        only_shown = dry_run or workspace.mode == "observe"
        asks = not (only_shown or nothing or yes) and output.is_terminal()
        if only_shown or asks:
            # What a dry run shows is its result; a question is asked beside the result to come.
            show = output.write if only_shown and shape == "text" else output.tell_lines
            show(report.preview_actions(preview, spoken()))
        if not nothing:
            output.tell_lines(report.preview_summary(preview, spoken()))
        if only_shown:
            output.tell(text("Nothing was written."))
            return False
        return not asks or output.confirm(text("Write this?"))

    with desk.writing() as journal:
        outcome = operation.create(
            drawn,
            Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell),
            agree=agree,
        )
    if shape == "json":
        output.write_json(report.outcome_json(outcome, spoken()))
    elif outcome.epic and outcome.keys:
        output.write(report.outcome_text(outcome, spoken()))


def _check_names(order: Order) -> None:
    if not order.name.strip():
        raise CampaignRefused(
            [Problem(text("The campaign has no name."), text("Give it one: --name NAME."))]
        )
    if not ID.fullmatch(order.id):
        raise IdNeeded(order.name, order.id or None)
