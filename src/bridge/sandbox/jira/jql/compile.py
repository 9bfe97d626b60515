"""From a JQL tree to SQL over the ``found`` tables; every value is a bound parameter."""

from dataclasses import dataclass, replace
from typing import Any

from bridge.sandbox.jira.jql.asker import Asker, Sql, Term, marks
from bridge.sandbox.jira.jql.fields import searchers
from bridge.sandbox.jira.jql.past import COLUMNS, ValuesOf, asked_of, past_sql
from bridge.sandbox.jira.jql.tree import Both, Clause, Condition, Either, JqlError, Past, Query

ORDER_LIMIT = 7


@dataclass(frozen=True)
class Compiled:
    """A query ready to run: ``select … from found where <where> order by <order>``."""

    where: str
    values: list[Any]
    order: list[Term]


def compiled(query: Query, asker: Asker) -> Compiled:
    """Compile a query for somebody.

    Raises:
        JqlError: a field, value, operator or function that does not exist (for them).

    """
    where, values = ("1 = 1", []) if query.where is None else condition_sql(query.where, asker)
    fence, fence_values = _fence(asker)
    return Compiled(f"{fence} and ({where})", [*fence_values, *values], _order(query, asker))


def _fence(asker: Asker) -> Sql:
    """Only issues that the asker may browse."""
    projects, levels = sorted(asker.visible), sorted(asker.levels)
    open_or_member = f"(found.level is null or found.level in ({marks(levels)}))"
    return f"found.project in ({marks(projects)}) and {open_or_member}", [*projects, *levels]


def condition_sql(condition: Condition, asker: Asker) -> Sql:
    """One condition as SQL."""
    match condition:
        case Both(parts):
            return _joined(" and ", parts, asker)
        case Either(parts):
            return _joined(" or ", parts, asker)
        case Past():
            return _past_sql(condition, asker)
        case Clause():
            return _clause_sql(condition, asker)


def _joined(word: str, parts: tuple[Condition, ...], asker: Asker) -> Sql:
    compiled_parts = [condition_sql(part, asker) for part in parts]
    return "(" + word.join(sql for sql, _ in compiled_parts) + ")", [
        v for _, values in compiled_parts for v in values
    ]


def _clause_sql(clause: Clause, asker: Asker) -> Sql:
    found = searchers(clause.field, asker)
    pieces = [searcher.sql(clause, asker) for searcher in found]
    if len(pieces) == 1:
        return pieces[0]
    return "(" + " or ".join(sql for sql, _ in pieces) + ")", [
        v for _, values in pieces for v in values
    ]


def _past_sql(past: Past, asker: Asker) -> Sql:
    searcher = searchers(past.field, asker)[0]
    if searcher.name not in COLUMNS:
        raise JqlError(f"The operator '{past.word}' is not supported by the '{past.field}' field.")
    named = replace(past, field=searcher.name)
    values = ValuesOf(asker, searcher.resolve)
    wanted = None if past.operand is None else values.of(searcher.name, past.operand)
    return past_sql(named, wanted, asked_of(named, asker, values), asker)


def _order(query: Query, asker: Asker) -> list[Term]:
    if len(query.order) > ORDER_LIMIT:
        raise JqlError(f"The maximum number of fields in the ORDER BY clause is {ORDER_LIMIT}.")
    terms: list[Term] = []
    for sort in query.order:
        searcher = searchers(sort.field, asker)[0]
        terms += searcher.order(sort, asker)
    if not query.order:
        terms.append(Term("found.created", descending=True))
    return [*terms, Term("found.id", descending=terms[-1].descending)]
