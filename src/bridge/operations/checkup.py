"""What a check-up works with and comes to; who must be assignable where."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bridge.doctor import access
from bridge.doctor.diagnosis import Diagnosis
from bridge.errors import NotSignedIn, SiteError
from bridge.ports import Inspector, Tracker, Wiki, WikiInspector
from bridge.retroplan.template import Template
from bridge.site import Flavour, Server
from bridge.team import Person
from bridge.text import Text
from bridge.tracker import Account
from bridge.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the doctor looks through, and how the account signs in.

    ``tracker`` and ``pages`` open the workspace's own Jira and Confluence, and may raise a SiteError;
    None where bridge.yaml cannot be used.
    ``patience``: the seconds after which the gateway gives up on an answer.
    """

    jira: Inspector
    confluence: Callable[[Flavour], WikiInspector]
    jira_url: str
    confluence_url: str
    has_email: bool
    patience: int
    tracker: Callable[[], Tracker] | None = None
    pages: Callable[[], Wiki] | None = None


@dataclass(slots=True)
class Checkup:
    """What came out: the server and the account where they are known, and the diagnoses.

    ``is_reached`` False: Jira or Confluence gave no answer of use.
    """

    server: Server | None = None
    me: Account | None = None
    is_reached: bool = True
    diagnoses: list[Diagnosis] = field(default_factory=list)

    def asked(self, what: Text, where: str, ask: Callable[[], T]) -> T | None:
        """Return an answer; where the site refuses the question, note that and return None."""
        try:
            return ask()
        except NotSignedIn as error:  # signed in before: a scope is missing for this one question
            caller = access.Caller(where, where, has_email=True)
            self.diagnoses.append(access.refused_sign_in(caller, error))
        except SiteError as error:
            self.diagnoses.append(access.unchecked(what, error, where))
        return None


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a project where they must be assignable; a :class:`bridge.ports.Whom`."""

    person: Person
    project: str

    @property
    def id(self) -> str:
        """Return a name for this seat alone: a person may have several."""
        return f"{self.person.id} {self.project}"

    @property
    def account(self) -> str | None:
        """Return the person's account id."""
        return self.person.account

    @property
    def email(self) -> str | None:
        """Return the person's e-mail."""
        return self.person.email

    @property
    def dc_user(self) -> str | None:
        """Return the person's user name on Data Center."""
        return self.person.dc_user


def needs(templates: Iterable[Template]) -> Mapping[str, tuple[str, ...]]:
    """Return for each role the ids of the templates with a step for it."""
    found: dict[str, list[str]] = {}
    for template in templates:
        for role in {step.role for step in template.steps if isinstance(step.role, str)} - {""}:
            found.setdefault(role, []).append(template.id)
    return {role: tuple(ids) for role, ids in found.items()}


def seats(workspace: Workspace, templates: Iterable[Template]) -> Sequence[Seat]:
    """Return who must be assignable where, so that every template can become a campaign.

    Somebody without a role must be assignable where campaigns live. An external person has no
    account: the referent sits in their place.
    """
    team = workspace.team
    wanted = {
        (team.responsible(team.roles[step.role]).id, workspace.project_of(step.department))
        for template in templates
        for step in template.steps
        if isinstance(step.role, str) and step.role in team.roles
    }
    placed = {person for person, _ in wanted}
    idle = {person.id for person in team.people.values() if not person.external} - placed
    wanted |= {(person, workspace.main_project) for person in idle}
    return [Seat(team.people[person], project) for person, project in sorted(wanted)]
