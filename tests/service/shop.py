"""A shop in dictionaries for the tests of feeds and messages: its Jira, its people, its marks."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bridge.bootstrap import Desk
from bridge.errors import Unreachable
from bridge.language import language
from bridge.memory import Memory, digest
from bridge.service.engine import StoreDown
from bridge.team import Person, Team
from bridge.tracker import Account, Issue, Status
from bridge.workspace import Workspace
from tests.twin.tracker import TwinProject, TwinTracker, TwinUser
from tests.twin.wiki import TwinWiki

CHANGED = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
ACCOUNTS = {name: Account(f"id-{name}", name.title()) for name in ("vanessa", "nadia", "camille")}
TODO, DONE = Status("À faire", "todo"), Status("Terminé", "done")
BLOCKED = Status("Bloqué", "doing")
PEOPLE = {
    **{n: Person(id=n, name=n.title(), email=f"{n}@boutique.example") for n in ACCOUNTS},
    "studio-x": Person(id="studio-x", name="Studio X", external=True, referent="vanessa"),
}


@dataclass
class MarksInMemory:
    """Marks as the engine keeps them; ``is_down``: nobody answers."""

    kept: dict[str, Any] = field(default_factory=dict)
    is_down: bool = False

    def recall(self, name: str) -> Any:
        if self.is_down:
            raise StoreDown
        return self.kept.get(name)

    def remember(self, name: str, value: Any) -> None:
        if self.is_down:
            raise StoreDown
        self.kept[name] = value


@dataclass
class DayClock:
    """A clock that stands where it was put."""

    at: datetime = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class CountedTracker(TwinTracker):
    """The twin, counting searches; ``is_away``: the site does not answer."""

    searches: int = 0
    is_away: bool = False

    def search(self, jql: str) -> Any:
        if self.is_away:
            raise Unreachable("Jira", "search", "no answer")
        self.searches += 1
        return super().search(jql)


@dataclass
class Shop:
    """A workspace, its Jira and what reads it."""

    clock: DayClock = field(default_factory=DayClock)
    lang: str = "fr"
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        users = [TwinUser(a, f"{n}@boutique.example") for n, a in ACCOUNTS.items()]
        projects = {key: TwinProject(key) for key in ("MKT", "IT")}
        self.tracker = CountedTracker(projects, users, Account("id-bridge", "Bridge"))
        self.workspace = Workspace(
            id="boutique-fr",
            projects={"marketing": "MKT", "it": "IT"},
            departments={"it": "it"},
            space="MKT",
            parent="Calendrier",
            timezone="UTC",
            done_statuses=("Terminé",),
            team=Team(PEOPLE, {"marketing": "vanessa"}),
            **self.more,
        )

    def desk(self) -> Desk:
        speaker = language(self.lang)
        return Desk(
            Path("/nowhere"), self.workspace, self.clock, speaker, self.tracker, TwinWiki(), _silent
        )

    def put(self, key: str, title: str, day: date | None, who: str = "", **more: Any) -> Issue:
        """An issue with a due date, as somebody made it by hand."""
        issue = Issue(
            id=key.replace("-", ""),
            key=key,
            project=key.partition("-")[0],
            summary=title,
            due=day,
            assignee=ACCOUNTS.get(who),
            updated=more.pop("updated", CHANGED),
            status=more.pop("status", TODO),
            labels=more.pop("labels", frozenset({"bridge"})),
            **more,
        )
        self.tracker.put(issue)
        return issue


def memory(step: str, *, external: str = "", campaign: str = "noel-2026", **more: Any) -> Any:
    """What the bridge remembers on the issue of a step (an empty one: the epic)."""
    return Memory(
        workspace="boutique-fr",
        campaign=campaign,
        step=step,
        template="small",
        version="1.0.0",
        with_whom=digest(external) if external else "",
        **more,
    ).as_json()


def _silent(words: Any) -> None:
    """Nobody reads over the shoulder of a test."""
