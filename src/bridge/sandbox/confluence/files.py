"""Attachments of pages: files with a title, a history and a content per version."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store

UPLOAD_LIMIT = 50 * 2**20
"""Bytes of one attachment, then 413."""
_SELECT = """select f.id, f.page, f.title, f.status, f.created, f.version, v.media, v.size, v.comment,
             v.author, v.created as changed, v.minor from page_file f
             join page_file_version v on v.file = f.id and v.number = """


@dataclass(frozen=True)
class Upload:
    """A file that is sent."""

    title: str
    media: str
    content: bytes
    comment: str = ""
    minor: bool = False


@dataclass(frozen=True)
class File:
    """An attachment at one of its versions; ``created`` is its first, ``changed`` this one's moment."""

    id: int
    page: int
    title: str
    status: str
    created: str
    version: int
    media: str
    size: int
    comment: str
    author: str
    changed: str
    minor: bool


class Files:
    """Every attachment of the site's pages."""

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def of(self, page_id: int, status: str = "current") -> list[File]:
        """Return the attachments of a page, by id."""
        sql = f"{_SELECT} f.version where f.page = ? and f.status = ? order by f.id"
        return [_file(row) for row in self._store.all(sql, page_id, status)]

    def all(self) -> list[File]:
        """Every current attachment, by id."""
        sql = f"{_SELECT} f.version where f.status = 'current' order by f.id"
        return [_file(row) for row in self._store.all(sql)]

    def get(self, file_id: int, number: int | None = None) -> File | None:
        """Return an attachment, now or as it was at a version, or None."""
        sql = f"{_SELECT} coalesce(?, f.version) where f.id = ?"
        row = self._store.one(sql, number, file_id)
        return None if row is None else _file({**dict(row), "version": number or row["version"]})

    def titled(self, page_id: int, title: str) -> File | None:
        """Return the current attachment of a page with this title, or None."""
        return next((f for f in self.of(page_id) if f.title == title), None)

    def versions(self, file: File) -> list[File]:
        """Return every state of an attachment, newest first."""
        found = [self.get(file.id, number) for number in range(file.version, 0, -1)]
        return [one for one in found if one is not None]

    def content(self, file: File) -> bytes:
        """Return what was uploaded in this version."""
        row = self._store.one(
            "select content from page_file_version where file = ? and number = ?",
            file.id, file.version,
        )  # fmt: skip
        return b"" if row is None else bytes(row["content"])

    def add(self, page: Page, upload: Upload, person: Person) -> File:
        """Attach a file.

        Raises:
            ConfluenceRefusalError: 400, the page has one of this name; 413, too large.

        """
        if self.titled(page.id, upload.title):
            raise ConfluenceRefusalError(
                400,
                "Cannot add a new attachment with same file name as an existing attachment: "
                + upload.title,
            )
        number = self._store.next_id("content", 65537)
        self._store.run(
            "insert into page_file values (?, ?, ?, 'current', ?, 1)",
            number, page.id, upload.title, self._now(),
        )  # fmt: skip
        self._keep(number, 1, upload, person)
        return self.found(number)

    def change(self, file: File, upload: Upload, person: Person) -> File:
        """Upload another content, which is a new version; the title stays.

        Raises:
            ConfluenceRefusalError: 413, too large.

        """
        self._keep(file.id, file.version + 1, upload, person)
        self._store.run("update page_file set version = version + 1 where id = ?", file.id)
        return self.found(file.id)

    def describe(  # what may be described
        self, file: File, number: Any, title: str, media: str, comment: str, person: Person
    ) -> File:
        """Give an attachment another title, type or comment: a new version with the same content.

        Raises:
            ConfluenceRefusalError: 409, another version; 400, another file has that title.

        """
        if number != file.version + 1 or isinstance(number, bool):
            raise ConfluenceRefusalError(
                409,
                "Version must be incremented when updating an attachment."
                f" Current Version: [{file.version}]. Provided version: [{number}]",
            )
        same = self.titled(file.page, title)
        if same is not None and same.id != file.id:
            raise ConfluenceRefusalError(400, f"An attachment is already called {title}")
        changed = self.change(file, Upload(title, media, self.content(file), comment), person)
        self._store.run("update page_file set title = ? where id = ?", title, file.id)
        return self.found(changed.id)

    def _keep(self, file_id: int, number: int, upload: Upload, person: Person) -> None:
        if len(upload.content) > UPLOAD_LIMIT:
            raise ConfluenceRefusalError(413, "The file is too large to be attached")
        self._store.run(
            "insert into page_file_version values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            file_id, number, upload.media, len(upload.content), upload.comment, person.account_id,
            self._now(), int(upload.minor), upload.content,
        )  # fmt: skip

    def found(self, file_id: int) -> File:
        """Return an attachment.

        Raises:
            ConfluenceRefusalError: 404, there is none.

        """
        file = self.get(file_id)
        if file is None:
            raise not_found("No attachment with this id")
        return file

    def trash(self, file: File) -> None:
        """Move an attachment to the trash."""
        self._store.run("update page_file set status = 'trashed' where id = ?", file.id)

    def purge(self, file: File) -> None:
        """Delete an attachment for good."""
        properties = "delete from page_property where container = 'attachment' and owner = ?"
        self._store.run(properties, file.id)
        self._store.run("delete from page_file_version where file = ?", file.id)
        self._store.run("delete from page_file where id = ?", file.id)

    def purge_all(self, page_id: int) -> None:
        """Delete what hung on a page that is purged."""
        for status in ("current", "trashed"):
            for file in self.of(page_id, status):
                self.purge(file)


def _file(row: Any) -> File:
    values = dict(row)
    return File(**{**values, "minor": bool(values["minor"])})
