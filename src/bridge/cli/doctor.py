"""``bridge doctor``: what is wrong with the set-up, missing from it, or too much in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path

import click

from bridge.bootstrap import SystemClock, open_desk, open_instruments
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.words import Command, msg, spoken
from bridge.config import workspace as workspace_file
from bridge.config.templates import Templates
from bridge.doctor import access, local, names
from bridge.doctor.diagnosis import Diagnosis
from bridge.errors import (
    CONFIGURATION,
    SITE,
    ConfigurationError,
    NoWorkspace,
    ProblemsFound,
)
from bridge.operations.checkup import Checkup, needs, seats
from bridge.operations.diagnose import examine
from bridge.report import doctor as report
from bridge.retroplan.lint import lint
from bridge.retroplan.template import Template
from bridge.settings import Settings
from bridge.text import text
from bridge.workspace import Workspace

WANTING = 1
_TIMEZONE = "Europe/Paris"  # where no workspace says another


@dataclass
class _Local:
    """What this machine holds, each part as far as it is sound."""

    folder: Path | None = None
    workspace: Workspace | None = None
    settings: Settings | None = None
    templates: list[Template] = field(default_factory=list)
    diagnoses: list[Diagnosis] = field(default_factory=list)


@click.command(
    "doctor",
    cls=Command,
    help=msg(
        "Check bridge.yaml, the templates, and what the account finds on the site: its rights "
        "(missing, or too much), screens, fields, people, pages. Nothing is written. Exit 1 where "
        "errors are found, 3 where the configuration cannot be used, 6 where the site cannot be reached."
    ),
)
@options.as_format
@click.pass_context
def doctor(ctx: click.Context, shape: str) -> None:
    """Look at home, look at the site, report."""
    here = _Local()
    _read_workspace(here, ctx.obj)
    _read_templates(here)
    _read_settings(here)
    checkup = _on_site(here)
    diagnoses = report.sorted_by_weight([*here.diagnoses, *checkup.diagnoses])
    if shape == "json":
        output.write_json(report.as_json(checkup, diagnoses, spoken()))
    else:
        heading = report.heading(
            checkup, here.settings.jira if here.settings else None, here.workspace, spoken()
        )
        output.write([*heading, *report.as_text(diagnoses, spoken(), output.width())])
    ctx.exit(_code(here, checkup, diagnoses))


def _code(here: _Local, checkup: Checkup, diagnoses: Sequence[Diagnosis]) -> int:
    if here.workspace is None or here.settings is None:
        return CONFIGURATION
    if not checkup.is_reached:
        return SITE
    return WANTING if any(one.severity == "error" for one in diagnoses) else 0


# --- at home ---------------------------------------------------------------------------------------


def _read_workspace(here: _Local, session: Session) -> None:
    start = (session.workspace or Path.cwd()).resolve()
    try:
        here.folder = workspace_file.find(start)
        here.workspace = workspace_file.load(here.folder)
    except (NoWorkspace, ProblemsFound) as error:
        here.diagnoses += local.refused("E-WORKSPACE", error, workspace_file.FILE)
        return
    here.diagnoses += local.mode(here.workspace)
    today = options.today_in(here.workspace)
    here.diagnoses += access.token_end(here.workspace.token_expires, today)


def _read_templates(here: _Local) -> None:
    templates = Templates(here.folder)
    year = date.today().year  # noqa: DTZ011  # the civil year where the person sits
    for name in templates.names:
        try:
            template = templates.get(name)
        except ProblemsFound as error:
            here.diagnoses += local.refused("E-TEMPLATE", error, name)
            continue
        here.templates.append(template)
        if templates.is_own(name):
            here.diagnoses += local.linted(template, lint(template, year))
    if here.workspace is not None:
        here.diagnoses += names.roles(here.workspace.team, needs(here.templates))


def _read_settings(here: _Local) -> None:
    try:
        here.settings = Settings.of_environment()
    except ConfigurationError as error:
        here.diagnoses += local.refused("E-SETTINGS", error, text("the environment"))


# --- on the site -----------------------------------------------------------------------------------


def _on_site(here: _Local) -> Checkup:
    if here.settings is None:
        return Checkup()
    workspace, folder, settings = here.workspace, here.folder, here.settings
    desk = (
        cache(partial(open_desk, folder, workspace, output.tell, settings=settings))
        if workspace is not None and folder is not None
        else None
    )
    clock = SystemClock(workspace.timezone if workspace else _TIMEZONE)
    output.tell(text("Looking at {url} …", url=settings.jira))
    tools = open_instruments(settings, clock, output.tell, desk)
    placed = seats(workspace, here.templates) if workspace else ()
    return examine(tools, workspace, placed)
