"""Signing in for a session with a cookie, as older clients do."""

from typing import TYPE_CHECKING, cast

from flask import Response, current_app

from bridge.sandbox.call import answer, body, login_needed, nothing, the_call
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.jira.rest.routes import shapes
from bridge.sandbox.jira.rest_server.routes import auth
from bridge.sandbox.signin import SESSION_COOKIE, SignIn

if TYPE_CHECKING:
    from bridge.sandbox.app import SandboxApp


def _sign_in() -> SignIn:
    return cast("SandboxApp", current_app).sign_in


@auth.get("/session")
@login_needed
def session() -> Response:
    """Who is signed in."""
    person = the_call().someone
    url = f"{shapes().rest}/user?username={person.username}"
    return answer({"self": url, "name": person.username, "loginInfo": {"loginCount": 1}})


@auth.post("/session")
def begin_session() -> Response:
    """Sign in with user name and password; the answer sets a cookie."""
    sent = body()
    if not isinstance(sent, dict):
        raise JiraRefusalError(400, "A username and a password must be provided.")
    name, password = str(sent.get("username", "")), str(sent.get("password", ""))
    person = _sign_in().by_password(the_call().site, name, password)
    cookie = _sign_in().begin(person)
    made = answer(
        {"session": {"name": SESSION_COOKIE, "value": cookie}, "loginInfo": {"loginCount": 1}}
    )
    made.set_cookie(SESSION_COOKIE, cookie, path="/jira", httponly=True)
    return made


@auth.delete("/session")
@login_needed
def end_session() -> Response:
    """Sign out."""
    _sign_in().end()
    return nothing()
