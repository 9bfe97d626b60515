"""What a reaction works with: the workspace, its site, its rules and its templates."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bridge.operations.case import Rules
from bridge.operations.publishing import Layout
from bridge.ports import Tools, Wiki
from bridge.retroplan.template import Template
from bridge.workspace import Workspace


class Shelf(Protocol):
    """The templates of a workspace, its own and the shipped ones."""

    @property
    def names(self) -> Collection[str]:
        """Return the names of all templates."""
        ...

    def get(self, name: str) -> Template:
        """Return a template; raise UnknownName or ProblemsFound."""
        ...


@dataclass(frozen=True, kw_only=True)
class Around:
    """Everything real that a reaction may use, opened for one workspace.

    ``layout`` draws the page of a month, given its first day.
    """

    workspace: Workspace
    tools: Tools
    wiki: Wiki
    rules: Rules
    templates: Shelf
    layout: Callable[[date], Layout]
