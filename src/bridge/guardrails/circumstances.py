"""What a verdict depends on besides request and rules: the day, acceptances, incidents, exceptions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bridge.guardrails.finding import Finding
from bridge.guardrails.numbers import is_number
from bridge.guardrails.policy import Module

Scope = Literal["campaign", "page"]
LONGEST_EXCEPTION = 90  # calendar days (proposal)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who in this shop accepted a module version, in which role, and when (``accepted.yaml``).

    It counts only in the role that owns the module.
    """

    module: str
    version: str
    by: str
    role: str
    on: date


@dataclass(frozen=True, slots=True)
class Incident:
    """Something went wrong with a module version: from then on requests that use it go to review."""

    module: str
    version: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A granted exception: one limit of one major version, in one scope, up to a value, until a day.

    ``scope_id`` is the campaign's id, or ``campaign/request`` for one page. Where the limit is a number's,
    or the length of a list or text, it reaches up to ``max_value`` (down to it for a limit that asks for
    at least something); else it is for the one ``value`` alone that was found.
    """

    id: str
    module: str
    major: int
    limit: str
    scope: Scope
    scope_id: str
    reason: str
    granted_by: str
    granted_on: date
    expires_on: date
    max_value: float | None = None
    value: str | None = None

    def is_valid(self, today: date) -> bool:
        """Tell whether it counts on a day: not before it was granted, its last day included."""
        return (
            self.granted_on <= today <= self.expires_on
            and (self.expires_on - self.granted_on).days <= LONGEST_EXCEPTION
        )

    def covers(
        self,
        finding: Finding,
        value: object,
        scopes: Mapping[Scope, str],
        *,
        is_least: bool = False,
    ) -> bool:
        """Tell whether it covers a finding: same limit, same major version, same scope, within its bound.

        ``is_least``: the limit asks for at least something, so the bound is a floor.
        """
        module, _, rest = finding.rule.partition("@")
        version, _, limit = rest.partition("#")
        return (
            (module, limit) == (self.module, self.limit)
            and version.partition(".")[0] == str(self.major)
            and scopes.get(self.scope) == self.scope_id
            and (self.value is None or self.value == finding.value)
            and self._within(value, is_least)
        )

    def _within(self, value: object, is_least: bool) -> bool:
        if self.max_value is None:
            return True
        size = len(value) if isinstance(value, list | str) else value  # count_max, length_max
        if not is_number(size) or not is_number(self.max_value):
            return False
        return size >= self.max_value if is_least else size <= self.max_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The rest of what a verdict is a function of.

    ``exceptions`` is None where nobody asked Jira for them (an offline check). ``is_day_off`` tells
    Sundays, holidays and closures from other days.
    """

    today: date
    acceptances: tuple[Acceptance, ...] = ()
    incidents: tuple[Incident, ...] = ()
    exceptions: tuple[Waiver, ...] | None = None
    is_day_off: Callable[[date], bool] = field(default=lambda day: day.weekday() == 6)

    def acceptance(self, module: Module) -> Acceptance | None:
        """Return by whom exactly this module version was accepted, by the day of the evaluation.

        Only the role that owns the module accepts it; None where it did not.
        """
        own = (a for a in self.accepted_by(module) if a.role == module.owner)
        return next(own, None)

    def accepted_by(self, module: Module) -> tuple[Acceptance, ...]:
        """Return every acceptance of exactly this module version, in whatever role."""
        return tuple(
            a
            for a in self.acceptances
            if (a.module, a.version) == (module.id, module.version) and a.on <= self.today
        )

    def incident(self, module: str, version: str) -> Incident | None:
        """Return the incident that takes a module version out of automatic approval, if any."""
        return next(
            (
                i
                for i in self.incidents
                if (i.module, i.version) == (module, version) and i.on <= self.today
            ),
            None,
        )
