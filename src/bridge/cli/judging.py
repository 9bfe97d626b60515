"""What commands about requests in Jira open: the rules, the desk, and how a request is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bridge.bootstrap import open_desk
from bridge.cli import options, output
from bridge.cli.app import Session
from bridge.cli.rules import consult
from bridge.config import rulebook
from bridge.operations.case import Rules
from bridge.ports import Tools
from bridge.text import text
from bridge.workspace import Workspace


@contextmanager
def opened(session: Session, today: date | None) -> Iterator[tuple[Workspace, Tools, Rules]]:
    """Open the workspace's Jira and its rules while the block lasts; raises as each of them does."""
    folder, workspace = options.here(session)
    rules = rules_for(session, folder, today)
    desk = open_desk(folder, workspace, output.tell, today=today)
    with desk.writing() as journal:
        yield workspace, Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell), rules


def rules_for(session: Session, folder: Path, today: date | None) -> Rules:
    """Return by what a request is judged, and how it is read."""
    found = consult(session, today)
    return rulebook.of(folder, found.bundle, found.circumstances)


def only_shown(workspace: Workspace, *, dry_run: bool) -> bool:
    """Tell whether nothing may be written, and say so where the workspace forbids it."""
    if workspace.mode == "observe" and not dry_run:
        output.tell(text("This workspace only observes: mode: observe in bridge.yaml."))
    return dry_run or workspace.mode == "observe"
