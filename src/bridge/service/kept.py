"""Marks: small values that the service keeps between runs, shared by all of its processes."""

from typing import Any, Protocol


class Kept(Protocol):
    """Where marks are kept: the engine, or its table of marks alone. Both methods raise StoreDown."""

    def recall(self, name: str) -> Any:
        """Return a mark (JSON), None where there is none."""
        ...

    def remember(self, name: str, value: Any) -> None:
        """Keep a mark."""
        ...
