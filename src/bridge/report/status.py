"""How a campaign stands, for the terminal and as JSON (``interfaces.md``)."""

from collections.abc import Iterable
from typing import Any

import click

from bridge.campaignrequests import kind_name
from bridge.campaignstatus import CampaignStatus, StepStatus
from bridge.report import table
from bridge.report.campaign import requests_json, requests_text
from bridge.text import Speaker, Text, Words, text, texts

_STANDING: dict[str, Text] = {
    "done": text("finished"),
    "blocked": text("blocked"),
    "late": text("late"),
    "today": text("due today"),
    "soon": text("due soon"),
    "open": text("open"),
}
_VERDICTS: dict[str, Text] = {
    "approved": text("approved"),
    "released": text("approved by every role concerned"),
    "refused": text("refused"),
    "needs_review": text("waits for an approval"),
    "incomplete": text("incomplete"),
}


def as_json(status: CampaignStatus, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``campaign status``: lists of issue keys, and every step."""
    return {
        "id": status.id,
        "epic": status.epic,
        "launch": status.launch.isoformat() if status.launch else None,
        "finished": status.finished,
        "total": len(status.steps),
        "late": status.keys(lambda step: step.is_late),
        "blocked": status.keys(lambda step: step.is_blocked),
        "due_soon": status.keys(lambda step: step.is_due_soon),
        "critical": list(status.critical),
        "earliest_launch": status.earliest_launch.isoformat() if status.earliest_launch else None,
        "requests": requests_json(status.requests),
        "closed_early": [
            {"key": step.key, "step": step.step, "missing": list(step.missing)}
            for step in status.steps
            if step.is_closed_early
        ],
        "findings": [
            {"code": found.code, "message": speaker.say(found.message), "about": about or None}
            for about, found in status.findings
        ],
        "steps": [_step_json(step) for step in status.steps],
    }


def _step_json(step: StepStatus) -> dict[str, Any]:
    return {
        "step": step.step,
        "key": step.key,
        "title": step.title,
        "responsible": step.responsible or None,
        "start": step.start.isoformat() if step.start else None,
        "due": step.due.isoformat() if step.due else None,
        "status": step.status,
        "standing": step.standing,
        "waits_for": list(step.waits_for),
        "float_days": step.float_days,
    }


def as_text(status: CampaignStatus, speaker: Speaker, url: str | None) -> list[str]:
    """Return the campaign for the terminal: what counts, the steps by date, what is ahead."""
    return [
        "",
        click.style(_title(status, speaker), bold=True),
        speaker.say(_count(status)),
        "",
        *_steps(status, speaker),
        "",
        *_ahead(status, speaker),
        *_requests(status, speaker),
        *_closed_early(status, speaker),
        *_findings(status, speaker),
        *(["", speaker.say(text("Epic: {url}", url=url))] if url else []),
    ]


def _title(status: CampaignStatus, speaker: Speaker) -> str:
    name = status.name or status.id
    if status.launch is None:
        return table.printable(speaker.say(text("{name} ({id})", name=name, id=status.id)))
    day = speaker.day(status.launch, style="full")
    said = text("{name} ({id}): launch on {launch}", name=name, id=status.id, launch=day)
    return table.printable(speaker.say(said))


def _count(status: CampaignStatus) -> Text:
    return texts(
        "{finished} of {n} action finished; late: {late}, blocked: {blocked}, due soon: {soon}.",
        "{finished} of {n} actions finished; late: {late}, blocked: {blocked}, due soon: {soon}.",
        len(status.steps),
        finished=status.finished,
        late=len(status.keys(lambda step: step.is_late)),
        blocked=len(status.keys(lambda step: step.is_blocked)),
        soon=len(status.keys(lambda step: step.is_due_soon)),
    )


def _steps(status: CampaignStatus, speaker: Speaker) -> list[str]:
    heads: list[Words] = [
        text("Due"),
        text("Issue"),
        text("Responsible"),
        text("Standing"),
        text("Waits for"),
        text("Float"),
        text("What"),
    ]
    rows = [[speaker.say(head) for head in heads]]
    for step in sorted(status.steps, key=lambda s: (s.due is None, s.due)):
        due = speaker.day(step.due) if step.due else "—"
        stands = _stands(step, step.key in status.critical, speaker)
        waits, margin = ", ".join(step.waits_for), _margin(step, speaker)
        rows.append([due, step.key, step.responsible or "—", stands, waits, margin, step.title])
    return table.headed(rows)


def _stands(step: StepStatus, is_critical: bool, speaker: Speaker) -> str:
    said = _STANDING[step.standing]
    return speaker.say(text("{standing}, critical", standing=said) if is_critical else said)


def _margin(step: StepStatus, speaker: Speaker) -> str:
    """Return the float in days; nothing for what is finished, or does not come before the launch."""
    if step.float_days is None:
        return ""
    return speaker.say(text("{days} d", days=step.float_days))


def _ahead(status: CampaignStatus, speaker: Speaker) -> Iterable[str]:
    if status.critical:
        keys = " → ".join(status.critical)
        yield speaker.say(text("Critical path: {keys}.", keys=keys))
    if status.earliest_launch:
        day = speaker.day(status.earliest_launch, style="full")
        yield speaker.say(text("Earliest possible launch, from today: {day}.", day=day))


def _requests(status: CampaignStatus, speaker: Speaker) -> list[str]:
    """Return the requests that were made, with their verdicts, and those that are still to make."""
    done = {step.step for step in status.steps if step.standing == "done"}
    open_ones = [one for one in status.requests if one.step not in done]
    return [*_made(status, speaker), *requests_text(open_ones, status.id, speaker)]


def _made(status: CampaignStatus, speaker: Speaker) -> list[str]:
    made = [one for one in status.requests if one.key]
    if not made:
        return []
    titles = {step.step: step.title for step in status.steps}
    heads: list[Words] = [
        text("Needed by"),
        text("Request"),
        text("Issue"),
        text("Verdict"),
        text("For the step"),
    ]
    rows = [[speaker.say(head) for head in heads]]
    for one in made:
        by = speaker.day(one.needed_by) if one.needed_by else "—"
        verdict = speaker.say(_VERDICTS.get(one.verdict or "", one.verdict or "—"))
        kind, title = speaker.say(kind_name(one.kind)), titles.get(one.step, "")
        rows.append([by, kind, one.key or "", verdict, title])
    return ["", *table.headed(rows)]


def _closed_early(status: CampaignStatus, speaker: Speaker) -> list[str]:
    early = [step for step in status.steps if step.is_closed_early]
    if not early:
        return []
    lines = ["", speaker.say(text("Closed before the finished product was complete:"))]
    for step in early:
        said = text("{key}: {missing}", key=step.key, missing=step.missing)
        lines += table.lines(speaker.say(said), indent="  ")
    return lines


def _findings(status: CampaignStatus, speaker: Speaker) -> Iterable[str]:
    if status.findings:
        yield ""
    for about, found in status.findings:
        said = speaker.say(found.message)
        line = speaker.say(text("{what}: {message}", what=about, message=said)) if about else said
        colour = {"error": "red", "warning": "yellow"}.get(found.severity)
        yield click.style(f"! {table.printable(line)} [{found.code}]", fg=colour)
