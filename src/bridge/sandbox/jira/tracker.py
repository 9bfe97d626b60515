"""Jira as one object: for the REST interface, the web face, and tests that act as a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bridge.sandbox.jira.attached import Comment, Comments, Properties, Watchers
from bridge.sandbox.jira.book import Book
from bridge.sandbox.jira.defaults import named
from bridge.sandbox.jira.draft import Draft, draft
from bridge.sandbox.jira.epics import for_this_flavour
from bridge.sandbox.jira.files import Files
from bridge.sandbox.jira.happenings import Happening, Listener
from bridge.sandbox.jira.index import Index, Lag
from bridge.sandbox.jira.issues import Habits, Issues
from bridge.sandbox.jira.links import Link, Links
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.search import Search
from bridge.sandbox.jira.setup import Setup
from bridge.sandbox.jira.workflow import available
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store, loads


class Jira:
    """The imitated Jira.

    ``setup`` is what administrators arrange (projects, fields, screens, rights, link types). The
    methods here are what people do; ``by`` is a name, an e-mail address or an account id, and what
    that person may not do is refused as over REST (:class:`JiraRefusalError`).
    """

    def __init__(self, store: Store, setup: Setup) -> None:
        self._store = store
        self.setup = setup
        self.index = Index(store, setup)
        self.book = Book(store, setup, self.index)
        self.links = Links(store, setup, self.book)
        self.files = Files(store, setup, self.book)
        self.comments = Comments(store, setup)
        self.properties = Properties(store)
        self.watchers = Watchers(store)
        self.issues = Issues(
            setup, self.book, self.links, self.comments, self.properties, self.watchers
        )
        self.search = Search(self.issues, self.index)

    def tell(self, listener: Listener, heard: Callable[[], bool]) -> None:
        """Have somebody told of everything that happens to issues and comments, inside its transaction."""

        def comment(event: str, what: Comment) -> None:
            issue = self.book.get(what.issue)
            if issue is not None:
                listener(Happening(event, issue, what.update_author, comment=what))

        self.book.happened, self.book.heard = listener, heard
        self.comments.happened = comment

    @property
    def lag(self) -> Lag:
        """How far search is behind."""
        return self.index.lag

    @property
    def habits(self) -> Habits:
        """Where real sites differ."""
        return self.issues.habits

    # --- looking ------------------------------------------------------------------------------

    def issue(self, key: str) -> Issue:
        """Return the issue with this key or id.

        Raises:
            LookupError: there is none.

        """
        found = self.book.find(key)
        if found is None:
            raise LookupError(f"no issue {key}")
        return found

    def all_issues(self, project: str | None = None) -> list[Issue]:
        """Every issue (of a project), oldest first."""
        found = self.setup.project(project) if project else None
        return self.book.all(found.id if found else None)

    def children(self, key: str) -> list[Issue]:
        """Return the issues directly below one."""
        return self.book.children(self.issue(key).id)

    def history(self, key: str) -> list[dict[str, Any]]:
        """Return the changelog of an issue, oldest first: id, author, created, items."""
        rows = self._store.all(
            "select * from history where issue = ? order by id", self.issue(key).id
        )
        return [{**dict(row), "items": loads(row["items"])} for row in rows]

    def links_of(self, key: str) -> list[tuple[str, str]]:
        """(phrase, key of the other issue) for each link, for example ``("blocks", "MKT-2")``."""
        issue = self.issue(key)
        links: list[Link] = self.links.of(issue.id)
        keys = self.book.keys(link.other(issue.id) for link in links)
        return [(link.phrase(issue.id), keys[link.other(issue.id)]) for link in links]

    def comments_of(self, key: str) -> list[Comment]:
        """Return the comments of an issue, oldest first."""
        return self.comments.of(self.issue(key).id)

    def properties_of(self, key: str) -> dict[str, Any]:
        """Return the entity properties of an issue."""
        return self.properties.of(self.issue(key).id)

    def watchers_of(self, key: str) -> list[str]:
        """Return the account ids of those who watch an issue."""
        return self.watchers.of(self.issue(key).id)

    # --- acting as a person -------------------------------------------------------------------

    @contextmanager
    def _acting(self, who: str | Person) -> Iterator[Person]:
        with self._store.transaction():
            yield self.setup.people.find(who)

    def create(
        self, project: str, type_name: str, summary: str, *, by: str | Person, **fields: Any
    ) -> Issue:
        """Make an issue; ``fields`` as for :meth:`edit`."""
        with self._acting(by) as person:
            place = {"project": {"key": project}, "issuetype": type_name, "summary": summary}
            found = self.setup.project(project)
            kind = self.setup.type_named(found, self._local(type_name)) if found else None
            raw = for_this_flavour(
                self.setup, kind, self._raw_fields({**place, **fields}), new=True
            )
            return self.issues.create(draft({"fields": raw}), person, 2)

    def edit(self, key: str, *, by: str | Person, **fields: Any) -> Issue:
        """Change an issue.

        Plain values are understood: ``assignee="Vanessa"``, ``priority="High"``, ``parent="MKT-1"``,
        ``description="*wiki* text"``, ``duedate="2026-12-17"``, ``start_date=None``; any other field
        by its id, as version 2 of the REST interface takes it.
        """
        with self._acting(by) as person:
            issue = self.issues.seen(key, person)
            kind = self.setup.types[issue.type]
            raw = for_this_flavour(self.setup, kind, self._raw_fields(fields))
            return self.issues.edit(issue, draft({"fields": raw}), person, 2)

    def transition(self, key: str, status: str, *, by: str | Person) -> Issue:
        """Move an issue to a status by the first transition that leads there."""
        with self._acting(by) as person:
            issue = self.issues.seen(key, person)
            target = self.setup.status(self._local(status), self.setup.projects[issue.project])
            steps = [t.id for t in available(self.setup, issue, person) if t.to == target.id]
            return self.issues.transition(issue, steps[0] if steps else "0", Draft({}), person, 2)

    def comment(self, key: str, text: str, *, by: str | Person) -> Comment:
        """Comment an issue, in wiki markup."""
        with self._acting(by) as person:
            issue = self.issues.seen(key, person)
            added = draft({"update": {"comment": [{"add": {"body": text}}]}})
            self.issues.edit(issue, added, person, 2)
            return self.comments.of(issue.id)[-1]

    def link(self, source: str, type_name: str, target: str, *, by: str | Person) -> None:
        """Link two issues: ``link("MKT-1", "Blocks", "MKT-2")`` makes MKT-1 block MKT-2."""
        with self._acting(by) as person:
            body = {
                "type": {"name": self._local(type_name)},
                "inwardIssue": {"key": source},
                "outwardIssue": {"key": target},
            }
            self.links.add(
                *self.links.requested(body, person, lambda k: self.issues.look(k, person)), person
            )

    def set_property(self, key: str, name: str, value: Any) -> None:
        """Set an entity property, as anybody who may edit the issue can."""
        with self._store.transaction():
            self.properties.put(self.issue(key).id, name, value)

    def delete(self, key: str, *, by: str | Person, with_subtasks: bool = True) -> None:
        """Delete an issue for good."""
        with self._acting(by) as person:
            self.issues.delete(self.issues.seen(key, person), person, with_subtasks=with_subtasks)

    def _raw_fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {self._field_id(name): self._raw(name, value) for name, value in fields.items()}

    def _local(self, name: str) -> str:
        """Tell what the site calls something whose usual English name is given."""
        return named(name, self._store.meta("language") or "en")

    def _field_id(self, name: str) -> str:
        if name != "start_date":
            return name
        return self.setup.start_date or self.setup.flavour.start_date

    def _raw(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            match name:
                case "assignee" | "reporter":
                    return self.setup.reference(value)
                case "priority" | "issuetype" | "security":
                    return {"name": self._local(value)}
                case "parent":
                    return {"key": value}
        return value
