"""The terms of an exception that somebody grants: bounded, with an end, on a limit that has one. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite
from typing import Any

from bridge.errors import ExceptionRefused
from bridge.exceptions import BOUNDED, Terms
from bridge.guardrails.circumstances import LONGEST_EXCEPTION, Scope
from bridge.guardrails.finding import Finding
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an exception shall allow: until when, why, how widely, up to which value."""

    until: date
    reason: str
    scope: Scope = "page"
    max_value: float | None = None


def check_end(grant: Grant, today: date) -> None:
    """Raise ExceptionRefused for an exception without an end in sight."""
    last = today + timedelta(days=LONGEST_EXCEPTION)
    if not today <= grant.until <= last:
        raise ExceptionRefused(
            text("An exception cannot end on {day}.", day=grant.until),
            text(
                "It ends between today and {last}, {n} days from now.",
                last=last,
                n=LONGEST_EXCEPTION,
            ),
        )


def terms_for(finding: Finding, request: Request, grant: Grant, bundle: Bundle) -> Terms:
    """Return the terms for one finding; raise ExceptionRefused where its limit knows no exception."""
    module, _, rest = finding.rule.partition("@")
    major = int(rest.partition(".")[0].partition("#")[0])
    terms = Terms(
        module=module,
        major=major,
        limit=finding.limit,
        scope=grant.scope,
        scope_id=request.scopes[grant.scope],
        until=grant.until,
        reason=grant.reason,
        max_value=grant.max_value,
    )
    limit = terms.limit_in(bundle)
    if finding.nature != "outside" or limit is None:
        raise ExceptionRefused(
            text("No exception can be granted for {rule}.", rule=finding.rule),
            text("Accept the finding for this request, or let the rules be changed."),
        )
    if limit.operator not in BOUNDED:
        return replace(terms, value=finding.value, max_value=None)
    bound = grant.max_value if grant.max_value is not None else _size(request.data, finding)
    if bound is None:
        raise ExceptionRefused(
            text("An exception to {rule} needs a bound.", rule=finding.rule),
            text("Say up to which value: --max VALUE."),
        )
    return replace(terms, max_value=bound)


def _size(data: Any, finding: Finding) -> float | None:
    """Return the value that a finding is about where it is a number; a sum or a length must be said."""
    value = data
    for step in finding.where:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _finite(value)
    return None


def _finite(value: float) -> float | None:
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:  # a whole number of hundreds of digits
        return None
