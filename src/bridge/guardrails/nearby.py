"""The allowed values nearest to one that a limit refuses.

A guess by operator: the bound itself, the one name that is nearly the same, the next day that is worked.
Whether it passes, with all other limits, is for a verdict to say.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

from bridge.guardrails.limits import Facts, accepts, bound
from bridge.guardrails.paths import day_of, host_of, path_of
from bridge.guardrails.policy import Limit, Listed, Operator
from bridge.guardrails.words import folded
from bridge.nearmiss import nearest

_FARTHEST = 14  # days a date is moved to leave Sundays, holidays and closures behind
_MOST = 3  # values tried in place of one
_Nearby = Callable[[Limit, Any, Any, Facts], Iterable[Any]]


def nearby(limit: Limit, value: Any, item: Any, facts: Facts) -> list[Any]:
    """Return the values that come nearest to a refused one, best first; empty where none is near.

    ``item`` is what the limit's path starts from. A value of the wrong type has no neighbours.
    """
    derived = path_of(limit.path).derived if limit.path else ""
    way = _BY_DERIVED.get(derived, _none) if derived else _BY_OPERATOR.get(limit.operator, _none)
    try:
        near = (n for n in way(limit, value, item, facts) if accepts(limit, n, item, facts))
        return list(islice(near, _MOST))
    except (TypeError, ValueError, KeyError, OverflowError):
        return []


def allowed(limit: Limit, facts: Facts) -> list[Any]:
    """Return the closed list of values that a limit allows today, empty where it has none."""
    if limit.operator not in ("one_of", "host_in"):
        return []
    if isinstance(limit.operand, Listed):
        return sorted(facts.around.registers.get(limit.operand.register, frozenset()))
    return list(limit.operand) if isinstance(limit.operand, tuple) else []


def _none(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    return ()


def _number(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the bound, in place of a number beyond it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return (limit.operand,) if is_number else ()


def _operand(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    return (limit.operand,)


def _shorter(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the text cut at the last blank that the limit allows, at the limit where it has none."""
    most = int(str(limit.operand))
    if not isinstance(value, str) or most < 2:
        return
    cut = value[: most - 1]
    yield f"{cut.rpartition(' ')[0].rstrip() or cut}…"


def _choice(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the one value that is allowed, or the one that is nearly the same."""
    options = allowed(limit, facts)
    if len(options) == 1:
        yield options[0]
    elif isinstance(value, str):
        near = nearest(value, [option for option in options if isinstance(option, str)])
        if near is not None:
            yield near
    elif isinstance(value, int | float) and not isinstance(value, bool):
        numbers = [n for n in options if isinstance(n, int | float) and not isinstance(n, bool)]
        yield from sorted(numbers, key=lambda n: abs(n - value))[:1]


def _host(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the address with the host that is nearly the same, or the one host that is allowed.

    Of an address with a path only the near miss is kept: its path means nothing on another host.
    """
    host = host_of(value)
    has_path = value.strip().casefold() != host
    for near in _choice(limit, host, item, facts):
        is_like = not has_path or nearest(host, [str(near)]) is not None
        if isinstance(near, str) and not near.startswith("*") and is_like:
            yield value.replace(host, near, 1) if host in value else near


def _below(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the last step of a path, below the allowed one."""
    name = folded(str(value).rstrip("/").rpartition("/")[2]).replace(" ", "-")
    if name:
        yield f"{limit.operand}{name}"


def _moment(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the bound itself, as a request writes it."""
    end = bound(limit.operand, item, facts)
    yield end.isoformat() if isinstance(end, date) else end


def _written_otherwise(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the same word without blanks around it, in small or in capital letters."""
    if isinstance(value, str):
        bare = value.strip()
        yield from dict.fromkeys((bare, bare.lower(), bare.upper()))


def _another_day(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the days around a date, the nearest first, the earlier one of two."""
    day = day_of(value)
    for distance in range(1, _FARTHEST + 1):
        yield (day - timedelta(days=distance)).isoformat()
        yield (day + timedelta(days=distance)).isoformat()


def _nearest_period(limit: Limit, value: Any, item: Any, facts: Facts) -> Iterable[Any]:
    """Return the ends of the register's periods, the nearest to a date first."""
    day = day_of(value)
    listed = facts.around.registers[path_of(limit.path).argument]
    ends = [end for entry in listed if "/" in entry for end in entry.split("/")]
    return sorted(ends, key=lambda end: abs((day_of(end) - day).days))[:4]


_BY_OPERATOR: Final[Mapping[Operator, _Nearby]] = {
    "max": _number,
    "min": _number,
    "equals": _operand,
    "length_max": _shorter,
    "one_of": _choice,
    "host_in": _host,
    "path_under": _below,
    "before": _moment,
    "after": _moment,
    "pattern": _written_otherwise,
}
_BY_DERIVED: Final[Mapping[str, _Nearby]] = {
    "weekday": _another_day,
    "off": _another_day,
    "in": _nearest_period,
    "host": _host,
}
