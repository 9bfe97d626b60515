"""Restrictions: pages that only some people may read or change."""

from bridge.sandbox.confluence.pages import Page, Pages
from bridge.sandbox.people import Person
from bridge.sandbox.store import Store


class Restrictions:
    """Page and operation (``read`` or ``update``) to the accounts that are let through."""

    def __init__(self, store: Store, pages: Pages) -> None:
        self._store = store
        self._pages = pages

    def of(self, page_id: int, operation: str) -> list[str]:
        """Return the accounts that may; empty means everybody the space allows."""
        rows = self._store.all(
            "select account from restriction where page = ? and operation = ?", page_id, operation
        )
        return [row["account"] for row in rows]

    def put(self, page_id: int, by_operation: dict[str, list[str]]) -> None:
        """Replace every restriction of a page."""
        self._store.run("delete from restriction where page = ?", page_id)
        for operation, accounts in by_operation.items():
            for account in accounts:
                self._store.run(
                    "insert or ignore into restriction values (?, ?, ?)",
                    page_id,
                    operation,
                    account,
                )

    def keep_out(self, page: Page, operation: str, person: Person) -> bool:
        """Whether somebody is kept out; restrictions on reading also hold for all pages below."""
        above = self._pages.ancestors(page) if self._any() else []
        for one in (page, *above):
            readers = self.of(one.id, "read")
            if readers and person.account_id not in readers:
                return True
        writers = self.of(page.id, "update") if operation == "update" else []
        return bool(writers) and person.account_id not in writers

    def _any(self) -> bool:
        return self._store.one("select 1 from restriction limit 1") is not None
