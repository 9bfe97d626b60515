"""What changed rules would have meant: past requests judged by the old rules and by the new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.finding import Verdict
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.guardrails.verdict import judge


@dataclass(frozen=True, slots=True)
class Past:
    """A request of the past, the issue (or file) it stands in, and the day it was checked."""

    key: str
    request: Request
    on: date


@dataclass(frozen=True, slots=True)
class Replayed:
    """One past request under both sets of rules."""

    past: Past
    before: Verdict
    after: Verdict

    @property
    def differs(self) -> bool:
        """Tell whether anybody would notice: another outcome, other roles, or other limits."""
        return (
            self.before.outcome != self.after.outcome
            or self.before.approvers != self.after.approvers
            or _limits(self.before) != _limits(self.after)
        )


def replay(
    pasts: Iterable[Past], old: Bundle, new: Bundle, circumstances: Circumstances
) -> Sequence[Replayed]:
    """Judge each past request twice, as of the day it was checked.

    Acceptance and incidents are left out of the comparison: it is the limits that are compared.
    """
    accepted = tuple(
        Acceptance(module.id, module.version, "", module.owner, date.min)
        for bundle in (old, new)
        for module in bundle.modules.values()
    )
    return [
        Replayed(past, judge(past.request, old, then), judge(past.request, new, then))
        for past in pasts
        for then in [
            replace(circumstances, today=past.on, acceptances=accepted, incidents=(), exceptions=())
        ]
    ]


def _limits(verdict: Verdict) -> frozenset[tuple[str, str, str]]:
    """Return what is outside, without the versions, which differ by design."""
    return frozenset(
        (finding.rule.partition("@")[0], finding.limit, finding.path)
        for finding in (*verdict.findings, *verdict.missing)
        if finding.mode != "observe"
    )
