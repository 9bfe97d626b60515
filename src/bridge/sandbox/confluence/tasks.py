"""Tasks: the check boxes of pages, as the task interface lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.pages import Page, Version
from bridge.sandbox.confluence.storage import (
    Element,
    attribute,
    child,
    inner_text,
    name,
    parse,
    serialize,
)
from bridge.sandbox.store import Store


@dataclass(frozen=True)
class Task:
    """A task; ``local_id`` and ``uuid`` are those in the body, ``due`` is ``yyyy-MM-dd`` or None."""

    id: int
    page: int
    local_id: str
    uuid: str
    body: str
    status: str
    author: str
    assignee: str | None
    due: str | None
    created: str
    updated: str
    completed: str | None
    completed_by: str | None


class Tasks:
    """Every task of the site; they follow the bodies of pages."""

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def all(self) -> list[Task]:
        """Every task, oldest first."""
        return [_task(row) for row in self._store.all("select * from task order by id")]

    def get(self, task_id: int) -> Task | None:
        """Return the task with this id, or None."""
        row = self._store.one("select * from task where id = ?", task_id)
        return None if row is None else _task(row)

    def follow(self, page: Page, version: Version) -> None:
        """After a save: tasks appear, change and vanish with the body."""
        if "<ac:task>" not in version.body:
            self._store.run("delete from task where page = ?", page.id)
            return
        known = {
            row["uuid"]: _task(row)
            for row in self._store.all("select * from task where page = ?", page.id)
        }
        self._store.run("delete from task where page = ?", page.id)
        for element in _elements(version.body):
            read = _read(element)
            self._put(page, version, read, known.get(read["uuid"]))

    def _put(self, page: Page, version: Version, read: dict[str, Any], old: Task | None) -> None:
        now = self._now()
        done = read["status"] == "complete"
        was_done = old is not None and old.status == "complete"
        task_id = old.id if old else self._store.next_id("content", 65537)
        completed = (old.completed if old and was_done else now) if done else None
        by = (old.completed_by if old and was_done else version.author) if done else None
        self._store.run(
            "insert or replace into task values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            task_id, page.id, read["local_id"], read["uuid"], read["body"], read["status"],
            old.author if old else version.author, read["assignee"], read["due"],
            old.created if old else now, now, completed, by,
        )  # fmt: skip


def ticked(body: str, uuid: str, status: str) -> str:
    """Return the body with the status of one task set to ``complete`` or ``incomplete``."""
    root = parse(body)
    for element in root.iter():
        if name(element) == "ac:task" and _part(element, "ac:task-uuid") == uuid:
            mark = child(element, "ac:task-status")
            if mark is not None:
                mark.text = status
    return serialize(root)


def _elements(body: str) -> list[Element]:
    return [e for e in parse(body).iter() if name(e) == "ac:task"]


def _part(element: Element, short: str) -> str:
    part = child(element, short)
    return "" if part is None else inner_text(part).strip()


def _read(element: Element) -> dict[str, Any]:
    body = child(element, "ac:task-body")
    inside = [] if body is None else list(body.iter())
    users = [
        attribute(e, "ri:account-id") or attribute(e, "ri:userkey")
        for e in inside
        if name(e) == "ri:user"
    ]
    days = [e.get("datetime") for e in inside if name(e) == "time"]
    return {
        "local_id": _part(element, "ac:task-id"),
        "uuid": _part(element, "ac:task-uuid"),
        "status": _part(element, "ac:task-status"),
        "body": "" if body is None else serialize(body),
        "assignee": users[0] if users else None,
        "due": str(days[0]) if days and days[0] else None,
    }


def _task(row: Any) -> Task:
    return Task(**dict(row))
