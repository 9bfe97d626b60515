"""Make a bridge.yaml from what a site shows: sign in, look around, ask, write it down."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bridge.bootstrap import SystemClock, open_desk, open_instruments
from bridge.cli import output
from bridge.cli.guide import Guide
from bridge.cli.words import spoken
from bridge.config import yamlfile
from bridge.config.templates import Templates
from bridge.config.workspace import FILE, of_document
from bridge.operations.checkup import needs
from bridge.operations.initialise import Beginning, propose
from bridge.report import workspace as report
from bridge.settings import Settings
from bridge.text import text
from bridge.tracker import Survey
from bridge.workspace import Workspace

_TIMEZONE = "Europe/Paris"  # what a new workspace says
_LABEL = "bridge"


def introduce(site: str, given: Mapping[str, str]) -> str:
    """Return the text of the file; raises for missing settings, a refused sign-in, an open question."""
    settings = Settings.of_environment({**os.environ, "BRIDGE_JIRA_URL": site})
    clock = SystemClock(_TIMEZONE)
    tools = open_instruments(settings, clock, output.tell)
    output.tell(text("Looking at {url} …", url=settings.jira))

    def survey(workspace: Workspace) -> Survey:
        desk = open_desk(Path.cwd(), workspace, output.tell, settings=settings)
        return desk.tracker.survey(sorted(set(workspace.projects.values())), (), _LABEL)

    beginning = Beginning(
        host=urlsplit(settings.jira).hostname or "",
        lang=spoken().code,
        parent=spoken().say(text("Marketing calendar")),
        roles=sorted(needs(Templates().all()[0])),
    )
    proposal = propose(tools, survey, beginning, Guide(given, asks=output.is_terminal()))
    content = report.as_yaml(proposal, spoken())
    of_document(yamlfile.parse(content, FILE))  # what its own reader refuses must not be written
    return content
