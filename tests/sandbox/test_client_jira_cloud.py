"""The `jira` package (pycontribs), unmodified, tells a whole story against the sandbox as Cloud."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from jira import JIRA, JIRAError

from bridge.sandbox import Sandbox

SCOPES = ("read:jira-work", "write:jira-work", "read:jira-user")


def connected(address: str, email: str, token: str) -> JIRA:
    return JIRA(address, basic_auth=(email, token), max_retries=0)


@pytest.fixture(params=["site", "gateway"])
def jira(request: pytest.FixtureRequest, box: Sandbox) -> Iterator[JIRA]:
    """Signed in at the site with a classic token, or at the gateway with one that has scopes."""
    email, token, address = box.ready["email"], box.ready["token"], box.ready["jira"]
    if request.param == "gateway":
        token = box.site.people.issue_token(email, scopes=SCOPES)
        address = f"{address}/ex/jira/{box.site.cloud_id}"
    client = connected(address, email, token)
    yield client
    client.close()  # type: ignore[no-untyped-call]  # not typed


def task(summary: str, **more: Any) -> dict[str, Any]:
    return {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": summary, **more}


def test_connecting(box: Sandbox, jira: JIRA) -> None:
    assert jira.server_info()["deploymentType"] == "Cloud"
    assert jira.server_info()["baseUrl"] == box.ready["jira"]
    assert jira.myself()["accountId"] == box.site.people.find("Bridge").account_id
    assert [p.key for p in jira.projects()] == ["IT", "MKT"]


def test_a_wrong_token_is_refused(box: Sandbox) -> None:
    with pytest.raises(JIRAError) as refused:
        connected(box.ready["jira"], box.ready["email"], "wrong").myself()
    assert refused.value.status_code == 401


def test_create_metadata(jira: JIRA) -> None:
    (project,) = jira.createmeta("MKT", expand="projects.issuetypes.fields")["projects"]
    kinds = {kind["name"]: kind["fields"] for kind in project["issuetypes"]}
    assert {"Epic", "Task", "Sub-task"} <= set(kinds)
    assert kinds["Task"]["summary"]["required"]
    assert not kinds["Task"]["duedate"]["required"]


def test_a_bulk_of_which_one_fails(jira: JIRA) -> None:
    asked = [task("one"), task("two", duedate="tomorrow"), task("three")]
    first, second, third = jira.create_issues(asked)
    assert (first["status"], second["status"], third["status"]) == ("Success", "Error", "Success")
    assert "duedate" in str(second["error"])
    assert [first["issue"].key, third["issue"].key] == ["MKT-1", "MKT-2"]
    assert third["issue"].fields.summary == "three"


def test_links_read_in_both_directions(jira: JIRA) -> None:
    blocker, blocked = (jira.create_issue(fields=task(n)) for n in ("blocker", "blocked"))
    jira.create_issue_link("Blocks", blocker.key, blocked.key)
    (out,) = jira.issue(blocker.key).fields.issuelinks
    (back,) = jira.issue(blocked.key).fields.issuelinks
    assert (out.type.outward, out.outwardIssue.key) == ("blocks", blocked.key)
    assert (back.type.inward, back.inwardIssue.key) == ("is blocked by", blocker.key)


def test_a_search_page_by_page(jira: JIRA) -> None:
    jira.create_issues([task(f"n{n}") for n in range(30)])
    page = jira.enhanced_search_issues("project = MKT order by key", maxResults=10)
    assert [len(page), bool(page.nextPageToken)] == [10, True]
    every = jira.enhanced_search_issues("project = MKT order by key", maxResults=0)
    assert [issue.key for issue in every] == [f"MKT-{n}" for n in range(1, 31)]
    assert [i.key for i in jira.search_issues("project = MKT order by key desc", maxResults=2)] == [
        "MKT-30",
        "MKT-29",
    ]
    assert jira.approximate_issue_count("project = MKT") == 30
    with pytest.raises(JIRAError, match="does not exist"):
        jira.enhanced_search_issues("nonsense = 1")


def test_the_life_of_an_issue(jira: JIRA) -> None:
    epic = jira.create_issue(fields=task("Epic", issuetype={"name": "Epic"}))
    issue = jira.create_issue(
        fields=task("Page", description="*bold*", parent={"key": epic.key}, duedate="2026-12-17")
    )
    assert (issue.fields.description, issue.fields.parent.key) == ("*bold*", epic.key)
    (camille,) = jira.search_users(query="camille")
    jira.assign_issue(issue, camille.accountId)
    issue.update(summary="Landing page", fields={"labels": ["bridge"]})
    issue.add_field_value("labels", "urgent")
    steps = {step["name"]: step["id"] for step in jira.transitions(issue)}
    jira.transition_issue(issue, steps["In Progress"], comment="under way")
    jira.transition_issue(issue, "Done")
    read = jira.issue(issue.key, expand="changelog")
    assert (read.fields.status.name, str(read.fields.assignee)) == ("Done", "Camille")
    assert (read.fields.summary, read.fields.labels) == ("Landing page", ["bridge", "urgent"])
    changed = {item.field for entry in read.changelog.histories for item in entry.items}
    assert {"assignee", "summary", "labels", "status", "resolution"} <= changed
    issue.delete()  # type: ignore[no-untyped-call]  # not typed
    with pytest.raises(JIRAError) as gone:
        jira.issue(issue.key)
    assert gone.value.status_code == 404


def test_comments_and_properties(jira: JIRA) -> None:
    issue = jira.create_issue(fields=task("x"))
    comment = jira.add_comment(issue, "first")
    comment.update(body="second")
    assert [c.body for c in jira.comments(issue)] == ["second"]
    comment.delete()
    assert jira.comments(issue) == []
    jira.add_issue_property(issue, "bridge", {"step": "select"})
    assert [p.key for p in jira.issue_properties(issue)] == ["bridge"]
    assert jira.issue_property(issue, "bridge").value.step == "select"


def test_attachments(jira: JIRA) -> None:
    issue = jira.create_issue(fields=task("x"))
    jira.add_attachment(issue, io.BytesIO(b"a brief"), "brief.txt")
    (attached,) = jira.issue(issue.key).fields.attachment
    assert (attached.filename, attached.size) == ("brief.txt", 7)
    if "/ex/" in jira.server_url:  # its content is at the site, which refuses tokens with scopes
        with pytest.raises(JIRAError, match="401"):
            attached.get()  # type: ignore[no-untyped-call]  # not typed
    else:
        assert attached.get() == b"a brief"  # type: ignore[no-untyped-call]  # not typed
    jira.delete_attachment(attached.id)
    assert jira.issue(issue.key).fields.attachment == []


def test_what_else_it_looks_at(jira: JIRA) -> None:
    issue = jira.create_issue(fields=task("x"))
    assert jira.watchers(issue).watchCount == 1
    assert next(p.name for p in jira.priorities()) == "Highest"
    assert "Blocks" in [kind.name for kind in jira.issue_link_types()]
    assert {s.name for s in jira.statuses()} >= {"To Do", "Done"}
    assert [r.name for r in jira.resolutions()] == ["Done"]
    jira.add_simple_link(issue.key, {"url": "https://shop.example/", "title": "Shop"})
    assert len(jira.remote_links(issue)) == 1
    jira.add_attachment(issue, io.BytesIO(b"x"), "x.txt")
    assert jira.my_permissions("MKT", permissions="EDIT_ISSUES")["permissions"]["EDIT_ISSUES"][
        "havePermission"
    ]
