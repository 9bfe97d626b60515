"""Pages: their tree, their versions, and the rules of creating, changing and deleting them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.refusals import (
    ConfluenceRefusalError,
    not_found,
    title_taken,
    version_conflict,
)
from bridge.sandbox.confluence.rewrite import rewritten
from bridge.sandbox.confluence.spaces import Space, Spaces
from bridge.sandbox.confluence.storage import StorageFormatError
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store, dumps

TITLE_LIMIT = 255
VISIBLE = ("current", "archived")
_ATTACHED = (
    "delete from page_version where page = ?",
    "delete from page_label where page = ?",
    "delete from page_comment where page = ?",
    "delete from task where page = ?",
    "delete from restriction where page = ?",
    "delete from page_property where container = 'page' and owner = ?",
)


@dataclass(frozen=True)
class Page:
    """A page as it is now; its body belongs to its :class:`Version`."""

    id: int
    space: str
    parent: int | None
    position: int | None
    status: str
    title: str
    author: str
    owner: str
    created: str
    version: int


@dataclass(frozen=True)
class Version:
    """One state of a page: title and body in storage format."""

    page: int
    number: int
    title: str
    body: str
    author: str
    created: str
    message: str
    minor: bool


class Pages:
    """Every page of the site."""

    def __init__(self, store: Store, spaces: Spaces, now: Callable[[], str]) -> None:
        self._store = store
        self._spaces = spaces
        self._now = now
        self.restricted: Callable[[Page, str, Person], bool] = lambda _page, _operation, _person: (
            False
        )
        """Whether a restriction on the page or above it keeps somebody out."""
        self.saved: Callable[[Page, Version], None] = lambda _page, _version: None
        """Called after each save: tasks and comments follow the body."""
        self.purged: Callable[[int], None] = lambda _page: None
        """Called when a page is deleted for good: its attachments go with it."""

    # --- looking ------------------------------------------------------------------------------

    def get(self, page_id: int) -> Page | None:
        """Return the page with this id in any status, or None."""
        row = self._store.one("select * from page where id = ?", page_id)
        return None if row is None else _page(row)

    def may(self, person: Person | None, operation: str, page: Page) -> bool:
        """Whether somebody may ``read``, ``update`` or ``delete`` a page."""
        space = self._spaces.get(page.space)
        if space is None or person is None or not self._spaces.allowed(person, operation, space):
            return False
        return not self.restricted(page, "read" if operation == "read" else "update", person)

    def seen(self, page_id: int, person: Person | None, statuses: Sequence[str] = VISIBLE) -> Page:
        """Return the page.

        Raises:
            ConfluenceRefusalError: 404, it does not exist, has another status, or may not be seen.

        """
        page = self.get(page_id)
        if page is None or page.status not in statuses or not self.may(person, "read", page):
            raise not_found("Not Found")
        return page

    def titled(self, space_id: str, title: str) -> Page | None:
        """Return the current or archived page with a title, in any case, or None."""
        sql = "select * from page where space = ? and title_key = ? and status in ('current', 'archived')"
        row = self._store.one(sql, space_id, title_key(title))
        return None if row is None else _page(row)

    def children(self, page_id: int) -> list[Page]:
        """Return the current pages directly below one, in their order."""
        sql = "select * from page where parent = ? and status = 'current' order by position, id"
        return [_page(row) for row in self._store.all(sql, page_id)]

    def ancestors(self, page: Page) -> list[Page]:
        """Return the pages above one, the highest first."""
        above: list[Page] = []
        while page.parent is not None:
            parent = self.get(page.parent)
            if parent is None:
                break
            above.insert(0, parent)
            page = parent
        return above

    def in_space(self, space_id: str, statuses: Sequence[str] = VISIBLE) -> list[Page]:
        """Return the pages of a space, oldest first."""
        sql = "select * from page where space = ? and status in (select value from json_each(?)) order by id"
        return [_page(row) for row in self._store.all(sql, space_id, dumps(statuses))]

    def all(self, statuses: Sequence[str] = VISIBLE) -> list[Page]:
        """Every page of the site, oldest first."""
        sql = "select * from page where status in (select value from json_each(?)) order by id"
        return [_page(row) for row in self._store.all(sql, dumps(statuses))]

    def newest(self, most: int) -> list[Page]:
        """Return the current pages that were changed last, the latest first."""
        sql = """select page.* from page join page_version v on v.page = page.id and v.number = version
                 where status = 'current' order by v.created desc, page.id desc limit ?"""
        return [_page(row) for row in self._store.all(sql, most)]

    def version(self, page_id: int, number: int) -> Version | None:
        """One state of a page, or None."""
        row = self._store.one(
            "select * from page_version where page = ? and number = ?", page_id, number
        )
        return None if row is None else _version(row)

    def latest(self, page: Page) -> Version:
        """Return the present state of a page."""
        found = self.version(page.id, page.version)
        assert found is not None  # noqa: S101  # every page has the version it names
        return found

    def versions(self, page_id: int) -> list[Version]:
        """Every state of a page, the newest first."""
        rows = self._store.all(
            "select * from page_version where page = ? order by number desc", page_id
        )
        return [_version(row) for row in rows]

    # --- writing ------------------------------------------------------------------------------

    def create(
        self,
        space: Space,
        title: str,
        body: str,
        person: Person,
        *,
        parent: int | None = None,
        message: str = "",
    ) -> Page:
        """Publish a new page; ``parent`` None puts it at the root of the space.

        Raises:
            ConfluenceRefusalError: a title that is taken, empty or too long; an ill-formed body.

        """
        title = self._checked_title(space.id, title, None)
        page_id = self._store.next_id("content", 65537)
        position = self._store.next_id(f"position-in-{space.id}", 1)
        now, account = self._now(), person.account_id
        page = Page(page_id, space.id, parent, position, "current", title, account, account, now, 1)
        stored = self._rewritten(body, page, 1)
        self._store.run(
            "insert into page values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            page_id, space.id, parent, position, page.status, title, title_key(title), account, account, now,
            1,
        )  # fmt: skip
        self._keep(Version(page_id, 1, title, stored, account, now, message, minor=False))
        self.saved(page, self.latest(page))
        return page

    def update(  # noqa: PLR0913  # what a version consists of
        self,
        page: Page,
        person: Person,
        number: Any,
        *,
        title: str | None = None,
        body: str | None = None,
        message: str = "",
        minor: bool = False,
        parent: int | None = None,
    ) -> Page:
        """Save a new version; ``number`` must be the present one plus one.

        Raises:
            ConfluenceRefusalError: 409 for another number; 400 for a bad title or body.

        """
        if number != page.version + 1 or isinstance(number, bool):
            raise version_conflict(page.version, number)
        new_title = page.title if title is None else self._checked_title(page.space, title, page.id)
        old = self.latest(page)
        stored = old.body if body is None else self._rewritten(body, page, page.version + 1)
        now = self._now()
        self._keep(
            Version(
                page.id, page.version + 1, new_title, stored, person.account_id, now, message, minor
            )
        )
        self._store.run(
            "update page set title = ?, title_key = ?, version = ?, parent = ?, status = 'current'"
            " where id = ?",
            new_title,
            title_key(new_title),
            page.version + 1,
            page.parent if parent is None else self._checked_parent(page, parent),
            page.id,
        )
        changed = self.get(page.id) or page
        self.saved(changed, self.latest(changed))
        return changed

    def _keep(self, version: Version) -> None:
        self._store.run(
            "insert into page_version values (?, ?, ?, ?, ?, ?, ?, ?)",
            version.page, version.number, version.title, version.body, version.author, version.created,
            version.message, int(version.minor),
        )  # fmt: skip

    def _checked_title(self, space_id: str, title: str, page_id: int | None) -> str:
        title = title.strip()
        if not title:
            raise ConfluenceRefusalError(400, "Title is required: page title must not be empty")
        if len(title) > TITLE_LIMIT:
            raise ConfluenceRefusalError(
                400, f"Title is too long: maximum length is {TITLE_LIMIT} characters"
            )
        same = self.titled(space_id, title)
        if same is not None and same.id != page_id:
            space = self._spaces.get(space_id)
            raise title_taken(title, space.key if space else "")
        return title

    def _checked_parent(self, page: Page, parent: int) -> int:
        above = self.get(parent)
        if above is None or above.space != page.space or above.status not in VISIBLE:
            raise ConfluenceRefusalError(404, "The parent page does not exist in this space")
        if page.id in (parent, *(a.id for a in self.ancestors(above))):
            raise ConfluenceRefusalError(400, "A page cannot be its own ancestor")
        return parent

    def _rewritten(self, body: str, page: Page, version: int) -> str:
        def version_of(space_key: str | None, title: str) -> int:
            space = self._spaces.by_key(space_key) if space_key else self._spaces.get(page.space)
            target = self.titled(space.id, title) if space else None
            return target.version if target else 1

        try:
            return rewritten(body, f"{page.id}/{version}", version_of)
        except StorageFormatError as wrong:
            raise ConfluenceRefusalError(400, str(wrong)) from None

    def trash(self, page: Page) -> None:
        """Move a page to the trash; its children move up to its parent."""
        self._store.run("update page set status = 'trashed' where id = ?", page.id)
        self._store.run("update page set parent = ? where parent = ?", page.parent, page.id)

    def move(self, page: Page, position: str, target: Page) -> None:
        """Put a page ``before`` or ``after`` another, or below it (``append``); its version stays.

        Raises:
            ConfluenceRefusalError: 400 below itself or beside the home page; 404 in another space.

        """
        parent = target.id if position == "append" else target.parent
        if parent is None:
            raise ConfluenceRefusalError(400, "A page cannot stand beside the space's home page")
        self._checked_parent(page, parent)
        order = [sibling.id for sibling in self.children(parent) if sibling.id != page.id]
        at = len(order)
        if position != "append":
            if target.id not in order:
                raise ConfluenceRefusalError(
                    400, "A page can only stand beside another current page"
                )
            at = order.index(target.id) + (position == "after")
        order.insert(at, page.id)
        self._store.run("update page set parent = ? where id = ?", parent, page.id)
        for place, page_id in enumerate(order, start=1):
            self._store.run("update page set position = ? where id = ?", place, page_id)

    def archive(self, page: Page) -> None:
        """Archive a page: it stays, keeps its title taken, and leaves the tree."""
        self._store.run("update page set status = 'archived' where id = ?", page.id)

    def purge(self, page: Page) -> None:
        """Delete a page for good, with all that hangs on it."""
        self.purged(page.id)
        for sql in _ATTACHED:
            self._store.run(sql, page.id)
        self._store.run("delete from page where id = ?", page.id)


def title_key(title: str) -> str:
    """Tell what two titles of one space may not share: case does not count, blanks around do not."""
    return title.strip().casefold()


def _page(row: Any) -> Page:
    values = dict(row)
    del values["title_key"]
    return Page(**values)


def _version(row: Any) -> Version:
    return Version(**{**dict(row), "minor": bool(row["minor"])})
