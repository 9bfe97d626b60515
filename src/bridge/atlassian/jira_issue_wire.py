"""Payloads about one issue: its comments, its history, its labels, the steps it may take. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bridge.atlassian.dialect import Dialect, Raw
from bridge.atlassian.jira_answers import moment, who
from bridge.atlassian.jira_wire import project_of
from bridge.atlassian.wire import Request
from bridge.memory import PROPERTY
from bridge.prose import Prose
from bridge.tracker import Comment, Happening

PAGE = 100  # comments asked at once; Data Center gives a thousand and more, Cloud up to 5000
_DATES = frozenset({"duedate"})  # in the history a day's words carry a midnight, its value does not


def field_request(key: str, field: str, dialect: Dialect) -> Request:
    """Return the request for one field of an issue, from the store."""
    return Request(method="GET", path=_path(key, dialect), query={"fields": field})


def _path(key: str, dialect: Dialect) -> str:
    """Return the path of an issue; raise ValueError for what is no key: it might lead to another."""
    project_of(key)
    return f"{dialect.api}/issue/{key}"


def description_request(key: str, whole: Any, dialect: Dialect, *, quietly: bool) -> Request:
    """Return the request that writes a description as a whole, as this flavour holds it."""
    return Request(
        method="PUT",
        path=_path(key, dialect),
        query=_silence(quietly=quietly),
        body={"fields": {"description": whole}},
        writes=(project_of(key),),
        expects="anything",
    )


def _silence(*, quietly: bool) -> Mapping[str, str]:
    """Without the right to administer the project Jira ignores a request that says this."""
    return {"notifyUsers": "false"} if quietly else {}


def forget_request(key: str, dialect: Dialect) -> Request:
    """Return the request that takes the bridge's memory off an issue."""
    return Request(
        method="DELETE",
        path=f"{_path(key, dialect)}/properties/{PROPERTY}",
        writes=(project_of(key),),
        expects="anything",
    )


# --- comments ------------------------------------------------------------------------------------


def comments_request(key: str, start: int, dialect: Dialect) -> Request:
    """Return the request for a page of comments, the oldest first."""
    query: dict[str, str | int] = {
        "startAt": start,
        "maxResults": PAGE,
        "orderBy": "created",
    }
    return Request(method="GET", path=_comments(key, dialect), query=query)


def comments_page(body: Raw) -> tuple[Sequence[Raw], int]:
    """Return the comments of a page, and how many there are in all."""
    return body["comments"], int(body["total"])


def comment(raw: Raw, dialect: Dialect) -> Comment:
    """Return a comment from its JSON; raise KeyError, TypeError or ValueError for a damaged one."""
    return Comment(
        id=str(raw["id"]),
        author=who(raw.get("author"), dialect),
        editor=who(raw.get("updateAuthor"), dialect),
        words=dialect.lines(raw.get("body")),
        created=moment(raw["created"]),
        updated=moment(raw["updated"]),
    )


def comment_request(key: str, prose: Prose, dialect: Dialect) -> Request:
    """Return the request that writes a comment; it has no key of its own to be known again by."""
    return Request(
        method="POST",
        path=_comments(key, dialect),
        body={"body": dialect.rich(prose)},
        writes=(project_of(key),),
        repeatable=False,
    )


def recomment_request(key: str, comment_id: str, prose: Prose, dialect: Dialect) -> Request:
    """Return the request that writes a comment anew; raise ValueError for what is no comment's id."""
    return Request(
        method="PUT",
        path=f"{_comments(key, dialect)}/{int(comment_id)}",
        body={"body": dialect.rich(prose)},
        writes=(project_of(key),),
    )


def _comments(key: str, dialect: Dialect) -> str:
    return f"{_path(key, dialect)}/comment"


# --- history -------------------------------------------------------------------------------------


def history_request(key: str, start: int, dialect: Dialect) -> Request:
    """Return the request for the history from its ``start``-th entry on; ValueError: no key."""
    project_of(key)
    return dialect.history_request(key, start)


def happenings(entry: Raw, dialect: Dialect) -> Iterator[Happening]:
    """Give the changes of one entry of the history; raise as :func:`comment` does."""
    author, at = who(entry.get("author"), dialect), moment(entry["created"])
    for item in entry["items"]:
        field = dialect.changed_field(item)
        before, after = (_shown(item, side, field) for side in ("from", "to"))
        yield Happening(author, at, field, before, after)


def _shown(item: Raw, side: str, field: str) -> str:
    words = item.get(side) if field in _DATES else item.get(f"{side}String")
    return "" if words is None else str(words)


# --- labels and steps ----------------------------------------------------------------------------


def relabel_request(
    key: str, add: Collection[str], remove: Collection[str], dialect: Dialect, *, quietly: bool
) -> Request:
    """Return the request that changes labels one by one: the others stay, whoever put them there."""
    steps = [{"remove": label} for label in sorted(remove)]
    steps += [{"add": label} for label in sorted(add)]
    return Request(
        method="PUT",
        path=_path(key, dialect),
        query=_silence(quietly=quietly),
        body={"update": {"labels": steps}},
        writes=(project_of(key),),
        expects="anything",
    )


def steps_request(key: str, dialect: Dialect) -> Request:
    """Return the request for the steps that this account may take now, with what they ask for."""
    return Request(
        method="GET",
        path=f"{_path(key, dialect)}/transitions",
        query={"expand": "transitions.fields"},
    )


def finishing(steps: Sequence[Raw]) -> str | None:
    """Return the id of the step to a status of category done that asks for least; None: there is none.

    Who takes a step by program fills no fields in: one with a required field is no choice.
    """
    fitting = [step for step in steps if is_done(step["to"]) and not any(_demanded(step))]
    simplest = min(fitting, key=lambda step: len(_fields(step)), default=None)
    return None if simplest is None else str(simplest["id"])


def is_done(status: Raw) -> bool:
    """Tell whether a status is of category done."""
    return (status.get("statusCategory") or {}).get("key") == "done"


def _fields(step: Raw) -> Mapping[str, Any]:
    return step.get("fields") or {}


def _demanded(step: Raw) -> Iterator[bool]:
    for field in _fields(step).values():
        yield bool(field.get("required")) and not field.get("hasDefaultValue")


def step_request(key: str, step: str, dialect: Dialect) -> Request:
    """Return the request that takes a step; once taken it may not be offered any more."""
    return Request(
        method="POST",
        path=f"{_path(key, dialect)}/transitions",
        body={"transition": {"id": step}},
        writes=(project_of(key),),
        repeatable=False,
        expects="anything",
    )
