"""Jira's REST interface, versions 2 and 3: the same operations, rich text as wiki markup or as ADF."""

from flask import Blueprint

from bridge.sandbox.jira.rest import (
    attached,
    catalogue,
    editing,
    files,
    issues,
    metadata,
    projects,
    searching,
    users,
)
from bridge.sandbox.jira.rest.routes import api

OPERATIONS = (attached, catalogue, editing, files, issues, metadata, projects, searching, users)
"""The modules that register operations when they are imported."""


def blueprints() -> list[Blueprint]:
    """Tell what the application registers."""
    return [api]
