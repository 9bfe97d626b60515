"""Attachments of issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.jira.book import Book
from bridge.sandbox.jira.changes import Side, item
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store, dumps

UPLOAD_LIMIT = 10 * 2**20
"""Bytes of one attachment, then 413; what ``attachment/meta`` tells."""
_COLUMNS = "id, issue, filename, author, created, media, size"


@dataclass(frozen=True)
class Attached:
    """An attachment, without its content."""

    id: int
    issue: int
    filename: str
    author: str
    created: str
    media: str
    size: int


class Files:
    """Every attachment of the site's issues."""

    def __init__(self, store: Store, setup: Setup, book: Book) -> None:
        self._store = store
        self._setup = setup
        self._book = book

    def of(self, issue_id: int) -> list[Attached]:
        """Return the attachments of an issue, oldest first."""
        return self.of_each([issue_id])[issue_id]

    def of_each(self, issue_ids: Sequence[int]) -> dict[int, list[Attached]]:
        """Return the attachments of several issues, oldest first."""
        among = "issue in (select value from json_each(?))"
        sql = f"select {_COLUMNS} from attachment where {among} order by id"  # noqa: S608  # constants
        found: dict[int, list[Attached]] = {issue_id: [] for issue_id in issue_ids}
        for row in self._store.all(sql, dumps(issue_ids)):
            found[row["issue"]].append(_attached(row))
        return found

    def get(self, attachment_id: int) -> Attached | None:
        """Return the attachment with this id, or None."""
        sql = f"select {_COLUMNS} from attachment where id = ?"  # noqa: S608  # constant
        row = self._store.one(sql, attachment_id)
        return None if row is None else _attached(row)

    def content(self, attached: Attached) -> bytes:
        """Return what was uploaded."""
        row = self._store.one("select content from attachment where id = ?", attached.id)
        return b"" if row is None else bytes(row["content"])

    def add(
        self, issue: Issue, filename: str, media: str, content: bytes, person: Person
    ) -> Attached:
        """Attach a file, with a line in the issue's history.

        Raises:
            JiraRefusalError: 413, too large; 400, without a name.

        """
        name = filename.replace("\\", "/").rpartition("/")[2]
        if not name:
            raise JiraRefusalError(400, "The file must have a name.")
        if len(content) > UPLOAD_LIMIT:
            raise JiraRefusalError(
                413,
                f"The file '{name}' exceeds its maximum permitted size of {UPLOAD_LIMIT} bytes.",
            )
        made = Attached(
            self._store.next_id("attachment"), issue.id, name, person.account_id, self._setup.now(),
            media, len(content),
        )  # fmt: skip
        self._store.run(
            "insert into attachment values (?, ?, ?, ?, ?, ?, ?, ?)",
            made.id, issue.id, name, made.author, made.created, media, made.size, content,
        )  # fmt: skip
        self._tell(issue, (None, None), (str(made.id), name), person)
        return made

    def remove(self, attached: Attached, issue: Issue, person: Person) -> None:
        """Delete an attachment, with a line in the issue's history."""
        self._store.run("delete from attachment where id = ?", attached.id)
        self._tell(issue, (str(attached.id), attached.filename), (None, None), person)

    def _tell(self, issue: Issue, before: Side, after: Side, person: Person) -> None:
        line = item("Attachment", "attachment", before, after)
        present = self._book.get(issue.id) or issue
        self._book.change(present, present, person.account_id, [line])


def _attached(row: Any) -> Attached:
    return Attached(**dict(row))
