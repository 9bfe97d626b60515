"""Say sentences in French or English: gettext catalogues, dates and lists by locale.

The only place that reads a catalogue. Babel is imported when a date or list is really said.
"""

import gettext
import os
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from bridge.text import LANGUAGES, Bilingual, Either, Text, Value, Words

DOMAIN: Final = "bridge"
CATALOGUES: Final = Path(__file__).parent / "locale"
DEFAULT: Final = "fr"


class Language:
    """French or English, complete; implements :class:`~bridge.text.Speaker`."""

    def __init__(self, code: str) -> None:
        if code not in LANGUAGES:
            raise ValueError(code)
        self.code = code
        self.catalogue = gettext.translation(DOMAIN, CATALOGUES, [code], fallback=True)

    def say(self, words: Words) -> str:
        """Return the words in this language, every value said the way the language does."""
        if isinstance(words, str):
            return words
        if isinstance(words, Bilingual):
            return words.in_(self.code)
        return self._sentence(words).format(**{k: self._value(v) for k, v in words.values.items()})

    def day(self, day: date, *, style: str = "medium") -> str:
        """Return a date: ``full`` (jeudi 17 décembre 2026), ``medium`` (jeu. 17 déc. 2026), ``short``.

        A month alone: ``month`` within a sentence, ``heading`` at the beginning of a line.
        """
        from babel.dates import format_date  # noqa: PLC0415  # 40 ms that --help must not pay

        patterns = {
            "medium": "EEE d MMM y",
            "short": "d MMM",
            "weekday": "EEE d MMM",
            "month": "LLLL y",
            "heading": "LLLL y",
        }
        said = str(format_date(day, patterns.get(style, style), locale=self.code))
        if self.code == "fr" and day.day == 1:
            said = re.sub(r"(?<!\S)1(?= )", "1er", said)  # le 1er janvier: never « le 1 janvier »
        return said[0].upper() + said[1:] if style == "heading" else said

    def _sentence(self, words: Text) -> str:
        if words.many is None:
            return self.catalogue.gettext(words.one)
        count = words.values["n"]
        return self.catalogue.ngettext(
            words.one, words.many, int(count) if isinstance(count, int) else 2
        )

    def _value(self, value: Value) -> str:
        match value:
            case str():
                return value
            case Text() | Bilingual():
                return self.say(value)
            case date():
                return self.day(value)
            case tuple():
                either = isinstance(value, Either)
                return self._list([self._value(item) for item in value], either=either)
            case float() if not value.is_integer():
                return f"{value:g}".replace(".", "," if self.code == "fr" else ".")
            case _:
                return str(int(value))

    def _list(self, items: list[str], *, either: bool) -> str:
        from babel.lists import format_list  # noqa: PLC0415  # only where a list is said

        style: Literal["or", "standard"] = "or" if either else "standard"
        return str(format_list(items, style, locale=self.code)) if items else ""


@cache
def language(code: str) -> Language:
    """Return the one Language for a code (``fr`` or ``en``)."""
    return Language(code)


def of_environment(environment: Mapping[str, str] | None = None) -> str:
    """Return the reader's language: ``BRIDGE_LANG``, else the locale's, else French."""
    environment = os.environ if environment is None else environment
    if environment.get("BRIDGE_LANG") in LANGUAGES:
        return environment["BRIDGE_LANG"]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(name, "")[:2].lower()
        if code in LANGUAGES:
            return code
    return DEFAULT
