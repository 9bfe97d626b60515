"""Webhooks: have Jira tell the service of changes at once. Polling finds them anyway, later.

One webhook a workspace, by its name: registered once however often it is asked for. A new one stands
before the old one goes, so that no change falls between; told twice is as good as told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bridge.ports import Hooks
from bridge.site import Webhook
from bridge.workspace import Workspace

EVENTS: Final = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
)
PATH: Final = "/webhooks/jira"  # where the service listens


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be registered, what is there under our name, and whether that is the same.

    ``replaces``: the ones that go once the new one stands.
    """

    name: str
    url: str
    jql: str
    found: Webhook | None
    replaces: tuple[Webhook, ...]

    @property
    def writes(self) -> bool:
        """Tell whether anything is to be done."""
        return self.found is None or bool(self.replaces)


def name_of(workspace: Workspace) -> str:
    """Return the name of this workspace's webhook, by which it is found again."""
    return f"bridge {workspace.id}"


def own(hooks: Hooks, workspace: Workspace) -> tuple[Webhook, ...]:
    """Return this workspace's webhooks; raises Forbidden where this account may not look."""
    return tuple(hook for hook in hooks.registered() if hook.name == name_of(workspace))


def jql_of(workspace: Workspace) -> str:
    """Return which issues Jira is to tell of: those of the configured projects."""
    projects = ", ".join(f'"{key}"' for key in sorted(set(workspace.projects.values())))
    return f"project in ({projects})"


def wanted(
    workspace: Workspace, url: str, there: Sequence[Webhook] = (), *, renew: bool = False
) -> Plan:
    """Return what ``url`` needs beside the webhooks that are there; decides, and asks nobody."""
    address, jql = url.rstrip("/") + PATH, jql_of(workspace)
    fitting = [] if renew else [hook for hook in there if _fits(hook, address, jql)]
    found = fitting[0] if fitting else None
    return Plan(
        name=name_of(workspace),
        url=address,
        jql=jql,
        found=found,
        replaces=tuple(hook for hook in there if hook is not found),
    )


def plan(hooks: Hooks, workspace: Workspace, url: str, *, renew: bool = False) -> Plan:
    """Return what registering ``url`` (the service's address) comes to.

    ``renew``: replace even one that fits, after a new secret, which a site never shows.
    """
    return wanted(workspace, url, own(hooks, workspace), renew=renew)


def _fits(hook: Webhook, url: str, jql: str) -> bool:
    return hook.enabled and hook.url == url and set(EVENTS) <= set(hook.events) and hook.jql == jql


def register(planned: Plan, hooks: Hooks, secret: str) -> Webhook:
    """Register what is missing, then delete what it replaces; return the one that stands."""
    stands = planned.found or hooks.register(planned.name, planned.url, secret, EVENTS, planned.jql)
    unregister(planned.replaces, hooks)
    return stands


def unregister(which: Sequence[Webhook], hooks: Hooks) -> None:
    """Delete webhooks."""
    for hook in which:
        hooks.unregister(hook.id)
