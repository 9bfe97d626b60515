"""What a variant says: each change in a sentence, what doing without it costs, why there is no variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bridge.guardrails.finding import Verdict
from bridge.guardrails.limits import shown
from bridge.guardrails.moves import Move
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.guardrails.scene import Spot
from bridge.guardrails.standing import STANDING
from bridge.guardrails.subjects import entry, subject
from bridge.text import Either, Text, Value, text, texts
from bridge.text import Words as Said

_ROLES: Final[Mapping[str, Text]] = {
    "it-security": text("IT security"),
    "it-architecture": text("IT architecture"),
    "dpo": text("the DPO"),
    "legal": text("the legal department"),
    "finance": text("finance"),
}


def role(name: str) -> Said:
    """Return what people call an approver's role, its article included."""
    return _ROLES.get(name, name)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences on one move of a variant."""

    request: Request
    bundle: Bundle
    move: Move

    @property
    def place(self) -> Said:
        """Return what a person calls the place of the move."""
        if self.move.appends:
            return _named(self.move.after)
        named = entry(self.request, self.move.where, self.bundle)
        return named or subject(self.request, self.move.where, self.bundle)

    def change(self) -> Text:
        """Say what to change."""
        move, place = self.move, self.place
        if move.action == "remove":
            return text("Leave out {place}.", place=place)
        if move.options:
            options = Either(shown(option) for option in move.options[:10])
            return text(
                "Choose another value for {place}: {options}.", place=place, options=options
            )
        if isinstance(move.after, Mapping):
            if move.appends:
                return text("Add {what}.", what=place)
            return text("Ask for {what} instead of {place}.", what=_named(move.after), place=place)
        if move.action == "add":
            return text("Fill in {place}: {after}.", place=place, after=shown(move.after))
        return text(
            "Set {place} to {after} instead of {before}.",
            place=place,
            after=shown(move.after),
            before=shown(move.before),
        )

    def cost(self, without: Verdict) -> Text:
        """Say what it costs to do without the change; ``without`` is the verdict on all others alone."""
        kept = _approvals(without)
        place = self.place
        if self.move.action == "remove":
            return text(
                "Without {place}, no review; with it, {approvals}.", place=place, approvals=kept
            )
        if self.move.action == "add":
            return text(
                "With {place}, no review; without it, {approvals}.", place=place, approvals=kept
            )
        return text(
            "With {after}, no review; with {before}, {approvals}.",
            after=_value(self.move.after),
            before=place if isinstance(self.move.before, Mapping) else _value(self.move.before),
            approvals=kept,
        )


def _approvals(verdict: Verdict) -> Text:
    roles = tuple(role(name) for name in verdict.approvers)
    if not roles:
        return text("the request comes back as incomplete")
    return texts("one approval, by {roles}", "{n} approvals, by {roles}", len(roles), roles=roles)


def _value(value: Any) -> Value:
    return _named(value) if isinstance(value, Mapping) else shown(value)


def _named(made: Any) -> Text:
    """Return what a person calls an entry that the variant itself made: a field or a block."""
    if isinstance(made, Mapping) and "label" in made:
        return text("the field “{label}”", label=str(made["label"])[:80])
    use = made.get("use", "") if isinstance(made, Mapping) else made
    return text("the block “{module}”", module=str(use))


def why_none(hopeless: Sequence[Spot], gave_up: bool) -> Text:
    """Say why no change of the requester's makes a request pass; ``hopeless`` is what bars it."""
    standing = [spot for spot in hopeless if spot.finding.limit in STANDING]
    missing = [spot for spot in hopeless if spot.finding.nature == "missing"]
    if standing:
        modules = tuple(dict.fromkeys(s.finding.rule.partition("#")[0] for s in standing))
        return text(
            "Nothing in the request changes this: {modules} approves nothing here at the moment.",
            modules=modules,
        )
    if missing:
        places = tuple(dict.fromkeys(spot.finding.subject for spot in missing))
        return text("Only its requester can say this: {places}.", places=places)
    if gave_up:
        return text("Too much is outside the guardrails to work out a variant that passes.")
    places = tuple(dict.fromkeys(spot.finding.subject for spot in hopeless))
    return text("No simple change mends this: {places}.", places=places)
