"""``was`` and ``changed``, and the functions and fields that Jira users' saved queries are full of."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client, message

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(box: Sandbox, api: Client) -> str:
    """Created on the 1st, started by Camille on the 3rd, done by Nadia on the 5th; another untouched."""
    clock = [BEGIN]
    box.now = lambda: clock[0]
    key = api.create(priority={"name": "Low"})
    api.create()
    jira = box.site.jira
    clock[0] = BEGIN + timedelta(days=2)
    jira.edit(key, by="Camille", assignee="Vanessa", priority="High")
    jira.transition(key, "In Progress", by="Camille")
    clock[0] = BEGIN + timedelta(days=4)
    jira.transition(key, "Done", by="Nadia")
    clock[0] = BEGIN + timedelta(days=9)
    return key


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ('status was "In Progress"', True),
        ('status was "To Do"', True),
        ("status was Blocked", False),
        ('status was in (Blocked, "In Progress")', True),
        ("status was not Blocked", True),
        ('status was not in ("In Progress")', False),
        ('not status was "In Progress"', False),
        ('status was "In Progress" by Camille', True),
        ('status was "In Progress" by Nadia', False),
        ('status was "In Progress" by (Nadia, Camille)', True),
        ('status was "In Progress" after "2026-12-05 12:00"', False),
        ('status was "In Progress" after "2026-12-04"', True),
        ('status was "In Progress" before "2026-12-03"', False),
        ('status was "In Progress" on "2026-12-04"', True),
        ('status was "In Progress" on "2026-12-06"', False),
        ('status was "In Progress" during ("2026-12-01", "2026-12-03")', True),
        ("status was Done after -7d", True),
        ("status changed", True),
        ("status changed by Nadia", True),
        ("status changed by Vanessa", False),
        ('status changed from "To Do" to "In Progress"', True),
        ("status changed from Done", False),
        ('status changed to Done during ("2026-12-05", "2026-12-05")', True),
        ("status changed after startOfDay()", False),
        ("status changed to Done after startOfMonth() before endOfMonth()", True),
        ("assignee was empty", True),
        ("assignee changed from EMPTY to Vanessa", True),
        ("assignee was currentUser()", False),
        ("priority was Low and priority = High", True),
        ("resolution changed to Done", True),
        ("not status changed", False),
    ],
)
def test_the_history_of_a_field(api: Client, story: str, jql: str, found: bool) -> None:
    assert (story in api.found(f"project = MKT and {jql}")) is found


@pytest.mark.parametrize(
    ("jql", "sentence"),
    [
        ("summary was x", "The operator 'was' is not supported by the 'summary' field."),
        ("labels changed", "The operator 'changed' is not supported by the 'labels' field."),
        ("status was Nonsense", "The value 'Nonsense' does not exist for the field 'status'."),
        (
            "status was Done from Blocked",
            "The predicate 'from' is not supported by the operator 'was'.",
        ),
        (
            'status changed during ("2026-12-01")',
            "The predicate 'during' of 'status' does not take",
        ),
        ("status changed after soon", "Date value 'soon' for field 'status' is invalid."),
        ("status changed upon x", "Error in the JQL Query: "),
        ('fixVersion = "1.0"', "The value '1.0' does not exist for the field 'fixVersion'."),
        ("assignee in membersOf(nobody)", "the group does not exist"),
    ],
)
def test_what_is_wrong_with_it(api: Client, jql: str, sentence: str) -> None:
    refused = api.jira("POST", "search/jql", {"jql": jql})
    assert refused.status_code == 400
    assert sentence in message(refused)


def test_people_and_their_issues(box: Sandbox, api: Client, story: str) -> None:
    box.site.people.join("Vanessa", "Shop Team")
    box.site.people.join("Nadia", "shop team")
    assert api.found('assignee in membersOf("shop team")') == [story]
    assert api.found("assignee not in membersOf('shop team')") == []
    assert api.found("key in updatedBy(Nadia)") == [story]
    assert api.found("key in updatedBy(Nadia, '2026-12-01', '2026-12-04')") == []
    assert api.found('key in updatedBy(Nadia, "-7d")') == [story]
    assert len(api.found("key in watchedIssues()")) == 2
    assert len(api.found("watcher = currentUser()")) == 2


def test_fields_that_saved_queries_name(api: Client, story: str) -> None:
    assert api.found("fixVersion is empty and component is EMPTY and key = " + story) == [story]
    assert api.found("project = MKT order by Rank asc")[0] == story
    assert api.found("project = MKT order by Rank desc")[1] == story
    assert api.found("attachments is not empty") == []
    assert len(api.found("attachments is empty and project = MKT")) == 2


def test_the_structure_of_it(api: Client) -> None:
    query = 'status was not in (Done) after "2026-12-01" and assignee changed by currentUser()'
    (told,) = api.jira("POST", "jql/parse", {"queries": [query]}).json()["queries"]
    was, changed = told["structure"]["where"]["clauses"]
    assert (was["operator"], was["predicates"][0]["operator"]) == ("was not in", "after")
    assert (changed["operator"], changed["predicates"][0]["operator"]) == ("changed", "by")
