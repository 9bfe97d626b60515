"""The workspace: what ``bridge.yaml`` says about one shop's Jira, Confluence, calendar and people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bridge.retroplan.workdays import CalendarRules
from bridge.team import Team

Function = Literal["marketing", "art-direction", "general-management", "ecommerce"]


@dataclass(frozen=True, slots=True)
class Decider:
    """One of the one to three people who decide a month's intentions."""

    person: str
    function: Function


@dataclass(frozen=True, slots=True)
class Freeze:
    """A stretch, both ends included, in which a surface of the shop must not change."""

    surface: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How the bridge works by itself.

    ``confirm``: whether an epic becomes a campaign after a reply (``reply``) or at once (``none``).
    ``mails_per_day``: how many of its writes a day may bring mail from Jira.
    ``morning``, ``digest``: whether the team gets its day at 8:30, and leads their campaigns at risk.
    """

    confirm: Literal["reply", "none"] = "reply"
    morning: bool = False
    digest: bool = False
    mails_per_day: int = 50


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One ``bridge.yaml``, checked. ``projects`` by name is also the fence of what may be written."""

    id: str
    lang: str = "fr"
    mode: Literal["observe", "write"] = "write"
    projects: Mapping[str, str]
    departments: Mapping[str, str] = field(default_factory=dict)
    done_statuses: tuple[str, ...] = ()
    blocked_statuses: tuple[str, ...] = ()
    epic_type: str | None = None
    task_type: str | None = None
    start_date_field: str | None = None
    link_type: str | None = None
    space: str
    parent: str
    token_expires: date | None = None
    timezone: str = "Europe/Paris"
    calendar: CalendarRules = field(default_factory=CalendarRules)
    month_jql: str | None = None
    team: Team = field(default_factory=Team)
    deciders: tuple[Decider, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    service: Service = field(default_factory=Service)

    @property
    def main_project(self) -> str:
        """Return the key of the project where campaigns (epics) live."""
        return self.projects["marketing"]

    def project_of(self, department: str) -> str:
        """Return the key of the project where a department's issues live."""
        return self.projects[self.departments.get(department, "marketing")]
