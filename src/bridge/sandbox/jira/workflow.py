"""Moving an issue along its workflow: who may take which step now, and what the step asks for."""

from collections.abc import Callable
from dataclasses import replace

from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.projects import Project, Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person

Condition = Callable[[Project, Issue, Person, str], bool]
_CONDITIONS: dict[str, Condition] = {
    "assignee": lambda _, issue, person, __: issue.assignee == person.account_id,
    "reporter": lambda _, issue, person, __: issue.values.get("reporter") == person.account_id,
    "permission": lambda project, _, person, key: permissions.allowed(person, key, project),
    "group": lambda _, __, person, name: name in person.groups,
    "role": lambda project, _, person, name: person.account_id in project.members(name),
    "user": lambda _, __, person, account: account == person.account_id,
}
"""The kinds of condition: ``assignee``, ``reporter``, ``permission:KEY``, ``group:NAME``, ``role:NAME``,
``user:ACCOUNT``; alternatives stand in one text with ``|`` between them."""


def available(setup: Setup, issue: Issue, person: Person | None) -> list[Transition]:
    """Return the transitions this person may carry out now; none without the right."""
    project = setup.projects[issue.project]
    if not permissions.allowed(person, permissions.TRANSITION, project):
        return []
    return [
        step
        for step in project.workflow(issue.type).transitions
        if (not step.origins or issue.status in step.origins)
        and all(_holds(condition, project, issue, person) for condition in step.conditions)
    ]


def _holds(condition: str, project: Project, issue: Issue, person: Person | None) -> bool:
    if person is None:
        return False
    for alternative in condition.split("|"):
        kind, _, detail = alternative.strip().partition(":")
        if _CONDITIONS[kind](project, issue, person, detail):
            return True
    return False


def moved(setup: Setup, issue: Issue, transition: Transition) -> Issue:
    """Return the issue after a transition: finishing sets a resolution, reopening clears it."""
    done = setup.statuses[transition.to].category == "done"
    was = setup.statuses[issue.status].category
    now = setup.now()
    usual = issue.values.get("resolution") or next(iter(setup.resolutions)).id
    values = {**issue.values, "resolution": usual if done else None}
    changed = setup.statuses[transition.to].category != was
    return replace(
        issue,
        status=transition.to,
        resolved=(issue.resolved or now) if done else None,
        category_changed=now if changed else issue.category_changed,
        values=values,
    )
