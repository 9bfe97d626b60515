"""The shape of a part against its module's JSON Schema: what is missing, of another kind, or unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from json import dumps, loads
from typing import TYPE_CHECKING, Any, Final

from bridge.guardrails.finding import Where
from bridge.guardrails.limits import shown
from bridge.guardrails.policy import Module
from bridge.text import Either, Text, Words, text

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

_TYPES: Final[Mapping[str, Text]] = {
    "array": text("a list"),
    "boolean": text("yes or no (true or false)"),
    "integer": text("a whole number"),
    "number": text("a number"),
    "object": text("a mapping of keys and values"),
    "string": text("a text"),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a part's shape; ``found`` is the parameter's name where it is unknown."""

    where: Where
    is_unknown: bool
    expected: Words
    found: Words


def flaws(module: Module, parameters: Mapping[str, Any], at: Where) -> Iterator[Flaw]:
    """Yield everything that is wrong with the shape of a part that stands at ``at``.

    What the validator cannot even read is unknown as a whole.
    """
    validator = _validator(dumps(module.parameters, sort_keys=True))
    try:
        errors = [] if validator.is_valid(parameters) else list(validator.iter_errors(parameters))
    except (TypeError, ValueError):  # keys that are no text, numbers or characters no file can hold
        yield Flaw(at, True, text("content that can be read"), text("content that cannot be read"))
        return
    for error in errors:
        yield from _flaws(error, at)


@lru_cache(maxsize=256)
def _validator(schema: str) -> "Validator":

    import jsonschema_rs  # noqa: PLC0415  # 30 ms that only a check pays

    # Patterns in linear time, and never a schema fetched from elsewhere.
    return jsonschema_rs.Draft202012Validator(
        loads(schema), pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )


def _flaws(error: "ValidationError", at: Where) -> Iterator[Flaw]:
    where = (*at, *error.instance_path)
    kind = error.kind.as_dict()
    match error.kind.name:
        case "additionalProperties" | "unevaluatedProperties":
            for key in kind["unexpected"]:
                yield Flaw((*where, key), True, text("nothing of this name"), str(key))
        case "required":
            name = str(kind["property"])
            yield Flaw((*where, name), False, text("something here"), text("nothing"))
        case "type":
            yield Flaw(where, False, _expected_type(kind), _said(error.instance))
        case "enum":
            options = Either(str(option) for option in kind.get("options", ()))
            yield Flaw(where, False, text("{options}", options=options), _said(error.instance))
        case _:
            yield Flaw(where, False, text("another value"), _said(error.instance))


def _said(value: Any) -> Words:
    said = shown(value)
    return said if isinstance(said, str | Text) else text("{value}", value=said)


def _expected_type(kind: Mapping[str, Any]) -> Text:
    types = kind.get("types") or kind.get("type") or ()
    names = [types] if isinstance(types, str) else [str(name) for name in types]
    return text("{options}", options=Either(_TYPES.get(name, text("a value")) for name in names))
