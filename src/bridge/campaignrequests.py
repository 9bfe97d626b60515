"""The requests that a campaign's steps need: what, by when, how to start one, how far it is. Pure.

A step that cannot be finished before a page, a form or a mailing passed the guardrails names that
kind in its template (``request:``). Requests are issues of their own, labelled :data:`LABEL`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridge.retroplan.schedule import ScheduledStep
from bridge.text import Text, text
from bridge.tracker import Issue

LABEL = "bridge-request"
_FORMAT = 1

# The kinds that a template may name (schemas/retroplan.schema.json), as people call them.
KINDS: Mapping[str, Text] = {
    "landing-page": text("landing page"),
    "form": text("form"),
    "mailing": text("mailing"),
    "sms": text("SMS"),
    "tag": text("tag"),
    "promo-code": text("promo code"),
    "contest": text("contest"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededRequest:
    """A request that a step needs. ``needed_by``: the day the step starts.

    ``key`` and ``verdict`` are the request issue's, None while there is none, or none was given.
    """

    step: str
    kind: str
    due: date | None
    needed_by: date | None
    key: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A request issue that exists: the step it is for, and the verdict that it records."""

    key: str
    step: str
    kind: str
    verdict: str | None


def kind_name(kind: str) -> Text | str:
    """Return what people call a kind of request."""
    return KINDS.get(kind, kind)


def command(kind: str, campaign: str) -> str:
    """Return the command that starts a request of a campaign."""
    return f"bridge request new {kind} --campaign {campaign}"


def how_to_ask(kind: str, campaign: str) -> Text:
    """Return what the step's issue says of the request: no dates, since those move."""
    return text(
        "Before this step starts, a request must be approved: {kind}. It begins with “{command}”; "
        "without a terminal, ask the campaign's lead. What keeps within the guardrails is approved "
        "at once.",
        kind=kind_name(kind),
        command=command(kind, campaign),
    )


def to_come(
    steps: Iterable[ScheduledStep], dues: Mapping[str, date | None], done: Collection[str]
) -> Iterable[NeededRequest]:
    """Return the requests of a campaign's steps, in template order.

    ``dues``: what each step's issue shows; ``done``: the ids of finished steps, which need nothing.
    """
    for scheduled in steps:
        step, due = scheduled.step, dues.get(scheduled.step.id) or scheduled.due
        if step.request and step.id not in done:
            start = min(scheduled.start, due)
            yield NeededRequest(step=step.id, kind=step.request, due=due, needed_by=start)


def made(issue: Issue, workspace: str, campaign: str) -> Made | None:
    """Return the request of a campaign that an issue is, None where it is none.

    Anyone who may edit the issue may edit its property: what it says is shown, and decides nothing.
    """
    value: Any = issue.memory
    if LABEL not in issue.labels or not isinstance(value, dict) or value.get("format") != _FORMAT:
        return None
    place = (value.get("kind"), value.get("workspace"), value.get("campaign"))
    step, verdict = value.get("step"), value.get("standing") or value.get("verdict")
    if place != ("request", workspace, campaign) or not isinstance(step, str):
        return None
    kind = value.get("request_kind")
    return Made(
        key=issue.key,
        step=step,
        kind=kind if isinstance(kind, str) else "",
        verdict=verdict if isinstance(verdict, str) and verdict else None,
    )
