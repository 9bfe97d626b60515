"""The Data Center flavour's Jira: user names, tokens, epics by name and link, searches by offset."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bridge.sandbox import Sandbox
from tests.sandbox.client import errors, message
from tests.sandbox.server_client import EPIC_LINK, EPIC_NAME, START_DATE, ServerClient, get


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter") as box:
        yield box


@pytest.fixture
def api(server: Sandbox) -> Iterator[ServerClient]:
    with ServerClient.of(server) as client:
        yield client


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


class TestTheSite:
    def test_the_ready_line(self, server: Sandbox) -> None:
        ready = server.ready
        assert ready["jira"].endswith("/jira")
        assert ready["confluence"].endswith("/confluence")
        assert (ready["flavour"], ready["email"]) == ("datacenter", "bridge")
        assert (ready["projects"], ready["space"]) == (["MKT", "IT"], "MKT")

    def test_it_says_what_it_is(self, server: Sandbox) -> None:
        info = get(server, "/jira/rest/api/2/serverInfo").json()
        assert (info["deploymentType"], info["versionNumbers"][:2]) == ("Server", [10, 3])
        assert info["baseUrl"] == server.ready["jira"]

    @pytest.mark.parametrize(
        "path",
        [
            "/rest/api/2/serverInfo",
            "/jira/rest/api/3/serverInfo",
            "/jira/rest/api/2/search/jql?jql=project=MKT",
            "/jira/rest/api/2/issue/createmeta?projectKeys=MKT",
            "/jira/rest/api/2/project/search",
            "/wiki/api/v2/pages",
            "/confluence/api/v2/pages",
            "/wiki/rest/api/content",
            "/_edge/tenant_info",
        ],
    )
    def test_what_only_the_cloud_has_is_not_here(self, server: Sandbox, path: str) -> None:
        token = f"Bearer {server.ready['token']}"
        assert get(server, path, Authorization=token).status_code == 404

    def test_bulkfetch_is_not_here(self, api: ServerClient) -> None:
        sent = {"issueIdsOrKeys": ["MKT-1"]}
        assert api.jira("POST", "issue/bulkfetch", sent).status_code in (404, 405)

    def test_a_file_keeps_its_flavour(self, tmp_path: Path) -> None:
        path = tmp_path / "site.db"
        with Sandbox("datacenter", db=path) as first, ServerClient.of(first) as api:
            key = api.create("MKT", "Epic", summary="Noël")
            token = first.ready["token"]
        with Sandbox("datacenter", db=path) as second, ServerClient.of(second) as api:
            assert second.ready["token"] == token
            assert api.fields(key, EPIC_NAME) == {EPIC_NAME: "Noël"}
        with pytest.raises(ValueError, match="datacenter site, not a cloud one"):
            Sandbox(db=path)

    def test_no_start_date_unless_asked_for(self, server: Sandbox, api: ServerClient) -> None:
        assert "Start date" not in {f["name"] for f in api.jira("GET", "field").json()}
        added = server.site.jira.setup.add_field("Start date", "date")
        key = api.create(**{added.id: "2026-12-01"})
        assert api.fields(key, added.id) == {added.id: "2026-12-01"}
        assert server.site.jira.setup.start_date == added.id
        with Sandbox("datacenter", start_date=True) as other, ServerClient.of(other) as client:
            named = {f["name"]: f["id"] for f in client.jira("GET", "field").json()}
            assert named["Start date"] == START_DATE
        with Sandbox("cloud", start_date=False) as cloud:
            assert cloud.site.jira.setup.start_date is None


class TestSigningIn:
    def test_a_token_by_bearer(self, server: Sandbox) -> None:
        token = f"Bearer {server.ready['token']}"
        for path in ("/jira/rest/api/2/myself", "/confluence/rest/api/user/current"):
            found = get(server, path, Authorization=token)
            assert found.status_code == 200
            assert found.headers["X-AUSERNAME"] == "bridge"

    def test_user_name_and_password(self, server: Sandbox) -> None:
        server.site.people.set_password("Nadia", "s3cret: with colon")
        found = get(
            server, "/jira/rest/api/2/myself", Authorization=basic("nadia", "s3cret: with colon")
        )
        assert found.json()["name"] == "nadia"
        token = server.site.people.issue_token("Nadia")
        as_cloud = basic("nadia@boutique.example", token)
        assert get(server, "/jira/rest/api/2/myself", Authorization=as_cloud).status_code == 401

    def test_wrong_credentials_are_not_anonymous(self, server: Sandbox) -> None:
        for path in ("/jira/rest/api/2/serverInfo", "/confluence/rest/api/space"):
            found = get(server, path, Authorization="Bearer nonsense")
            assert found.status_code == 401
            assert found.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
        assert get(server, "/jira/rest/api/2/serverInfo").status_code == 200

    def test_too_many_wrong_passwords(self, server: Sandbox) -> None:
        wrong = basic("camille", "nope")
        answers = [get(server, "/jira/rest/api/2/myself", Authorization=wrong) for _ in range(4)]
        assert [a.status_code for a in answers] == [401, 401, 401, 403]
        assert answers[-1].headers["X-Seraph-LoginReason"] == "AUTHENTICATION_DENIED"
        assert "CAPTCHA_CHALLENGE" in answers[-1].headers["X-Authentication-Denied-Reason"]

    def test_a_revoked_token_and_a_closed_account(self, server: Sandbox) -> None:
        token = f"Bearer {server.site.people.issue_token('Nadia')}"
        path = "/jira/rest/api/2/myself"
        assert get(server, path, Authorization=token).status_code == 200
        server.site.people.deactivate("Nadia")
        assert get(server, path, Authorization=token).status_code == 401
        server.site.people.change("Nadia", active=True)
        server.site.people.revoke_tokens("Nadia")
        assert get(server, path, Authorization=token).status_code == 401


class TestPeople:
    def test_by_name_and_key_never_by_account(self, server: Sandbox, api: ServerClient) -> None:
        shown = api.jira("GET", "user", params={"username": "camille"}).json()
        assert shown["name"] == "camille"
        assert shown["emailAddress"] == "camille@boutique.example"
        assert api.jira("GET", "user", params={"key": shown["key"]}).json()["name"] == "camille"
        account = server.site.people.find("Camille").account_id
        everything = api.jira("GET", f"issue/{api.create(assignee={'name': 'camille'})}").text
        assert account not in shown["self"] + everything
        assert "accountId" not in everything

    def test_two_addresses_with_the_same_beginning(self, server: Sandbox) -> None:
        made = [server.site.people.add(n, f"jo@{n}.example") for n in ("a", "b", "c")]
        assert [p.username for p in made] == ["jo", "jo2", "jo3"]
        assert len({p.key for p in made}) == 3

    def test_assigning(self, server: Sandbox, api: ServerClient) -> None:
        key = api.create()
        assert api.jira("PUT", f"issue/{key}/assignee", {"name": "vanessa"}).status_code == 204
        assert api.fields(key, "assignee")["assignee"]["name"] == "vanessa"
        assert api.jira("PUT", f"issue/{key}/assignee", {"name": None}).status_code == 204
        assert api.fields(key, "assignee") == {"assignee": None}
        account = server.site.people.find("Camille").account_id
        for raw in ({"name": "nobody"}, {"accountId": account}, "camille"):
            refused = api.jira("PUT", f"issue/{key}", {"fields": {"assignee": raw}})
            assert set(errors(refused)) == {"assignee"}, raw
        server.site.jira.setup.revoke("Nadia", "ASSIGNABLE_USER", "MKT")
        refused = api.jira("PUT", f"issue/{key}", {"fields": {"assignee": {"name": "nadia"}}})
        assert errors(refused)["assignee"] == "User 'nadia' cannot be assigned issues."

    def test_looking_for_people(self, server: Sandbox, api: ServerClient) -> None:
        asked = {"project": "MKT", "username": "van"}
        found = api.jira("GET", "user/assignable/search", params=asked).json()
        assert [p["name"] for p in found] == ["vanessa"]
        server.site.people.deactivate("Vanessa")
        assert api.jira("GET", "user/search", params={"username": "van"}).json() == []
        inactive = {"username": "van", "includeInactive": "true"}
        found = api.jira("GET", "user/search", params=inactive).json()
        assert [(p["name"], p["active"]) for p in found] == [("vanessa", False)]
        assert api.jira("GET", "user/search").status_code == 400

    def test_every_permission_is_told_without_asking(self, api: ServerClient) -> None:
        held = api.jira("GET", "mypermissions", params={"projectKey": "MKT"}).json()["permissions"]
        assert held["EDIT_ISSUES"]["havePermission"]
        assert held["ADMINISTER_PROJECTS"]["havePermission"]
        assert not held["ADMINISTER"]["havePermission"]


class TestEpics:
    def test_the_name_is_required_of_epics_only(self, api: ServerClient) -> None:
        place = {"project": {"key": "MKT"}, "issuetype": {"name": "Epic"}, "summary": "x"}
        refused = api.jira("POST", "issue", {"fields": place})
        assert errors(refused) == {EPIC_NAME: "Epic Name is required."}
        task = {**place, "issuetype": {"name": "Task"}, EPIC_NAME: "x"}
        assert set(errors(api.jira("POST", "issue", {"fields": task}))) == {EPIC_NAME}

    def test_children_carry_the_link(self, server: Sandbox, api: ServerClient) -> None:
        epic, other = api.create(kind="Epic"), api.create(kind="Epic")
        task = api.create("IT", **{EPIC_LINK: epic})
        assert api.fields(task, EPIC_LINK, "parent") == {EPIC_LINK: epic}
        assert [c.key for c in server.site.jira.children(epic)] == [task]
        api.jira("PUT", f"issue/{task}", {"fields": {EPIC_LINK: other}})
        assert api.fields(task, EPIC_LINK) == {EPIC_LINK: other}
        api.jira("PUT", f"issue/{task}", {"fields": {EPIC_LINK: None}})
        assert api.fields(task, EPIC_LINK) == {EPIC_LINK: None}
        history = api.jira("GET", f"issue/{task}?expand=changelog").json()["changelog"]["histories"]
        told = [(i["field"], i["fromString"], i["toString"]) for h in history for i in h["items"]]
        assert told == [("Epic Link", epic, other), ("Epic Link", other, None)]

    def test_parent_is_for_subtasks_only(self, api: ServerClient) -> None:
        epic = api.create(kind="Epic")
        task = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        refused = api.jira("POST", "issue", {"fields": {**task, "parent": {"key": epic}}})
        assert "cannot be set" in errors(refused)["parent"]
        above = api.create()
        part = api.create(kind="Sub-task", parent={"key": above})
        assert api.fields(part, "parent")["parent"]["key"] == above
        assert api.fields(part, EPIC_LINK) == {EPIC_LINK: None}

    @pytest.mark.parametrize("kind", ["Epic", "Sub-task"])
    def test_what_cannot_stand_below_an_epic(self, api: ServerClient, kind: str) -> None:
        epic, task = api.create(kind="Epic"), api.create()
        more = {"parent": {"key": task}} if kind == "Sub-task" else {EPIC_NAME: "x"}
        given = {"project": {"key": "MKT"}, "issuetype": {"name": kind}, "summary": "x", **more}
        refused = api.jira("POST", "issue", {"fields": {**given, EPIC_LINK: epic}})
        assert set(errors(refused)) == {EPIC_LINK}

    def test_the_link_must_name_an_epic(self, api: ServerClient) -> None:
        task = api.create()
        for raw in (task, "MKT-99", {"key": task}, 7):
            refused = api.jira("PUT", f"issue/{task}", {"fields": {EPIC_LINK: raw}})
            assert set(errors(refused)) == {EPIC_LINK}, raw

    def test_queries(self, api: ServerClient) -> None:
        epic = api.create(kind="Epic", summary="Noël")
        below, beside = api.create(**{EPIC_LINK: epic}), api.create()
        part = api.create(kind="Sub-task", parent={"key": below})
        for jql, expected in (
            (f'"Epic Link" = {epic}', [below]),
            (f"cf[10201] in ({epic}, {below})", [below]),
            ('"Epic Link" is empty', [epic, beside, part]),
            ('"epic link" is not empty', [below]),
            (f'"Epic Link" != {epic}', []),
            (f"parent = {below}", [part]),
            (f"parent = {epic}", []),
            ("parent is not empty", [part]),
            ("issuetype = Epic", [epic]),
            ('"Epic Name" ~ noel', [epic]),
        ):
            assert api.found(f"{jql} order by key") == expected, jql

    def test_in_the_language_of_the_site(self) -> None:
        with Sandbox("datacenter", language="fr") as french, ServerClient.of(french) as api:
            epic = french.site.jira.create("MKT", "Epic", "Noël", by="Camille").key
            child = french.site.jira.create("MKT", "Task", "Page", by="Camille", parent=epic).key
            assert api.fields(epic, EPIC_NAME) == {EPIC_NAME: "Noël"}
            assert api.found(f'"Epic Link" = {epic}') == [child]


class TestIssues:
    def test_markup_is_kept_letter_for_letter(self, server: Sandbox, api: ServerClient) -> None:
        markup = (
            "h2. À faire\r\n\r\n*  deux  blancs*\n# [~camille]\n{noformat}<&>{noformat}\\\\ fin  "
        )
        key = api.create(description=markup)
        assert api.fields(key, "description") == {"description": markup}
        api.jira("POST", f"issue/{key}/comment", {"body": "Vu, [~camille] !"})
        (comment,) = api.jira("GET", f"issue/{key}/comment").json()["comments"]
        assert comment["body"] == "Vu, [~camille] !"
        assert "@Camille" in get(server, f"/jira/browse/{key}").text
        assert api.found("text ~ blancs") == [key]

    def test_documents_are_not_taken(self, api: ServerClient) -> None:
        place = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        adf = {"type": "doc", "version": 1, "content": []}
        refused = api.jira("POST", "issue", {"fields": {**place, "description": adf}})
        assert errors(refused) == {"description": "Operation value must be a string"}

    def test_more_than_fifty_at_once(self, api: ServerClient) -> None:
        fields = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        made = api.jira("POST", "issue/bulk", {"issueUpdates": [{"fields": fields}] * 60})
        assert (made.status_code, len(made.json()["issues"])) == (201, 60)

    def test_memory_in_the_same_request(self, api: ServerClient) -> None:
        fields = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        held = [{"key": "bridge", "value": {"step": "a"}}]
        key = api.jira("POST", "issue", {"fields": fields, "properties": held}).json()["key"]
        assert api.jira("GET", f"issue/{key}?properties=bridge").json()["properties"] == {
            "bridge": {"step": "a"}
        }
        held[0]["value"] = {"step": "b"}
        assert api.jira("PUT", f"issue/{key}", {"properties": held}).status_code == 204
        found = api.jira("GET", f"issue/{key}/properties/bridge").json()
        assert found == {"key": "bridge", "value": {"step": "b"}}

    def test_quiet_edits_need_the_right(self, server: Sandbox, api: ServerClient) -> None:
        key = api.create()
        quiet = f"issue/{key}?notifyUsers=false"
        assert api.jira("PUT", quiet, {"fields": {"summary": "y"}}).status_code == 204
        server.site.jira.setup.make_project_admin("Bridge", "MKT", admin=False)
        assert api.jira("PUT", quiet, {"fields": {"summary": "z"}}).status_code == 403
        assert api.fields(key, "summary") == {"summary": "y"}

    def test_linking_needs_the_right(self, server: Sandbox, api: ServerClient) -> None:
        one, other = api.create(), api.create()
        ends = {"inwardIssue": {"key": one}, "outwardIssue": {"key": other}}
        link = {"type": {"name": "Blocks"}, **ends}
        assert api.jira("POST", "issueLink", link).status_code == 201
        (held,) = api.fields(other, "issuelinks")["issuelinks"]
        assert held["inwardIssue"]["key"] == one  # one blocks the other
        server.site.jira.setup.revoke("Bridge", "LINK_ISSUES", "MKT")
        assert api.jira("POST", "issueLink", link).status_code == 401

    def test_history_names_people_by_key(self, api: ServerClient) -> None:
        key = api.create()
        api.jira("PUT", f"issue/{key}", {"fields": {"assignee": {"name": "vanessa"}}})
        (entry,) = api.jira("GET", f"issue/{key}?expand=changelog").json()["changelog"]["histories"]
        (item,) = entry["items"]
        vanessa = api.jira("GET", "user?username=vanessa").json()["key"]
        assert (item["to"], item["toString"], entry["author"]["name"]) == (
            vanessa,
            "Vanessa",
            "bridge",
        )
        assert "fieldId" not in item


class TestSearching:
    def test_pages_by_offset(self, api: ServerClient) -> None:
        keys = [api.create() for _ in range(5)]
        asked = {"jql": "project = MKT order by key", "maxResults": 2, "fields": ["summary"]}
        seen = []
        for start in (0, 2, 4):
            page = api.jira("POST", "search", {**asked, "startAt": start}).json()
            assert (page["total"], page["startAt"], page["maxResults"]) == (5, start, 2)
            seen += [issue["key"] for issue in page["issues"]]
        assert seen == keys
        beyond = api.jira("POST", "search", {**asked, "startAt": 5}).json()
        assert (beyond["issues"], beyond["total"]) == ([], 5)

    def test_nothing_but_the_number(self, api: ServerClient) -> None:
        api.create()
        page = api.jira("GET", "search?jql=project=MKT&maxResults=0").json()
        assert (page["issues"], page["total"]) == ([], 1)

    def test_unbounded_queries_are_allowed(self, api: ServerClient) -> None:
        key = api.create()
        assert api.found("order by created") == [key]
        assert api.found("") == [key]

    def test_people_in_queries(self, api: ServerClient) -> None:
        key = api.create(assignee={"name": "camille"})
        assert api.found("assignee = camille") == [key]
        assert api.found("assignee in (vanessa, Camille) and reporter = currentUser()") == [key]
        refused = api.jira("POST", "search", {"jql": "assignee = nobody"})
        assert message(refused) == "The value 'nobody' does not exist for the field 'assignee'."

    def test_the_index_lags_here_too(self, server: Sandbox, api: ServerClient) -> None:
        server.lag.requests = 2
        key = api.create()
        assert api.found("project = MKT") == []
        assert api.jira("GET", f"issue/{key}").status_code == 200
        assert api.found("project = MKT") == [key]


class TestArranging:
    def test_faults_see_the_paths(self, server: Sandbox, api: ServerClient) -> None:
        server.faults.answer(503, path="/rest/api/content")
        server.faults.answer(429, path="^/jira/rest/api/2/search", headers={"Retry-After": "1"})
        assert api.jira("GET", "myself").status_code == 200
        broken = api.wiki("GET", "content")
        assert (broken.status_code, broken.json()["statusCode"]) == (503, 503)
        limited = api.jira("GET", "search")
        assert (limited.status_code, limited.json()["errors"]) == (429, {})
        assert api.wiki("GET", "content").status_code == 200
        log = [(r.path, r.status, r.fault) for r in server.requests]
        assert ("/confluence/rest/api/content", 503, "status") in log

    def test_the_control_interface(self, server: Sandbox) -> None:
        origin = server.ready["jira"].removesuffix("/jira")
        told = requests.get(f"{origin}/_sandbox", timeout=10).json()
        assert (told["flavour"], told["email"]) == ("datacenter", "bridge")
        made = requests.post(
            f"{origin}/_sandbox/people", json={"name": "Zoé", "email": "zoe@x.example"}, timeout=10
        ).json()
        with ServerClient(server, made["token"]) as zoe:
            assert zoe.jira("GET", "myself").json()["name"] == made["username"] == "zoe"
        refused = requests.post(
            f"{origin}/_sandbox/projects",
            json={"key": "T", "name": "T", "style": "next-gen", "lead": "Camille"},
            timeout=10,
        )
        assert refused.status_code == 400
