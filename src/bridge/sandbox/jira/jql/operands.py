"""Values in a query: from names, dates and functions to what the index holds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bridge.sandbox import moments
from bridge.sandbox.jira.jql.asker import Asker
from bridge.sandbox.jira.jql.tree import Call, Clause, Empty, JqlError, Many, Operand, Text
from bridge.sandbox.jira.kinds import STATUS_CATEGORIES

_LISTS = ("in", "not in")


def _each(clause: Clause) -> Iterator[Text | Call]:
    """Return the single values of a clause's operand.

    Raises:
        JqlError: a list where one value is meant, or the other way round.

    """
    is_list = isinstance(clause.operand, Many)
    if is_list != (clause.operator in _LISTS) and not isinstance(clause.operand, Call):
        what = "a list of values" if is_list else "a single value"
        raise JqlError(
            f"Operator '{clause.operator}' does not support {what} for field '{clause.field}'."
        )
    yield from _flat(clause, clause.operand)


def _flat(clause: Clause, operand: Operand) -> Iterator[Text | Call]:
    if isinstance(operand, Many):
        for item in operand.items:
            yield from _flat(clause, item)
    elif isinstance(operand, Empty):
        raise JqlError(f"The value 'EMPTY' cannot stand in a list for the field '{clause.field}'.")
    else:
        yield operand


def _unknown(clause: Clause, value: str) -> JqlError:
    return JqlError(f"The value '{value}' does not exist for the field '{clause.field}'.")


def _no_function(call: Call) -> JqlError:
    return JqlError(f"Unable to find JQL function '{call.name}({', '.join(call.arguments)})'.")


def texts_of(clause: Clause, _: Asker) -> list[str]:
    """Plain texts, as ``~`` takes them."""
    found = []
    for value in _each(clause):
        if isinstance(value, Call):
            raise _no_function(value)
        found.append(value.value)
    return found


def listed(clause: Clause, asker: Asker) -> list[str]:
    """Free values such as labels: any text will do."""
    return texts_of(clause, asker)


def numbers_of(clause: Clause, asker: Asker) -> list[float]:
    """Numbers."""
    try:
        return [float(value) for value in texts_of(clause, asker)]
    except ValueError:
        raise _unknown(clause, texts_of(clause, asker)[0]) from None


def _choices(kind: str, asker: Asker) -> list[tuple[Any, tuple[str, ...]]]:
    """For a kind of value: what the index holds, and the names it answers to."""
    setup = asker.setup
    match kind:
        case "project":
            return [(p.id, (p.id, p.key, p.name)) for p in setup.projects if p.id in asker.visible]
        case "type":
            return [(t.id, (t.id, t.name)) for t in setup.types]
        case "status":
            return [(s.id, (s.id, s.name)) for s in setup.statuses]
        case "category":
            return [
                (key, (key, str(number), name))
                for key, (number, name, _) in STATUS_CATEGORIES.items()
            ]
        case "priority":
            return [(int(p.id), (p.id, p.name)) for p in setup.priorities]
        case "resolution":
            return [(r.id, (r.id, r.name)) for r in setup.resolutions]
        case "level":
            return [
                (level.id, (level.id, level.name)) for p in setup.projects for level in p.levels
            ]
    field = setup.fields[kind.removeprefix("option:")]
    return [(o["id"], (o["id"], o["value"])) for o in field.options]


def resolved_ids(kind: str, clause: Clause, asker: Asker) -> list[Any]:
    """Ids of projects, types, statuses and so on by id or name, in any case.

    Raises:
        JqlError: there is no such value.

    """
    choices = _choices(kind, asker)
    found: list[Any] = []
    for value in _each(clause):
        if isinstance(value, Call):
            found += _group_of_types(kind, value, asker)
            continue
        wanted = value.value.casefold()
        matching = [held for held, names in choices if wanted in (n.casefold() for n in names)]
        if not matching and not (kind == "resolution" and wanted == "unresolved"):
            raise _unknown(clause, value.value)
        found += matching
    return found


def _group_of_types(kind: str, call: Call, asker: Asker) -> list[str]:
    """``standardIssueTypes()`` and ``subtaskIssueTypes()``."""
    name = call.name.casefold()
    if kind != "type" or name not in ("standardissuetypes", "subtaskissuetypes"):
        raise _no_function(call)
    return [t.id for t in asker.setup.types if t.subtask == (name == "subtaskissuetypes")]


def user_ids(clause: Clause, asker: Asker) -> list[str]:
    """Account ids: by account id, visible e-mail address, or a display name that one person has.

    Raises:
        JqlError: nobody answers to it.

    """
    found = []
    for value in _each(clause):
        if isinstance(value, Call):
            found += _people_of(value, asker)
        else:
            found.append(_user_id(clause, value.value, asker))
    return found


def _people_of(call: Call, asker: Asker) -> list[str]:
    """``currentUser()`` and ``membersOf("group")``."""
    name = call.name.casefold()
    if name == "currentuser":
        return [asker.person.account_id if asker.person else ""]
    if name != "membersof" or len(call.arguments) != 1:
        raise _no_function(call)
    group = call.arguments[0].casefold()
    members = [p for p in asker.setup.people if group in (g.casefold() for g in p.groups)]
    if not members:
        raise JqlError(
            f"Function 'membersOf' can not generate a list of usernames for group '{call.arguments[0]}';"
            " the group does not exist."
        )
    return [p.account_id for p in members]


def _user_id(clause: Clause, wanted: str, asker: Asker) -> str:
    people = asker.setup.people
    if people.get(wanted):
        return wanted
    by_name = people.named(wanted) if asker.setup.flavour.server else None
    if by_name:
        return by_name.account_id
    folded = wanted.casefold()
    named = [p for p in people if folded in (p.visible_email.casefold(), p.name.casefold())]
    if len(named) != 1:
        raise _unknown(clause, wanted)
    return named[0].account_id


def issue_ids(clause: Clause, asker: Asker) -> list[int]:
    """Ids of issues by key or id, and of the far ends of links.

    Raises:
        JqlError: an issue does not exist, or may not be seen.

    """
    found: list[int] = []
    for value in _each(clause):
        if isinstance(value, Call):
            found += _issues_of(value, asker)
            continue
        issue = asker.find(value.value)
        if issue is None:
            field = clause.field.casefold()
            raise JqlError(f"An issue with key '{value.value}' does not exist for field '{field}'.")
        found.append(issue.id)
    return found


def _issues_of(call: Call, asker: Asker) -> list[int]:
    """``watchedIssues()``, ``updatedBy(person)`` and ``linkedIssues(…)``."""
    name, store = call.name.casefold(), asker.setup.store
    me = asker.person.account_id if asker.person else ""
    if name == "watchedissues":
        rows = store.all("select issue from watcher where account = ?", me)
    elif name == "updatedby" and len(call.arguments) in (1, 2, 3):
        return _updated_by(call, asker)
    else:
        return _linked_ids(call, asker)
    return [row["issue"] for row in rows] or [-1]


def _updated_by(call: Call, asker: Asker) -> list[int]:
    """``updatedBy(person, "-8d", "-1d")``: who changed or commented, since and until when."""
    person = _user_id(Clause("updatedBy", "=", Text(call.arguments[0])), call.arguments[0], asker)
    dates = [asker.almanac.read(text, "updatedBy") for text in call.arguments[1:]]
    written = [_written(moment, day_only=False) for moment in dates]
    begin = written[0] if written else ""
    end = written[1] if len(written) > 1 else "9999"
    sql = """select issue from (select issue, author, created from history
             union select issue, update_author, updated from comment)
             where author = ? and created >= ? and created <= ?"""
    return [row["issue"] for row in asker.setup.store.all(sql, person, begin, end)] or [-1]


def _linked_ids(call: Call, asker: Asker) -> list[int]:
    """``linkedIssues(KEY)`` or ``linkedIssues(KEY, "blocks")``."""
    if call.name.casefold() != "linkedissues" or not call.arguments:
        raise _no_function(call)
    issue = asker.find(call.arguments[0])
    if issue is None:
        raise JqlError(f"Issue '{call.arguments[0]}' could not be found in function '{call.name}'.")
    sql, values = (
        "select distinct other from found_link where issue = ?",
        [issue.id, *call.arguments[1:2]],
    )
    rows = asker.setup.store.all(sql + (" and phrase = ?" if len(values) > 1 else ""), *values)
    return [row["other"] for row in rows] or [-1]


def dates_of(clause: Clause, asker: Asker, *, day_only: bool) -> list[str]:
    """Dates as the index holds them: ``yyyy-MM-dd`` for days, UTC stamps for moments.

    Raises:
        JqlError: not a date, a period or a function of time.

    """
    return [_written(moment, day_only=day_only) for moment in moments_of(clause, asker)]


def moments_of(clause: Clause, asker: Asker) -> list[datetime]:
    """Dates as moments; a day is its midnight.

    Raises:
        JqlError: not a date, a period or a function of time.

    """
    return [_moment(clause, value, asker) for value in _each(clause)]


def _moment(clause: Clause, value: Text | Call, asker: Asker) -> datetime:
    if isinstance(value, Text):
        return asker.almanac.read(value.value, clause.field)
    found = asker.almanac.call(value)
    if found is None:
        raise _no_function(value)
    return found


def _written(moment: datetime, *, day_only: bool) -> str:
    return moment.date().isoformat() if day_only else moments.stamp(moment.astimezone(UTC))
