"""Read the request that somebody wrote in an issue: a YAML block, a table, or an attached file."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bridge.errors import (
    NoRequestThere,
    Place,
    Problem,
    ProblemsFound,
    RequestUnreadable,
    SeveralRequests,
)
from bridge.guardrails.request import Request
from bridge.guardrails.written import Rows, Scalar, is_request, read_table
from bridge.ports import Tracker
from bridge.prose import Code
from bridge.text import Text, text
from bridge.tracker import Attached, Issue

ATTACHMENT = re.compile(r"request\.ya?ml", re.IGNORECASE)
MOST = 1_000_000  # bytes of an attached request, as of any YAML file
_BLOCK = re.compile(r"^(format|kind)\s*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reader:
    """How a request's text is read: a whole YAML file, and one scalar of a table's cell."""

    parse: Callable[[str, str], Request]
    scalar: Scalar


def request_in(issue: Issue, tracker: Tracker, reader: Reader) -> Request:
    """Return the one request that an issue holds.

    Raises NoRequestThere, SeveralRequests, RequestUnreadable with every problem, or a SiteError.
    """
    content = tracker.content(issue.key)
    blocks = [code for code in content.code if _BLOCK.search(code.words)]
    tables = [table for table in content.tables if is_request(table)]
    files = [file for file in issue.attachments if ATTACHMENT.fullmatch(file.name)]
    found: list[tuple[Text, Callable[[], Request]]] = [
        *((text("a YAML block"), _of_block(issue.key, code, reader)) for code in blocks),
        *((text("a table"), _of_table(issue.key, table, reader)) for table in tables),
        *((text("an attached file"), _of_file(issue.key, file, tracker, reader)) for file in files),
    ]
    if not found:
        raise NoRequestThere(issue.key)
    if len(found) > 1:
        raise SeveralRequests(issue.key, [name for name, _ in found])
    return found[0][1]()


def _of_block(key: str, code: Code, reader: Reader) -> Callable[[], Request]:
    return lambda: _parsed(key, code.words, reader)


def _of_file(key: str, file: Attached, tracker: Tracker, reader: Reader) -> Callable[[], Request]:
    def read() -> Request:
        try:
            words = tracker.attachment(file, MOST).decode("utf-8-sig")
        except UnicodeDecodeError:
            problem = Problem(text("The file is not UTF-8 text."), place=Place(file.name))
            raise RequestUnreadable(key, [problem]) from None
        return _parsed(key, words, reader)

    return read


def _of_table(key: str, rows: Rows, reader: Reader) -> Callable[[], Request]:
    def read() -> Request:
        data, problems = read_table(rows, reader.scalar)
        if problems:
            raise RequestUnreadable(key, list(_placed(problems, key)))
        return Request(data)

    return read


def _parsed(key: str, words: str, reader: Reader) -> Request:
    try:
        return reader.parse(words, key)
    except ProblemsFound as wrong:
        raise RequestUnreadable(key, wrong.problems) from None


def _placed(problems: Iterable[Problem], key: str) -> Iterator[Problem]:
    for problem in problems:
        yield Problem(problem.sentence, problem.hint, Place(key))
