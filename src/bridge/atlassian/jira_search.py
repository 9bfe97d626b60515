"""What the search index shows: pages of issues, each once, and the stamps of many."""

from collections.abc import Callable, Sequence
from typing import Any

from bridge.atlassian import jira_answers
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import Raw
from bridge.atlassian.line import Line
from bridge.atlassian.wire import Request
from bridge.tracker import Stamp

_SEARCHES_ANEW = 2  # how often a search is begun anew because its pages moved
_Page = Callable[[str | None], Request]


def issues(line: Line, jql: str, fields: Sequence[str]) -> Sequence[Raw]:
    """Return every issue that a bounded JQL finds, with these fields and the bridge's memory."""
    return _whole(line, lambda page: line.dialect.search_request(jql, fields, wire.PAGE, page))


def stamps(line: Line, jql: str) -> Sequence[Stamp]:
    """Return key, last change and due date of every issue that a bounded JQL finds."""
    found = _whole(line, lambda page: line.dialect.stamps_request(jql, page))
    return [jira_answers.stamp(raw) for raw in found]


def _whole(line: Line, request: _Page) -> Sequence[Raw]:
    """Return what a search shows, an issue once: a page may repeat what moved while we read.

    Where pages are counted by their start, an issue that leaves an earlier page hides another:
    the count of all tells, and the search begins anew.
    """
    found, settled = _pages(line, request)
    for _ in range(_SEARCHES_ANEW):
        if settled:
            break
        found, settled = _pages(line, request)
    return list(found.values())


def _pages(line: Line, request: _Page) -> tuple[dict[str, Raw], bool]:
    """Return what a search shows, and whether the count of all stayed the same."""
    found: dict[str, Raw] = {}
    totals: set[Any] = set()
    page: str | None = None
    while True:
        body = line.send(request(page)).body
        totals.add(body.get("total"))
        found |= {str(raw["key"]): raw for raw in body["issues"]}
        page = line.dialect.next_page(body)
        if not page:
            return found, len(totals) == 1
