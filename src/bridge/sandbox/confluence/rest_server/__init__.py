"""Confluence Data Center's REST interface: version 1, with ``expand``, start and limit."""

from flask import Blueprint

from bridge.sandbox.confluence.rest_server import attached, content, files, places
from bridge.sandbox.confluence.rest_server.routes import api

OPERATIONS = (attached, content, files, places)
"""The modules that register operations when they are imported."""


def blueprints() -> list[Blueprint]:
    """Tell what the application registers."""
    return [api]
