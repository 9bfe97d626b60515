"""What hangs on an issue beside its fields: comments, entity properties, watchers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.richtext.adf import Node
from bridge.sandbox.store import Store, dumps, loads

KEY_LIMIT, VALUE_LIMIT = 255, 32768
"""Characters of a property's key and value ([v3] set issue property)."""
COMMENT_LIMIT = 5000
"""Comments per issue, then 413."""


@dataclass(frozen=True)
class Comment:
    """A comment; ``body`` is ADF."""

    id: int
    issue: int
    author: str
    update_author: str
    created: str
    updated: str
    body: Node


class Comments:
    """Every comment of the site."""

    def __init__(self, store: Store, setup: Setup) -> None:
        self._store = store
        self._setup = setup
        self.happened: Callable[[str, Comment], None] = lambda _event, _comment: None
        """Told of every comment that is made, changed or deleted."""

    def of(self, issue_id: int) -> list[Comment]:
        """Return the comments of an issue, oldest first."""
        return self.of_each([issue_id])[issue_id]

    def of_each(self, issue_ids: Sequence[int]) -> dict[int, list[Comment]]:
        """Return the comments of several issues, oldest first."""
        sql = "select * from comment where issue in (select value from json_each(?)) order by id"
        found: dict[int, list[Comment]] = {issue_id: [] for issue_id in issue_ids}
        for row in self._store.all(sql, dumps(issue_ids)):
            found[row["issue"]].append(_comment(row))
        return found

    def get(self, comment_id: int) -> Comment | None:
        """Return the comment with this id, or None."""
        row = self._store.one("select * from comment where id = ?", comment_id)
        return None if row is None else _comment(row)

    def add(self, issue_id: int, author: str, body: Node) -> Comment:
        """Write a comment.

        Raises:
            JiraRefusalError: 413, the issue has too many.

        """
        count = self._store.one("select count(*) from comment where issue = ?", issue_id)
        if count and count[0] >= COMMENT_LIMIT:
            raise JiraRefusalError(413, "The issue has reached the limit of comments.")
        now = self._setup.now()
        made = Comment(self._store.next_id("comment"), issue_id, author, author, now, now, body)
        self._store.run(
            "insert into comment values (?, ?, ?, ?, ?, ?, ?)",
            made.id,
            issue_id,
            author,
            author,
            now,
            now,
            dumps(body),
        )
        self.happened("comment_created", made)
        return made

    def change(self, comment: Comment, author: str, body: Node) -> Comment:
        """Write a comment anew."""
        sql = "update comment set update_author = ?, updated = ?, body = ? where id = ?"
        self._store.run(sql, author, self._setup.now(), dumps(body), comment.id)
        changed = self.get(comment.id) or comment
        self.happened("comment_updated", changed)
        return changed

    def remove(self, comment: Comment) -> None:
        """Delete a comment."""
        self.happened("comment_deleted", comment)
        self._store.run("delete from comment where id = ?", comment.id)


def _comment(row: Any) -> Comment:
    return Comment(**{**dict(row), "body": loads(row["body"])})


class Properties:
    """Entity properties of issues: any JSON under a key, invisible to people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, issue_id: int) -> dict[str, Any]:
        """Key to value."""
        rows = self._store.all(
            "select name, value from property where issue = ? order by name", issue_id
        )
        return {row["name"]: loads(row["value"]) for row in rows}

    def get(self, issue_id: int, name: str) -> tuple[Any] | None:
        """Return the value in a tuple (it may be null), or None where there is no such property."""
        row = self._store.one(
            "select value from property where issue = ? and name = ?", issue_id, name
        )
        return None if row is None else (loads(row["value"]),)

    def put(self, issue_id: int, name: str, value: Any) -> bool:
        """Set a property; whether it is new.

        Raises:
            JiraRefusalError: 400, the key or the value is too long.

        """
        text = dumps(value)
        if len(name) > KEY_LIMIT:
            raise JiraRefusalError(
                400, f"The property key is too long. The maximum length is {KEY_LIMIT} characters."
            )
        if len(text) > VALUE_LIMIT:
            sentence = (
                f"The property value is too long. The maximum length is {VALUE_LIMIT} characters."
            )
            raise JiraRefusalError(400, sentence)
        is_new = self.get(issue_id, name) is None
        sql = (
            "insert into property values (?, ?, ?)"
            " on conflict (issue, name) do update set value = excluded.value"
        )
        self._store.run(sql, issue_id, name, text)
        return is_new

    def remove(self, issue_id: int, name: str) -> bool:
        """Delete a property; whether there was one."""
        return (
            self._store.run(
                "delete from property where issue = ? and name = ?", issue_id, name
            ).rowcount
            > 0
        )


def requested_properties(raw: Any) -> list[tuple[str, Any]]:
    """Return the properties in a create or edit body: ``[{"key": …, "value": …}]``.

    Raises:
        JiraRefusalError: 400, of another shape.

    """
    if not isinstance(raw, list):
        raise JiraRefusalError(400, "properties must be a list")
    found = []
    for one in raw:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("key"), str)
            or not one["key"]
            or "value" not in one
        ):
            raise JiraRefusalError(
                400,
                "The property key cannot be empty."
                if isinstance(one, dict)
                else "data was not an object",
            )
        found.append((one["key"], one["value"]))
    return found


class Watchers:
    """Who follows which issue."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, issue_id: int) -> list[str]:
        """Return the account ids of those who watch."""
        return self.of_each([issue_id])[issue_id]

    def of_each(self, issue_ids: Sequence[int]) -> dict[int, list[str]]:
        """Return the account ids of those who watch several issues."""
        sql = "select issue, account from watcher where issue in (select value from json_each(?))"
        found: dict[int, list[str]] = {issue_id: [] for issue_id in issue_ids}
        for row in self._store.all(sql, dumps(issue_ids)):
            found[row["issue"]].append(row["account"])
        return found

    def add(self, issue_id: int, account: str) -> None:
        """Begin to watch; again changes nothing."""
        self._store.run("insert or ignore into watcher values (?, ?)", issue_id, account)

    def remove(self, issue_id: int, account: str) -> None:
        """Stop watching."""
        self._store.run("delete from watcher where issue = ? and account = ?", issue_id, account)
