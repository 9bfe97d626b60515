"""Everything that goes wrong on demand, as a client sees it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from bridge.sandbox import Sandbox
from bridge.sandbox.faults import from_header
from tests.sandbox.client import Client

TASK = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}}


def test_a_status_with_headers_instead_of_working(box: Sandbox, api: Client) -> None:
    headers = {"Retry-After": "3", "RateLimit-Reason": "jira-burst-based"}
    box.faults.answer(429, headers=headers, method="POST", path="/issue$")
    assert api.jira("GET", "myself").status_code == 200
    answer = api.jira("POST", "issue", TASK)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert box.site.jira.all_issues() == []
    assert api.jira("POST", "issue", TASK).status_code == 201


def test_the_nth_request_and_so_many_times(box: Sandbox, api: Client) -> None:
    box.faults.answer(503, at=3, times=2)
    assert [api.jira("GET", "myself").status_code for _ in range(6)] == [
        200,
        200,
        503,
        503,
        200,
        200,
    ]
    box.faults.answer(500, times=None)
    assert [api.jira("GET", "myself").status_code for _ in range(3)] == [500] * 3
    box.faults.clear()
    assert api.jira("GET", "myself").status_code == 200
    assert len(box.faults) == 0


def test_each_product_in_its_own_words(box: Sandbox, api: Client) -> None:
    box.faults.answer(503, times=3)
    assert api.jira("GET", "myself").json() == {
        "errorMessages": ["Service Unavailable"],
        "errors": {},
    }
    assert api.wiki("GET", "spaces").json()["errors"][0]["code"] == "SERVICE_UNAVAILABLE"
    assert api.old_wiki("GET", "user/current").json()["statusCode"] == 503


def test_a_reset_before_the_work(box: Sandbox, api: Client) -> None:
    box.faults.reset(method="POST")
    with pytest.raises(requests.ConnectionError, match="reset"):
        api.jira("POST", "issue", TASK)
    assert box.site.jira.all_issues() == []
    assert (box.requests[-1].status, box.requests[-1].fault) == (0, "reset")


def test_a_lost_answer_after_the_work(box: Sandbox, api: Client) -> None:
    box.faults.lose_answer(method="POST", path="/issue/bulk")
    with pytest.raises(requests.ConnectionError, match="reset"):
        api.jira("POST", "issue/bulk", {"issueUpdates": [TASK] * 3})
    assert [i.key for i in box.site.jira.all_issues()] == ["MKT-1", "MKT-2", "MKT-3"]
    assert api.jira("GET", "issue/MKT-3").status_code == 200


def test_a_truncated_answer(box: Sandbox, api: Client) -> None:
    box.faults.truncate()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.jira("GET", "myself")
    assert api.jira("GET", "myself").status_code == 200


def test_a_web_page_with_status_200(box: Sandbox, api: Client) -> None:
    box.faults.html()
    answer = api.jira("GET", "myself")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html;charset=UTF-8")


def test_a_redirect_to_a_login_page(box: Sandbox, api: Client) -> None:
    box.faults.login(method="POST")
    answer = api.jira("POST", "issue", TASK)
    assert (answer.status_code, answer.headers["Location"].startswith("/login?")) == (302, True)
    assert box.site.jira.all_issues() == []


def test_a_conflict_that_is_none(box: Sandbox, api: Client) -> None:
    page = api.publish("Décembre")
    box.faults.conflict(method="PUT", path="/pages/")
    refused = api.save(page, "<p>y</p>")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "CONFLICT")
    assert api.save(page, "<p>y</p>").status_code == 200


def test_slowness(box: Sandbox, api: Client) -> None:
    def seconds(call: Callable[[], Any]) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    box.faults.slow(0.15)
    assert seconds(lambda: api.jira("GET", "myself")) >= 0.15
    box.faults.latency = 0.1
    assert seconds(lambda: api.jira("GET", "myself")) >= 0.1
    box.faults.clear()
    assert seconds(lambda: api.jira("GET", "myself")) < 0.1


def test_several_faults_one_after_another(box: Sandbox, api: Client) -> None:
    box.faults.answer(429)
    box.faults.answer(503)
    assert [api.jira("GET", "myself").status_code for _ in range(3)] == [429, 503, 200]


def test_a_request_breaks_itself(api: Client) -> None:
    def broken(fault: str) -> requests.Response:
        return api.jira("GET", "myself", headers={"X-Sandbox-Fault": fault})

    answer = broken("status=429;Retry-After=2")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    with pytest.raises(requests.ConnectionError):
        broken("lose-answer")
    assert broken("html").headers["Content-Type"].startswith("text/html")
    assert broken("nonsense").status_code == 400
    assert broken("slow=0").status_code == 200
    with pytest.raises(ValueError, match="none of"):
        from_header("fire")


def test_the_web_face_is_never_broken(box: Sandbox, nobody: Client) -> None:
    box.faults.answer(500, times=None)
    assert nobody.call("GET", "/").status_code == 200
