"""Searching: bounded JQL over the index, page by page, with ids that are read from the store instead."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge.sandbox import moments
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.index import Index
from bridge.sandbox.jira.issues import Issues
from bridge.sandbox.jira.jql.asker import Asker, Term
from bridge.sandbox.jira.jql.compile import Compiled, compiled
from bridge.sandbox.jira.jql.dates import Almanac
from bridge.sandbox.jira.jql.parse import parse
from bridge.sandbox.jira.jql.tree import JqlError, Query
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.people import Person
from bridge.sandbox.store import dumps, loads

UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
TOKEN_LIFE = timedelta(days=7)
RECONCILE_LIMIT = 50


@dataclass(frozen=True)
class Found:
    """One page of a search. ``token`` fetches the next, None on the last."""

    issues: list[Issue]
    token: str | None


class Search:
    """Asks the index."""

    def __init__(self, issues: Issues, index: Index) -> None:
        self._issues = issues
        self._setup = issues.setup
        self._index = index

    def asker(self, person: Person | None) -> Asker:
        """Tell what the site looks like to somebody who searches."""
        setup = self._setup
        visible = frozenset(
            p.id for p in setup.projects if permissions.allowed(person, permissions.BROWSE, p)
        )
        levels = (level for p in setup.projects for level in p.levels)
        member = frozenset(
            level.id for level in levels if person and person.account_id in level.members
        )
        almanac = Almanac(
            moments.moment(setup.now()), moments.zone(person.timezone if person else "UTC")
        )
        return Asker(
            setup, person, almanac, visible, member, lambda key: self._issues.look(key, person)
        )

    def bounded(self, jql: str) -> Query:
        """Parse a query that restricts what is searched.

        Raises:
            JiraRefusalError: 400, ill-formed or unbounded.

        """
        query = _parsed(jql)
        if query.where is None:
            raise JiraRefusalError(400, UNBOUNDED)
        return query

    def count(self, jql: str, person: Person | None) -> int:
        """How many issues match."""
        self._index.settle()
        ready = self._ready(self.bounded(jql), person)
        sql = f"select count(*) from found where {ready.where}"  # noqa: S608  # every value is bound
        row = self._setup.store.one(sql, *ready.values)
        return int(row[0]) if row else 0

    def _ready(self, query: Query, person: Person | None) -> Compiled:
        try:
            return compiled(query, self.asker(person))
        except JqlError as wrong:
            raise JiraRefusalError(400, str(wrong)) from None

    def page(
        self,
        jql: str,
        person: Person | None,
        size: int,
        token: str | None = None,
        reconcile: Sequence[int] = (),
    ) -> Found:
        """One page of matching issues.

        ``reconcile`` are at most 50 ids for which the store decides, not the index.

        Raises:
            JiraRefusalError: 400, a query, token or list that cannot be used.

        """
        self._index.settle()
        query = self.bounded(jql)
        if person is None:
            return Found([], None)  # seen live: a wrong token finds nothing, without an error
        if len(reconcile) > RECONCILE_LIMIT:
            raise JiraRefusalError(
                400, f"The maximum number of issues to reconcile is {RECONCILE_LIMIT}."
            )
        ready = self._ready(query, person)
        with self._setup.store.scratch():
            self._index.reveal(reconcile, self._issues.book)
            rows = self._rows(ready, size + 1, self._after(token, jql))
        more = len(rows) > size
        issues = self._present([row[0] for row in rows[:size]], frozenset(reconcile))
        return Found(issues, self._token(jql, list(rows[size - 1])[1:]) if more else None)

    def matches(self, jql: str, person: Person | None, issue_id: int) -> bool:
        """Whether one issue, as it is now, is among what a query finds.

        Raises:
            JiraRefusalError: 400, a query that cannot be used.

        """
        try:
            ready = self._ready(parse(jql), person)
        except JqlError as wrong:
            raise JiraRefusalError(400, str(wrong)) from None
        with self._setup.store.scratch():
            self._index.reveal([issue_id], self._issues.book)
            sql = f"select 1 from found where id = ? and {ready.where}"  # noqa: S608  # every value is bound
            return self._setup.store.one(sql, issue_id, *ready.values) is not None

    def part(
        self, jql: str, person: Person | None, start: int, size: int
    ) -> tuple[list[Issue], int]:
        """Return ``size`` matching issues from the ``start``-th on, and how many match: Data Center's way.

        Raises:
            JiraRefusalError: 400, an ill-formed query.

        """
        self._index.settle()
        ready = self._ready(_parsed(jql), person)
        ids = [row[0] for row in self._rows(ready, -1, None)]
        return self._present(ids[start : start + size], frozenset()), len(ids)

    def _rows(self, ready: Compiled, limit: int, after: list[Any] | None) -> list[Any]:
        keys = ", ".join(f"{term.sql} as key_{at}" for at, term in enumerate(ready.order))
        bound = [value for term in ready.order for value in term.values]
        sql = f"select found.id, {keys} from found where {ready.where}"  # noqa: S608  # every value is bound
        values = [*bound, *ready.values]
        if after is not None:
            condition, more = _beyond(ready.order, after)
            sql = f"select * from ({sql}) where {condition}"  # noqa: S608  # every value is bound
            values += more
        order = ", ".join(
            f"key_{at} {'desc' if term.descending else 'asc'}"
            for at, term in enumerate(ready.order)
        )
        return self._setup.store.all(f"{sql} order by {order} limit ?", *values, limit)

    def _present(self, ids: list[int], reconciled: frozenset[int]) -> list[Issue]:
        """Return the issues as search shows them, perhaps outdated; deleted ones are left out."""
        stored = self._issues.book.several(ids)
        present = []
        for issue_id in ids:
            outdated = None if issue_id in reconciled else self._index.shown(issue_id)
            issue = outdated or stored.get(issue_id)
            if issue and issue_id in stored:
                present.append(issue)
        return present

    # --- tokens -------------------------------------------------------------------------------

    def _token(self, jql: str, keys: list[Any]) -> str:
        content = {"q": _digest(jql), "t": self._setup.now(), "k": keys}
        return base64.urlsafe_b64encode(dumps(content).encode()).decode()

    def _after(self, token: str | None, jql: str) -> list[Any] | None:
        if not token:
            return None
        try:
            content = loads(base64.urlsafe_b64decode(token.encode()).decode())
            age = moments.moment(self._setup.now()) - moments.moment(content["t"])
            keys: list[Any] = content["k"]
        except (binascii.Error, ValueError, KeyError, TypeError):
            raise JiraRefusalError(
                400, "The provided next page token is invalid or expired."
            ) from None
        if content.get("q") != _digest(jql) or age > TOKEN_LIFE:
            raise JiraRefusalError(400, "The provided next page token is invalid or expired.")
        return keys


def _parsed(jql: str) -> Query:
    try:
        return parse(jql)
    except JqlError as wrong:
        raise JiraRefusalError(400, str(wrong)) from None


def _digest(jql: str) -> str:
    return hashlib.sha256(jql.encode()).hexdigest()[:16]


def _beyond(order: list[Term], keys: list[Any]) -> tuple[str, list[Any]]:
    """Return the rows that come after the one with these keys, in an order of mixed directions."""
    parts, values = [], []
    for at, term in enumerate(order):
        equal = [f"key_{n} = ?" for n in range(at)]
        parts.append(
            "(" + " and ".join([*equal, f"key_{at} {'<' if term.descending else '>'} ?"]) + ")"
        )
        values += [*keys[:at], keys[at]]
    return "(" + " or ".join(parts) + ")", values
