"""What about the rules falls due: reviews, register entries, acceptances, roles and their deputies."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.policy import APPROVERS, Bundle
from bridge.text import Text, text

Kind = Literal["review", "entry", "acceptance", "deputy", "role"]
SOON: Final = 30  # calendar days ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that somebody has to do about the rules; ``day`` None: since always, now.

    ``name``: the module's reference, ``register: value``, or the role.
    """

    kind: Kind
    name: str
    owner: str
    day: date | None
    is_late: bool
    sentence: Text


def due(
    bundle: Bundle, circumstances: Circumstances, deputies: Mapping[str, date] | None = None
) -> tuple[Due, ...]:
    """Return everything due today or within thirty days: what is late first, then by day.

    ``deputies``: the last day of each role's deputy, by role; None without a workspace.
    """
    today = circumstances.today
    found = [
        *_reviews(bundle, today),
        *_entries(bundle, today),
        *_acceptances(bundle, circumstances),
        *_deputies(deputies or {}, today),
    ]
    return tuple(sorted(found, key=lambda one: (one.day or date.min, one.kind, one.name)))


def _reviews(bundle: Bundle, today: date) -> Iterator[Due]:
    for module in bundle.modules.values():
        late = module.review_by < today
        if late or module.review_by <= today + timedelta(SOON):
            said = (
                text("to be reviewed since {day}: it no longer approves", day=module.review_by)
                if late
                else text("to be reviewed by {day}", day=module.review_by)
            )
            yield Due(
                kind="review",
                name=module.reference,
                owner=module.owner,
                day=module.review_by,
                is_late=late,
                sentence=said,
            )


def _entries(bundle: Bundle, today: date) -> Iterator[Due]:
    for register in bundle.registers.values():
        for entry in register.entries:
            if entry.expires_on > today + timedelta(SOON):
                continue
            late = not entry.is_valid(today)
            said = (
                text("expired on {day}: it counts as absent", day=entry.expires_on)
                if late
                else text("expires on {day}", day=entry.expires_on)
            )
            yield Due(
                kind="entry",
                name=f"{register.id}: {entry.value}",
                owner=entry.owner,
                day=entry.expires_on,
                is_late=late,
                sentence=said,
            )


def _acceptances(bundle: Bundle, circumstances: Circumstances) -> Iterator[Due]:
    for module in bundle.modules.values():
        if circumstances.acceptance(module) is None:
            yield Due(
                kind="acceptance",
                name=module.reference,
                owner=module.owner,
                day=None,
                is_late=True,
                sentence=text("not accepted in this shop: it approves nothing"),
            )


def _deputies(deputies: Mapping[str, date], today: date) -> Iterator[Due]:
    for role, last in deputies.items():
        if role in APPROVERS and last <= today + timedelta(SOON):
            late = last < today
            said = (
                text("no deputy since {day}", day=last)
                if late
                else text("the deputy stands in until {day}", day=last)
            )
            yield Due(kind="deputy", name=role, owner=role, day=last, is_late=late, sentence=said)


def unheld(roles: Iterable[str]) -> Iterator[Due]:
    """Yield the deciding roles that nobody holds here; ``roles`` are those that somebody does."""
    for role in sorted(set(APPROVERS) - set(roles)):
        yield Due(
            kind="role",
            name=role,
            owner=role,
            day=None,
            is_late=True,
            sentence=text("nobody holds this role: say who under “roles” in bridge.yaml"),
        )
