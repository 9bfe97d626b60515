"""Reading field values that a client sends: from JSON as Jira takes it to what is kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bridge.sandbox import moments
from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.kinds import Field
from bridge.sandbox.jira.projects import Project
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person
from bridge.sandbox.richtext.adf import Node
from bridge.sandbox.richtext.check import problem
from bridge.sandbox.richtext.from_wiki import from_wiki
from bridge.sandbox.richtext.to_wiki import VERBATIM

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MENTION = re.compile(r"\[~([^\]|:]+)\]")
_TEXT_LIMIT = 32767
NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
NOT_TEXT = "Operation value must be a string"


class WrongValueError(ValueError):
    """A value that Jira refuses, with the sentence it says so."""


@dataclass(frozen=True)
class Reader:
    """Reads values for issues of one project; ``api`` 2 takes wiki markup, 3 takes ADF."""

    setup: Setup
    project: Project
    api: int

    def read(self, field: Field, raw: Any) -> Any:
        """Tell what to keep for a field.

        Raises:
            WrongValueError: Jira refuses this value.

        """
        return _READERS[field.kind](self, field, raw)

    def rich_text(self, raw: Any) -> Node | None:
        """Return a description or comment in the format of this version of the interface."""
        if raw is None:
            return None
        if self.api == 2:
            if not isinstance(raw, str):
                raise WrongValueError(NOT_TEXT)
            if len(raw) > _TEXT_LIMIT:
                raise WrongValueError(
                    "The entered text is too long."
                    f" It exceeds the allowed limit of {_TEXT_LIMIT:,} characters."
                )
            return self._from_wiki(raw) if raw.strip() else None
        if not isinstance(raw, dict):
            raise WrongValueError(NOT_ADF)
        if problem(raw):
            raise WrongValueError("INVALID_INPUT")
        return raw if raw["content"] else None

    def _from_wiki(self, markup: str) -> Node:
        """Cloud converts markup, and answers it anew; Data Center keeps it, letter for letter."""
        if not self.setup.flavour.server:
            return from_wiki(markup, self.display_name)
        by_account = _MENTION.sub(self._mention, markup)
        return {**from_wiki(by_account, self.display_name), VERBATIM: markup}

    def _mention(self, found: re.Match[str]) -> str:
        person = self.setup.people.named(found[1])
        return f"[~accountid:{person.account_id}]" if person else found[0]

    def display_name(self, account: str) -> str | None:
        """Return the name behind an account id, for mentions."""
        person = self.setup.people.get(account)
        return person.name if person else None

    def assignable(self, account: str) -> Person:
        """Return the person with this account id, who can be assigned issues of the project."""
        person = self.setup.people.get(account)
        if person is None or not permissions.allowed(person, permissions.ASSIGNABLE, self.project):
            shown = person.username if person and self.setup.flavour.server else account
            raise WrongValueError(f"User '{shown}' cannot be assigned issues.")
        return person


def _summary(_: Reader, __: Field, raw: Any) -> str:
    if raw is not None and not isinstance(raw, str):
        raise WrongValueError(NOT_TEXT)
    if raw is None or not raw.strip():
        raise WrongValueError("You must specify a summary of the issue.")
    if "\n" in raw or "\r" in raw:
        raise WrongValueError("The summary is invalid because it contains newline characters.")
    if len(raw.strip()) > 255:
        raise WrongValueError("Summary can't exceed 255 characters.")
    return raw.strip()


def _text(_: Reader, __: Field, raw: Any) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise WrongValueError(NOT_TEXT)
    if len(raw) > 255:
        raise WrongValueError(
            "The entered text is too long. It exceeds the allowed limit of 255 characters."
        )
    return raw or None


def _date(_: Reader, __: Field, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    try:
        if not isinstance(raw, str) or not _DAY.fullmatch(raw):
            raise ValueError
        return date.fromisoformat(raw).isoformat()
    except ValueError:
        raise WrongValueError(f"Error parsing date string: {raw}") from None


def _datetime(_: Reader, __: Field, raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    try:
        read = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise WrongValueError(f"Error parsing time: {raw}") from None
    return moments.stamp(read if read.tzinfo else read.replace(tzinfo=UTC))


def _number(_: Reader, __: Field, raw: Any) -> float | None:
    if raw is not None and (not isinstance(raw, int | float) or isinstance(raw, bool)):
        raise WrongValueError("Operation value must be a number")
    return raw


def _account(raw: Any) -> str | None:
    """Return the account id in ``{"accountId": …}`` or ``{"id": …}``; Cloud takes no names."""
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise WrongValueError("data was not an object")
    if "accountId" in raw or "id" in raw:
        account = raw.get("accountId", raw.get("id"))
        return None if account is None else str(account)
    raise WrongValueError(
        "Specify a valid value for assignee" if "name" in raw else "expected Object with accountId"
    )


def _account_of_name(reader: Reader, raw: Any) -> str | None:
    """Return the account id of the person in ``{"name": …}``, as Data Center takes people."""
    if raw is None:
        return None
    if not isinstance(raw, dict) or not {"name", "key"} & set(raw):
        raise WrongValueError("data was not an object with a name")
    name = raw.get("name", raw.get("key"))
    if name in (None, "", "-1"):  # "-1" is the project's default assignee: nobody, here
        return None
    people = reader.setup.people
    person = people.named(str(name)) if "name" in raw else people.keyed(str(name))
    if person is None:
        raise WrongValueError(f"User '{name}' does not exist.")
    return person.account_id


def _user(reader: Reader, field: Field, raw: Any) -> str | None:
    account = _account_of_name(reader, raw) if reader.setup.flavour.server else _account(raw)
    if account is None or (account == "-1" and field.id == "assignee"):
        return None
    if field.id == "assignee":
        return reader.assignable(account).account_id
    person = reader.setup.people.get(account)
    if person is None or not person.active:
        what = (
            "The reporter specified is not a user."
            if field.id == "reporter"
            else f"User '{account}' does not exist."
        )
        raise WrongValueError(what)
    return person.account_id


def _named(raw: Any, sentence: str) -> tuple[str | None, str | None]:
    """Return the id and the name in ``{"id": …}`` or ``{"name": …}``."""
    if not isinstance(raw, dict):
        raise WrongValueError("data was not an object")
    if not {"id", "name"} & set(raw):
        raise WrongValueError(sentence)
    return raw.get("id"), raw.get("name")


def _priority(reader: Reader, _: Field, raw: Any) -> str:
    sentence = "Specify the Priority (id or name)"
    if raw is None:
        raise WrongValueError(sentence)
    wanted, name = _named(raw, sentence)
    for priority in reader.setup.priorities:
        if priority.id == str(wanted) or (
            isinstance(name, str) and priority.name.casefold() == name.casefold()
        ):
            return priority.id
    raise WrongValueError("The priority selected is invalid.")


def _resolution(reader: Reader, _: Field, raw: Any) -> str | None:
    if raw is None:
        return None
    wanted, name = _named(raw, "Specify a valid resolution (id or name)")
    for resolution in reader.setup.resolutions:
        if resolution.id == str(wanted) or (
            isinstance(name, str) and resolution.name.casefold() == name.casefold()
        ):
            return resolution.id
    raise WrongValueError(f"Resolution name '{name or wanted}' is not valid")


def _security(reader: Reader, _: Field, raw: Any) -> str | None:
    if raw is None:
        return None
    wanted, name = _named(raw, "Specify a valid security level (id or name)")
    for level in reader.project.levels:
        if level.id == str(wanted) or level.name == name:
            return level.id
    raise WrongValueError("Security level is not valid.")


def label_text(raw: Any) -> str:
    """One label.

    Raises:
        WrongValueError: not text, empty, too long, or with a blank inside.

    """
    if not isinstance(raw, str):
        raise WrongValueError("string expected at index 0")
    if not raw:
        raise WrongValueError("The label '' is invalid.")
    if re.search(r"\s", raw):
        raise WrongValueError(f"The label '{raw}' contains spaces which is invalid.")
    if len(raw) > 255:
        raise WrongValueError(f"The label '{raw}' exceeds 255 characters in length.")
    return raw


def _labels(_: Reader, __: Field, raw: Any) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise WrongValueError("data was not an array")
    return sorted({label_text(label) for label in raw})


def _option(_: Reader, field: Field, raw: Any) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise WrongValueError("Specify a valid 'id' or 'name' for " + field.name)
    for option in field.options:
        if option["id"] == str(raw.get("id")) or option["value"] == raw.get("value"):
            return option["id"]
    shown = raw.get("value", raw.get("id"))
    choices = ", ".join(o["value"] for o in field.options)
    raise WrongValueError(f"Option value '{shown}' is not valid. Allowed values: {choices}")


def _options(reader: Reader, field: Field, raw: Any) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise WrongValueError("data was not an array")
    return [chosen for chosen in (_option(reader, field, item) for item in raw) if chosen]


def _nothing(_: Reader, field: Field, raw: Any) -> list[str]:
    """Components and versions: the imitated projects have none."""
    if raw not in (None, []):
        raise WrongValueError(f"{field.name} is not valid")
    return []


_READERS: dict[str, Callable[[Reader, Field, Any], Any]] = {
    "summary": _summary,
    "text": _text,
    "richtext": lambda reader, _, raw: reader.rich_text(raw),
    "date": _date,
    "datetime": _datetime,
    "number": _number,
    "user": _user,
    "priority": _priority,
    "resolution": _resolution,
    "security": _security,
    "labels": _labels,
    "option": _option,
    "options": _options,
    "none": _nothing,
}
