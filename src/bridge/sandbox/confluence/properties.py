"""Content properties: JSON under a key on a page or space, with a version of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.sandbox.confluence.refusals import ConfluenceRefusalError, not_found
from bridge.sandbox.store import Store, dumps, loads

KEY_LIMIT, VALUE_LIMIT = 255, 32768


@dataclass(frozen=True)
class Property:
    """One property; ``owner`` is the id of the page or space."""

    id: int
    container: str
    owner: int
    name: str
    value: Any
    version: int
    author: str
    created: str
    message: str


class ContentProperties:
    """The properties of one kind of container: ``page`` or ``space``."""

    def __init__(self, store: Store, container: str, now: Callable[[], str]) -> None:
        self._store = store
        self._container = container
        self._now = now

    def of(self, owner: int, name: str | None = None) -> list[Property]:
        """Return the properties of a page or space, by id; with ``name`` only that one (case counts)."""
        rows = self._store.all(
            "select * from page_property where container = ? and owner = ? and (? is null or name = ?)"
            " order by id",
            self._container,
            owner,
            name,
            name,
        )
        return [_property(row) for row in rows]

    def seen(self, owner: int, property_id: int) -> Property:
        """Return the property with this id.

        Raises:
            ConfluenceRefusalError: 404, there is none here.

        """
        row = self._store.one("select * from page_property where id = ?", property_id)
        if row is None or row["owner"] != owner or row["container"] != self._container:
            raise not_found("Could not find content property with id: " + str(property_id))
        return _property(row)

    def create(self, owner: int, name: Any, value: Any, author: str) -> Property:
        """Add a property.

        Raises:
            ConfluenceRefusalError: the key is taken, empty or too long, or the value too long.

        """
        name = _checked_key(name)
        if self.of(owner, name):
            raise ConfluenceRefusalError(
                409, f"Property with key {name} already exists on this content"
            )
        made = Property(
            self._store.next_id("content", 65537),
            self._container,
            owner,
            name,
            value,
            1,
            author,
            self._now(),
            "",
        )
        self._store.run(
            "insert into page_property values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            made.id, self._container, owner, name, _checked_value(value), 1, author, made.created, "",
        )  # fmt: skip
        return made

    def update(self, old: Property, name: Any, value: Any, version: Any, author: str) -> Property:
        """Change a property; ``version`` is ``{"number": old + 1, "message": …}``.

        Raises:
            ConfluenceRefusalError: 409 for another number, 400 for another key.

        """
        wanted = version if isinstance(version, dict) else {}
        number = wanted.get("number")
        if _checked_key(name) != old.name:
            raise ConfluenceRefusalError(400, "The key of a content property cannot be changed")
        if number != old.version + 1 or isinstance(number, bool):
            title = (
                "Version must be incremented when updating a content property."
                f" Current Version: [{old.version}]. Provided version: [{number}]"
            )
            raise ConfluenceRefusalError(409, title)
        self._store.run(
            "update page_property set value = ?, version = ?, author = ?, created = ?, message = ?"
            " where id = ?",
            _checked_value(value),
            number,
            author,
            self._now(),
            str(wanted.get("message") or ""),
            old.id,
        )
        return self.seen(old.owner, old.id)

    def delete(self, old: Property) -> None:
        """Delete a property."""
        self._store.run("delete from page_property where id = ?", old.id)


def _checked_key(name: Any) -> str:
    if not isinstance(name, str) or not name or len(name) > KEY_LIMIT:
        raise ConfluenceRefusalError(400, f"The key must have between 1 and {KEY_LIMIT} characters")
    return name


def _checked_value(value: Any) -> str:
    text = dumps(value)
    if len(text) > VALUE_LIMIT:
        raise ConfluenceRefusalError(
            400, f"The value must not be longer than {VALUE_LIMIT} characters"
        )
    return text


def _property(row: Any) -> Property:
    return Property(**{**dict(row), "value": loads(row["value"])})
