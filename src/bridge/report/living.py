"""Living rules as files and words: acceptance sheet, replays, promotions, benefit, the DPO's record."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bridge.guardrails.benefit import MonthOfRequests
from bridge.guardrails.finding import Outcome
from bridge.guardrails.processing import Processing
from bridge.guardrails.promotion import Promotion
from bridge.guardrails.replay import Replayed
from bridge.guardrails.sheet import Reading, Row
from bridge.report import table
from bridge.report.spreadsheet import csv_text
from bridge.text import Speaker, Text, text, texts

OUTCOMES: Mapping[Outcome, Text] = {
    "approved": text("approved"),
    "needs_review": text("to review"),
    "incomplete": text("incomplete"),
}
_SHEET = (
    text("Row (do not change)"),
    text("Module"),
    text("Role that decides"),
    text("What passes without a review"),
    text("Proposed value"),
    text("Why"),
    text("Accepted? (yes or no)"),
    text("By whom"),
    text("On (2027-03-31 or 31/03/2027)"),
)


def sheet_csv(rows: Iterable[Row], holders: Mapping[str, str], speaker: Speaker) -> str:
    """Return the acceptance sheet; ``holders`` names the person of each role, to be confirmed."""
    lines = [[speaker.say(head) for head in _SHEET]]
    for row in rows:
        role = holders.get(row.role)
        lines.append([
            row.key, speaker.say(row.title), f"{row.role} ({role})" if role else row.role,
            speaker.say(row.allowed), speaker.say(text("to confirm")) if row.proposed else "",
            speaker.say(row.why), "", "", "",
        ])  # fmt: skip
    return csv_text(lines, speaker)


def reading_text(reading: Reading, fresh: int, speaker: Speaker) -> list[str]:
    """Return what a sheet that came back comes to."""
    lines = [
        speaker.say(texts("{n} module newly accepted.", "{n} modules newly accepted.", fresh)),
    ]
    if reading.refused:
        lines.append(speaker.say(text("Refused: {modules}.", modules=reading.refused)))
    if reading.undecided:
        lines.append(speaker.say(text("Still open: {modules}.", modules=reading.undecided)))
    return lines


def reading_json(reading: Reading, fresh: Sequence[str], speaker: Speaker) -> dict[str, Any]:
    """Return the same for machines."""
    return {
        "accepted": [f"{a.module}@{a.version}" for a in reading.accepted],
        "new": list(fresh),
        "refused": list(reading.refused),
        "undecided": list(reading.undecided),
        "problems": [
            {"line": t.line, "message": speaker.say(t.sentence)} for t in reading.troubles
        ],
    }


def replay_text(replayed: Sequence[Replayed], speaker: Speaker) -> list[str]:
    """Return which past requests would have met another answer."""
    differing = [one for one in replayed if one.differs]
    lines = [
        speaker.say(
            texts(
                "{n} request replayed, {differing} would be answered otherwise.",
                "{n} requests replayed, {differing} would be answered otherwise.",
                len(replayed),
                differing=len(differing),
            )
        )
    ]
    if differing:
        heads = [text("Request"), text("Title"), text("Before"), text("After"), text("Because of")]
        rows = [[speaker.say(head) for head in heads]]
        rows += [[
            one.past.key, one.past.request.title, speaker.say(OUTCOMES[one.before.outcome]),
            speaker.say(OUTCOMES[one.after.outcome]), " ".join(_news(one)),
        ] for one in differing]  # fmt: skip
        lines += table.headed(rows)
    return lines


def replay_json(replayed: Sequence[Replayed]) -> list[dict[str, Any]]:
    """Return every replayed request with both outcomes."""
    return [
        {
            "request": one.past.key,
            "title": one.past.request.title,
            "on": one.past.on.isoformat(),
            "before": one.before.outcome,
            "after": one.after.outcome,
            "differs": one.differs,
            "because": _news(one),
        }
        for one in replayed
    ]


def _news(one: Replayed) -> list[str]:
    """Return the limits that speak only before, or only after: ``-P01 +P02``."""
    before = {f.rule.partition("@")[0] + "#" + f.limit for f in one.before.findings if f.counts}
    after = {f.rule.partition("@")[0] + "#" + f.limit for f in one.after.findings if f.counts}
    return [
        *(f"-{name}" for name in sorted(before - after)),
        *(f"+{name}" for name in sorted(after - before)),
    ]


def promotions_json(found: Iterable[tuple[Promotion, str]]) -> list[dict[str, Any]]:
    """Return the drafts, each with the difference of its file."""
    return [
        {
            "module": p.module.id,
            "version": p.version,
            "limit": p.limit.id,
            "operand": list(p.operand) if isinstance(p.operand, tuple) else p.operand,
            "review_by": p.review_by.isoformat(),
            "evidence": [
                {"key": e.key, "requester": e.requester, "value": e.value, "on": e.on.isoformat()}
                for e in p.evidence
            ],
            "diff": difference,
        }
        for p, difference in found
    ]


def promotions_text(found: Sequence[tuple[Promotion, str]], speaker: Speaker) -> list[str]:
    """Return the drafts for the owners to merge, with their evidence."""
    if not found:
        return [speaker.say(text("No exception has earned a change: three grants within 90 days, "
                                 "none refused, two requesters, no incident."))]  # fmt: skip
    lines: list[str] = []
    for promotion, difference in found:
        lines.append(
            speaker.say(
                text(
                    "{module}, limit {limit}: {n} exceptions granted ({keys}), none refused. "
                    "{owner} decides.",
                    module=promotion.module.reference,
                    limit=promotion.limit.id,
                    n=len(promotion.evidence),
                    keys=tuple(p.key for p in promotion.evidence),
                    owner=promotion.module.owner,
                )
            )
        )
        lines += ["", *difference.splitlines(), ""]
    return lines


def benefit_text(months: Sequence[MonthOfRequests], speaker: Speaker) -> list[str]:
    """Return the benefit, a line a month."""
    if not months:
        return [speaker.say(text("No request got a verdict in this time."))]
    heads = [text("Month"), text("Requests"), text("Without IT"), text("Share"), text("Hours avoided"),
             text("Minutes to the verdict")]  # fmt: skip
    rows = [[speaker.say(head) for head in heads]]
    rows += [[
        speaker.day(m.month, style="heading"), str(m.requests), str(m.inside), f"{m.share:.0%}",
        speaker.say(text("{n}", n=m.hours_avoided)),
        speaker.say(text("{n}", n=round(m.to_verdict.total_seconds() / 60, 1))),
    ] for m in months]  # fmt: skip
    return table.headed(rows)


def benefit_json(months: Iterable[MonthOfRequests]) -> list[dict[str, Any]]:
    """Return the same for machines; seconds to the verdict."""
    return [
        {
            "month": f"{m.month:%Y-%m}",
            "requests": m.requests,
            "inside": m.inside,
            "share": round(m.share, 4),
            "hours_avoided": m.hours_avoided,
            "seconds_to_verdict": m.to_verdict.total_seconds(),
        }
        for m in months
    ]


def processing_rows(found: Iterable[Processing], speaker: Speaker) -> list[list[str]]:
    """Return the DPO's record, a heading and a row for each form."""
    heads = (text("Request"), text("Title"), text("Campaign"), text("Purpose"), text("Personal data"),
             text("Highest level"), text("Recipients"), text("Retention in months"))  # fmt: skip
    rows = [[speaker.say(head) for head in heads]]
    rows += [[
        p.key, p.title, p.campaign, speaker.say(p.purpose), ", ".join(speaker.say(d) for d in p.data),
        p.highest.name, ", ".join(p.recipients), "" if p.months is None else str(p.months),
    ] for p in found]  # fmt: skip
    return rows


def processing_text(found: Iterable[Processing], speaker: Speaker) -> list[str]:
    """Return the same for a terminal; the title stands last, for a narrow table is headed by it."""
    rows = processing_rows(found, speaker)
    if len(rows) == 1:
        return [speaker.say(text("No approved form asks for personal data since then."))]
    return table.headed([[key, *rest, title] for key, title, *rest in rows])


def processing_json(found: Iterable[Processing], speaker: Speaker) -> list[dict[str, Any]]:
    """Return the same for machines."""
    return [
        {
            "request": p.key,
            "title": p.title,
            "campaign": p.campaign,
            "purpose": speaker.say(p.purpose),
            "data": [speaker.say(d) for d in p.data],
            "highest_level": p.highest.name,
            "recipients": list(p.recipients),
            "retention_months": p.months,
        }
        for p in found
    ]
