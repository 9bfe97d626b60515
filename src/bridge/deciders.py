"""Who decides for a role: its person, or the deputy; never who asked, never the bridge. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from bridge.team import Person, Team
from bridge.text import Text, text
from bridge.tracker import Account, Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Who may decide: the team, the account of each person by id, and who asked.

    ``requesters`` are the accounts that asked (who is named, who created and who reported the
    request); ``petitioners`` the same as people of the workspace. ``bridge`` is the account whose
    questions people answer in comments, None where that is not known. ``zone``: where a day begins.
    """

    team: Team
    accounts: Mapping[str, str]
    requesters: frozenset[str]
    petitioners: frozenset[str]
    bridge: str | None
    zone: tzinfo | None

    def day(self, at: datetime) -> date:
        """Return the civil date of a moment in the workspace's time zone."""
        return at.astimezone(self.zone).date()

    def about(self, other: Issue | None) -> "Bench":
        """Return who may decide about another request, given its issue.

        Who asked is taken widely: whoever created it, reported it or has it. Where it is gone (None)
        nobody decides any more.
        """
        involved = (other.creator, other.reporter, other.assignee) if other else ()
        asked = frozenset(account.id for account in involved if account)
        who = frozenset(name for name, account in self.accounts.items() if account in asked)
        accounts = self.accounts if other else {}
        return replace(self, accounts=accounts, requesters=asked, petitioners=who)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who is asked for a role on a day; ``note`` says what is unusual about it."""

    person: Person
    is_deputy: bool = False
    note: Text | None = None


def seat(team: Team, role: str, day: date, petitioners: Collection[str]) -> Seat | None:
    """Return who is asked to decide for a role on a day; None where nobody holds the role.

    The role's person; the deputy in the deputy's dates, while the person is away, and where the
    person asked for it themselves. Where both are absent the person is asked, and that is said.
    """
    holder = _responsible(team, team.roles.get(role))
    if holder is None:
        return None
    deputy = _deputy(team, role)
    may_not = holder.id in petitioners
    if not (may_not or _is_away(holder, day) or _is_deputed(team, role, day)):
        return Seat(holder)
    if deputy is None or deputy.id in petitioners or deputy.id == holder.id:
        return Seat(holder, note=_nobody_else(holder, may_not=may_not))
    if _is_away(deputy, day):
        return Seat(deputy if may_not else holder, may_not, _both_away(holder, deputy))
    return Seat(deputy, is_deputy=True)


def _nobody_else(holder: Person, *, may_not: bool) -> Text:
    if may_not:
        return text(
            "{person} holds this role and is the requester, whose own approval never counts; "
            "name a deputy under “deputies” in bridge.yaml.",
            person=holder.name,
        )
    return text("{person} is away, and the role has no deputy who may decide.", person=holder.name)


def _both_away(holder: Person, deputy: Person) -> Text:
    return text("{person} and {deputy} are both away.", person=holder.name, deputy=deputy.name)


def _responsible(team: Team, person: str | None) -> Person | None:
    return team.responsible(person) if person is not None and person in team.people else None


def _deputy(team: Team, role: str) -> Person | None:
    named = team.deputies.get(role)
    return _responsible(team, named.person) if named else None


def _is_deputed(team: Team, role: str, day: date) -> bool:
    named = team.deputies.get(role)
    return named is not None and named.first <= day <= named.last


def _is_away(person: Person, day: date) -> bool:
    return any(span.first <= day <= span.last for span in person.away)


def may_decide(
    bench: Bench, role: str, who: Account | None, on: date, creator: Account | None
) -> str | Text:
    """Return the id of the person who may decide for a role as this account, or why nobody does.

    ``creator`` of the approval issue is the bridge's own account: what it does proves nothing.
    """
    if who is None:
        return text("its author is no longer known to Jira")
    if creator is not None and who.id == creator.id:
        return text("{name} is the account that created this approval", name=who.name)
    if who.id in bench.requesters:
        return text("{name} asked for it: nobody decides about their own request", name=who.name)
    team = bench.team
    holder, deputy = _responsible(team, team.roles.get(role)), _deputy(team, role)
    if holder and holder.id not in bench.petitioners and bench.accounts.get(holder.id) == who.id:
        return holder.id
    if deputy and deputy.id not in bench.petitioners and bench.accounts.get(deputy.id) == who.id:
        may_not = holder is not None and holder.id in bench.petitioners
        if may_not or _is_deputed(team, role, on) or (holder and _is_away(holder, on)):
            return deputy.id
        return text("{name} was not the deputy on {day}", name=who.name, day=on)
    return text("{name} does not hold the role {role}", name=who.name, role=role)
