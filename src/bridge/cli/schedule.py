"""``bridge schedule``: a retroplan's dates, offline."""

from dataclasses import replace
from datetime import date

import click

from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, msg, option, spoken
from bridge.config.templates import Templates
from bridge.errors import ProblemsFound
from bridge.operations import planning
from bridge.report import schedule as report
from bridge.retroplan.workdays import CalendarRules


@click.command(
    "schedule", cls=Command, help=msg("Compute every date of TEMPLATE for a launch date, offline.")
)
@click.argument("template")
@options.launch
@options.today
@option(
    "--calendar", metavar="CODE", help=msg("Holidays of a country or region: FR, FR-57, BE ...")
)
@options.parameters
@option("--plain", is_flag=True, help=msg("Draw with plain characters only."))
@options.as_format
@click.pass_obj
def schedule(
    session: Session,
    template: str,
    launch: date,
    today: date | None,
    calendar: str | None,
    parameters: tuple[tuple[str, str], ...],
    plain: bool,
    shape: str,
) -> None:
    """Plan, then print a table and a Gantt, or JSON."""
    folder, workspace = options.here_if_any(session)
    found = Templates(folder).get(template)
    rules = workspace.calendar if workspace else CalendarRules()
    if calendar:
        rules = replace(rules, code=calendar)
        found = replace(found, calendar=None)
    values, problems = planning.values_for(found, parameters, calendar)
    if problems:
        raise ProblemsFound(problems)
    plan = planning.plan(
        found,
        launch,
        rules,
        values=values,
        team=workspace.team if workspace else None,
        today=options.day_of(workspace, today),
    )
    if shape == "json":
        output.write_json(report.as_json(plan, spoken()))
    else:
        people = workspace.team.names(spoken()) if workspace else {}
        drawn = plain or not output.can_draw()
        output.write(report.as_text(plan, spoken(), plain=drawn, people=people))
