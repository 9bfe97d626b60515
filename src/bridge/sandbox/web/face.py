"""What every page of the web face has in common: who acts, in which language, from where."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.flavour import Flavour
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.people import NoSuchPersonError, Person
from bridge.sandbox.site import Site
from bridge.sandbox.web.language import LANGUAGE_COOKIE, LANGUAGES, language


class _Placed(BlueprintSetupState):
    """Puts the pages where the site's flavour has them; they are written as Cloud's."""

    def add_url_rule(self, rule: str, *rest: Any, **options: Any) -> None:
        flavour: Flavour = self.app.extensions["sandbox-site"].flavour
        super().add_url_rule(flavour.placed(rule), *rest, **options)


class Face(Blueprint):
    """The web face, below the context paths of the products."""

    def make_setup_state(self, *given: Any, **options: Any) -> BlueprintSetupState:
        """Register rules through :class:`_Placed`."""
        return _Placed(self, *given, **options)


face = Face("face", __name__)
PERSON_COOKIE = "sandbox_person"
DEFAULT_PERSON = "Camille"
_NOBODY = Person("", "?", "", active=False)
_YEAR = 365 * 24 * 3600


def site() -> Site:
    """Return the site that is shown."""
    found: Site = current_app.extensions["sandbox-site"]
    return found


def signed_in() -> Person | None:
    """Return the person whose credentials come with the request."""
    found: Person | None = current_app.extensions["sandbox-credentials"]()
    return found


def actor() -> Person:
    """Return the person whose part is played."""
    try:
        return site().people.find(request.cookies.get(PERSON_COOKIE, DEFAULT_PERSON))
    except NoSuchPersonError:
        return next(iter(site().people), _NOBODY)


@face.before_request
def _same_origin() -> None:
    """Return a form on another site must not act here (CSRF): browsers say where a post comes from."""
    if request.method == "GET":
        return
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    own = urlsplit(request.host_url).netloc
    fetched_elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    )
    if fetched_elsewhere or (origin is not None and urlsplit(origin).netloc != own):
        abort(403)


@face.after_request
def _remember_language(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, asked, max_age=_YEAR, samesite="Lax")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    )
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@face.errorhandler(JiraRefusalError)
@face.errorhandler(ConfluenceRefusalError)
def _refused(refusal: JiraRefusalError | ConfluenceRefusalError) -> Response:
    back = request.referrer or url_for("face.start")
    return shown("refused.html", refusal.status, reason=str(refusal), back=back)


def shown(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page made from a template, with what all pages need."""
    people = [p for p in site().people if p.active]
    html = render_template(
        template, actor=actor(), people=people, language=language(), languages=LANGUAGES,
        projects=list(site().jira.setup.projects),
        spaces=[s for s in site().confluence.spaces if s.kind == "global"],
        browse=site().flavour.placed("/browse/"), wiki=site().flavour.placed("/wiki"), **values,
    )  # fmt: skip
    return make_response(html, status)


def lost(error: HTTPException) -> Response:
    """Tell what is shown in place of a page that cannot be."""
    if error.code in (301, 302, 303, 307, 308):
        return Response(headers=error.get_headers(), status=error.code)
    return shown("lost.html", error.code or 500, code=error.code)


def then(endpoint: str, **values: Any) -> Response:
    """Go on to another page after a post."""
    return make_response(redirect(url_for(endpoint, **values), 303))


@face.post("/act-as")
def act_as() -> Response:
    """Choose whose part to play."""
    try:
        person = site().people.find(request.form.get("person", DEFAULT_PERSON))
    except NoSuchPersonError:
        abort(404)
    back = request.form.get("back", "/")
    safe = back if re.match(r"/(?![/\\])", back) else "/"  # never to another site
    response = make_response(redirect(safe, 303))
    response.set_cookie(
        PERSON_COOKIE, person.account_id, max_age=_YEAR, samesite="Lax", httponly=True
    )
    return response
