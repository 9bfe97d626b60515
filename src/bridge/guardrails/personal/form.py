"""A form as the rules on personal data look at it, and what such a rule says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Any, NamedTuple

from bridge.guardrails.fields import Level, Lexicon, Reading
from bridge.guardrails.finding import Where
from bridge.guardrails.limits import Facts, Outcome, State
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Rule
from bridge.text import Words


class Said(NamedTuple):
    """What a rule says of one place, what it expected there, and a remedy more exact than the rule's."""

    outcome: Outcome
    expected: Words
    fix: Words | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a form: where it stands, what is written there, what it was read as."""

    where: Where
    entry: Mapping[str, Any]
    reading: Reading
    ids: frozenset[str] = field(
        init=False
    )  # what it declares, and what its words betray beyond that

    def __post_init__(self) -> None:
        read = (self.reading.declared, self.reading.type)
        object.__setattr__(self, "ids", frozenset([t.id for t in read if t is not None]))

    @property
    def level(self) -> Level:
        """Return its level among the other fields; N0 where nothing is known (a finding of its own)."""
        return self.reading.level or Level.N0

    @property
    def own_level(self) -> Level:
        """Return its level for itself alone."""
        return self.reading.own_level or Level.N0

    @property
    def is_mandatory(self) -> bool:
        """Tell whether it must be filled in; whatever is not plainly false counts as yes."""
        return self.entry.get("required", False) is not False


@dataclass(frozen=True, slots=True)
class Form:
    """A part with fields, what each field was read as, and what surrounds it."""

    data: Mapping[str, Any]
    where: Where
    readings: Mapping[Where, Reading]
    facts: Facts
    lexicon: Lexicon
    _asked: tuple[Asked, ...] = field(init=False, repr=False, compare=False)
    _present: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entries = self.data["fields"]
        asked = tuple(Asked(where, entries[where[-1]], r) for where, r in self.readings.items())
        object.__setattr__(self, "_asked", asked)
        object.__setattr__(self, "_present", frozenset().union(*[a.ids for a in asked]))

    def fields(self) -> Sequence[Asked]:
        """Return every field that is a mapping, in the form's order."""
        return self._asked

    def types(self, names: object) -> frozenset[str]:
        """Return the types a rule lists: ids, and groups written with an @. Raise TypeError for others."""
        if not isinstance(names, list | tuple):
            raise TypeError("types")
        listed = (
            self.lexicon.group(name[1:]) if name.startswith("@") else {name} for name in names
        )
        return frozenset().union(*listed)

    def asking(self, names: object) -> list[Asked]:
        """Return the fields that ask for one of the types a rule lists."""
        wanted = self.types(names)
        if wanted.isdisjoint(self._present):
            return []
        return [asked for asked in self._asked if not wanted.isdisjoint(asked.ids)]

    def personal(self, level: Level) -> list[Asked]:
        """Return the fields at least so sensitive; statements such as a consent are no data asked for."""
        statements = self.types(["@statements"])
        return [a for a in self.fields() if a.level >= level and not a.ids <= statements]

    @property
    def purpose(self) -> object:
        """Return the purpose as written, ABSENT where there is none."""
        return self.data.get("purpose", ABSENT)

    def is_for(self, purposes: object) -> bool:
        """Tell whether the form's purpose is one of those a rule lists."""
        if not isinstance(purposes, list | tuple):
            raise TypeError("purposes")
        return isinstance(self.purpose, str) and self.purpose in purposes

    def says_yes(self, key: str) -> bool:
        """Tell whether a flag is exactly true."""
        return self.data.get(key) is True

    def listed(self, key: str) -> list[Any]:
        """Return a list of the form, empty where it is absent; TypeError where it is no list."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise TypeError(key)
        return value

    def audience(self, key: str) -> float | None:
        """Return the audience's size, or its youngest's age; None where it is not said.

        Raise TypeError where it is no number.
        """
        audience = self.facts.root.get("audience", {})
        if not isinstance(audience, Mapping):
            raise TypeError("audience")
        return number(audience[key]) if key in audience else None

    def place(self, key: str) -> Where:
        """Return where a key of the form stands."""
        return (*self.where, key)


def number(value: object) -> float:
    """Return a number; TypeError for anything else: in Python True is 1, and NaN is never too large."""
    if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
        raise TypeError("number")
    return value


def level_of(rule: Rule) -> Level:
    """Return the level in a rule's values."""
    return Level[rule.values["level"]]


def said(state: State, where: Where, expected: Words, found: object = ABSENT) -> Said:
    """Say something of one place."""
    return Said(Outcome(state, where, found), expected)


def verdict_on(holds: bool, where: Where, expected: Words, found: object = ABSENT) -> Said:
    """Say that a place holds, or is outside."""
    return said("holds" if holds else "outside", where, expected, found)
