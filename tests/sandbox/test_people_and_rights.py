"""Who is calling, whom one finds, what one may do; and the set-up that clients read first."""

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.people import account_id
from tests.sandbox.client import Client, message


class TestSigningIn:
    def test_the_service_account(self, box: Sandbox, api: Client) -> None:
        me = api.jira("GET", "myself")
        assert me.json()["emailAddress"] == box.ready["email"] == "bridge@boutique.example"
        assert me.headers["X-AACCOUNTID"] == account_id("bridge@boutique.example")

    def test_what_needs_a_login_says_so(self, nobody: Client) -> None:
        for path in ("myself", "configuration", "priority", "label"):
            answer = nobody.jira("GET", path)
            assert answer.status_code == 401
            assert "WWW-Authenticate" in answer.headers
            assert "X-Seraph-LoginReason" not in answer.headers, "nobody tried to sign in"
        assert nobody.wiki("GET", "spaces").status_code == 401
        assert nobody.old_wiki("GET", "user/current").status_code == 401

    def test_a_wrong_token_is_nobody(self, box: Sandbox) -> None:
        """Live sites answer lists empty and issues as missing; the header tells why."""
        key = box.site.jira.create("MKT", "Task", "x", by="Camille").key
        with Client(box.ready["jira"], (box.ready["email"], "wrong")) as stranger:
            assert stranger.jira("GET", "myself").status_code == 401
            assert stranger.jira("GET", "project").json() == []
            assert stranger.jira("GET", f"issue/{key}").status_code == 404
            assert stranger.jira("GET", "serverInfo").status_code == 200
            answer = stranger.jira("GET", "search/jql?jql=project=MKT")
            assert answer.json()["issues"] == []
            assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
            for _ in range(8):
                answer = stranger.jira("GET", "myself")
            assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATION_DENIED"

    @pytest.mark.parametrize("header", ["Basic !!!", "Basic YQ==", "Bearer x", "Nonsense"])
    def test_a_header_that_cannot_be_read(self, nobody: Client, header: str) -> None:
        answer = nobody.jira("GET", "myself", headers={"Authorization": header})
        assert answer.status_code == 401

    def test_tokens_are_kept_as_digests(self, box: Sandbox) -> None:
        token = box.site.people.issue_token("Camille")
        rows = box.site.store.all("select digest from token")
        assert all(token not in row["digest"] for row in rows)
        box.site.people.revoke_tokens("Camille")
        with Client(box.ready["jira"], ("camille@boutique.example", token)) as camille:
            assert camille.jira("GET", "myself").status_code == 401

    def test_a_deactivated_person_is_nobody(self, box: Sandbox, nadia: Client) -> None:
        box.site.people.deactivate("Nadia")
        assert nadia.jira("GET", "myself").status_code == 401


class TestFinding:
    def test_by_the_beginning_of_name_or_address(self, api: Client) -> None:
        def found(query: str) -> list[str]:
            return [p["displayName"] for p in api.jira("GET", f"user/search?query={query}").json()]

        assert found("cam") == ["Camille"]
        assert found("vanessa@boutique.example") == ["Vanessa"]
        assert found("Lumen") == ["Inès (Studio Lumen)"]
        assert found("inès") == ["Inès (Studio Lumen)"]
        assert found("boutique") == []

    def test_a_hidden_address(self, box: Sandbox, api: Client) -> None:
        box.site.people.hide_email("Vanessa")
        assert api.jira("GET", "user/search?query=vanessa@").json() == []
        (vanessa,) = api.jira("GET", "user/search?query=vanessa").json()
        assert "emailAddress" not in vanessa
        assert box.site.people.find("vanessa@boutique.example").name == "Vanessa", (
            "arranging still works"
        )

    def test_without_the_right_to_browse(self, box: Sandbox, nadia: Client) -> None:
        box.site.jira.setup.revoke("Nadia", "USER_PICKER")
        assert nadia.jira("GET", "user/search?query=cam").json() == []
        assert (
            nadia.jira(
                "GET", f"user?accountId={account_id('camille@boutique.example')}"
            ).status_code
            == 403
        )

    def test_names_are_not_accepted_on_cloud(self, api: Client) -> None:
        for path in (
            "user?username=camille",
            "user/search?username=cam",
            "user/assignable/search?username=c&project=MKT",
        ):
            assert api.jira("GET", path).status_code == 400
        assert api.jira("GET", "user/search").status_code == 400
        assert api.jira("GET", "user").status_code == 400

    def test_assignable(self, box: Sandbox, api: Client) -> None:
        def names(query: str) -> list[str]:
            return [p["displayName"] for p in api.jira("GET", f"user/assignable/{query}").json()]

        box.site.people.deactivate("Nadia")
        everyone = [
            "Bridge", "Camille", "Claire", "Hugo", "Inès (Studio Lumen)", "Jonathan", "Sophie", "Vanessa",
        ]  # fmt: skip
        assert names("search?project=MKT") == everyone
        box.site.jira.setup.revoke("Camille", "ASSIGNABLE_USER", "IT")
        assert "Camille" not in names("multiProjectSearch?projectKeys=MKT,IT")
        assert names(f"search?issueKey={api.create()}&query=jon") == ["Jonathan"]
        assert api.jira("GET", "user/assignable/search?project=NO").status_code == 404
        assert api.jira("GET", "user/assignable/search").status_code == 400

    def test_many_by_id(self, box: Sandbox, api: Client) -> None:
        ids = [box.site.people.find(n).account_id for n in ("Camille", "Nadia")]
        page = api.jira(
            "GET", f"user/bulk?accountId={ids[0]}&accountId={ids[1]}&accountId=x"
        ).json()
        assert [p["displayName"] for p in page["values"]] == ["Camille", "Nadia"]


class TestMyPermissions:
    def test_must_be_asked_for(self, api: Client) -> None:
        assert api.jira("GET", "mypermissions").status_code == 400
        assert (
            message(api.jira("GET", "mypermissions?permissions=FLY"))
            == "Unrecognized permission: FLY"
        )

    def test_the_service_account_may_do_all_but_administer_the_site(self, api: Client) -> None:
        everything = ",".join(api.jira("GET", "permissions").json()["permissions"])
        answer = api.jira("GET", f"mypermissions?projectKey=MKT&permissions={everything}").json()
        lacking = {k for k, p in answer["permissions"].items() if not p["havePermission"]}
        assert lacking == {"ADMINISTER", "SYSTEM_ADMIN"}

    def test_somewhere_in_a_project_on_an_issue(self, box: Sandbox, nadia: Client) -> None:
        key = nadia.create("IT")
        box.site.jira.setup.revoke("Nadia", "EDIT_ISSUES", "IT")
        asked = "mypermissions?permissions=EDIT_ISSUES"

        def have(context: str) -> bool:
            answer = nadia.jira("GET", asked + context).json()
            return bool(answer["permissions"]["EDIT_ISSUES"]["havePermission"])

        assert have("") is True
        assert have("&projectKey=MKT") is True
        assert have("&projectKey=IT") is False
        assert have(f"&issueKey={key}") is False
        assert nadia.jira("GET", f"{asked}&projectKey=NO").status_code == 404
        assert nadia.jira("GET", f"{asked}&issueKey=NO-1").status_code == 404

    def test_nobody_has_none(self, nobody: Client) -> None:
        answer = nobody.jira("GET", "mypermissions?permissions=BROWSE_PROJECTS").json()
        assert answer["permissions"]["BROWSE_PROJECTS"]["havePermission"] is False


class TestSetUp:
    def test_company_and_team_managed(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.add_project("TEAM", "Team", style="next-gen", lead="Camille")
        projects = {p["key"]: p for p in api.jira("GET", "project").json()}
        assert (projects["MKT"]["style"], projects["MKT"]["simplified"]) == ("classic", False)
        assert (projects["TEAM"]["style"], projects["TEAM"]["simplified"]) == ("next-gen", True)
        kinds = {k: api.jira("GET", f"project/{k}").json()["issueTypes"] for k in ("MKT", "TEAM")}
        assert {t["id"] for t in kinds["MKT"]} & {t["id"] for t in kinds["TEAM"]} == set()
        assert kinds["TEAM"][0]["scope"]["project"]["id"] == projects["TEAM"]["id"]
        assert [(t["name"], t["hierarchyLevel"]) for t in kinds["MKT"]] == [
            ("Epic", 1), ("Story", 0), ("Task", 0), ("Sub-task", -1), ("Bug", 0),
        ]  # fmt: skip

    def test_projects_are_found(self, box: Sandbox, api: Client, nadia: Client) -> None:
        assert [
            p["key"] for p in api.jira("GET", "project/search?query=info").json()["values"]
        ] == ["IT"]
        page = api.jira("GET", "project/search?maxResults=1").json()
        assert (page["total"], page["isLast"]) == (2, False)
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "IT")
        assert [p["key"] for p in nadia.jira("GET", "project").json()] == ["MKT"]
        assert nadia.jira("GET", "project/IT").status_code == 404

    def test_start_date_is_an_ordinary_custom_field(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.add_field("Start date", "date")
        named = [f for f in api.jira("GET", "field").json() if f["name"] == "Start date"]
        assert [f["id"] for f in named] == ["customfield_10015", "customfield_10030"]
        assert named[0]["schema"] == {
            "type": "date",
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:datepicker",
            "customId": 10015,
        }

    def test_create_metadata(self, box: Sandbox, api: Client) -> None:
        box.site.jira.setup.require("MKT", "duedate", type_name="Task")
        box.site.jira.setup.hide("MKT", "labels", screen="create")
        meta = api.jira("GET", "issue/createmeta/MKT/issuetypes/10002").json()
        fields = {f["fieldId"]: f for f in meta["fields"]}
        assert {f for f, m in fields.items() if m["required"]} == {
            "summary",
            "issuetype",
            "project",
            "reporter",
            "duedate",
        }
        assert "labels" not in fields
        assert fields["issuelinks"]["operations"] == ["add", "copy"]
        assert [p["name"] for p in fields["priority"]["allowedValues"]] == [
            "Highest",
            "High",
            "Medium",
            "Low",
            "Lowest",
        ]
        assert fields["priority"]["hasDefaultValue"] is True
        assert "parent" not in {
            f["fieldId"]
            for f in api.jira("GET", "issue/createmeta/MKT/issuetypes/10000").json()["fields"]
        }

    def test_create_metadata_in_pages(self, api: Client) -> None:
        url = "issue/createmeta/MKT/issuetypes/10002"
        first = api.jira("GET", f"{url}?maxResults=5").json()
        second = api.jira("GET", f"{url}?maxResults=5&startAt=5").json()
        assert (len(first["fields"]), first["total"] > 10, second["startAt"]) == (5, True, 5)
        assert api.jira("GET", f"{url}?maxResults=500").json()["maxResults"] == 200
        assert api.jira("GET", "issue/createmeta/MKT/issuetypes/1").status_code == 400
        assert api.jira("GET", "issue/createmeta/NO/issuetypes").status_code == 400

    def test_metadata_is_for_those_who_may_create(self, box: Sandbox, nadia: Client) -> None:
        box.site.jira.setup.revoke("Nadia", "CREATE_ISSUES", "MKT")
        assert nadia.jira("GET", "issue/createmeta/MKT/issuetypes").status_code == 400

    def test_an_unknown_path(self, api: Client) -> None:
        for path in ("worklog/list", "dashboard", "issue/MKT-1/worklog"):
            assert api.jira("GET", path).status_code == 404
        assert api.call("GET", "/rest/agile/1.0/board").status_code == 404
        assert api.jira("PUT", "serverInfo", {}).status_code == 405
        assert api.jira("GET", "serverInfo", api=4).status_code == 404


class TestRightsInConfluence:
    def test_an_administrator_of_the_site_is_told_so(self, box: Sandbox, api: Client) -> None:
        asked = "user/current?expand=operations"
        assert "administer" not in str(api.old_wiki("GET", asked).json()["operations"])
        with Client.of(box, "Jonathan") as jonathan:
            held = jonathan.old_wiki("GET", asked).json()["operations"]
        assert {"operation": "administer", "targetType": "application"} in held
        assert "operations" not in api.old_wiki("GET", "user/current").json()

    def test_who_was_given_what_in_a_space(self, box: Sandbox, api: Client) -> None:
        space = api.space_id()
        box.site.confluence.spaces.grant("Nadia", "read", "MKT")
        nadia = box.site.people.find("Nadia").account_id
        given = api.wiki("GET", f"spaces/{space}/permissions?limit=250").json()["results"]
        readers = [g["principal"] for g in given if g["operation"]["key"] == "read"]
        assert [reader["type"] for reader in readers] == ["group", "user"]
        assert readers[1]["id"] == nadia
        page = api.wiki("GET", f"spaces/{space}/permissions?limit=2").json()
        assert len(page["results"]) == 2
        assert "next" in page["_links"]
