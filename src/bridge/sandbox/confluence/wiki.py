"""Confluence as one object: for the REST interface, the web face, and tests that act as a person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from bridge.sandbox.confluence.files import Files
from bridge.sandbox.confluence.labels import Labels
from bridge.sandbox.confluence.pages import Page, Pages, Version
from bridge.sandbox.confluence.passages import marked
from bridge.sandbox.confluence.properties import ContentProperties
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.confluence.remarks import Remark, Remarks
from bridge.sandbox.confluence.restrictions import Restrictions
from bridge.sandbox.confluence.spaces import Space, Spaces
from bridge.sandbox.confluence.tasks import Task, Tasks, ticked
from bridge.sandbox.flavour import CLOUD, Flavour
from bridge.sandbox.people import People, Person
from bridge.sandbox.store import Store


class Confluence:
    """The imitated Confluence.

    The methods here are what people do; ``by`` is a name, an e-mail address or an account id, and
    what that person may not do is refused as over REST (:class:`ConfluenceRefusalError`).
    """

    def __init__(
        self, store: Store, people: People, now: Callable[[], str], flavour: Flavour = CLOUD
    ) -> None:
        self._server = flavour.server
        self._store = store
        self.people = self._people = people
        self._now = now
        self.spaces = Spaces(store, people)
        self.pages = Pages(store, self.spaces, now)
        self.page_properties = ContentProperties(store, "page", now)
        self.space_properties = ContentProperties(store, "space", now)
        self.file_properties = ContentProperties(store, "attachment", now)
        self.files = Files(store, now)
        self.labels = Labels(store)
        self.remarks = Remarks(store, now)
        self.tasks = Tasks(store, now)
        self.restrictions = Restrictions(store, self.pages)
        self.pages.restricted = self.restrictions.keep_out
        self.pages.saved = self._follow
        self.pages.purged = self.files.purge_all

    def _follow(self, page: Page, version: Version) -> None:
        self.tasks.follow(page, version)
        self.remarks.follow(page, version)

    # --- looking ------------------------------------------------------------------------------

    def page(self, page_id: int | str) -> Page:
        """Return the page with this id, in any status.

        Raises:
            LookupError: there is none.

        """
        found = self.pages.get(int(page_id))
        if found is None:
            raise LookupError(f"no page {page_id}")
        return found

    def page_titled(self, title: str, space: str = "MKT") -> Page:
        """Return the current or archived page with a title.

        Raises:
            LookupError: there is none.

        """
        found_space = self.spaces.by_key(space)
        found = self.pages.titled(found_space.id, title) if found_space else None
        if found is None:
            raise LookupError(f"no page {title} in {space}")
        return found

    def body(self, page_id: int | str, version: int | None = None) -> str:
        """Return a page's body in storage format, now or at a version."""
        page = self.page(page_id)
        found = self.pages.version(page.id, version or page.version)
        if found is None:
            raise LookupError(f"no version {version} of page {page_id}")
        return found.body

    def properties_of(self, page_id: int | str) -> dict[str, Any]:
        """Return the content properties of a page."""
        return {p.name: p.value for p in self.page_properties.of(int(page_id))}

    def set_property(self, page_id: int | str, name: str, value: Any, *, by: str | Person) -> None:
        """Change a content property that exists, as a person with a script would."""
        with self._acting(by) as person:
            old = self.page_properties.of(int(page_id), name)[0]
            version = {"number": old.version + 1}
            self.page_properties.update(old, name, value, version, person.account_id)

    def labels_of(self, page_id: int | str) -> list[str]:
        """Return the names of a page's labels."""
        return [label.name for label in self.labels.of(int(page_id))]

    # --- acting as a person -------------------------------------------------------------------

    @contextmanager
    def _acting(self, who: str | Person) -> Iterator[Person]:
        with self._store.transaction():
            yield self._people.find(who)

    def add_space(self, key: str, name: str, *, by: str | Person, home: str = "") -> Space:
        """Open a space with a home page."""
        with self._acting(by) as person:
            space = self.spaces.add(key, name, person.account_id, self._now())
            page = self.pages.create(space, name, home or f"<p>{key}</p>", person)
            return self.spaces.put(replace(space, homepage=page.id))

    def add_personal_space(self, who: str | Person) -> Space:
        """Open somebody's own space, as most people on a real site have."""
        with self._acting(who) as person:
            own = person.account_id.replace(":", "").replace("-", "")
            key = "~" + (person.username if self._server else own)
            space = self.spaces.add(
                key, person.name, person.account_id, self._now(), kind="personal"
            )
            page = self.pages.create(space, person.name, "", person)
            return self.spaces.put(replace(space, homepage=page.id))

    def create(
        self,
        title: str,
        body: str,
        *,
        by: str | Person,
        space: str = "MKT",
        parent: int | None = None,
    ) -> Page:
        """Publish a page; without ``parent`` under the space's home page."""
        with self._acting(by) as person:
            found = self.spaces.by_key(space)
            if found is None or not self.spaces.allowed(person, "create", found):
                raise not_found("No space with this key")
            return self.pages.create(found, title, body, person, parent=parent or found.homepage)

    def edit(
        self,
        page_id: int | str,
        body: str | Callable[[str], str],
        *,
        by: str | Person,
        title: str | None = None,
        message: str = "",
    ) -> Page:
        """Save a page; ``body`` may be a function of the present body."""
        with self._acting(by) as person:
            page = self._writable(int(page_id), person)
            text = body(self.pages.latest(page).body) if callable(body) else body
            return self.pages.update(
                page, person, page.version + 1, title=title, body=text, message=message
            )

    def _writable(self, page_id: int, person: Person) -> Page:
        page = self.pages.seen(page_id, person)
        if not self.pages.may(person, "update", page):
            raise ConfluenceRefusalError(403, "Not permitted to update this page")
        return page

    def delete(self, page_id: int | str, *, by: str | Person, purge: bool = False) -> None:
        """Move a page to the trash, and out of it for good with ``purge``."""
        with self._acting(by):
            page = self.page(page_id)
            self.pages.trash(page)
            if purge:
                self.pages.purge(page)

    def archive(self, page_id: int | str) -> None:
        """Archive a page."""
        with self._store.transaction():
            self.pages.archive(self.page(page_id))

    def tick(self, task_id: int, *, by: str | Person, done: bool = True) -> Task:
        """Tick a task on its page, which saves a new version."""
        with self._acting(by):
            task = self.tasks.get(task_id)
            if task is None:
                raise LookupError(f"no task {task_id}")
            status = "complete" if done else "incomplete"
            self.edit(task.page, lambda body: ticked(body, task.uuid, status), by=by)
            return self.tasks.get(task_id) or task

    def comment(self, page_id: int | str, text: str, *, by: str | Person) -> Remark:
        """Comment below a page, in plain text."""
        with self._acting(by) as person:
            page = self.pages.seen(int(page_id), person)
            return self.remarks.add(page.id, "footer", _paragraph(text), person.account_id)

    def comment_inline(
        self, page_id: int | str, passage: str, text: str, *, by: str | Person
    ) -> Remark:
        """Comment on the first occurrence of a passage, which is marked in the body (a new version).

        Raises:
            LookupError: the passage does not stand inside one text of the page.

        """
        with self._acting(by) as person:
            ref = str(uuid4())
            self.edit(page_id, lambda body: marked(body, passage, ref), by=person)
            body = _paragraph(text)
            return self.remarks.add(
                int(page_id), "inline", body, person.account_id, marker=ref, selection=passage
            )

    def restrict(self, page_id: int | str, operation: str, accounts: list[str]) -> None:
        """Let only these people ``read`` or ``update`` a page; an empty list lifts the restriction."""
        with self._store.transaction():
            kept = {op: self.restrictions.of(int(page_id), op) for op in ("read", "update")}
            kept[operation] = [self._people.find(a).account_id for a in accounts]
            self.restrictions.put(int(page_id), kept)


def _paragraph(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<p>{escaped}</p>"
