"""The acceptance sheet: every limit on one sheet for one meeting, and the decisions read back (G12).

Nothing approves until somebody here accepted it. A module version is accepted when its own row and
every row of its limits say yes, each decided by a person who holds the role the row names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bridge.guardrails.circumstances import Acceptance
from bridge.guardrails.policy import Bundle, Limit, Module, Rule
from bridge.guardrails.wording import allowed
from bridge.nearmiss import nearest
from bridge.text import Text, Words, text

Answer = Literal["yes", "no", ""]
_ANSWERS: Mapping[str, Answer] = {
    **dict.fromkeys(("oui", "o", "yes", "y", "x", "ok"), "yes"),
    **dict.fromkeys(("non", "n", "no"), "no"),
    "": "",
}
_FRENCH = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet: a module as a whole (``limit`` empty), or one of its limits.

    ``key`` is ``module@version`` or ``module@version#limit``, by which the row is known again.
    """

    key: str
    role: str
    title: Words
    allowed: Words
    why: Words
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """One line as it came back: the answer as written, by whom, when, and the line's number."""

    key: str
    answer: str
    by: str
    on: str
    line: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something on the sheet that cannot be taken, and the line it stands in."""

    line: int
    sentence: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet came to: new acceptances, modules refused, modules still open, what is wrong."""

    accepted: tuple[Acceptance, ...]
    refused: tuple[str, ...]
    undecided: tuple[str, ...]
    troubles: tuple[Trouble, ...]


def rows(bundle: Bundle) -> Iterator[Row]:
    """Yield the sheet, module by module."""
    for module in sorted(bundle.modules.values(), key=lambda m: m.id):
        review = text("reviewed by {day}", day=module.review_by)
        yield Row(
            module.reference, module.owner, module.title, review, text("The module as a whole.")
        )
        entries: tuple[Limit | Rule, ...] = (*module.limits, *module.rules)
        yield from (_row(module, entry) for entry in entries)


def _row(module: Module, entry: Limit | Rule) -> Row:
    key = f"{module.reference}#{entry.id}"
    return Row(key, entry.approver, module.title, allowed(entry), entry.why, entry.proposed)


def read(
    decided: Iterable[Decided],
    bundle: Bundle,
    holders: Mapping[str, str],
    people: Mapping[str, str],
    today: date,
) -> Reading:
    """Read decisions back.

    ``holders``: person by role; ``people``: name by person id. Whoever decides is named by id or name
    and must hold the row's role. Rows of a version that is no longer in the bundle are troubles.
    """
    reading = _Reading(bundle, holders, people, today)
    for row in decided:
        reading.take(row)
    return reading.result()


class _Reading:
    """Decisions by row, and what is wrong with them."""

    def __init__(
        self,
        bundle: Bundle,
        holders: Mapping[str, str],
        people: Mapping[str, str],
        today: date,
    ) -> None:
        self.rows = {row.key: row for row in rows(bundle)}
        self.bundle = bundle
        self.holders = holders
        self.people = {
            **{name.casefold(): person for person, name in people.items()},
            **{person.casefold(): person for person in people},
        }
        self.today = today
        self.answers: dict[str, tuple[Answer, str, date]] = {}
        self.troubles: list[Trouble] = []

    def take(self, decided: Decided) -> None:
        """Take one line."""
        row = self.rows.get(decided.key)
        if row is None:
            self._trouble(decided, self._unknown(decided.key))
            return
        if decided.key in self.answers:
            self._trouble(decided, text("“{key}” stands here twice.", key=decided.key))
            return
        answer = _ANSWERS.get(decided.answer.strip().casefold())
        if answer is None:
            said = text("“{answer}” is neither yes nor no.", answer=decided.answer)
            self._trouble(decided, said)
        elif answer:
            self._answer(decided, row, answer)

    def _unknown(self, key: str) -> Text:
        module = key.partition("@")[0]
        current = self.bundle.modules.get(module)
        if current is not None and key.partition("#")[0] != current.reference:
            return text(
                "“{key}” is another version; here it is {current}. Write a fresh sheet.",
                key=key,
                current=current.reference,
            )
        near = nearest(key, self.rows)
        if near is None:
            return text("No row is called “{key}”.", key=key)
        return text("No row is called “{key}”; did you mean “{near}”?", key=key, near=near)

    def _answer(self, decided: Decided, row: Row, answer: Answer) -> None:
        person = self.people.get(decided.by.strip().casefold())
        if person is None:
            said = text("“{by}” is nobody of bridge.yaml: who decided?", by=decided.by)
            self._trouble(decided, said)
        elif self.holders.get(row.role) != person:
            said = text(
                "{by} does not hold the role {role}, which decides here.",
                by=decided.by,
                role=row.role,
            )
            self._trouble(decided, said)
        else:
            day = self._day(decided)
            if day is not None:
                self.answers[row.key] = (answer, person, day)

    def _day(self, decided: Decided) -> date | None:
        try:
            day = _date(decided.on.strip())
        except ValueError:
            said = text("“{day}” is no date: write it 2027-03-31 or 31/03/2027.", day=decided.on)
            self._trouble(decided, said)
            return None
        if day > self.today:
            self._trouble(decided, text("{day} lies in the future.", day=day))
            return None
        return day

    def _trouble(self, decided: Decided, sentence: Text) -> None:
        self.troubles.append(Trouble(decided.line, sentence))

    def result(self) -> Reading:
        """Return what the sheet came to, module by module."""
        accepted: list[Acceptance] = []
        refused: list[str] = []
        undecided: list[str] = []
        for module in sorted(self.bundle.modules.values(), key=lambda m: m.id):
            keys = [key for key in self.rows if key.partition("#")[0] == module.reference]
            answers = [self.answers[key] for key in keys if key in self.answers]
            if any(answer == "no" for answer, _, _ in answers):
                refused.append(module.reference)
            elif len(answers) < len(keys):
                undecided.append(module.reference)
            else:
                _, person, _ = self.answers[module.reference]
                last = max(day for _, _, day in answers)
                accepted.append(Acceptance(module.id, module.version, person, module.owner, last))
        return Reading(tuple(accepted), tuple(refused), tuple(undecided), tuple(self.troubles))


def still_open(reading: Reading, known: Sequence[Acceptance]) -> Reading:
    """Return the reading without the undecided modules that were accepted at an earlier meeting."""
    have = {f"{a.module}@{a.version}" for a in known}
    return replace(reading, undecided=tuple(m for m in reading.undecided if m not in have))


def _date(written: str) -> date:
    """Read a date as the sheet's heading asks for it; spreadsheets turn the first form into the second."""
    french = _FRENCH.fullmatch(written)
    if french:
        return date(int(french[3]), int(french[2]), int(french[1]))
    return date.fromisoformat(written)


def fresh(reading: Reading, known: Sequence[Acceptance]) -> tuple[Acceptance, ...]:
    """Return the acceptances that are not on record yet."""
    have = {(a.module, a.version) for a in known}
    return tuple(a for a in reading.accepted if (a.module, a.version) not in have)
