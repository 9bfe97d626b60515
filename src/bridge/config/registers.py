"""Read a register file into a :class:`~bridge.guardrails.policy.Register`."""

from collections.abc import Sequence
from typing import Any

from bridge.config import shape
from bridge.config.values import Notes
from bridge.config.yamlfile import Document
from bridge.errors import Problem
from bridge.guardrails.policy import Entry, Register
from bridge.text import Bilingual, text


def read(document: Document) -> tuple[Register | None, Sequence[Problem]]:
    """Read a register; None with every problem where anything is wrong."""
    found = shape.check(document, "guardrail-register")
    notes = Notes(document)
    data = document.data if isinstance(document.data, dict) else {}
    entries = data.get("entries")
    read_entries = [
        _entry(notes, number, written)
        for number, written in enumerate(entries if isinstance(entries, list) else [])
        if found.is_sound("entries", number)
    ]
    _check_doubles(notes, entries if isinstance(entries, list) else [])
    problems = (*found.problems, *notes.problems)
    if problems:
        return None, problems
    kept = tuple(entry for entry in read_entries if entry)
    title = Bilingual(data["title"]["fr"], data["title"]["en"])
    return Register(data["id"], title, kept, document.file), ()


def _entry(notes: Notes, number: int, written: dict[str, Any]) -> Entry | None:
    last = notes.date(("entries", number, "expires_on"), written["expires_on"])
    if last is None:
        return None
    purpose = Bilingual(written["purpose"]["fr"], written["purpose"]["en"])
    line = notes.document.place(("entries", number)).line
    return Entry(written["value"], written["owner"], purpose, last, line)


def _check_doubles(notes: Notes, entries: list[Any]) -> None:
    seen: dict[str, int] = {}
    for number, written in enumerate(entries):
        value = written.get("value") if isinstance(written, dict) else None
        if not isinstance(value, str):
            continue
        first = seen.setdefault(value.casefold(), number)
        if first != number:
            line = notes.document.place(("entries", first, "value")).line
            notes.add(
                ("entries", number, "value"),
                text("“{value}” stands here twice (first in line {line}).", value=value, line=line),
            )
