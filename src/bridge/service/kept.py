"""Marks: small values that the service keeps between runs, shared by all of its processes."""

from typing import Any, Protocol


class Marks(Protocol):
    """Where marks are kept: the engine's store. Both methods raise StoreDown."""

    def recall(self, name: str) -> Any:
        """Return a mark (JSON), None where there is none."""
        ...

    def remember(self, name: str, value: Any) -> None:
        """Keep a mark."""
        ...
