"""Open the real Jira and Confluence of a site, in the flavour that stands there."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from bridge.atlassian import flavour
from bridge.atlassian.confluence import ConfluenceCloud
from bridge.atlassian.confluence_datacenter import ConfluenceDataCenter
from bridge.atlassian.confluence_inspection import CloudInspection, DataCenterInspection
from bridge.atlassian.hooks import WRITES, CloudShape, DataCenterShape, JiraHooks
from bridge.atlassian.inspection import JiraInspection
from bridge.atlassian.jira import Jira
from bridge.atlassian.jira_cloud import Cloud
from bridge.atlassian.jira_datacenter import DataCenter
from bridge.atlassian.session import TIMEOUT
from bridge.atlassian.transport import FREELY, Credentials, Fence, Leave, Transport
from bridge.atlassian.wire import Product
from bridge.operations.checkup import Instruments
from bridge.ports import Hooks, Progress, Tracker, Wiki, WikiInspector
from bridge.settings import Settings
from bridge.site import Flavour
from bridge.workspace import Workspace

_Connect = Callable[[Product, str], Transport]


def site(
    settings: Settings,
    workspace: Workspace,
    *,
    on_wait: Progress,
    sleep: Callable[[float], None],
    permit: Callable[[], None] | None = None,
    before_write: Callable[[], None] | None = None,
) -> tuple[Tracker, Wiki]:
    """Open a workspace's Jira and Confluence behind its fence.

    Asks a Jira whose address does not say it whether it is Cloud or Data Center; Confluence is taken
    to be of the same flavour. ``permit`` and ``before_write``: see :class:`Leave`. Raises a SiteError.
    """
    fence = Fence(
        observe=workspace.mode == "observe",
        allowed=frozenset({*workspace.projects.values(), f"space:{workspace.space}"}),
    )
    connect = _connecting(settings, fence, on_wait, sleep, Leave(permit, before_write))
    jira = connect("Jira", settings.jira)
    info = cache(lambda: flavour.ask(jira))
    is_cloud = flavour.is_surely_cloud(settings.jira) or info().flavour == "cloud"
    # Through the gateway people see another address than requests go to: the server names it.
    seen_at = (lambda: info().base_url) if flavour.is_gateway(settings.jira) else None
    tracker = _tracker(jira, workspace, Cloud() if is_cloud else DataCenter(), seen_at)
    if not is_cloud:
        return tracker, ConfluenceDataCenter(
            connect("Confluence", settings.confluence), workspace.space
        )
    confluence = _wiki_address(settings.confluence)
    wiki = ConfluenceCloud(
        connect("Confluence", confluence),
        workspace.space,
        (lambda: _wiki_address(seen_at())) if seen_at else (lambda: confluence),
    )
    return tracker, wiki


def hooks(
    settings: Settings, workspace: Workspace, *, on_wait: Progress, sleep: Callable[[float], None]
) -> Hooks:
    """Open the webhooks of a workspace's Jira, and nothing else; in observe mode they are only read.

    Asks a Jira whose address does not say it whether it is Cloud or Data Center. Raises a SiteError.
    """
    # Webhooks belong to the site: who opens them allows them by name, and no project with them.
    fence = Fence(observe=workspace.mode == "observe", allowed=frozenset({WRITES}))
    jira = _connecting(settings, fence, on_wait, sleep)("Jira", settings.jira)
    is_cloud = flavour.is_surely_cloud(settings.jira) or flavour.ask(jira).flavour == "cloud"
    return JiraHooks(jira, CloudShape() if is_cloud else DataCenterShape())


def instruments(
    settings: Settings,
    *,
    now: Callable[[], datetime],
    on_wait: Progress,
    sleep: Callable[[float], None],
    tracker: Callable[[], Tracker] | None,
    pages: Callable[[], Wiki] | None,
) -> Instruments:
    """Open what looks around on a site; it reads only.

    ``tracker`` and ``pages`` open the workspace's own, where bridge.yaml can be used.
    """
    connect = _connecting(settings, Fence(observe=True, allowed=frozenset()), on_wait, sleep)

    def confluence(found: Flavour) -> WikiInspector:
        if found == "cloud":
            return CloudInspection(connect("Confluence", _wiki_address(settings.confluence)))
        return DataCenterInspection(connect("Confluence", settings.confluence))

    return Instruments(
        jira=JiraInspection(connect("Jira", settings.jira), now),
        confluence=confluence,
        jira_url=settings.jira,
        confluence_url=settings.confluence,
        has_email=settings.email is not None,
        patience=TIMEOUT,
        tracker=tracker,
        pages=pages,
    )


def _connecting(
    settings: Settings,
    fence: Fence,
    on_wait: Progress,
    sleep: Callable[[float], None],
    leave: Leave = FREELY,
) -> _Connect:
    """Return what connects to a product with these settings, behind this fence."""
    credentials = Credentials(settings.token, settings.email)
    return lambda product, url: Transport(
        product, url, credentials, fence, on_wait=on_wait, sleep=sleep, leave=leave
    )


def _tracker(
    transport: Transport,
    workspace: Workspace,
    dialect: Cloud | DataCenter,
    seen_at: Callable[[], str] | None,
) -> Tracker:
    return Jira(
        transport,
        dialect,
        public_url=seen_at,
        link_type=workspace.link_type,
        epic_type=workspace.epic_type,
        task_type=workspace.task_type,
        start_field=workspace.start_date_field,
    )


def _wiki_address(url: str) -> str:
    """Return Confluence Cloud's address; everything it serves stands below /wiki."""
    return url if url.endswith("/wiki") else f"{url}/wiki"
