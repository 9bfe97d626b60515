"""Jira Data Center's REST interface: version 2 only, people by name, searches by offset, epics by link."""

from flask import Blueprint

from bridge.sandbox.jira.rest_server import epics, people, searching, session, shared, site
from bridge.sandbox.jira.rest_server.routes import agile, api, auth

OPERATIONS = (epics, people, searching, session, shared, site)
"""The modules that register operations when they are imported."""


def blueprints() -> list[Blueprint]:
    """Tell what the application registers."""
    return [api, agile, auth]
