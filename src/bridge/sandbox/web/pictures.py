"""Small pictures drawn on the spot: people as initials, issue types and priorities as signs."""

import hashlib
from html import escape

from flask import Response, send_from_directory

from bridge.sandbox.web.face import face, site

_TYPES = {
    "1": ("#7a5af8", "M4 9l4-7v5h4l-4 7V9z"),
    "0": ("#2f7fd1", "M4 8.5l2.5 2.5L12 5.5"),
    "-1": ("#3b9fb3", "M4 4h5v5H4zM8 8h4v4H8z"),
}
_PRIORITIES = {
    "1": ("#c9372c", "M3 8l5-4 5 4M3 12l5-4 5 4"),
    "2": ("#e2622b", "M3 10l5-4 5 4"),
    "3": ("#cf8a10", "M3 6h10M3 10h10"),
    "4": ("#2f7fd1", "M3 6l5 4 5-4"),
    "5": ("#6b7689", "M3 4l5 4 5-4M3 8l5 4 5-4"),
}


def hue(text: str) -> int:
    """Return a colour (0 to 359) that is always the same for the same text."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:4], 16) % 360


def _svg(content: str) -> Response:
    response = Response(content, content_type="image/svg+xml;charset=UTF-8")
    response.headers["Cache-Control"] = "max-age=3600"
    return response


@face.get("/avatar/<account>")
def avatar(account: str) -> Response:
    """Return a person's initials on a disc."""
    person = site().people.keyed(account)
    letters = person.initials if person else "?"
    fill = f"hsl({hue(account)} 45% 42%)" if person and person.active else "#8b93a3"
    return _svg(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<circle cx="24" cy="24" r="24" fill="{fill}"/>'
        '<text x="24" y="25" fill="#fff" font-family="system-ui, sans-serif" font-size="19" font-weight="600"'
        f' text-anchor="middle" dominant-baseline="central">{escape(letters)}</text></svg>'
    )


def _sign(colour: str, path: str, *, filled: bool) -> Response:
    ground = f'<rect width="16" height="16" rx="3.5" fill="{colour}"/>' if filled else ""
    stroke = "#fff" if filled else colour
    return _svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{ground}'
        f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="1.8" stroke-linecap="round"'
        ' stroke-linejoin="round"/></svg>'
    )


@face.get("/icon/issuetype/<level>.svg")
def type_icon(level: str) -> Response:
    """Return the sign of an issue type, by its level."""
    return _sign(*_TYPES.get(level, _TYPES["0"]), filled=True)


@face.get("/icon/priority/<priority>.svg")
def priority_icon(priority: str) -> Response:
    """Return the sign of a priority."""
    return _sign(*_PRIORITIES.get(priority, _PRIORITIES["3"]), filled=False)


@face.get("/icon/status.svg")
def status_icon() -> Response:
    """Return the sign of a status."""
    return _sign("#6b7689", "M8 3v5l3 2", filled=False)


@face.get("/icon/project/<key>.svg")
def project_icon(key: str) -> Response:
    """Return a project's key on a tile."""
    return _svg(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="10" fill="hsl({hue(key)} 42% 46%)"/>'
        '<text x="24" y="25" fill="#fff" font-family="system-ui, sans-serif" font-size="16" font-weight="700"'
        f' text-anchor="middle" dominant-baseline="central">{escape(key[:3])}</text></svg>'
    )


@face.get("/static/<path:name>")
def static(name: str) -> Response:
    """Return the style sheet and the script."""
    response = send_from_directory("web/static", name)
    response.headers["Cache-Control"] = "max-age=300"
    return response


@face.get("/favicon.ico")
def favicon() -> Response:
    """Return the sandbox's own sign."""
    return _svg(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        '<rect x="3" y="3" width="18" height="18" rx="5" fill="#e8955b"/>'
        '<rect x="11" y="11" width="18" height="18" rx="5" fill="#2b6777" fill-opacity=".92"/></svg>'
    )
