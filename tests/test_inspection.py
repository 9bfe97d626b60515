"""Looking around: what is asked of Cloud and of Data Center, and what is made of the answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from bridge.atlassian import inspection_wire as wire
from bridge.atlassian.confluence_inspection import CloudInspection, DataCenterInspection
from bridge.atlassian.inspection import JiraInspection
from bridge.atlassian.transport import Credentials, Fence, Transport
from bridge.atlassian.wire import Product
from bridge.errors import BadAnswer, NotSignedIn, Refused
from bridge.site import Limited, Project, Readers, Space
from bridge.team import Person
from bridge.tracker import Account, Status

JIRA = "https://jira.boutique.example/jira"
WIKI = "https://wiki.boutique.example"
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
DATA_CENTER = {"deploymentType": "Server", "version": "10.3.24", "serverTitle": "Boutique"}
CLOUD = {"deploymentType": "Cloud", "version": "1001.0.0-SNAPSHOT"}


@pytest.fixture
def net() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


def transport(product: Product, url: str) -> Transport:
    fence = Fence(observe=True, allowed=frozenset())
    return Transport(product, url, Credentials("s3cret"), fence, sleep=lambda _: None)


def jira(net: responses.RequestsMock, server: dict[str, Any], url: str = JIRA) -> JiraInspection:
    net.get(f"{url}/rest/api/2/serverInfo", json=server, headers={"Date": "Mon, 01 Feb 2027 11:58:00 GMT"})  # fmt: skip
    ticks = iter([0.0, 3.0, 10.0, 10.5] * 10)  # the first answer also pays for the connection
    return JiraInspection(transport("Jira", url), lambda: NOON, lambda: next(ticks))


def asked(net: responses.RequestsMock) -> list[str]:
    return [str(call.request.path_url) for call in net.calls]


# --- Jira ----------------------------------------------------------------------------------------------


def test_the_server_its_clock_and_its_speed(net: responses.RequestsMock) -> None:
    server = jira(net, DATA_CENTER).server()
    assert (server.flavour, server.version, server.title) == ("datacenter", "10.3.24", "Boutique")
    assert server.ahead == 120
    assert server.seconds == 0.5
    assert not server.is_gateway


def test_the_gateway_is_known_by_its_address(net: responses.RequestsMock) -> None:
    url = "https://api.atlassian.com/ex/jira/a-b"
    assert jira(net, CLOUD, url).server().is_gateway


@pytest.mark.parametrize(
    ("headers", "ahead"),
    [
        ({"date": "Mon, 01 Feb 2027 12:00:30 GMT"}, -30.0),
        ({"date": "Mon, 01 Feb 2027 13:00:00 +0100"}, 0.0),
        ({"date": "Mon, 01 Feb 2027 12:00:00 -0000"}, None),
        ({"date": "today"}, None),
        ({}, None),
    ],
)
def test_the_time_of_the_other_side(headers: dict[str, str], ahead: float | None) -> None:
    assert wire.ahead(headers, NOON) == ahead


def test_data_center_is_asked_in_its_own_way(net: responses.RequestsMock) -> None:
    inspection = jira(net, DATA_CENTER)
    net.get(f"{JIRA}/rest/api/2/myself", json={"name": "bridge", "key": "JIRAUSER1", "displayName": "Bridge", "active": True})  # fmt: skip
    net.get(f"{JIRA}/rest/api/2/project", json=[{"key": "MKT", "name": "Marketing"}, {"key": "IT", "name": None}])  # fmt: skip
    net.get(f"{JIRA}/rest/api/2/mypermissions", json={"permissions": {
        "ADMINISTER": {"havePermission": False}, "SYSTEM_ADMIN": {"havePermission": True},
        "CREATE_ISSUES": {"havePermission": True}, "EDIT_ISSUES": {"havePermission": False}}})  # fmt: skip
    net.get(f"{JIRA}/rest/api/2/user/search", json=[{"name": "nadia", "displayName": "Nadia", "active": False}])  # fmt: skip
    net.get(f"{JIRA}/rest/api/2/issue/createmeta/MKT/issuetypes", json={"values": [
        {"name": "Epic", "subtask": False}, {"name": "Task", "subtask": False}, {"name": "Sub-task", "subtask": True}]})  # fmt: skip
    assert inspection.me() == Account("bridge", "Bridge")
    assert inspection.projects() == [Project("MKT", "Marketing"), Project("IT", "IT")]
    assert inspection.site_rights() == {"SYSTEM_ADMIN"}
    assert inspection.rights(["MKT"]) == {"MKT": {"SYSTEM_ADMIN", "CREATE_ISSUES"}}
    assert inspection.known(Person(id="nadia", name="Nadia", dc_user="nadia")) == (Account("nadia", "Nadia", active=False),)  # fmt: skip
    assert inspection.issue_types("MKT") == (("Epic", "epic"), ("Task", "task"))
    assert "/jira/rest/api/2/user/search?username=nadia&includeInactive=true" in asked(net)
    assert not any("project/search" in path for path in asked(net))


def test_cloud_lists_its_projects_in_pages(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    first = {"values": [{"key": f"P{n}", "name": "P"} for n in range(100)], "isLast": False}
    net.get(f"{JIRA}/rest/api/2/project/search", json=first)
    net.get(f"{JIRA}/rest/api/2/project/search", json={"values": [{"key": "LAST", "name": "L"}], "isLast": True})  # fmt: skip
    assert len(inspection.projects()) == 101
    assert "startAt=100" in asked(net)[-1]


def test_cloud_says_404_where_no_project_can_be_seen(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    net.get(f"{JIRA}/rest/api/2/project/search", status=404, json={"errorMessages": ["No projects were found."]})  # fmt: skip
    assert inspection.projects() == []


def test_a_site_that_does_not_know_system_administrators(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    net.get(f"{JIRA}/rest/api/2/mypermissions", status=400, json={"errorMessages": ["Unrecognized permission"]})  # fmt: skip
    net.get(f"{JIRA}/rest/api/2/mypermissions", json={"permissions": {"ADMINISTER": {"havePermission": True}}})  # fmt: skip
    assert inspection.site_rights() == {"ADMINISTER"}


def test_a_project_whose_rights_cannot_be_asked_is_left_out(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    net.get(f"{JIRA}/rest/api/2/mypermissions", status=404, json={})
    assert inspection.rights(["A"]) == {}


def test_people_are_looked_up_by_what_is_known_of_them(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    body = {"values": [{"accountId": "1", "displayName": "Nadia", "active": False}]}
    net.get(f"{JIRA}/rest/api/2/user/bulk", json=body)
    net.get(f"{JIRA}/rest/api/2/user/search", status=403, json={})
    assert inspection.known(Person(id="n", name="N", account="1")) == (Account("1", "Nadia", active=False),)  # fmt: skip
    assert inspection.known(Person(id="n", name="N", email="n@boutique.example")) == ()
    assert inspection.known(Person(id="n", name="N")) == ()
    net.replace("GET", f"{JIRA}/rest/api/2/user/search", status=410, json={})
    with pytest.raises(Refused):
        inspection.known(Person(id="n", name="N", email="n@boutique.example"))


def test_apps_and_customers_are_no_colleagues(net: responses.RequestsMock) -> None:
    inspection = jira(net, CLOUD)
    people = [
        {"accountId": "1", "displayName": "Nadia", "accountType": "atlassian"},
        {"accountId": "2", "displayName": "Bot", "accountType": "app"},
        {"accountId": "3", "displayName": "Client", "accountType": "customer"},
    ]
    net.get(f"{JIRA}/rest/api/2/user/assignable/search", json=people)
    assert inspection.assignable("MKT") == [Account("1", "Nadia")]


def test_statuses_of_all_issue_types_each_once() -> None:
    done = {"name": "Done", "statusCategory": {"key": "done"}}
    body: list[dict[str, Any]] = [{"statuses": [done, {"name": "Odd"}]}, {"statuses": [done]}, {}]
    assert wire.statuses(body) == (Status("Done", "done"), Status("Odd", "todo"))


def test_an_answer_of_another_kind_is_refused(net: responses.RequestsMock) -> None:
    net.get(f"{JIRA}/rest/api/2/serverInfo", json=["hello"])
    with pytest.raises(BadAnswer):
        JiraInspection(transport("Jira", JIRA), lambda: NOON).server()


# --- Confluence ----------------------------------------------------------------------------------------


def test_data_center_s_confluence(net: responses.RequestsMock) -> None:
    inspection = DataCenterInspection(transport("Confluence", WIKI))
    net.get(f"{WIKI}/rest/api/user/current", json={"type": "known", "username": "bridge", "displayName": "Bridge"})  # fmt: skip
    net.get(f"{WIKI}/rest/api/space", json={"limit": 100, "results": [
        {"id": 1, "key": "MKT", "name": "Marketing", "type": "global"}, {"id": 2, "key": "~b", "name": "B", "type": "personal"}]})  # fmt: skip
    assert inspection.me() == Account("bridge", "Bridge")
    spaces = inspection.spaces()
    assert spaces == [Space("1", "MKT", "Marketing"), Space("2", "~b", "B", is_personal=True)]
    assert inspection.rights(spaces[:1]) == {"MKT": None}
    assert inspection.is_administrator() is None
    assert inspection.readers(spaces[0]) is None


def test_restrictions_on_data_center_are_read_with_the_pages(net: responses.RequestsMock) -> None:
    inspection = DataCenterInspection(transport("Confluence", WIKI))
    read = {"user": {"results": [{"username": "nadia"}]}, "group": {"results": [{"name": "staff"}]}}
    net.get(f"{WIKI}/rest/api/content/7", json={"id": "7", "title": "Calendar", "ancestors": [{"id": "3"}],
            "operations": [{"operation": "update", "targetType": "page"}]})  # fmt: skip
    net.get(f"{WIKI}/rest/api/content/3", json={"id": "3", "title": "Home", "restrictions": {"read": {"restrictions": read}}})  # fmt: skip
    assert inspection.limits("7") == [Limited("Home", Readers(frozenset({"nadia"}), ("staff",)))]
    assert inspection.page_rights("7") == frozenset({"update page"})
    assert "restrictions.read.restrictions.user" in asked(net)[1].replace("%2C", ",")


@pytest.mark.parametrize("inspection", [CloudInspection, DataCenterInspection])
def test_a_site_that_lets_anybody_in_has_not_signed_us_in(
    net: responses.RequestsMock, inspection: Any
) -> None:
    net.get(f"{WIKI}/rest/api/user/current", json={"type": "anonymous", "displayName": "Anonymous"})
    with pytest.raises(NotSignedIn):
        inspection(transport("Confluence", WIKI)).me()


def test_cloud_s_spaces_come_by_cursor(net: responses.RequestsMock) -> None:
    inspection = CloudInspection(transport("Confluence", f"{WIKI}/wiki"))
    one = {"id": "1", "key": "MKT", "name": "Marketing", "type": "global"}
    following = {"next": "/wiki/api/v2/spaces?limit=250&cursor=abc%3D"}
    net.get(f"{WIKI}/wiki/api/v2/spaces", json={"results": [one], "_links": following})
    net.get(f"{WIKI}/wiki/api/v2/spaces", json={"results": [{**one, "id": "2", "key": "IT"}], "_links": {}})  # fmt: skip
    assert [space.key for space in inspection.spaces()] == ["MKT", "IT"]
    assert "cursor=abc%3D" in asked(net)[1]


def test_who_was_given_a_space(net: responses.RequestsMock) -> None:
    inspection = CloudInspection(transport("Confluence", f"{WIKI}/wiki"))
    url = f"{WIKI}/wiki/api/v2/spaces/1/permissions"
    given = [
        ("user", "a", "read", "space"), ("group", "g", "read", "space"), ("role", "r", "read", "space"),
        ("user", "b", "create", "page"), ("user", "c", "read", "page"),
    ]  # fmt: skip
    results = [{"principal": {"type": kind, "id": who}, "operation": {"key": key, "targetType": target}} for kind, who, key, target in given]  # fmt: skip
    net.get(url, json={"results": results})
    assert inspection.readers(Space("1", "MKT", "")) == Readers(frozenset({"a"}), ("g", "r"))
    for status in (403, 404):
        net.replace("GET", url, status=status, json={})
        assert inspection.readers(Space("1", "MKT", "")) is None
    net.replace("GET", url, status=422, json={})
    with pytest.raises(Refused):
        inspection.readers(Space("1", "MKT", ""))


def test_folders_above_a_page_are_no_pages(net: responses.RequestsMock) -> None:
    inspection = CloudInspection(transport("Confluence", f"{WIKI}/wiki"))
    above = [{"id": "1", "type": "page"}, {"id": "2", "type": "folder"}]
    net.get(f"{WIKI}/wiki/api/v2/pages/9/ancestors", json={"results": above})
    nobody = {
        "operation": "read",
        "restrictions": {"user": {"results": []}, "group": {"results": []}},
    }
    for page in ("1", "9"):
        net.get(f"{WIKI}/wiki/rest/api/content/{page}/restriction", json={"results": [nobody]})
    assert inspection.limits("9") == []


def test_a_site_that_does_not_say_who_administers_it(net: responses.RequestsMock) -> None:
    inspection = CloudInspection(transport("Confluence", f"{WIKI}/wiki"))
    net.get(f"{WIKI}/wiki/rest/api/user/current", json={"type": "known", "accountId": "1"})
    assert inspection.is_administrator() is None
    body = {"type": "known", "accountId": "1", "operations": [{"operation": "administer", "targetType": "application"}]}  # fmt: skip
    net.replace("GET", f"{WIKI}/wiki/rest/api/user/current", body=json.dumps(body))
    assert inspection.is_administrator() is True
