"""Spaces, and who may do what in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bridge.sandbox.people import People, Person
from bridge.sandbox.store import Store

OPERATIONS = ("read", "create", "update", "delete", "administer")
"""What may be given or taken in a space; ``administer`` includes purging."""
EVERYONE = "everyone"


@dataclass(frozen=True)
class Space:
    """A space. ``grants``: operation to holders (account ids, or everyone signed in); ``denied`` wins."""

    id: str
    key: str
    name: str
    author: str
    created: str
    homepage: int | None = None
    status: str = "current"
    kind: str = "global"
    description: str = ""
    grants: dict[str, list[str]] = field(default_factory=dict)
    denied: dict[str, list[str]] = field(default_factory=dict)


class Spaces:
    """The spaces of the site."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        self._shelf = store.shelf("space", lambda doc: Space(**doc))

    def __iter__(self) -> Iterator[Space]:
        return iter(self._shelf)

    def get(self, space_id: str) -> Space | None:
        """Return the space with this id, or None."""
        return self._shelf.get(space_id)

    def by_key(self, key: str) -> Space | None:
        """Return the space with this key, or None."""
        return next((s for s in self._shelf if s.key.casefold() == key.casefold()), None)

    def add(self, key: str, name: str, author: str, now: str, kind: str = "global") -> Space:
        """Open a space in which everybody signed in may work; its author administers it."""
        space_id = str(self._store.next_id("content", 65537))
        grants = {operation: [EVERYONE] for operation in OPERATIONS if operation != "administer"}
        space = Space(
            space_id, key, name, author, now, kind=kind, grants={**grants, "administer": [author]}
        )
        return self._shelf.put(space_id, space)

    def put(self, space: Space) -> Space:
        """Keep a changed space."""
        return self._shelf.put(space.id, space)

    def allowed(self, person: Person | None, operation: str, space: Space) -> bool:
        """Whether somebody may do something in a space; nobody anonymous may."""
        if (
            person is None
            or not person.active
            or person.account_id in space.denied.get(operation, [])
        ):
            return False
        holders = space.grants.get(operation, [])
        return EVERYONE in holders or person.account_id in holders

    def grant(self, who: str | Person, operation: str, key: str) -> Space:
        """Let somebody do one of :data:`OPERATIONS` in a space."""
        return self._change(who, operation, key, given=True)

    def revoke(self, who: str | Person, operation: str, key: str) -> Space:
        """Take an operation from somebody, also where everybody has it."""
        return self._change(who, operation, key, given=False)

    def _change(self, who: str | Person, operation: str, key: str, *, given: bool) -> Space:
        space = self.by_key(key)
        if space is None or operation not in OPERATIONS:
            raise LookupError(f"no space {key} or no operation {operation}")
        account = self._people.find(who).account_id
        holders = [a for a in space.grants.get(operation, []) if a != account]
        denied = [a for a in space.denied.get(operation, []) if a != account]
        (holders if given else denied).append(account)
        return self.put(
            replace(
                space,
                grants={**space.grants, operation: holders},
                denied={**space.denied, operation: denied},
            )
        )
