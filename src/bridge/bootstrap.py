"""The only place where real things are chosen and opened: sites, disk, clock."""

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from bridge.errors import ConfigurationError, FileInTheWay, MissingSetting
from bridge.journal import DiskJournal, one_writer
from bridge.language import Language, language
from bridge.ports import Clock, Progress, Tracker, Wiki
from bridge.text import text
from bridge.workspace import Workspace

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
        """Read the environment; raise MissingSetting, or ConfigurationError for an unsafe address."""
        environment = os.environ if environment is None else environment
        missing = [
            name for name in ("BRIDGE_JIRA_URL", "BRIDGE_TOKEN") if not environment.get(name)
        ]
        if missing:
            raise MissingSetting(missing)
        jira = _address("BRIDGE_JIRA_URL", environment["BRIDGE_JIRA_URL"])
        wiki = environment.get("BRIDGE_CONFLUENCE_URL") or f"{jira}/wiki"
        return cls(
            jira=jira,
            confluence=_address("BRIDGE_CONFLUENCE_URL", wiki),
            email=environment.get("BRIDGE_EMAIL") or None,
            token=environment["BRIDGE_TOKEN"],
        )


def _address(name: str, written: str) -> str:
    """Return an address without its trailing slash; a token must not travel in clear text."""
    parts = urlsplit(written)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ConfigurationError(
            text(
                "{name} is no web address: {value}",
                name=name,
                value=written.partition("@")[2] or written,
            ),
            text("Write it such as https://boutique.atlassian.net."),
        )
    if parts.username or parts.password:
        raise ConfigurationError(
            text("{name} contains a user name or password.", name=name),
            text("Put the e-mail into BRIDGE_EMAIL and the token into BRIDGE_TOKEN."),
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ConfigurationError(
            text("{name} would send the token without encryption.", name=name),
            text("Use https; http is for this machine only."),
        )
    return written.rstrip("/")


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


def open_desk(
    folder: Path,
    workspace: Workspace,
    progress: Progress,
    *,
    today: date | None = None,
    settings: Settings | None = None,
) -> Desk:
    """Open the real Jira and Confluence of a workspace; raise for missing settings."""
    from bridge.atlassian.confluence import ConfluenceCloud  # noqa: PLC0415  # network commands only
    from bridge.atlassian.jira import JiraCloud  # noqa: PLC0415  # as above
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
    confluence = connect("Confluence", _wiki_address(settings.confluence))
    return Desk(
        folder=folder,
        workspace=workspace,
        clock=clock,
        speaker=language(workspace.lang),
        tracker=JiraCloud(
            jira,
            link_type=workspace.link_type,
            epic_type=workspace.epic_type,
            task_type=workspace.task_type,
            start_field=workspace.start_date_field,
        ),
        wiki=ConfluenceCloud(confluence, workspace.space),
        progress=progress,
    )


@contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """Run a sandbox in memory while the block lasts; gives what ``bridge sandbox`` announces."""
    from bridge.sandbox import Sandbox  # noqa: PLC0415  # only the demo needs it

    with Sandbox() as box:
        yield box.ready


def serve_sandbox(
    port: int,
    db: Path | None,
    on_ready: Callable[[dict[str, Any]], None],
    *,
    limits: bool = False,
) -> None:
    """Serve a sandbox until SIGINT or SIGTERM; with ``limits`` it answers 429 as the real service does."""
    from bridge.sandbox import serve  # noqa: PLC0415  # only this command needs it

    serve(port, db, on_ready=on_ready, limits=limits)


def snapshot(url: str) -> str:
    """Return a page of the sandbox as one HTML file, its style sheets inside and its scripts gone."""
    import requests  # noqa: PLC0415  # network commands only

    def sheet(found: re.Match[str]) -> str:
        return f"<style>{requests.get(urljoin(url, found[1]), timeout=10).text}</style>"

    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    page = answer.text
    page = re.sub(r'<link rel="stylesheet" href="([^"]+)"\s*/?>', sheet, page)
    return re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)


def folder_in_use(folder: Path) -> FileInTheWay:
    """Return the refusal to play a demo over a folder that is not a demo's."""
    return FileInTheWay(str(folder))


def _wiki_address(url: str) -> str:
    """Return Confluence Cloud's address; everything it serves stands below /wiki."""
    return url if url.endswith("/wiki") else f"{url}/wiki"
