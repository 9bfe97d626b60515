"""The upkeep of the rules for the terminal and as JSON: what falls due, tests that fail, warnings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from bridge.errors import Problem
from bridge.guardrails.due import Due
from bridge.guardrails.mutants import Tried
from bridge.report import table
from bridge.text import Speaker, text, texts


def due_json(found: Iterable[Due], speaker: Speaker) -> Any:
    """Return what falls due, one object each."""
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "owner": one.owner,
            "day": one.day.isoformat() if one.day else None,
            "late": one.is_late,
            "message": speaker.say(one.sentence),
        }
        for one in found
    ]


def due_text(found: Sequence[Due], people: Mapping[str, str], speaker: Speaker) -> list[str]:
    """Return what falls due, one line each: who has to act, on what, by when."""
    if not found:
        return [speaker.say(text("Nothing is due."))]
    heads = [text("Who"), text("About"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [
            people.get(one.owner, one.owner),
            one.name,
            f"{'!' if one.is_late else '·'} {speaker.say(one.sentence)}",
        ]
        for one in found
    ]
    return table.headed(rows)


# --- tests and lint --------------------------------------------------------------------------------


def test_json(tried: Iterable[Tried], speaker: Speaker) -> Any:
    """Return the outcome of the tests inside the module files, one object a module."""
    return [
        {
            "module": one.module.reference,
            "tests": len(one.module.trials),
            "failures": [
                {
                    "test": failure.trial.name,
                    "line": failure.trial.line or None,
                    "message": speaker.say(failure.sentence),
                }
                for failure in one.failures
            ],
            "survivors": [{"limit": m.limit, "change": m.change} for m in one.survivors],
        }
        for one in tried
    ]


def test_text(tried: Sequence[Tried], speaker: Speaker) -> list[str]:
    """Return the same for the terminal: a line a module, what does not hold below, the counts."""
    lines: list[str] = []
    for one in tried:
        is_wanting = one.failures or one.survivors
        mark = click.style("✗", fg="red") if is_wanting else click.style("✓", fg="green")
        count = texts("{n} test", "{n} tests", len(one.module.trials))
        lines.append(f"{mark} {one.module.reference}  {speaker.say(count)}")
        for failure in one.failures:
            place = f"{one.module.source_file}:{failure.trial.line}: "
            lines += table.lines(f"{place}{speaker.say(failure.sentence)}", indent="    ")
        for mutant in one.survivors:
            said = text(
                "no test notices “{limit}” {change}.", limit=mutant.limit, change=mutant.change
            )
            lines += table.lines(f"{one.module.source_file}: {speaker.say(said)}", indent="    ")
    failed = sum(len(one.failures) for one in tried)
    held = sum(len(one.module.trials) for one in tried) - failed
    lines.append(speaker.say(texts("{n} test holds.", "{n} tests hold.", held)))
    if failed:
        said = texts("{n} test does not hold.", "{n} tests do not hold.", failed)
        lines.append(click.style(speaker.say(said), fg="red"))
    return lines


def lint_json(problems: Iterable[Problem], speaker: Speaker) -> Any:
    """Return what a look over the rule files found, one object each."""
    return [
        {
            "file": one.place.file if one.place else None,
            "line": one.place.line if one.place else None,
            "message": speaker.say(one.sentence),
            "hint": speaker.say(one.hint) if one.hint else None,
        }
        for one in problems
    ]


def lint_text(problems: Sequence[Problem], speaker: Speaker) -> list[str]:
    """Return the same for the terminal."""
    lines: list[str] = []
    for one in problems:
        lines += table.lines(f"{one.place or ''}: {speaker.say(one.sentence)}")
        if one.hint:
            lines += table.lines(f"→ {speaker.say(one.hint)}", indent="  ")
    if not problems:
        return [speaker.say(text("Nothing to say about these rules."))]
    return [*lines, speaker.say(texts("{n} warning.", "{n} warnings.", len(problems)))]
