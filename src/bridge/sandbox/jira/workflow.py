"""Moving an issue along its project's workflow."""

from dataclasses import replace

from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.projects import Transition
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person


def available(setup: Setup, issue: Issue, person: Person | None) -> list[Transition]:
    """Return the transitions this person may carry out now; none without the right."""
    project = setup.projects[issue.project]
    if not permissions.allowed(person, permissions.TRANSITION, project):
        return []
    return [t for t in project.transitions if not t.origins or issue.status in t.origins]


def moved(setup: Setup, issue: Issue, transition: Transition) -> Issue:
    """Return the issue after a transition: finishing sets the resolution, reopening clears it."""
    done = setup.statuses[transition.to].category == "done"
    was = setup.statuses[issue.status].category
    now = setup.now()
    resolution = next(iter(setup.resolutions)).id if done else None
    values = {
        **issue.values,
        "resolution": issue.values.get("resolution") or resolution if done else None,
    }
    changed = setup.statuses[transition.to].category != was
    return replace(
        issue,
        status=transition.to,
        resolved=(issue.resolved or now) if done else None,
        category_changed=now if changed else issue.category_changed,
        values=values,
    )
