"""Everything that the sandbox serves, called once, and the list of it."""

import re
from typing import Any

from bridge.sandbox import Sandbox
from bridge.sandbox.app import make_app
from bridge.sandbox.confluence.files import Upload
from tests.sandbox.client import Client, adf


def arrange(box: Sandbox) -> None:
    """A site with everything that an answer can show."""
    jira, setup = box.site.jira, box.site.jira.setup
    setup.add_field("Budget", "number")
    setup.add_field("Channel", "option", ["Newsletter", "Shop"])
    setup.add_field("Countries", "options", ["FR", "BE"])
    setup.add_field("Helper", "user")
    setup.add_project("TEAM", "Team", style="next-gen", lead="Camille")
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
    jira.transition(task.key, "Done", by="Vanessa")
    jira.comment(task.key, "Fait, [~accountid:x].", by="Camille")
    jira.set_property(task.key, "bridge", {"a": 1})


def read_jira(box: Sandbox, judged: Client, version: int) -> None:
    for path in (
        "serverInfo", "myself", "configuration", "field", "priority", "status", "status/10000", "statuscategory",
        "issuetype", "issueLinkType", "issueLinkType/10000", "label", "permissions", "project", "project/MKT",
        "project/TEAM", "project/MKT/statuses", "project/10000/hierarchy", "project/MKT/components",
        "project/MKT/versions", "project/search?query=mark", "field/search?type=custom", "priority/search",
        "mypermissions?permissions=EDIT_ISSUES,ADMINISTER&projectKey=MKT", "mypermissions?permissions=BROWSE_PROJECTS",
        "issue/createmeta?projectKeys=MKT&expand=projects.issuetypes.fields", "issuetype/project?projectId=10000",
        "issue/createmeta/MKT/issuetypes", "issue/createmeta/MKT/issuetypes/10002",
        "issue/createmeta/TEAM/issuetypes", "issue/MKT-1", "issue/MKT-1?fields=*all", "issue/MKT-2",
        "issue/IT-1?expand=changelog,renderedFields,names,schema,transitions,editmeta,operations&properties=*all",
        "issue/IT-1/changelog", "issue/IT-1/editmeta", "issue/IT-1/transitions?expand=transitions.fields",
        "issue/IT-1/comment?expand=renderedBody", "issue/IT-1/properties", "issue/IT-1/properties/bridge",
        "issue/IT-1/watchers", "issue/IT-1/remotelink", "issueLink/10000", "user/search?query=cam",
        "user/assignable/search?project=MKT", "user/assignable/multiProjectSearch?projectKeys=MKT,IT",
    ):  # fmt: skip
        assert judged.jira("GET", path, api=version).status_code == 200, path
    account = box.site.people.find("Camille").account_id
    assert judged.jira("GET", f"user?accountId={account}", api=version).status_code == 200
    assert judged.jira("GET", f"user/bulk?accountId={account}", api=version).status_code == 200

    check = {
        "globalPermissions": ["ADMINISTER", "BULK_CHANGE"],
        "projectPermissions": [
            {"permissions": ["EDIT_ISSUES"], "projects": [10000], "issues": [10000]}
        ],
    }
    told = judged.jira("POST", "permissions/check", check, api=version).json()
    assert told["globalPermissions"] == ["BULK_CHANGE"]
    assert told["projectPermissions"][0]["issues"] == [10000]


def search_jira(judged: Client, version: int) -> None:
    jql = "project in (MKT, IT) order by key"
    everything = {
        "jql": jql,
        "fields": ["*all"],
        "expand": "changelog,names",
        "properties": ["bridge"],
        "maxResults": 2,
    }
    first = judged.jira("POST", "search/jql", everything, api=version).json()
    assert len(first["issues"]) == 2
    assert first["nextPageToken"]
    judged.jira("GET", "search/jql", params={"jql": jql, "maxResults": 1}, api=version)
    judged.jira("POST", "search/approximate-count", {"jql": jql}, api=version)
    judged.jira(
        "POST", "issue/bulkfetch", {"issueIdsOrKeys": ["MKT-1", "IT-1", "NO-1"]}, api=version
    )
    judged.jira("POST", "comment/list", {"ids": [10000]}, api=version)
    judged.jira(
        "POST", "jql/match", {"issueIds": [10000, 10001], "jqls": [jql, "foo = 1"]}, api=version
    )
    queries = [
        jql,
        "foo = 1",
        "a b",
        'labels in (a, "b c") and due <= endOfMonth(1) or assignee is empty',
    ]
    for validation in ("strict", "warn", "none"):
        judged.jira("POST", f"jql/parse?validation={validation}", {"queries": queries}, api=version)
    for method in ("GET", "POST"):
        body = {"jql": jql} if method == "POST" else None
        assert judged.jira(method, "search", body, api=version).status_code == 410
    if version == 3:
        judged.jira("POST", "changelog/bulkfetch", {"issueIdsOrKeys": ["IT-1"]})


UPLOAD: dict[str, Any] = {
    "files": {"file": ("a.txt", b"hello", "text/plain")},
    "headers": {"X-Atlassian-Token": "no-check"},
}


def write_jira(box: Sandbox, judged: Client, version: int) -> None:
    text: Any = adf("hello") if version == 3 else "hello"
    fields = {
        "project": {"key": "MKT"},
        "issuetype": {"name": "Task"},
        "summary": "x",
        "description": text,
    }
    key = judged.jira("POST", "issue", {"fields": fields}, api=version).json()["key"]
    judged.jira(
        "POST", "issue/bulk", {"issueUpdates": [{"fields": fields}, {"fields": {}}]}, api=version
    )
    judged.jira("POST", "issue/bulk", {"issueUpdates": [{"fields": {}}]}, api=version)
    judged.jira("PUT", f"issue/{key}", {"fields": {"summary": "y"}}, api=version)
    judged.jira("PUT", f"issue/{key}?returnIssue=true", {"fields": {"summary": "z"}}, api=version)
    account = box.site.people.find("Vanessa").account_id
    judged.jira("PUT", f"issue/{key}/assignee", {"accountId": account}, api=version)
    judged.jira("POST", f"issue/{key}/transitions", {"transition": {"id": "31"}}, api=version)
    comment = judged.jira("POST", f"issue/{key}/comment", {"body": text}, api=version).json()["id"]
    judged.jira("GET", f"issue/{key}/comment/{comment}", api=version)
    judged.jira("PUT", f"issue/{key}/comment/{comment}", {"body": text}, api=version)
    judged.jira("DELETE", f"issue/{key}/comment/{comment}", api=version)
    for _ in range(2):
        judged.jira("PUT", f"issue/{key}/properties/p", {"v": 1}, api=version)
    judged.jira("DELETE", f"issue/{key}/properties/p", api=version)
    judged.jira("POST", f"issue/{key}/watchers", account, api=version)
    judged.jira("DELETE", f"issue/{key}/watchers?accountId={account}", api=version)
    link = {
        "type": {"name": "Relates"},
        "inwardIssue": {"key": key},
        "outwardIssue": {"key": "MKT-1"},
    }
    judged.jira("POST", "issueLink", link, api=version)
    judged.jira("DELETE", "issueLink/10001", api=version)
    judged.call("POST", f"/rest/api/{version}/issue/{key}/attachments", **UPLOAD)
    remote = {"globalId": "g", "object": {"url": "https://example.fr", "title": "Example"}}
    for _ in range(2):
        judged.jira("POST", f"issue/{key}/remotelink", remote, api=version)
    judged.jira("GET", f"issue/{key}/remotelink?globalId=g", api=version)
    judged.jira("DELETE", f"issue/{key}/remotelink?globalId=g", api=version)
    judged.jira("DELETE", f"issue/{key}", api=version)


def use_attachments_v2(box: Sandbox, judged: Client, page_id: str) -> None:
    wiki = box.site.confluence
    upload = Upload("a.txt", "text/plain", b"hello")
    attached = wiki.files.add(wiki.page(page_id), upload, box.site.people.find("Camille"))
    file = f"attachments/att{attached.id}"
    mark = judged.wiki("POST", f"{file}/properties", {"key": "k", "value": 1}).json()["id"]
    judged.wiki(
        "PUT", f"{file}/properties/{mark}", {"key": "k", "value": 2, "version": {"number": 2}}
    )
    for tail in ("", "/versions", "/labels", "/properties", f"/properties/{mark}"):
        assert judged.wiki("GET", file + tail).status_code == 200
    judged.wiki("GET", f"pages/{page_id}/attachments")
    judged.wiki("DELETE", f"{file}/properties/{mark}")
    judged.wiki("DELETE", file)


def use_confluence_v2(box: Sandbox, judged: Client) -> None:
    tasks = "<ac:task-list><ac:task><ac:task-body>do it <time datetime='2026-12-01'/></ac:task-body></ac:task></ac:task-list>"
    page = judged.publish("Décembre", f"<p>some words</p>{tasks}")
    child = judged.publish("Child", parentId=page["id"])
    box.site.confluence.comment_inline(page["id"], "words", "which?", by="Nadia")
    box.site.confluence.comment(page["id"], "fine", by="Nadia")
    judged.old_wiki("POST", f"content/{page['id']}/label", [{"prefix": "global", "name": "bridge"}])
    label = judged.wiki("GET", "labels").json()["results"][0]["id"]
    held = judged.wiki(
        "POST", f"pages/{page['id']}/properties", {"key": "bridge", "value": {"a": 1}}
    ).json()["id"]
    space = page["spaceId"]
    kept = judged.wiki(
        "POST", f"spaces/{space}/properties", {"key": "bridge", "value": [1]}
    ).json()["id"]
    everything = "&".join(
        f"include-{w}=true" for w in ("labels", "properties", "operations", "likes", "versions")
    )
    for path in (
        "spaces?keys=MKT&description-format=plain", f"spaces/{space}?include-operations=true&include-labels=true",
        f"spaces/{space}/pages?depth=root", f"spaces/{space}/pages?body-format=storage", f"spaces/{space}/operations",
        f"spaces/{space}/labels", f"spaces/{space}/content/labels", f"spaces/{space}/properties",
        f"spaces/{space}/properties/{kept}", "pages?limit=1", f"pages?space-id={space}&title=Child&body-format=storage",
        f"pages/{page['id']}?body-format=storage&{everything}", f"pages/{page['id']}?body-format=view",
        f"pages/{page['id']}?version=1&body-format=storage", f"pages/{page['id']}/versions?body-format=storage",
        f"pages/{page['id']}/versions/1", f"pages/{page['id']}/children", f"pages/{page['id']}/direct-children",
        f"pages/{child['id']}/ancestors", f"pages/{page['id']}/descendants", f"pages/{page['id']}/labels",
        f"pages/{page['id']}/operations", f"pages/{page['id']}/properties?key=bridge",
        f"pages/{page['id']}/properties/{held}", f"pages/{page['id']}/footer-comments?body-format=storage",
        f"pages/{page['id']}/inline-comments?body-format=storage", "footer-comments", f"labels/{label}/pages",
        f"pages/{page['id']}/attachments", "attachments",
        "tasks?body-format=storage",
    ):  # fmt: skip
        assert judged.wiki("GET", path).status_code == 200, path
    use_attachments_v2(box, judged, page["id"])
    task = judged.wiki("GET", "tasks").json()["results"][0]["id"]
    judged.wiki("GET", f"tasks/{task}")
    judged.wiki("PUT", f"tasks/{task}", {"status": "complete"})
    comment = judged.wiki(
        "POST",
        "footer-comments",
        {"pageId": page["id"], "body": {"representation": "storage", "value": "<p>x</p>"}},
    ).json()["id"]
    changed = {"version": {"number": 2}, "body": {"representation": "storage", "value": "<p>y</p>"}}
    judged.wiki("PUT", f"footer-comments/{comment}", changed)
    assert judged.wiki("PUT", f"footer-comments/{comment}", changed).status_code == 409
    judged.wiki("GET", f"footer-comments/{comment}?body-format=storage")
    judged.wiki("DELETE", f"footer-comments/{comment}")
    account = box.site.people.find("Camille").account_id
    judged.wiki("POST", "users-bulk", {"accountIds": [account, "nobody"]})
    judged.wiki("POST", "content/convert-ids-to-types", {"contentIds": [page["id"], "1"]})
    update = {"key": "bridge", "value": 2, "version": {"number": 2}}
    judged.wiki("PUT", f"pages/{page['id']}/properties/{held}", update)
    judged.wiki("PUT", f"spaces/{space}/properties/{kept}", update)
    again = judged.wiki("PUT", f"spaces/{space}/properties/{kept}", update)
    assert again.status_code == 409
    judged.wiki("DELETE", f"pages/{page['id']}/properties/{held}")
    judged.wiki("DELETE", f"spaces/{space}/properties/{kept}")
    judged.wiki("PUT", f"pages/{child['id']}/title", {"status": "current", "title": "Renamed"})
    assert judged.save({**child, "title": "Renamed"}, "<p>y</p>", 3).status_code == 200
    assert judged.save({**child, "title": "Renamed"}, "<p>y</p>", 3).status_code == 409
    judged.wiki("DELETE", f"pages/{child['id']}")
    judged.wiki("DELETE", f"pages/{child['id']}?purge=true")
    judged.wiki("GET", f"pages/{child['id']}")
    judged.wiki(
        "POST",
        "pages",
        {"spaceId": space, "title": "décembre", "body": {"representation": "storage", "value": ""}},
    )


def use_confluence_v1(box: Sandbox, judged: Client) -> None:
    page = judged.publish("Décembre")
    account = box.site.people.find("Camille").account_id
    path = f"content/{page['id']}"
    judged.old_wiki("GET", "user/current?expand=operations")
    judged.old_wiki("GET", f"user?accountId={account}")
    judged.old_wiki("GET", f"user/bulk?accountId={account}")
    judged.old_wiki("GET", "user/anonymous")
    judged.old_wiki("GET", "settings/systemInfo")
    judged.old_wiki(
        "POST",
        f"{path}/label",
        [{"prefix": "global", "name": "a"}, {"prefix": "global", "name": "b"}],
    )
    judged.old_wiki("DELETE", f"{path}/label/a")
    judged.old_wiki("DELETE", f"{path}/label?name=b")
    judged.old_wiki(
        "GET", "content/search", params={"cql": "space = MKT and type = page", "limit": 1}
    )
    judged.old_wiki("GET", "search", params={"cql": 'title ~ "déc"'})
    judged.old_wiki("GET", f"{path}/restriction")
    use_moves_v1(judged, page["id"])
    use_attachments_v1(judged, path)
    only = {
        "operation": "read",
        "restrictions": {"user": [{"type": "known", "accountId": account}]},
    }
    judged.old_wiki("POST", f"{path}/restriction", [only])


def use_moves_v1(judged: Client, page_id: str) -> None:
    other = judged.publish("Janvier")["id"]
    judged.old_wiki("PUT", f"content/{other}/move/append/{page_id}")
    back = {"operationKey": "restore", "params": {"versionNumber": 1, "message": "back"}}
    judged.old_wiki("POST", f"content/{page_id}/version", back)
    task = judged.old_wiki("POST", "content/archive", {"pages": [{"id": int(other)}]}).json()
    judged.old_wiki("GET", f"longtask/{task['id']}")


def use_attachments_v1(judged: Client, path: str) -> None:
    attached = f"/wiki/rest/api/{path}/child/attachment"
    made = judged.call("POST", attached, **UPLOAD).json()["results"][0]["id"]
    judged.call("PUT", attached, **UPLOAD)
    judged.call("POST", f"{attached}/{made}/data", **UPLOAD)
    described = {"id": made, "type": "attachment", "title": "b.txt", "version": {"number": 4}}
    assert judged.call("PUT", f"{attached}/{made}", described).status_code == 200
    judged.call("GET", f"{attached}/{made}/download")


SCENES = {
    "reading Jira v3": lambda box, judged: read_jira(box, judged, 3),
    "searching Jira v3": lambda _box, judged: search_jira(judged, 3),
    "writing Jira v3": lambda box, judged: write_jira(box, judged, 3),
    "reading Jira v2": lambda box, judged: read_jira(box, judged, 2),
    "searching Jira v2": lambda _box, judged: search_jira(judged, 2),
    "writing Jira v2": lambda box, judged: write_jira(box, judged, 2),
    "Confluence v2": use_confluence_v2,
    "Confluence v1": use_confluence_v1,
}


def served(box: Sandbox) -> set[tuple[str, str]]:
    """Method and template of every REST operation, written as the contracts write paths."""
    found = set()
    for rule in make_app(box.site, box).url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "{}", re.sub(r"<any\([^>]+>", "3", rule.rule)).removeprefix(
            "/wiki/api/v2"
        )
        if not rule.endpoint.startswith(("jira.", "confluence.", "confluence-v1.")):
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            found.add((method, path))
            if path.startswith("/rest/api/3/"):
                found.add((method, path.replace("/3/", "/2/", 1)))
    return found
