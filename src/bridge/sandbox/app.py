"""The Flask application: both products' REST interfaces, the web face and the control interface."""

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from bridge.sandbox.admission import TurnedAwayError, admitted
from bridge.sandbox.call import BadRequestError, Call, LoginNeededError, answer, credentials
from bridge.sandbox.confluence.refusals import ConfluenceRefusalError
from bridge.sandbox.confluence.rest import blueprints as confluence_blueprints
from bridge.sandbox.confluence.rest_server import blueprints as confluence_server_blueprints
from bridge.sandbox.control import control
from bridge.sandbox.door import PERSON, REST_PREFIXES, WIKI_PREFIXES
from bridge.sandbox.gateway import ENTERED
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest import blueprints as jira_blueprints
from bridge.sandbox.jira.rest_server import blueprints as jira_server_blueprints
from bridge.sandbox.limiting import install_limits
from bridge.sandbox.people import Person
from bridge.sandbox.signin import DENIED, SignIn
from bridge.sandbox.site import Site
from bridge.sandbox.web import install_face
from bridge.sandbox.web.face import lost
from bridge.sandbox.webhooks.rest import webhooks

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from bridge.sandbox.server import Sandbox

FAILURES_BEFORE_DENIAL = 10
SERAPH = "X-Seraph-LoginReason"


class SandboxApp(Flask):
    """Flask, with one transaction around each request: all of it happens or nothing."""

    def __init__(self, site: Site) -> None:
        super().__init__("bridge.sandbox", static_folder=None, template_folder="web/templates")
        self.site = site
        self.failures: dict[str, int] = {}
        self.sign_in = SignIn()

    def dispatch_request(self) -> "ResponseReturnValue":
        """Serve one request inside a transaction."""
        with self.site.store.transaction():
            return super().dispatch_request()


def make_app(site: Site, box: "Sandbox") -> SandboxApp:
    """Put the application together."""
    app = SandboxApp(site)
    app.url_map.strict_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = 64 * 2**20
    app.before_request(lambda: _know_the_caller(app))
    app.after_request(_sign)
    install_limits(app, box.limits)
    hooks = webhooks(box.webhooks.subscriptions, server=site.flavour.server)
    for blueprint in (*_products(site), hooks, control(box)):
        app.register_blueprint(blueprint)
    install_face(app, site, lambda: _person(app))
    app.register_error_handler(
        JiraRefusalError, lambda refusal: answer(refusal.body(), refusal.status)
    )
    app.register_error_handler(ConfluenceRefusalError, _confluence_refusal)
    app.register_error_handler(BadRequestError, lambda bad: _refusal(bad.status, bad.sentence))
    app.register_error_handler(LoginNeededError, lambda _: _unauthorized())
    app.register_error_handler(TurnedAwayError, lambda away: away.response())
    app.register_error_handler(HTTPException, _http_error)
    return app


def _products(site: Site) -> list[Blueprint]:
    if site.flavour.server:
        return [*jira_server_blueprints(), *confluence_server_blueprints()]
    return [*jira_blueprints(), *confluence_blueprints()]


def _person(app: SandboxApp) -> Person | None:
    """Return the person whose credentials come with a request that is no REST call."""
    if app.site.flavour.server:
        return app.sign_in.person(app.site)
    return admitted(app.site)


def _know_the_caller(app: SandboxApp) -> None:
    g.login_reason = None
    if app.site.flavour.server:
        app.sign_in.know_the_caller(app.site)
        return
    person = None
    if request.path.startswith(REST_PREFIXES):
        given = credentials()
        person = admitted(app.site)
        if given and person is None:
            g.login_reason = _failed(app, given[0])
        elif given:
            app.failures.pop(given[0], None)
        request.environ[PERSON] = person.account_id if person else None
    version = 2 if request.path.startswith(("/rest/api/2", "/rest/api/latest")) else 3
    prefix = str(request.environ.get(ENTERED, ""))
    g.call = Call(app.site, person, request.host_url.rstrip("/"), version, prefix)


def _failed(app: SandboxApp, email: str) -> str:
    """After many failures in a row the header says that the account asks for a CAPTCHA."""
    app.failures[email] = app.failures.get(email, 0) + 1
    denied = app.failures[email] > FAILURES_BEFORE_DENIAL
    return "AUTHENTICATION_DENIED" if denied else "AUTHENTICATED_FAILED"


def _sign(response: Response) -> Response:
    """Add the headers by which a client sees for whom it was taken, or that its sign-in failed."""
    call: Call | None = g.get("call")
    if g.get("login_reason"):
        response.headers[SERAPH] = g.login_reason
    if g.get("login_reason") == DENIED:
        page = f"login-url={request.host_url}jira/login.jsp"
        response.headers["X-Authentication-Denied-Reason"] = f"CAPTCHA_CHALLENGE; {page}"
    if call and call.person:
        if call.site.flavour.server:
            response.headers["X-AUSERNAME"] = call.person.username
        else:
            response.headers["X-AACCOUNTID"] = call.person.account_id
    return response


def _unauthorized() -> Response:
    sentence = "Client must be authenticated to access this resource."
    if request.path.startswith("/wiki/api/"):
        refusal = ConfluenceRefusalError(401, "Unauthorized")
        return answer(refusal.body(), 401)
    if request.path.startswith(WIKI_PREFIXES):
        return answer({"statusCode": 401, "message": sentence}, 401)
    return answer(
        {"message": sentence, "status-code": 401},
        401,
        {"WWW-Authenticate": 'OAuth realm="sandbox"'},
    )


def _confluence_refusal(refusal: ConfluenceRefusalError) -> Response:
    is_v2 = request.path.startswith("/wiki/api/v2")
    return answer(refusal.body() if is_v2 else refusal.legacy_body(), refusal.status)


def _refusal(status: int, sentence: str) -> Response:
    if request.path.startswith(WIKI_PREFIXES):
        return _confluence_refusal(ConfluenceRefusalError(status, sentence))
    return answer(JiraRefusalError(status, sentence).body(), status)


def _http_error(error: HTTPException) -> Response:
    """Unknown paths and methods, in the words of the product that was asked."""
    status = error.code or 500
    if not request.path.startswith(REST_PREFIXES):
        return lost(error)
    if status == 404 and request.path.startswith(("/rest/", "/jira/rest/")):
        return answer({"message": f"null for uri: {request.url}", "status-code": 404}, 404)
    return _refusal(status, error.name)
