"""Changes to a request: one value set, one thing left out or added, always at a place as it was written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.guardrails.finding import Where
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.request import canonical

Action = Literal["set", "remove", "add"]


_A_CHOICE = 20  # a value that a person has to choose weighs more than an entry left out


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One change at a place of the request as its author wrote it.

    An ``add`` whose place ends in a number appends to that list. ``options`` are other values that
    would do as well as ``after``; where there are some, a person has to choose.
    """

    where: Where
    action: Action
    before: Any = ABSENT
    after: Any = ABSENT
    options: tuple[Any, ...] = ()

    @property
    def key(self) -> tuple[Where, Action, str]:
        """Return what tells one move from another: values need not be hashable."""
        return self.where, self.action, canonical(self.after)

    @property
    def weight(self) -> int:
        """Return how many values the move changes, drops or adds: what a person has to agree to."""
        if self.action == "remove":
            return leaves(self.before)
        if self.action == "add":
            return leaves(self.after)
        return _differing(self.before, self.after) + (_A_CHOICE if self.options else 0)

    @property
    def appends(self) -> bool:
        """Tell whether the move adds an entry to a list."""
        return self.action == "add" and isinstance(self.where[-1], int)


def leaves(value: Any) -> int:
    """Return how many plain values stand in a value; an empty list or mapping counts as one."""
    if isinstance(value, Mapping):
        return sum(map(leaves, value.values())) or 1
    return (sum(map(leaves, value)) or 1) if isinstance(value, list) else 1


def _differing(before: Any, after: Any) -> int:
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return 1
    return sum(before.get(key, ABSENT) != after.get(key, ABSENT) for key in {**before, **after})


def value_at(data: Any, where: Where) -> Any:
    """Return what stands at a place, :data:`ABSENT` where there is no such place."""
    for step in where:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else ABSENT
        else:
            data = data.get(step, ABSENT) if isinstance(data, Mapping) else ABSENT
    return data


def joined(moves: Iterable[Move], more: Iterable[Move]) -> tuple[Move, ...]:
    """Return both together; of two moves that meet at a place, the newer one stands."""
    added = tuple(more)
    kept = (move for move in moves if not any(_meet(move, newer) for newer in added))
    return tuple(sorted((*kept, *added), key=lambda move: repr(move.key)))


def _meet(one: Move, other: Move) -> bool:
    """Tell whether two moves are at the same place, or one inside the other's."""
    if one.appends and other.appends:
        return one.key == other.key
    shorter = min(len(one.where), len(other.where))
    return one.where[:shorter] == other.where[:shorter]


def applied(data: Mapping[str, Any], moves: Iterable[Move]) -> Mapping[str, Any]:
    """Return the content with the moves made; what they do not touch is shared, not copied."""
    changed: Any = data
    for move in sorted(moves, key=_turn):
        changed = _made(changed, move.where, move)
    content: Mapping[str, Any] = changed  # a mapping went in
    return content


def _turn(move: Move) -> tuple[bool, int, int]:
    """Order moves: places are those of the request as written, so entries leave last, from the end."""
    last = move.where[-1]
    is_entry = move.action == "remove" and isinstance(last, int)
    return is_entry, -len(move.where), -last if isinstance(last, int) else 0


def _made(value: Any, where: Where, move: Move) -> Any:
    step, *rest = where
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    if rest:
        copy[step] = _made(copy[step], tuple(rest), move)
    elif move.action == "remove":
        del copy[step]
    elif move.appends:
        copy.append(move.after)
    else:
        copy[step] = move.after
    return copy


def as_written(where: Where, moves: Iterable[Move]) -> Where:
    """Return where a place of the changed content stood before its lists lost entries."""
    gone = {move.where for move in moves if move.action == "remove"}
    place: Where = ()
    for step in where:
        written = step
        if isinstance(written, int):
            for lost in sorted(w[-1] for w in gone if w[:-1] == place and isinstance(w[-1], int)):
                written += lost <= written
        place = (*place, written)
    return place
