"""Links between issues, and links from an issue to the web."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.jira import permissions
from bridge.sandbox.jira.book import Book
from bridge.sandbox.jira.changes import link_item
from bridge.sandbox.jira.defaults import named
from bridge.sandbox.jira.kinds import LinkType
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError, no_issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store, dumps, loads

_AMONG = """select * from link where source in (select value from json_each(?1))
            or target in (select value from json_each(?1)) order by id"""


@dataclass(frozen=True)
class Link:
    """Source ``type.outward`` target: for Blocks, the source blocks the target."""

    id: int
    type: LinkType
    source: int
    target: int

    def other(self, issue_id: int) -> int:
        """Return the issue at the far end."""
        return self.target if self.source == issue_id else self.source

    def phrase(self, issue_id: int) -> str:
        """How the link reads from one of its issues: ``blocks`` or ``is blocked by``."""
        return self.type.outward if self.source == issue_id else self.type.inward


class Links:
    """Every link of the site."""

    def __init__(self, store: Store, setup: Setup, book: Book) -> None:
        self._store = store
        self._setup = setup
        self._book = book

    def of(self, issue_id: int) -> list[Link]:
        """Return the links of an issue, oldest first."""
        return self.of_each([issue_id])[issue_id]

    def of_each(self, issue_ids: Sequence[int]) -> dict[int, list[Link]]:
        """Return the links of several issues, oldest first."""
        found: dict[int, list[Link]] = {issue_id: [] for issue_id in issue_ids}
        for link in map(self._link, self._store.all(_AMONG, dumps(issue_ids))):
            for end in (link.source, link.target) if link else ():
                if link and end in found:
                    found[end].append(link)
        return found

    def get(self, link_id: int) -> Link | None:
        """Return the link with this id, or None."""
        row = self._store.one("select * from link where id = ?", link_id)
        return None if row is None else self._link(row)

    def _link(self, row: Any) -> Link | None:
        kind = self._setup.link_types.get(row["type"])
        return None if kind is None else Link(row["id"], kind, row["source"], row["target"])

    def add(self, kind: LinkType, source: Issue, target: Issue, person: Person) -> None:
        """Link two issues; the same link again changes nothing."""
        same = "select 1 from link where type = ? and source = ? and target = ?"
        if self._store.one(same, kind.id, source.id, target.id):
            return
        link_id = self._store.next_id("link")
        self._store.run(
            "insert into link values (?, ?, ?, ?)", link_id, kind.id, source.id, target.id
        )
        self._tell(kind, source, target, person, added=True)

    def remove(self, link: Link, person: Person) -> None:
        """Take a link away."""
        self._store.run("delete from link where id = ?", link.id)
        ends = self._book.several([link.source, link.target])
        self._tell(link.type, ends[link.source], ends[link.target], person, added=False)

    def _tell(
        self, kind: LinkType, source: Issue, target: Issue, person: Person, *, added: bool
    ) -> None:
        author, subject = (
            person.account_id,
            named("This issue", self._store.meta("language") or "en"),
        )
        out = link_item(kind, target.key, outward=True, added=added, subject=subject)
        self._book.change(source, source, author, [out])
        if target.id != source.id:
            target = self._book.get(target.id) or target
            back = link_item(kind, source.key, outward=False, added=added, subject=subject)
            self._book.change(target, target, author, [back])

    def requested(
        self, body: dict[str, Any], person: Person | None, find: Callable[[str], Issue | None]
    ) -> tuple[LinkType, Issue, Issue]:
        """Return the type, source and target that a request body names.

        ``inwardIssue`` is the one that blocks, ``outwardIssue`` the one that is blocked
        (jira.js live test; atlassian-mcp-server#112).

        Raises:
            JiraRefusalError: 404 for an unknown type or issue, or where the right is missing.

        """
        kind = self._requested_type(body.get("type"))
        source = _requested_issue(body, "inwardIssue", find)
        target = _requested_issue(body, "outwardIssue", find)
        for issue in (source, target):
            if not permissions.allowed(
                person, permissions.LINK, self._setup.projects[issue.project]
            ):
                status = 401 if self._setup.flavour.server else 404
                raise JiraRefusalError(
                    status, "No Link Issue Permission for issue '" + issue.key + "'"
                )
        return kind, source, target

    def _requested_type(self, raw: Any) -> LinkType:
        wanted = raw if isinstance(raw, dict) else {}
        kind = self._setup.link_type(str(wanted.get("id") or wanted.get("name") or ""))
        if kind is None:
            shown = wanted.get("name") or wanted.get("id")
            raise JiraRefusalError(404, f"No issue link type with name '{shown}' found.")
        return kind

    # --- links to the web ---------------------------------------------------------------------

    def remote(self, issue_id: int) -> list[dict[str, Any]]:
        """Return the remote links of an issue: ``id`` beside what was sent."""
        rows = self._store.all("select * from remote_link where issue = ? order by id", issue_id)
        return [{"id": row["id"], **loads(row["body"])} for row in rows]

    def put_remote(self, issue_id: int, body: dict[str, Any]) -> tuple[int, bool]:
        """Create a remote link or update the one with this ``globalId``; return its id, and whether new."""
        same = "select id from remote_link where issue = ? and global_id = ?"
        row = self._store.one(same, issue_id, body.get("globalId"))
        if row:
            self._store.run("update remote_link set body = ? where id = ?", dumps(body), row["id"])
            return int(row["id"]), False
        link_id = self._store.next_id("remotelink")
        self._store.run(
            "insert into remote_link values (?, ?, ?, ?)",
            link_id,
            issue_id,
            body.get("globalId"),
            dumps(body),
        )
        return link_id, True

    def remove_remote(self, issue_id: int, global_id: str) -> bool:
        """Delete the remote link with this ``globalId``; whether there was one."""
        gone = self._store.run(
            "delete from remote_link where issue = ? and global_id = ?", issue_id, global_id
        )
        return gone.rowcount > 0


def _requested_issue(body: dict[str, Any], name: str, find: Callable[[str], Issue | None]) -> Issue:
    raw = body.get(name)
    reference = (raw.get("key") or raw.get("id")) if isinstance(raw, dict) else None
    if not reference:
        raise JiraRefusalError(400, f"{name} is required")
    found = find(str(reference))
    if found is None:
        raise no_issue()
    return found
