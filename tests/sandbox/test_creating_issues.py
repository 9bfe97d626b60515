"""Creating issues: what is needed, what is refused, what comes with it."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.jira.refusals import not_on_screen
from tests.sandbox.client import Client, adf, errors, message

TASK = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "Newsletter"}


def post(api: Client, version: int = 3, **fields: Any) -> Any:
    return api.jira("POST", "issue", {"fields": {**TASK, **fields}}, api=version)


def test_an_issue_with_everything(box: Sandbox, api: Client) -> None:
    epic = api.create(kind="Epic", summary="Noël")
    vanessa = box.site.people.find("Vanessa").account_id
    sent = {
        "fields": {
            **TASK,
            "parent": {"key": epic},
            "assignee": {"accountId": vanessa},
            "duedate": "2026-12-17",
            "customfield_10015": "2026-12-01",
            "priority": {"name": "High"},
            "labels": ["b", "a"],
            "description": adf("hello"),
        },
        "properties": [{"key": "bridge", "value": {"step": "x"}}],
    }
    made = api.jira("POST", "issue", sent)
    assert made.status_code == 201
    assert made.json() == {
        "id": "10001",
        "key": "MKT-2",
        "self": f"{api.address}/rest/api/3/issue/10001",
    }
    fields = api.fields("MKT-2")
    assert fields["parent"]["key"] == epic
    assert fields["customfield_10014"] == epic, "the deprecated Epic Link"
    assert fields["assignee"]["accountId"] == vanessa
    assert (fields["duedate"], fields["customfield_10015"]) == ("2026-12-17", "2026-12-01")
    assert fields["priority"]["name"] == "High"
    assert fields["labels"] == ["a", "b"]
    assert fields["description"] == adf("hello")
    assert fields["status"]["statusCategory"]["key"] == "new"
    assert fields["reporter"]["emailAddress"] == "bridge@boutique.example"
    assert api.jira("GET", "issue/MKT-2?properties=bridge").json()["properties"] == {
        "bridge": {"step": "x"}
    }


def test_keys_count_per_project(api: Client) -> None:
    assert [api.create("MKT"), api.create("IT"), api.create("MKT")] == ["MKT-1", "IT-1", "MKT-2"]


def test_the_creator_watches(box: Sandbox, api: Client) -> None:
    key = api.create()
    assert box.site.jira.watchers_of(key) == [box.site.people.find("Bridge").account_id]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"summary": None}, "summary", "You must specify a summary of the issue."),
        ({"summary": "  "}, "summary", "You must specify a summary of the issue."),
        ({"summary": "a\nb"}, "summary", "The summary is invalid because it contains newline characters."),
        ({"summary": "x" * 256}, "summary", "Summary can't exceed 255 characters."),
        ({"summary": 7}, "summary", "Operation value must be a string"),
        ({"duedate": "17/12/2026"}, "duedate", "Error parsing date string: 17/12/2026"),
        ({"duedate": "2026-02-30"}, "duedate", "Error parsing date string: 2026-02-30"),
        ({"duedate": "2026-12-17T00:00:00"}, "duedate", "Error parsing date string: 2026-12-17T00:00:00"),
        ({"customfield_10015": "20261217"}, "customfield_10015", "Error parsing date string: 20261217"),
        ({"labels": ["a b"]}, "labels", "The label 'a b' contains spaces which is invalid."),
        ({"labels": "a"}, "labels", "data was not an array"),
        ({"priority": {"name": "Urgent"}}, "priority", "The priority selected is invalid."),
        ({"assignee": {"accountId": "nobody"}}, "assignee", "User 'nobody' cannot be assigned issues."),
        ({"assignee": {"name": "camille"}}, "assignee", "Specify a valid value for assignee"),
        ({"assignee": "camille"}, "assignee", "data was not an object"),
        ({"project": {"key": "NO"}}, "project", "valid project is required"),
        ({"issuetype": {"name": "Nope"}}, "issuetype", "Specify a valid issue type"),
        ({"parent": {"key": "MKT-99"}}, "parent", "Could not find issue by id or key."),
        ({"foo": 1}, "foo", not_on_screen("foo")),
        ({"status": {"name": "Done"}}, "status", not_on_screen("status")),
        ({"created": "2026-01-01"}, "created", not_on_screen("created")),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(
    api: Client, fields: dict[str, Any], field: str, sentence: str
) -> None:
    refused = post(api, **fields)
    assert refused.status_code == 400
    assert errors(refused) == {field: sentence}


def test_every_problem_is_said_at_once(api: Client) -> None:
    refused = post(api, summary=None, duedate="soon", labels=["a b"], foo=1)
    assert set(errors(refused)) == {"summary", "duedate", "labels", "foo"}


class TestRichText:
    """ADF in version 3, wiki markup in version 2; the same text either way."""

    def test_markup_is_refused_in_version_3(self, api: Client) -> None:
        refused = post(api, description="plain")
        expected = (
            "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        )
        assert errors(refused) == {"description": expected}

    def test_adf_is_refused_in_version_2(self, api: Client) -> None:
        assert errors(post(api, 2, description=adf("x"))) == {
            "description": "Operation value must be a string"
        }

    @pytest.mark.parametrize(
        "content",
        [
            [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}],
            [{"type": "fancy", "content": []}],
            [{"type": "listItem", "content": []}],
            [{"type": "heading", "content": []}],
            [
                {
                    "type": "paragraph",
                    "content": [{"type": "text", "text": "x", "marks": [{"type": "blink"}]}],
                }
            ],
        ],
        ids=["empty text", "unknown node", "wrong nesting", "missing attribute", "unknown mark"],
    )
    def test_invalid_adf_is_refused(self, api: Client, content: list[Any]) -> None:
        refused = post(api, description={"type": "doc", "version": 1, "content": content})
        assert refused.status_code == 400
        assert errors(refused) == {"description": "INVALID_INPUT"}

    def test_what_goes_in_as_markup_comes_out_as_both(self, api: Client) -> None:
        key = post(api, 2, description="Offre *forte*").json()["key"]
        assert (
            api.jira("GET", f"issue/{key}", api=2).json()["fields"]["description"]
            == "Offre *forte*"
        )
        strong = {"type": "text", "text": "forte", "marks": [{"type": "strong"}]}
        assert api.fields(key)["description"]["content"][0]["content"][1] == strong


class TestParents:
    def test_an_epic_in_another_company_managed_project(self, api: Client) -> None:
        epic = api.create("MKT", "Epic")
        assert api.fields(api.create("IT", parent={"key": epic}))["parent"]["key"] == epic

    def test_not_the_level_directly_above(self, api: Client) -> None:
        task = api.create()
        refused = post(api, parent={"key": task})
        expected = {"parentId": "Given parent work item does not belong to appropriate hierarchy."}
        assert errors(refused) == expected

    def test_a_subtask_needs_a_parent(self, api: Client) -> None:
        refused = post(api, issuetype={"name": "Sub-task"})
        expected = "Issue type is a sub-task but parent issue key or id not specified."
        assert errors(refused) == {"parent": expected}

    def test_a_subtask_stays_in_the_project_of_its_parent(self, api: Client) -> None:
        task = api.create("MKT")
        assert post(api, issuetype={"name": "Sub-task"}, parent={"key": task}).status_code == 201
        refused = post(
            api, project={"key": "IT"}, issuetype={"name": "Sub-task"}, parent={"key": task}
        )
        assert "parentId" in errors(refused)

    def test_an_epic_has_no_parent_here(self, api: Client) -> None:
        epic = api.create(kind="Epic")
        assert errors(post(api, issuetype={"name": "Epic"}, parent={"key": epic})) == {
            "parent": not_on_screen("parent")
        }

    def test_a_team_managed_project_keeps_to_itself(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.add_project("TEAM", "Team", style="next-gen", lead="Camille")
        epic = api.create("MKT", "Epic")
        assert "parentId" in errors(post(api, project={"key": "TEAM"}, parent={"key": epic}))
        own = api.create("TEAM", "Epic")
        assert api.create("TEAM", parent={"key": own}) == "TEAM-2"
        assert "parentId" in errors(post(api, parent={"key": own}))


class TestScreens:
    def test_a_field_made_required(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.require("MKT", "Start date", type_name="Task")
        assert errors(post(api)) == {"customfield_10015": "Start date is required."}
        assert post(api, customfield_10015="2026-12-01").status_code == 201
        assert post(api, issuetype={"name": "Epic"}).status_code == 201, "of tasks only"

    def test_a_field_taken_off_the_create_screen(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.hide("MKT", "duedate", screen="create")
        assert errors(post(api, duedate="2026-12-17")) == {"duedate": not_on_screen("duedate")}
        edited = api.jira("PUT", f"issue/{api.create()}", {"fields": {"duedate": "2026-12-17"}})
        assert edited.status_code == 204, "it is still on the edit screen"

    def test_a_select_list(self, box: Sandbox, api: Client) -> None:
        field = box.site.jira.setup.add_field("Channel", "option", ["Newsletter", "Shop"])
        key = post(api, 3, **{field.id: {"value": "Shop"}}).json()["key"]
        assert api.fields(key)[field.id]["value"] == "Shop"
        refused = errors(post(api, 3, **{field.id: {"value": "Radio"}}))
        assert refused == {
            field.id: "Option value 'Radio' is not valid. Allowed values: Newsletter, Shop"
        }

    @pytest.mark.parametrize(
        ("kind", "value", "wrong"),
        [
            ("number", 3.5, "3.5"),
            ("text", "short", 3),
            ("datetime", "2026-12-01T10:00:00.000+0100", "soon"),
            ("options", [{"value": "a"}], [{"value": "c"}]),
            ("labels", ["a"], ["a b"]),
            ("richtext", adf("x"), "x"),
        ],
    )
    def test_custom_fields_of_every_kind(
        self, box: Sandbox, api: Client, kind: str, value: Any, wrong: Any
    ) -> None:
        field = box.site.jira.setup.add_field(
            "Extra", kind, ["a", "b"] if kind == "options" else []
        )
        key = post(api, **{field.id: value}).json()["key"]
        shown = api.fields(key)[field.id]
        if kind == "options":
            assert [option["value"] for option in shown] == ["a"]
        else:
            assert shown == value
        assert post(api, **{field.id: wrong}).status_code == 400


class TestRights:
    def test_who_may_not_create(self, box: Sandbox, nadia: Client) -> None:
        box.site.jira.setup.revoke("Nadia", "CREATE_ISSUES", "MKT")
        refused = post(nadia)
        assert refused.status_code == 403
        assert errors(refused) == {
            "project": "You do not have permission to create issues in this project."
        }

    def test_who_may_not_see_the_project(self, box: Sandbox, nadia: Client) -> None:
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "MKT")
        assert errors(post(nadia)) == {"project": "valid project is required"}

    @pytest.mark.parametrize(
        ("right", "field", "value"),
        [
            ("ASSIGN_ISSUES", "assignee", None),
            ("SCHEDULE_ISSUES", "duedate", "2026-12-17"),
            ("MODIFY_REPORTER", "reporter", None),
        ],
    )
    def test_a_field_that_needs_a_right(
        self, box: Sandbox, nadia: Client, right: str, field: str, value: Any
    ) -> None:
        box.site.jira.setup.revoke("Nadia", right, "MKT")
        assert errors(post(nadia, **{field: value})) == {field: not_on_screen(field)}

    def test_only_assignable_and_active_people_are_assigned(
        self, box: Sandbox, api: Client
    ) -> None:
        people, setup = box.site.people, box.site.jira.setup
        setup.revoke("Nadia", "ASSIGNABLE_USER", "MKT")
        people.deactivate("Vanessa")
        for name in ("Nadia", "Vanessa"):
            account = people.find(name).account_id
            expected = {"assignee": f"User '{account}' cannot be assigned issues."}
            assert errors(post(api, assignee={"accountId": account})) == expected

    def test_nobody(self, nobody: Client) -> None:
        assert post(nobody).status_code == 401


class TestBulk:
    def test_part_of_it_fails(self, api: Client) -> None:
        good, bad = {"fields": TASK}, {"fields": {**TASK, "summary": ""}}
        answer = api.jira("POST", "issue/bulk", {"issueUpdates": [good, bad, good]})
        assert answer.status_code == 201
        assert [issue["key"] for issue in answer.json()["issues"]] == ["MKT-1", "MKT-2"]
        assert answer.json()["errors"] == [
            {
                "status": 400,
                "failedElementNumber": 1,
                "elementErrors": {
                    "errorMessages": [],
                    "errors": {"summary": "You must specify a summary of the issue."},
                },
            }
        ]

    def test_all_of_it_fails(self, api: Client) -> None:
        answer = api.jira("POST", "issue/bulk", {"issueUpdates": [{"fields": {}}, {"fields": {}}]})
        assert answer.status_code == 400
        assert answer.json()["issues"] == []
        assert [e["failedElementNumber"] for e in answer.json()["errors"]] == [0, 1]

    def test_more_than_fifty(self, api: Client) -> None:
        answer = api.jira("POST", "issue/bulk", {"issueUpdates": [{"fields": TASK}] * 51})
        assert answer.status_code == 400
        assert "50" in message(answer)
        assert api.found("project = MKT") == []

    def test_properties_come_along(self, box: Sandbox, api: Client) -> None:
        update = {"fields": TASK, "properties": [{"key": "bridge", "value": 1}]}
        api.jira("POST", "issue/bulk", {"issueUpdates": [update]})
        assert box.site.jira.properties_of("MKT-1") == {"bridge": 1}

    def test_a_failing_element_leaves_no_trace(self, box: Sandbox, api: Client) -> None:
        update = {"fields": TASK, "properties": [{"key": "x" * 256, "value": 1}]}
        assert api.jira("POST", "issue/bulk", {"issueUpdates": [update]}).status_code == 400
        assert box.site.jira.all_issues() == []


def test_a_link_at_creation(box: Sandbox, api: Client) -> None:
    first = api.create()
    add = {"type": {"name": "Blocks"}, "outwardIssue": {"key": first}}
    made = api.jira("POST", "issue", {"fields": TASK, "update": {"issuelinks": [{"add": add}]}})
    assert box.site.jira.links_of(made.json()["key"]) == [("blocks", first)]


def test_a_field_in_both_parts_is_refused(api: Client) -> None:
    sent = {"fields": {**TASK, "labels": ["a"]}, "update": {"labels": [{"add": "b"}]}}
    assert "labels" in errors(api.jira("POST", "issue", sent))


def test_a_body_that_is_not_json(api: Client) -> None:
    headers = {"Content-Type": "application/json"}
    broken = api.call("POST", "/rest/api/3/issue", data="{", headers=headers)
    assert broken.status_code == 400
    plain = api.call("POST", "/rest/api/3/issue", data="x", headers={"Content-Type": "text/plain"})
    assert plain.status_code == 415


def test_a_french_site(camille: Client) -> None:
    with Sandbox(language="fr") as box, Client.of(box) as api:
        key = api.create(kind="Tâche")
        fields = api.fields(key)
        assert fields["status"]["name"] == "À faire"
        assert fields["issuetype"]["name"] == "Tâche"
        names = {f["id"]: f["name"] for f in api.jira("GET", "field").json()}
        assert names["duedate"] == "Date d'échéance"
        assert names["customfield_10015"] == "Date de début"
        assert api.found('project = MKT and status = "À faire"') == [key]
        assert box.site.jira.create("MKT", "Task", "x", by="Camille").key == "MKT-2", (
            "arranging is in English"
        )
    assert camille.create() == "MKT-1"
