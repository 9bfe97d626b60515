"""Where the rate limits meet the application: before the work, and in the headers of every answer."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request

from bridge.sandbox.call import BadRequestError, the_call
from bridge.sandbox.door import REST_PREFIXES
from bridge.sandbox.limits import Judgement, Knock, Limits
from bridge.sandbox.scopes import template

TOO_MANY = "Rate limit exceeded."
_LISTS = ("issues", "values", "results", "comments")


def install_limits(app: Flask, limits: Limits) -> None:
    """Judge every REST call; to be installed after the caller is known."""

    def judge() -> None:
        if limits.none or not request.path.startswith(REST_PREFIXES):
            return
        g.knock = _knock()
        g.judgement = limits.judge(g.knock)
        if not g.judgement.allowed:
            raise BadRequestError(429, TOO_MANY)

    def tell(response: Response) -> Response:
        judgement: Judgement | None = g.get("judgement")
        if judgement is None:
            return response
        for name, value in judgement.headers.items():
            response.headers.setdefault(name, value)
        if judgement.allowed:
            limits.charge(g.knock, lambda: _objects(response))
        return response

    app.before_request(judge)
    app.after_request(tell)


def _knock() -> Knock:
    call = the_call()
    rule = request.url_rule.rule if request.url_rule else request.path
    person = call.person.account_id if call.person else None
    found = [call.site.jira.book.find(key) for key in _issues_written()]
    return Knock(request.method, template(rule), person, tuple(i.id for i in found if i))


def _issues_written() -> set[str]:
    """Return the issues that a request would write to, as it names them; a link writes to both its ends."""
    if request.method == "GET" or not request.path.startswith("/rest/api/"):
        return set()
    key = (request.view_args or {}).get("key")
    if key and "/issue/" in request.path:
        return {str(key)}
    if not request.path.endswith("/issueLink"):
        return set()
    sent = request.get_json(silent=True)
    return {name for side in ("inwardIssue", "outwardIssue") if (name := _named(sent, side))}


def _named(sent: Any, side: str) -> str:
    end = sent.get(side) if isinstance(sent, Mapping) else None
    return str(end.get("key") or end.get("id") or "") if isinstance(end, Mapping) else ""


def _objects(response: Response) -> int:
    """Count what an answer held: the length of its list, one for a single object."""
    if response.status_code != 200 or response.mimetype != "application/json":
        return 0
    held = response.get_json(silent=True)
    if isinstance(held, list):
        return len(held)
    lists = [held[n] for n in _LISTS if isinstance(held.get(n), list)] if held else []
    return len(lists[0]) if lists else 1
