"""A submitted request for the terminal, and as JSON."""

from collections.abc import Iterable
from typing import Any

import click

from bridge.approval import in_words
from bridge.correspondence import consequence, missing
from bridge.guardrails.announcement import headline
from bridge.guardrails.roles import role_name
from bridge.operations.submit import Submitted
from bridge.report import table
from bridge.report.verdict import finding_json
from bridge.submission import Judgement, Ruling
from bridge.text import Speaker, Text, text, texts

_COLOURS = {"approved": "green", "released": "green", "refused": "red"}


def as_text(done: Submitted, speaker: Speaker) -> list[str]:
    """Return what came out, who decides what, what was written and where to look."""
    plan = done.plan
    lines = [*judgement_text(plan.judgement, speaker), ""]
    for note in plan.notes:
        lines += table.lines(speaker.say(note))
    lines += table.lines(speaker.say(_written(done)))
    for role, key in done.approvals.items():
        said = text("{role}: {key}", role=role_name(role), key=key)
        lines += table.lines(capital(speaker.say(said)))
    if done.url:
        lines.append(speaker.say(text("Request: {url}", url=done.url)))
    return lines


def judgement_text(judgement: Judgement, speaker: Speaker) -> list[str]:
    """Return where a request stands: in one sentence, then by role, then what is missing."""
    case = judgement.case
    said = speaker.say(headline(case.request, case.verdict))
    colour = _COLOURS.get(judgement.standing, "yellow")
    lines = [click.style(line, fg=colour, bold=True) for line in table.lines(said)]
    lines += table.lines(speaker.say(consequence(judgement)))
    for ruling in judgement.rulings:
        lines += _ruling(ruling, speaker)
    for finding in missing(case):
        said_missing = text("Missing: {place}", place=finding.subject)
        lines += table.lines(speaker.say(said_missing))
    for one in case.suggestion:
        lines += table.lines(speaker.say(one))
    for ignored in judgement.ignored:
        lines += table.lines(speaker.say(in_words(ignored)))
    return lines


def _ruling(ruling: Ruling, speaker: Speaker) -> Iterable[str]:
    person = ruling.seat.person.name if ruling.seat else "—"
    said = text(
        "{role} — {person}: {state}",
        role=role_name(ruling.role),
        person=person,
        state=state(ruling),
    )
    yield from table.lines(capital(speaker.say(said)))
    for finding in ruling.findings:
        about = text("{place}: {found}", place=finding.subject, found=finding.found)
        yield from (f"  • {line}" for line in table.lines(speaker.say(about)))


def capital(said: str) -> str:
    """Return a line with a capital to begin with: the names of roles have none."""
    return said[:1].upper() + said[1:]


def state(ruling: Ruling) -> Text:
    """Say how far a role is."""
    if ruling.state == "accepted":
        return text("accepted")
    if ruling.state == "refused":
        return text("refused")
    return texts("{n} finding to decide", "{n} findings to decide", len(ruling.undecided))


def _written(done: Submitted) -> Text:
    plan = done.plan
    if not plan.writes:
        return text("Everything is there already; nothing was written.")
    if not done.written:
        return texts(
            "To be written: {n} new issue, at most {mails} mails sent by Jira.",
            "To be written: {n} new issues, at most {mails} mails sent by Jira.",
            plan.creates + len(plan.asks),
            mails=plan.mails_at_most,
        )
    if not done.created:
        return text(
            "Brought up to date; at most {mails} mails sent by Jira.", mails=plan.mails_at_most
        )
    return texts(
        "{n} issue created, at most {mails} mails sent by Jira.",
        "{n} issues created, at most {mails} mails sent by Jira.",
        len(done.created),
        mails=plan.mails_at_most,
    )


def as_json(done: Submitted, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``request submit``: that of ``request check``, and where it stands."""
    return {
        **judgement_json(done.plan.judgement, speaker),
        "key": done.key,
        "url": done.url,
        "approvals": dict(done.approvals),
        "created": list(done.created),
        "written": done.written,
        "mails_at_most": done.plan.mails_at_most,
        "notes": [speaker.say(note) for note in done.plan.notes],
    }


def judgement_json(judgement: Judgement, speaker: Speaker) -> dict[str, Any]:
    """Return where a request stands, for machines."""
    case, verdict = judgement.case, judgement.case.verdict
    return {
        "standing": judgement.standing,
        "verdict": verdict.outcome,
        "campaign": case.request.campaign,
        "request": case.request.identity,
        "title": case.request.title,
        "step": case.step.key if case.step else None,
        "roles": [role_json(ruling, speaker) for ruling in judgement.rulings],
        "findings": [finding_json(one, speaker) for one in verdict.findings],
        "missing": [finding_json(one, speaker) for one in verdict.missing],
        "suggestion": [speaker.say(one) for one in case.suggestion],
        "ignored": [
            {"key": one.key, "what": one.what, "why": speaker.say(one.why)}
            for one in judgement.ignored
        ],
        "bundle": verdict.bundle,
        "request_hash": verdict.request_hash,
        "exceptions_consulted": verdict.exceptions_consulted,
    }


def role_json(ruling: Ruling, speaker: Speaker) -> dict[str, Any]:
    """Return one role: who is asked, on which issue, about what, and what was decided."""
    by_place = {one.rule + one.where: one.id for one in ruling.asked}
    return {
        "role": ruling.role,
        "person": ruling.seat.person.id if ruling.seat else None,
        "is_deputy": ruling.seat.is_deputy if ruling.seat else False,
        "key": ruling.evidence.issue.key if ruling.evidence else None,
        "state": ruling.state,
        "question": ruling.question,
        "findings": [
            {"id": by_place[one.rule + one.path], **finding_json(one, speaker)}
            for one in ruling.findings
        ],
        "decisions": [
            {
                "accepts": one.accepts,
                "by": one.by,
                "at": one.at.isoformat(),
                "how": one.how,
                "findings": sorted(one.ids),
                "reason": one.reason,
            }
            for one in ruling.proof.decisions
        ],
    }
