"""Atlassian's own OpenAPI files as judges of answers.

They are test data, not shipped: found through ``BRIDGE_CONTRACTS``, else beside the repository. Where
they are absent the tests that need them skip, unless ``BRIDGE_REQUIRE_CONTRACTS=1``.
"""

import functools
import json
import os
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.sandbox import server_contracts

ROOT = Path(__file__).parents[2]

# Where a contract is wrong or silent about what the real service answers. (schema, property) may be
# null although the contract gives only a type.
NULLABLE = {
    ("ChangeDetails", "from"): "seen null in every captured changelog",
    ("ChangeDetails", "fromString"): "seen null in every captured changelog",
    ("ChangeDetails", "to"): "seen null in every captured changelog",
    ("ChangeDetails", "toString"): "seen null in every captured changelog",
    ("PageBulk", "parentId"): "its own description says: or null if there is no parent page",
    ("PageSingle", "parentId"): "its own description says: or null if there is no parent page",
    ("PageBulk", "parentType"): "null together with parentId",
    ("PageSingle", "parentType"): "null together with parentId",
}
# (method, path, status) that the contract does not declare, with the reason to answer it all the same.
UNDECLARED = {
    (
        "PUT",
        "/pages/{id}",
        409,
    ): "SOURCES.md: no 409 on PUT /pages/{id} although the service answers one",
    (
        "PUT",
        "/pages/{page-id}/properties/{property-id}",
        409,
    ): "the same rule for property versions",
    (
        "PUT",
        "/spaces/{space-id}/properties/{property-id}",
        409,
    ): "the same rule for property versions",
    ("POST", "/pages/{page-id}/properties", 409): "the key is taken",
    ("PUT", "/footer-comments/{comment-id}", 409): "the same rule for comment versions",
    (
        "GET",
        "/rest/api/3/search",
        410,
    ): "SOURCES.md: still described although the service answers 410",
    ("POST", "/rest/api/3/search", 410): "the same",
    ("GET", "/rest/api/2/search", 410): "the same",
    ("POST", "/rest/api/2/search", 410): "the same",
}


def _repair(schemas: dict[str, Any], paths: dict[str, Any]) -> None:
    """Undo what makes a contract refuse the truth; each with its reason."""
    server_contracts.repair(schemas, paths)
    for schema, name in NULLABLE:
        if name in schemas.get(schema, {}).get("properties", {}):
            described = schemas[schema]["properties"]
            described[name] = {"anyOf": [described[name], {"enum": [None]}]}
    # JqlQueryClause forbids every property and then demands those of one of four kinds of clause.
    schemas.get("JqlQueryClause", {}).pop("additionalProperties", None)
    # The endpoint's own text: content that cannot be seen or does not exist "will map to null".
    kinds = (
        schemas.get("ContentIdToContentTypeResponse", {}).get("properties", {}).get("results", {})
    )
    if kinds:
        kinds["additionalProperties"]["anyOf"].append({"enum": [None]})
    # SOURCES.md: treat v3 as the authority where v2 (of 2024) disagrees: the zone is a text there, and
    # remote links are a list unless a globalId is given.
    if "/rest/api/2/serverInfo" in paths:
        schemas["ServerInformation"]["properties"]["serverTimeZone"] = {"type": "string"}
        links = paths["/rest/api/2/issue/{issueIdOrKey}/remotelink"]["get"]["responses"]["200"][
            "content"
        ]
        one = links["application/json"]["schema"]
        links["application/json"]["schema"] = {"oneOf": [one, {"type": "array", "items": one}]}


def folder() -> Path:
    """Where the contract files are; skips or fails the test where they are not."""
    place = Path(os.environ.get("BRIDGE_CONTRACTS", ROOT.parent / "shared" / "contracts"))
    if not (place / "jira-cloud-v3.openapi.json").is_file():
        if os.environ.get("BRIDGE_REQUIRE_CONTRACTS") == "1":
            pytest.fail(f"the contract files are required, but not in {place}")
        pytest.skip(f"the contract files are not in {place}")
    return place


@functools.cache
def contract(name: str) -> "Contract":
    """One of the files, ready to judge."""
    return Contract(json.loads((folder() / f"{name}.openapi.json").read_text("utf-8")))


def contract_for(path: str) -> tuple["Contract", str]:
    """The contract that describes a path, and the path as that contract writes it."""
    if path.startswith("/jira/rest"):
        return contract("jira-dc-10.3"), as_written(path)
    if path.startswith("/confluence/rest"):
        return contract("confluence-dc-10.0.3"), as_written(path)
    if path.startswith("/wiki/api/v2"):
        return contract("confluence-cloud-v2"), path.removeprefix("/wiki/api/v2")
    if path.startswith("/wiki/rest/api"):
        return contract("confluence-cloud-v1"), path
    return contract("jira-cloud-v2" if path.startswith("/rest/api/2") else "jira-cloud-v3"), path


def as_written(path: str) -> str:
    """The path as its contract writes it."""
    for prefix in ("/wiki/api/v2", "/jira/rest"):
        if path.startswith(prefix):
            latest = {"api": "2", "auth": "1", "agile": "1.0"}
            short = path.removeprefix(prefix)
            first = short.split("/")[1]
            return short.replace("/latest/", f"/{latest.get(first, 'latest')}/", 1)
    return path.removeprefix("/confluence")


class Contract:
    """One OpenAPI file."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = _as_json_schema(document)
        _repair(self.document["components"]["schemas"], self.document["paths"])
        resource = DRAFT4.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource("contract", resource)
        self._paths = [(_pattern(path), path) for path in self.document["paths"]]

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        """The template and the operation for a request, the most literal one first."""
        fitting = [template for pattern, template in self._paths if pattern.fullmatch(path)]
        for template in sorted(fitting, key=lambda t: t.count("{")):
            operation = self.document["paths"][template].get(method.lower())
            if operation:
                return template, operation
        return None

    def judge(self, response: requests.Response) -> list[str]:
        """What the contract has against an answer."""
        method = str(response.request.method)
        whole = unquote(urlsplit(str(response.request.url)).path)
        path = as_written(whole)
        found = self.operation(method, path)
        if found is None:
            return [f"{method} {path} is in no contract"]
        template, operation = found
        declared = operation["responses"].get(str(response.status_code))
        if declared is None:
            answered = (method, template, response.status_code)
            known = answered in UNDECLARED or answered in server_contracts.UNDECLARED
            return [] if known else [f"{method} {template}: {response.status_code} is not declared"]
        schema = declared.get("content", {}).get("application/json", {}).get("schema")
        if not schema or not response.content:
            return []
        return list(
            self._problems(schema, response.json(), f"{method} {template} {response.status_code}")
        )

    def _problems(self, schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
        resolved = _absolute(schema)
        validator = Draft4Validator(resolved, registry=self._registry, format_checker=FORMATS)
        for error in validator.iter_errors(value):
            yield f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for path in self._unknown(schema, value, ""):
            yield f"{where}: {path} is not in the contract"

    def _unknown(self, schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
        """Properties that no part of a schema names: the strictness that Confluence's files lack."""
        if isinstance(value, list):
            items = [part["items"] for part in self._parts(schema) if "items" in part]
            for at, item in enumerate(value):
                for one in items[:1]:
                    yield from self._unknown(one, item, f"{path}[{at}]")
        if not isinstance(value, dict):
            return
        parts = self._parts(schema)
        named: dict[str, list[dict[str, Any]]] = {}
        for part in parts:
            for name, described in part.get("properties", {}).items():
                named.setdefault(name, []).append(described)
        is_open = not named or any(
            part.get("additionalProperties") not in (None, False) for part in parts
        )
        for name, inner in value.items():
            if name in named:
                yield from self._unknown({"allOf": named[name]}, inner, f"{path}/{name}")
            elif not is_open:
                yield f"{path}/{name}"

    def _parts(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        if "$ref" in schema:
            return self._parts(
                self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            )
        found = [schema]
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                found += self._parts(part)
        return found


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template)))


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


class Judge:
    """Watches a client and keeps what the contracts say against the answers."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.called: set[tuple[str, str]] = set()

    def agrees(self) -> None:
        assert not self.problems, "\n" + "\n".join(sorted(set(self.problems)))

    def __call__(self, response: requests.Response) -> None:
        path = str(response.request.path_url).partition("?")[0]
        judge, _ = contract_for(path)
        self.problems += judge.judge(response)
        operation = judge.operation(str(response.request.method), as_written(unquote(path)))
        if operation and response.status_code < 400:
            self.called.add((str(response.request.method), operation[0]))
