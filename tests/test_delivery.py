"""Deliveries: the genuine ones are told from the others, and nothing but keys is kept of them."""

import hashlib
import hmac
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.reactions.hint import Hint
from bridge.report.leaving import AUTOMATION_BODY
from bridge.service.face.delivery import Rejected, Secrets, reduce, verify
from tests.judge.contracts import folder

# Atlassian's own example (developer.atlassian.com, "Webhooks").
SECRET = "It's a Secret to Everybody"
VECTOR = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def signed(raw: bytes, secret: str = SECRET, method: str = "sha256") -> dict[str, str]:
    made = hmac.new(secret.encode(), raw, getattr(hashlib, method)).hexdigest()
    return {"X-Hub-Signature": f"{method}={made}"}


def status(raw: bytes, headers: dict[str, str], secrets: Secrets) -> int:
    with pytest.raises(Rejected) as refused:
        verify(raw, headers, secrets)
    return refused.value.status


def test_atlassians_own_vector() -> None:
    verify(b"Hello World!", {"X-Hub-Signature": VECTOR}, Secrets(SECRET))


def test_both_secrets_count_while_they_rotate() -> None:
    for secret in ("old", "new"):
        verify(b"{}", signed(b"{}", secret), Secrets("old", "new"))
    assert status(b"{}", signed(b"{}", "older"), Secrets("old", "new")) == 401


def test_a_signature_without_a_secret_and_a_secret_without_a_signature() -> None:
    assert status(b"{}", signed(b"{}"), Secrets()) == 403
    assert status(b"{}", {}, Secrets(SECRET)) == 401
    assert status(b"{}", {}, Secrets()) == 403


@pytest.mark.parametrize("method", ["sha1", "md5", "sha512"])
def test_only_sha256_signs(method: str) -> None:
    assert status(b"{}", signed(b"{}", method=method), Secrets(SECRET)) == 401


@pytest.mark.parametrize(
    "written", ["", "sha256", "sha256=", "sha256=zz", "=" * 70, "sha256=" + "é" * 64, VECTOR + "0"]
)
def test_a_damaged_signature_is_none(written: str) -> None:
    assert status(b"Hello World!", {"X-Hub-Signature": written}, Secrets(SECRET)) == 401


def test_the_shared_header_of_jira_automation() -> None:
    verify(b"{}", {"X-Bridge-Secret": SECRET}, Secrets(SECRET))
    assert status(b"{}", {"X-Bridge-Secret": "other"}, Secrets(SECRET)) == 401
    assert status(b"{}", {"X-Bridge-Secret": "é\ud800"}, Secrets(SECRET)) == 401


def test_a_wrong_signature_is_not_saved_by_a_right_header() -> None:
    headers = {**signed(b"{}", "other"), "X-Bridge-Secret": SECRET}
    assert status(b"{}", headers, Secrets(SECRET)) == 401


def test_captured_bodies_come_down_to_keys() -> None:
    paths = sorted((folder() / "webhook-samples").glob("*.json"))
    assert len(paths) > 10
    for path in paths:
        comes_down_to_keys(path)


def comes_down_to_keys(path: Path) -> None:
    raw = path.read_bytes()
    hint = reduce(raw, {"X-Atlassian-Webhook-Identifier": "w-1"})
    body = json.loads(raw)
    key = body.get("issue", {}).get("key")
    if key is None:
        assert hint is None
        return
    assert hint is not None
    assert (hint.issue, hint.identifier) == (key, "w-1")
    said = repr(hint)
    for person in words_of(body):
        assert person not in said


def words_of(value: Any, name: str = "") -> list[str]:
    """Return every name, address and text in a body that must not survive."""
    if isinstance(value, dict):
        return [word for key, inner in value.items() for word in words_of(inner, key)]
    if isinstance(value, list):
        return [word for inner in value for word in words_of(inner, name)]
    told = name in (
        "displayName",
        "emailAddress",
        "summary",
        "description",
        "body",
        "accountId",
        "self",
    )
    return [value] if told and isinstance(value, str) and len(value) > 2 else []


def test_a_moved_date_names_both_months_and_both_epics() -> None:
    body = {
        "webhookEvent": "jira:issue_updated",
        "issue": {"key": "MKT-7", "fields": {"duedate": "2027-03-04", "parent": {"key": "MKT-1"}}},
        "changelog": {"items": [
            {"field": "duedate", "from": "2027-02-27", "to": "2027-03-04"},
            {"field": "Epic Link", "fromString": "MKT-2", "toString": "MKT-1"},
            {"field": "summary", "fromString": "Camille", "toString": "Camille B."},
        ]},
    }  # fmt: skip
    hint = reduce(json.dumps(body).encode(), {"x-atlassian-webhook-identifier": "a.b:c"})
    assert hint == Hint(
        "a.b:c",
        "jira:issue_updated",
        "MKT-7",
        ("MKT-1", "MKT-2"),
        (date(2027, 3, 4), date(2027, 2, 27)),
    )


def test_without_an_identifier_the_body_is_its_own() -> None:
    raw = b'{"issue": {"key": "MKT-7"}}'
    first, second = reduce(raw, {}), reduce(raw, {"X-Atlassian-Webhook-Identifier": "bad id\n"})
    assert first is not None
    assert first == second
    assert first.identifier == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        (b"", 400), (b"[]", 400), (b"nul", 400), (b"\xff\xfe", 400), (b'{"issue": ', 400),
        (b"[" * 100_000, 400), (b'{"a":' * 100 + b"1" + b"}" * 100, 400), (b'"' + b"x" * 1_000_001, 413),
    ],
)  # fmt: skip
def test_what_would_be_no_better_the_next_time(raw: bytes, answer: int) -> None:
    with pytest.raises(Rejected) as refused:
        reduce(raw, {})
    assert refused.value.status == answer


def test_brackets_in_a_text_do_not_nest() -> None:
    raw = json.dumps({"issue": {"key": "MKT-7"}, "text": '["{' * 500 + '\\"'}).encode()
    assert reduce(raw, {}) is not None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["issue", "key", "fields", "duedate", "parent", "changelog", "items", "field",
                         "from", "to", "webhookEvent", "x"]), inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@settings(deadline=None)
@given(json_values, st.dictionaries(st.text(max_size=40), st.text(max_size=40), max_size=4))
def test_any_json_is_a_hint_nothing_or_refused(value: Any, headers: dict[str, str]) -> None:
    try:
        hint = reduce(json.dumps(value).encode(), headers)
    except Rejected as refused:
        answered = refused.status in (400, 413)
    else:
        answered = hint is None or bool(hint.issue)
    assert answered


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=80))
def test_any_bytes_and_any_signature_are_answered(raw: bytes, signature: str) -> None:
    with pytest.raises(Rejected):
        verify(raw, {"X-Hub-Signature": signature}, Secrets(SECRET))


def test_the_body_that_a_rule_of_automation_sends_is_read_and_never_twice_the_same() -> None:
    def sent(moment: str, due: str = "2027-03-31") -> bytes:
        values = {"now.toMillis": moment, "issue.key": "MKT-7", "issue.duedate.jqlDate": due}
        body = AUTOMATION_BODY
        for name, value in values.items():
            body = body.replace("{{" + name + "}}", value)
        return body.encode()

    first, second = reduce(sent("1800000000000"), {}), reduce(sent("1800000000001"), {})
    assert first is not None
    assert second is not None
    assert (first.issue, first.dates) == ("MKT-7", (date(2027, 3, 31),))
    assert first.identifier != second.identifier
    undated = reduce(sent("1800000000002", due=""), {})
    assert undated is not None
    assert undated.dates == ()
