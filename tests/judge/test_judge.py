"""The judge itself: what it must refuse, it refuses; what is right, it lets pass."""

import json
from typing import Any

import pytest

from bridge.sandbox.watching import Exchange
from tests.judge.contracts import folder
from tests.judge.exchanges import Verdict

BULK = "/rest/api/3/issue/bulk"
PAGES = "/wiki/api/v2/pages"
CONTENT = "/confluence/rest/api/content"
DOC = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}],
}


def exchange(
    method: str,
    path: str,
    sent: Any = None,
    status: int = 200,
    answer: Any = None,
    cut: int | None = None,
    **more: Any,
) -> Exchange:
    given: dict[str, Any] = {
        "query": "",
        "headers": {"content-type": "application/json"} if sent is not None else {},
        "sent": b"" if sent is None else json.dumps(sent).encode()[:cut],
        "answer_headers": {"content-type": "application/json"},
        "answer": b"" if answer is None else json.dumps(answer).encode(),
    }
    return Exchange(method=method, path=path, status=status, **{**given, **more})


def issue(**fields: Any) -> dict[str, Any]:
    return {"issueUpdates": [{"fields": {"summary": "x", **fields}}]}


def page(**more: Any) -> dict[str, Any]:
    body = {"representation": "storage", "value": "<p/>"}
    return {"spaceId": "1", "status": "current", "title": "x", "body": body, **more}


WRONG: dict[str, tuple[Exchange, str]] = {
    "a path of nobody": (exchange("GET", "/rest/api/3/nonsense"), "in no contract"),
    "an unknown query parameter": (exchange("GET", "/rest/api/3/myself", query="colour=red"), "colour is not in the contract"),
    "a number that is none": (exchange("GET", PAGES, query="limit=many"), "limit"),
    "a value out of range": (exchange("GET", PAGES, query="limit=251"), "maximum"),
    "a status of nobody": (exchange("GET", PAGES, query="status=current,gone"), "gone"),
    "a parameter twice": (exchange("GET", "/rest/api/3/myself", query="expand=a&expand=b"), "given 2 times"),
    "a page id that is a word": (exchange("GET", f"{PAGES}/abc"), "integer"),
    "a required parameter missing": (exchange("GET", "/wiki/rest/api/content/search"), "cql is missing"),
    "no body": (exchange("POST", BULK), "the body is missing"),
    "a body too many": (exchange("GET", "/rest/api/3/myself", {}), "none is described"),
    "a body of another kind": (exchange("POST", BULK, {}, headers={"content-type": "text/plain"}), "content type is text/plain"),
    "a body cut off": (exchange("POST", BULK, {"issueUpdates": []}, cut=9), "no JSON"),
    "a property of nobody": (exchange("POST", "/rest/api/3/search/jql", {"jql": "a = 1", "colour": "red"}), "colour"),
    "a property missing": (exchange("PUT", f"{PAGES}/1", page(id="1")), "'version' is a required property"),
    "a minor edit": (exchange("PUT", f"{PAGES}/1", page(id="1", version={"number": 2, "minorEdit": True})), "minorEdit"),
    "wiki text in version 3": (exchange("POST", BULK, issue(description="*x*")), "not the rich text"),
    "a document in version 2": (exchange("POST", "/rest/api/2/issue/bulk", issue(description=DOC)), "not the rich text"),
    "expand on an update": (exchange("PUT", f"{CONTENT}/1", {"title": "x"}, query="expand=version"), "expand is not in the contract"),
    "a document in Data Center": (exchange("POST", "/jira/rest/api/2/issue/bulk", issue(description=DOC)), "not the rich text"),
    "an account id in Data Center": (exchange("POST", "/jira/rest/api/2/issueLink", {"type": {"accountId": "x"}}), "accountId"),
    "an empty text node": (exchange("POST", BULK, issue(description={**DOC, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]})), "no valid ADF"),
}  # fmt: skip

WRONG_ANSWERS: dict[str, tuple[Exchange, str]] = {
    "a status of nobody": (exchange("GET", "/rest/api/3/myself", status=202), "not declared"),
    "a user without type": (exchange("GET", "/rest/api/3/myself", answer={"accountId": 1}), "accountId"),
    "a user with more": (exchange("GET", "/rest/api/3/myself", answer={"colour": "red"}), "colour"),
    "a web page": (exchange("GET", "/rest/api/3/myself", answer="<p/>", answer_headers={"content-type": "text/html"}), "text/html"),
    "a right with more": (exchange("GET", "/jira/rest/api/2/mypermissions", answer={"permissions": {"X": {"colour": "red"}}}), "colour"),
    "a page of issue types without its numbers": (exchange("GET", "/jira/rest/api/2/issue/createmeta/MKT/issuetypes", answer={"values": []}), "isLast"),
    "one project for a list": (exchange("GET", "/jira/rest/api/latest/project", answer={"key": "MKT"}), "array"),
    "no document": (exchange("GET", "/rest/api/3/issue/MKT-1", answer={"fields": {"description": "x"}}), "not the rich text"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_refused(name: str) -> None:
    folder()
    asked, why = WRONG[name]
    problems = Verdict(asked).of_request()
    assert any(why in problem for problem in problems), problems


@pytest.mark.parametrize("name", WRONG_ANSWERS)
def test_a_wrong_answer_is_refused(name: str) -> None:
    folder()
    answered, why = WRONG_ANSWERS[name]
    problems = Verdict(answered).of_answer()
    assert any(why in problem for problem in problems), problems


@pytest.mark.parametrize(
    "right",
    [
        exchange("POST", BULK, issue(description=DOC), status=201, answer={"issues": [], "errors": []}),
        exchange("POST", PAGES, page()),
        exchange("GET", PAGES, query="status=current,archived&title=a%26b&limit=5"),
        exchange("GET", "/ex/jira/abc-1/rest/api/3/mypermissions", query="permissions=EDIT_ISSUES"),
        exchange("GET", "/rest/api/3/myself", status=429, fault="status", answer={"any": "thing"}),
        exchange("GET", "/_edge/tenant_info"),
        exchange("GET", "/jira/rest/agile/latest/epic/MKT-1"),
        exchange("PUT", "/jira/rest/api/2/issue/MKT-1/properties/bridge", [1, {"a": None}], status=201),
        exchange("PUT", "/jira/rest/api/2/issue/MKT-1", {"fields": {"summary": "x", "labels": ["a"], "duedate": None}, "properties": [{"key": "bridge", "value": {"a": 1}}]}, query="notifyUsers=false", status=204),
        exchange("PUT", f"{CONTENT}/1", {"title": "x"}, status=409, answer={"statusCode": 409, "data": {"errors": []}}),
    ],
    ids=lambda e: f"{e.method} {e.path}",
)  # fmt: skip
def test_what_is_right_passes(right: Exchange) -> None:
    folder()
    verdict = Verdict(right)
    assert verdict.of_request() == []
    assert verdict.of_answer() == []
