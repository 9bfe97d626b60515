"""A reaction played against the sandbox: its surroundings opened as the service opens them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from bridge.bootstrap import open_desk
from bridge.cli import output
from bridge.config import workspace as workspace_file
from bridge.config.templates import Templates
from bridge.operations.case import Rules
from bridge.ports import Tools
from bridge.reactions import table
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from bridge.report import month as report
from bridge.settings import Settings
from tests.stories import requests
from tests.stories.conftest import Shop

TODAY = date(2027, 1, 4)


@contextmanager
def around(
    shop: Shop,
    *,
    today: date = TODAY,
    rules: Rules | None = None,
    settings: Settings | None = None,
) -> Iterator[Around]:
    """Open what a reaction works with; as the bridge's account, or as another with ``settings``."""
    workspace = workspace_file.load(shop.folder)
    desk = open_desk(shop.folder, workspace, output.tell, today=today, settings=settings)
    templates = Templates(shop.folder)
    by = rules or replace(requests.rules(today), steps=templates.requests_of)
    with desk.writing() as journal:
        yield Around(
            workspace=workspace,
            tools=Tools(desk.tracker, journal, desk.clock, desk.speaker, output.tell),
            wiki=desk.wiki,
            rules=by,
            templates=templates,
            layout=lambda month: report.layout(workspace, month, desk.speaker),
        )


def jobs_of(shop: Shop, key: str, event: str = "polled", *, today: date = TODAY) -> list[Job]:
    """Return what a change of an issue calls for."""
    hint = Hint(f"{event} {key}", event, key)
    with around(shop, today=today) as here:
        issue = here.tools.tracker.read([key]).get(key)
        return list(table.jobs_for(hint, issue, here.workspace))


def react(
    shop: Shop, key: str, *kinds: str, today: date = TODAY, rules: Rules | None = None
) -> list[Job]:
    """Let the bridge notice that an issue changed, and do what that calls for; return what it did.

    ``kinds``: only the reactions of these kinds.
    """
    jobs = [job for job in jobs_of(shop, key, today=today) if not kinds or job.kind in kinds]
    for job in jobs:
        with around(shop, today=today, rules=rules) as here:
            table.act(job, here)
    return jobs
