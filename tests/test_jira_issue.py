"""One issue asked of Jira when its answers are odd, cut, moving or refused; the fence around writing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests
import responses
from responses import matchers

from bridge.atlassian import jira_answers
from bridge.atlassian.dialect import Dialect, FieldIds
from bridge.atlassian.jira import Jira
from bridge.atlassian.jira_cloud import Cloud
from bridge.atlassian.jira_datacenter import DataCenter
from bridge.atlassian.jira_issue_wire import finishing
from bridge.atlassian.transport import Credentials, Fence, Transport
from bridge.errors import (
    AttachmentTooLarge,
    BadAnswer,
    HistoryIncomplete,
    LostAnswer,
    ObserveOnly,
    OutsideTheFence,
)
from bridge.prose import Paragraph
from bridge.tracker import Attached, Issue

URL = "https://boutique.example"
CLOUD, SERVER = f"{URL}/rest/api/3", f"{URL}/rest/api/2"
OPEN = Fence(observe=False, allowed=frozenset({"MKT"}))
PROSE = (Paragraph("Approuvé"),)
MOMENT = "2026-11-22T10:00:00.000+0100"
FILE = Attached("7", "demande.yaml", 5)


def jira(dialect: Dialect | None = None, fence: Fence = OPEN) -> Jira:
    slept: list[float] = []
    transport = Transport("Jira", URL, Credentials("s3cret", "me@x.example"), fence, sleep=slept.append)  # fmt: skip
    return Jira(transport, dialect or Cloud())


def comment(number: int, **changes: Any) -> dict[str, Any]:
    plain = {"id": str(number), "body": None, "created": MOMENT, "updated": MOMENT}
    return {key: value for key, value in {**plain, **changes}.items() if value != "gone"}


def entry(number: int, *items: dict[str, Any], created: str = MOMENT) -> dict[str, Any]:
    return {"id": str(number), "created": created, "items": list(items)}


def label(before: str | None, after: str | None) -> dict[str, Any]:
    return {"field": "labels", "fieldId": "labels", "fromString": before, "toString": after}


# --- damaged answers -----------------------------------------------------------------------------

WRONG_MOMENTS = ["gone", None, 17, "yesterday", "2026-11-22T10:00:00.000"]


@responses.activate
@pytest.mark.parametrize("field", ["created", "updated"])
@pytest.mark.parametrize("wrong", WRONG_MOMENTS)
def test_a_comment_without_a_moment_is_no_answer(field: str, wrong: object) -> None:
    listed = [comment(1, **{field: wrong})]
    responses.get(f"{CLOUD}/issue/MKT-1/comment", json={"total": 1, "comments": listed})
    with pytest.raises(BadAnswer):
        jira().comments("MKT-1")


@responses.activate
@pytest.mark.parametrize("wrong", WRONG_MOMENTS)
def test_a_change_without_a_moment_is_no_answer(wrong: Any) -> None:
    values = [{"id": "1", "items": [], **({} if wrong == "gone" else {"created": wrong})}]
    responses.get(f"{CLOUD}/issue/MKT-1/changelog", json={"total": 1, "values": values})
    with pytest.raises(BadAnswer):
        jira().history("MKT-1")


@pytest.mark.parametrize("wrong", ["yesterday", "2026-11-22T10:00:00", 17])
def test_an_issue_with_a_damaged_moment_is_refused(wrong: object) -> None:
    raw = {"id": "1", "key": "MKT-1", "fields": {"created": wrong}}
    with pytest.raises((ValueError, TypeError)):
        jira_answers.issue(raw, Cloud(), FieldIds(), "Blocks")


@responses.activate
@pytest.mark.parametrize(
    ("path", "ask"),
    [
        ("comment", lambda tracker: tracker.comments("MKT-1")),
        ("changelog", lambda tracker: tracker.history("MKT-1")),
        ("transitions", lambda tracker: tracker.finish("MKT-1")),
    ],
)
def test_data_of_another_kind_is_told(path: str, ask: Callable[[Jira], object]) -> None:
    responses.get(f"{CLOUD}/issue/MKT-1", json={"fields": {"status": {"name": "To Do"}}})
    responses.get(f"{CLOUD}/issue/MKT-1/{path}", json={"anything": []})
    with pytest.raises(BadAnswer):
        ask(jira())


# --- lists that are long, that move, that are kept back --------------------------------------------


@responses.activate
def test_changes_come_in_the_order_of_time_with_ids_where_jira_gives_them() -> None:
    parent = {"field": "IssueParentAssociation", "from": "1", "fromString": "MKT-1", "to": None, "toString": None}  # fmt: skip
    due = {"field": "duedate", "fieldId": "duedate", "from": None, "fromString": None, "to": "2026-12-01", "toString": "2026-12-01 00:00:00.0"}  # fmt: skip
    late = "2026-11-22T09:30:00.000+0000"
    values = [entry(11, due, created=late), entry(10, label("", "a"), parent)]
    responses.get(f"{CLOUD}/issue/MKT-1/changelog", json={"total": 2, "values": values})
    told = jira().history("MKT-1")
    assert [(h.field, h.before, h.after) for h in told] == [
        ("labels", "", "a"),
        ("IssueParentAssociation", "MKT-1", ""),
        ("duedate", "", "2026-12-01"),
    ]
    assert told[0].at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert told[0].author is None


@responses.activate
def test_data_center_s_names_of_fields_become_ids() -> None:
    items = [{"field": name, "fromString": None, "toString": "x"} for name in ("Link", "Attachment", "labels")]  # fmt: skip
    changelog = {"total": 1, "histories": [entry(1, *items)]}
    responses.get(f"{SERVER}/issue/MKT-1", json={"changelog": changelog})
    told = jira(DataCenter()).history("MKT-1")
    assert [h.field for h in told] == ["issuelinks", "attachment", "labels"]


@responses.activate
@pytest.mark.parametrize("dialect", [Cloud(), DataCenter()])
def test_a_history_that_jira_keeps_back_proves_nothing(dialect: Dialect) -> None:
    responses.get(f"{CLOUD}/issue/MKT-1/changelog", json={"total": 3, "values": [entry(1)]})
    changelog = {"total": 3, "histories": [entry(1)]}
    responses.get(f"{SERVER}/issue/MKT-1", json={"changelog": changelog})
    with pytest.raises(HistoryIncomplete):
        jira(dialect).history("MKT-1")


@responses.activate
def test_comments_that_are_deleted_while_they_are_read_hide_no_other() -> None:
    """Of 1, 2, 3 in pages of two the first goes after the first page: 3 would slip to its place."""

    def page(start: int, total: int, *numbers: int) -> None:
        asked = matchers.query_param_matcher({"startAt": start}, strict_match=False)
        listed = [comment(n) for n in numbers]
        body = {"total": total, "comments": listed}
        responses.get(f"{CLOUD}/issue/MKT-1/comment", json=body, match=[asked])

    page(0, 3, 1, 2)
    page(2, 2)
    page(0, 2, 2, 3)
    assert [c.id for c in jira().comments("MKT-1")] == ["2", "3"]


# --- files ---------------------------------------------------------------------------------------

CONTENT = f"{CLOUD}/attachment/content/7"


@responses.activate
def test_a_file_is_asked_of_the_site_itself() -> None:
    asked = matchers.query_param_matcher({"redirect": "false"})
    responses.get(CONTENT, body=b"a: 1\n", match=[asked])
    assert jira().attachment(FILE, 5) == b"a: 1\n"
    responses.get(f"{URL}/secure/attachment/7/a%20%231%2F..%25.yaml", body=b"12345")
    odd = Attached("7", "a #1/..%.yaml", 5)
    assert jira(DataCenter()).attachment(odd, 5) == b"12345"


@responses.activate
def test_credentials_never_follow_a_redirect_to_another_host() -> None:
    responses.get(CONTENT, status=303, headers={"Location": "https://media.example/file?token=x"})
    responses.get("https://media.example/file", body=b"12345")
    with pytest.raises(BadAnswer, match=r"media\.example/file"):
        jira().attachment(FILE, 5)
    assert [call.request.url for call in responses.calls] == [f"{CONTENT}?redirect=false"]


@responses.activate
def test_a_file_that_is_too_large_is_not_asked_for() -> None:
    with pytest.raises(AttachmentTooLarge, match=r"demande\.yaml"):
        jira().attachment(FILE, 4)
    assert len(responses.calls) == 0


@responses.activate
def test_a_file_larger_than_it_says_is_cut_and_asked_for_once() -> None:
    responses.get(CONTENT, body=b"x" * 300_000)
    with pytest.raises(AttachmentTooLarge):
        jira().attachment(FILE, 1000)
    assert len(responses.calls) == 1


@responses.activate
def test_a_page_in_place_of_a_file_is_told() -> None:
    responses.get(CONTENT, body="<html>Log in</html>", content_type="text/html")
    with pytest.raises(BadAnswer, match="another size"):
        jira().attachment(FILE, 1000)


# --- writing -------------------------------------------------------------------------------------


@responses.activate
@pytest.mark.parametrize("trouble", [requests.ConnectionError("reset"), requests.ReadTimeout()])
def test_a_comment_whose_answer_is_lost_is_not_written_twice(trouble: Exception) -> None:
    responses.post(f"{CLOUD}/issue/MKT-1/comment", body=trouble)
    with pytest.raises(LostAnswer):
        jira().comment("MKT-1", PROSE)
    assert len(responses.calls) == 1


@responses.activate
def test_a_comment_written_anew_is_tried_again() -> None:
    url = f"{CLOUD}/issue/MKT-1/comment/5"
    responses.put(url, body=requests.ConnectionError("reset"))
    responses.put(url, json={"id": "5"})
    jira().recomment("MKT-1", "5", PROSE)
    assert len(responses.calls) == 2


@responses.activate
def test_labels_are_never_set_as_a_whole() -> None:
    operations = [{"remove": "c"}, {"add": "a"}, {"add": "b"}]
    sent = matchers.json_params_matcher({"update": {"labels": operations}})
    responses.put(f"{CLOUD}/issue/MKT-1", status=204, match=[sent])
    jira().relabel("MKT-1", {"b", "a"}, ["c"], quietly=False)
    assert len(responses.calls) == 1


PERSONS_OWN: dict[str, Any] = {
    "version": 1,
    "type": "doc",
    "content": [
        {"type": "mediaSingle", "attrs": {"layout": "center", "width": 33.33}, "content": [
            {"type": "media", "attrs": {"type": "file", "id": "é-1", "collection": ""}}]},
        {"type": "taskList", "attrs": {"localId": "a"}, "content": [
            {"type": "taskItem", "attrs": {"localId": "b", "state": "DONE"}, "content": [
                {"type": "mention", "attrs": {"id": "5b1", "text": "@Vanessa", "accessLevel": ""}}]}]},
        {"type": "tomorrowsNode", "attrs": {"x": None}},
    ],
}  # fmt: skip
ADDED = {"type": "paragraph", "content": [{"type": "text", "text": "Plan B :"}]}


@responses.activate
@pytest.mark.parametrize(
    ("dialect", "before", "after"),
    [
        (Cloud(), PERSONS_OWN, {**PERSONS_OWN, "content": [*PERSONS_OWN["content"], ADDED]}),
        (Cloud(), None, {"type": "doc", "version": 1, "content": [ADDED]}),
        (DataCenter(), "h1. *Été*\r\n!a.png!\r\n", "h1. *Été*\r\n!a.png!\r\n\n\nPlan B :"),
        (DataCenter(), None, "Plan B :"),
        (DataCenter(), " \r\n", "Plan B :"),
    ],
)
def test_what_people_wrote_goes_back_to_the_byte_with_more_below(
    dialect: Dialect, before: Any, after: Any
) -> None:
    place = f"{URL}{dialect.api}/issue/MKT-1"
    responses.get(place, json={"fields": {"description": before}})
    sent = matchers.json_params_matcher({"fields": {"description": after}})
    responses.put(place, status=204, match=[sent, matchers.query_param_matcher({})])
    jira(dialect).add_to_description("MKT-1", (Paragraph("Plan B :"),), quietly=False)
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    ("dialect", "odd"), [(Cloud(), "words"), (Cloud(), {"content": {}}), (DataCenter(), {})]
)
def test_what_is_no_description_is_not_written_over(dialect: Dialect, odd: Any) -> None:
    responses.get(f"{URL}{dialect.api}/issue/MKT-1", json={"fields": {"description": odd}})
    with pytest.raises(BadAnswer):
        jira(dialect).add_to_description("MKT-1", (Paragraph("x"),), quietly=False)
    assert len(responses.calls) == 1


@responses.activate
def test_stamps_come_in_the_largest_pages_without_memory() -> None:
    sent = matchers.json_params_matcher(
        {"jql": "x", "fields": ["updated", "duedate"], "maxResults": 5000}
    )
    raw = {"key": "MKT-1", "fields": {"updated": MOMENT, "duedate": "2028-02-29"}}
    responses.post(f"{CLOUD}/search/jql", json={"issues": [raw]}, match=[sent])
    (stamp,) = jira().stamps("x")
    assert (stamp.key, stamp.due) == ("MKT-1", date(2028, 2, 29))


@responses.activate
@pytest.mark.parametrize("fields", [{}, {"updated": "yesterday"}, {"updated": None}])
def test_a_stamp_without_a_moment_is_no_answer(fields: dict[str, Any]) -> None:
    responses.post(f"{CLOUD}/search/jql", json={"issues": [{"key": "MKT-1", "fields": fields}]})
    with pytest.raises(BadAnswer):
        jira().stamps("x")


WRITES: list[Callable[[Jira, str], object]] = [
    lambda tracker, key: tracker.comment(key, PROSE),
    lambda tracker, key: tracker.recomment(key, "5", PROSE),
    lambda tracker, key: tracker.relabel(key, ["a"], (), quietly=False),
    lambda tracker, key: tracker.finish(key),
    lambda tracker, key: tracker.add_to_description(key, PROSE, quietly=False),
    lambda tracker, key: tracker.forget(key),
]


READS: list[Callable[[Jira, str], object]] = [
    lambda tracker, key: tracker.content(key),
    lambda tracker, key: tracker.lines(key),
    lambda tracker, key: tracker.comments(key),
    lambda tracker, key: tracker.history(key),
]


def offer_done(key: str) -> None:
    """Let the site offer a step to done, so that finishing comes to its write."""
    responses.get(f"{CLOUD}/issue/{key}", json={"fields": {"status": {"name": "To Do"}}})
    step = {"id": "3", "to": {"statusCategory": {"key": "done"}}}
    responses.get(f"{CLOUD}/issue/{key}/transitions", json={"transitions": [step]})


@responses.activate
@pytest.mark.parametrize("write", WRITES)
def test_every_write_stays_inside_the_fence(write: Callable[[Jira, str], object]) -> None:
    offer_done("HR-1")
    offer_done("MKT-1")
    with pytest.raises(OutsideTheFence):
        write(jira(), "HR-1")
    with pytest.raises(ObserveOnly):
        write(jira(fence=Fence(observe=True, allowed=OPEN.allowed)), "MKT-1")
    assert {call.request.method for call in responses.calls} <= {"GET"}


@responses.activate
@pytest.mark.parametrize("ask", [*WRITES, *READS])
@pytest.mark.parametrize("key", ["MKT-1/../10042", "MKT-1?x=1", "MKT-", "MKT-1#", "10042"])
def test_what_is_no_key_leads_to_no_other_issue(
    ask: Callable[[Jira, str], object], key: str
) -> None:
    with pytest.raises(BadAnswer):
        ask(jira(), key)
    assert len(responses.calls) == 0


# --- the simplest step ---------------------------------------------------------------------------


def step(number: str, category: str, **fields: bool) -> dict[str, Any]:
    described = {
        name: {"required": required, "hasDefaultValue": name == "resolution"}
        for name, required in fields.items()
    }
    return {"id": number, "to": {"statusCategory": {"key": category}}, "fields": described}


@pytest.mark.parametrize(
    ("steps", "chosen"),
    [
        ([], None),
        ([step("1", "new"), step("2", "indeterminate")], None),
        ([step("1", "done", reason=True)], None),
        ([step("1", "done", reason=False), step("2", "done")], "2"),
        ([step("1", "done", resolution=True)], "1"),
        ([step("1", "done"), step("2", "done")], "1"),
        ([{"id": "1", "to": {"statusCategory": {"key": "done"}}}], "1"),
    ],
)
def test_the_step_that_asks_for_least_is_taken(
    steps: list[dict[str, Any]], chosen: str | None
) -> None:
    assert finishing(steps) == chosen


def test_links_of_another_type_block_nothing() -> None:
    links = [
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "MKT-2"}},
        {"type": {"name": "Blocks"}, "outwardIssue": {"key": "MKT-3"}},
        {"type": {"name": "Relates"}, "inwardIssue": {"key": "MKT-4"}},
    ]
    raw = {"id": "1", "key": "MKT-1", "fields": {"issuelinks": links}}
    issue: Issue = jira_answers.issue(raw, Cloud(), FieldIds(), "Blocks")
    assert issue.blocked_by == {"MKT-2"}
    assert issue.blocks == {"MKT-3"}
