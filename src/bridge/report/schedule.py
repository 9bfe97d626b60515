"""A schedule as a table with a Gantt, and as JSON (``interfaces.md``)."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from bridge.findings import Finding
from bridge.report import gantt, table
from bridge.retroplan.schedule import Schedule, ScheduledStep
from bridge.text import Speaker, Words, text

_MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "info": ("·", "bright_black")}


def as_json(plan: Schedule, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``schedule``: codes for machines, messages for people."""
    return {
        "template": plan.template.id,
        "version": plan.template.version,
        "launch": plan.launch.isoformat(),
        "calendar": plan.calendar,
        "steps": [_step(scheduled, speaker) for scheduled in plan.steps],
        "milestones": [_step(scheduled, speaker) for scheduled in plan.milestones],
        "findings": [_finding(finding, speaker) for finding in plan.findings],
    }


def _step(scheduled: ScheduledStep, speaker: Speaker) -> dict[str, Any]:
    step = scheduled.step
    return {
        "id": step.id,
        "kind": step.kind,
        "offset": step.written,
        "title": speaker.say(step.title),
        "raw_start": scheduled.raw_start and scheduled.raw_start.isoformat(),
        "raw": scheduled.raw and scheduled.raw.isoformat(),
        "start": scheduled.start.isoformat(),
        "due": scheduled.due.isoformat(),
        "duration_days": scheduled.duration_days,
        "role": step.role or None,
        "owner": scheduled.owner or None,
        "needs": [need.step for need in step.needs],
        "milestone": step.is_launch or step.kind == "milestone",
        "findings": [_finding(finding, speaker) for finding in scheduled.findings],
    }


def _finding(finding: Finding, speaker: Speaker) -> dict[str, str]:
    return {"code": finding.code, "message": speaker.say(finding.message)}


def as_text(
    plan: Schedule,
    speaker: Speaker,
    *,
    plain: bool,
    cells: int | None = None,
    people: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the plan for a terminal ``cells`` wide: a table, a Gantt, and what to know.

    ``people``: how the workspace's people are called, by id; without a workspace roles are shown.
    """
    cells = cells or table.terminal_width(100)
    dated = sorted([*plan.steps, *plan.milestones], key=lambda s: s.due)
    return [
        "",
        *(click.style(line, bold=True) for line in table.wrapped(_title(plan, speaker), cells)),
        "",
        *table.headed(_rows(dated, speaker, people or {}), cells=cells),
        "",
        *gantt.draw(
            [_bar(s, plan, speaker) for s in dated], plan.launch, speaker, cells=cells, plain=plain
        ),
        "",
        *_notes(plan, speaker, plain, cells),
    ]


def _title(plan: Schedule, speaker: Speaker) -> str:
    return speaker.say(
        text(
            "{title} — launch on {launch}, calendar {calendar}",
            title=plan.template.title,
            launch=speaker.day(plan.launch, style="full"),
            calendar=plan.calendar,
        )
    )


def _rows(
    dated: Iterable[ScheduledStep], speaker: Speaker, people: Mapping[str, str]
) -> list[list[str]]:
    heads: list[Words] = [
        text("Due"),
        text("Start"),
        text("Days"),
        text("Offset"),
        text("Responsible") if people else text("Role"),
        text("What"),
    ]
    rows = [[speaker.say(head) for head in heads]]
    for scheduled in dated:
        instant = scheduled.duration_days is None
        role = scheduled.step.role if isinstance(scheduled.step.role, str) else ""
        nobody = f"({role})" if people and role else role
        rows.append(
            [
                speaker.day(scheduled.due),
                "" if instant else speaker.day(scheduled.start, style="weekday"),
                "" if instant else speaker.say(text("{days}", days=scheduled.duration_days or 0)),
                scheduled.step.written,
                people.get(scheduled.owner, scheduled.owner) or nobody,
                speaker.say(scheduled.step.title),
            ]
        )
    return rows


def _bar(scheduled: ScheduledStep, plan: Schedule, speaker: Speaker) -> gantt.Bar:
    until = next((s.due for s in plan.steps if s.step.id == scheduled.step.until), None)
    return gantt.Bar(
        label=table.printable(speaker.say(scheduled.step.title)),
        start=scheduled.start,
        due=scheduled.due,
        milestone=scheduled.step.is_launch or scheduled.step.kind == "milestone",
        until=until,
    )


def _notes(plan: Schedule, speaker: Speaker, plain: bool, cells: int) -> Iterable[str]:
    told = sorted(plan.named_findings(speaker.code), key=lambda one: "EWI".index(one[1].code[0]))
    for name, finding in told:
        mark, colour = _MARKS[finding.severity]
        mark = "-" if plain and mark == "·" else "x" if plain and mark == "✗" else mark
        said = speaker.say(finding.message)
        line = speaker.say(text("{what}: {message}", what=name, message=said)) if name else said
        for part in table.columns([[mark, f"{line} [{finding.code}]"]], cells=cells):
            yield click.style(part, fg=colour)
