"""Named calendars (rules 3 and 5): which codes mean something, and their public holidays.

The ``holidays`` package accepts some subdivisions without their own holidays (``FR`` with ``GES``
lacks Good Friday and 26 December), so a code counts only where the package really lists it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from bridge.retroplan.workdays import CalendarRules, Workdays
from bridge.text import Text, text

# The years for which the holidays package computes holidays one can believe in.
FIRST_YEAR, LAST_YEAR = 1970, 2200


class UnknownCalendar(ValueError):
    """E-CALENDAR: the country, or its subdivision, is not one that `holidays` really knows."""

    def __init__(self, code: str, hint: Text) -> None:
        super().__init__(code)
        self.code = code
        self.hint = hint


def check_code(code: str) -> None:
    """Raise :class:`UnknownCalendar` unless ``code`` (``FR``, ``FR-57`` ...) is a known calendar."""
    country, _, subdivision = code.partition("-")
    known = _subdivisions(country)
    if known is None:
        raise UnknownCalendar(code, text("Use a country code such as FR, BE or CH."))
    if "-" in code and subdivision not in known.values():
        # Aliases and old region codes are refused too: FR-GES would silently lack two holidays.
        raise UnknownCalendar(code, _subdivision_hint(country, subdivision, known))


def public_holidays(code: str, first: date, last: date, language: str = "fr") -> dict[date, str]:
    """Return the public holidays from ``first`` to ``last`` with their names in ``language``."""
    years = _holidays(code, first.year, last.year, language)
    return {day: name for day, name in years.items() if first <= day <= last}


class Calendars:
    """Calendars by name over one stretch of time, each built once.

    ``project`` holds the firm's own closures and forced days, which apply to every calendar of the
    workspace: a firm that closes on 31 December closes on every site.
    """

    def __init__(self, project: CalendarRules, first: date, last: date) -> None:
        self._project = project
        self._first = first
        self._last = last
        self._built: dict[str, Workdays] = {}

    def named(self, code: str | None = None) -> Workdays:
        """Return the calendar ``code``, the project's where none is named."""
        code = code or self._project.code
        if code not in self._built:
            rules = replace(self._project, code=code)
            days = public_holidays(code, self._first, self._last)
            self._built[code] = Workdays.build(rules, days, self._first, self._last)
        return self._built[code]


def _subdivision_hint(country: str, subdivision: str, known: Mapping[str, str]) -> Text:
    if subdivision in known:
        return text("Write {code}.", code=f"{country}-{known[subdivision]}")
    if country == "FR":
        return text("Alsace-Moselle is FR-57 (Moselle) or FR-6AE (Alsace).")
    if known:
        codes = tuple(sorted(set(known.values())))
        return text("Subdivisions of {country}: {known}.", country=country, known=codes)
    return text("{country} has no subdivisions; use {country} alone.", country=country)


@cache
def _subdivisions(country: str) -> Mapping[str, str] | None:
    """Return a country's subdivision codes by code and alias, None where the country is unknown."""
    from holidays import country_holidays  # noqa: PLC0415  # 80 ms that --help must not pay

    # The package takes three-letter codes and class names too; one way of writing is enough.
    if not re.fullmatch("[A-Z]{2}", country):
        return None
    try:
        entity = country_holidays(country)
    except NotImplementedError:
        return None
    # French school zones ("Zone A") are listed as subdivisions; they are not calendars.
    codes = {code: code for code in entity.subdivisions if " " not in code}
    return {**getattr(entity, "subdivisions_aliases", {}), **codes}


@cache
def _holidays(code: str, first: int, last: int, language: str) -> dict[date, str]:
    from holidays import country_holidays  # noqa: PLC0415  # 80 ms that --help must not pay

    check_code(code)
    country, _, subdivision = code.partition("-")
    names: Callable[..., Mapping[date, str]] = country_holidays
    spoken = _language_of(country, language)
    found = names(
        country, subdiv=subdivision or None, years=range(first, last + 1), language=spoken
    )
    return dict(found.items())


def _language_of(country: str, language: str) -> str | None:
    """Return the package's language for ours, None (the country's own) where it has none."""
    from holidays import country_holidays  # noqa: PLC0415  # 80 ms that --help must not pay

    supported = country_holidays(country).supported_languages
    return next((known for known in supported if known.split("_")[0] == language), None)
