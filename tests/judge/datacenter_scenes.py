"""Everything that the sandbox's Data Center flavour serves, called once, and the list of it."""

import re
from typing import Any

from bridge.sandbox import Sandbox
from bridge.sandbox.app import make_app
from tests.judge.exchanges import place_in
from tests.sandbox.server_client import EPIC_LINK, START_DATE, ServerClient


def arrange(box: Sandbox) -> None:
    """A site with everything that an answer can show."""
    jira, setup = box.site.jira, box.site.jira.setup
    setup.add_field("Budget", "number")
    setup.add_field("Channel", "option", ["Newsletter", "Shop"])
    setup.add_field("Helper", "user")
    setup.add_security_level("MKT", "Confidential", ["Camille", "Bridge"])
    epic = jira.create(
        "MKT",
        "Epic",
        "Noël",
        by="Bridge",
        duedate="2026-12-17",
        labels=["a", "b"],
        description="*x*",
    )
    task = jira.create(
        "IT",
        "Task",
        "Page",
        by="Bridge",
        parent=epic.key,
        assignee="Vanessa",
        start_date="2026-12-01",
    )
    jira.create("IT", "Sub-task", "Part", by="Bridge", parent=task.key)
    jira.create("MKT", "Task", "Secret", by="Bridge", security="Confidential")
    jira.link(epic.key, "Blocks", task.key, by="Camille")
    jira.edit(task.key, by="Camille", duedate="2026-12-10", summary="Page 2", priority="High")
    jira.edit(task.key, by="Camille", parent=None, assignee="Camille")
    jira.edit(task.key, by="Camille", parent=epic.key)
    jira.transition(task.key, "Done", by="Vanessa")
    jira.comment(task.key, "Fait, [~camille].", by="Camille")
    jira.set_property(task.key, "bridge", {"a": 1})


def _place(project: str, kind: str) -> dict[str, Any]:
    return {"project": {"key": project}, "issuetype": {"name": kind}, "summary": "x"}


def read_jira(_box: Sandbox, judged: ServerClient) -> None:
    for path in (
        "serverInfo", "myself", "configuration", "field", "priority", "status", "status/10000", "statuscategory",
        "issuetype", "issueLinkType", "issueLinkType/10000", "permissions", "project", "project/MKT",
        "project/MKT/statuses", "project/MKT/components", "project/MKT/versions",
        "mypermissions", "mypermissions?projectKey=MKT", "mypermissions?issueKey=IT-1",
        "issue/createmeta/MKT/issuetypes", "issue/createmeta/MKT/issuetypes/10000",
        "issue/createmeta/IT/issuetypes/10003", "issue/MKT-1", "issue/MKT-1?fields=*all", "issue/IT-2",
        "issue/IT-1?expand=changelog,renderedFields,names,schema,transitions,editmeta,operations&properties=*all",
        "issue/IT-1/editmeta", "issue/IT-1/transitions?expand=transitions.fields",
        "issue/IT-1/comment?expand=renderedBody", "issue/IT-1/comment/10000", "issue/IT-1/properties",
        "issue/IT-1/properties/bridge", "issue/IT-1/watchers", "issue/IT-1/remotelink", "issueLink/10000",
        "user?username=camille", "user?key=JIRAUSER10100", "user/search?username=cam",
        "user/assignable/search?project=MKT", "user/assignable/search?issueKey=IT-1&username=van",
        "user/assignable/multiProjectSearch?projectKeys=MKT,IT",
        "search?jql=project=MKT&fields=*all&expand=names,schema,changelog", "search",
    ):  # fmt: skip
        assert judged.jira("GET", path).status_code == 200, path
    sent = {
        "jql": "project in (MKT, IT) order by key",
        "startAt": 1,
        "maxResults": 2,
        "fields": ["*all"],
    }
    assert judged.jira("POST", "search", sent).json()["total"] == 4
    for path in ("agile/1.0/epic/MKT-1", "agile/1.0/epic/MKT-1/issue?jql=due is not empty"):
        assert judged.rest("GET", path).status_code == 200, path
    assert judged.rest("GET", "auth/1/session").status_code == 200
    assert judged.rest("GET", "api/latest/myself").status_code == 200


UPLOAD: dict[str, Any] = {
    "files": {"file": ("a.txt", b"hello", "text/plain")},
    "headers": {"X-Atlassian-Token": "no-check"},
}


def write_jira(_box: Sandbox, judged: ServerClient) -> None:
    fields = {
        "project": {"key": "MKT"},
        "issuetype": {"name": "Task"},
        "summary": "x",
        "description": "h",
    }
    held = [{"key": "bridge", "value": {"a": 1}}]
    key = judged.jira("POST", "issue", {"fields": fields, "properties": held}).json()["key"]
    updates = [{"fields": fields}, {"fields": {}}]
    assert judged.jira("POST", "issue/bulk", {"issueUpdates": updates}).status_code == 201
    assert judged.jira("POST", "issue/bulk", {"issueUpdates": updates[1:]}).status_code == 400
    judged.jira(
        "PUT", f"issue/{key}", {"fields": {"summary": "y", EPIC_LINK: "MKT-1", START_DATE: None}}
    )
    judged.jira("PUT", f"issue/{key}/assignee", {"name": "vanessa"})
    judged.jira("POST", f"issue/{key}/transitions", {"transition": {"id": "31"}})
    comment = judged.jira("POST", f"issue/{key}/comment", {"body": "h"}).json()["id"]
    judged.jira("PUT", f"issue/{key}/comment/{comment}", {"body": "i"})
    judged.jira("DELETE", f"issue/{key}/comment/{comment}")
    for expected in (201, 200):
        assert judged.jira("PUT", f"issue/{key}/properties/p", {"v": 1}).status_code == expected
    judged.jira("DELETE", f"issue/{key}/properties/p")
    judged.jira("POST", f"issue/{key}/watchers", "camille")
    judged.jira("DELETE", f"issue/{key}/watchers?username=camille")
    link = {
        "type": {"name": "Relates"},
        "inwardIssue": {"key": key},
        "outwardIssue": {"key": "MKT-1"},
    }
    judged.jira("POST", "issueLink", link)
    judged.jira("DELETE", "issueLink/10001")
    assert judged.jira("POST", f"issue/{key}/attachments", **UPLOAD).status_code == 200
    remote = {"globalId": "g", "object": {"url": "https://example.fr", "title": "Example"}}
    for _ in range(2):
        judged.jira("POST", f"issue/{key}/remotelink", remote)
    judged.jira("GET", f"issue/{key}/remotelink?globalId=g")
    judged.jira("DELETE", f"issue/{key}/remotelink?globalId=g")
    assert judged.rest("POST", "agile/1.0/epic/MKT-1/issue", {"issues": [key]}).status_code == 204
    judged.jira("DELETE", f"issue/{key}")
    given = {"username": "bridge", "password": judged.ready["token"]}
    assert judged.rest("POST", "auth/1/session", given).status_code == 200
    assert judged.rest("DELETE", "auth/1/session").status_code == 204


def use_confluence(_box: Sandbox, judged: ServerClient) -> None:
    page = judged.publish("Décembre", "<p>some words</p>")
    child = judged.publish("Child", ancestors=[{"id": page["id"]}])
    path = f"content/{page['id']}"
    remark = {"type": "comment", "container": {"id": page["id"], "type": "page"}}
    storage = {"value": "<p>fine</p>", "representation": "storage"}
    judged.wiki("POST", "content", {**remark, "body": {"storage": storage}})
    assert judged.save(page, "<p>y</p>", 2).status_code == 200
    assert judged.save(page, "<p>y</p>", 2).status_code == 409
    judged.wiki("POST", f"{path}/label", [{"prefix": "global", "name": n} for n in ("a", "b", "c")])
    judged.wiki("DELETE", f"{path}/label/a")
    judged.wiki("DELETE", f"{path}/label?name=b")
    judged.wiki("POST", f"{path}/property", {"key": "bridge", "value": {"a": 1}})
    change = {"key": "bridge", "value": 2, "version": {"number": 2}}
    assert judged.wiki("PUT", f"{path}/property/bridge", change).status_code == 200
    assert judged.wiki("PUT", f"{path}/property/bridge", change).status_code == 409
    use_attachments(judged, f"{path}/child/attachment")
    everything = (
        "space.homepage,history.lastUpdated,history.previousVersion,version,ancestors,body.storage,body.view,"
        "metadata.labels,metadata.properties.bridge,children.page,operations,container"
    )
    only = [
        {"operation": "update", "restrictions": {"user": [{"type": "known", "username": "bridge"}]}}
    ]
    assert judged.wiki("PUT", f"{path}/restriction", only).status_code == 200
    for read in (
        "content?spaceKey=MKT&title=Child&expand=version", "content?limit=1&start=1", path,
        f"{path}?expand={everything}", f"{path}?status=historical&version=1&expand=body.storage,version",
        f"{path}/history", f"{path}/child?expand=page", f"{path}/child/page", f"{path}/child/attachment",
        f"{path}/child/comment?expand=body.storage,version", f"{path}/label", f"{path}/property", f"{path}/property/bridge", "space?spaceKey=MKT&expand=homepage",
        "space/MKT?expand=description.plain,homepage", "space/MKT/content/page?depth=root",
        "content/search?cql=space=MKT&expand=version,body.storage", "search?cql=type=page&limit=1",
        "user/current", "user/anonymous", "user?username=camille", "server-information",
    ):  # fmt: skip
        assert judged.wiki("GET", read).status_code == 200, read
    judged.wiki("DELETE", f"{path}/property/bridge")
    assert judged.wiki("DELETE", f"content/{child['id']}").status_code == 204
    assert judged.wiki("DELETE", f"content/{child['id']}?status=trashed").status_code == 204
    assert judged.wiki("GET", f"content/{child['id']}").status_code == 404


def use_attachments(judged: ServerClient, path: str) -> None:
    made = judged.wiki("POST", path, **UPLOAD).json()["results"][0]["id"]
    assert judged.wiki("GET", f"{path}?expand=version,container,space").json()["size"] == 1
    assert judged.wiki("POST", f"{path}/{made}/data", **UPLOAD).status_code == 200
    described = {"id": made, "type": "attachment", "title": "b.txt", "version": {"number": 3}}
    assert judged.wiki("PUT", f"{path}/{made}", described).status_code == 200
    assert judged.wiki("PUT", f"{path}/{made}", described).status_code == 409
    assert judged.wiki("DELETE", f"{path}/{made}").status_code == 204


REFUSED: tuple[tuple[str, str, str, Any], ...] = (
    ("jira", "GET", "issue/NO-1", None),
    ("jira", "PUT", "issue/NO-1", {"fields": {"summary": "y"}}),
    ("jira", "GET", "project/NO", None),
    ("jira", "GET", "mypermissions?projectKey=NO", None),
    ("jira", "GET", "issue/createmeta/NO/issuetypes", None),
    ("jira", "GET", "search?jql=foo = bar", None),
    ("jira", "POST", "search", {"jql": "a b"}),
    ("jira", "POST", "search", {"jql": "project = MKT", "properties": ["bridge"]}),
    ("jira", "POST", "issue", {"fields": _place("MKT", "Epic")}),
    ("jira", "POST", "issue", {"fields": _place("IT", "Task")}),
    ("jira", "PUT", "issue/MKT-1", {"fields": {"summary": "y"}}),
    ("jira", "POST", "issue/MKT-1/transitions", {"transition": {"id": "999"}}),
    ("jira", "POST", "issue/NO-1/comment", {"body": "x"}),
    ("jira", "POST", "issueLink", {"type": {"name": "Nope"}}),
    ("jira", "GET", "user?username=nobody", None),
    ("jira", "PUT", "issue/MKT-1/assignee", {"accountId": "x"}),
    ("wiki", "GET", "content/1", None),
    ("wiki", "GET", "content/search?cql=x y", None),
    ("wiki", "GET", "space/NO", None),
    ("wiki", "GET", "user?key=nobody", None),
    ("wiki", "POST", "content", {"type": "page", "title": "marketing", "space": {"key": "MKT"}}),
    ("wiki", "POST", "content", {"type": "page", "title": "x", "space": {"key": "NO"}}),
    ("wiki", "POST", "content/65538/label", [{"name": "two words"}]),
    ("wiki", "GET", "content/65538/property/none", None),
)
FORBIDDEN: tuple[tuple[str, str, Any], ...] = (
    ("POST", "content", {"type": "page", "title": "x", "space": {"key": "MKT"}}),
    ("POST", "content/65538/label", [{"name": "x"}]),
    ("POST", "content/65538/property", {"key": "k", "value": 1}),
    ("PUT", "content/65538", {"type": "page", "version": {"number": 2}}),
)


def be_refused(box: Sandbox, judged: ServerClient) -> None:
    """Ask for what is not there, is nonsense, or is not allowed."""
    setup, spaces = box.site.jira.setup, box.site.confluence.spaces
    setup.revoke("Bridge", "EDIT_ISSUES")
    setup.revoke("Bridge", "CREATE_ISSUES", "IT")
    for product, method, path, body in REFUSED:
        call = judged.jira if product == "jira" else judged.wiki
        assert call(method, path, body).status_code in (400, 401, 403, 404), path
    for right in ("create", "update"):
        spaces.revoke("Bridge", right, "MKT")
    for method, path, body in FORBIDDEN:
        assert judged.wiki(method, path, body).status_code == 403, path
    with ServerClient(box, None) as nobody:
        assert nobody.jira("POST", "issue", {}).status_code == 401
    with ServerClient(box, "wrong") as stranger:
        assert stranger.jira("GET", "serverInfo").status_code == 401
        assert stranger.wiki("GET", "space/MKT").status_code == 401


SCENES = {
    "reading Jira": read_jira,
    "writing Jira": write_jira,
    "Confluence": use_confluence,
    "refusals": be_refused,
}


def served(box: Sandbox) -> set[tuple[str, str]]:
    """Method and template of every REST operation, written as the contracts write paths."""
    found = set()
    for rule in make_app(box.site, box).url_map.iter_rules():
        if "/rest/" not in rule.rule:
            continue
        _, path = place_in(re.sub(r"<[^>]+>", "{}", re.sub(r"<any\([^>]+>", "latest", rule.rule)))
        found |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found
