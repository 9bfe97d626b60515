"""Webhooks where the site answers oddly, and what opening them allows."""

from typing import Any

import pytest
import requests
import responses

from bridge.atlassian.hooks import WRITES, CloudShape, DataCenterShape, JiraHooks, Shape
from bridge.atlassian.transport import Credentials, Fence, Transport
from bridge.atlassian.wire import Request
from bridge.errors import BadAnswer, LostAnswer, ObserveOnly, OutsideTheFence, SiteError

URL = "https://boutique.example"
SECRET = 'é"s3cret'
SHAPES = [CloudShape(), DataCenterShape()]
HOOK: dict[str, Any] = {"name": "x", "url": "https://x.example", "events": [], "enabled": True,
        "self": f"{URL}/rest/webhooks/1.0/webhook/7", "id": 7, "active": True}  # fmt: skip


def line(*, observe: bool = False) -> Transport:
    fence = Fence(observe=observe, allowed=frozenset({WRITES}))
    return Transport("Jira", URL, Credentials("t0ken"), fence, sleep=lambda _: None)


def register(shape: Shape, *, observe: bool = False) -> str:
    hooks = JiraHooks(line(observe=observe), shape)
    return hooks.register("bridge", "https://x.example", SECRET, ["a"], "").id


@responses.activate
@pytest.mark.parametrize("shape", SHAPES)
def test_a_refusal_that_repeats_what_was_sent_tells_no_secret(shape: Shape) -> None:
    sent = {"errorMessages": [f"cannot use {SECRET}"]}
    responses.post(f"{URL}{shape.path}", status=400, json=sent)
    with pytest.raises(SiteError) as refused:
        register(shape)
    assert "s3cret" not in str(refused.value)
    assert "cannot use" in str(refused.value)


@responses.activate
@pytest.mark.parametrize("shape", SHAPES)
def test_a_registration_whose_answer_is_lost_is_not_sent_again(shape: Shape) -> None:
    responses.post(f"{URL}{shape.path}", body=requests.ConnectionError("reset"))
    with pytest.raises(LostAnswer):
        register(shape)
    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("shape", SHAPES)
def test_an_observing_workspace_reads_webhooks_and_registers_none(shape: Shape) -> None:
    responses.get(f"{URL}{shape.path}", json=[HOOK])
    (seen,) = JiraHooks(line(observe=True), shape).registered()
    assert (seen.id, seen.enabled, seen.jql) == ("7", True, "")
    with pytest.raises(ObserveOnly):
        register(shape, observe=True)
    assert len(responses.calls) == 1


def test_who_opens_webhooks_may_write_to_no_project() -> None:
    with pytest.raises(OutsideTheFence):
        line().send(Request(method="PUT", path="/rest/api/3/issue/MKT-1", writes=("MKT",)))


@responses.activate
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "odd", [{}, [1], [{}], [{**HOOK, "self": "x", "id": "x"}], [{**HOOK, "events": 1}]]
)
def test_what_is_no_webhook_is_told(shape: Shape, odd: Any) -> None:
    responses.get(f"{URL}{shape.path}", json=odd)
    with pytest.raises(BadAnswer):
        JiraHooks(line(), shape).registered()
