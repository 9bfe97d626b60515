"""The terms of a granted exception, as its approver wrote them on the approval issue. Pure.

They stand line by line in that person's comment; a label carries their digest. Terms that were edited
no longer match any label, and grant nothing.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Final, Literal

from bridge.guardrails.circumstances import Scope
from bridge.guardrails.policy import Bundle, Limit, Operator
from bridge.petition import TERMS_DIGITS
from bridge.prose import folded

# Limits from above: an exception to one of them says how far it goes.
BOUNDED: Final[frozenset[Operator]] = frozenset({"max", "sum_max", "count_max", "length_max"})
_LIMIT = re.compile(r"(?P<module>[a-z0-9.-]+)@(?P<major>[0-9]{1,5})#(?P<limit>[A-Za-z0-9_.-]+)")
_LINE = re.compile(r"\s*(?P<key>exception|scope|for|max|value|until|reason)\s*:\s*(?P<value>.*)")
_SCOPES: dict[str, Literal["campaign", "page"]] = {"campaign": "campaign", "page": "page"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is allowed: one limit of one major version, in one scope, until a day.

    Up to ``max_value`` where the limit is a number's (``BOUNDED``), else for the one ``value`` alone
    that was found, as :func:`bridge.guardrails.request.exactly` writes it.
    """

    module: str
    major: int
    limit: str
    scope: Scope
    scope_id: str
    until: date
    reason: str
    max_value: float | None = None
    value: str | None = None

    @property
    def words(self) -> str:
        """Return the lines that stand in the comment."""
        lines = [
            f"exception: {self.module}@{self.major}#{self.limit}",
            f"scope: {self.scope}",
            f"for: {self.scope_id}",
            *([] if self.max_value is None else [f"max: {_number(self.max_value)}"]),
            *([] if self.value is None else [f"value: {self.value}"]),
            f"until: {self.until.isoformat()}",
            f"reason: {folded(self.reason)}",
        ]
        return "\n".join(lines)

    @property
    def digest(self) -> str:
        """Return what the label carries."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:TERMS_DIGITS]

    def limit_in(self, bundle: Bundle) -> Limit | None:
        """Return the limit that is meant, None where the rules in force have no such limit."""
        module = bundle.modules.get(self.module)
        if module is None or module.major != self.major:
            return None
        return next((limit for limit in module.limits if limit.id == self.limit), None)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def terms_in(words: str) -> Iterator[Terms]:
    """Yield the terms that stand in a comment's lines; what is no whole set of terms is passed over."""
    lines: dict[str, str] = {}
    for line in [*words.splitlines(), "exception:"]:
        found = _LINE.fullmatch(line)
        if found is None:
            continue
        if found["key"] == "exception":
            terms = _terms(lines)
            if terms is not None:
                yield terms
            lines = {}
        lines.setdefault(found["key"], found["value"].strip())


def _terms(lines: dict[str, str]) -> Terms | None:
    limit = _LIMIT.fullmatch(lines.get("exception", ""))
    scope = _SCOPES.get(lines.get("scope", ""))
    if limit is None or scope is None or not lines.get("reason") or not lines.get("for"):
        return None
    try:
        bound = float(lines["max"]) if "max" in lines else None
        if bound is not None and not isfinite(bound):
            return None
        return Terms(
            module=limit["module"],
            major=int(limit["major"]),
            limit=limit["limit"],
            scope=scope,
            scope_id=lines["for"],
            until=date.fromisoformat(lines.get("until", "")),
            reason=lines["reason"],
            max_value=bound,
            value=lines.get("value"),
        )
    except ValueError:
        return None
