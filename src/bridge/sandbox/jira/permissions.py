"""Who may do what in which project, and the texts Jira lists permissions with."""

from dataclasses import replace

from bridge.sandbox.jira.projects import ANONYMOUS, EVERYONE, Project
from bridge.sandbox.people import GLOBAL_PERMISSIONS, Person

BROWSE = "BROWSE_PROJECTS"
CREATE = "CREATE_ISSUES"
EDIT = "EDIT_ISSUES"
ASSIGN = "ASSIGN_ISSUES"
ASSIGNABLE = "ASSIGNABLE_USER"
LINK = "LINK_ISSUES"
TRANSITION = "TRANSITION_ISSUES"
SCHEDULE = "SCHEDULE_ISSUES"
DELETE = "DELETE_ISSUES"
COMMENT = "ADD_COMMENTS"
ADMINISTER_PROJECT = "ADMINISTER_PROJECTS"
REPORTER = "MODIFY_REPORTER"
SECURITY = "SET_ISSUE_SECURITY"
ADMINISTER = "ADMINISTER"
BROWSE_USERS = "USER_PICKER"

_FOR_EVERYONE = {
    BROWSE: "Browse Projects",
    CREATE: "Create Issues",
    EDIT: "Edit Issues",
    ASSIGN: "Assign Issues",
    ASSIGNABLE: "Assignable User",
    LINK: "Link Issues",
    TRANSITION: "Transition Issues",
    SCHEDULE: "Schedule Issues",
    COMMENT: "Add Comments",
    "CLOSE_ISSUES": "Close Issues",
    "RESOLVE_ISSUES": "Resolve Issues",
    "MOVE_ISSUES": "Move Issues",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
    "DELETE_OWN_COMMENTS": "Delete Own Comments",
    "CREATE_ATTACHMENTS": "Create Attachments",
    "DELETE_OWN_ATTACHMENTS": "Delete Own Attachments",
    "VIEW_VOTERS_AND_WATCHERS": "View Voters and Watchers",
    "MANAGE_WATCHERS": "Manage Watchers",
    "VIEW_DEV_TOOLS": "View Development Tools",
    "VIEW_READONLY_WORKFLOW": "View Read-Only Workflow",
    "WORK_ON_ISSUES": "Work On Issues",
}
_FOR_PROJECT_ADMINS = {
    ADMINISTER_PROJECT: "Administer Projects",
    DELETE: "Delete Issues",
    REPORTER: "Modify Reporter",
    SECURITY: "Set Issue Security",
    "EDIT_ALL_COMMENTS": "Edit All Comments",
    "DELETE_ALL_COMMENTS": "Delete All Comments",
    "DELETE_ALL_ATTACHMENTS": "Delete All Attachments",
    "MANAGE_SPRINTS_PERMISSION": "Manage sprints",
}
_GLOBAL = {
    ADMINISTER: "Administer Jira",
    "SYSTEM_ADMIN": "Jira System Administrators",
    "BULK_CHANGE": "Make bulk changes",
    BROWSE_USERS: "Browse users and groups",
    "CREATE_SHARED_OBJECTS": "Share dashboards and filters",
    "MANAGE_GROUP_FILTER_SUBSCRIPTIONS": "Manage group filter subscriptions",
}
PROJECT_PERMISSIONS = {**_FOR_EVERYONE, **_FOR_PROJECT_ADMINS}
NAMES = {**PROJECT_PERMISSIONS, **_GLOBAL}
"""Every permission key the site knows, with its English name."""
NUMBERS = {key: str(n) for n, key in enumerate(NAMES, start=1)}


def default_grants(admins: list[str]) -> dict[str, list[str]]:
    """Return the permission scheme of a new project: everybody signed in works, ``admins`` administer."""
    return {key: [EVERYONE] for key in _FOR_EVERYONE} | {
        key: list(admins) for key in _FOR_PROJECT_ADMINS
    }


def allowed(person: Person | None, permission: str, project: Project) -> bool:
    """Whether somebody (None is anonymous) has a project permission."""
    holders = project.grants.get(permission, [])
    if person is None:
        return ANONYMOUS in holders
    if not person.active or person.account_id in project.denied.get(permission, []):
        return False
    return person.account_id in holders or EVERYONE in holders or ANONYMOUS in holders


def allowed_globally(person: Person | None, permission: str) -> bool:
    """Whether somebody has a global permission."""
    return person is not None and person.active and permission in person.rights


def is_global(permission: str) -> bool:
    """Whether a permission concerns the site, not a project."""
    return permission in GLOBAL_PERMISSIONS


def granted(project: Project, account: str, permission: str) -> Project:
    """Return the project after giving a permission to an account."""
    denied = [a for a in project.denied.get(permission, []) if a != account]
    holders = [*(a for a in project.grants.get(permission, []) if a != account), account]
    return replace(
        project,
        grants={**project.grants, permission: holders},
        denied={**project.denied, permission: denied},
    )


def revoked(project: Project, account: str, permission: str) -> Project:
    """Return the project after taking a permission from an account, also where everybody has it."""
    holders = [a for a in project.grants.get(permission, []) if a != account]
    denied = [*(a for a in project.denied.get(permission, []) if a != account), account]
    return replace(
        project,
        grants={**project.grants, permission: holders},
        denied={**project.denied, permission: denied},
    )


def administered(project: Project, account: str, *, admin: bool) -> Project:
    """Return the project after making an account one of its administrators, or no longer one."""
    for permission in _FOR_PROJECT_ADMINS:
        project = (
            granted(project, account, permission)
            if admin
            else revoked(project, account, permission)
        )
    return project
