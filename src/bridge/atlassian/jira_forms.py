"""What a project's create screens take, read from create metadata. Pure."""

from collections.abc import Mapping, Sequence

from bridge.atlassian.dialect import Dialect, FieldIds, Raw
from bridge.atlassian.jira_wire import SYSTEM
from bridge.tracker import FieldName, Form, Kind

START_NAMES = frozenset({"start date", "date de début"})
DATEPICKER = "com.atlassian.jira.plugin.system.customfieldtypes:datepicker"

# Set by the site itself, or by every create call of ours.
_ALWAYS_FILLED = frozenset({"project", "issuetype", "reporter", "labels"})
_INDISPENSABLE: Mapping[Kind, tuple[str, ...]] = {
    "epic": ("summary", "labels", "assignee", "duedate"),
    "task": ("summary", "labels", "assignee", "duedate"),
}


def issue_type(
    types: Sequence[Raw], kind: Kind, wanted: str | None, dialect: Dialect
) -> Raw | None:
    """Return the issue type to use: the configured one, else by kind and usual names."""
    epic_type = wanted if kind == "epic" else None
    fitting = [t for t in types if dialect.kind(t, epic_type) == kind]
    names = [wanted] if wanted else ["epic", "épopée"] if kind == "epic" else ["task", "tâche"]
    for name in names:
        for found in fitting:
            if str(found.get("name", "")).casefold() == name.casefold():
                return found
    return fitting[0] if fitting and not wanted else None


def form(
    project: str,
    kind: Kind,
    type_name: str,
    fields: Sequence[Raw],
    dialect: Dialect,
    ids: FieldIds,
) -> Form:
    """Return what a create screen takes, from its create metadata.

    ``ids.start`` is the configured start-date field, None to look for it by name and type.
    """
    by_id = {str(field.get("fieldId") or field.get("key")): field for field in fields}
    starts = start_candidates(by_id, ids.start)
    settable: set[FieldName] = {name for name, key in SYSTEM.items() if key in by_id}
    if len(starts) == 1:
        settable.add("start")
    below = (dialect.parent_field(ids),) if kind == "task" else ()
    filled = {SYSTEM[name] for name in settable if name not in ("start", "priority")}
    filled |= {*_ALWAYS_FILLED, *below, *dialect.own_fields(kind, ids)}
    filled |= {key for key, _ in starts[:1]}
    return Form(
        project=project,
        kind=kind,
        type_name=type_name,
        settable=frozenset(settable),
        absent=tuple(key for key in (*_INDISPENSABLE[kind], *below) if key not in by_id),
        unfilled=tuple(
            str(field.get("name", key))
            for key, field in by_id.items()
            if field.get("required") and not field.get("hasDefaultValue") and key not in filled
        ),
        start_fields=starts,
        priorities=tuple(
            str(value["id"]) for value in by_id.get("priority", {}).get("allowedValues") or ()
        ),
    )


def start_candidates(
    by_id: Mapping[str, Raw], configured: str | None
) -> tuple[tuple[str, str], ...]:
    """Return the start-date fields, as (id, name): the configured one, else by name **and** type."""
    if configured:
        return (
            ((configured, str(by_id[configured].get("name", ""))),) if configured in by_id else ()
        )
    return tuple(
        (key, str(field.get("name", "")))
        for key, field in by_id.items()
        if str(field.get("name", "")).casefold() in START_NAMES
        and (field.get("schema") or {}).get("type") == "date"
        and (field.get("schema") or {}).get("custom") == DATEPICKER
    )
