"""An exception that earns its place: granted often, never refused, by several people, without incident.

guardrails.md section 5: the same limit granted at least three times within 90 days, refused never, for
at least two requesters (proposal). The tool drafts the change with its evidence; the owner merges it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bridge.guardrails.circumstances import Incident
from bridge.guardrails.policy import Bundle, Limit, Listed, Module, Moment, Operator, Scalar

WINDOW: Final = timedelta(days=90)
LEAST_GRANTED: Final = 3
LEAST_REQUESTERS: Final = 2
NEXT_REVIEW: Final = timedelta(days=182)
_LARGEST: Final[frozenset[Operator]] = frozenset({"max", "count_max", "sum_max", "length_max"})


@dataclass(frozen=True, slots=True)
class Precedent:
    """One decision about an exception: which limit, for whom, up to which value, when, and whether granted.

    ``key`` is the approval issue, the evidence; ``rule`` is ``module@version#limit``.
    """

    key: str
    rule: str
    requester: str
    value: Scalar | None
    on: date
    granted: bool


@dataclass(frozen=True, slots=True)
class Promotion:
    """A change that the evidence supports: the narrowest one that would have let every case pass.

    ``operand`` is the limit's new one: a number, or the list with the granted values added.
    """

    module: Module
    limit: Limit
    operand: int | float | tuple[Scalar, ...]
    version: str
    review_by: date
    evidence: tuple[Precedent, ...]


def promotions(
    precedents: Iterable[Precedent], bundle: Bundle, incidents: Sequence[Incident], today: date
) -> Sequence[Promotion]:
    """Return what the exceptions of the last 90 days earn, by module and limit."""
    recent = [p for p in precedents if today - WINDOW <= p.on <= today]
    found = []
    for module in sorted(bundle.modules.values(), key=lambda m: m.id):
        if any(i.module == module.id and today - WINDOW <= i.on <= today for i in incidents):
            continue
        for limit in module.limits:
            about = [p for p in recent if _is_about(p, module, limit)]
            promotion = _promotion(module, limit, about, today)
            if promotion is not None:
                found.append(promotion)
    return found


def _is_about(precedent: Precedent, module: Module, limit: Limit) -> bool:
    name, _, rest = precedent.rule.partition("@")
    version, _, limit_id = rest.partition("#")
    return (name, version.partition(".")[0], limit_id) == (module.id, str(module.major), limit.id)


def _promotion(
    module: Module, limit: Limit, about: Sequence[Precedent], today: date
) -> Promotion | None:
    granted = [p for p in about if p.granted]
    if len(granted) < len(about) or len(granted) < LEAST_GRANTED:
        return None
    if len({p.requester for p in granted}) < LEAST_REQUESTERS:
        return None
    operand = _narrowest(limit, [p.value for p in granted])
    if operand is None:
        return None
    return Promotion(
        module=module,
        limit=limit,
        operand=operand,
        version=_next_minor(module.version),
        review_by=today + NEXT_REVIEW,
        evidence=tuple(sorted(granted, key=lambda p: (p.on, p.key))),
    )


def _narrowest(
    limit: Limit, values: Sequence[Scalar | None]
) -> int | float | tuple[Scalar, ...] | None:
    """Return the least change of the operand that covers every granted value; None: nothing to draft."""
    operand = limit.operand
    if isinstance(operand, tuple):
        added = tuple(dict.fromkeys(v for v in values if v is not None and v not in operand))
        return (*operand, *added) if added and None not in values else None
    if isinstance(operand, Listed | bool | str):
        return None
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) < len(values):
        return None
    if isinstance(operand, Moment):
        return None
    if isinstance(operand, int | float):
        if limit.operator in _LARGEST and max(numbers) > operand:
            return max(numbers)
        if limit.operator == "min" and min(numbers) < operand:
            return min(numbers)
    return None


def _next_minor(version: str) -> str:
    """Return the next version of a looser module (semver: looser is minor)."""
    major, minor, _ = version.split(".")
    return f"{major}.{int(minor) + 1}.0"
