"""A campaign before and after it is created, for the terminal and as JSON."""

from collections.abc import Iterable
from typing import Any

import click

from bridge.campaign import Campaign
from bridge.operations.create import Outcome, Preview
from bridge.reconcile import Kept
from bridge.report import table
from bridge.text import Bilingual, Speaker, Text, Words, text, texts
from bridge.tracker import FieldName, FieldValue

FIELD_NAMES: dict[FieldName, Text] = {
    "summary": text("title"),
    "description": text("description"),
    "assignee": text("owner"),
    "due": text("due date"),
    "start": text("start date"),
    "priority": text("priority"),
}


def preview_actions(preview: Preview, speaker: Speaker) -> list[str]:
    """Return the actions that are about to exist, as a table."""
    title = click.style(_title(preview.campaign, speaker), bold=True)
    return ["", title, "", *_actions(preview.campaign, preview.plan.keys, speaker), ""]


def preview_summary(preview: Preview, speaker: Speaker) -> list[str]:
    """Return how many issues, links and mails a creation comes to, and what to know before."""
    plan, lines = preview.plan, []
    if plan.create:
        words = texts(
            "{n} issue to create, {links} links, at most {mails} mails sent by Jira.",
            "{n} issues to create, {links} links, at most {mails} mails sent by Jira.",
            len(plan.create),
            links=preview.links,
            mails=preview.mails_at_most,
        )
        lines.append(speaker.say(words))
    if plan.changes:
        words = texts(
            "{n} field to bring up to the order.",
            "{n} fields to bring up to the order.",
            len(plan.changes),
        )
        lines.append(speaker.say(words))
    return [*lines, *_warnings(preview.campaign, speaker)]


def outcome_text(outcome: Outcome, speaker: Speaker) -> list[str]:
    """Return what was done: a table with every issue's key, what was kept, and the epic's link."""
    lines = ["", click.style(_title(outcome.campaign, speaker), bold=True), ""]
    lines += _actions(outcome.campaign, outcome.keys, speaker)
    lines.append("")
    if outcome.created:
        lines.append(
            speaker.say(
                texts(
                    "{n} issue created, {links} links made.",
                    "{n} issues created, {links} links made.",
                    len(outcome.created),
                    links=outcome.links,
                )
            )
        )
    elif not outcome.plan.changes and not outcome.links:
        lines.append(speaker.say(text("Everything is there already; nothing was written.")))
    lines += [speaker.say(_kept(kept, speaker)) for kept in outcome.plan.kept]
    if outcome.url:
        lines += ["", speaker.say(text("Epic: {url}", url=click.style(outcome.url, bold=True)))]
    return lines


def outcome_json(outcome: Outcome, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``campaign create`` (``interfaces.md``)."""
    return {
        "id": outcome.campaign.order.id,
        "epic": outcome.epic,
        "url": outcome.url,
        "created": list(outcome.created),
        "found": list(outcome.found),
        "links": outcome.links,
        "mails_at_most": outcome.mails_at_most,
        "findings": [
            {"code": finding.code, "message": speaker.say(finding.message), "about": name or None}
            for name, finding in outcome.campaign.schedule.named_findings(speaker.code)
        ],
        "kept": [
            {
                "key": kept.key,
                "step": kept.step,
                "field": kept.field,
                "suggestion": _shown(kept.suggestion, speaker, raw=True),
            }
            for kept in outcome.plan.kept
        ],
        "conflicts": [
            {"key": conflict.key, "step": conflict.step, "why": speaker.say(conflict.why)}
            for conflict in outcome.plan.conflicts
        ],
    }


def _title(campaign: Campaign, speaker: Speaker) -> str:
    order = campaign.order
    return table.printable(
        speaker.say(
            text(
                "{name} ({id}) — {template}, launch on {launch}",
                name=order.name,
                id=order.id,
                template=order.template.title,
                launch=speaker.day(order.launch, style="full"),
            )
        )
    )


def _actions(campaign: Campaign, keys: Any, speaker: Speaker) -> list[str]:
    heads: list[Words] = [text("Due"), text("Issue"), text("Responsible"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [
            speaker.day(scheduled.due),
            keys.get(scheduled.step.id, ""),
            _owner(campaign, scheduled, speaker),
            scheduled.step.title.in_(campaign.workspace.lang),  # as it is written in Jira
        ]
        for scheduled in sorted(campaign.schedule.steps, key=lambda s: s.due)
    ]
    if not keys:
        rows = [[due, who, what] for due, _, who, what in rows]
    return table.headed(rows)


def _owner(campaign: Campaign, scheduled: Any, speaker: Speaker) -> str:
    owner = campaign.owner(scheduled)
    responsible = campaign.workspace.team.responsible(owner.id)
    if responsible.id == owner.id:
        return owner.name
    return speaker.say(text("{name} with {external}", name=responsible.name, external=owner.name))


def _warnings(campaign: Campaign, speaker: Speaker) -> Iterable[str]:
    for name, finding in campaign.schedule.named_findings(speaker.code):
        if finding.severity == "warning":
            said = speaker.say(finding.message)
            line = speaker.say(text("{what}: {message}", what=name, message=said)) if name else said
            yield click.style(f"! {line} [{finding.code}]", fg="yellow")


def _kept(kept: Kept, speaker: Speaker) -> Text:
    return text(
        "Kept as a person set it: {key}, {field} (the plan says {value}).",
        key=kept.key,
        field=FIELD_NAMES[kept.field],
        value=_shown(kept.suggestion, speaker, raw=False),
    )


def _shown(value: FieldValue, speaker: Speaker, *, raw: bool) -> str:
    if value is None or isinstance(value, tuple):
        return "…" if value else "—"
    if isinstance(value, str | Bilingual):
        return speaker.say(value)
    return value.isoformat() if raw else speaker.day(value)
