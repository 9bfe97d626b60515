"""Who has a say about an epic: its people on the site, matched with those of bridge.yaml."""

from collections.abc import Mapping
from functools import cached_property

from bridge.campaign import label_of
from bridge.errors import Problem
from bridge.operations.preflight import account_of
from bridge.ports import Tracker
from bridge.team import Person
from bridge.text import text
from bridge.tracker import Account, Issue
from bridge.workspace import Workspace


class Concerned:
    """The people of one epic; the site is asked for accounts only where bridge.yaml names none."""

    def __init__(self, issue: Issue, workspace: Workspace, tracker: Tracker) -> None:
        self.issue = issue
        self.workspace = workspace
        self.tracker = tracker

    def lead(self) -> str | Problem | None:
        """Return who leads, by id: the assignee where bridge.yaml knows them, else None.

        None stands for the usual lead; a problem where there is no such person either.
        """
        assignee, roles = self.issue.assignee, self.workspace.team.roles
        person = self._person(assignee) if assignee else None
        if person is None and not (roles.get("lead") or roles.get("marketing")):
            return Problem(
                text("The campaign has no lead."),
                text("Assign the epic to somebody whom bridge.yaml knows."),
            )
        return person.id if person else None

    def may_decide(self, account: Account) -> bool:
        """Tell whether somebody may decide: reporter, creator, assignee, the lead, the role marketing."""
        issue, team = self.issue, self.workspace.team
        if account.id in {a.id for a in (issue.reporter, issue.creator, issue.assignee) if a}:
            return True
        person = self._person(account)
        names = (team.roles.get("lead", ""), team.roles.get("marketing", ""))
        return person is not None and person.id in {
            team.responsible(name).id for name in names if name in team.people
        }

    def _person(self, account: Account) -> Person | None:
        """Return who an account is in bridge.yaml."""
        people = self.workspace.team.people.values()
        for person in people:
            if account.id in (person.account, person.dc_user):
                return person
        return next((p for p in people if self._accounts.get(p.id) == account.id), None)

    @cached_property
    def _accounts(self) -> Mapping[str, str]:
        """Return the account of each person that the site knows exactly one of."""
        main = self.workspace.main_project
        people = [(p, main) for p in self.workspace.team.people.values() if not p.external]
        # A label that nothing carries: what the index shows under it is not wanted here.
        nothing = label_of(self.workspace.id, self.issue.key.lower())
        survey = self.tracker.survey([main], people, nothing)
        found = {person.id: account_of(person, survey.accounts) for person, _ in people}
        return {name: a.id for name, a in found.items() if not isinstance(a, Problem)}
