"""The search index: what JQL is asked of. It follows the store, at once or with a lag.

Real search is eventually consistent: "recent updates might not be immediately visible". With
:class:`Lag` set, a change becomes visible only after so many further REST requests or seconds; with
``flicker`` it appears, vanishes and reappears before it settles, as seen live.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.sandbox import moments
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.words import words
from bridge.sandbox.richtext.adf import plain
from bridge.sandbox.store import Store, dumps, loads

Entry = dict[str, Any]
_COLUMNS = (
    "id", "project", "number", "type", "status", "category", "priority", "assignee", "reporter", "creator",
    "summary", "summary_words", "description_words", "duedate", "created", "updated", "resolution",
    "resolved", "parent", "level",
)  # fmt: skip
_MARKS = ", ".join("?" * len(_COLUMNS))
_INSERT = f"insert or replace into found values ({_MARKS})"  # noqa: S608  # question marks only
_FORGET = (
    "delete from found_label where issue = ?",
    "delete from found_value where issue = ?",
    "delete from found_link where issue = ?",
    "delete from found where id = ?",
)


class Reads(Protocol):
    """What the index reads from the store of issues."""

    def get(self, issue_id: int) -> Issue | None:
        """Return the issue with this id, or None."""

    def linked(self, issue_id: int) -> list[tuple[int, str]]:
        """Return the far ends of its links, with phrase or type name."""


@dataclass
class Lag:
    """How far search is behind the store: further REST requests, seconds, or both (the later counts)."""

    requests: int = 0
    seconds: float = 0.0
    flicker: bool = False

    @property
    def none(self) -> bool:
        """Whether a change is visible at once."""
        return not (self.requests or self.seconds or self.flicker)


class Index:
    """Keeps the ``found`` tables."""

    def __init__(self, store: Store, setup: Setup) -> None:
        self._store = store
        self._setup = setup
        self.lag = Lag()
        self.requests = 0
        self._waiting = bool(store.one("select 1 from catching_up limit 1"))
        if self._waiting:  # the sandbox was restarted: the index has long caught up
            self.settle(everything=True)

    def tick(self) -> None:
        """Count one REST request."""
        self.requests += 1

    def note(
        self, issue: Issue, links: Iterable[tuple[int, str]] = (), *, new: bool = False
    ) -> None:
        """Take in that an issue was made or changed; ``links`` are (other id, phrase or type name)."""
        entry = self._entry(issue, links)
        if new and self.lag.none:  # nothing of it was ever shown or waits to be
            self._put(issue.id, entry)
        else:
            self._take(issue.id, entry)

    def forget(self, issue_id: int) -> None:
        """Return an issue was deleted."""
        self._take(issue_id, None)

    def _take(self, issue_id: int, entry: Entry | None) -> None:
        if self.lag.none:
            self._store.run("delete from catching_up where issue = ?", issue_id)
            self._store.run("delete from still_shown where issue = ?", issue_id)
            self._show(issue_id, entry)
            return
        before = self._newest(issue_id)
        steps = [entry, before, entry] if self.lag.flicker else [entry]
        due = moments.moment(self._setup.now()) + timedelta(seconds=self.lag.seconds)
        for at, step in enumerate(steps):
            self._queue(
                issue_id, step, self.requests + self.lag.requests + at, due + self._pause(at)
            )
        self._waiting = True

    def _pause(self, step: int) -> timedelta:
        return timedelta(seconds=step * self.lag.seconds / 4)

    def _queue(
        self, issue_id: int, entry: Entry | None, after_request: int, after_time: datetime
    ) -> None:
        self._store.run(
            "insert into catching_up (issue, after_request, after_time, entry) values (?, ?, ?, ?)",
            issue_id,
            after_request,
            moments.stamp(after_time),
            None if entry is None else dumps(entry),
        )

    def _newest(self, issue_id: int) -> Entry | None:
        """Tell what is, or will last be, in the index; keeps what is shown meanwhile."""
        queued = self._store.one(
            "select entry from catching_up where issue = ? order by seq desc limit 1", issue_id
        )
        if queued:
            return None if queued["entry"] is None else dict(loads(queued["entry"]))
        shown = self._store.one("select * from found where id = ?", issue_id)
        body = self._store.one("select body from still_shown where issue = ?", issue_id)
        if shown is None:
            return None
        return self._read_back(issue_id, dict(shown), loads(body["body"]) if body else {})

    def remember_shown(self, issue: Issue) -> None:
        """Before a change is stored while search lags: keep the state that search goes on showing."""
        if not self.lag.none:
            self._store.run(
                "insert or ignore into still_shown values (?, ?)", issue.id, dumps(issue.doc())
            )

    def _read_back(self, issue_id: int, row: dict[str, Any], body: Entry) -> Entry:
        run = self._store.all
        return {
            "row": [row[c] for c in _COLUMNS],
            "labels": [
                r["label"] for r in run("select label from found_label where issue = ?", issue_id)
            ],
            "values": [
                [r["field"], r["value"], r["words"]]
                for r in run(
                    "select field, value, words from found_value where issue = ?", issue_id
                )
            ],
            "links": [
                [r["other"], r["phrase"]]
                for r in run("select * from found_link where issue = ?", issue_id)
            ],
            "body": body,
        }

    def settle(self, *, everything: bool = False) -> None:
        """Make visible what is due (or all that is waiting). Called before every search."""
        if not self._waiting:
            return
        with self._store.transaction():
            due = self._store.all(
                "select * from catching_up where ? or (after_request < ? and after_time <= ?) order by seq",
                everything,
                self.requests,
                self._setup.now(),
            )
            for row in due:
                entry = None if row["entry"] is None else loads(row["entry"])
                self._store.run("delete from catching_up where seq = ?", row["seq"])
                self._show(row["issue"], entry)
                self._keep_shown(row["issue"], entry)
            self._waiting = self._store.one("select 1 from catching_up limit 1") is not None

    def _keep_shown(self, issue_id: int, entry: Entry | None) -> None:
        self._store.run("delete from still_shown where issue = ?", issue_id)
        behind = self._store.one("select 1 from catching_up where issue = ? limit 1", issue_id)
        if behind and entry and entry["body"]:
            self._store.run("insert into still_shown values (?, ?)", issue_id, dumps(entry["body"]))

    def reveal(self, ids: Iterable[int], book: "Reads") -> None:
        """Put the store's state of some issues in place of the index's: strongly consistent for them."""
        if not self._waiting:
            return
        for issue_id in ids:
            issue = book.get(issue_id)
            self._show(
                issue_id, None if issue is None else self._entry(issue, book.linked(issue_id))
            )

    def shown(self, issue_id: int) -> Issue | None:
        """Return the outdated state that search shows of an issue, or None where it shows the present one."""
        if not self._waiting:
            return None
        row = self._store.one("select body from still_shown where issue = ?", issue_id)
        return None if row is None else Issue(**loads(row["body"]))

    def _show(self, issue_id: int, entry: Entry | None) -> None:
        for sql in _FORGET:
            self._store.run(sql, issue_id)
        if entry is not None:
            self._put(issue_id, entry)

    def _put(self, issue_id: int, entry: Entry) -> None:
        self._store.run(_INSERT, *entry["row"])
        for label in entry["labels"]:
            self._store.run("insert or ignore into found_label values (?, ?)", label, issue_id)
        for field, value, text in entry["values"]:
            self._store.run(
                "insert or ignore into found_value values (?, ?, ?, ?)",
                field,
                value,
                issue_id,
                text,
            )
        for other, phrase in entry["links"]:
            self._store.run(
                "insert or ignore into found_link values (?, ?, ?)", issue_id, other, phrase
            )

    def _entry(self, issue: Issue, links: Iterable[tuple[int, str]]) -> Entry:
        values = issue.values
        priority = values.get("priority")
        description = values.get("description")
        row = [
            issue.id, issue.project, issue.number, issue.type, issue.status,
            self._setup.statuses[issue.status].category, None if priority is None else int(priority),
            issue.assignee, values.get("reporter"), values.get("creator"), issue.summary,
            words(issue.summary), words(plain(description)) if description else None, issue.duedate,
            issue.created, issue.updated, values.get("resolution"), issue.resolved, issue.parent,
            issue.security,
        ]  # fmt: skip
        return {
            "row": row,
            "labels": issue.labels,
            "values": self._custom_values(issue),
            "links": [list(link) for link in links],
            "body": issue.doc() if not self.lag.none else {},
        }

    def _custom_values(self, issue: Issue) -> list[list[Any]]:
        found: list[list[Any]] = []
        for field_id, value in issue.values.items():
            field = self._setup.fields.get(field_id)
            if field is None or not field.custom or value in (None, []):
                continue
            if field.kind == "richtext":
                found.append([field_id, "", words(plain(value))])
            elif isinstance(value, list):
                found += [[field_id, one, None] for one in value]
            else:
                found.append([field_id, value, words(value) if field.kind == "text" else None])
        return found
