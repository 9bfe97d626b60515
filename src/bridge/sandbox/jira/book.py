"""Issues in the store: reading, writing, and telling the index and the history about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bridge.sandbox.jira.changes import Differ, Item
from bridge.sandbox.jira.happenings import Happening, Listener, nobody
from bridge.sandbox.jira.index import Index
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.store import Store, dumps, loads

_ATTACHED = (
    "delete from history where issue = ?",
    "delete from comment where issue = ?",
    "delete from property where issue = ?",
    "delete from watcher where issue = ?",
    "delete from remote_link where issue = ?",
    "delete from attachment where issue = ?",
    "delete from link where ?1 in (source, target)",
    "delete from issue where id = ?",
)


class Book:
    """Every issue of the site. It keeps rules of storage only; what is allowed is decided elsewhere."""

    def __init__(self, store: Store, setup: Setup, index: Index) -> None:
        self._store = store
        self._setup = setup
        self._index = index
        self.happened: Listener = nobody
        """Told of every change, after it is stored."""
        self.heard: Callable[[], bool] = lambda: False
        """Whether anybody listens at all."""

    def get(self, issue_id: int) -> Issue | None:
        """Return the issue with this id, or None."""
        row = self._store.one("select body from issue where id = ?", issue_id)
        return None if row is None else Issue(**loads(row["body"]))

    def find(self, key_or_id: str) -> Issue | None:
        """Return the issue with this id or key (any case), or None."""
        if key_or_id.isdecimal():
            return self.get(int(key_or_id))
        row = self._store.one("select body from issue where key = ?", key_or_id)
        return None if row is None else Issue(**loads(row["body"]))

    def several(self, ids: Sequence[int]) -> dict[int, Issue]:
        """Return the issues with these ids, those that exist."""
        sql = "select id, body from issue where id in (select value from json_each(?))"
        return {row["id"]: Issue(**loads(row["body"])) for row in self._store.all(sql, dumps(ids))}

    def all(self, project_id: str | None = None) -> list[Issue]:
        """Return every issue (of a project), oldest first."""
        sql = "select body from issue where ? is null or project = ? order by id"
        return [Issue(**loads(row["body"])) for row in self._store.all(sql, project_id, project_id)]

    def newest(self, project_id: str, most: int) -> list[Issue]:
        """Return the issues of a project that were made last, at most ``most``, oldest first."""
        sql = "select body from issue where project = ? order by id desc limit ?"
        return [Issue(**loads(r["body"])) for r in self._store.all(sql, project_id, most)][::-1]

    def above(self, level: int, most: int) -> list[Issue]:
        """Return the newest issues of types above a level (0: the epics), newest first."""
        types = [kind.id for kind in self._setup.types if kind.level > level]
        sql = """select body from issue where json_extract(body, '$.type') in
                 (select value from json_each(?)) order by id desc limit ?"""
        return [Issue(**loads(r["body"])) for r in self._store.all(sql, dumps(types), most)]

    def count(self, project_id: str) -> int:
        """Return how many issues a project has."""
        row = self._store.one("select count(*) as n from issue where project = ?", project_id)
        return 0 if row is None else int(row["n"])

    def labels(self, project_ids: Sequence[str]) -> list[str]:
        """Return the labels in use in some projects, in order."""
        sql = """select distinct label.value from issue, json_each(issue.body, '$.labels') label
                 where project in (select value from json_each(?)) order by 1"""
        return [row["value"] for row in self._store.all(sql, dumps(project_ids))]

    def children(self, issue_id: int) -> list[Issue]:
        """Return the issues directly below one, oldest first."""
        return self.children_of_each([issue_id])[issue_id]

    def children_of_each(self, issue_ids: Sequence[int]) -> dict[int, list[Issue]]:
        """Return the issues directly below several, oldest first."""
        sql = """select parent, body from issue where parent in (select value from json_each(?))
                 order by id"""
        found: dict[int, list[Issue]] = {issue_id: [] for issue_id in issue_ids}
        for row in self._store.all(sql, dumps(issue_ids)):
            found[row["parent"]].append(Issue(**loads(row["body"])))
        return found

    def keys(self, ids: Iterable[int | None]) -> dict[int, str]:
        """Return ids to keys, for those that exist."""
        sql = "select id, key from issue where id in (select value from json_each(?))"
        wanted = dumps([i for i in ids if i is not None])
        return {row["id"]: row["key"] for row in self._store.all(sql, wanted)}

    def add(self, issue: Issue) -> Issue:
        """Store a new issue."""
        self._write(
            "insert into issue (key, project, parent, body, id) values (?, ?, ?, ?, ?)", issue
        )
        self._index.note(issue, new=True)
        return issue

    def change(self, before: Issue, after: Issue, author: str, extra: Sequence[Item] = ()) -> Issue:
        """Store a changed issue with its line in the history; nothing happens where nothing differs."""
        differ = Differ(self._setup, self.keys([before.parent, after.parent]))
        items = [*differ.items(before, after), *extra]
        if not items:
            return before
        now = self._setup.now()
        after = replace(after, updated=now)
        number = self._store.next_id("history")
        self._store.run(
            "insert into history values (?, ?, ?, ?, ?)",
            number,
            after.id,
            author,
            now,
            dumps(items),
        )
        self._index.remember_shown(before)
        self._write(
            "update issue set key = ?, project = ?, parent = ?, body = ? where id = ?", after
        )
        self.reindex(after)
        self.happened(Happening("jira:issue_updated", after, author, number, items))
        return after

    def born(self, issue: Issue) -> None:
        """Tell that an issue was made, with what its fields were set to, where somebody listens."""
        if not self.heard():
            return
        blank = replace(issue, parent=None, values={})
        items = Differ(self._setup, self.keys([issue.parent])).items(blank, issue)
        author = str(issue.values["creator"])
        number = self._store.next_id("history")
        self.happened(Happening("jira:issue_created", issue, author, number, items))

    def touch(self, issue: Issue) -> Issue:
        """Move the time of the last update without a line in the history, as a comment does."""
        self._index.remember_shown(issue)
        touched = replace(issue, updated=self._setup.now())
        self._write(
            "update issue set key = ?, project = ?, parent = ?, body = ? where id = ?", touched
        )
        self.reindex(touched)
        return touched

    def _write(self, sql: str, issue: Issue) -> None:
        self._store.run(sql, issue.key, issue.project, issue.parent, dumps(issue.doc()), issue.id)

    def reindex(self, issue: Issue) -> None:
        """Tell the index how an issue looks now."""
        self._index.note(issue, self.linked(issue.id))

    def linked(self, issue_id: int) -> list[tuple[int, str]]:
        """Return the far ends of an issue's links, each with the phrase and with the name of the type."""
        found: list[tuple[int, str]] = []
        for row in self._store.all(
            "select * from link where source = ? or target = ?", issue_id, issue_id
        ):
            kind = self._setup.link_types.get(row["type"])
            if kind:
                outward = row["source"] == issue_id
                other = row["target"] if outward else row["source"]
                found += [(other, kind.outward if outward else kind.inward), (other, kind.name)]
        return found

    def remove(self, issue: Issue, author: str) -> None:
        """Delete an issue with all that hangs on it; its standard children stay, without a parent."""
        self.happened(Happening("jira:issue_deleted", issue, author))
        self._index.remember_shown(issue)
        others = [
            r["source"] if r["target"] == issue.id else r["target"]
            for r in self._links_of(issue.id)
        ]
        for sql in _ATTACHED:
            self._store.run(sql, issue.id)
        for child in self.children(issue.id):
            orphan = replace(child, parent=None)
            self._write(
                "update issue set key = ?, project = ?, parent = ?, body = ? where id = ?", orphan
            )
            self.reindex(orphan)
        self._index.forget(issue.id)
        for other in self.several(others).values():
            self.reindex(other)

    def _links_of(self, issue_id: int) -> list[dict[str, int]]:
        rows = self._store.all(
            "select source, target from link where source = ? or target = ?", issue_id, issue_id
        )
        return [dict(row) for row in rows]
