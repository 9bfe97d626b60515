"""The nearest variant: the smallest set of changes that makes a request pass, and what keeping each costs.

Every variant is judged before it is offered, under the same circumstances, and it is minimal: with any one
of its changes left out the request is not approved.

Smallest means fewest values changed, added or dropped, among the changes that the findings themselves
suggest (``remedies``). That is exact where the search ends within half of its verdicts: cheapest sets are
judged first. For requests with more findings than that allows, the findings are mended place by place,
each at least cost by itself; such a variant still passes and is still minimal, but a smaller one may exist.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final

from bridge.guardrails import variant_words
from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.finding import Verdict, Where, json_path
from bridge.guardrails.moves import Action, applied, as_written, joined
from bridge.guardrails.policy import Bundle
from bridge.guardrails.remedies import remedies, weight
from bridge.guardrails.request import Request
from bridge.guardrails.scene import Remedy, Scene, Spot
from bridge.guardrails.standing import STANDING
from bridge.guardrails.verdict import facts_of, judge
from bridge.text import Text

MOST_VERDICTS: Final = 400


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a variant, at a place of the request as written.

    ``before`` and ``after`` are the values, ``paths.ABSENT`` where there is none. ``keeps`` are the
    roles that would have to approve if this change alone were left out; empty where the request would
    come back as incomplete.
    """

    where: Where
    action: Action
    before: Any
    after: Any
    sentence: Text
    keeps: tuple[str, ...]

    @property
    def path(self) -> str:
        """Return the place as a JSON path."""
        return json_path(self.where)


@dataclass(frozen=True, slots=True)
class Variant:
    """The changes, the request with them made, and for each change what it costs to do without it."""

    changes: tuple[Change, ...]
    request: Request
    costs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """The nearest variant, or the reason why there is none; neither where the request passes as it is."""

    variant: Variant | None = None
    why_none: Text | None = None


def nearest(
    request: Request, bundle: Bundle, circumstances: Circumstances, verdict: Verdict | None = None
) -> Variant | None:
    """Return the smallest set of changes that makes a request pass, None where there is none or no need."""
    return advise(request, bundle, circumstances, verdict).variant


def advise(
    request: Request, bundle: Bundle, circumstances: Circumstances, verdict: Verdict | None = None
) -> Advice:
    """Return the nearest variant or say why there is none; ``verdict`` is the request's, if known."""
    search = _Search(request, bundle, circumstances)
    first = search.judged(()) if verdict is None else verdict
    search.known[()] = first
    if first.outcome == "approved":
        return Advice()
    moves = search.cheapest() or search.place_by_place()
    if moves is None:
        spots = search.open(())
        hopeless = [spot for spot in spots if not search.remedies(spot, ())] or spots
        return Advice(why_none=variant_words.why_none(hopeless, search.spent >= MOST_VERDICTS))
    return Advice(_variant(search, search.minimal(moves)))


def _variant(search: "_Search", moves: Remedy) -> Variant:
    changes, costs = [], []
    for move in moves:
        without = search.judged(tuple(m for m in moves if m is not move))
        words = variant_words.Words(search.request, search.bundle, move)
        changes.append(
            Change(
                move.where, move.action, move.before, move.after, words.change(), without.approvers
            )
        )
        costs.append(words.cost(without))
    return Variant(tuple(changes), Request(applied(search.request.data, moves)), tuple(costs))


_Key = tuple[tuple[Where, Action, str], ...]
_Goal = Callable[
    [Sequence[Spot]], Sequence[Spot]
]  # the spots of a state that are still to be mended


@dataclass
class _Search:
    """Verdicts on sets of moves, each asked for once, and a bounded number of them."""

    request: Request
    bundle: Bundle
    circumstances: Circumstances
    known: dict[_Key, Verdict] = field(default_factory=dict)
    spent: int = 0

    def judged(self, moves: Remedy) -> Verdict:
        """Return the verdict on the request with some moves made."""
        key = tuple(move.key for move in moves)
        if key not in self.known:
            self.spent += 1
            changed = Request(applied(self.request.data, moves))
            self.known[key] = judge(changed, self.bundle, self.circumstances)
        return self.known[key]

    def open(self, moves: Remedy) -> list[Spot]:
        """Return what keeps the moved request from passing: hopeless ones first, then the innermost."""
        verdict = self.judged(moves)
        findings = [f for f in (*verdict.findings, *verdict.missing) if f.counts or f.is_missing]
        spots = [Spot(f, as_written(f.where, moves), f.where) for f in findings]
        return sorted(spots, key=_urgency)

    def remedies(self, spot: Spot, moves: Remedy) -> list[Remedy]:
        """Return what might mend a finding of the moved request."""
        now = Request(applied(self.request.data, moves))
        facts = facts_of(now, self.bundle, self.circumstances, {})
        return remedies(spot, Scene(self.request, now, self.bundle, facts))

    def cheapest(
        self, start: Remedy = (), goal: _Goal = lambda spots: spots, most: int = MOST_VERDICTS // 2
    ) -> Remedy | None:
        """Return the lightest moves that leave nothing of a goal open; None if ``most`` verdicts show none.

        Sets are judged in the order of their weight; each grows by what may mend its first open finding.
        """
        turn = count()
        queue = [(weight(start), len(start), next(turn), start)]
        seen: set[_Key] = set()
        while queue and self.spent < most:
            *_, moves = heappop(queue)
            todo = goal(self.open(moves))
            if not todo:
                return moves
            for remedy in self.remedies(todo[0], moves):
                longer = joined(moves, remedy)
                key = tuple(move.key for move in longer)
                if key not in seen:
                    seen.add(key)
                    heappush(queue, (weight(longer), len(longer), next(turn), longer))
        return None

    def place_by_place(self) -> Remedy | None:
        """Return moves that mend one place after the other, each at least weight; None where one fails."""
        moves: Remedy = ()
        while spots := self.open(moves):
            others = {_identity(s) for s in spots if _place(s) != _place(spots[0])}
            mended = self.cheapest(moves, partial(_besides, others), MOST_VERDICTS)
            if mended is None:
                return None
            moves = mended
        return moves

    def minimal(self, moves: Remedy) -> Remedy:
        """Return the moves without those that are not needed: then each one is."""
        for move in sorted(moves, key=lambda move: -move.weight):
            rest = tuple(other for other in moves if other is not move)
            if self.judged(rest).outcome == "approved":
                return self.minimal(rest)
        return moves


def _urgency(spot: Spot) -> tuple[bool, bool, int]:
    """Order open findings: first those nobody can mend here, then fields before forms before pages."""
    is_standing = spot.finding.limit in STANDING
    is_inside = any(isinstance(step, int) for step in spot.where)
    return is_inside or not is_standing, is_standing, -len(spot.where)


def _place(spot: Spot) -> Where:
    """Return the innermost entry (field, block, script) around a finding, else its own place."""
    last = max((n for n, step in enumerate(spot.where) if isinstance(step, int)), default=None)
    return spot.where if last is None else spot.where[: last + 1]


def _besides(others: set[tuple[str, Where]], spots: Sequence[Spot]) -> Sequence[Spot]:
    return [spot for spot in spots if _identity(spot) not in others]


def _identity(spot: Spot) -> tuple[str, Where]:
    return spot.finding.rule, spot.where
