"""Which issue may stand below which."""

from collections.abc import Callable
from typing import Any

from bridge.sandbox.jira.kinds import IssueType
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.values import WrongValueError

WRONG_LEVEL = "Given parent work item does not belong to appropriate hierarchy."
PARENT_MISSING = "Issue type is a sub-task but parent issue key or id not specified."
_NOT_FOUND = "Could not find issue by id or key."


def parent_reference(raw: Any) -> str | None:
    """Return the key or id in ``{"key": …}`` or ``{"id": …}``; None where the parent is taken away.

    Raises:
        WrongValueError: of another shape.

    """
    if raw is None or (isinstance(raw, dict) and raw.get("none") is True):
        return None
    if not isinstance(raw, dict) or not {"id", "key"} & set(raw):
        raise WrongValueError("data was not an object" if not isinstance(raw, dict) else _NOT_FOUND)
    return str(raw.get("key") or raw.get("id"))


def checked_parent(
    setup: Setup, project: Project, kind: IssueType, raw: Any, find: Callable[[str], Issue | None]
) -> int | None:
    """Return the id of the parent that a request names.

    The parent stands exactly one level above. It may be in another project between company-managed
    projects, except for sub-tasks, and never for team-managed ones.

    Raises:
        WrongValueError: unknown parent, wrong level, or a sub-task left without one.

    """
    reference = parent_reference(raw)
    if reference is None:
        if kind.subtask:
            raise WrongValueError(PARENT_MISSING)
        return None
    parent = find(reference)
    if parent is None:
        raise WrongValueError(_NOT_FOUND)
    if setup.types[parent.type].level != kind.level + 1 or not _may_cross(
        setup, project, kind, parent
    ):
        raise WrongValueError(WRONG_LEVEL)
    return parent.id


def _may_cross(setup: Setup, project: Project, kind: IssueType, parent: Issue) -> bool:
    if parent.project == project.id:
        return True
    return not (kind.subtask or project.team_managed or setup.projects[parent.project].team_managed)
