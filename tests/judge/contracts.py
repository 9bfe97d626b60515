"""Atlassian's own OpenAPI files, ready to judge a value against one of their schemas.

They are test data, not shipped: found through ``BRIDGE_CONTRACTS``, else beside the repository. Where
they are absent the tests that need them skip, unless ``BRIDGE_REQUIRE_CONTRACTS=1``.
"""

import copy
import functools
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.judge.defect import Defect
from tests.judge.defects import DEFECTS

ROOT = Path(__file__).parents[2]


def are_here() -> bool:
    """Whether the contract files are here; fails the test where they are required and are not."""
    found = (_place() / "jira-cloud-v3.openapi.json").is_file()
    if not found and os.environ.get("BRIDGE_REQUIRE_CONTRACTS") == "1":
        pytest.fail(f"the contract files are required, but not in {_place()}")
    return found


def folder() -> Path:
    """Where the contract files are; skips or fails the test where they are not."""
    if not are_here():
        pytest.skip(f"the contract files are not in {_place()}")
    return _place()


def _place() -> Path:
    return Path(os.environ.get("BRIDGE_CONTRACTS", ROOT.parent / "shared" / "contracts"))


@functools.cache
def _document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / f"{name}.openapi.json").read_text("utf-8"))
    return found


@functools.cache
def contract(name: str, without: Defect | None = None) -> "Contract":
    """One of the files, its known defects mended (all but ``without``)."""
    mended = [d for d in DEFECTS if d.concerns(name) and d is not without]
    return Contract(name, copy.deepcopy(_document(name)), mended)


@functools.cache
def rich_text() -> Draft4Validator:
    """The grammar of Atlassian Document Format."""
    return Draft4Validator(json.loads((folder() / "adf-v1-full.schema.json").read_text("utf-8")))


class Operation(NamedTuple):
    """One operation of a contract, found for a path."""

    method: str
    template: str
    described: dict[str, Any]
    parameters: list[dict[str, Any]]
    in_path: dict[str, str]

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{self.method} {self.template}"


class Contract:
    """One OpenAPI file."""

    def __init__(self, name: str, document: dict[str, Any], defects: Iterable[Defect]) -> None:
        self.name = name
        for defect in defects:
            defect.mend(document)
        self.document = _as_json_schema(document)
        resource = DRAFT4.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource("contract", resource)
        self._paths = [(_pattern(path), path) for path in self.document["paths"]]

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation for a request, the most literal path first."""
        fitting = [(found, t) for pattern, t in self._paths if (found := pattern.fullmatch(path))]
        for found, template in sorted(fitting, key=lambda one: one[1].count("{")):
            item = self.document["paths"][template]
            described = item.get(method.lower())
            if described:
                parameters = [*item.get("parameters", []), *described.get("parameters", [])]
                names = re.findall(r"\{([^}]+)\}", template)
                return Operation(
                    method,
                    template,
                    described,
                    [self.resolved(parameter) for parameter in parameters],
                    dict(zip(names, found.groups(), strict=True)),
                )
        return None

    def operations(self) -> Iterator[tuple[str, str]]:
        """Method and path of everything the file describes."""
        for path, item in self.document["paths"].items():
            for method in item:
                if method != "parameters":
                    yield method.upper(), path

    def resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        """What a reference stands for."""
        while "$ref" in value:
            found: Any = self.document
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/")]
            value = found
        return value

    def problems(self, schema: dict[str, Any], value: Any) -> Iterator[str]:
        """What a schema has against a value, unknown properties included."""
        validator = Draft4Validator(
            _absolute(schema), registry=self._registry, format_checker=FORMATS
        )
        for error in validator.iter_errors(value):
            yield f"{'/'.join(map(str, error.absolute_path)) or '.'}: {error.message[:200]}"
        for path in self._unknown(schema, value, ""):
            yield f"{path} is not in the contract"

    def _unknown(self, schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
        """Properties that no part of a schema names: the strictness that Confluence's files lack."""
        if isinstance(value, list):
            items = [part["items"] for part in self._parts(schema) if "items" in part]
            for at, item in enumerate(value):
                if items:
                    yield from self._unknown({"anyOf": items}, item, f"{path}[{at}]")
        if not isinstance(value, dict):
            return
        parts = self._parts(schema)
        named: dict[str, list[dict[str, Any]]] = {}
        for part in parts:
            for name, described in part.get("properties", {}).items():
                named.setdefault(name, []).append(described)
        further = [
            part["additionalProperties"]
            for part in parts
            if part.get("additionalProperties") not in (None, False)
        ]
        is_open = not named or bool(further)
        for name, inner in value.items():
            if name in named:
                yield from self._unknown({"allOf": named[name]}, inner, f"{path}/{name}")
            elif not is_open:
                yield f"{path}/{name}"
            else:
                described = [one for one in further if isinstance(one, dict)]
                yield from self._unknown({"anyOf": described}, inner, f"{path}/{name}")

    def _parts(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        if "$ref" in schema:
            return self._parts(self.resolved(schema))
        found = [schema]
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                found += self._parts(part)
        return found


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "([^/]+)", re.escape(template)))


def _as_json_schema(value: Any) -> Any:
    """OpenAPI 3.0 as draft 4: ``nullable`` becomes a type or value of its own."""
    if isinstance(value, list):
        return [_as_json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _as_json_schema(item) for key, item in value.items()}
    if made.pop("nullable", None) is True and "type" in made:
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def _absolute(schema: Any) -> Any:
    """References into the registered document."""
    if isinstance(schema, list):
        return [_absolute(item) for item in schema]
    if isinstance(schema, dict):
        return {
            key: f"contract{item}"
            if key == "$ref" and str(item).startswith("#")
            else _absolute(item)
            for key, item in schema.items()
        }
    return schema


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(uuid.UUID(value))


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)
