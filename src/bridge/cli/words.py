"""Help texts in the reader's language: English message ids in the code, said when shown."""

import gettext
import os
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from bridge.language import CATALOGUES, DEFAULT, Language, language
from bridge.text import Text, text

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_current: ContextVar[Language] = ContextVar("language")


def speak(code: str) -> Language:
    """Choose the language of everything said from now on, click's own words included."""
    _current.set(language(code))
    # click takes its words from gettext's global domain; the language is chosen by LANGUAGE.
    os.environ["LANGUAGE"] = code
    gettext.bindtextdomain("click", str(CATALOGUES))
    gettext.textdomain("click")
    return spoken()


def spoken() -> Language:
    """Return the language in use."""
    return _current.get(None) or language(DEFAULT)


def msg(message_id: str) -> str:
    """Mark a help text for the catalogues; it is said when it is shown."""
    return message_id


class _Said:
    """A help text that is translated whenever it is read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.slot = f"_{name}_id"

    def __get__(self, instance: Any, owner: type) -> Any:
        words = getattr(instance, self.slot, None) if instance is not None else None
        return spoken().say(Text(words)) if words else words

    def __set__(self, instance: Any, words: str | None) -> None:
        setattr(instance, self.slot, words)


class Formatter(click.HelpFormatter):
    """Help whose headings end as the language ends them: French puts a blank before the colon."""

    def write_heading(self, heading: str) -> None:
        """Write a heading."""
        said = spoken().say(text("{heading}:", heading=heading))
        self.write(f"{'':>{self.current_indent}}{said}\n")


class Context(click.Context):
    """A command's context, with help in our own form."""

    formatter_class = Formatter


class PathType(click.Path[Path]):
    """A path whose kind is named in the reader's language; click names it once, when it is imported."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(path_type=Path, **settings)

    @property
    def name(self) -> str:
        """Return what messages call the value."""
        return spoken().say(text("file") if self.file_okay else text("folder"))

    @name.setter
    def name(self, _: str) -> None:
        """Leave click's own English word aside."""


class Option(click.Option):
    """An option whose help is said in the reader's language."""

    help = _Said()


class Command(click.Command):
    """A command whose help is said in the reader's language."""

    context_class = Context

    help = _Said()
    short_help = _Said()


class Group(click.Group):
    """A group of commands whose help is said in the reader's language."""

    context_class = Context

    command_class = Command
    help = _Said()
    short_help = _Said()


Group.group_class = Group


def option(*declarations: str, **settings: Any) -> Decorator:
    """Declare an option with a help text of the catalogues."""
    return click.option(*declarations, cls=Option, **settings)
