"""The rules for the terminal and as JSON: a list, one module in full, field types, what falls due."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.guardrails.policy import Limit, Module, Rule
from bridge.guardrails.roles import mode_name, role_name
from bridge.guardrails.wording import allowed, place_of
from bridge.report import table
from bridge.text import Speaker, Text, Words, text, texts


def list_json(modules: Iterable[Module], circumstances: Circumstances, speaker: Speaker) -> Any:
    """Return the modules, one object each."""
    return [_module_json(module, circumstances, speaker) for module in modules]


def _module_json(module: Module, circumstances: Circumstances, speaker: Speaker) -> dict[str, Any]:
    by = circumstances.acceptance(module)
    return {
        "id": module.id,
        "version": module.version,
        "title": speaker.say(module.title),
        "mode": module.mode,
        "owner": module.owner,
        "limits": len(module.limits) + len(module.rules),
        "accepted": {"by": by.by, "on": by.on.isoformat()} if by else None,
        "incident": circumstances.incident(module.id, module.version) is not None,
        "review_by": module.review_by.isoformat(),
        "overdue": module.review_by < circumstances.today,
    }


def list_text(
    modules: Sequence[Module], circumstances: Circumstances, speaker: Speaker
) -> list[str]:
    """Return the modules, one line each, and how many of them approve here."""
    heads = (
        text("Module"),
        text("Limits"),
        text("Mode"),
        text("Owner"),
        text("Accepted here"),
        text("Review by"),
        text("What"),
    )
    rows = [[speaker.say(head) for head in heads]]
    rows += [_row(module, circumstances, speaker) for module in modules]
    count = sum(_approves(module, circumstances) for module in modules)
    summary = texts(
        "{n} of {all} modules approves here.",
        "{n} of {all} modules approve here.",
        count,
        all=len(modules),
    )
    return [*table.headed(rows), "", speaker.say(summary)]


def _approves(module: Module, circumstances: Circumstances) -> bool:
    return (
        circumstances.acceptance(module) is not None
        and module.review_by >= circumstances.today
        and circumstances.incident(module.id, module.version) is None
    )


def _row(module: Module, circumstances: Circumstances, speaker: Speaker) -> list[str]:
    return [
        module.reference,
        str(len(module.limits) + len(module.rules)),
        speaker.say(mode_name(module.mode)),
        module.owner,
        speaker.say(_standing(module, circumstances)),
        module.review_by.isoformat(),
        speaker.say(module.title),
    ]


def _standing(module: Module, circumstances: Circumstances) -> Text:
    incident = circumstances.incident(module.id, module.version)
    if incident is not None:
        return text("incident on {day}", day=incident.on)
    by = circumstances.acceptance(module)
    return text("{by}, {day}", by=by.by, day=by.on) if by else text("no")


# --- one module ----------------------------------------------------------------------------------


def show_json(
    module: Module,
    entries: Sequence[Limit | Rule],
    circumstances: Circumstances,
    speaker: Speaker,
) -> dict[str, Any]:
    """Return a module with its limits and rules in full."""
    return _module_json(module, circumstances, speaker) | {
        "applies_to": list(module.applies_to),
        "entries": [_entry_json(entry, module, speaker) for entry in entries],
        "file": module.source_file or None,
    }


def _entry_json(entry: Limit | Rule, module: Module, speaker: Speaker) -> dict[str, Any]:
    return {
        "id": entry.id,
        "path": place_of(entry) if isinstance(entry, Limit) else None,
        "operator": entry.operator if isinstance(entry, Limit) else None,
        "check": entry.check if isinstance(entry, Rule) else None,
        "allowed": speaker.say(allowed(entry)),
        "why": speaker.say(entry.why),
        "fix": speaker.say(entry.fix) if entry.fix else None,
        "source": speaker.say(entry.source) if entry.source else None,
        "approver": entry.approver,
        "mode": entry.mode or module.mode,
        "proposal": entry.proposed,
        "line": entry.line or None,
    }


def show_text(
    module: Module,
    entries: Sequence[Limit | Rule],
    circumstances: Circumstances,
    speaker: Speaker,
) -> list[str]:
    """Return a module for the terminal: whose it is, whether it approves, every limit in words."""
    title = text("{title} — {reference}", title=module.title, reference=module.reference)
    facts: list[tuple[Text, Words]] = [
        (text("Owner"), role_name(module.owner)),
        (text("Mode"), mode_name(module.mode)),
        (text("Accepted here"), _standing(module, circumstances)),
        (text("Review by"), text("{day}", day=module.review_by)),
        (text("For"), text("{kinds}", kinds=tuple(module.applies_to))),
    ]
    lines = ["", *(click.style(line, bold=True) for line in table.lines(speaker.say(title)))]
    lines += _facts(facts, speaker)
    for entry in entries:
        lines += ["", *_entry_text(entry, module, speaker)]
    return [*lines, ""]


def _entry_text(entry: Limit | Rule, module: Module, speaker: Speaker) -> Iterable[str]:
    said = text("{id} · {allowed}", id=entry.id, allowed=allowed(entry))
    if entry.proposed:
        said = text("{limit} (proposed value, to be confirmed here)", limit=said)
    yield from table.lines(speaker.say(said))
    facts: list[tuple[Text, Words]] = [(text("Why"), entry.why)]
    if entry.fix:
        facts.append((text("What would pass"), entry.fix))
    if entry.source:
        facts.append((text("Source"), entry.source))
    facts.append((text("Else decides"), role_name(entry.approver)))
    if entry.mode and entry.mode != module.mode:
        facts.append((text("Mode"), mode_name(entry.mode)))
    yield from _facts(facts, speaker)


def _facts(facts: Sequence[tuple[Text, Words]], speaker: Speaker) -> list[str]:
    rows = [
        (speaker.say(text("{heading}:", heading=name)), speaker.say(words)) for name, words in facts
    ]
    return [f"  {line}" for line in table.columns(rows, cells=table.terminal_width(100) - 2)]


# --- field types ---------------------------------------------------------------------------------


def types_json(lexicon: Lexicon, speaker: Speaker) -> Any:
    """Return the field types by level, one object each."""
    return [
        {
            "id": one.id,
            "level": one.level.name,
            "title": speaker.say(one.title),
            "autocomplete": list(one.autocomplete),
        }
        for one in _by_level(lexicon)
    ]


def types_text(lexicon: Lexicon, speaker: Speaker) -> list[str]:
    """Return the field types, level by level, each with its token for browsers."""
    lines: list[str] = []
    for level in Level:
        rows = [
            [one.id, one.autocomplete[0] if one.autocomplete else "", speaker.say(one.title)]
            for one in _by_level(lexicon)
            if one.level is level
        ]
        if rows:
            heading = speaker.say(text("Level {level}", level=level.name))
            lines += [click.style(heading, bold=True), *table.columns(rows), ""]
    return lines


def _by_level(lexicon: Lexicon) -> list[FieldType]:
    return sorted(lexicon.types.values(), key=lambda one: (one.level, one.id))
