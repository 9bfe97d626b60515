"""What each field of JQL understands: which operators, which values, and the SQL it becomes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.jira.jql.asker import Asker, Sql, Term, marks
from bridge.sandbox.jira.jql.operands import (
    dates_of,
    issue_ids,
    listed,
    numbers_of,
    resolved_ids,
    texts_of,
    user_ids,
)
from bridge.sandbox.jira.jql.tree import Clause, Empty, JqlError, Operator, Sort
from bridge.sandbox.jira.kinds import STANDARD_LEVEL, SUBTASK_LEVEL, Field
from bridge.sandbox.jira.words import patterns

_EQUALITY: frozenset[Operator] = frozenset({"=", "!=", "in", "not in", "is", "is not"})
_RANGE: frozenset[Operator] = frozenset({"<", ">", "<=", ">="})
_SEARCH: frozenset[Operator] = frozenset({"~", "!~", "is", "is not"})
_TURNED: dict[Operator, Operator] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NEGATIVE = {"!=", "not in", "!~", "is not"}

Resolve = Callable[[Clause, Asker], list[Any]]


@dataclass(frozen=True)
class Searcher:
    """A field as JQL sees it.

    ``column`` is the column of ``found``, or None where values stand in a table of their own, then
    ``table`` selects the issues that have (``{}``) a value. ``resolve`` turns operands into values.
    ``reverse``: the smaller the value, the more it counts, as with priorities.
    """

    name: str
    resolve: Resolve
    column: str | None = None
    table: str | None = None
    table_values: tuple[Any, ...] = ()
    operators: frozenset[Operator] = _EQUALITY
    order_by: str | None = None
    reverse: bool = False

    def sql(self, clause: Clause, asker: Asker) -> Sql:
        """Return the condition of one clause.

        Raises:
            JqlError: an operator or a value this field does not take.

        """
        if clause.operator not in self.operators:
            raise JqlError(
                f"The operator '{clause.operator}' is not supported by the '{clause.field}' field."
            )
        if clause.operator in ("is", "is not") or isinstance(clause.operand, Empty):
            return self._emptiness(clause)
        values = self.resolve(clause, asker)
        if clause.operator in ("~", "!~"):
            return self._search(clause, values)
        if clause.operator in _RANGE:
            return self._compare(clause.operator, values[0])
        return self._member(clause.operator, values)

    def _emptiness(self, clause: Clause) -> Sql:
        if not isinstance(clause.operand, Empty):
            raise JqlError(
                f"The operator '{clause.operator}' only takes EMPTY and NULL, for '{clause.field}'."
            )
        if clause.operator not in ("=", "!=", "is", "is not"):
            raise JqlError(
                f"The field '{clause.field}' does not support searching for EMPTY values."
            )
        negative = clause.operator in _NEGATIVE
        if self.column:
            return f"{self.column} is {'not ' if negative else ''}null", []
        return f"found.id {'' if negative else 'not '}in ({self._select('')})", list(
            self.table_values
        )

    def _select(self, condition: str) -> str:
        assert self.table is not None  # noqa: S101  # a searcher has a column or a table
        return self.table.format(f" and {condition}" if condition else "")

    def _member(self, operator: Operator, values: list[Any]) -> Sql:
        negative = operator in _NEGATIVE
        if self.column:
            inside = f"{self.column} {'not ' if negative else ''}in ({marks(values)})"
            return (f"({self.column} is not null and {inside})" if negative else inside), values
        having = f"found.id in ({self._select(f'value in ({marks(values)})')})"
        if not negative:
            return having, [*self.table_values, *values]
        some = f"found.id in ({self._select('')})"
        return f"({some} and not {having})", [*self.table_values, *self.table_values, *values]

    def _compare(self, operator: Operator, value: Any) -> Sql:
        if self.reverse:
            operator = _TURNED[operator]
        if self.column:
            return f"{self.column} {operator} ?", [value]
        return f"found.id in ({self._select(f'value {operator} ?')})", [*self.table_values, value]

    def _search(self, clause: Clause, wanted: list[str]) -> Sql:
        found = patterns(wanted[0])
        if not found:
            raise JqlError(
                f"The text '{wanted[0]}' for field '{clause.field}' is not valid: no words to look for."
            )
        if self.column:
            columns = self.column.split(" || ")
            hit = " and ".join(
                "(" + " or ".join(f"{c} like ?" for c in columns) + ")" for _ in found
            )
            values = [pattern for pattern in found for _ in columns]
            empty = (
                f"coalesce({', '.join(columns)}) is not null"
                if len(columns) > 1
                else f"{self.column} is not null"
            )
            return (
                (f"({hit})", values)
                if clause.operator == "~"
                else (f"({empty} and not ({hit}))", values)
            )
        hit = " and ".join("words like ?" for _ in found)
        having = f"found.id in ({self._select(f'({hit})')})"
        if clause.operator == "~":
            return having, [*self.table_values, *found]
        return f"(found.id in ({self._select('')}) and not {having})", [
            *self.table_values,
            *self.table_values,
            *found,
        ]

    def order(self, sort: Sort, _: Asker) -> list[Term]:
        """Return the terms of ``order by`` for this field; what is empty comes last when ascending."""
        expression = self.order_by or self.column
        if expression is None:
            raise JqlError(f"Not able to sort using field '{sort.field}'.")
        descending = bool(sort.descending) != self.reverse
        values = self.table_values if "?" in expression else ()
        blank_last = Term(
            f"({expression}) is null", descending=bool(sort.descending), values=values
        )
        return [
            blank_last,
            Term(f"coalesce({expression}, '')", descending=descending, values=values),
        ]


def searchers(name: str, asker: Asker) -> list[Searcher]:
    """Tell what a field name in a query means; several custom fields may share a name.

    Raises:
        JqlError: no field has that name.

    """
    wanted = name.strip().casefold()
    system = _SERVER_SYSTEM if asker.setup.flavour.server else _SYSTEM
    if wanted in system:
        return [system[wanted]]
    custom = [
        f
        for f in asker.setup.fields
        if f.custom and wanted in (c.casefold() for c in (*f.clauses, f.id))
    ]
    found = [_custom(field) for field in custom]
    if not found:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return found


def _ids(kind: str) -> Resolve:
    return lambda clause, asker: resolved_ids(kind, clause, asker)


def _column(
    name: str, column: str, resolve: Resolve, *, ranged: bool = False, **more: Any
) -> Searcher:
    operators = _EQUALITY | _RANGE if ranged else _EQUALITY
    return Searcher(name, resolve, f"found.{column}", operators=operators, **more)


def _name_order(kind: str, column: str) -> str:
    by_id = f"from document where kind = '{kind}' and id = found.{column}"
    return f"(select json_extract(body, '$.name') {by_id})"


def _day(clause: Clause, asker: Asker) -> list[Any]:
    return dates_of(clause, asker, day_only=True)


def _time(clause: Clause, asker: Asker) -> list[Any]:
    return dates_of(clause, asker, day_only=False)


_KEY_ORDER = (
    "(select json_extract(body, '$.key') || printf('%09d', found.number)"
    " from document where kind = 'project' and id = found.project)"
)

_NOWHERE = "select issue from (select 0 as issue, '' as value where 0) where 1 = 1{}"


def _none_exists(clause: Clause, asker: Asker) -> list[Any]:
    """Components and versions: the imitated projects have none."""
    wanted = listed(clause, asker)
    raise JqlError(f"The value '{wanted[0]}' does not exist for the field '{clause.field}'.")


_BY_NAME = [
    (
        ["project"],
        _column("project", "project", _ids("project"), order_by=_name_order("project", "project")),
    ),
    (
        ["issuetype", "type"],
        _column("issuetype", "type", _ids("type"), order_by=_name_order("issuetype", "type")),
    ),
    (
        ["status"],
        _column("status", "status", _ids("status"), order_by=_name_order("status", "status")),
    ),
    (["statuscategory"], _column("statusCategory", "category", _ids("category"))),
    (["priority"], _column("priority", "priority", _ids("priority"), ranged=True, reverse=True)),
    (["resolution"], _column("resolution", "resolution", _ids("resolution"))),
    (["level"], _column("level", "level", _ids("level"))),
    (
        ["assignee"],
        _column("assignee", "assignee", user_ids, order_by=_name_order("person", "assignee")),
    ),
    (
        ["reporter"],
        _column("reporter", "reporter", user_ids, order_by=_name_order("person", "reporter")),
    ),
    (
        ["creator"],
        _column("creator", "creator", user_ids, order_by=_name_order("person", "creator")),
    ),
    (["due", "duedate"], _column("duedate", "duedate", _day, ranged=True)),
    (["created", "createddate"], _column("created", "created", _time, ranged=True)),
    (["updated", "updateddate"], _column("updated", "updated", _time, ranged=True)),
    (["resolved", "resolutiondate"], _column("resolved", "resolved", _time, ranged=True)),
    (
        ["key", "issuekey", "id", "issue"],
        _column("key", "id", issue_ids, ranged=True, order_by=_KEY_ORDER),
    ),
    (
        ["parent", "epic link", "cf[10014]"],
        _column("parent", "parent", issue_ids, order_by="found.parent"),
    ),
    (["rank"], Searcher("Rank", listed, "found.id", operators=frozenset())),
    (
        ["watcher"],
        Searcher(
            "watcher",
            user_ids,
            table="select issue from (select issue, account as value from watcher) where 1 = 1{}",
        ),
    ),
    (
        ["attachments"],
        Searcher(
            "attachments",
            listed,
            table="select issue from (select issue, id as value from attachment) where 1 = 1{}",
            operators=frozenset({"is", "is not"}),
        ),
    ),
    *(
        ([name.casefold()], Searcher(name, _none_exists, table=_NOWHERE))
        for name in ("component", "fixVersion", "affectedVersion")
    ),
    (
        ["summary"],
        Searcher(
            "summary", texts_of, "found.summary_words", operators=_SEARCH, order_by="found.summary"
        ),
    ),
    (
        ["description"],
        Searcher("description", texts_of, "found.description_words", operators=_SEARCH),
    ),
    (
        ["text"],
        Searcher(
            "text",
            texts_of,
            "found.summary_words || found.description_words",
            operators=frozenset({"~"}),
        ),
    ),
    (
        ["labels"],
        Searcher(
            "labels",
            listed,
            table="select issue from (select issue, label as value from found_label) where 1 = 1{}",
            order_by="(select min(label) from found_label where issue = found.id)",
        ),
    ),
    (
        ["issuelinktype"],
        Searcher(
            "issueLinkType",
            listed,
            table="select issue from (select issue, phrase as value from found_link) where 1 = 1{}",
        ),
    ),
    (
        ["issuelink"],
        Searcher(
            "issueLink",
            issue_ids,
            table="select issue from (select issue, other as value from found_link) where 1 = 1{}",
        ),
    ),
]
_SYSTEM = {name: searcher for names, searcher in _BY_NAME for name in names}

# On Data Center ``parent`` is a sub-task's, and the epic is found through Epic Link, a custom field.
_LEVEL = "(select json_extract(body, '$.level') from document where kind = 'issuetype' and id = found.type)"
_PARENT_OF_SUBTASK = f"(case when {_LEVEL} = {SUBTASK_LEVEL} then found.parent end)"
_EPIC_LINK = f"(case when {_LEVEL} = {STANDARD_LEVEL} then found.parent end)"
_SERVER_SYSTEM = {
    **{name: found for name, found in _SYSTEM.items() if found is not _SYSTEM["parent"]},
    "parent": Searcher("parent", issue_ids, _PARENT_OF_SUBTASK),
}


def _custom(field: Field) -> Searcher:
    if field.kind == "epic-link":
        return Searcher(field.name, issue_ids, _EPIC_LINK)
    resolve, operators = _custom_kind(field)
    return Searcher(
        field.name,
        resolve,
        table="select issue from found_value where field = ?{}",
        table_values=(field.id,),
        operators=operators,
        order_by="(select min(value) from found_value where issue = found.id and field = ?)",
    )


def _custom_kind(field: Field) -> tuple[Resolve, frozenset[Operator]]:
    match field.kind:
        case "date":
            return _day, _EQUALITY | _RANGE
        case "datetime":
            return _time, _EQUALITY | _RANGE
        case "number":
            return numbers_of, _EQUALITY | _RANGE
        case "user":
            return user_ids, _EQUALITY
        case "option" | "options":
            return (
                lambda clause, asker: resolved_ids("option:" + field.id, clause, asker)
            ), _EQUALITY
        case "labels":
            return listed, _EQUALITY
    return texts_of, _SEARCH
