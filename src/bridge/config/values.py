"""Read dates, spans and calendars inside a checked document, noting what is wrong with them."""

from datetime import date
from typing import Any

from bridge.config.shape import EXPECTED
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import Problem
from bridge.retroplan.calendars import UnknownCalendar, check_code
from bridge.retroplan.workdays import Span
from bridge.text import Text, text


class Notes:
    """The problems met while a document is read, each placed in its file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def add(
        self,
        path: KeyPath,
        sentence: Text,
        hint: Text | None = None,
        *,
        of_key: bool = False,
        code: str = "",
    ) -> None:
        """Note a problem with the value (or the key) at ``path``."""
        place = self.document.place(path, of_key=of_key)
        self.problems.append(Problem(sentence, hint, place, code))

    def date(self, path: KeyPath, written: str) -> date | None:
        """Read a date; note it and return None where the calendar has no such day."""
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.add(
                path,
                text(
                    "Expected {expected}, found {found}.", expected=EXPECTED["date"], found=written
                ),
                text("The calendar has no such day."),
            )
            return None

    def span(self, path: KeyPath, written: dict[str, Any] | str) -> Span | None:
        """Read a day, or a stretch from a day to a day."""
        if isinstance(written, str):
            day = self.date(path, written)
            return Span(day, day) if day else None
        first = self.date((*path, "from"), written["from"])
        last = self.date((*path, "to"), written["to"])
        if first is None or last is None:
            return None
        if first > last:
            self.add(path, text("The stretch ends before it begins."))
            return None
        return Span(first, last, written.get("half"))

    def calendar(self, path: KeyPath, code: str | None) -> None:
        """Note a calendar that nobody knows (E-CALENDAR)."""
        if code is None:
            return
        try:
            check_code(code)
        except UnknownCalendar as unknown:
            self.add(
                path,
                text("There is no calendar “{code}”.", code=code),
                unknown.hint,
                code="E-CALENDAR",
            )
