"""A campaign before and after it is created, for the terminal and as JSON."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import click

from bridge.campaign import Campaign
from bridge.campaignrequests import NeededRequest, command, kind_name
from bridge.operations.create import Outcome, Preview
from bridge.prose import words_of
from bridge.reconcile import Kept
from bridge.report import table
from bridge.text import Speaker, Text, Value, Words, text, texts
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
    """Return the actions as they are about to stand, as a table."""
    title = click.style(_title(preview.campaign, speaker), bold=True)
    requests = requests_text(preview.requests, preview.campaign.order.id, speaker)
    return ["", title, "", *_actions(preview, preview.plan.keys, speaker), *requests, ""]


def preview_summary(preview: Preview, speaker: Speaker) -> list[str]:
    """Return what a run will create and change, how many mails it causes, what to know before."""
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
            "{n} field to bring up to the order:",
            "{n} fields to bring up to the order:",
            len(plan.changes),
        )
        lines.append(speaker.say(words))
        lines += _changes(preview, speaker)
    return [*lines, *_warnings(preview, speaker)]


def outcome_text(outcome: Outcome, speaker: Speaker) -> list[str]:
    """Return what was done: a table with every issue's key, what was kept, and the epic's link."""
    preview = outcome.preview
    lines = ["", click.style(_title(preview.campaign, speaker), bold=True), ""]
    lines += _actions(preview, outcome.keys, speaker)
    lines += requests_text(preview.requests, preview.campaign.order.id, speaker)
    lines += ["", *_done(outcome, speaker)]
    lines += [_kept(preview, kept, speaker) for kept in preview.plan.kept]
    lines += [_frozen(preview, kept, speaker) for kept in preview.plan.frozen]
    if outcome.url:
        lines += ["", speaker.say(text("Epic: {url}", url=click.style(outcome.url, bold=True)))]
    return lines


def requests_text(requests: Iterable[NeededRequest], campaign: str, speaker: Speaker) -> list[str]:
    """Return the requests that nobody has made yet, each with the command that starts it."""
    waiting = [request for request in requests if request.key is None]
    if not waiting:
        return []
    said = texts(
        "{n} request to make, before its step starts:",
        "{n} requests to make, each before its step starts:",
        len(waiting),
    )
    heads: list[Words] = [text("Due"), text("Needed by"), text("Request"), text("Begin with")]
    rows = [[speaker.say(head) for head in heads]]
    for one in waiting:
        days = (speaker.day(day) if day else "—" for day in (one.due, one.needed_by))
        rows.append([*days, speaker.say(kind_name(one.kind)), command(one.kind, campaign)])
    # As wide as it is: a command that is broken into lines cannot be copied.
    head, *lines = table.columns(rows)
    return ["", speaker.say(said), click.style(head, underline=True), *lines]


def requests_json(requests: Iterable[NeededRequest]) -> list[dict[str, str | None]]:
    """Return the requests as ``campaign create`` and ``campaign status`` give them."""
    return [
        {
            "step": one.step,
            "kind": one.kind,
            "due": one.due.isoformat() if one.due else None,
            "needed_by": one.needed_by.isoformat() if one.needed_by else None,
            "key": one.key,
            "verdict": one.verdict,
        }
        for one in requests
    ]


def _done(outcome: Outcome, speaker: Speaker) -> Iterable[str]:
    plan = outcome.preview.plan
    if outcome.created:
        yield speaker.say(
            texts(
                "{n} issue created, {links} links made.",
                "{n} issues created, {links} links made.",
                len(outcome.created),
                links=outcome.links,
            )
        )
    elif outcome.links:
        yield speaker.say(texts("{n} link made.", "{n} links made.", outcome.links))
    if plan.changes:
        yield speaker.say(texts("{n} field written:", "{n} fields written:", len(plan.changes)))
        yield from _changes(outcome.preview, speaker)
    if not (outcome.created or outcome.links or plan.changes):
        yield speaker.say(text("Everything is there already; nothing was written."))


def _changes(preview: Preview, speaker: Speaker) -> Iterable[str]:
    for change in preview.plan.changes:
        yield "  " + speaker.say(
            text(
                "{key} {title}: {field}: {before} → {after}",
                key=change.key,
                title=table.printable(change.title),
                field=FIELD_NAMES[change.field],
                before=_shown(change.field, change.before, preview, speaker),
                after=_shown(change.field, change.after, preview, speaker),
            )
        )


def outcome_json(outcome: Outcome, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``campaign create`` (``interfaces.md``).

    Added to it: ``written``, whether the run was more than a look; ``changes``, ``kept``,
    ``frozen`` and ``conflicts`` as in ``campaign plan``.
    """
    preview = outcome.preview
    findings = [("", f) for f in preview.findings]
    findings += preview.campaign.schedule.named_findings(speaker.code)
    return {
        "id": preview.campaign.order.id,
        "epic": outcome.epic,
        "url": outcome.url,
        "written": outcome.written,
        "created": list(outcome.created),
        "found": list(preview.plan.found),
        "links": outcome.links,
        "mails_at_most": preview.mails_at_most,
        "requests": requests_json(preview.requests),
        "findings": [
            {"code": finding.code, "message": speaker.say(finding.message), "about": name or None}
            for name, finding in findings
        ],
        "changes": [
            {
                "key": change.key,
                "step": change.step,
                "field": change.field,
                "from": _raw(change.field, change.before, preview),
                "to": _raw(change.field, change.after, preview),
            }
            for change in preview.plan.changes
        ],
        "kept": [_kept_json(kept, preview) for kept in preview.plan.kept],
        "frozen": [_kept_json(kept, preview) for kept in preview.plan.frozen],
        "conflicts": [
            {"key": conflict.key, "step": conflict.step, "why": speaker.say(conflict.why)}
            for conflict in preview.plan.conflicts
        ],
    }


def _kept_json(kept: Kept, preview: Preview) -> dict[str, Any]:
    return {
        "key": kept.key,
        "step": kept.step,
        "field": kept.field,
        "value": _raw(kept.field, kept.value, preview),
        "suggestion": _raw(kept.field, kept.suggestion, preview),
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


def _actions(preview: Preview, keys: Mapping[str, str], speaker: Speaker) -> list[str]:
    """Return the table of actions as Jira shows them, those to come as the campaign wants them."""
    campaign = preview.campaign
    heads: list[Words] = [text("Due"), text("Issue"), text("Responsible"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    ordered = sorted(campaign.schedule.steps, key=lambda s: preview.shown[s.step.id].due or s.due)
    for scheduled in ordered:
        shown = preview.shown[scheduled.step.id]
        due = speaker.day(shown.due) if shown.due else "—"
        who = shown.who or _owner(campaign, scheduled, speaker)
        rows.append([due, keys.get(scheduled.step.id, ""), who, shown.title])
    if not keys:
        rows = [[due, who, what] for due, _, who, what in rows]
    return table.headed(rows)


def _owner(campaign: Campaign, scheduled: Any, speaker: Speaker) -> str:
    owner = campaign.owner(scheduled)
    responsible = campaign.workspace.team.responsible(owner.id)
    if responsible.id == owner.id:
        return owner.name
    return speaker.say(text("{name} with {external}", name=responsible.name, external=owner.name))


def _warnings(preview: Preview, speaker: Speaker) -> Iterable[str]:
    findings = [("", f) for f in preview.findings]
    findings += preview.campaign.schedule.named_findings(speaker.code)
    for name, finding in findings:
        if finding.severity == "warning":
            said = speaker.say(finding.message)
            line = speaker.say(text("{what}: {message}", what=name, message=said)) if name else said
            yield click.style(f"! {line} [{finding.code}]", fg="yellow")


def _kept(preview: Preview, kept: Kept, speaker: Speaker) -> str:
    return speaker.say(
        text(
            "Kept as a person set it: {key}, {field}: {value} (the plan says {suggestion}).",
            **_about(preview, kept, speaker),
        )
    )


def _frozen(preview: Preview, kept: Kept, speaker: Speaker) -> str:
    return speaker.say(
        text(
            "Finished, so left alone: {key}, {field}: {value} (the plan says {suggestion}).",
            **_about(preview, kept, speaker),
        )
    )


def _about(preview: Preview, kept: Kept, speaker: Speaker) -> dict[str, Value]:
    return {
        "key": kept.key,
        "field": FIELD_NAMES[kept.field],
        "value": _shown(kept.field, kept.value, preview, speaker),
        "suggestion": _shown(kept.field, kept.suggestion, preview, speaker),
    }


def _shown(name: FieldName, value: FieldValue, preview: Preview, speaker: Speaker) -> str:
    """Return a field's value for people: names for accounts, no whole descriptions."""
    if value is None or value in ("", ()):
        return "—"
    if isinstance(value, date):
        return speaker.day(value)
    if name == "description":
        return "…"
    raw = _raw(name, value, preview)
    return table.printable(str(raw))


def _raw(name: FieldName, value: FieldValue, preview: Preview) -> str | None:
    """Return a field's value for machines: ISO dates, people's names, a description's words."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return words_of(value)
    return preview.names.get(str(value), value) if name == "assignee" and value else value
