"""The few lines that send: the fence, no silent repeat, no followed redirect, no secret anywhere."""

import base64
import json
import logging
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from bridge.atlassian import session
from bridge.atlassian.transport import Credentials, Fence, Leave, Transport
from bridge.atlassian.wire import Request
from bridge.errors import (
    BadAnswer,
    BridgeError,
    Forbidden,
    LockedByCaptcha,
    LostAnswer,
    NotSignedIn,
    ObserveOnly,
    OutsideTheFence,
    Refused,
    ScopeMissing,
    Unreachable,
)

URL = "https://boutique.atlassian.net"
OPEN = Fence(observe=False, allowed=frozenset({"MKT"}))
READ = Request(method="GET", path="/rest/api/3/myself")
CREATE = Request(
    method="POST", path="/rest/api/3/issue/bulk", body={}, writes=("MKT",), repeatable=False
)


def transport(fence: Fence = OPEN, slept: list[float] | None = None) -> Transport:
    kept = slept if slept is not None else []
    return Transport(
        "Jira", URL, Credentials("s3cret", "me@boutique.example"), fence, sleep=kept.append
    )


@responses.activate
def test_a_good_answer_comes_back_as_values() -> None:
    responses.get(f"{URL}/rest/api/3/myself", json={"accountId": "a"})
    assert transport().send(READ).body == {"accountId": "a"}
    assert responses.calls[0].request.headers["Authorization"].startswith("Basic ")


@responses.activate
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_create_is_sent_once_whatever_the_answer_says(status: int) -> None:
    responses.post(
        f"{URL}/rest/api/3/issue/bulk", status=status, headers={"Retry-After": "1"}, json={}
    )
    with pytest.raises(Refused):
        transport().send(CREATE)
    assert len(responses.calls) == 1


@responses.activate
def test_a_create_whose_answer_is_lost_is_not_sent_again() -> None:
    responses.post(f"{URL}/rest/api/3/issue/bulk", body=requests.ConnectionError("reset"))
    with pytest.raises(LostAnswer):
        transport().send(CREATE)
    assert len(responses.calls) == 1


@responses.activate
def test_a_read_is_tried_five_times_and_then_said() -> None:
    responses.get(f"{URL}/rest/api/3/myself", body=requests.ReadTimeout())
    slept: list[float] = []
    with pytest.raises(Unreachable):
        transport(slept=slept).send(READ)
    assert len(responses.calls) == 5
    assert len(slept) == 4


@responses.activate
def test_a_redirect_is_never_followed() -> None:
    responses.post(
        f"{URL}/rest/api/3/issue/bulk", status=302, headers={"Location": f"{URL}/login?os=secret"}
    )
    responses.get(f"{URL}/login", body="<html>")
    with pytest.raises(BadAnswer) as refused:
        transport().send(CREATE)
    assert len(responses.calls) == 1
    assert "os=secret" not in str(refused.value)


@responses.activate
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html><title>Log in</title></html>", "text/html"),
        ("", "application/json"),
        ("{", "application/json"),
        ("[]" * 10, "text/plain"),
    ],
    ids=["web page", "empty", "cut", "nonsense"],
)
def test_a_success_that_is_no_data_is_refused(body: str, kind: str) -> None:
    responses.get(f"{URL}/rest/api/3/myself", body=body, content_type=kind)
    with pytest.raises(BadAnswer):
        transport().send(READ)


@responses.activate
def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LARGEST_ANSWER", 1000)
    responses.get(f"{URL}/rest/api/3/myself", body="x" * 200_000)
    with pytest.raises(BadAnswer):
        transport().send(READ)


@responses.activate
@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (401, {}, NotSignedIn),
        (401, {"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}, ScopeMissing),
        (403, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}, LockedByCaptcha),
        (403, {}, Forbidden),
        (404, {}, Refused),
        (400, {}, Refused),
    ],
)
def test_refusals_are_named_and_final(
    status: int, headers: dict[str, str], error: type[BridgeError]
) -> None:
    responses.get(
        f"{URL}/rest/api/3/myself", status=status, headers=headers, json={"errorMessages": ["No"]}
    )
    with pytest.raises(error):
        transport().send(READ)
    assert len(responses.calls) == 1


@pytest.mark.parametrize(
    "request_",
    [
        Request(method="POST", path="/rest/api/3/issue", writes=("HR",)),
        Request(method="PUT", path="/rest/api/3/issue/MKT-1", writes=("MKT", "HR")),
        Request(method="DELETE", path="/rest/api/3/issue/MKT-1"),
        Request(method="POST", path="/rest/api/3/somewhere"),
    ],
    ids=["another project", "one of two", "says nothing", "an unknown post"],
)
@responses.activate
def test_the_fence_stops_a_write_before_it_leaves(request_: Request) -> None:
    with pytest.raises(OutsideTheFence):
        transport().send(request_)
    assert len(responses.calls) == 0


@responses.activate
def test_an_observing_gateway_reads_only() -> None:
    observing = Fence(observe=True, allowed=frozenset({"MKT"}))
    responses.get(f"{URL}/rest/api/3/myself", json={})
    responses.post(f"{URL}/rest/api/3/search/jql", json={"issues": []})
    transport(observing).send(READ)
    transport(observing).send(Request(method="POST", path="/rest/api/3/search/jql", body={}))
    with pytest.raises(ObserveOnly):
        transport(observing).send(CREATE)
    assert len(responses.calls) == 2


@responses.activate
def test_no_secret_in_logs_errors_or_reprs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    responses.get(f"{URL}/rest/api/3/myself", status=401, json={"errorMessages": ["no"]})
    with pytest.raises(NotSignedIn) as refused:
        transport().send(READ)
    told = json.dumps([str(refused.value), repr(Credentials("s3cret", "me")), caplog.text])
    assert "s3cret" not in told
    assert "Authorization" not in caplog.text


def test_the_library_s_helpful_defaults_are_off() -> None:
    client: Any = transport()._client
    assert client.retry_with_header is False
    assert client.backoff_and_retry is False
    assert isinstance(client.timeout, int)
    assert client.advanced_mode is True
    assert all(adapter.max_retries.total == 0 for adapter in client._session.adapters.values())


@responses.activate
def test_a_token_alone_is_a_bearer_whatever_netrc_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``requests`` would put a password of ~/.netrc over an Authorization header."""
    (tmp_path / ".netrc").write_text("machine boutique.atlassian.net login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    responses.get(f"{URL}/rest/api/3/myself", json={"name": "a"})
    Transport("Jira", URL, Credentials("pat"), OPEN).send(READ)
    assert responses.calls[0].request.headers["Authorization"] == "Bearer pat"


@responses.activate
def test_a_user_name_with_accents_signs_in_as_utf_8() -> None:
    responses.get(f"{URL}/rest/api/3/myself", json={"name": "a"})
    Transport("Jira", URL, Credentials("é", "zoé"), OPEN).send(READ)
    sent = responses.calls[0].request.headers["Authorization"].split()[1]
    assert base64.b64decode(sent).decode() == "zoé:é"


@responses.activate
def test_a_quota_met_by_a_create_pauses_the_reads_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    headers = {"Retry-After": "40", "RateLimit-Reason": "jira-quota-tenant-based"}
    responses.post(f"{URL}/rest/api/3/issue/bulk", status=429, headers=headers, json={})
    responses.get(f"{URL}/rest/api/3/myself", json={"accountId": "a"})
    slept: list[float] = []
    line = transport(slept=slept)
    with pytest.raises(Refused) as refused:
        line.send(CREATE)
    assert refused.value.retry_after == 40
    assert slept == []
    line.send(READ)
    assert slept == [40]


@responses.activate
def test_an_answer_that_drips_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LONGEST_ANSWER", -1.0)
    responses.get(f"{URL}/rest/api/3/myself", json={"accountId": "a"})
    with pytest.raises(Unreachable):
        transport().send(READ)


class NotNow(Exception):
    """The service's own refusal."""


def asking(log: list[str], *, refuses: str = "", permits: int = 99) -> Transport:
    """A transport whose leave is written down; ``refuses`` what is asked, after some permits."""

    def ask(what: str) -> None:
        log.append(what)
        if what == refuses and len(log) > permits:
            raise NotNow

    leave = Leave(permit=lambda: ask("permit"), before_write=lambda: ask("write"))
    return Transport("Jira", URL, Credentials("s3cret"), OPEN, sleep=lambda _: None, leave=leave)


@responses.activate
def test_leave_is_asked_before_every_single_try_and_before_a_write_once_more() -> None:
    log: list[str] = []
    responses.get(f"{URL}{READ.path}", status=503)
    responses.get(f"{URL}{READ.path}", json={"accountId": "a"})
    asking(log).send(READ)
    assert log == ["permit", "permit"]
    log.clear()
    responses.post(f"{URL}{CREATE.path}", json={})
    asking(log).send(CREATE)
    assert log == ["permit", "write"]


@responses.activate
@pytest.mark.parametrize("refuses", ["permit", "write"])
def test_without_leave_nothing_is_sent_and_the_refusal_passes_out(refuses: str) -> None:
    with pytest.raises(NotNow):
        asking([], refuses=refuses, permits=0).send(CREATE)
    assert len(responses.calls) == 0


@responses.activate
def test_leave_that_ends_between_two_tries_ends_the_repeating() -> None:
    responses.get(f"{URL}{READ.path}", status=503)
    with pytest.raises(NotNow):
        asking([], refuses="permit", permits=2).send_all([READ])
    assert len(responses.calls) == 2


@responses.activate
def test_a_write_outside_the_fence_takes_no_permit() -> None:
    log: list[str] = []
    with pytest.raises(OutsideTheFence):
        asking(log).send(Request(method="PUT", path="/rest/api/3/issue/HR-1", writes=("HR",)))
    assert log == []


@responses.activate
def test_leave_knows_whose_work_it_is_from_every_thread() -> None:
    begun: ContextVar[str] = ContextVar("begun", default="nobody's")
    found: list[str] = []
    leave = Leave(before_write=lambda: found.append(begun.get()))
    transport = Transport("Jira", URL, Credentials("s3cret"), OPEN, leave=leave)
    responses.post(f"{URL}{CREATE.path}", json={})
    begun.set("this work")
    transport.send_all([CREATE] * 3)
    assert found == ["this work"] * 3
