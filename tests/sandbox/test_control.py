"""The control interface: arranging a running sandbox over HTTP, from this machine only."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client, errors


def control(client: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    return client.call(method, f"/_sandbox{path}", body, **more)


def test_what_runs_here(nobody: Client) -> None:
    ready = control(nobody, "GET", "").json()
    assert ready["projects"] == ["MKT", "IT"]
    assert "token" not in ready


def test_the_log(box: Sandbox, api: Client) -> None:
    api.jira("GET", "myself")
    assert [r["path"] for r in control(api, "GET", "/requests").json()] == ["/rest/api/3/myself"]
    assert control(api, "DELETE", "/requests").status_code == 204
    assert box.requests == []


def test_faults(api: Client) -> None:
    sent = {
        "what": "status",
        "status": 429,
        "headers": {"Retry-After": "1"},
        "path": "/myself",
        "at": 2,
    }
    assert control(api, "POST", "/faults", sent).json()["faults"][0]["status"] == 429
    assert [api.jira("GET", "myself").status_code for _ in range(3)] == [200, 429, 200]
    assert control(api, "POST", "/faults", {"latency": 0.01}).json()["latency"] == 0.01
    assert control(api, "DELETE", "/faults").status_code == 204
    assert control(api, "GET", "/faults").json() == {"latency": 0.0, "faults": []}
    assert control(api, "POST", "/faults", {"what": "fire"}).status_code == 400
    assert control(api, "POST", "/faults", {"what": "reset", "where": "?"}).status_code == 400


def test_lag(box: Sandbox, api: Client) -> None:
    control(api, "POST", "/lag", {"requests": 50, "flicker": False})
    api.create()
    assert api.found("project = MKT") == []
    assert control(api, "DELETE", "/lag").status_code == 204
    assert api.found("project = MKT") == ["MKT-1"]
    assert box.lag.requests == 0
    assert control(api, "POST", "/lag", {"minutes": 1}).status_code == 400


def test_the_clock(api: Client) -> None:
    control(api, "POST", "/clock", {"now": "2026-12-17T08:30:00+01:00"})
    assert api.fields(api.create())["created"] == "2026-12-17T08:30:00.000+0100"
    assert control(api, "POST", "/clock", {"now": None}).json()["now"] != "2026-12-17T07:30:00.000Z"
    assert control(api, "POST", "/clock", {"now": "soon"}).status_code == 400


def test_permissions(api: Client, nadia: Client) -> None:
    taken = {"who": "Nadia", "permission": "CREATE_ISSUES", "project": "MKT", "given": False}
    assert control(api, "POST", "/permissions", taken).status_code == 204
    task = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    assert nadia.jira("POST", "issue", task).status_code == 403
    control(api, "POST", "/permissions", {**taken, "given": True})
    assert nadia.jira("POST", "issue", task).status_code == 201
    control(api, "POST", "/permissions", {"who": "Nadia", "project": "MKT", "admin": True})
    assert nadia.jira("DELETE", "issue/MKT-1").status_code == 204
    control(
        api,
        "POST",
        "/permissions",
        {"who": "Nadia", "space": "MKT", "permission": "read", "given": False},
    )
    assert nadia.wiki("GET", "spaces?keys=MKT").json()["results"] == []
    assert control(api, "POST", "/permissions", {**taken, "who": "Zoe"}).status_code == 400
    assert control(api, "POST", "/permissions", {**taken, "permission": "FLY"}).status_code == 400


def test_people_and_projects(api: Client) -> None:
    made = control(api, "POST", "/people", {"name": "Zoe", "email": "zoe@boutique.example"}).json()
    with Client(api.address, ("zoe@boutique.example", made["token"])) as zoe:
        assert zoe.jira("GET", "myself").json()["accountId"] == made["accountId"]
        control(api, "POST", "/people", {"who": "Zoe", "active": False})
        assert zoe.jira("GET", "myself").status_code == 401
    control(
        api,
        "POST",
        "/projects",
        {"key": "OPS", "name": "Ops", "style": "next-gen", "lead": "Camille"},
    )
    assert api.jira("GET", "project/OPS").json()["style"] == "next-gen"


def test_fields_link_types_and_habits(box: Sandbox, api: Client) -> None:
    field = control(api, "POST", "/fields", {"name": "Start date", "kind": "date"}).json()["id"]
    assert field in {f["id"] for f in api.jira("GET", "field").json()}
    control(
        api, "POST", "/fields", {"project": "MKT", "field": field, "required": True, "type": "Task"}
    )
    task = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}}
    assert errors(api.jira("POST", "issue", task)) == {field: "Start date is required."}
    control(api, "POST", "/fields", {"project": "MKT", "field": field, "hidden": True})
    assert api.jira("POST", "issue", task).status_code == 201
    control(api, "POST", "/link-types", {"name": "Blocks", "to": "Bloque"})
    control(api, "POST", "/link-types", {"name": "Cloners", "remove": True})
    names = [t["name"] for t in api.jira("GET", "issueLinkType").json()["issueLinkTypes"]]
    assert names == ["Bloque", "Duplicate", "Relates"]
    control(api, "POST", "/habits", {"quiet_refused": False})
    assert box.site.jira.habits.quiet_refused is False
    assert control(api, "POST", "/habits", {"nope": True}).status_code == 400


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_not_from_another_site(api: Client, headers: dict[str, str]) -> None:
    assert control(api, "DELETE", "/faults", headers=headers).status_code == 403
    assert control(api, "POST", "/lag", {"requests": 1}, headers=headers).status_code == 403


def test_a_form_of_another_site_cannot_write(api: Client) -> None:
    answer = api.call("POST", "/_sandbox/lag", data="{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert control(api, "POST", "/lag", [1]).status_code == 400
