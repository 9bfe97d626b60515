"""What an epic asks for: a template by its label, values and owners by lines of its description. Pure.

A line is filled in by whoever writes after its colon. Labels are known in both languages, whatever
their case, accents and blanks; nothing else of a description is read, and nothing in it is changed.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bridge.errors import Problem, near_miss
from bridge.nearmiss import nearest
from bridge.prose import folded, one_line
from bridge.retroplan import parameters
from bridge.retroplan.template import Parameter, Template
from bridge.team import Person, Team
from bridge.text import Bilingual, Either, Text, text

LABEL: Final = "bridge-template-"
LONGEST: Final = 500  # characters of a value that somebody filled in


def templates_asked(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the templates that an issue's labels ask for, in alphabetical order."""
    lowered = (label.casefold() for label in labels)
    return tuple(sorted({one.removeprefix(LABEL) for one in lowered if one.startswith(LABEL)}))


@dataclass(frozen=True, slots=True)
class Line:
    """A line to fill in: its label, by what else it is known, and which values it takes (any: none)."""

    label: Bilingual
    name: str
    choices: tuple[str, ...] = ()

    def said_in(self, lines: Iterable[str]) -> tuple[str, ...] | None:
        """Return what stands after the label, each value once; None where no line has the label."""
        known = {_plain(self.label.fr), _plain(self.label.en), _plain(self.name)}
        found = [value for line in lines if (value := _after(known, line)) is not None]
        return tuple(dict.fromkeys(value for value in found if value)) if found else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a description gives: sound values and owners, what is wrong, and what is still missing.

    ``missing`` are lines that nobody filled in; ``absent`` those of them that stand nowhere yet.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[tuple[str, str], ...] = ()
    missing: tuple[Line, ...] = ()
    absent: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()


def asked(template: Template, lines: Sequence[str], team: Team) -> Asked:
    """Read the lines of an epic's description for a template."""
    reading = _Reading(lines)
    for parameter in template.parameters.values():
        reading.parameter(template, parameter)
    chosen = template.choose(reading.values)
    needed = {s.role for s in chosen.steps if isinstance(s.role, str) and s.role}
    for role in template.roles:
        reading.owner(role, team, is_needed=role in needed and role not in team.roles)
    return Asked(
        reading.values,
        tuple(reading.owners),
        tuple(reading.missing),
        tuple(reading.absent),
        tuple(reading.problems),
    )


def line_for(parameter: Parameter) -> Line:
    """Return the line by which a parameter is filled in."""
    return Line(parameter.title, parameter.name, parameter.one_of)


def line_of_owner(role: str) -> Line:
    """Return the line that says who holds a role in this campaign."""
    return Line(Bilingual(f"Propriétaire de {role}", f"Owner of {role}"), f"owner.{role}")


class _Reading:
    """One pass over what can be filled in."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.values: dict[str, str] = {}
        self.owners: list[tuple[str, str]] = []
        self.missing: list[Line] = []
        self.absent: list[Line] = []
        self.problems: list[Problem] = []

    def parameter(self, template: Template, parameter: Parameter) -> None:
        """Read one parameter; without a default it must be there."""
        value = self._value(line_for(parameter), is_needed=parameter.default is None)
        if value is None:
            return
        by_plain = {_plain(choice): choice for choice in parameter.one_of}
        given = by_plain.get(_plain(value), value)
        found, problems = parameters.checked(template, [(parameter.name, given)])
        self.values |= found
        self.problems += problems

    def owner(self, role: str, team: Team, *, is_needed: bool) -> None:
        """Read who holds a role in this campaign; needed where bridge.yaml names nobody."""
        value = self._value(line_of_owner(role), is_needed=is_needed)
        if value is None:
            return
        person = person_called(value, team)
        if isinstance(person, Problem):
            self.problems.append(person)
        else:
            self.owners.append((role, person.id))

    def _value(self, line: Line, *, is_needed: bool) -> str | None:
        """Return the one value of a line; note what is missing, and what stands there twice."""
        said = line.said_in(self.lines)
        if not said:
            if is_needed:
                self.missing.append(line)
                self.absent += [line] if said is None else []
            return None
        if len(said) > 1:
            self.problems.append(
                Problem(
                    text("“{label}” stands there with several values.", label=line.label),
                    text("Keep one of these lines in the description of the epic."),
                )
            )
            return None
        return one_line(said[0], LONGEST)


def person_called(written: str, team: Team) -> Person | Problem:
    """Return the person with this id, name, e-mail or user name; the problem with the near miss."""
    plain = _plain(written.removeprefix("@"))
    by_id = team.people.get(written.strip().removeprefix("@").casefold())
    if by_id is not None:  # an id is one person's, whoever else is called that
        return by_id
    found = [person for person in team.people.values() if plain in _names(person)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = Either(person.id for person in found)
        return Problem(
            text("Several people are called “{name}”.", name=written),
            text("Write which one is meant: {ids}.", ids=ids),
        )
    names = [name for person in team.people.values() for name in (person.name, person.id)]
    return Problem(
        text("Nobody is called “{person}” in bridge.yaml.", person=written),
        near_miss(nearest(written, names), [person.name for person in team.people.values()]),
    )


def unknown_template(name: str, known: Collection[str]) -> tuple[Text, Text | None]:
    """Return what to say about a label that names no template: the near miss, and all there are."""
    near = nearest(name, known)
    labels = tuple(f"{LABEL}{one}" for one in sorted(known))
    every = text("The labels that exist: {labels}.", labels=labels) if labels else None
    said = text("There is no template “{name}” (label {label}).", name=name, label=f"{LABEL}{name}")
    if near is None:
        return said, every
    return said, text(
        "Did you mean the label {label}? Those that exist: {labels}.",
        label=f"{LABEL}{near}",
        labels=labels,
    )


def _names(person: Person) -> set[str]:
    known = (person.name, person.email, person.dc_user)
    return {_plain(name) for name in known if name}


def _after(known: Collection[str], line: str) -> str | None:
    """Return what follows a known label and a colon, None where the line begins with none.

    A label may hold colons itself, and so may the value.
    """
    for at, letter in enumerate(line):
        if letter == ":" and _plain(line[:at]) in known:
            return folded(line[at + 1 :])
    return None


def _plain(words: str) -> str:
    """Return words in small letters without accents and blanks, one kind of apostrophe."""
    parts = unicodedata.normalize("NFD", words.casefold().replace("’", "'"))
    return "".join(c for c in parts if not unicodedata.combining(c) and not c.isspace())
