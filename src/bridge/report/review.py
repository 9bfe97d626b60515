"""IT's queue and one approval for the terminal, and as JSON."""

from collections.abc import Iterable
from typing import Any

import click

from bridge.approval import Decision, in_words
from bridge.correspondence import consequence
from bridge.guardrails.finding import Finding
from bridge.guardrails.roles import role_name
from bridge.operations.review import Decided, Item, Queue
from bridge.petition import finding_id
from bridge.report import table
from bridge.report.submission import capital, judgement_json, role_json, state
from bridge.text import Speaker, Text, Words, text, texts


def queue_text(queue: Queue, speaker: Speaker) -> list[str]:
    """Return what is to be decided: one's own first, each with its findings."""
    if not queue.items:
        return [speaker.say(text("Nothing waits for a decision."))]
    mine = sum(item.is_mine for item in queue.items)
    heading = texts(
        "{n} approval is open, {mine} of them yours.",
        "{n} approvals are open, {mine} of them yours.",
        len(queue.items),
        mine=mine,
    )
    lines = [click.style(speaker.say(heading), bold=True)]
    for item in queue.items:
        lines += ["", *item_text(item, speaker)]
    return lines


def item_text(item: Item, speaker: Speaker) -> list[str]:
    """Return one approval: for whom, until when, and every finding with its id."""
    issue = item.issue
    title = item.judgement.case.request.title if item.judgement else issue.summary
    lines = [click.style(table.printable(f"{issue.key}  {title}"), bold=True)]
    if item.record is not None:
        lines += table.lines(capital(speaker.say(_for_whom(item))))
    if item.trouble is not None:
        lines += table.lines(speaker.say(item.trouble))
    if item.ruling is not None:
        for finding in item.ruling.findings:
            decided = item.ruling.proof.of(finding_id(finding))
            lines += _finding(finding, decided, speaker)
    return [*lines, item.url]


def _for_whom(item: Item) -> Text:
    assert item.record is not None  # noqa: S101  # the caller looked
    role = role_name(item.record.role)
    who = item.issue.assignee.name if item.issue.assignee else "—"
    if item.issue.due is None:
        return text("{role} — {person}", role=role, person=who)
    return text("{role} — {person}, by {day}", role=role, person=who, day=item.issue.due)


def _finding(finding: Finding, decided: Decision | None, speaker: Speaker) -> Iterable[str]:
    said = capital(speaker.say(finding.subject))
    yield table.printable(f"  {finding_id(finding)}  {said}")
    rows: list[tuple[Text, Words]] = [
        (text("Found"), finding.found),
        (text("Expected"), finding.expected),
        (text("Why"), finding.why),
    ]
    if finding.fix:
        rows.append((text("What would pass"), finding.fix))
    if decided is not None:
        accepted = text("accepted by {name}", name=decided.name)
        refused = text("refused by {name}", name=decided.name)
        rows.append((text("Decided"), accepted if decided.accepts else refused))
    named = [
        (speaker.say(text("{heading}:", heading=name)), speaker.say(words)) for name, words in rows
    ]
    yield from (f"    {line}" for line in table.columns(named, cells=table.terminal_width(100) - 4))


def shown_text(item: Item, speaker: Speaker) -> list[str]:
    """Return one approval with where its request stands, and what was passed over and why."""
    lines = item_text(item, speaker)
    if item.judgement is None:
        return lines
    lines += ["", *table.lines(speaker.say(consequence(item.judgement)))]
    if item.ruling is not None:
        lines += table.lines(speaker.say(state(item.ruling)))
    for ignored in item.judgement.ignored:
        lines += table.lines(speaker.say(in_words(ignored)))
    return lines


def queue_json(queue: Queue, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``review list``."""
    return {"me": queue.me.name, "approvals": [item_json(item, speaker) for item in queue.items]}


def item_json(item: Item, speaker: Speaker) -> dict[str, Any]:
    """Return one approval."""
    issue, record = item.issue, item.record
    return {
        "key": issue.key,
        "url": item.url,
        "request_key": record.request_key if record else None,
        "title": item.judgement.case.request.title if item.judgement else issue.summary,
        "role": record.role if record else None,
        "assignee": issue.assignee.name if issue.assignee else None,
        "due": issue.due.isoformat() if issue.due else None,
        "is_mine": item.is_mine,
        "standing": item.judgement.standing if item.judgement else None,
        "asked": role_json(item.ruling, speaker) if item.ruling else None,
        "trouble": speaker.say(item.trouble) if item.trouble else None,
    }


def shown_json(item: Item, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``review show``."""
    judged = judgement_json(item.judgement, speaker) if item.judgement else None
    return {**item_json(item, speaker), "judgement": judged}


def decided_text(done: Decided, speaker: Speaker) -> list[str]:
    """Return what a decision wrote, or would write, and where the request stands now."""
    labels = tuple(done.act.labels)
    if not done.written:
        said = text("To be put on {key}: {labels}.", key=done.act.item.issue.key, labels=labels)
        return list(table.lines(speaker.say(said)))
    said = text("Put on {key}: {labels}.", key=done.act.item.issue.key, labels=labels)
    lines = [*table.lines(speaker.say(said))]
    if done.finished:
        finished = text("{key} is finished.", key=done.act.item.issue.key)
        lines += table.lines(speaker.say(finished))
    lines += table.lines(speaker.say(consequence(done.after)))
    record = done.act.item.record
    if record is not None:
        next_step = text(
            "`bridge request submit {key}` shows it on the request.", key=record.request_key
        )
        lines += table.lines(speaker.say(next_step))
    return lines


def decided_json(done: Decided, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``review approve`` and ``review reject``."""
    record = done.act.item.record
    return {
        "key": done.act.item.issue.key,
        "request_key": record.request_key if record else None,
        "findings": [finding_id(finding) for finding in done.act.findings],
        "labels": list(done.act.labels),
        "written": done.written,
        "finished": done.finished,
        "standing": done.after.standing,
        "roles": [role_json(ruling, speaker) for ruling in done.after.rulings],
    }
