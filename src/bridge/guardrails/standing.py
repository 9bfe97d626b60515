"""Whether a module version still approves here: accepted, not overdue, no incident (section 2, step 2)."""

from collections.abc import Iterator
from typing import Final

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.finding import Finding, Where
from bridge.guardrails.policy import Module
from bridge.guardrails.roles import role_name
from bridge.text import Text, text

# The names under which a module's own standing finds something; no limit may bear them.
STANDING: Final = ("ACCEPTED", "REVIEW", "INCIDENT")


def standing(module: Module, circumstances: Circumstances, where: Where) -> Iterator[Finding]:
    """Yield what keeps a module from approving today; each goes to the module's owner."""
    incident = circumstances.incident(module.id, module.version)
    if circumstances.acceptance(module) is None:
        yield _finding(
            module,
            where,
            "ACCEPTED",
            text("accepted in this shop"),
            _not_accepted(module, circumstances),
            text("Nothing approves before a named person of this shop accepted it."),
            text("`bridge guardrail sheet` puts every limit on one sheet for one meeting."),
        )
    if module.review_by < circumstances.today:
        yield _finding(
            module,
            where,
            "REVIEW",
            text("a review by {day}", day=module.review_by),
            text("no review since"),
            text("A module past its review date no longer approves."),
            text("Its owner reviews it and moves review_by."),
        )
    if incident is not None:
        yield _finding(
            module,
            where,
            "INCIDENT",
            text("no incident"),
            text("an incident on {day}: {reason}", day=incident.on, reason=incident.reason),
            text("After an incident each request that uses this version is looked at."),
            text("A new version of the module, accepted here, ends this."),
        )


def _not_accepted(module: Module, circumstances: Circumstances) -> Text:
    """Say that nobody accepted a module, or that whoever did does not hold the role that owns it."""
    others = circumstances.accepted_by(module)
    if not others:
        return text("module not accepted here")
    return text(
        "accepted by {other} only; its owner is {owner}",
        other=role_name(others[0].role),
        owner=role_name(module.owner),
    )


def _finding(
    module: Module, where: Where, limit: str, expected: Text, found: Text, why: Text, fix: Text
) -> Finding:
    return Finding(
        rule=f"{module.reference}#{limit}",
        limit=limit,
        nature="unknown",
        where=where,
        subject=module.title,
        expected=expected,
        found=found,
        why=why,
        fix=fix,
        approver=module.owner,
    )
