"""The web face: what people look at, and where they edit behind the product's back."""

from typing import TYPE_CHECKING

from bridge.sandbox.web import file_views, issue_views, pictures, start_views, wiki_views
from bridge.sandbox.web.face import face
from bridge.sandbox.web.language import speak

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from bridge.sandbox.people import Person
    from bridge.sandbox.site import Site

__all__ = ["file_views", "install_face", "issue_views", "pictures", "start_views", "wiki_views"]


def install_face(app: "Flask", site: "Site", signed_in: "Callable[[], Person | None]") -> None:
    """Put the web face into an application; ``signed_in`` is whose credentials come with a request."""
    app.extensions["sandbox-site"] = site
    app.extensions["sandbox-credentials"] = signed_in
    speak(app)
    app.register_blueprint(face)
