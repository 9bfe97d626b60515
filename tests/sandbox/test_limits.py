"""Rate limits: when 429 comes, with which headers, and that nothing is limited unless asked."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client, message
from tests.sandbox.server_client import ServerClient

BEGIN = datetime(2026, 12, 1, 10, 15, tzinfo=UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self, box: Sandbox) -> None:
        self.now = BEGIN
        box.now = lambda: self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(box: Sandbox) -> Clock:
    return Clock(box)


def refused(answer: requests.Response, reason: str) -> int:
    """The seconds to wait."""
    assert answer.status_code == 429, answer.text
    assert answer.headers["RateLimit-Reason"] == reason
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.headers["X-RateLimit-NearLimit"] == "true"
    wait = int(answer.headers["Retry-After"])
    reset = datetime.fromisoformat(answer.headers["X-RateLimit-Reset"])
    assert timedelta(seconds=wait - 1) < reset - BEGIN <= timedelta(seconds=wait + 60)
    return wait


class TestUnlessAsked:
    def test_nothing_is_limited(self, api: Client) -> None:
        answers = [api.jira("GET", "myself") for _ in range(120)]
        assert {a.status_code for a in answers} == {200}
        assert not [name for name in answers[-1].headers if "ratelimit" in name.lower()]


class TestBursts:
    def test_per_endpoint_and_method(self, box: Sandbox, api: Client, clock: Clock) -> None:
        box.limits.cloud(burst={"GET": 3, "POST": 2})
        answers = [api.jira("GET", "myself") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
        assert [a.headers["X-RateLimit-NearLimit"] for a in answers[:3]] == [
            "false",
            "false",
            "true",
        ]
        assert "X-RateLimit-Reset" not in answers[0].headers
        assert message(answers[3]) == "Rate limit exceeded."
        assert refused(answers[3], "jira-burst-based") == 1
        assert api.jira("GET", "field").status_code == 200, "another endpoint has its own"
        clock.pass_by(1)
        assert api.jira("GET", "myself").status_code == 200

    def test_one_bucket_for_every_issue(self, box: Sandbox, api: Client, clock: Clock) -> None:
        keys = [api.create() for _ in range(3)]
        box.limits.cloud(burst={"issue": 2})
        statuses = [api.jira("GET", f"issue/{key}").status_code for key in keys]
        assert statuses == [200, 200, 429]
        assert api.jira("GET", "myself").headers["X-RateLimit-Limit"] == "100"
        answer = api.jira("PUT", f"issue/{keys[0]}", {"fields": {}})
        assert answer.headers["X-RateLimit-Limit"] == "50"

    def test_confluence_says_it_in_its_own_words(self, box: Sandbox, api: Client) -> None:
        box.now = lambda: BEGIN
        box.limits.cloud(burst={"GET": 1})
        api.wiki("GET", "spaces")
        answer = api.wiki("GET", "spaces")
        assert (answer.status_code, answer.json()["errors"][0]["status"]) == (429, 429)

    def test_the_work_is_not_done(self, box: Sandbox, api: Client, clock: Clock) -> None:
        box.limits.cloud(burst={"POST": 1})
        api.create()
        fields = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        assert api.jira("POST", "issue", {"fields": fields}).status_code == 429
        assert len(box.site.jira.all_issues()) == 1


class TestWritesToOneIssue:
    def write(self, api: Client, key: str) -> requests.Response:
        return api.jira("PUT", f"issue/{key}/properties/p", 1)

    def test_twenty_in_two_seconds(self, box: Sandbox, api: Client, clock: Clock) -> None:
        key, other = api.create(), api.create()
        box.limits.cloud(burst=False)
        assert {self.write(api, key).status_code for _ in range(20)} <= {200, 201}
        assert refused(self.write(api, key), "jira-per-issue-on-write") == 2
        number = box.site.jira.issue(key).id
        assert self.write(api, str(number)).status_code == 429, "by its id it is the same issue"
        assert self.write(api, other).status_code == 201
        assert api.jira("GET", f"issue/{key}").status_code == 200
        clock.pass_by(2)
        assert self.write(api, key).status_code == 200

    def test_a_hundred_in_thirty_seconds(self, box: Sandbox, api: Client, clock: Clock) -> None:
        key = api.create()
        box.limits.cloud(burst=False)
        for _ in range(5):
            for _ in range(20):
                assert self.write(api, key).ok
            clock.pass_by(3)
        assert refused(self.write(api, key), "jira-per-issue-on-write") == 15

    def test_a_link_writes_to_both_its_ends(self, box: Sandbox, api: Client, clock: Clock) -> None:
        first, second, third = api.create(), api.create(), api.create()
        box.limits.cloud(burst=False)
        for _ in range(20):
            self.write(api, second)
        link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": first}}
        to_second = api.jira("POST", "issueLink", {**link, "outwardIssue": {"key": second}})
        assert to_second.status_code == 429
        to_third = api.jira("POST", "issueLink", {**link, "outwardIssue": {"key": third}})
        assert to_third.status_code == 201


class TestQuotas:
    @pytest.mark.parametrize("whose", ["global", "tenant"])
    def test_points_until_the_hour_is_over(
        self, box: Sandbox, api: Client, clock: Clock, whose: str
    ) -> None:
        box.limits.cloud(burst=False, quota=10, quota_of=whose)  # type: ignore[arg-type]  # both are allowed
        first = api.jira("GET", "project")
        assert first.headers["Beta-RateLimit-Policy"] == f'"{whose}-app-quota";q=10;w=3600'
        second = api.jira("GET", "project")
        assert second.headers["X-RateLimit-Remaining"] == "6", "a point each, and two projects"
        assert api.jira("GET", "issue/createmeta/MKT/issuetypes").status_code == 200
        for _ in range(2):
            api.jira("GET", "project")
        answer = api.jira("GET", "project")
        assert answer.headers["RateLimit-Reason"] == f"jira-quota-{whose}-based"
        assert int(answer.headers["Retry-After"]) == 45 * 60
        clock.pass_by(45 * 60)
        assert api.jira("GET", "project").status_code == 200


class TestDataCenter:
    def test_a_bucket_for_each_person(
        self, box: Sandbox, api: Client, camille: Client, nobody: Client, clock: Clock
    ) -> None:
        box.limits.datacenter(capacity=2, fill=1, interval=5)
        first, second, third = (api.jira("GET", "myself") for _ in range(3))
        assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
        names = ("Limit", "Remaining", "Interval-Seconds", "FillRate")
        assert [first.headers[f"X-RateLimit-{name}"] for name in names] == ["2", "1", "5", "1"]
        assert [a.headers["retry-after"] for a in (first, third)] == ["0", "5"]
        assert camille.jira("GET", "myself").status_code == 200
        assert "X-RateLimit-Limit" not in nobody.jira("GET", "serverInfo").headers
        clock.pass_by(5)
        assert api.jira("GET", "myself").status_code == 200

    def test_a_data_center_site_has_it_in_both_products(self) -> None:
        with Sandbox("datacenter") as box, ServerClient.of(box) as api:
            address = box.ready["jira"].removesuffix("/jira")
            bucket = {"capacity": 3, "fill": 1, "interval": 60}
            assert api.call("POST", f"{address}/_sandbox/limits", bucket).status_code == 204
            answers = [
                api.jira("GET", "myself"),
                api.wiki("GET", "space"),
                api.rest("GET", "agile/1.0/epic/NO-1"),
                api.wiki("GET", "space"),
            ]
            assert [a.status_code for a in answers] == [200, 200, 404, 429]
            left = [a.headers["X-RateLimit-Remaining"] for a in answers]
            assert left == ["2", "1", "0", "0"]
            assert 0 < int(answers[3].headers["retry-after"]) <= 60
            assert answers[3].json()["statusCode"] == 429


@pytest.mark.usefixtures("clock")
def test_over_the_control_interface(api: Client) -> None:
    assert api.call("POST", "/_sandbox/limits", {"burst": {"GET": 1}}).status_code == 204
    assert [api.jira("GET", "myself").status_code for _ in range(2)] == [200, 429]
    assert api.call("POST", "/_sandbox/limits", {"nonsense": 1}).status_code == 400
    assert api.call("DELETE", "/_sandbox/limits").status_code == 204
    bucket = {"datacenter": {"capacity": 1, "fill": 1, "interval": 1}}
    assert api.call("POST", "/_sandbox/limits", bucket).status_code == 204
    assert [api.jira("GET", "myself").status_code for _ in range(2)] == [200, 429]
