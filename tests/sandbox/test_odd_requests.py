"""Whatever is sent, the sandbox answers in its products' shapes: it never breaks."""

import json
import re
from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.app import make_app
from tests.sandbox.client import Client

ODD_PLACES = ("0", "-1", "9" * 30, "x", "%00", "MKT-1", "é")
ODD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'"\xff"',
    "null": b"null",
    "a number": b"7",
    "a huge number": b'{"id": 1' + b"0" * 400 + b"}",
    "not a number": b'{"maxResults": NaN}',
    "a text": b'"x"',
    "lists": b"[[], [null], {}]",
    "deep": b"[" * 100_000,
    "half a character": b'{"jql": "\\ud800", "key": "\\ud800", "title": "\\ud800"}',
}  # fmt: skip
NAMES = (
    "fields", "update", "properties", "issueUpdates", "issueIdsOrKeys", "expand", "jql", "queries", "reconcileIssues",
    "nextPageToken", "maxResults", "body", "type", "inwardIssue", "outwardIssue", "transition", "visibility",
    "spaceId", "parentId", "title", "status", "version", "key", "value", "id", "pageId", "accountIds", "object",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    "x",
    [],
    [None],
    [{"type": {}}],
    {},
    {"id": []},
)


@pytest.fixture(scope="module")
def places() -> list[tuple[str, str]]:
    """Every method and path served, with its variables."""
    box = Sandbox()
    found = [
        (method, re.sub(r"^/rest/api/<[^>]+>", "/rest/api/3", rule.rule))
        for rule in make_app(box.site, box).url_map.iter_rules()
        if rule.rule.startswith(("/rest/", "/wiki/api/", "/wiki/rest/"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    assert len(found) > 130
    return sorted(found)


def send(api: Client, method: str, path: str, data: bytes | None = None) -> int:
    answer = api.session.request(
        method, api.address + path, data=data, headers={"Content-Type": "application/json"}, timeout=10
    )  # fmt: skip
    return answer.status_code


def filled(rule: str, value: str) -> str:
    return re.sub(r"<(?:[^<>]+:)?\w+>", value, rule)


@pytest.mark.parametrize("value", ODD_PLACES)
def test_odd_places(api: Client, places: list[tuple[str, str]], value: str) -> None:
    for method, rule in places:
        if method == "GET" and "<" in rule:
            assert send(api, method, filled(rule, value)) < 500, rule


@pytest.mark.parametrize("name", ODD_BODIES)
def test_odd_bodies(api: Client, places: list[tuple[str, str]], name: str) -> None:
    api.create()
    for method, rule in places:
        if method in ("POST", "PUT"):
            assert send(api, method, filled(rule, "MKT-1"), ODD_BODIES[name]) < 500, rule


def test_odd_values(api: Client, places: list[tuple[str, str]]) -> None:
    api.create()
    for method, rule in places:
        if method in ("POST", "PUT"):
            for value in ODD_VALUES:
                sent = json.dumps(dict.fromkeys(NAMES, value)).encode()
                assert send(api, method, filled(rule, "MKT-1"), sent) < 500, (rule, value)


def test_half_a_character_becomes_a_question_mark(api: Client) -> None:
    data = b'{"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "a\\ud800b"}}'
    assert send(api, "POST", "/rest/api/3/issue", data) == 201
    assert api.fields("MKT-1")["summary"] == "a?b"


@pytest.mark.parametrize(
    "sent",
    [
        {"fields": [{}]},
        {"fields": "summary"},
        {"properties": [1]},
        {"expand": [{}]},
    ],
)  # fmt: skip
def test_lists_of_names_are_lists_of_texts(api: Client, sent: dict[str, Any]) -> None:
    key = api.create()
    fetched = api.jira("POST", "issue/bulkfetch", {"issueIdsOrKeys": [key], **sent})
    searched = api.jira("POST", "search/jql", {"jql": "project = MKT", **sent})
    for answer in (fetched, searched):
        assert answer.status_code == 400
        assert answer.json()["errorMessages"][0].startswith("Invalid request payload.")
