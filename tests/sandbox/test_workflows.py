"""Transitions that depend on who asks, workflows by issue type, and screens on the way."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client, adf, errors
from tests.sandbox.server_client import ServerClient

APPROVE = {"name": "Approve", "to": "Done", "from": ["In Progress"]}
START = {"name": "Start", "to": "In Progress", "from": ["To Do"]}


def names(client: Client, key: str) -> list[str]:
    found = client.jira("GET", f"issue/{key}/transitions").json()["transitions"]
    return [step["name"] for step in found]


def take(client: Client, key: str, name: str, **more: Any) -> Any:
    """Take a step by its name, whether it is offered to the client or not."""
    sent = {"transition": {"id": more.pop("id", None) or step_id(client, key, name)}, **more}
    return client.jira("POST", f"issue/{key}/transitions", sent)


def step_id(client: Client, key: str, name: str) -> str:
    found = client.jira("GET", f"issue/{key}/transitions").json()["transitions"]
    return next((step["id"] for step in found if step["name"] == name), "0")


class TestConditions:
    def arrange(self, box: Sandbox, *conditions: str) -> None:
        steps = [START, {**APPROVE, "from": [], "conditions": list(conditions)}]
        box.site.jira.setup.set_workflow("MKT", steps)

    def test_a_group(self, box: Sandbox, nadia: Client, camille: Client) -> None:
        self.arrange(box, "group:deciders")
        box.site.people.join("Camille", "deciders")
        key = nadia.create()
        assert (names(nadia, key), names(camille, key)) == (["Start"], ["Start", "Approve"])
        number = step_id(camille, key, "Approve")
        assert take(nadia, key, "Approve", id=number).status_code == 400
        assert take(camille, key, "Approve").status_code == 204
        box.site.people.join("Camille", "deciders", member=False)
        assert names(camille, key) == []

    def test_a_role(self, box: Sandbox, nadia: Client, camille: Client) -> None:
        self.arrange(box, "role:Approvers | role:Administrators")
        key = nadia.create()
        assert "Approve" in names(camille, key), "the lead administers the project"
        assert "Approve" not in names(nadia, key)
        box.site.jira.setup.cast("MKT", "Approvers", "Nadia")
        assert "Approve" in names(nadia, key)

    def test_a_permission_and_another(self, box: Sandbox, nadia: Client, camille: Client) -> None:
        self.arrange(box, "permission:DELETE_ISSUES", "reporter")
        assert "Approve" not in names(nadia, nadia.create())
        assert "Approve" not in names(camille, nadia.create())
        assert "Approve" in names(camille, camille.create())

    def test_the_assignee(self, box: Sandbox, nadia: Client, camille: Client) -> None:
        self.arrange(box, "assignee")
        account = box.site.people.find("Nadia").account_id
        key = camille.create(assignee={"accountId": account})
        assert ("Approve" in names(nadia, key), "Approve" in names(camille, key)) == (True, False)

    def test_one_person(self, box: Sandbox, nadia: Client, camille: Client) -> None:
        self.arrange(box, "user:" + box.site.people.find("Nadia").account_id)
        key = camille.create()
        assert ("Approve" in names(nadia, key), "Approve" in names(camille, key)) == (True, False)

    def test_what_cannot_be_arranged(self, box: Sandbox) -> None:
        with pytest.raises(LookupError, match="condition"):
            self.arrange(box, "moon:full")
        with pytest.raises(LookupError, match="status"):
            box.site.jira.setup.set_workflow("MKT", [{"name": "x", "to": "Nowhere"}])


class TestByIssueType:
    def test_a_workflow_of_its_own(self, box: Sandbox, api: Client) -> None:
        setup = box.site.jira.setup
        setup.add_status("Legal review", "indeterminate")
        steps = [("Send to legal", "Legal review", ["To Do"]), ("Finish", "Done", ["Legal review"])]
        setup.set_workflow("MKT", steps, type_name="Bug")
        assert names(api, api.create(kind="Bug")) == ["Send to legal"]
        assert "Done" in names(api, api.create(kind="Task"))
        told = {
            kind["name"]: [s["name"] for s in kind["statuses"]]
            for kind in api.jira("GET", "project/MKT/statuses").json()
        }
        assert told["Bug"] == ["To Do", "Legal review", "Done"]
        assert told["Task"] == ["To Do", "In Progress", "Blocked", "Done"]

    def test_another_beginning(self, box: Sandbox, api: Client) -> None:
        setup = box.site.jira.setup
        setup.set_workflow("MKT", [("Finish", "Done", [])], type_name="Bug", initial="Blocked")
        assert api.fields(api.create(kind="Bug"))["status"]["name"] == "Blocked"

    def test_a_type_whose_workflow_has_no_such_status(self, box: Sandbox, api: Client) -> None:
        steps = [("Finish", "Done", ["To Do"])]
        box.site.jira.setup.set_workflow("MKT", steps, type_name="Bug")
        key = api.create(kind="Task")
        assert take(api, key, "In Progress").status_code == 204
        refused = api.jira("PUT", f"issue/{key}", {"fields": {"issuetype": {"name": "Bug"}}})
        assert refused.status_code == 400
        assert "status" in errors(refused)["issuetype"]

    def test_it_survives_a_restart(self, tmp_path: Any) -> None:
        steps = [{"name": "Go", "to": "Done", "conditions": ["group:deciders"]}]
        with Sandbox(db=tmp_path / "box.db") as box:
            box.site.jira.setup.set_workflow("MKT", steps, type_name="Bug")
            box.site.people.join("Camille", "deciders")
        with Sandbox(db=tmp_path / "box.db") as box, Client.of(box, "Camille") as camille:
            assert names(camille, camille.create(kind="Bug")) == ["Go"]


class TestScreens:
    def arrange(self, box: Sandbox) -> None:
        box.site.jira.setup.add_resolution("Won't Do")
        step = {**APPROVE, "from": [], "screen": ["duedate"], "required": ["resolution"]}
        box.site.jira.setup.set_workflow("MKT", [START, step])

    def test_what_it_asks_for(self, box: Sandbox, api: Client) -> None:
        self.arrange(box)
        path = f"issue/{api.create()}/transitions?expand=transitions.fields"
        start, approve = api.jira("GET", path).json()["transitions"]
        assert (start["hasScreen"], start["fields"]) == (False, {})
        assert approve["hasScreen"]
        asked = approve["fields"]
        assert {name: field["required"] for name, field in asked.items()} == {
            "duedate": False,
            "comment": False,
            "resolution": True,
        }
        assert [r["name"] for r in asked["resolution"]["allowedValues"]] == ["Done", "Won't Do"]

    def test_what_is_missing(self, box: Sandbox, api: Client) -> None:
        self.arrange(box)
        key = api.create()
        refused = take(api, key, "Approve")
        assert (refused.status_code, errors(refused)) == (
            400,
            {"resolution": "Resolution is required."},
        )
        wrong = take(api, key, "Approve", fields={"resolution": {"name": "Perhaps"}})
        assert "not valid" in errors(wrong)["resolution"]
        assert api.fields(key)["status"]["name"] == "To Do"

    def test_what_it_sets(self, box: Sandbox, api: Client) -> None:
        self.arrange(box)
        key = api.create()
        done = take(
            api,
            key,
            "Approve",
            fields={"resolution": {"name": "won't do"}, "duedate": "2026-12-17"},
            update={"comment": [{"add": {"body": adf("no time")}}]},
        )
        assert done.status_code == 204, done.text
        fields = api.fields(key)
        assert (fields["resolution"]["name"], fields["duedate"]) == ("Won't Do", "2026-12-17")
        assert fields["comment"]["total"] == 1
        changed = {i["field"] for i in box.site.jira.history(key)[-1]["items"]}
        assert changed == {"status", "resolution", "duedate"}

    def test_what_is_not_on_it(self, box: Sandbox, api: Client) -> None:
        self.arrange(box)
        key = api.create()
        assert take(api, key, "Start", fields={"duedate": "2026-12-17"}).status_code == 400
        both = {"resolution": {"name": "Done"}, "summary": "y"}
        assert "summary" in errors(take(api, key, "Approve", fields=both))

    def test_over_the_control_interface(self, api: Client, nadia: Client) -> None:
        flow = {"key": "MKT", "transitions": [{**START, "conditions": ["group:x | role:y"]}]}
        assert api.call("POST", "/_sandbox/workflows", flow).status_code == 204
        key = nadia.create()
        assert names(nadia, key) == []
        member = {"who": "Nadia", "group": "x"}
        assert api.call("POST", "/_sandbox/groups", member).status_code == 204
        assert names(nadia, key) == ["Start"]
        role = {"who": "Nadia", "role": "y", "key": "MKT"}
        assert api.call("POST", "/_sandbox/roles", role).status_code == 204
        bad = {"key": "MKT", "transitions": [{"name": "x", "to": "Nowhere"}]}
        assert api.call("POST", "/_sandbox/workflows", bad).status_code == 400


def test_on_data_center_too() -> None:
    with Sandbox("datacenter") as box, ServerClient.of(box, "Nadia") as nadia:
        steps = [START, {**APPROVE, "from": [], "conditions": ["group:deciders"]}]
        box.site.jira.setup.set_workflow("MKT", steps)
        key = nadia.create()
        path = f"issue/{key}/transitions"
        assert [s["name"] for s in nadia.jira("GET", path).json()["transitions"]] == ["Start"]
        box.site.people.join("Nadia", "deciders")
        offered = {s["name"]: s["id"] for s in nadia.jira("GET", path).json()["transitions"]}
        assert set(offered) == {"Start", "Approve"}
        step = {"transition": {"id": offered["Approve"]}}
        assert nadia.jira("POST", path, step).status_code == 204
        assert nadia.fields(key, "status")["status"]["name"] == "Done"
