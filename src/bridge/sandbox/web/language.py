"""The web face in French and English: texts through gettext, dates and lists through Babel."""

import functools
import gettext as gettext_module
import re
from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime, format_timedelta
from flask import has_request_context, request

from bridge.sandbox import moments

if TYPE_CHECKING:
    from flask import Flask

LANGUAGES = {"fr": "Français", "en": "English"}
LANGUAGE_COOKIE = "sandbox_lang"
DEFAULT = "fr"


def language() -> str:
    """Return the reader's language: ``?lang=``, the cookie, what the browser prefers, else French."""
    if not has_request_context():
        return DEFAULT
    for asked in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT


@functools.cache
def _catalogue(chosen: str) -> gettext_module.NullTranslations:
    folder = str(files("bridge.sandbox").joinpath("locale"))
    return gettext_module.translation("sandbox", folder, [chosen], fallback=True)


def gettext(text: str) -> str:
    """Return a text in the reader's language."""
    return _catalogue(language()).gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a text that depends on a number, in the reader's language."""
    return _catalogue(language()).ngettext(one, many, count)


_ = gettext


def day(text: str | None, form: str = "d MMM y") -> str:
    """Return a date as people write it: ``17 déc. 2026``."""
    if not text:
        return ""
    try:
        return _ordinal(format_date(date.fromisoformat(text[:10]), form, locale=language()))
    except ValueError:
        return text


def moment(text: str, zone: str = "Europe/Paris") -> str:
    """Return a point in time as people write it: ``22 nov. 2026, 14:05``."""
    local = moments.moment(text).astimezone(moments.zone(zone))
    return _ordinal(format_datetime(local, "d MMM y, HH:mm", locale=language()))


def _ordinal(said: str) -> str:
    """Return a date with the first of a month as French writes it: ``1er déc.``."""
    return re.sub(r"(?<!\S)1(?= )", "1er", said) if language() == "fr" else said


def ago(text: str, now: datetime) -> str:
    """How long ago: ``il y a 3 heures``."""
    return format_timedelta(moments.moment(text) - now, add_direction=True, locale=language())


def speak(app: "Flask") -> None:
    """Teach an application's templates to speak."""
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    install(gettext, ngettext, newstyle=True)
    environment.filters |= {"day": day, "moment": moment, "ago": ago}
    environment.trim_blocks = environment.lstrip_blocks = True
