"""A verdict for the terminal, in words that need no habit of terminals, and as JSON (``interfaces.md``)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from bridge.guardrails.announcement import consequence, headline
from bridge.guardrails.finding import Finding, Verdict, Where, json_path
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.request import Request
from bridge.guardrails.roles import role_name
from bridge.guardrails.variant import Advice, Variant
from bridge.report import table
from bridge.text import Speaker, Text, Words, text, texts

_COLOURS = {"approved": "green", "needs_review": "yellow", "incomplete": "yellow"}
_WIDTH = 100  # cells of a line where the terminal does not say
_SHORT = 12  # characters of a hash that a person compares


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One request with its verdict, and what the reader wants to know beside it.

    ``advice``: the nearest variant. ``people``: who decides for a role today, by role. ``line``: the
    line of a place in the file, 0 where there is none.
    """

    request: Request
    verdict: Verdict
    advice: Advice = field(default_factory=Advice)
    people: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: Callable[[Where], int] = lambda _: 0


def as_json(checked: Checked, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``request check``: words in the reader's language."""
    verdict = checked.verdict
    return {
        "verdict": verdict.outcome,
        "findings": [finding_json(one, speaker) for one in verdict.findings],
        "missing": [finding_json(one, speaker) for one in verdict.missing],
        "approvers": list(verdict.approvers),
        "suggestion": _suggestion(checked.advice.variant, speaker),
        "bundle": verdict.bundle,
        "request_hash": verdict.request_hash,
        "trace": [{"rule": one.rule, "where": json_path(one.where)} for one in verdict.trace],
        "exceptions_consulted": verdict.exceptions_consulted,
    }


def finding_json(finding: Finding, speaker: Speaker) -> dict[str, Any]:
    """Return one finding."""
    return {
        "rule": finding.rule,
        "limit": finding.limit,
        "where": finding.path,
        "expected": speaker.say(finding.expected),
        "found": speaker.say(finding.found),
        "why": speaker.say(finding.why),
        "fix": speaker.say(finding.fix) if finding.fix else None,
        "approver": finding.approver or None,
        "mode": finding.mode,
        "covered_by": finding.covered_by,
    }


def _suggestion(variant: Variant | None, speaker: Speaker) -> dict[str, Any] | None:
    """Return the nearest variant: its changes with what keeping each costs, and the changed request."""
    if variant is None:
        return None
    return {
        "changes": [
            {
                "where": change.path,
                "action": change.action,
                "before": None if change.before is ABSENT else change.before,
                "after": None if change.after is ABSENT else change.after,
                "sentence": speaker.say(change.sentence),
                "cost": speaker.say(cost),
                "approvers": list(change.keeps),
            }
            for change, cost in zip(variant.changes, variant.costs, strict=True)
        ],
        "request": variant.request.data,
        "request_hash": variant.request.fingerprint,
    }


def as_text(checked: Checked, speaker: Speaker) -> list[str]:
    """Return the verdict in words: what came out, who decides what, what is missing, what would pass."""
    verdict = checked.verdict
    said = speaker.say(headline(checked.request, verdict))
    lines = [click.style(one, fg=_COLOURS[verdict.outcome], bold=True) for one in _lines(said)]
    lines += _lines(speaker.say(consequence(verdict)))
    for role in verdict.approvers:
        lines += ["", *_decisions(checked, role, speaker)]
    for heading, findings in _rest(verdict):
        if findings:
            lines += ["", *_headed(heading, speaker), *_entries(findings, checked, speaker)]
    lines += _advice(checked.advice, speaker)
    return [*lines, "", *_foot(verdict, speaker)]


def _advice(advice: Advice, speaker: Speaker) -> Iterable[str]:
    """Yield the smallest set of changes with which nobody has to decide, and what keeping each costs."""
    if advice.variant is not None:
        yield ""
        yield from _headed(text("What would pass at once, with nothing else to decide"), speaker)
        for change, cost in zip(advice.variant.changes, advice.variant.costs, strict=True):
            yield from _item(speaker.say(change.sentence))
            yield from _lines(speaker.say(cost), indent="    ")
    elif advice.why_none is not None:
        yield ""
        yield from _lines(speaker.say(advice.why_none))


def _decisions(checked: Checked, role: str, speaker: Speaker) -> Iterable[str]:
    person = checked.people.get(role)
    name = role_name(role)
    heading = (
        text("To be decided by {role} — {person}", role=name, person=person)
        if person
        else text("To be decided by {role}", role=name)
    )
    yield from _headed(heading, speaker)
    yield from _entries(checked.verdict.of(role), checked, speaker)


def _rest(verdict: Verdict) -> Iterable[tuple[Text, Sequence[Finding]]]:
    missing = {one.where: one for one in reversed(verdict.missing) if one.is_missing}
    notes = [
        one
        for one in (*verdict.findings, *verdict.missing)
        if one.mode == "warn" and not one.covered_by
    ]
    covered = [one for one in verdict.findings if one.covered_by]
    yield text("Still to be filled in"), tuple(reversed(missing.values()))
    yield text("To know (without effect on the verdict)"), notes
    yield text("Allowed by an exception"), covered


def _headed(heading: Text, speaker: Speaker) -> Iterable[str]:
    said = speaker.say(text("{heading}:", heading=heading))
    return [click.style(line, bold=True) for line in _lines(said)]


def _entries(findings: Sequence[Finding], checked: Checked, speaker: Speaker) -> Iterable[str]:
    standing = [one for one in findings if one.limit == "ACCEPTED"]
    if standing:
        yield from _unaccepted(standing, speaker)
    for finding in findings:
        if finding not in standing:
            yield from _entry(finding, checked, speaker)


def _unaccepted(findings: Sequence[Finding], speaker: Speaker) -> Iterable[str]:
    """Say once, for all modules together, that nobody here accepted them."""
    said = texts(
        "{n} module was not accepted in this shop yet: {names}.",
        "{n} modules were not accepted in this shop yet: {names}.",
        len(findings),
        names=tuple(one.rule.partition("#")[0] for one in findings),
    )
    yield from _item(speaker.say(said))
    yield from _rows([(text("Why"), findings[0].why)], speaker)


def _entry(finding: Finding, checked: Checked, speaker: Speaker) -> Iterable[str]:
    line = checked.line(finding.where) if checked.file else 0
    place = speaker.say(finding.subject)
    if line:
        place = speaker.say(text("{place} (line {line})", place=place, line=line))
    yield from _item(place[:1].upper() + place[1:])
    rows: list[tuple[Text, Words]] = [
        (text("Found"), finding.found),
        (text("Expected"), finding.expected),
        (text("Why"), finding.why),
    ]
    if finding.fix:
        rows.append((text("What would pass"), finding.fix))
    if finding.source:
        rows.append((text("Source"), finding.source))
    if finding.covered_by:
        rows.append((text("Exception"), finding.covered_by))
    yield from _rows([*rows, (text("Rule"), finding.rule)], speaker)


def _lines(said: str, indent: str = "") -> list[str]:
    room = table.terminal_width(_WIDTH) - len(indent)
    return [indent + line for line in table.wrapped(table.printable(said), room)]


def _item(said: str) -> Iterable[str]:
    first, *others = table.wrapped(table.printable(said), table.terminal_width(_WIDTH) - 4)
    return [f"  • {first}", *(f"    {other}" for other in others)]


def _rows(rows: Sequence[tuple[Text, Words]], speaker: Speaker) -> Iterable[str]:
    named = [
        (speaker.say(text("{heading}:", heading=name)), speaker.say(words)) for name, words in rows
    ]
    named = [(name, words) for name, words in named if words]
    room = table.terminal_width(_WIDTH) - 4
    return [f"    {line}" for line in table.columns(named, cells=room)]


def _foot(verdict: Verdict, speaker: Speaker) -> Iterable[str]:
    said = text(
        "Rules {bundle}, request {hash}.",
        bundle=verdict.bundle[:_SHORT],
        hash=verdict.request_hash[:_SHORT],
    )
    yield from _lines(speaker.say(said))
    if verdict.modules:
        used = text("Modules used: {modules}.", modules=tuple(verdict.modules))
        yield from _lines(speaker.say(used))
    if not verdict.exceptions_consulted:
        offline = text("Exceptions were not consulted: this check asked nobody (offline).")
        yield from _lines(speaker.say(offline))
