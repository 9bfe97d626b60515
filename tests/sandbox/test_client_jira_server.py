"""A client that nobody here wrote, ``jira`` by pycontribs, completes a story against Data Center."""

from collections.abc import Iterator
from typing import Any

import pytest
from jira import JIRA
from jira.exceptions import JIRAError

from bridge.sandbox import Sandbox
from tests.sandbox.server_client import EPIC_LINK, EPIC_NAME, START_DATE


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter", start_date=True) as box:
        yield box


def signed_in(box: Sandbox, **credentials: Any) -> JIRA:
    return JIRA(box.ready["jira"], max_retries=0, get_server_info=True, **credentials)


@pytest.fixture
def jira(server: Sandbox) -> Iterator[JIRA]:
    client = signed_in(server, token_auth=server.ready["token"])
    yield client
    client.close()  # type: ignore[no-untyped-call]  # the client has types almost everywhere


def fields(summary: str, kind: str = "Task", project: str = "MKT", **more: Any) -> dict[str, Any]:
    return {
        "project": {"key": project},
        "issuetype": {"name": kind},
        "summary": summary,
        **more,
    }


def test_it_takes_the_site_for_a_server(jira: JIRA) -> None:
    assert jira.deploymentType == "Server"
    assert not jira._is_cloud  # what its behaviour hangs on
    assert jira.server_info()["version"].startswith("10.3.")
    assert jira.current_user() == "bridge"
    assert jira.myself()["name"] == "bridge"
    assert [p.key for p in jira.projects()] == ["IT", "MKT"]


def test_the_three_ways_to_sign_in(server: Sandbox) -> None:
    server.site.people.set_password("Camille", "chocolat")
    basic = signed_in(server, basic_auth=("camille", "chocolat"))
    assert basic.myself()["displayName"] == "Camille"
    with pytest.warns(DeprecationWarning, match="Cookie"):  # the client's own advice
        cookie = signed_in(server, auth=("camille", "chocolat"))
    assert cookie.session().name == "camille"
    cookie.kill_session()
    with pytest.raises(JIRAError) as refused:
        signed_in(server, token_auth="nonsense").myself()
    assert refused.value.status_code == 401
    for client in (basic, cookie):
        client.close()  # type: ignore[no-untyped-call]  # the same


def test_create_metadata_in_pages(jira: JIRA) -> None:
    kinds = {kind.name: kind.id for kind in jira.project_issue_types("MKT")}
    assert set(kinds) == {"Epic", "Story", "Task", "Sub-task", "Bug"}
    metas = {f.fieldId: f for f in jira.project_issue_fields("MKT", kinds["Epic"])}
    assert metas[EPIC_NAME].required
    assert metas[EPIC_NAME].schema.custom == "com.pyxis.greenhopper.jira:gh-epic-label"
    tasks = {f.fieldId for f in jira.project_issue_fields("MKT", kinds["Task"])}
    assert EPIC_LINK in tasks
    assert EPIC_NAME not in tasks
    assert "parent" not in tasks
    assert "parent" in {f.fieldId for f in jira.project_issue_fields("MKT", kinds["Sub-task"])}


def test_a_campaign_from_epic_to_done(jira: JIRA) -> None:
    names = {f["name"]: f["id"] for f in jira.fields()}
    assert (names["Epic Link"], names["Start date"]) == (EPIC_LINK, START_DATE)
    epic = jira.create_issue(fields=fields("Noël", "Epic", **{EPIC_NAME: "Noël"}))
    child = {EPIC_LINK: epic.key, START_DATE: "2026-12-01", "duedate": "2026-12-10"}
    made = jira.create_issues(
        [
            fields("Page", assignee={"name": "vanessa"}, **child),
            fields("No such person", assignee={"name": "nobody"}, **child),
            fields("Mail", **child),
        ]
    )
    assert [one["status"] for one in made] == ["Success", "Error", "Success"]
    assert "nobody" in str(made[1]["error"])
    page, mail = made[0]["issue"], made[2]["issue"]

    jira.create_issue_link("Blocks", page.key, mail.key)
    (link,) = jira.issue(mail.key).fields.issuelinks
    assert (link.type.inward, link.inwardIssue.key) == ("is blocked by", page.key)

    found = jira.search_issues(f'"Epic Link" = {epic.key} order by key', maxResults=1)
    assert (found.total, [i.key for i in found]) == (2, [page.key])
    everything = jira.search_issues(f'"Epic Link" = {epic.key} order by key', maxResults=False)
    assert [i.key for i in everything] == [page.key, mail.key]
    assert str(jira.issue(page.key).fields.assignee) == "Vanessa"

    steps = {t["to"]["name"]: t["id"] for t in jira.transitions(page)}
    jira.transition_issue(page, steps["Done"])
    assert jira.issue(page.key).fields.status.name == "Done"

    comment = jira.add_comment(page, "Fait, *enfin*.")
    comment.update(body="Fait.")
    assert [c.body for c in jira.comments(page)] == ["Fait."]

    jira.add_issue_property(page, "bridge", {"step": "page"})
    assert [p.key for p in jira.issue_properties(page)] == ["bridge"]
    assert jira.issue_property(page, "bridge").value.step == "page"

    page.update(fields={"duedate": "2026-12-11"}, notify=False)
    jira.assign_issue(page, "camille")
    history = jira.issue(page.key, expand="changelog").changelog.histories
    assert {item.field for entry in history for item in entry.items} >= {
        "duedate",
        "assignee",
        "status",
    }


def test_people(jira: JIRA) -> None:
    assert [u.name for u in jira.search_users(user="cam")] == ["camille"]
    assert jira.user("camille").key.startswith("JIRAUSER")
    names = [u.name for u in jira.search_assignable_users_for_projects("van", "MKT")]
    assert names == ["vanessa"]
    issue = jira.create_issue(fields=fields("x"))
    jira.add_watcher(issue, "nadia")
    assert {w.name for w in jira.watchers(issue).watchers} == {"bridge", "nadia"}
    jira.remove_watcher(issue, "nadia")
    assert {w.name for w in jira.watchers(issue).watchers} == {"bridge"}


def test_a_search_that_is_refused_says_why(jira: JIRA) -> None:
    with pytest.raises(JIRAError, match="Field 'nonsense' does not exist"):
        jira.search_issues("nonsense = 1")
