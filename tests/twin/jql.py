"""The little JQL that the bridge itself writes, as a test of one issue."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.tracker import Issue

_Test = Callable[[Issue], bool]
_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|<=|>=|!=|[()=<>,]|[^\s()=<>!,"]+)')
_FIELDS: dict[str, Callable[[Issue], Any]] = {
    "project": lambda issue: issue.project,
    "labels": lambda issue: issue.labels,
    "parent": lambda issue: issue.parent,
    "duedate": lambda issue: issue.due.isoformat() if issue.due else None,
    "updated": lambda issue: _written(issue.updated) if issue.updated else None,
    "key": lambda issue: issue.key,
    "statuscategory": lambda issue: {"todo": "To Do", "doing": "In Progress", "done": "Done"}[
        issue.status.category
    ],
}


def matcher(jql: str, now: datetime) -> tuple[_Test, list[str]]:
    """Return the test of a query and the fields it orders by; raise ValueError for any other JQL.

    Moments are written as so many minutes before ``now``: ``-7m``.
    """
    where, _, order = re.sub(r"\s+ORDER\s+BY\s+", "\n", jql).partition("\n")
    reading = _Reading([_moment(_plain(token), now) for token in _TOKEN.findall(where)])
    test = reading.either()
    if reading.rest:
        raise ValueError(f"the twin does not read {jql!r}")
    return test, [name.strip() for name in order.split(",") if name.strip()]


def ordered(issues: list[Issue], names: list[str]) -> list[Issue]:
    """Return issues in order; what has no value comes last."""
    for name in reversed(names):
        field, _, direction = name.partition(" ")
        issues = sorted(
            issues, key=_rank(field.lower()), reverse=direction.strip().upper() == "DESC"
        )
    return issues


def _rank(field: str) -> Callable[[Issue], Any]:
    if field == "key":
        return lambda issue: (issue.project, int(issue.key.rpartition("-")[2]))
    return lambda issue: (_FIELDS[field](issue) is None, _FIELDS[field](issue) or "")


def _plain(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token


def _moment(word: str, now: datetime) -> str:
    minutes = re.fullmatch(r"-(\d+)m", word)
    return _written(now - timedelta(minutes=int(minutes[1]))) if minutes else word


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


class _Reading:
    def __init__(self, tokens: list[str]) -> None:
        self.rest = tokens

    def _take(self, *wanted: str) -> bool:
        if self.rest and self.rest[0].lower() in wanted:
            self.rest.pop(0)
            return True
        return False

    def either(self) -> _Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda issue: any(test(issue) for test in tests)

    def _both(self) -> _Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda issue: all(test(issue) for test in tests)

    def _one(self) -> _Test:
        if self._take("("):
            test = self.either()
            assert self._take(")")
            return test
        field = _FIELDS[self.rest.pop(0).lower()]
        verb = self.rest.pop(0).lower()
        if verb == "is":
            assert self._take("empty")
            return lambda issue: not field(issue)
        if verb == "in":
            values = self._listed()
            return lambda issue: any(_equal(field(issue), value) for value in values)
        return _comparison(field, verb, self.rest.pop(0))

    def _listed(self) -> list[str]:
        assert self._take("(")
        values = [self.rest.pop(0)]
        while self._take(","):
            values.append(self.rest.pop(0))
        assert self._take(")")
        return values


def _comparison(field: Callable[[Issue], Any], verb: str, value: str) -> _Test:
    match verb:
        case "=":
            return lambda issue: _equal(field(issue), value)
        case "!=":
            return lambda issue: field(issue) is not None and not _equal(field(issue), value)
        case ">=":
            return lambda issue: field(issue) is not None and field(issue) >= value
        case "<=":
            return lambda issue: field(issue) is not None and field(issue) <= value
        case "<":
            return lambda issue: field(issue) is not None and field(issue) < value
    raise ValueError(f"the twin does not know {verb}")


def _equal(found: Any, value: str) -> bool:
    return value in found if isinstance(found, frozenset) else found == value
