"""A first bridge.yaml from what a site shows: the questions, their usual answers, the outcome. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bridge.campaign import ID, kebab
from bridge.retroplan.calendars import UnknownCalendar, check_code
from bridge.site import Project, Space
from bridge.text import Text, text
from bridge.tracker import Account, Kind, Status

_MARKETING = frozenset({"mkt", "mktg", "marketing"})
_IT = frozenset({"it", "dsi", "dev", "informatique", "tech", "digital"})
_BLOCKED = ("bloqu", "block")
_LINKS = ("Blocks", "Blocage")  # as Jira calls it in English and French
USUAL_LINK = "Blocks"
LONGEST_NAME = 100
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer: what is written into the file, and what people read."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to decide. ``key`` is also the option that answers it (``--marketing KEY``).

    Without candidates any answer will do that ``flaw`` finds nothing wrong with. ``is_optional``:
    none is an answer too. ``default`` None: only a person can tell; ``is_guess``: only a person may
    agree with it. ``is_open``: an answer that is no candidate will do too.
    """

    key: str
    sentence: Text
    candidates: tuple[Candidate, ...] = ()
    default: str | None = None
    is_optional: bool = False
    is_guess: bool = False
    is_open: bool = False
    flaw: Callable[[str], Text | None] = lambda _: None


class Choose(Protocol):
    """Who decides: a person at a terminal, or the options and defaults of a command."""

    def __call__(self, question: Question) -> str | None:
        """Return an answer, None for none; raise where it cannot be decided."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, under the key that they get in bridge.yaml."""

    id: str
    account: Account

    @property
    def name(self) -> str:
        """Return the name for bridge.yaml: the one on the site, within what the file takes."""
        return (self.account.name.strip() or self.id)[:LONGEST_NAME]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the file will say. Whatever the bridge finds by itself is left out of it."""

    id: str
    lang: str
    is_cloud: bool
    projects: Mapping[str, str]
    space: str
    parent: str
    country: str
    issue_types: Mapping[Kind, str] = field(default_factory=dict)
    start_field: str | None = None
    link_type: str | None = None
    blocked: tuple[str, ...] = ()
    team: tuple[Member, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)


def marketing(projects: Sequence[Project]) -> Question:
    """Return the question for the project of the campaigns."""
    return Question(
        key="marketing",
        sentence=text("Which project is marketing's? Campaigns live there."),
        candidates=_listed(projects),
        default=_only(projects) or _named(projects, _MARKETING),
    )


def it(projects: Sequence[Project], taken: str) -> Question:
    """Return the question for the project of the IT department, if it has its own."""
    others = [project for project in projects if project.key != taken]
    return Question(
        key="it",
        sentence=text("Which project is IT's?"),
        candidates=_listed(others),
        default=_named(others, _IT),
        is_optional=True,
    )


def space(spaces: Sequence[Space], project: str) -> Question:
    """Return the question for the space of the calendar."""
    shared = [space for space in spaces if not space.is_personal]
    return Question(
        key="space",
        sentence=text("In which Confluence space shall the calendar be?"),
        candidates=_listed(shared),
        default=_only(shared) or _named(shared, frozenset({project.casefold()}) | _MARKETING),
    )


def issue_type(kind: Kind, project: str, types: Sequence[tuple[str, Kind]]) -> Question:
    """Return the question for an issue type that goes by an unusual name."""
    names = [name for name, good_for in types if good_for == kind]
    return Question(
        key=f"{kind}-type",
        sentence=text("Which issue type of {project} is an epic?", project=project)
        if kind == "epic"
        else text("Which issue type of {project} is a task?", project=project),
        candidates=tuple(Candidate(name) for name in names),
        default=names[0] if len(names) == 1 else None,
    )


def start_field(fields: Iterable[tuple[str, str]]) -> Question:
    """Return the question for the start date, where several fields could be it."""
    return Question(
        key="start-date",
        sentence=text("Which field is the start date?"),
        candidates=tuple(Candidate(key, name) for key, name in sorted(set(fields))),
    )


def link_type(names: Sequence[str]) -> Question:
    """Return the question for the link type of dependencies, where “Blocks” is called otherwise."""
    return Question(
        key="link-type",
        sentence=text("Which link type says that one issue blocks another?"),
        candidates=tuple(Candidate(name) for name in names),
        default=next((name for name in _LINKS if name in names), None),
    )


def blocked(statuses: Iterable[Status]) -> tuple[str, ...]:
    """Return the statuses that say by their names that an action cannot go on."""
    found = dict.fromkeys(
        status.name
        for status in statuses
        if status.category != "done" and status.name.casefold().startswith(_BLOCKED)
    )
    return tuple(found)


def members(accounts: Iterable[Account], me: Account) -> tuple[Member, ...]:
    """Return the people who can be assigned, each under a key made of their name; not the bridge."""
    found: dict[str, Member] = {}
    people = {one.id: one for one in accounts if one.active and one.id != me.id}
    for one in sorted(people.values(), key=lambda account: account.name.casefold()):
        stem = kebab(one.name) or "person"
        key, number = stem, 2
        while key in found:
            key, number = f"{stem}-{number}", number + 1
        found[key] = Member(key, one)
    return tuple(found.values())


def role(name: str, team: Sequence[Member], before: str | None) -> Question:
    """Return the question for a role; ``before``: who was chosen last, a likely answer."""
    return Question(
        key=f"role {name}",
        sentence=text("Who holds the role “{role}”?", role=name),
        candidates=tuple(Candidate(member.id, member.account.name) for member in team),
        default=before,
        is_optional=True,
        is_guess=len(team) > 1,
    )


def short_name(default: str) -> Question:
    """Return the question for the workspace's own name."""
    return Question(
        key="id",
        sentence=text("A short name for this workspace (it stands in every label)?"),
        default=default,
        flaw=lambda answer: (
            None
            if ID.fullmatch(answer)
            else text("Small letters, digits and hyphens only, such as {name}.", name=default)
        ),
    )


def parent(default: str) -> Question:
    """Return the question for the page above the months."""
    return Question(
        key="parent",
        sentence=text("The title of the page above the months?"),
        default=default,
        flaw=lambda answer: (
            None if len(answer) <= LONGEST_TITLE else text("That is too long for a title.")
        ),
    )


def country() -> Question:
    """Return the question for the public holidays."""
    return Question(
        key="country",
        sentence=text("Whose public holidays (FR, FR-57, BE …)?"),
        default="FR",
        flaw=_unknown_calendar,
    )


def _unknown_calendar(code: str) -> Text | None:
    try:
        check_code(code)
    except UnknownCalendar as unknown:
        return text("There is no calendar “{code}”. {hint}", code=code, hint=unknown.hint)
    return None


def identity(host: str, project: str) -> str:
    """Return a name for the workspace: the site's, else its main project's."""
    label = host.partition(".")[0]
    named = kebab(label) if "." in host and not host.replace(".", "").isdigit() else ""
    return named or kebab(project) or "shop"


def _listed(projects: Sequence[Project | Space]) -> tuple[Candidate, ...]:
    return tuple(Candidate(one.key, one.name) for one in projects)


def _only(projects: Sequence[Project | Space]) -> str | None:
    return projects[0].key if len(projects) == 1 else None


def _named(projects: Sequence[Project | Space], names: frozenset[str]) -> str | None:
    """Return the key of the one project or space that is called so."""
    fitting = [one.key for one in projects if names & {one.key.casefold(), one.name.casefold()}]
    return fitting[0] if len(fitting) == 1 else None
