"""What a module says about one parameter: its schema, its limits, and what people call it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.finding import Where
from bridge.guardrails.policy import Bundle, Limit, Listed, Module
from bridge.guardrails.request import Part, Request
from bridge.text import Bilingual, Text, Words, text

# What any request says of itself, and what parts have in common; a module's own schema may say more
# (`x-title: {fr: ..., en: ...}` on a property).
_LABELS: Final[Mapping[str, Text]] = {
    "title": text("title"),
    "campaign": text("campaign"),
    "requester": text("requester"),
    "needed_by": text("needed by"),
    "form": text("form"),
    "page": text("page"),
    "blocks": text("blocks"),
    "mailing": text("mailing"),
    "sms": text("text message"),
    "tag": text("tag"),
    "promo_code": text("promo code"),
    "contest": text("contest"),
    "purpose": text("purpose"),
    "destination": text("where the data goes"),
    "retention_months": text("months the data is kept"),
    "fields": text("fields"),
    "prechecked": text("ticked beforehand"),
    "required": text("mandatory"),
    "data": text("kind of data"),
    "label": text("label"),
    "autocomplete": text("autocomplete token"),
    "legal_notice": text("legal notice"),
    "image": text("image"),
    "images": text("images"),
    "kb": text("weight in KB"),
    "alt": text("text in place of the image"),
    "url": text("address"),
    "host": text("host"),
    "domain": text("domain"),
    "path": text("path"),
    "language": text("language"),
    "expires_on": text("last day online"),
    "starts_on": text("first day"),
    "ends_on": text("last day"),
    "send_on": text("day of sending"),
    "subject": text("subject line"),
    "budget": text("page weight"),
    "content": text("content"),
}


def label(name: str, schema: Mapping[str, Any] | None = None) -> Words:
    """Return what people call a parameter: by its schema, else by the usual words, else its name."""
    own = (schema or {}).get("x-title")
    if isinstance(own, Mapping) and isinstance(own.get("fr"), str) and isinstance(own["en"], str):
        return Bilingual(own["fr"], own["en"])
    return _LABELS.get(name, name)


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
