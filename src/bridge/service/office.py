"""The office of the service: one workspace's folder, opened for each piece of work.

Files are read again when they changed: an edit of ``bridge.yaml``, of a template or of a rule counts
from the next piece of work on. A ``bridge.yaml`` that cannot be read any more leaves the last good
one in force, and says so once.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bridge.bootstrap import Desk, open_desk
from bridge.config import rulebook
from bridge.config import workspace as workspace_file
from bridge.config.templates import Templates
from bridge.errors import BridgeError, ProblemsFound
from bridge.ports import Tools, Tracker
from bridge.reactions.around import Around
from bridge.report import month as month_report
from bridge.service.kept import Kept
from bridge.service.messages.mails import MailBudget, sparing
from bridge.service.signin import SignIn
from bridge.settings import Settings
from bridge.text import Words
from bridge.workspace import Workspace

_LOG = logging.getLogger("bridge.service")


@dataclass(frozen=True, slots=True)
class Limits:
    """What stands before every call and before every write of this worker; each may wait or raise.

    ``marks``: where the mails of a day are counted, and that a sign-in was refused.
    """

    permit: Callable[[], None] | None = None
    before_write: Callable[[], None] | None = None
    marks: Kept | None = None


class Office:
    """One workspace as a service sees it; safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        limits: Limits | None = None,
        *,
        today: date | None = None,
    ) -> None:
        self.folder = folder
        self._settings = settings
        self._limits = limits or Limits()
        self._today = today
        self._opening = threading.Lock()
        self._read_as: tuple[int, int] | None = None
        self._desk: Desk | None = None
        self.sign_in = SignIn(self._limits.marks, settings)

    @property
    def workspace(self) -> Workspace:
        """Return the workspace in force; raises as :meth:`desk` does."""
        return self.desk().workspace

    def desk(self) -> Desk:
        """Return the workspace with its site, opened anew after bridge.yaml changed.

        Raises SignInHeld while the site is left alone, ProblemsFound or NoWorkspace where it never could be
        read, or a SiteError.
        """
        self.sign_in.check()
        with self._opening:
            stamp = self._stamp()
            if self._desk is None or stamp != self._read_as:
                self._open_desk()
                self._read_as = stamp
            assert self._desk is not None  # noqa: S101  # opened above, or that raised
            return self._desk

    def _stamp(self) -> tuple[int, int] | None:
        try:
            seen = (self.folder / workspace_file.FILE).stat()
        except OSError:
            return None  # load() says what is wrong with it
        return seen.st_mtime_ns, seen.st_size

    def _open_desk(self) -> None:
        try:
            workspace = workspace_file.load(self.folder)
        except BridgeError as broken:
            if self._desk is None:
                raise
            problems = len(broken.problems) if isinstance(broken, ProblemsFound) else 1
            _LOG.error("bridge.yaml cannot be used", extra={"problems": problems})
            return
        self._desk = open_desk(
            self.folder,
            workspace,
            say_on_the_way,
            today=self._today,
            settings=self._settings,
            permit=self._limits.permit,
            before_write=self._limits.before_write,
        )

    def templates(self) -> Templates:
        """Return the templates as they lie in the folder now."""
        return Templates(self.folder)

    @contextmanager
    def around(self) -> Iterator[Around]:
        """Hold the workspace's lock and give what a reaction works with.

        Raises WorkspaceBusy where somebody else is writing, and as the files and the site do.
        """
        desk = self.desk()
        rules, loaded = rulebook.opened(self.folder, desk.workspace, desk.clock.today())
        if loaded.is_previous:
            _LOG.error("the rules cannot be used", extra={"problems": len(loaded.problems)})
        with desk.writing() as journal:
            yield Around(
                workspace=desk.workspace,
                tools=Tools(self._spared(desk), journal, desk.clock, desk.speaker, say_on_the_way),
                wiki=desk.wiki,
                rules=rules,
                templates=self.templates(),
                layout=lambda month: month_report.layout(desk.workspace, month, desk.speaker),
            )

    def _spared(self, desk: Desk) -> Tracker:
        """Return the tracker with its budget of mails."""
        if self._limits.marks is None:
            return desk.tracker
        most = desk.workspace.service.mails_per_day
        return sparing(desk.tracker, MailBudget(self._limits.marks, desk.clock, most))


def say_on_the_way(words: Words) -> None:
    """Note that long work goes on, by the sentence's name alone: its values may name people."""
    sentence = getattr(words, "one", "")
    _LOG.debug("on the way", extra={"sentence": sentence})
