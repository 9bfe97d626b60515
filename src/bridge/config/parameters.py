"""The JSON Schema of a module's parameters: sound, closed, and what a path in a limit may name."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bridge.config.values import Notes
from bridge.config.yamlfile import KeyPath
from bridge.text import Bilingual, text

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_BY_NAME: Final = ("properties", "patternProperties", "$defs", "dependentSchemas")
_IN_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_IN_PLACE: Final = ("allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependentSchemas")
_SINGLE: Final = (
    "items", "additionalProperties", "contains", "if", "then", "else", "not", "propertyNames",
)  # fmt: skip
_SAYS_WHAT: Final = ("type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf")
_DEEPEST: Final = 30
PATTERNS: Final = text(
    "Patterns know no look-around and no back-references: they run in linear time."
)


def check(notes: Notes, path: KeyPath, schema: Mapping[str, Any]) -> None:
    """Note what is wrong with the schema that stands at ``path``."""
    before = len(notes.problems)
    for error in _metaschema().iter_errors(schema):
        _note_flaw(notes, path, error)
    if len(notes.problems) > before:
        return
    for where, node, is_closed_elsewhere in _nodes(schema, path):
        _check_node(notes, where, node, is_closed_elsewhere)
    if schema.get("type") != "object":
        notes.add(path, text("Parameters are of the type object."), text("Say `type: object`."))
    if len(notes.problems) == before:
        _compile(notes, path, schema)


def note_untyped(notes: Notes, path: KeyPath, schema: Mapping[str, Any]) -> None:
    """Note every parameter that takes any value, and every list that takes any entry."""
    for where, node, only_adds in _nodes(schema, path):
        if only_adds:
            continue
        if not any(keyword in node for keyword in _SAYS_WHAT):
            notes.add(where, text("This parameter takes any value: its type is not said."))
        elif node.get("type") == "array" and not ({"items", "prefixItems"} & set(node)):
            notes.add(where, text("This list takes any entry: what its items are is not said."))


def _check_node(notes: Notes, path: KeyPath, node: Mapping[str, Any], in_place: bool) -> None:
    reference = node.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        notes.add(
            (*path, "$ref"),
            text("A schema refers to itself alone, not to “{other}”.", other=reference),
            text("Put it under $defs and refer to it as #/$defs/NAME."),
        )
    is_object = node.get("type") == "object" or "properties" in node
    is_closed = node.get("additionalProperties") is False or (
        node.get("unevaluatedProperties") is False
    )
    if is_object and not is_closed and not in_place:
        notes.add(
            path,
            text("This object lets parameters through that nobody approved."),
            text("Add `additionalProperties: false`."),
        )


def _nodes(
    node: Any, path: KeyPath, in_place: bool = False
) -> Iterator[tuple[KeyPath, Mapping[str, Any], bool]]:
    """Yield every schema inside a schema, its place, and whether it only adds to the one around it."""
    if not isinstance(node, Mapping):
        return
    yield path, node, in_place
    for keyword, inner in node.items():
        adds = keyword in _IN_PLACE
        if keyword in _BY_NAME and isinstance(inner, Mapping):
            for name, child in inner.items():
                yield from _nodes(child, (*path, keyword, name), adds)
        elif keyword in _IN_LISTS and isinstance(inner, list):
            for number, child in enumerate(inner):
                yield from _nodes(child, (*path, keyword, number), adds)
        elif keyword in _SINGLE:
            yield from _nodes(inner, (*path, keyword), adds)


def _compile(notes: Notes, path: KeyPath, schema: Mapping[str, Any]) -> None:
    """Note what only shows when the schema is put to use, such as a reference that leads nowhere."""
    import jsonschema_rs  # noqa: PLC0415  # 30 ms that --help must not pay

    try:
        jsonschema_rs.Draft202012Validator(
            dict(schema), pattern_options=jsonschema_rs.RegexOptions(), offline=True
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        _note_flaw(notes, path, error)


def _note_flaw(notes: Notes, path: KeyPath, error: Exception) -> None:
    """Note what the validator says of a schema; its own words, which are English, to English readers."""
    place = (*path, *getattr(error, "instance_path", ()))
    why = _short(getattr(error, "message", None) or str(error))
    sentence = text("This is not JSON Schema (2020-12){words}.", words=Bilingual("", f": {why}"))
    notes.add(place, sentence, PATTERNS if place[-1] == "pattern" else None)


@cache
def _metaschema() -> "Validator":
    import jsonschema_rs  # noqa: PLC0415  # 30 ms that only reading changed rules pays

    return jsonschema_rs.Draft202012Validator(
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        pattern_options=jsonschema_rs.RegexOptions(),
        validate_formats=True,
    )


def _short(message: str) -> str:
    line = message.splitlines()[0] if message else json.dumps(message)
    return line if len(line) <= 160 else f"{line[:159]}…"


# --- what a path may name ------------------------------------------------------------------------


def properties(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what may stand below a node, by name, its references and alternatives followed."""
    found: dict[str, Any] = {}
    for node in _alternatives(schema, root):
        inner = node.get("properties")
        if isinstance(inner, Mapping):
            found |= inner
    return found


def items(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of a list's items; None where the node is no list."""
    for node in _alternatives(schema, root):
        if node.get("type") == "array" or "items" in node:
            inner = node.get("items")
            return inner if isinstance(inner, Mapping) else {}
    return None


def types(schema: Mapping[str, Any], root: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types that a node says it may be of; none where it does not say."""
    found: list[str] = []
    for node in _alternatives(schema, root):
        said = node.get("type")
        named = said if isinstance(said, list) else [said]
        found += [name for name in named if isinstance(name, str)]
    return tuple(dict.fromkeys(found))


def _alternatives(
    node: Mapping[str, Any], root: Mapping[str, Any], deep: int = 0
) -> Iterator[Mapping[str, Any]]:
    if deep > _DEEPEST:
        return
    yield node
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = _target(reference, root)
        if isinstance(target, Mapping):
            yield from _alternatives(target, root, deep + 1)
    for keyword in ("allOf", "anyOf", "oneOf", "then", "else"):
        inner = node.get(keyword)
        for child in inner if isinstance(inner, list) else [inner]:
            if isinstance(child, Mapping):
                yield from _alternatives(child, root, deep + 1)


def _target(reference: str, root: Mapping[str, Any]) -> Any:
    target: Any = root
    for key in reference.removeprefix("#").strip("/").split("/"):
        if not key:
            continue
        if not isinstance(target, Mapping) or key not in target:
            return None
        target = target[key]
    return target
