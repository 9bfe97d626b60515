"""Reading many issues costs as many questions to the store as reading a few."""

import json

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client


def asked(box: Sandbox, client: Client, size: int) -> list[str]:
    """The statements behind one page of a search for whole issues."""
    statements: list[str] = []
    connection = box.site.store._connection  # the only place where they all pass
    connection.set_trace_callback(statements.append)
    query = {"jql": "project = MKT order by key", "fields": ["*all"], "maxResults": size}
    page = client.jira("POST", "search/jql", query).json()
    connection.set_trace_callback(None)
    assert len(page["issues"]) == size
    return statements


def fill(box: Sandbox, count: int) -> None:
    jira = box.site.jira
    epic = jira.create("MKT", "Epic", "Noël", by="Camille").key
    for number in range(count - 1):
        key = jira.create("MKT", "Task", f"Action {number}", by="Camille", parent=epic).key
        jira.link(epic, "Blocks", key, by="Camille")
        jira.comment(key, "fait", by="Vanessa")


def test_a_page_of_twenty_asks_as_often_as_a_page_of_two(box: Sandbox, api: Client) -> None:
    fill(box, 20)
    assert len(asked(box, api, 20)) == len(asked(box, api, 2))


def test_what_is_read_at_once_stays_with_its_issue(box: Sandbox, api: Client) -> None:
    fill(box, 3)
    box.site.jira.comment("MKT-3", "encore", by="Nadia")
    query = {"jql": "project = MKT order by key", "fields": ["comment", "issuelinks", "parent"]}
    epic, one, other = api.jira("POST", "search/jql", query, api=2).json()["issues"]
    said = [c["body"] for c in other["fields"]["comment"]["comments"]]
    assert (said, one["fields"]["comment"]["total"]) == (["fait", "encore"], 1)
    far = [link["outwardIssue"]["key"] for link in epic["fields"]["issuelinks"]]
    assert far == ["MKT-2", "MKT-3"]
    assert other["fields"]["issuelinks"][0]["inwardIssue"]["key"] == "MKT-1"
    assert other["fields"]["parent"]["key"] == "MKT-1"


def test_links_are_found_without_reading_them_all(box: Sandbox, api: Client) -> None:
    fill(box, 2)
    (about_links,) = {one for one in asked(box, api, 2) if "from link" in one}
    plan = [row[3] for row in box.site.store.all(f"explain query plan {about_links}")]
    assert not any("SCAN link" in step for step in plan)


@pytest.mark.parametrize(
    "raw",
    [
        rb'{"fields": {"summary": "a \ud83d b"}}',
        b'{"fields": {"summary": "a \xed\xa0\xbd b"}}',
        json.dumps({"fields": {"summary": "a \ud83d b"}}, ensure_ascii=False).encode(
            "utf-16", "surrogatepass"
        ),
    ],
    ids=["escaped", "raw", "UTF-16"],
)
def test_half_a_character_becomes_a_question_mark(api: Client, raw: bytes) -> None:
    key = api.create()
    kind = {"Content-Type": "application/json"}
    saved = api.call("PUT", f"/rest/api/3/issue/{key}", data=raw, headers=kind)
    assert saved.status_code == 204
    assert api.fields(key, "summary")["summary"] == "a ? b"
