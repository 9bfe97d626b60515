"""Editing, moving and deleting issues, and what history remembers."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.jira.refusals import NO_ISSUE, not_on_screen
from tests.sandbox.client import Client, adf, errors, message


def edit(api: Client, key: str, query: str = "", **body: Any) -> Any:
    return api.jira("PUT", f"issue/{key}{query}", body)


def test_fields_and_verbs(api: Client) -> None:
    key = api.create(labels=["a", "b"])
    answer = edit(
        api,
        key,
        fields={"duedate": "2026-12-17"},
        update={"labels": [{"add": "c"}, {"remove": "a"}]},
    )
    assert answer.status_code == 204
    assert answer.content == b""
    assert api.fields(key)["labels"] == ["b", "c"]
    assert api.fields(key)["duedate"] == "2026-12-17"
    edit(api, key, update={"labels": [{"set": ["z"]}], "duedate": [{"set": None}]})
    assert (api.fields(key)["labels"], api.fields(key)["duedate"]) == (["z"], None)


def test_the_issue_comes_back_on_demand(api: Client) -> None:
    key = api.create()
    answer = edit(api, key, "?returnIssue=true&expand=names", fields={"summary": "new"})
    assert answer.status_code == 200
    assert answer.json()["fields"]["summary"] == "new"
    assert answer.json()["names"]["duedate"] == "Due date"


def test_properties_come_along_and_a_transition_is_ignored(box: Sandbox, api: Client) -> None:
    key = api.create()
    edit(
        api,
        key,
        fields={"summary": "y"},
        properties=[{"key": "p", "value": 1}],
        transition={"id": "31"},
    )
    assert box.site.jira.properties_of(key) == {"p": 1}
    assert api.fields(key)["status"]["name"] == "To Do"


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"fields": {"foo": 1}}, "foo", not_on_screen("foo")),
        ({"fields": {"project": {"key": "IT"}}}, "project", not_on_screen("project")),
        ({"fields": {"summary": ""}}, "summary", "You must specify a summary of the issue."),
        (
            {"update": {"summary": [{"add": "x"}]}},
            "summary",
            "Field does not support operation 'add'",
        ),
        (
            {"fields": {"issuetype": {"name": "Sub-task"}}},
            "issuetype",
            "The issue type selected is invalid.",
        ),
    ],
)
def test_a_wrong_edit_is_named_and_changes_nothing(
    api: Client, body: dict[str, Any], field: str, sentence: str
) -> None:
    key = api.create(labels=["a"])
    body = {**body, "update": {**body.get("update", {}), "labels": [{"add": "b"}]}}
    refused = edit(api, key, **body)
    assert refused.status_code == 400
    assert errors(refused) == {field: sentence}
    assert api.fields(key)["labels"] == ["a"]


def test_off_the_edit_screen(box: Sandbox, api: Client) -> None:
    box.site.jira.setup.hide("MKT", "Start date", screen="edit")
    key = api.create(customfield_10015="2026-12-01")
    refused = edit(api, key, fields={"customfield_10015": "2026-12-02"})
    assert errors(refused) == {"customfield_10015": not_on_screen("customfield_10015")}
    assert "customfield_10015" not in api.jira("GET", f"issue/{key}/editmeta").json()["fields"]
    box.site.jira.habits.edit_checks_screen = False
    assert edit(api, key, fields={"customfield_10015": "2026-12-02"}).status_code == 204


class TestQuietEdits:
    """``notifyUsers=false`` needs the right to administer the project."""

    def test_with_the_right(self, api: Client) -> None:
        assert (
            edit(api, api.create(), "?notifyUsers=false", fields={"summary": "y"}).status_code
            == 204
        )

    def test_without_it_the_whole_request_is_refused(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.make_project_admin("Bridge", "MKT", admin=False)
        key = api.create()
        refused = edit(api, key, "?notifyUsers=false", fields={"summary": "y"})
        assert refused.status_code == 403
        sentence = "To discard the user notification either admin or project admin permissions are required."
        assert message(refused) == sentence
        assert api.fields(key)["summary"] == "x"

    def test_or_ignored_where_the_site_does_that(self, box: Sandbox, nadia: Client) -> None:
        box.site.jira.habits.quiet_refused = False
        key = nadia.create()
        assert edit(nadia, key, "?notifyUsers=false", fields={"summary": "y"}).status_code == 204
        assert nadia.fields(key)["summary"] == "x"

    def test_a_site_administrator_may(self, box: Sandbox) -> None:
        key = box.site.jira.create("MKT", "Task", "x", by="Camille").key
        with Client.of(box, "Jonathan") as jonathan:
            assert (
                edit(jonathan, key, "?notifyUsers=false", fields={"summary": "y"}).status_code
                == 204
            )


class TestRights:
    def test_who_may_not_edit(self, box: Sandbox, nadia: Client) -> None:
        key = nadia.create()
        box.site.jira.setup.revoke("Nadia", "EDIT_ISSUES", "MKT")
        assert edit(nadia, key, fields={"summary": "y"}).status_code == 403
        assert nadia.jira("PUT", f"issue/{key}/properties/p", 1).status_code == 403
        assert nadia.jira("GET", f"issue/{key}/editmeta").json() == {"fields": {}}

    def test_who_may_not_browse(self, box: Sandbox, api: Client, nadia: Client) -> None:
        key = api.create()
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "MKT")
        for method, path in (
            ("GET", ""),
            ("PUT", ""),
            ("DELETE", ""),
            ("GET", "/comment"),
            ("GET", "/changelog"),
        ):
            answer = nadia.jira(method, f"issue/{key}{path}", {} if method == "PUT" else None)
            assert answer.status_code == 404
            assert message(answer) == NO_ISSUE

    def test_a_security_level(self, box: Sandbox, api: Client, nadia: Client) -> None:
        box.site.jira.setup.add_security_level("MKT", "Confidential", ["Bridge", "Camille"])
        key = api.create(security={"name": "Confidential"})
        assert api.fields(key)["security"]["name"] == "Confidential"
        assert nadia.jira("GET", f"issue/{key}").status_code == 404
        assert nadia.found("project = MKT") == []
        assert api.found("level = Confidential") == [key]
        assert api.found("project = MKT and level is EMPTY") == []

    def test_apps_alone_override_screens(self, api: Client) -> None:
        assert edit(api, api.create(), "?overrideScreenSecurity=true", fields={}).status_code == 403


def test_assigning_needs_no_right_to_edit(box: Sandbox, nadia: Client) -> None:
    key = nadia.create()
    account = box.site.people.find("Nadia").account_id
    box.site.jira.setup.revoke("Nadia", "EDIT_ISSUES", "MKT")
    assert nadia.jira("PUT", f"issue/{key}/assignee", {"accountId": account}).status_code == 204
    assert nadia.fields(key)["assignee"]["accountId"] == account
    assert nadia.jira("PUT", f"issue/{key}/assignee", {"accountId": None}).status_code == 204
    assert nadia.fields(key)["assignee"] is None
    assert "assignee" in errors(nadia.jira("PUT", f"issue/{key}/assignee", {"accountId": "x"}))
    assert nadia.jira("PUT", f"issue/{key}/assignee", {"name": "x"}).status_code == 400


class TestParents:
    def test_changed_and_taken_away(self, box: Sandbox, api: Client) -> None:
        first, second = api.create(kind="Epic"), api.create(kind="Epic")
        key = api.create(parent={"key": first})
        edit(api, key, fields={"parent": {"key": second}})
        assert api.fields(key)["parent"]["key"] == second
        edit(api, key, update={"parent": [{"set": {"none": True}}]})
        assert "parent" not in api.fields(key)
        items = [entry["items"][0] for entry in box.site.jira.history(key)]
        assert [(i["field"], i["fromString"], i["toString"]) for i in items] == [
            ("IssueParentAssociation", first, second),
            ("IssueParentAssociation", second, None),
        ]
        changelog = api.jira("GET", f"issue/{key}/changelog").json()["values"]
        assert "fieldId" not in changelog[0]["items"][0]

    def test_an_epic_goes_and_its_children_stay(self, box: Sandbox, api: Client) -> None:
        epic = api.create(kind="Epic")
        key = api.create(parent={"key": epic})
        assert api.jira("DELETE", f"issue/{epic}").status_code == 204
        assert "parent" not in api.fields(key)
        assert api.found("parent is EMPTY") == [key]


class TestTransitions:
    def test_finishing_and_reopening(self, api: Client) -> None:
        key = api.create()
        steps = {
            t["to"]["name"]: t["id"]
            for t in api.jira("GET", f"issue/{key}/transitions").json()["transitions"]
        }
        done = api.jira("POST", f"issue/{key}/transitions", {"transition": {"id": steps["Done"]}})
        assert done.status_code == 204
        fields = api.fields(key)
        assert fields["status"]["name"] == "Done"
        assert fields["resolution"]["name"] == "Done"
        assert fields["resolutiondate"] is not None
        api.jira("POST", f"issue/{key}/transitions", {"transition": {"id": steps["In Progress"]}})
        assert api.fields(key)["resolution"] is None

    def test_ids_differ_from_project_to_project(self, api: Client) -> None:
        ids = [
            {
                t["id"]
                for t in api.jira("GET", f"issue/{api.create(p)}/transitions").json()["transitions"]
            }
            for p in ("MKT", "IT")
        ]
        assert not ids[0] & ids[1]

    def test_without_the_right_there_are_none(self, box: Sandbox, nadia: Client) -> None:
        key = nadia.create()
        box.site.jira.setup.revoke("Nadia", "TRANSITION_ISSUES", "MKT")
        assert nadia.jira("GET", f"issue/{key}/transitions").json()["transitions"] == []
        refused = nadia.jira("POST", f"issue/{key}/transitions", {"transition": {"id": "31"}})
        assert refused.status_code == 400

    def test_only_steps_that_lead_from_here(self, box: Sandbox, api: Client) -> None:
        steps = [("Start", "In Progress", ["To Do"]), ("Finish", "Done", ["In Progress"])]
        box.site.jira.setup.set_workflow("MKT", steps)
        key = api.create()
        names = [
            t["name"] for t in api.jira("GET", f"issue/{key}/transitions").json()["transitions"]
        ]
        assert names == ["Start"]
        assert api.jira("POST", f"issue/{key}/transitions", {}).status_code == 400


class TestDeleting:
    def test_subtasks_must_be_named(self, api: Client) -> None:
        key = api.create()
        part = api.create(kind="Sub-task", parent={"key": key})
        refused = api.jira("DELETE", f"issue/{key}")
        assert refused.status_code == 400
        assert "deleteSubtasks" in message(refused)
        assert api.jira("DELETE", f"issue/{key}?deleteSubtasks=true").status_code == 204
        assert api.jira("GET", f"issue/{part}").status_code == 404

    def test_it_needs_a_right(self, nadia: Client) -> None:
        assert nadia.jira("DELETE", f"issue/{nadia.create()}").status_code == 403

    def test_a_key_is_never_given_again(self, api: Client) -> None:
        api.jira("DELETE", f"issue/{api.create()}")
        assert api.create() == "MKT-2"
        assert api.found("project = MKT") == ["MKT-2"]


class TestHistory:
    def test_every_change_in_the_words_of_jira(self, box: Sandbox, api: Client) -> None:
        camille, vanessa = (box.site.people.find(n).account_id for n in ("Camille", "Vanessa"))
        key = api.create(assignee={"accountId": camille}, labels=["a"], duedate="2026-12-17")
        edit(
            api,
            key,
            fields={
                "assignee": {"accountId": vanessa},
                "duedate": "2026-12-18",
                "customfield_10015": "2026-12-01",
                "priority": {"id": "1"},
                "description": adf("new"),
                "labels": ["a", "b"],
            },
        )
        (entry,) = api.jira("GET", f"issue/{key}/changelog").json()["values"]
        assert entry["author"]["displayName"] == "Bridge"
        items = {
            i["fieldId"]: (i["fieldtype"], i["from"], i["fromString"], i["to"], i["toString"])
            for i in entry["items"]
        }
        assert items == {
            "assignee": ("jira", camille, "Camille", vanessa, "Vanessa"),
            "duedate": (
                "jira",
                "2026-12-17",
                "2026-12-17 00:00:00.0",
                "2026-12-18",
                "2026-12-18 00:00:00.0",
            ),
            "customfield_10015": ("custom", None, None, "2026-12-01", "2026-12-01"),
            "priority": ("jira", "3", "Medium", "1", "Highest"),
            "description": ("jira", None, None, None, "new"),
            "labels": ("jira", "", "a", "", "a b"),
        }
        assert (
            next(i for i in entry["items"] if i["fieldId"] == "customfield_10015")["field"]
            == "Start date"
        )

    def test_an_edit_that_changes_nothing_leaves_none(self, api: Client) -> None:
        key = api.create(labels=["a"])
        edit(api, key, fields={"labels": ["a"], "summary": "x"})
        assert api.jira("GET", f"issue/{key}/changelog").json()["total"] == 0

    def test_pages_oldest_first_and_expanded_newest_first(self, api: Client) -> None:
        key = api.create()
        for n in range(3):
            edit(api, key, fields={"summary": str(n)})
        page = api.jira("GET", f"issue/{key}/changelog?startAt=1&maxResults=1").json()
        assert (page["total"], page["isLast"]) == (3, False)
        assert page["values"][0]["items"][0]["toString"] == "1"
        histories = api.jira("GET", f"issue/{key}?expand=changelog").json()["changelog"][
            "histories"
        ]
        assert [h["items"][0]["toString"] for h in histories] == ["2", "1", "0"]

    def test_of_many_issues_and_few_fields(self, api: Client) -> None:
        keys = [api.create(), api.create()]
        for key in keys:
            edit(api, key, fields={"summary": "y"})
            edit(api, key, fields={"duedate": "2026-12-17"})
        sent = {"issueIdsOrKeys": keys, "fieldIds": ["duedate"]}
        logs = api.jira("POST", "changelog/bulkfetch", sent).json()["issueChangeLogs"]
        assert [len(log["changeHistories"]) for log in logs] == [1, 1]

    def test_the_time_is_the_readers(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        box.site.people.change("Bridge", timezone="America/New_York")
        assert api.fields(key)["created"].endswith(("-0500", "-0400"))


class TestReading:
    def test_chosen_fields(self, api: Client) -> None:
        key = api.create()
        assert set(api.fields(key, "summary", "duedate")) == {"summary", "duedate"}
        without = api.fields(key, "*all", "-comment", "-description")
        assert "comment" not in without
        assert "summary" in without
        assert "comment" not in api.fields(key, "*navigable")
        assert set(api.jira("GET", f"issue/{key}?fields=id").json()) == {"id"}

    def test_any_case_and_by_id(self, api: Client) -> None:
        key = api.create()
        by_id = api.jira("GET", "issue/10000").json()["key"]
        assert key == by_id == api.jira("GET", f"issue/{key.lower()}").json()["key"]

    def test_rendered_fields(self, api: Client) -> None:
        key = api.create(description=adf("<b>&"))
        rendered = api.jira("GET", f"issue/{key}?expand=renderedFields").json()["renderedFields"]
        assert rendered["description"] == "<p>&lt;b&gt;&amp;</p>"

    def test_many_at_once(self, api: Client) -> None:
        first, second = api.create(), api.create()
        sent = {"issueIdsOrKeys": [second, "10000", "NO-1"], "fields": ["summary"]}
        answer = api.jira("POST", "issue/bulkfetch", sent).json()
        assert [issue["key"] for issue in answer["issues"]] == [first, second]
        assert answer["issueErrors"] == [{"id": "NO-1", "errorMessage": NO_ISSUE}]

    @pytest.mark.parametrize("count", [0, 101])
    def test_not_too_many_nor_none(self, api: Client, count: int) -> None:
        answer = api.jira("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["MKT-1"] * count})
        assert answer.status_code == 400
