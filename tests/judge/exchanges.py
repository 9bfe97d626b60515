"""What the contracts have against an exchange: its request, and its answer."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, unquote

from bridge.sandbox.watching import Exchange
from tests.judge.contracts import Contract, Operation, contract, rich_text
from tests.judge.defect import Defect

# Served, and in no contract: with the source of what is known about them.
IN_NO_CONTRACT = {
    "/_edge/tenant_info": "atlassian.md 1.1: how clients learn the cloud id",
    "/wiki/_edge/tenant_info": "the same, asked below /wiki",
    "/rest/webhooks/1.0/webhook": "contracts/SOURCES.md: admin webhooks are in no spec",
    "/rest/webhooks/1.0/webhook/{}": "the same, one of them",
    "/jira/rest/jira-webhook/1.0/webhooks": "the same since Jira 10: the path of public clients of version 10",
    "/jira/rest/jira-webhook/1.0/webhooks/{}": "the same, one of them",
    "/wiki/api/v2/spaces/{}/permissions": "Atlassian's reference of v2; cut from the trimmed contract",
    "/rest/api/{}/attachment/content/{}": "Atlassian's reference of v3; cut from the trimmed contract",
}
# Parts of the path that stand before Confluence and Jira behind the gateway of scoped tokens.
_GATEWAYS = ("/ex/jira/", "/ex/confluence/")
_RICH_FIELDS = ("description", "environment")
# The number that "latest" stands for below /rest of Jira Data Center.
_LATEST = {"api": "2", "auth": "1", "agile": "1.0"}


def place_in(path: str) -> tuple[str, str]:
    """The contract that describes a path, and the path as that contract writes it."""
    for gateway in _GATEWAYS:
        if path.startswith(gateway):
            path = "/" + path.removeprefix(gateway).partition("/")[2]
    if path.startswith("/jira/rest"):
        return "jira-dc-10.3", _numbered(path.removeprefix("/jira/rest"))
    if path.startswith("/confluence/rest"):
        return "confluence-dc-10.0.3", path.removeprefix("/confluence")
    if path.startswith("/wiki/api/v2"):
        return "confluence-cloud-v2", path.removeprefix("/wiki/api/v2")
    if path.startswith("/wiki/rest/api"):
        return "confluence-cloud-v1", path
    return ("jira-cloud-v2" if path.startswith("/rest/api/2") else "jira-cloud-v3"), path


def _numbered(path: str) -> str:
    first = path.split("/")[1]
    return path.replace("/latest/", f"/{_LATEST.get(first, 'latest')}/", 1)


class Verdict:
    """An exchange beside its contract."""

    def __init__(self, exchange: Exchange, without: Defect | None = None) -> None:
        self.exchange = exchange
        name, path = place_in(exchange.path)
        self.contract: Contract = contract(name, without)
        self.operation: Operation | None = self.contract.operation(exchange.method, path)
        self._has_rich_text = self.contract.name == "jira-cloud-v3"

    def of_request(self) -> list[str]:
        """What is wrong with the request."""
        if self.operation is None:
            return self._unknown_path()
        found = [*self._in_path(), *self._in_query(), *self._in_headers(), *self._body_sent()]
        return [f"{self.operation.name}, request: {problem}" for problem in found]

    def of_answer(self) -> list[str]:
        """What is wrong with the answer; one that a fault put in its place is judged by status only."""
        if self.operation is None:
            return self._unknown_path()
        if self.exchange.status == 0 or self.exchange.fault in ("html", "login", "truncate"):
            return []
        where = f"{self.operation.name} {self.exchange.status}"
        answers = self.operation.described["responses"]
        declared = answers.get(str(self.exchange.status), answers.get("default"))
        if declared is None:
            return [f"{where}: is not declared"]
        return [f"{where}: {problem}" for problem in self._body_answered(declared)]

    def _unknown_path(self) -> list[str]:
        asked = self.exchange
        if re.sub(r"/\d+(?=/|$)", "/{}", asked.path) in IN_NO_CONTRACT or asked.status in (
            404,
            405,
            410,
        ):
            return []
        return [f"{asked.method} {asked.path}: is in no contract"]

    # --- the request --------------------------------------------------------------------------

    def _declared(self, place: str) -> dict[str, dict[str, Any]]:
        assert self.operation
        return {p["name"]: p for p in self.operation.parameters if p["in"] == place}

    def _in_path(self) -> Iterator[str]:
        assert self.operation
        declared = self._declared("path")
        for name, value in self.operation.in_path.items():
            if name in declared:
                yield from self._parameter(declared[name], [value])

    def _in_query(self) -> Iterator[str]:
        declared = self._declared("query")
        given = parse_qs(
            self.exchange.query, keep_blank_values=True, strict_parsing=bool(self.exchange.query)
        )
        for name, values in given.items():
            if name not in declared:
                yield f"the query parameter {name} is not in the contract"
            else:
                yield from self._parameter(declared[name], values)
        for name, parameter in declared.items():
            if parameter.get("required") and name not in given:
                yield f"the query parameter {name} is missing"

    def _in_headers(self) -> Iterator[str]:
        for name, parameter in self._declared("header").items():
            if parameter.get("required") and name.lower() not in self.exchange.headers:
                yield f"the header {name} is missing"

    def _parameter(self, parameter: dict[str, Any], values: list[str]) -> Iterator[str]:
        schema = self.contract.resolved(parameter["schema"])
        if schema.get("type") == "array":
            if parameter.get("explode") is False:
                values = [part for value in values for part in value.split(",")]
            item = self.contract.resolved(schema["items"])
            value: Any = [_typed(one, item) for one in values]
        elif len(values) > 1:
            yield f"{parameter['name']} is given {len(values)} times"
            return
        else:
            value = _typed(values[0], schema)
        for problem in self.contract.problems(schema, value):
            yield f"{parameter['name']}: {problem}"

    def _body_sent(self) -> Iterator[str]:
        assert self.operation
        described = self.operation.described.get("requestBody")
        if described is None:
            if self.exchange.sent:
                yield "a body is sent where none is described"
            return
        described = self.contract.resolved(described)
        if not self.exchange.sent:
            if described.get("required"):
                yield "the body is missing"
            return
        kind = self.exchange.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in described["content"]:
            yield f"the body's content type is {kind or 'missing'}"
        elif kind == "application/json":
            schema = described["content"][kind].get("schema", {})
            yield from self._json(schema, self.exchange.sent)

    # --- the answer ---------------------------------------------------------------------------

    def _body_answered(self, declared: dict[str, Any]) -> Iterator[str]:
        declared = self.contract.resolved(declared)
        if self.exchange.fault:
            return
        schema = declared.get("content", {}).get("application/json", {}).get("schema")
        if not schema or not self.exchange.answer:
            return
        kind = self.exchange.answer_headers.get("content-type", "")
        if not kind.startswith("application/json"):
            yield f"the body's content type is {kind or 'missing'}"
            return
        yield from self._json(schema, self.exchange.answer)

    def _json(self, schema: dict[str, Any], content: bytes) -> Iterator[str]:
        try:
            value = json.loads(content)
        except ValueError as wrong:
            yield f"the body is no JSON: {wrong}"
            return
        yield from self.contract.problems(schema, value)
        for place, document in _documents(value):
            for error in rich_text().iter_errors(document):
                yield f"{place}: no valid ADF: {error.message[:200]}"
        yield from self._fields(value)

    def _fields(self, value: Any) -> Iterator[str]:
        """Rich text is a document in version 3 and a text in version 2; the schemas allow anything."""
        if self.exchange.path.endswith("/editmeta"):
            return  # describes the fields, by the same names
        for issue in _issues(value):
            for name in _RICH_FIELDS:
                text = issue.get(name)
                is_document = isinstance(text, dict) and text.get("type") == "doc"
                fits = is_document if self._has_rich_text else isinstance(text, str)
                if text is not None and not fits:
                    yield f"fields/{name}: not the rich text of {self.contract.name}"


def _typed(written: str, schema: dict[str, Any]) -> Any:
    """A parameter's text as its schema's type, itself where it is none."""
    try:
        match schema.get("type"):
            case "integer":
                return int(written)
            case "number":
                return float(written)
            case "boolean":
                return {"true": True, "false": False}.get(written, written)
    except ValueError:
        pass  # the schema says that it is not
    return unquote(written)


def _documents(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every ADF document inside a JSON value, with its place."""
    if isinstance(value, list):
        for at, item in enumerate(value):
            yield from _documents(item, f"{place}[{at}]")
    elif isinstance(value, dict):
        if value.get("type") == "doc" and "content" in value:
            yield place, value
        elif value.get("representation") == "atlas_doc_format" and value.get("value"):
            yield place, json.loads(value["value"])
        else:
            for name, item in value.items():
                yield from _documents(item, f"{place}/{name}")


def _issues(value: Any) -> Iterable[dict[str, Any]]:
    """The fields of every issue in a request or answer about issues."""
    if not isinstance(value, dict):
        return []
    several = (
        [*value.get("issues", []), *value.get("issueUpdates", [])] if _are_lists(value) else []
    )
    return [i["fields"] for i in (value, *several) if isinstance(i, dict) and isinstance(i.get("fields"), dict)]  # fmt: skip


def _are_lists(value: dict[str, Any]) -> bool:
    return all(isinstance(value.get(name, []), list) for name in ("issues", "issueUpdates"))
