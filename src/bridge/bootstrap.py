"""The only place where real things are chosen and opened: sites, disk, clock."""

import base64
import html
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from bridge.errors import OtherFlavour
from bridge.journal import DiskJournal, one_writer, recorded_epic
from bridge.language import Language, language
from bridge.ports import Clock, Hooks, Progress, Tracker, Wiki
from bridge.settings import Settings
from bridge.workspace import Workspace

if TYPE_CHECKING:
    from bridge.operations.checkup import Instruments


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
    permit: Callable[[], None] | None = None,
    before_write: Callable[[], None] | None = None,
) -> Desk:
    """Open the real Jira and Confluence of a workspace.

    Asks a Jira whose address does not say it whether it is Cloud or Data Center; Confluence is taken
    to be of the same flavour. Raises for missing settings, or a SiteError.

    ``permit`` is called before every single try that is sent, from several threads: it may wait
    there. ``before_write`` is called right before each try of a request that changes something. Where
    one of them raises, nothing is sent; let it raise a class of its own: a KeyError or ValueError is
    what an odd answer from Jira looks like.
    """
    from bridge.atlassian import opening  # noqa: PLC0415  # 400 ms that only a command with a network pays

    clock = SystemClock(workspace.timezone, today)
    tracker, wiki = opening.site(
        settings or Settings.of_environment(),
        workspace,
        on_wait=progress,
        sleep=clock.sleep,
        permit=permit,
        before_write=before_write,
    )
    return Desk(folder, workspace, clock, language(workspace.lang), tracker, wiki, progress)


def open_hooks(settings: Settings, workspace: Workspace, progress: Progress) -> Hooks:
    """Open the webhooks of a workspace's Jira, for those who administer it; raises a SiteError.

    With ``mode: observe`` they can be read, and a change raises ObserveOnly.
    """
    from bridge.atlassian import opening  # noqa: PLC0415  # 400 ms that only a command with a network pays

    clock = SystemClock(workspace.timezone)
    return opening.hooks(settings, workspace, on_wait=progress, sleep=clock.sleep)


def open_instruments(
    settings: Settings,
    clock: SystemClock,
    progress: Progress,
    desk: Callable[[], Desk] | None = None,
) -> "Instruments":
    """Open what looks around on a site; it reads only, whatever bridge.yaml says.

    ``desk`` opens the workspace's own Jira and Confluence, where bridge.yaml can be used.
    """
    from bridge.atlassian import opening  # noqa: PLC0415  # 400 ms that only a command with a network pays

    return opening.instruments(
        settings,
        now=clock.now,
        on_wait=progress,
        sleep=clock.sleep,
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
    from bridge.sandbox.site import OtherFlavourError  # noqa: PLC0415  # the same command

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
