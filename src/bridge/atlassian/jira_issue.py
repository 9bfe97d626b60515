"""One issue beyond its fields: what it holds, what was said and done on it, asked of Jira."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bridge.atlassian import jira_issue_wire as wire
from bridge.atlassian.dialect import Raw
from bridge.atlassian.jira_answers import moment
from bridge.atlassian.line import Line
from bridge.atlassian.wire import Request, TooLarge
from bridge.errors import AttachmentTooLarge, BadAnswer, HistoryIncomplete
from bridge.prose import Prose, words_of
from bridge.text import text
from bridge.tracker import Attached, Comment, Content, Happening

_BEGUN_ANEW = 2  # how often a list is read anew because it changed meanwhile


def content(line: Line, key: str) -> Content:
    """Return the code and the tables of a description."""
    return line.dialect.content(_field(line, key, "description"))


def lines(line: Line, key: str) -> Sequence[str]:
    """Return the lines of a description as bare words, without empty ones."""
    said = line.dialect.lines(_field(line, key, "description"))
    return [plain for one in said.split("\n") if (plain := one.strip())]


def add_to_description(line: Line, key: str, prose: Prose, *, quietly: bool) -> None:
    """Write blocks below what a description holds; nothing to add is nothing sent.

    What stands there goes back as it came: Jira takes the field as a whole only.
    """
    if not words_of(prose):
        return
    whole = line.dialect.extended(_field(line, key, "description"), prose)
    line.send(wire.description_request(key, whole, line.dialect, quietly=quietly))


def forget(line: Line, key: str) -> None:
    """Take the bridge's memory off an issue; where there is none, nothing happens."""
    request = wire.forget_request(key, line.dialect)
    answer = line.transport.try_send(request)
    if answer.status != 404:  # no such property, or no such issue: it holds no memory either way
        line.good(request, answer)


def attachment(line: Line, attached: Attached, most: int) -> bytes:
    """Return what an attachment holds, whole; raise AttachmentTooLarge above ``most`` bytes."""
    if attached.size > most:
        raise AttachmentTooLarge(attached.name, most)
    request = line.dialect.file_request(attached, most)
    try:
        found = line.transport.send(request).content
    except TooLarge:
        raise AttachmentTooLarge(attached.name, most) from None
    if len(found) != attached.size:  # a page to sign in, for instance
        raise BadAnswer("Jira", request.what, text("a file of another size"))
    return found


def comments(line: Line, key: str) -> Sequence[Comment]:
    """Return every comment, the oldest first."""
    found, _ = _whole(
        line, lambda start: wire.comments_request(key, start, line.dialect), wire.comments_page
    )
    read = [wire.comment(raw, line.dialect) for raw in found.values()]
    return sorted(read, key=lambda comment: (comment.created, int(comment.id)))


def history(line: Line, key: str) -> Sequence[Happening]:
    """Return every change, the oldest first; raise HistoryIncomplete where Jira keeps some back."""
    dialect = line.dialect
    found, total = _whole(
        line, lambda start: wire.history_request(key, start, dialect), dialect.history_page
    )
    if len(found) < total:
        raise HistoryIncomplete(key, len(found), total)
    entries = sorted(found.values(), key=lambda e: (moment(e["created"]), int(e["id"])))
    return [happening for entry in entries for happening in wire.happenings(entry, dialect)]


def finish(line: Line, key: str) -> bool:
    """Take the simplest step to a status of category done; False where none is offered."""
    if wire.is_done(_field(line, key, "status")):
        return True
    steps = line.send(wire.steps_request(key, line.dialect)).body["transitions"]
    step = wire.finishing(steps)
    if step is None:
        return False
    line.send(wire.step_request(key, step, line.dialect))
    return True


def _field(line: Line, key: str, field: str) -> Any:
    """Return one field of an issue from the store, None where it is empty or not in use."""
    request = wire.field_request(key, field, line.dialect)
    return line.send(request).body["fields"].get(field)


def _whole(
    line: Line,
    request: Callable[[int], Request],
    page: Callable[[Raw], tuple[Sequence[Raw], int]],
) -> tuple[Mapping[str, Raw], int]:
    """Return the entries of a list by id, and how many there are by what Jira says.

    What goes from an earlier page hides an entry of the next: the count of all tells, and the list
    is read anew.
    """
    for _ in range(_BEGUN_ANEW):
        found, totals = _pages(line, request, page)
        if len(totals) == 1:
            return found, totals.pop()
    found, totals = _pages(line, request, page)
    return found, max(totals)


def _pages(
    line: Line,
    request: Callable[[int], Request],
    page: Callable[[Raw], tuple[Sequence[Raw], int]],
) -> tuple[dict[str, Raw], set[int]]:
    """Read a list page by page until all is there, or nothing new comes; return the counts told."""
    found: dict[str, Raw] = {}
    totals: set[int] = set()
    while True:
        entries, total = page(line.send(request(len(found))).body)
        totals.add(total)
        before = len(found)
        found |= {str(entry["id"]): entry for entry in entries}
        if len(found) == before or len(found) >= total:
            return found, totals
