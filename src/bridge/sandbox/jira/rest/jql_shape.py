"""A parsed query in the JSON of ``/jql/parse``."""

from typing import Any

from bridge.sandbox.jira.jql.tree import (
    Both,
    Call,
    Clause,
    Condition,
    Either,
    Empty,
    Many,
    Operand,
    Past,
    Query,
    Text,
)

Json = dict[str, Any]


def structure(query: Query) -> Json:
    """Answer the structure of a query: ``where`` and ``orderBy``, each only where it is there."""
    shape: Json = {}
    if query.where is not None:
        shape["where"] = _condition(query.where)
    if query.order:
        terms = [{"field": _field(s.field), **_direction(s.descending)} for s in query.order]
        shape["orderBy"] = {"fields": terms}
    return shape


def _direction(descending: bool | None) -> Json:  # the third value means left open
    return {} if descending is None else {"direction": "desc" if descending else "asc"}


def _field(name: str) -> Json:
    return {"name": name, "encodedName": name if name.replace("_", "").isalnum() else f'"{name}"'}


def _condition(condition: Condition) -> Json:
    match condition:
        case Both(parts):
            return {"clauses": [_condition(p) for p in parts], "operator": "and"}
        case Either(parts):
            return {"clauses": [_condition(p) for p in parts], "operator": "or"}
        case Past():
            return _history(condition)
        case Clause(name, operator, operand):
            return {"field": _field(name), "operator": operator, "operand": _operand(operand)}


def _history(past: Past) -> Json:
    predicates = [
        {"operator": word, "operand": _operand(operand)} for word, operand in past.predicates
    ]
    if past.operand is None:
        return {"field": _field(past.field), "operator": "changed", "predicates": predicates}
    several = " in" if isinstance(past.operand, Many) else ""
    return {
        "field": _field(past.field),
        "operator": f"was{' not' if past.negative else ''}{several}",
        "operand": _operand(past.operand),
        "predicates": predicates,
    }


def _operand(operand: Operand) -> Json:
    match operand:
        case Text(value):
            encoded = value if value.replace("-", "").isalnum() else f'"{value}"'
            return {"value": value, "encodedValue": encoded}
        case Call(name, arguments):
            return {"function": name, "arguments": list(arguments)}
        case Many(items):
            return {"values": [_operand(item) for item in items]}
        case Empty():
            return {"keyword": "empty"}
