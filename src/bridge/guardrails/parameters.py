"""What a module says about one parameter: its schema, its limits, the values it may take."""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.finding import Where
from bridge.guardrails.policy import Bundle, Limit, Listed, Module
from bridge.guardrails.request import Part, Request
from bridge.text import Words


def part_at(request: Request, where: Where) -> Part | None:
    """Return the part of a request that a place belongs to, None for the request's own head."""
    return next((p for p in request.parts() if where[: len(p.where)] == p.where), None)


def module_at(request: Request, where: Where, bundle: Bundle) -> Module | None:
    """Return the module that a place of a request is checked against, if it is known."""
    part = part_at(request, where)
    return bundle.modules.get(part.module) if part else None


def schema_at(request: Request, where: Where, bundle: Bundle) -> Mapping[str, Any]:
    """Return the JSON Schema of one place; empty where no module speaks of it."""
    part, module = part_at(request, where), module_at(request, where, bundle)
    if part is None or module is None:
        return {}
    schema: Mapping[str, Any] = module.parameters
    for step in where[len(part.where) :]:
        above = schema if isinstance(step, int) else schema.get("properties")
        inner = above.get("items" if isinstance(step, int) else step) if above else None
        if not isinstance(inner, Mapping):
            return {}
        schema = inner
    return schema


def limits_on(module: Module, path: str) -> Iterator[Limit]:
    """Yield the limits on exactly one parameter of a part, such as ``image.kb``."""
    return (one for one in module.limits if one.path == path and not one.each)


def choices(
    schema: Mapping[str, Any], limits: Iterator[Limit], bundle: Bundle, circumstances: Circumstances
) -> Mapping[str, Words]:
    """Return the values that a parameter may take, each with its meaning; empty where any will do."""
    if isinstance(schema.get("enum"), list):
        return {str(one): "" for one in schema["enum"]}
    for limit in limits:
        if limit.operator not in ("one_of", "host_in") or limit.when:
            continue
        if isinstance(limit.operand, Listed):
            register = bundle.registers.get(limit.operand.register)
            entries = register.entries if register else ()
            return {e.value: e.purpose for e in entries if e.is_valid(circumstances.today)}
        if isinstance(limit.operand, tuple):
            return {str(one): "" for one in limit.operand}
    return {}
