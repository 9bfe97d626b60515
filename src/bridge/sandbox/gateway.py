"""The API gateway: ``/ex/jira/{cloudId}/…`` and ``/ex/confluence/{cloudId}/…`` lead to the site's own paths.

On the real service the gateway is a host of its own (api.atlassian.com); here it is a path of the
same port. Both forms used behind the Confluence gateway lead to the same operations:
``/ex/confluence/{id}/wiki/api/v2/…`` and ``/ex/confluence/{id}/api/v2/…``.
"""

import json
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

Environ = dict[str, Any]
App = Callable[..., Iterable[bytes]]

PREFIX = "/ex/"
ENTERED = "sandbox.gateway"
"""The key in the WSGI environment of the prefix under which a request came through the gateway."""
_FORM = re.compile(r"/ex/(jira|confluence)/([^/]+)(/.*)")
_INSIDE = {
    "jira": re.compile(r"/rest/.*"),
    "confluence": re.compile(r"(?:/wiki)?(/(?:rest/api|api/v2)/.*)"),
}


def inner_path(path: str) -> str | None:
    """Return the site's path behind a gateway path, or None where the gateway knows no such path."""
    whole = _FORM.fullmatch(path)
    inside = _INSIDE[whole.group(1)].fullmatch(whole.group(3)) if whole else None
    if whole is None or inside is None:
        return None
    return whole.group(3) if whole.group(1) == "jira" else "/wiki" + inside.group(1)


def cloud_id(path: str) -> str | None:
    """Return the site that a gateway path names."""
    whole = _FORM.fullmatch(path)
    return whole.group(2) if whole else None


def _prefix(path: str) -> str:
    return "/".join(path.split("/")[:4])


class Gateway:
    """A WSGI application in front of the site's."""

    def __init__(self, app: App, own_id: Callable[[], str]) -> None:
        self._app = app
        self._own_id = own_id

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Lead a request to the site's own path, or turn it away."""
        asked = environ["PATH_INFO"]
        if not asked.startswith(PREFIX):
            return self._app(environ, start_response)
        inside = inner_path(asked)
        if inside is None or cloud_id(asked) != self._own_id():
            return _refused(start_response, HTTPStatus.NOT_FOUND)
        environ |= {"PATH_INFO": inside, ENTERED: _prefix(asked)}
        try:
            return self._app(environ, start_response)
        finally:
            environ["PATH_INFO"] = asked  # the log tells what was asked


def _refused(start_response: Callable[..., Any], status: HTTPStatus) -> Iterable[bytes]:
    body = json.dumps({"code": status.value, "message": status.phrase}).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
