"""The values a wiki deals in: pages, their versions, and what is remembered on them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """A page's current version. ``body`` is storage format as the service returns it."""

    id: str
    title: str
    body: str
    version: int
    message: str = ""
    is_current: bool = True  # False: archived or in the trash
    space: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A content property: its value, and what a later change of it must name."""

    id: str
    value: Any
    version: int
