"""Rows for the record of processing activities of the data-protection officer (GDPR art. 30(1))."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.guardrails.fields import Level, Lexicon
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request
from bridge.text import Words


@dataclass(frozen=True, slots=True)
class Processing:
    """One form that collects personal data: why, what, who gets it, how long it is kept.

    ``data`` are the titles of its personal fields; ``recipients`` the destination and processors;
    ``months`` the retention in months, None where the form does not say.
    """

    key: str
    title: str
    campaign: str
    purpose: Words
    data: tuple[Words, ...]
    highest: Level
    recipients: tuple[str, ...]
    months: int | None


def rows(key: str, request: Request, bundle: Bundle) -> Iterator[Processing]:
    """Yield a row for each form of an approved request that asks for personal data."""
    for part in request.parts():
        fields = part.data.get("fields") if isinstance(part.data, Mapping) else None
        if isinstance(fields, list):
            row = _row(key, request, part.data, fields, bundle)
            if row is not None:
                yield row


def _row(
    key: str, request: Request, form: Mapping[str, Any], fields: list[Any], bundle: Bundle
) -> Processing | None:
    personal = _personal(fields, bundle.lexicon)
    if not personal:
        return None
    months = form.get("retention_months")
    return Processing(
        key=key,
        title=request.title,
        campaign=request.campaign,
        purpose=_purpose(form.get("purpose"), bundle),
        data=tuple(dict.fromkeys(title for title, _ in personal)),
        highest=max(level for _, level in personal),
        recipients=_recipients(form),
        months=months if isinstance(months, int) and not isinstance(months, bool) else None,
    )


def _personal(fields: list[Any], lexicon: Lexicon) -> list[tuple[Words, Level]]:
    read = (lexicon.read(field) for field in fields if isinstance(field, Mapping))
    return [
        (reading.type.title, reading.level)
        for reading in read
        if reading.type is not None and reading.level is not None and reading.level > Level.N0
    ]


def _purpose(purpose: Any, bundle: Bundle) -> Words:
    register = bundle.registers.get("purposes")
    for entry in register.entries if register else ():
        if entry.value == purpose:
            return entry.purpose
    return str(purpose or "")


def _recipients(form: Mapping[str, Any]) -> tuple[str, ...]:
    processors = form.get("processors")
    named = [form.get("destination"), *(processors if isinstance(processors, list) else ())]
    return tuple(dict.fromkeys(str(name) for name in named if isinstance(name, str) and name))
