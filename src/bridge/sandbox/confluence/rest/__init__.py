"""Confluence's REST interface: version 2, and what is left of version 1."""

from flask import Blueprint

from bridge.sandbox.confluence.rest import (
    files,
    legacy,
    legacy_search,
    moving,
    pages,
    properties,
    remarks,
    spaces,
    tasks,
    tree,
)
from bridge.sandbox.confluence.rest.routes import edge, v1, v2

OPERATIONS = (files, legacy, legacy_search, moving, pages, properties, remarks, spaces, tasks, tree)
"""The modules that register operations when they are imported."""


def blueprints() -> list[Blueprint]:
    """Tell what the application registers."""
    return [v2, v1, edge]
