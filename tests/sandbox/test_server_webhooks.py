"""Webhooks of Data Center 10: registered under their new path, people by name and key, each sent once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bridge.sandbox import Sandbox
from bridge.sandbox.webhooks.deliveries import signature
from tests.judge.contracts import folder
from tests.sandbox.listening import Ear
from tests.sandbox.server_client import ServerClient

EVENTS = ["jira:issue_created", "jira:issue_updated", "comment_created"]


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter") as box:
        yield box


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as listening:
        yield listening


@pytest.fixture
def api(server: Sandbox) -> Iterator[ServerClient]:
    with ServerClient.of(server) as client:
        yield client


@pytest.fixture
def jonathan(server: Sandbox) -> Iterator[ServerClient]:
    """The administrator."""
    with ServerClient.of(server, "Jonathan") as client:
        yield client


def hook(client: ServerClient, method: str, path: str = "", body: Any = None) -> requests.Response:
    return client.rest(method, f"jira-webhook/1.0/webhooks{path}", body)


def register(client: ServerClient, url: str, **configuration: str) -> dict[str, Any]:
    asked = {"name": "bridge", "url": url, "events": EVENTS, "active": True, "scopeType": "global"}
    made = hook(client, "POST", "", {**asked, "configuration": configuration})
    assert made.status_code == 201, made.text
    return dict(made.json())


def test_registered_changed_and_removed_under_the_new_path(
    jonathan: ServerClient, api: ServerClient, ear: Ear
) -> None:
    only = json.dumps({"issue-related-events-section": "project = MKT"})
    made = register(jonathan, ear.url, SECRET="s3cret", EXCLUDE_BODY="false", FILTERS=only)
    assert (made["id"], made["active"], made["events"]) == (1, True, EVENTS)
    assert json.loads(made["configuration"]["FILTERS"]) == json.loads(only)
    assert "s3cret" not in hook(jonathan, "GET").text
    assert hook(jonathan, "GET").json() == [made]
    changed = hook(jonathan, "PUT", "/1", {"name": "other", "active": False}).json()
    assert (changed["name"], changed["active"], changed["url"]) == ("other", False, ear.url)
    assert hook(jonathan, "DELETE", "/1").status_code == 204
    assert hook(jonathan, "GET", "/1").status_code == 404
    assert jonathan.rest("GET", "webhooks/1.0/webhook").status_code == 404, "the path of Jira 9"
    assert hook(api, "GET").status_code == 403
    wrong = {"name": "x", "url": ear.url, "events": [], "configuration": {"FILTERS": "{"}}
    assert hook(jonathan, "POST", "", wrong).status_code == 400


def test_people_by_name_and_key_and_the_keys_of_captured_bodies(
    jonathan: ServerClient, api: ServerClient, ear: Ear
) -> None:
    register(jonathan, ear.url + "/{issue.key}", SECRET="s3cret")
    key = api.create(duedate="2026-12-01")
    (created,) = ear.wait_for(1)
    assert created.path == f"/hook/{key}"
    assert created.headers["X-Hub-Signature"] == signature("s3cret", created.raw)
    assert not any(name.startswith("X-Atlassian-Webhook") for name in created.headers)
    user = created.body["user"]
    assert (user["name"], user["key"][:8], "accountId" in user) == ("bridge", "JIRAUSER", False)
    address = created.body["issue"]["self"]
    assert address.startswith(f"{api.ready['jira']}/rest/api/2/issue/")
    api.jira("PUT", f"issue/{key}/assignee", {"name": "vanessa"})
    assigned = ear.wait_for(2)[1].body
    captured = folder() / "webhook-samples" / "webhook-server-issue-updated-closed.json"
    sample = json.loads(captured.read_text("utf-8"))
    assert list(assigned) == list(sample)
    (item,) = assigned["changelog"]["items"]
    assert set(item) == set(sample["changelog"]["items"][0])
    assert item["to"].startswith("JIRAUSER")
    api.jira("POST", f"issue/{key}/comment", {"body": "fait"})
    commented = ear.wait_for(3)[2].body
    assert set(commented) == {"timestamp", "webhookEvent", "comment"}, "no issue, as captured"


def test_what_a_filter_or_a_missing_secret_leaves_out(
    jonathan: ServerClient, api: ServerClient, ear: Ear
) -> None:
    only = json.dumps({"issue-related-events-section": "project = MKT"})
    asked = {"name": "x", "url": ear.url, "events": EVENTS, "secret": "beside"}
    body = {**asked, "configuration": {"FILTERS": only, "EXCLUDE_BODY": "true"}}
    assert hook(jonathan, "POST", "", body).status_code == 201
    api.create("IT")
    api.create("MKT")
    (heard,) = ear.wait_for(1)
    assert (heard.raw, "X-Hub-Signature" in heard.headers) == (b"", False)


def test_a_delivery_that_fails_is_not_tried_again(
    server: Sandbox, jonathan: ServerClient, api: ServerClient, ear: Ear
) -> None:
    register(jonathan, ear.url)
    server.webhooks.delay = lambda _attempt: 0.0
    ear.statuses = [503]
    api.create()
    ear.wait_for(1)
    server.webhooks.deliver_now()
    assert [one.state for one in server.webhooks.deliveries.newest()] == ["failed"]
    assert len(ear.heard) == 1
