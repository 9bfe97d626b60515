"""A change touches the pages of some months: publish them anew, if anybody has or needs them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from bridge.errors import BridgeError, SiteError
from bridge.memory import is_record
from bridge.operations import month as operation
from bridge.operations.month import next_month
from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.reactions.reaction import Reaction
from bridge.retroplan.calendars import FIRST_YEAR, LAST_YEAR
from bridge.text import text
from bridge.tracker import Issue
from bridge.workspace import Workspace

KIND: Final = "month"
NOW: Final = "now"  # the name of the job about whichever month it is when it runs
_AHEAD: Final = timedelta(days=7)  # a page shows the next worked day too, maybe next month's


def concerns(hint: Hint, issue: Issue | None, workspace: Workspace) -> Iterable[str]:
    """Return the months of the dates that the issue has, had or gets; for none, the present one.

    Undated actions stand on every page; the nightly publish brings the others up to date.
    """
    if not _may_stand_there(hint, issue, workspace):
        return ()
    days = [*hint.dates, *([issue.due] if issue is not None and issue.due else [])]
    found = [f"{day:%Y-%m}" for day in days if FIRST_YEAR <= day.year <= LAST_YEAR]
    return found if days or issue is None else (NOW,)


def _may_stand_there(hint: Hint, issue: Issue | None, workspace: Workspace) -> bool:
    """Tell whether an issue stands, or stood, on a month's page, as far as its keys say it."""
    project = (issue.key if issue else hint.issue).rpartition("-")[0]
    if workspace.month_jql is None and project not in workspace.projects.values():
        return False
    return issue is None or (issue.kind == "task" and not is_record(issue))


def act(name: str, around: Around) -> None:
    """Publish the month; unchanged, nothing is written. Raises as `month publish` does."""
    today = around.tools.clock.today()
    present = today.replace(day=1)
    month = present if name == NOW else date.fromisoformat(f"{name}-01")
    months = {month}
    if month <= (today + _AHEAD).replace(day=1):
        months.add(present)  # it shows what is late from before, and the next worked day
    bring_up_to_date(months, around)


def bring_up_to_date(months: Iterable[date], around: Around) -> None:
    """Publish those months (first days) that have a page, and the present and the next one.

    No other page is ever made: nobody asked for it. Raises the first refusal, after all were tried;
    a SiteError at once.
    """
    known = operation.pages_of_months(around.workspace, around.wiki)
    present = around.tools.clock.today().replace(day=1)
    wanted = {present, next_month(present)}
    refusals = []
    for month in sorted(set(months)):
        if month in wanted or f"{month:%Y-%m}" in known:
            try:
                _publish(month, around)
            except SiteError:
                raise
            except BridgeError as refused:
                refusals.append(refused)
    if refusals:
        raise refusals[0]


def _publish(month: date, around: Around) -> None:
    workspace, tools, layout = around.workspace, around.tools, around.layout(month)
    if workspace.mode == "write":
        operation.publish(month, workspace, tools, around.wiki, layout)
        return
    seen = operation.gather(month, workspace, tools.tracker, tools.clock, tools.speaker)
    if operation.look(month, workspace, seen, around.wiki, layout).would_write:
        tools.progress(
            text(
                "The page of {month} would change; this workspace only observes: nothing was written.",
                month=f"{month:%Y-%m}",
            )
        )


# A burst of changes makes one version, and a page is never a minute behind.
REACTION: Final = Reaction(
    kind=KIND,
    concerns=concerns,
    act=act,
    words=lambda name: (
        text("This month: looked at.")
        if name == NOW
        else text("Month {month}: looked at.", month=name)
    ),
    quiet=5.0,
    at_most=60.0,
)
