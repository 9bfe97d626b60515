"""Marks: small things the service remembers between runs, in its own table."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bridge.service.durable.store import MARKS, Store, reaching


class Marks:
    """Named JSON values in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def recall(self, name: str) -> Any:
        """Return a value, None where there is none. Raises StoreDown."""
        asked = sa.select(MARKS.c.value).where(MARKS.c.name == name)
        with reaching(), self._store.engine.connect() as connection:
            found = connection.execute(asked).scalar()
        return None if found is None else json.loads(found)

    def remember(self, name: str, value: Any) -> None:
        """Keep a value in place of what was there. Raises StoreDown."""
        written = json.dumps(value, ensure_ascii=False, sort_keys=True)
        insert = sqlite.insert if self._store.file else postgresql.insert
        added = insert(MARKS).values(name=name, value=written)
        kept = added.on_conflict_do_update(index_elements=["name"], set_={"value": written})
        with reaching(), self._store.engine.begin() as connection:
            connection.execute(kept)
