"""Webhooks: registering, what is told, signatures, retries, order and duplicates."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bridge.sandbox import Sandbox
from bridge.sandbox.flavour import CLOUD
from bridge.sandbox.webhooks.deliveries import again, headers, signature
from tests.judge.contracts import folder
from tests.sandbox.client import Client, adf, errors
from tests.sandbox.listening import Ear

ALL = [
    "jira:issue_created", "jira:issue_updated", "jira:issue_deleted",
    "comment_created", "comment_updated", "comment_deleted",
]  # fmt: skip


@pytest.fixture
def ear() -> Iterator[Ear]:
    with Ear() as listening:
        yield listening


@pytest.fixture
def jonathan(box: Sandbox) -> Iterator[Client]:
    """The administrator."""
    with Client.of(box, "Jonathan") as client:
        yield client


def hook(client: Client, method: str, path: str = "", body: Any = None) -> requests.Response:
    return client.call(method, f"/rest/webhooks/1.0/webhook{path}", body)


def register(client: Client, ear: Ear, **more: Any) -> dict[str, Any]:
    made = hook(client, "POST", "", {"name": "bridge", "url": ear.url, "events": ALL, **more})
    assert made.status_code == 201, made.text
    return dict(made.json())


class TestRegistering:
    def test_what_is_shown_of_it(self, jonathan: Client, ear: Ear) -> None:
        only = {"issue-related-events-section": "project = MKT"}
        made = register(jonathan, ear, secret="s3cret", filters=only)
        assert made["filters"] == only
        assert (made["isSigned"], made["enabled"], made["excludeBody"]) == (True, True, False)
        assert "s3cret" not in hook(jonathan, "GET").text + json.dumps(made)
        assert hook(jonathan, "GET").json() == [made]
        path = "/" + made["self"].rpartition("/")[2]
        changed = hook(jonathan, "PUT", path, {"name": "other"}).json()
        assert (changed["name"], changed["isSigned"]) == ("other", True)
        assert hook(jonathan, "DELETE", path).status_code == 204
        assert hook(jonathan, "GET", path).status_code == 404

    def test_for_administrators_only(self, nadia: Client, nobody: Client) -> None:
        assert hook(nadia, "GET").status_code == 403
        assert hook(nobody, "GET").status_code == 401

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"url": "ftp://127.0.0.1/"}, "url"),
            ({"url": "http://elsewhere.example/"}, "url"),
            ({"url": "http://127.0.0.1:port/"}, "url"),
            ({"events": "jira:issue_created"}, "events"),
            ({"events": ["no event!"]}, "events"),
            ({"filters": {"issue-related-events-section": "project ="}}, "filters"),
        ],
    )
    def test_what_cannot_be_used(
        self, jonathan: Client, ear: Ear, change: dict[str, Any], field: str
    ) -> None:
        body = {"name": "bridge", "url": ear.url, "events": ALL, **change}
        refused = hook(jonathan, "POST", "", body)
        assert refused.status_code == 400
        assert field in errors(refused)

    def test_elsewhere_when_allowed(self, box: Sandbox, jonathan: Client) -> None:
        box.webhooks.subscriptions.anywhere = True
        body = {"name": "x", "url": "https://elsewhere.example/", "events": []}
        assert hook(jonathan, "POST", "", body).status_code == 201


class TestWhatIsTold:
    def test_the_life_of_an_issue(self, jonathan: Client, api: Client, ear: Ear) -> None:
        register(jonathan, ear)
        key = api.create(labels=["a"], description=adf("hello"))
        (created,) = ear.wait_for(1)
        assert created.body["issue"]["key"] == key
        assert created.body["issue"]["fields"]["description"] == "hello", "always version 2"
        api.jira("PUT", f"issue/{key}", {"fields": {"labels": ["a", "b"]}})
        labels = ear.wait_for(2)[1].body
        (item,) = labels["changelog"]["items"]
        assert (item["fromString"], item["toString"]) == ("a", "a b")
        assert labels["issue_event_type_name"] == "issue_updated"
        api.jira("POST", f"issue/{key}/transitions", {"transition": {"id": "31"}})
        assert ear.wait_for(3)[2].body["issue_event_type_name"] == "issue_generic"
        api.jira("PUT", f"issue/{key}/assignee", {"accountId": None})
        me = api.jira("GET", "myself").json()["accountId"]
        api.jira("PUT", f"issue/{key}/assignee", {"accountId": me})
        assert ear.wait_for(4)[3].body["issue_event_type_name"] == "issue_assigned"
        api.jira("DELETE", f"issue/{key}")
        gone = ear.wait_for(5)[4].body
        assert gone["webhookEvent"] == "jira:issue_deleted"
        assert gone["user"]["accountId"] == me

    def test_comments(self, jonathan: Client, api: Client, ear: Ear) -> None:
        key = api.create()
        register(jonathan, ear)
        comment = api.jira("POST", f"issue/{key}/comment", {"body": adf("one")}).json()["id"]
        api.jira("PUT", f"issue/{key}/comment/{comment}", {"body": adf("two")})
        ear.wait_for(2)
        api.jira("DELETE", f"issue/{key}/comment/{comment}")
        told = sorted(ear.wait_for(3), key=lambda h: str(h.body["timestamp"]))
        kinds = {h.body["webhookEvent"]: h.body["comment"]["body"] for h in told}
        assert kinds == {
            "comment_created": "one", "comment_updated": "two", "comment_deleted": "two",
        }  # fmt: skip
        assert len(ear.heard) == 3, "a comment is no update of the issue"

    def test_what_fails_is_not_told(self, jonathan: Client, api: Client, ear: Ear) -> None:
        key = api.create()
        register(jonathan, ear)
        bad = {"type": {"name": "No such type"}, "outwardIssue": {"key": key}}
        body = {"fields": {"summary": "y"}, "update": {"issuelinks": [{"add": bad}]}}
        assert api.jira("PUT", f"issue/{key}", body).status_code == 404
        api.jira("PUT", f"issue/{key}", {"fields": {"summary": "z"}})
        (only,) = ear.wait_for(1)
        assert only.body["issue"]["fields"]["summary"] == "z"

    def test_a_filter(self, box: Sandbox, jonathan: Client, api: Client, ear: Ear) -> None:
        only = {"issue-related-events-section": "project = IT and labels = bridge"}
        box.lag.requests = 50
        register(jonathan, ear, filters=only)
        api.create("MKT", labels=["bridge"])
        api.create("IT")
        wanted = api.create("IT", labels=["bridge"])
        api.jira("DELETE", f"issue/{wanted}")
        assert [h.body["issue"]["key"] for h in ear.wait_for(2)] == [wanted, wanted]

    def test_without_a_body_and_with_the_key_in_the_address(
        self, jonathan: Client, api: Client, ear: Ear
    ) -> None:
        register(jonathan, ear, url=ear.url + "/${project.key}/${issue.key}", excludeBody=True)
        key = api.create()
        (told,) = ear.wait_for(1)
        assert (told.path, told.raw) == (f"/hook/MKT/{key}", b"")

    def test_a_disabled_one_is_silent(self, jonathan: Client, api: Client, ear: Ear) -> None:
        register(jonathan, ear, enabled=False, name="silent", url=ear.url + "/silent")
        register(jonathan, ear)
        api.create()
        assert [h.path for h in ear.wait_for(1)] == ["/hook"]


class TestTheShape:
    """The keys of captured bodies, except what the samples carry of their time and site."""

    OLD_PEOPLE = ("name", "key")  # gone from Cloud since 2019
    OLD_FIELDS = (
        "lastViewed", "timeestimate", "aggregatetimeoriginalestimate", "aggregatetimeestimate",
        "timespent", "aggregatetimespent", "timeoriginalestimate", "timetracking", "workratio",
        "aggregateprogress", "progress", "worklog",
    )  # fmt: skip  # time tracking is switched off here

    @pytest.mark.parametrize(
        ("sample", "event"),
        [
            ("webhook-issue-created", "jira:issue_created"),
            ("webhook-issue-updated-labels", "jira:issue_updated"),
            ("webhook-cloud-issue-updated-custom-field", "jira:issue_updated"),
            ("webhook-issue-deleted", "jira:issue_deleted"),
            ("webhook-cloud-comment-created", "comment_created"),
            ("webhook-cloud-comment-updated", "comment_updated"),
        ],
    )
    def test_every_captured_key_is_sent(
        self, jonathan: Client, api: Client, ear: Ear, sample: str, event: str
    ) -> None:
        captured = json.loads((folder() / "webhook-samples" / f"{sample}.json").read_text("utf-8"))
        register(jonathan, ear, events=[event])
        me = api.jira("GET", "myself").json()["accountId"]
        key = api.create(assignee={"accountId": me})
        api.jira("PUT", f"issue/{key}", {"fields": {"labels": ["b"]}})
        comment = api.jira("POST", f"issue/{key}/comment", {"body": adf("x")}).json()["id"]
        api.jira("PUT", f"issue/{key}/comment/{comment}", {"body": adf("y")})
        api.jira("DELETE", f"issue/{key}")
        told = ear.wait_for(1)[0].body
        assert list(told) == list(captured)
        assert self.missing(captured, told) == []

    def missing(self, captured: Any, told: Any, path: str = "") -> list[str]:
        if isinstance(captured, list) and captured and told:
            return self.missing(captured[0], told[0], path + "[]")
        if not isinstance(captured, dict) or not isinstance(told, dict):
            return []
        lacking = []
        person = "accountId" in captured
        for name, value in captured.items():
            old = (person and name in self.OLD_PEOPLE) or name in self.OLD_FIELDS
            if old or name.startswith(("customfield_", "tmp")) or name == "avatarId":
                continue
            if name not in told:
                lacking.append(f"{path}/{name}")
            else:
                lacking += self.missing(value, told[name], f"{path}/{name}")
        return lacking


class TestSigning:
    def test_atlassians_own_vector(self) -> None:
        expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        assert signature("It's a Secret to Everybody", b"Hello World!") == expected

    def test_over_the_raw_body(self, jonathan: Client, api: Client, ear: Ear) -> None:
        register(jonathan, ear, secret="s3cret")
        api.create(summary="Été à l’île")
        (told,) = ear.wait_for(1)
        assert told.headers["X-Hub-Signature"] == signature("s3cret", told.raw)
        assert told.headers["X-Atlassian-Webhook-Flow"] == "Primary"
        assert "X-Atlassian-Webhook-Retry" not in told.headers

    def test_unsigned_without_a_secret(self, jonathan: Client, api: Client, ear: Ear) -> None:
        register(jonathan, ear)
        api.create()
        assert "X-Hub-Signature" not in ear.wait_for(1)[0].headers


class TestRetries:
    @pytest.mark.parametrize("status", [0, 408, 409, 425, 429, 500, 502, 503])
    def test_what_is_tried_again(self, status: int) -> None:
        assert [again(status, n) for n in range(1, 8)] == [True] * 5 + [False] * 2

    @pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 410])
    def test_what_is_not(self, status: int) -> None:
        assert not again(status, 1)

    def test_the_same_identifier_and_a_count(
        self, box: Sandbox, jonathan: Client, api: Client, ear: Ear
    ) -> None:
        box.webhooks.delay = lambda _: 0.01
        ear.statuses = [503, 429]
        register(jonathan, ear)
        api.create()
        first, second, third = ear.wait_for(3)
        names = [h.headers["X-Atlassian-Webhook-Identifier"] for h in (first, second, third)]
        assert len(set(names)) == 1
        counts = [h.headers.get("X-Atlassian-Webhook-Retry") for h in (first, second, third)]
        assert counts == [None, "1", "2"]
        box.webhooks.deliver_now()
        (kept,) = box.webhooks.deliveries.newest()
        assert (kept.state, kept.attempts, kept.status) == ("delivered", 3, 200)

    def test_six_attempts_at_most(
        self, box: Sandbox, jonathan: Client, api: Client, ear: Ear
    ) -> None:
        box.webhooks.delay = lambda _: 0.0
        ear.statuses = [500] * 10
        register(jonathan, ear)
        api.create()
        ear.wait_for(6)
        box.webhooks.deliver_now()
        (kept,) = box.webhooks.deliveries.newest()
        assert (kept.state, kept.attempts, len(ear.heard)) == ("failed", 6, 6)

    def test_nobody_answers(self, box: Sandbox, jonathan: Client, api: Client) -> None:
        with Ear() as gone:
            register(jonathan, gone)
        box.webhooks.hold = True
        api.create()
        box.webhooks.deliver_now()
        (kept,) = box.webhooks.deliveries.newest()
        assert (kept.state, kept.attempts, kept.status) == ("waiting", 1, 0)
        with Ear() as back:
            assert headers(kept, "", CLOUD)["X-Atlassian-Webhook-Retry"] == "1"
            assert back.heard == []

    def test_a_restart_loses_none(self, tmp_path: Any) -> None:
        with Ear() as ear:
            with Sandbox(db=tmp_path / "box.db") as box:
                box.webhooks.hold = True
                with Client.of(box, "Jonathan") as jonathan:
                    register(jonathan, ear)
                box.site.jira.create("MKT", "Task", "x", by="Camille")
            assert ear.heard == []
            with Sandbox(db=tmp_path / "box.db"):
                ear.wait_for(1)


class TestOrder:
    def test_newest_first(self, box: Sandbox, jonathan: Client, api: Client, ear: Ear) -> None:
        box.webhooks.hold = box.webhooks.out_of_order = True
        register(jonathan, ear)
        keys = [api.create() for _ in range(2)]
        (first, second) = box.webhooks.deliveries.newest()
        assert (first.subject, second.subject) == (keys[1], keys[0])
        assert nobody_heard(ear)
        box.webhooks.deliver_now()
        assert {h.body["issue"]["key"] for h in ear.heard} == set(keys)

    def test_duplicates(self, jonathan: Client, api: Client, ear: Ear) -> None:
        assert api.call("POST", "/_sandbox/webhooks", {"duplicates": True}).status_code == 204
        register(jonathan, ear)
        api.create()
        one, other = ear.wait_for(2)
        name = "X-Atlassian-Webhook-Identifier"
        assert one.headers[name] == other.headers[name]

    def test_over_the_control_interface(self, jonathan: Client, api: Client, ear: Ear) -> None:
        switches = {"hold": True, "delay": 0.01, "anywhere": False}
        assert api.call("POST", "/_sandbox/webhooks", switches).status_code == 204
        assert api.call("POST", "/_sandbox/webhooks", {"nonsense": 1}).status_code == 400
        register(jonathan, ear)
        key = api.create()
        (waiting,) = api.call("GET", "/_sandbox/webhooks").json()
        assert (waiting["state"], waiting["subject"]) == ("waiting", key)
        assert nobody_heard(ear)
        assert api.call("POST", "/_sandbox/webhooks/deliver", {}).status_code == 202
        ear.wait_for(1)


def nobody_heard(ear: Ear) -> bool:
    return not ear.heard


class TestBounds:
    def test_large_bodies_are_dropped(
        self, box: Sandbox, jonathan: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bridge.sandbox.webhooks.deliveries.BODY_LIMIT", 10)
        register(jonathan, ear)
        box.site.jira.create("MKT", "Task", "x", by="Camille")
        (kept,) = box.webhooks.deliveries.newest()
        assert (kept.state, kept.body) == ("dropped", b"")

    def test_so_many_wait_at_most(
        self, box: Sandbox, jonathan: Client, ear: Ear, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bridge.sandbox.webhooks.deliveries.WAITING_LIMIT", 1)
        box.webhooks.hold = True
        register(jonathan, ear)
        for _ in range(2):
            box.site.jira.create("MKT", "Task", "x", by="Camille")
        states = [kept.state for kept in box.webhooks.deliveries.newest()]
        assert states == ["dropped", "waiting"]
