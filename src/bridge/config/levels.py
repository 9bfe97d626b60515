"""Read ``guardrails/levels.yaml`` into the lexicon that reads form fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.config import shape
from bridge.config.values import Notes
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import Problem, ProblemsFound, near_miss
from bridge.guardrails.fields import (
    Channel,
    Consent,
    FieldType,
    Level,
    Lexicon,
    Others,
    Vocabulary,
)
from bridge.nearmiss import nearest
from bridge.text import Bilingual, text

SCHEMA = "guardrail-levels"


def lexicon(document: Document, glossary: Mapping[str, str] | None = None) -> Lexicon:
    """Return the lexicon of a parsed file; raise ProblemsFound with everything that is wrong.

    ``glossary``: labels that the DPO classified, to the ids of their types.
    """
    problems: list[Problem] = list(shape.check(document, SCHEMA).problems)
    if problems:
        raise ProblemsFound(problems)
    notes = Notes(document)
    types = _types(document.data["types"], notes)
    for path, name in _references(document.data):
        if name not in types:
            notes.add(
                path,
                text("There is no field type “{name}”.", name=name),
                near_miss(nearest(name, types), []),
            )
    if notes.problems:
        raise ProblemsFound(notes.problems)
    return Lexicon(types, _vocabulary(document.data), glossary or {})


def _types(entries: list[dict[str, Any]], notes: Notes) -> dict[str, FieldType]:
    types: dict[str, FieldType] = {}
    for number, entry in enumerate(entries):
        if entry["id"] in types:
            notes.add(
                ("types", number, "id"),
                text("The field type “{name}” stands here twice.", name=entry["id"]),
            )
        types[entry["id"]] = FieldType(
            id=entry["id"],
            level=Level[entry["level"]],
            title=Bilingual(**entry["title"]),
            words=tuple(entry.get("words", ())),
            autocomplete=tuple(entry.get("autocomplete", ())),
        )
    return types


def _references(data: dict[str, Any]) -> Iterable[tuple[KeyPath, str]]:
    """Yield every mention of a field type with its place."""
    for number, other in enumerate(data.get("others", [])):
        yield ("others", number, "means"), other["means"]
        yield from _listed(("others", number, "silence"), other["silence"])
    for key in ("choices", "groups"):
        for name, types in data.get(key, {}).items():
            yield from _listed((key, name), types)
    yield from (((("choices", name)), name) for name in data.get("choices", {}))
    yield from ((("input_types", kind), name) for kind, name in data.get("input_types", {}).items())
    for kind, types in data.get("inputs_that_say_more", {}).items():
        for said, asked in types.items():
            yield ("inputs_that_say_more", kind, said), said
            yield ("inputs_that_say_more", kind, said), asked
    consent = data.get("consent", {})
    yield from _listed(("consent", "silence"), consent.get("silence", []))
    for number, channel in enumerate(consent.get("channels", [])):
        yield ("consent", "channels", number, "type"), channel["type"]
    if "otherwise" in consent:
        yield ("consent", "otherwise", "type"), consent["otherwise"]["type"]


def _listed(path: KeyPath, types: list[str]) -> Iterable[tuple[KeyPath, str]]:
    return (((*path, number), name) for number, name in enumerate(types))


def _vocabulary(data: dict[str, Any]) -> Vocabulary:
    return Vocabulary(
        innocent=tuple(data.get("innocent", ())),
        others=tuple(
            Others(of=tuple(o["of"]), silence=frozenset(o["silence"]), means=o["means"])
            for o in data.get("others", ())
        ),
        links=tuple(data.get("links", ())),
        conjunctions=tuple(data.get("conjunctions", ())),
        choices=_sets(data.get("choices", {})),
        consent=_consent(data["consent"]) if "consent" in data else Consent(),
        groups=_sets(data["groups"]),
        input_types=data.get("input_types", {}),
        inputs_that_say_more=data.get("inputs_that_say_more", {}),
        autocomplete_prefixes=frozenset(data.get("autocomplete_prefixes", ())),
    )


def _sets(listed: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(types) for name, types in listed.items()}


def _consent(data: dict[str, Any]) -> Consent:
    return Consent(
        verbs=tuple(data["verbs"]),
        refusals=tuple(data.get("refusals", ())),
        channels=tuple(map(_channel, data["channels"])),
        otherwise=_channel(data["otherwise"]) if "otherwise" in data else None,
        silence=frozenset(data.get("silence", ())),
    )


def _channel(data: dict[str, Any]) -> Channel:
    return Channel(data["type"], tuple(data["words"]))
