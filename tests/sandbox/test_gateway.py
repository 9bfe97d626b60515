"""The gateway with its cloud id, tokens with scopes, service accounts, and tokens that have expired."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from bridge.sandbox import Sandbox
from bridge.sandbox.scopes import needed, suffice
from tests.judge.contracts import folder
from tests.sandbox.client import Client, wiki_error

CLASSIC = ("read:jira-work", "write:jira-work", "read:jira-user")


def gate(box: Sandbox, product: str = "jira") -> str:
    return f"{box.ready['jira']}/ex/{product}/{box.site.cloud_id}"


def holder(box: Sandbox, *scopes: str, product: str = "jira", expires: str | None = None) -> Client:
    """Camille with a token of these scopes, at the gateway."""
    token = box.site.people.issue_token("Camille", scopes=scopes, expires=expires)
    return Client(gate(box, product), ("camille@boutique.example", token))


@pytest.fixture
def scoped(box: Sandbox) -> Iterator[Client]:
    with holder(box, *CLASSIC) as client:
        yield client


def out_of_scope(answer: requests.Response) -> bool:
    if answer.status_code == 401:
        assert answer.json() == {"code": 401, "message": "Unauthorized; scope does not match"}
        assert answer.headers["X-Failure-Category"] == "FAILURE_CLIENT_SCOPE_CHECK"
        return True
    return False


class TestTheGateway:
    def test_the_same_operations_as_the_site(self, box: Sandbox, scoped: Client) -> None:
        key = scoped.create()
        assert scoped.found("project = MKT") == [key]
        assert scoped.jira("GET", "myself", api=2).json()["displayName"] == "Camille"
        assert box.requests[0].path == f"/ex/jira/{box.site.cloud_id}/rest/api/3/issue"
        assert box.requests[0].user == box.site.people.find("Camille").account_id

    def test_the_site_is_the_base_and_answers_name_the_gateway(
        self, box: Sandbox, scoped: Client
    ) -> None:
        assert scoped.jira("GET", "serverInfo").json()["baseUrl"] == box.ready["jira"]
        assert scoped.jira("GET", "myself").json()["self"].startswith(gate(box) + "/rest/api/3/")

    @pytest.mark.parametrize("inside", ["/wiki/api/v2", "/api/v2"])
    def test_both_forms_for_confluence(self, box: Sandbox, inside: str) -> None:
        with holder(box, "read:space:confluence", product="confluence") as wiki:
            assert wiki.call("GET", f"{inside}/spaces").status_code == 200

    def test_version_1_too(self, box: Sandbox) -> None:
        with holder(box, "read:confluence-user", product="confluence") as wiki:
            assert wiki.call("GET", "/wiki/rest/api/user/current").status_code == 200
            assert wiki.call("GET", "/rest/api/user/current").status_code == 200

    def test_another_site_is_not_there(self, box: Sandbox, scoped: Client) -> None:
        scoped.address = f"{box.ready['jira']}/ex/jira/00000000-0000-0000-0000-000000000000"
        assert scoped.jira("GET", "myself").status_code == 404

    @pytest.mark.parametrize("path", ["/browse/MKT-1", "/_sandbox", "/rest/../_sandbox", ""])
    def test_nothing_but_the_interfaces(self, scoped: Client, path: str) -> None:
        assert scoped.call("GET", path).status_code == 404

    def test_the_cloud_id_is_public(self, box: Sandbox, nobody: Client) -> None:
        told = nobody.call("GET", "/_edge/tenant_info").json()
        assert told == {"cloudId": box.site.cloud_id}

    def test_a_classic_token_and_faults_pass_as_well(self, box: Sandbox, api: Client) -> None:
        api.address = gate(box, "confluence")
        assert api.call("GET", "/wiki/api/v2/spaces").status_code == 200
        box.faults.answer(503)
        assert wiki_error(api.call("GET", "/api/v2/spaces"))["status"] == 503


class TestScopes:
    def test_the_sites_own_address_refuses_them(self, box: Sandbox, scoped: Client) -> None:
        scoped.address = box.ready["jira"]
        for path in ("myself", "serverInfo", "project"):
            assert scoped.jira("GET", path).status_code == 401

    def test_a_scope_that_is_missing(self, box: Sandbox) -> None:
        with holder(box, "read:jira-work") as reader:
            assert reader.jira("GET", "project").status_code == 200
            assert out_of_scope(reader.jira("POST", "issue", {}))
            assert out_of_scope(reader.jira("GET", "myself"))

    def test_granular_scopes_do_as_well(self, box: Sandbox) -> None:
        with holder(box, "write:page:confluence", product="confluence") as writer:
            assert not out_of_scope(writer.wiki("POST", "pages", {}))
            assert out_of_scope(writer.wiki("GET", "pages"))

    def test_open_operations_need_none(self, box: Sandbox) -> None:
        with holder(box) as bare:
            assert bare.jira("GET", "serverInfo").status_code == 200

    def test_what_is_not_for_tokens_at_all(self) -> None:
        assert not suffice(frozenset(CLASSIC), "GET", "/rest/api/3/no/such/path")

    def test_the_table_is_atlassians(self) -> None:
        for name, prefix in (
            ("jira-cloud-v3", ""),
            ("confluence-cloud-v1", ""),
            ("confluence-cloud-v2", "/wiki/api/v2"),
        ):
            document = json.loads((folder() / f"{name}.openapi.json").read_text("utf-8"))
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    for one in operation.get("x-atlassian-oauth2-scopes", []):
                        scopes = frozenset(one["scopes"])
                        rule = prefix + re.sub(r"\{[^}]+\}", "{}", path)
                        held = needed(method.upper(), rule)
                        assert scopes in held or (one["state"] == "Beta" and not scopes), path


class TestServiceAccounts:
    def test_every_token_opens_the_gateway_only(self, box: Sandbox) -> None:
        box.site.people.add("Robot", "robot@serviceaccount.example", service=True)
        token = box.site.people.issue_token("Robot", scopes=CLASSIC)
        with Client(gate(box), ("robot@serviceaccount.example", token)) as robot:
            assert robot.jira("GET", "myself").json()["displayName"] == "Robot"
            robot.address = box.ready["jira"]
            assert robot.jira("GET", "myself").status_code == 401

    def test_over_the_control_interface(self, box: Sandbox, nobody: Client) -> None:
        robot = {"name": "Robot", "email": "robot@serviceaccount.example", "service": True}
        assert nobody.call("POST", "/_sandbox/people", robot).status_code == 201
        asked = {"who": "Robot", "scopes": ["read:jira-user"]}
        made = nobody.call("POST", "/_sandbox/tokens", asked)
        assert made.status_code == 201
        with Client(gate(box), (robot["email"], made.json()["token"])) as client:  # type: ignore[arg-type]  # a text
            assert client.jira("GET", "myself").status_code == 200

    def test_a_bearer_token_at_the_gateway(self, box: Sandbox, nobody: Client) -> None:
        token = box.site.people.issue_token("Camille", scopes=CLASSIC)
        bearer = {"Authorization": f"Bearer {token}"}
        assert nobody.jira("GET", "myself", headers=bearer).status_code == 401
        nobody.address = gate(box)
        assert nobody.jira("GET", "myself", headers=bearer).status_code == 200
        assert (
            nobody.jira("GET", "myself", headers={"Authorization": "Bearer x"}).status_code == 401
        )


class TestExpiry:
    def test_a_token_that_has_expired(self, box: Sandbox) -> None:
        box.now = lambda: datetime(2026, 12, 1, tzinfo=UTC)
        with holder(box, *CLASSIC, expires="2027-01-01T00:00:00.000Z") as client:
            assert client.jira("GET", "myself").status_code == 200
            box.now = lambda: datetime(2027, 1, 1, tzinfo=UTC)
            assert client.jira("GET", "myself").status_code == 401
            assert client.jira("GET", "serverInfo").status_code == 401

    def test_a_classic_one_too(self, box: Sandbox) -> None:
        token = box.site.people.issue_token("Nadia", expires="2020-01-01T00:00:00.000Z")
        with Client(box.ready["jira"], ("nadia@boutique.example", token)) as nadia:
            assert nadia.jira("GET", "project").status_code == 401
