"""People, roles and absences; who is the one owner of what (``product.md`` principle 1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bridge.errors import Problem, near_miss
from bridge.nearmiss import nearest
from bridge.retroplan.template import Retroplan
from bridge.retroplan.timeframe import Owner
from bridge.retroplan.workdays import Span
from bridge.text import Speaker, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can own an action.

    ``account`` (Cloud), ``email`` or ``dc_user`` (Data Center) says who that is on the site. An
    ``external`` person has no account: the ``referent`` is assignee and responsible in their place.
    """

    id: str
    name: str
    account: str | None = None
    email: str | None = None
    dc_user: str | None = None
    calendar: str | None = None
    away: tuple[Span, ...] = ()
    external: bool = False
    referent: str | None = None


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who decides in a role's place, from a date to a date, both included."""

    person: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a workspace by id, and the one person in each role."""

    people: Mapping[str, Person] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    deputies: Mapping[str, Deputy] = field(default_factory=dict)

    def responsible(self, person: str) -> Person:
        """Return who answers for an action of ``person``: themselves, or an external's referent."""
        found = self.people[person]
        return self.people[found.referent] if found.external and found.referent else found

    def names(self, speaker: Speaker) -> Mapping[str, str]:
        """Return how people are called, by id; an external one together with whom they work for."""
        return {
            person.id: person.name
            if (inside := self.responsible(person.id)).id == person.id
            else speaker.say(text("{name} with {external}", name=inside.name, external=person.name))
            for person in self.people.values()
        }

    def staffing(
        self, plan: Retroplan, overrides: Sequence[tuple[str, str]] = ()
    ) -> tuple[Mapping[str, Person], Sequence[Problem]]:
        """Return the one person of each role the plan needs, and every reason why not.

        ``overrides`` are (role, person) pairs of this campaign; they win over the role map. A role
        held by nobody is E-NO-OWNER, by two people E-MULTI-OWNER.
        """
        problems: list[Problem] = []
        needed = {step.role for step in plan.steps if isinstance(step.role, str) and step.role}
        chosen = self._overridden(overrides, plan.template.roles, problems)
        holders: dict[str, Person] = {}
        for role in sorted(needed):
            person = chosen.get(role) or self.roles.get(role)
            if person is not None and person in self.people:
                holders[role] = self.people[person]
            elif role not in chosen:
                problems.append(self._nobody(role))
        return holders, problems

    def find(self, person: str) -> Person | Problem:
        """Return the person called ``person``, or the problem that nobody is, with the near miss."""
        if person in self.people:
            return self.people[person]
        return Problem(
            text("Nobody is called “{person}” in bridge.yaml.", person=person),
            near_miss(nearest(person, self.people), self.people),
        )

    def _overridden(
        self, overrides: Iterable[tuple[str, str]], roles: Sequence[str], problems: list[Problem]
    ) -> Mapping[str, str]:
        chosen: dict[str, str] = {}
        for role, person in overrides:
            found = self.find(person)
            if role not in roles:
                problems.append(
                    Problem(
                        text("The template has no role “{role}”.", role=role),
                        near_miss(nearest(role, roles), roles),
                    )
                )
            elif role in chosen and chosen[role] != person:
                problems.append(
                    Problem(
                        text(
                            "The role “{role}” has two people, “{first}” and “{second}”: "
                            "exactly one person per action.",
                            role=role,
                            first=chosen[role],
                            second=person,
                        ),
                        code="E-MULTI-OWNER",
                    )
                )
            elif isinstance(found, Problem):
                problems.append(found)
            chosen.setdefault(role, person)
        return chosen

    def _nobody(self, role: str) -> Problem:
        return Problem(
            text("The role “{role}” is held by nobody.", role=role),
            text(
                "Give it to one person: under “roles” in bridge.yaml, or --owner {role}=PERSON.",
                role=role,
            ),
            code="E-NO-OWNER",
        )


def owners_by_step(plan: Retroplan, holders: Mapping[str, Person]) -> Mapping[str, Owner]:
    """Return, by step id, who does each step as far as the schedule is concerned."""
    return {
        step.id: Owner(person.id, person.calendar, person.away, person.name)
        for step in plan.steps
        if isinstance(step.role, str) and (person := holders.get(step.role)) is not None
    }
