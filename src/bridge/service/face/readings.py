"""What feeds say, kept for some minutes: calendars ask when they like, Jira is asked seldom."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bridge.agenda import Entry, Feed
from bridge.bootstrap import Desk
from bridge.errors import BridgeError
from bridge.operations import agenda as operation
from bridge.report import agenda as report
from bridge.text import Text, text
from bridge.workspace import Workspace

Kind = Literal["ics", "csv"]
FRESH: Final = 300.0  # seconds for which a reading is good
_REST: Final = 30.0  # seconds without another try after Jira did not answer
_LOG = logging.getLogger("bridge.service.face.feeds")


class NothingToShow(Exception):  # no refusal to a person: the calendar comes again by itself
    """Jira does not answer, and nothing was read before."""


@dataclass(frozen=True, slots=True)
class _Reading:
    entries: Sequence[Entry]
    desk: Desk


class Readings:
    """All feeds of a workspace from one reading of Jira; safe to use from several threads.

    Where Jira does not answer, what was read last is told again. ``ticking`` is a clock in seconds
    that only goes on.
    """

    def __init__(
        self, desk: Callable[[], Desk], ticking: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = desk
        self._ticking = ticking
        self._looking = threading.Lock()
        self._last: _Reading | None = None
        self._look_at = 0.0
        self._accounts: dict[str, str | None] = {}
        self._accounts_before: dict[str, str | None] = {}

    def render(self, feed: Feed, kind: Kind) -> bytes:
        """Return a feed as an iCalendar or as CSV; raise NothingToShow."""
        with self._looking:
            reading = self._reading()
            account = self._account(feed.shown.person, reading.desk)
        shown = feed.shown.of(reading.entries, account)
        workspace, speaker = reading.desk.workspace, reading.desk.speaker
        if kind == "csv":
            return report.csv(shown, speaker)
        name = title(feed, workspace)
        return report.ics(shown, workspace, speaker, name=name, alarm=feed.alarm)

    def _reading(self) -> _Reading:
        now = self._ticking()
        if self._last is None or now >= self._look_at:
            try:
                self._last, self._look_at = self._read(), now + FRESH
            except BridgeError as refused:
                self._look_at = now + _REST
                _LOG.warning("feeds are not fresh", extra={"error": type(refused).__name__})
        if self._last is None:
            raise NothingToShow
        return self._last

    def _read(self) -> _Reading:
        desk = self._open()
        between = operation.around(desk.clock.today())
        entries = operation.gather(between, desk.workspace, desk.tracker, desk.speaker)
        self._accounts_before |= self._accounts
        self._accounts = {}  # somebody may have been given another one
        return _Reading(entries, desk)

    def _account(self, person: str, desk: Desk) -> str | None:
        """Return whose account a person's is; asked once for each reading."""
        if not person:
            return None
        if person not in self._accounts:
            self._accounts[person] = self._ask(person, desk)
        return self._accounts[person]

    def _ask(self, person: str, desk: Desk) -> str | None:
        try:
            return operation.account(person, desk.workspace, desk.tracker)
        except BridgeError as refused:
            _LOG.warning("feeds are not fresh", extra={"error": type(refused).__name__})
            if person not in self._accounts_before:
                raise NothingToShow from refused
            return self._accounts_before[person]


def title(feed: Feed, workspace: Workspace) -> Text | str:
    """Return what calendars call a feed: its label, else whose actions it shows."""
    if feed.label:
        return feed.label
    person = workspace.team.people.get(feed.shown.person)
    if person is not None:
        return text("Actions of {name}", name=person.name)
    if feed.shown.team:
        return text("Actions: {team}", team=feed.shown.team)
    return text("The shop's actions")
