"""The shape of a file against its JSON Schema: every problem, each with its place and near miss.

The schemas in ``schemas/`` are the ones published for editors; ``x-kind`` names what a node holds,
so that a message can say what was expected in the reader's language.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from bridge import library
from bridge.config.yamlfile import Document, KeyPath
from bridge.errors import Problem, near_miss
from bridge.nearmiss import nearest
from bridge.text import Either, Text, text

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError, Validator

EXPECTED: Mapping[str, Text] = {
    "calendar": text("a calendar such as FR or FR-57"),
    "check": text("the name of a check of personal data"),
    "closure": text("a date, or a stretch {{from: 2026-08-03, to: 2026-08-21}}"),
    "condition": text("paths and the values that must stand there, such as {{purpose: callback}}"),
    "count": text("a whole number, not below 0"),
    "date": text("a date such as 2026-12-31"),
    "days": text("a number of working days, by halves"),
    "email": text("an e-mail address"),
    "estimate": text("three numbers of working days: optimistic, likely, pessimistic"),
    "field": text("the id of a custom field, such as customfield_10015"),
    "folder": text("a path that begins and ends with /, such as /lp/"),
    "hosts": text("a list of hosts, or {{register: NAME}}"),
    "id": text("a short name in small letters, digits and hyphens"),
    "jql": text("a JQL condition, or null"),
    "limit_id": text("a short name such as F02"),
    "module": text("the id of a module, such as hero or form.lead"),
    "moment": text(
        "today, a date, a time such as 20:00, {{days: 180}} or {{path: starts_on, days: 60}}"
    ),
    "name": text("a text"),
    "names": text("a list of names"),
    "need": text("the id of a step, or {{step: ID, lag: 1}}"),
    "offset": text("an offset such as J-10, JO-5, S-2, M-1,5 or J-10 à J-5"),
    "one_person": text("exactly one person, by their key in “people”"),
    "options": text("a list of values, or {{register: NAME}}"),
    "path": text("a path such as fields, image.kb, /page.domain or send_on@weekday"),
    "pattern": text("a pattern"),
    "person": text("a person, by their key in “people”"),
    "project": text("the key of a Jira project, in capitals"),
    "role": text("a role of this template"),
    "scalar": text("a text, a number, true or false"),
    "timezone": text("a time zone such as Europe/Paris"),
    "type": text("the id of a field type, such as given_name"),
    "version": text("a version such as 1.0.0"),
    "weekdays": text("the worked days of the week, such as {{mon: day, fri: am}}"),
    "words_line": text("a text"),
}
TYPES: Mapping[str, Text] = {
    "array": text("a list"),
    "boolean": text("true or false"),
    "integer": text("a whole number"),
    "null": text("nothing"),
    "number": text("a number"),
    "object": text("a mapping of keys and values"),
    "string": text("a text"),
}


class Shape:
    """The outcome of a shape check: the problems, and which parts are sound."""

    def __init__(self, problems: Sequence[tuple[KeyPath, Problem]]) -> None:
        self.problems = [problem for _, problem in problems]
        self._paths = [path for path, _ in problems]

    def is_sound(self, *path: str | int) -> bool:
        """Tell whether nothing is wrong at ``path``, above it or below it."""
        return not any(
            wrong[: len(path)] == path or path[: len(wrong)] == wrong for wrong in self._paths
        )


def check(document: Document, schema: str) -> Shape:
    """Check a document against ``schemas/<schema>.schema.json``."""
    validator, tree = _load(schema)
    if document.data is None:
        return Shape([((), Problem(text("The file is empty."), place=document.place(())))])
    found = [
        entry
        for error in validator.iter_errors(document.data)
        for entry in _problems(document, tree, error)
    ]
    found.sort(
        key=lambda entry: (entry[1].place.line, entry[1].place.column) if entry[1].place else (0, 0)
    )
    return Shape(found)


def properties(schema: str, definition: str) -> frozenset[str]:
    """Return the keys that a definition (``$defs``) of a schema knows."""
    return frozenset(_load(schema)[1]["$defs"][definition]["properties"])


@cache
def _load(schema: str) -> tuple["Validator", dict[str, Any]]:
    import jsonschema_rs  # noqa: PLC0415  # 30 ms that --help must not pay

    tree = json.loads((library.folder("schemas") / f"{schema}.schema.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(tree), tree


def _problems(
    document: Document, tree: dict[str, Any], error: "ValidationError"
) -> Iterator[tuple[KeyPath, Problem]]:
    path: KeyPath = tuple(error.instance_path)
    kind = error.kind.as_dict()
    keywords = list(error.schema_path)
    if "propertyNames" in keywords:
        node = _node(tree, keywords[: keywords.index("propertyNames") + 1])
    else:
        node = _node(tree, keywords[:-1])
    match error.kind.name:
        case "additionalProperties":
            yield from _unknown_keys(document, path, node, kind["unexpected"])
        case "required":
            yield (
                path,
                Problem(
                    text("The key “{key}” is missing.", key=str(kind["property"])),
                    place=document.place(path),
                ),
            )
        case "propertyNames":
            key = str(kind["error"].instance)
            yield (
                path,
                Problem(
                    text(
                        "The key “{key}” is not {expected}.",
                        key=key,
                        expected=_expected(tree, node),
                    ),
                    place=document.place((*path, key), of_key=True),
                ),
            )
        case "const" if path == ("format",):
            yield path, _wrong_format(document, path, str(kind["expected_value"]), error.instance)
        case _:
            yield path, _wrong_value(document, tree, node, path, error)


def _unknown_keys(
    document: Document, path: KeyPath, node: dict[str, Any], unexpected: Iterable[str]
) -> Iterator[tuple[KeyPath, Problem]]:
    known = node.get("properties", {})
    for key in unexpected:
        yield (
            (*path, key),
            Problem(
                text("Unknown key “{key}”.", key=key),
                near_miss(nearest(key, known), known),
                document.place((*path, key), of_key=True),
            ),
        )


def _wrong_format(document: Document, path: KeyPath, expected: str, found: Any) -> Problem:
    newer = str(found).rpartition("/v")[0] == expected.rpartition("/v")[0]
    return Problem(
        text("The format is {found}, expected {expected}.", found=str(found), expected=expected),
        text("This file is for a newer version of the bridge: upgrade it.") if newer else None,
        document.place(path),
    )


def _wrong_value(
    document: Document, tree: dict[str, Any], node: dict[str, Any], path: KeyPath, error: Any
) -> Problem:
    options = node.get("enum")
    hint = None
    if options is not None and isinstance(error.instance, str):
        hint = near_miss(nearest(error.instance, map(str, options)), [])
    expected = _expected(tree, node)
    if error.kind.name == "maxLength":
        expected = text("a text of at most {most} characters", most=node["maxLength"])
    return Problem(
        text(
            "Expected {expected}, found {found}.", expected=expected, found=_shown(error.instance)
        ),
        hint,
        document.place(path),
    )


def _expected(tree: dict[str, Any], node: dict[str, Any]) -> Text:
    """Say what a schema node accepts."""
    node = _resolved(tree, node)
    if "x-kind" in node:
        return EXPECTED[node["x-kind"]]
    if "enum" in node:
        return text("{options}", options=Either(map(str, node["enum"])))
    if "const" in node:
        return text("{what}", what=json.dumps(node["const"]))
    if "maxItems" in node or "minItems" in node:
        return text(
            "a list of {least} to {most} entries",
            least=node.get("minItems", 0),
            most=node.get("maxItems", 1000),
        )
    return TYPES[node["type"]] if isinstance(node.get("type"), str) else text("something else")


def _node(tree: dict[str, Any], path: Sequence[str | int]) -> dict[str, Any]:
    """Return the schema node at ``path``, references followed."""
    node: Any = tree
    for key in path:
        if key == "$ref":
            node = _resolved(tree, node)
        else:
            node = _resolved(tree, node)[str(key)] if isinstance(node, dict) else node[int(key)]
    return _resolved(tree, node)


def _resolved(tree: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        target: Any = tree
        for key in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[key]
        return {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _shown(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False, default=str)
    return written if len(written) <= 60 else f"{written[:57]}…"
