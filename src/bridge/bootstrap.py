"""The only place where real things are chosen and opened: sites, disk, clock."""

import base64
import html
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from bridge.errors import ConfigurationError, FileInTheWay, MissingSetting, OtherFlavour
from bridge.journal import DiskJournal, one_writer, recorded_epic
from bridge.language import Language, language
from bridge.ports import Clock, Progress, Tracker, Wiki, WikiInspector
from bridge.site import Flavour
from bridge.text import text
from bridge.workspace import Workspace

if TYPE_CHECKING:
    from bridge.atlassian.transport import Transport
    from bridge.operations.checkup import Instruments

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class SystemClock:
    """The machine's time, in the workspace's time zone."""

    def __init__(self, timezone: str, today: date | None = None) -> None:
        self._zone = ZoneInfo(timezone)
        self._today = today

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(self._zone)

    def today(self) -> date:
        """Return the civil date there, or the day the user asked to reckon from."""
        return self._today or self.now().date()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Settings:
    """What differs between machines: addresses and who signs in. Never printed."""

    jira: str
    confluence: str
    email: str | None
    token: str

    def __repr__(self) -> str:
        return f"Settings(jira={self.jira!r}, confluence={self.confluence!r})"

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment; raise MissingSetting, or ConfigurationError for what cannot be used.

        Blanks around a value are a shell's or an editor's (``BRIDGE_TOKEN=$(cat file)``), never meant.
        """
        environment = os.environ if environment is None else environment
        given = {name: value.strip() for name, value in environment.items()}
        missing = [name for name in ("BRIDGE_JIRA_URL", "BRIDGE_TOKEN") if not given.get(name)]
        if missing:
            raise MissingSetting(missing)
        jira = _address("BRIDGE_JIRA_URL", given["BRIDGE_JIRA_URL"])
        # Through the gateway only the product's name differs; on a site Confluence is below Jira.
        wiki = given.get("BRIDGE_CONFLUENCE_URL") or jira.replace("/ex/jira/", "/ex/confluence/")
        return cls(
            jira=jira,
            confluence=_address("BRIDGE_CONFLUENCE_URL", wiki),
            email=_signed("BRIDGE_EMAIL", given.get("BRIDGE_EMAIL", "")) or None,
            token=_signed("BRIDGE_TOKEN", given["BRIDGE_TOKEN"]),
        )


def _signed(name: str, written: str) -> str:
    """Return what signs us in, if it can travel in a header: printable ASCII. Never shown."""
    if not (written.isascii() and written.isprintable()) or " " in written:
        raise ConfigurationError(
            text("{name} holds a character that cannot belong there.", name=name),
            text("Copy it again, alone: letters, digits and signs, no accents, no blanks."),
        )
    return written


def _address(name: str, written: str) -> str:
    """Return an address without its trailing slash; a token must not travel in clear text."""
    try:
        parts = urlsplit(written)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no closing bracket, or a port that is no number
        raise _no_address(name, written) from None
    if parts.username or parts.password:
        raise ConfigurationError(
            text("{name} contains a user name or password.", name=name),
            text("Put the e-mail into BRIDGE_EMAIL and the token into BRIDGE_TOKEN."),
        )
    if not is_address or parts.query or parts.fragment or any(map(str.isspace, written)):
        raise _no_address(name, written)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ConfigurationError(
            text("{name} would send the token without encryption.", name=name),
            text("Use https; http is for this machine only."),
        )
    return written.rstrip("/")


def _no_address(name: str, written: str) -> ConfigurationError:
    """Return the refusal; nothing before the last @ is shown, it may be a password."""
    return ConfigurationError(
        text("{name} is no web address: {value}", name=name, value=written.rpartition("@")[2]),
        text("Write it such as https://boutique.atlassian.net."),
    )


@dataclass(frozen=True)
class Desk:
    """One workspace with everything real that its verbs need."""

    folder: Path
    workspace: Workspace
    clock: Clock
    speaker: Language
    tracker: Tracker
    wiki: Wiki
    progress: Progress

    @contextmanager
    def writing(self) -> Iterator[DiskJournal]:
        """Hold the workspace's lock and open its journal."""
        with one_writer(self.folder):
            yield DiskJournal(self.folder, self.workspace.id, self.tracker.site, self.clock)

    def recorded_epic(self, campaign: str) -> str | None:
        """Return the key of a campaign's epic as this machine recorded it."""
        return recorded_epic(self.folder, self.workspace.id, self.tracker.site, campaign)


def open_desk(
    folder: Path,
    workspace: Workspace,
    progress: Progress,
    *,
    today: date | None = None,
    settings: Settings | None = None,
) -> Desk:
    """Open the real Jira and Confluence of a workspace.

    Asks a Jira whose address does not say it whether it is Cloud or Data Center; Confluence is taken
    to be of the same flavour. Raises for missing settings, or a SiteError.
    """
    from bridge.atlassian import flavour  # noqa: PLC0415  # network commands only
    from bridge.atlassian.transport import Credentials, Fence, Transport  # noqa: PLC0415  # as above
    from bridge.atlassian.wire import Product  # noqa: PLC0415  # as above

    settings = settings or Settings.of_environment()
    credentials = Credentials(settings.token, settings.email)
    fence = Fence(
        observe=workspace.mode == "observe",
        allowed=frozenset({*workspace.projects.values(), f"space:{workspace.space}"}),
    )
    clock = SystemClock(workspace.timezone, today)

    def connect(product: Product, url: str) -> Transport:
        return Transport(product, url, credentials, fence, on_wait=progress, sleep=clock.sleep)

    jira = connect("Jira", settings.jira)
    info = cache(lambda: flavour.ask(jira))
    is_cloud = flavour.is_surely_cloud(settings.jira) or info().flavour == "cloud"
    through_gateway = flavour.is_gateway(settings.jira)
    confluence = _wiki_address(settings.confluence) if is_cloud else settings.confluence
    return Desk(
        folder=folder,
        workspace=workspace,
        clock=clock,
        speaker=language(workspace.lang),
        tracker=_tracker(
            jira,
            workspace,
            is_cloud=is_cloud,
            seen_at=lambda: info().base_url if through_gateway else settings.jira,
        ),
        wiki=_wiki(
            connect("Confluence", confluence),
            workspace,
            is_cloud=is_cloud,
            seen_at=lambda: f"{info().base_url}/wiki" if through_gateway else confluence,
        ),
        progress=progress,
    )


def _tracker(
    transport: "Transport", workspace: Workspace, *, is_cloud: bool, seen_at: Callable[[], str]
) -> Tracker:
    from bridge.atlassian.jira import Jira  # noqa: PLC0415  # network commands only
    from bridge.atlassian.jira_cloud import Cloud  # noqa: PLC0415  # as above
    from bridge.atlassian.jira_datacenter import DataCenter  # noqa: PLC0415  # as above

    return Jira(
        transport,
        Cloud() if is_cloud else DataCenter(),
        public_url=seen_at,
        link_type=workspace.link_type,
        epic_type=workspace.epic_type,
        task_type=workspace.task_type,
        start_field=workspace.start_date_field,
    )


def _wiki(
    transport: "Transport", workspace: Workspace, *, is_cloud: bool, seen_at: Callable[[], str]
) -> Wiki:
    from bridge.atlassian.confluence import ConfluenceCloud  # noqa: PLC0415  # network commands only
    from bridge.atlassian.confluence_datacenter import ConfluenceDataCenter  # noqa: PLC0415  # as above

    if is_cloud:
        return ConfluenceCloud(transport, workspace.space, seen_at)
    return ConfluenceDataCenter(transport, workspace.space)


def open_instruments(
    settings: Settings,
    clock: SystemClock,
    progress: Progress,
    desk: Callable[[], Desk] | None = None,
) -> "Instruments":
    """Open what looks around on a site; it reads only, whatever bridge.yaml says.

    ``desk`` opens the workspace's own Jira and Confluence, where bridge.yaml can be used.
    """
    from bridge.atlassian.confluence_inspection import (  # noqa: PLC0415  # network commands only
        CloudInspection,
        DataCenterInspection,
    )
    from bridge.atlassian.inspection import JiraInspection  # noqa: PLC0415  # as above
    from bridge.atlassian.session import TIMEOUT  # noqa: PLC0415  # as above
    from bridge.atlassian.transport import Credentials, Fence, Transport  # noqa: PLC0415  # as above
    from bridge.atlassian.wire import Product  # noqa: PLC0415  # as above
    from bridge.operations.checkup import Instruments  # noqa: PLC0415  # only who looks around needs it

    credentials = Credentials(settings.token, settings.email)
    fence = Fence(observe=True, allowed=frozenset())

    def connect(product: Product, url: str) -> Transport:
        return Transport(product, url, credentials, fence, on_wait=progress, sleep=clock.sleep)

    def confluence(flavour: Flavour) -> WikiInspector:
        if flavour == "cloud":
            return CloudInspection(connect("Confluence", _wiki_address(settings.confluence)))
        return DataCenterInspection(connect("Confluence", settings.confluence))

    return Instruments(
        jira=JiraInspection(connect("Jira", settings.jira), clock.now),
        confluence=confluence,
        jira_url=settings.jira,
        confluence_url=settings.confluence,
        has_email=settings.email is not None,
        patience=TIMEOUT,
        tracker=(lambda: desk().tracker) if desk else None,
        pages=(lambda: desk().wiki) if desk else None,
    )


@contextmanager
def sandbox(language: str) -> Iterator[dict[str, Any]]:
    """Run a sandbox in memory while the block lasts; gives what ``bridge sandbox`` announces.

    ``language`` (``fr`` or ``en``): how the site names its types, statuses and fields.
    """
    from bridge.sandbox import Sandbox  # noqa: PLC0415  # only the demo needs it

    with Sandbox(language=language) as box:
        yield box.ready


def serve_sandbox(
    port: int,
    db: Path | None,
    language: str,
    on_ready: Callable[[dict[str, Any]], None],
    *,
    flavour: str = "cloud",
    limits: bool = False,
) -> None:
    """Serve a sandbox until SIGINT or SIGTERM; a new site is set up in ``language``.

    With ``limits`` it answers 429 as the real service does.

    Raises:
        OtherFlavour: the file holds a site of the other flavour.

    """
    from bridge.sandbox import serve  # noqa: PLC0415  # only this command needs it
    from bridge.sandbox.site import OtherFlavourError  # noqa: PLC0415

    try:
        serve(port, db, flavour, on_ready, language=language, limits=limits)
    except OtherFlavourError as other:
        raise OtherFlavour(str(db), other.held) from None


def snapshot(url: str) -> str:
    """Return a page of the sandbox as one HTML file: style sheets and pictures inside, scripts gone."""
    import requests  # noqa: PLC0415  # network commands only

    @cache
    def fetched(address: str) -> requests.Response:
        answer = requests.get(urljoin(url, address), timeout=10)
        answer.raise_for_status()
        return answer

    def sheet(found: re.Match[str]) -> str:
        return f"<style>{fetched(found[1]).text}</style>"

    def picture(found: re.Match[str]) -> str:
        answer = fetched(html.unescape(found[2]))
        kind = answer.headers["Content-Type"].partition(";")[0]
        return f"{found[1]}data:{kind};base64,{base64.b64encode(answer.content).decode()}{found[3]}"

    page = fetched(url).text
    page = re.sub(r'<link rel="stylesheet" href="([^"]+)"\s*/?>', sheet, page)
    page = re.sub(r'(<img\b[^>]*?\bsrc=")(/[^"]+)(")', picture, page)
    return re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)


def folder_in_use(folder: Path) -> FileInTheWay:
    """Return the refusal to play a demo over a folder that is not a demo's."""
    return FileInTheWay(str(folder))


def _wiki_address(url: str) -> str:
    """Return Confluence Cloud's address; everything it serves stands below /wiki."""
    return url if url.endswith("/wiki") else f"{url}/wiki"
