"""Field types and their sensitivity: what a form field says it asks for, and what its words suggest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bridge.text import Bilingual


class Level(IntEnum):
    """How sensitive a form field is (guardrails.md section 3.2)."""

    N0 = 0  # not personal
    N1 = 1  # basic contact and identity
    N2 = 2  # reaches or profiles a person in real life; free text
    N3 = 3  # highly personal: money, identity papers, exact place, minors, secrets
    N4 = 4  # forbidden by default: GDPR art. 9 and 10, national numbers, card security codes


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType:
    """A type of form field: its level, its name in both languages, the words that betray it.

    ``words`` are labels and synonyms in both languages; ``autocomplete`` the tokens of the WHATWG
    list, the first one to be recommended (WCAG 1.3.5).
    """

    id: str
    level: Level
    title: Bilingual
    words: tuple[str, ...] = ()
    autocomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field was read as: its declared type, the most sensitive one detected, and by which sign.

    ``declared`` is None where ``data`` names no known type, ``detected`` where nothing gave a sign.
    """

    declared: FieldType | None
    detected: FieldType | None = None
    signal: str = ""

    @property
    def level(self) -> Level | None:
        """Return the higher of both levels, None where nothing is known of the field."""
        known = [t.level for t in (self.declared, self.detected) if t is not None]
        return max(known) if known else None

    @property
    def type(self) -> FieldType | None:
        """Return the more sensitive of both types; the declared one where they are level."""
        if self.declared is None or self.detected is None:
            return self.declared or self.detected
        return self.detected if self.detected.level > self.declared.level else self.declared


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All field types by id."""

    types: Mapping[str, FieldType] = field(default_factory=dict)

    def read(self, form_field: Mapping[str, Any]) -> Reading:
        """Read one field of a form; whatever is wrong with its shape is ignored here."""
        declared = form_field.get("data")
        known = self.types.get(declared) if isinstance(declared, str) else None
        return Reading(known)
