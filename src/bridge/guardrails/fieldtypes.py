"""Field types and their sensitivity, and what a field was read as."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Whom a form may speak of instead of a person, a dog say; then types in ``silence`` say nothing."""

    of: tuple[str, ...]
    silence: frozenset[str]
    means: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A type of consent and the words that name its channel."""

    type: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How a box that asks for a consent is recognised: by a verb, then by the first channel heard.

    A box that says one of ``refusals`` is ticked in order to refuse, which is no consent.
    ``otherwise`` is the channel where none is named; the words of types in ``silence`` are those
    that such a box needs to name its channel and its sender.
    """

    verbs: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    otherwise: Channel | None = None
    silence: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What ``levels.yaml`` holds beside the types (its comments say what each is for)."""

    innocent: tuple[str, ...] = ()
    others: tuple[Others, ...] = ()
    links: tuple[str, ...] = ()
    conjunctions: tuple[str, ...] = ()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    consent: Consent = field(default_factory=Consent)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    input_types: Mapping[str, str] = field(default_factory=dict)
    inputs_that_say_more: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    autocomplete_prefixes: frozenset[str] = frozenset()


class Reading(NamedTuple):
    """What a field was read as: its declared type, the most sensitive one detected, and by which sign.

    ``declared`` is None where ``data`` names no known type, ``detected`` where nothing gave a sign.
    ``channels`` are the types of consent that a box speaks of; ``raised`` the level that the company
    of other fields gives it; ``is_whole`` is false where there was too much text to read it all.
    """

    declared: FieldType | None
    detected: FieldType | None = None
    signal: str = ""
    channels: tuple[str, ...] = ()
    raised: Level | None = None
    is_whole: bool = True

    @property
    def own_level(self) -> Level | None:
        """Return the higher of both types' levels, None where nothing is known of the field."""
        known = [t.level for t in (self.declared, self.detected) if t is not None]
        return max(known) if known else None

    @property
    def level(self) -> Level | None:
        """Return the level among the form's other fields, None where nothing is known of the field."""
        own = self.own_level
        return own if own is None or self.raised is None else max(own, self.raised)

    @property
    def type(self) -> FieldType | None:
        """Return the more sensitive of both types; the declared one where they are level."""
        if self.declared is None or self.detected is None:
            return self.declared or self.detected
        return self.detected if self.detected.level > self.declared.level else self.declared

    def raised_to(self, level: Level) -> "Reading":
        """Return the reading with at least this level; one that knows no type stays unknown."""
        return self._replace(raised=level if self.raised is None else max(level, self.raised))
