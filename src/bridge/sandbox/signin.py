"""Signing in on Data Center: a personal access token, a user name with a password, or a session cookie."""

import secrets
from dataclasses import dataclass, field

from flask import g, request

from bridge.sandbox.call import BadRequestError, Call, LoginNeededError, credentials
from bridge.sandbox.door import PERSON, REST_PREFIXES
from bridge.sandbox.people import Person
from bridge.sandbox.site import Site

SESSION_COOKIE = "JSESSIONID"
FAILURES_BEFORE_DENIAL = 3
DENIED = "AUTHENTICATION_DENIED"


@dataclass
class SignIn:
    """Who is signed in, and how often somebody failed to."""

    sessions: dict[str, str] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    def know_the_caller(self, site: Site) -> None:
        """Find out who makes the request being served.

        Raises:
            LoginNeededError: wrong credentials: Data Center does not fall back to anonymous.
            BadRequestError: 403, too many wrong passwords in a row.

        """
        base = request.host_url.rstrip("/")
        g.call = Call(site, None, base, 2)
        if not request.path.startswith(REST_PREFIXES):
            return
        person = self.person(site)
        request.environ[PERSON] = person.account_id if person else None
        g.login_reason = "OK" if person else None
        g.call = Call(site, person, base, 2)

    def person(self, site: Site) -> Person | None:
        """Return the person whose credentials come with the request being served, None without any.

        Raises:
            LoginNeededError: wrong ones.
            BadRequestError: 403, too many wrong passwords in a row.

        """
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            person = site.people.by_token(secret.strip(), site.now())
            if person is None:
                g.login_reason = "AUTHENTICATED_FAILED"
                raise LoginNeededError
            return person
        given = credentials()
        if given:
            return self.by_password(site, *given)
        return site.people.get(self.sessions.get(request.cookies.get(SESSION_COOKIE, "")))

    def by_password(self, site: Site, username: str, password: str) -> Person:
        """Return the person with this user name and password.

        Raises:
            LoginNeededError: there is none.
            BadRequestError: 403, wrong too often in a row: a web page would ask for a CAPTCHA now.

        """
        person = site.people.by_password(username, password)
        if person:
            self.failures.pop(username, None)
            return person
        self.failures[username] = self.failures.get(username, 0) + 1
        if self.failures[username] > FAILURES_BEFORE_DENIAL:
            g.login_reason = DENIED
            raise BadRequestError(403, "Basic Authentication Failure - Reason : " + DENIED)
        g.login_reason = "AUTHENTICATED_FAILED"
        raise LoginNeededError

    def begin(self, person: Person) -> str:
        """Return the cookie of a new session."""
        cookie = secrets.token_hex(16).upper()
        self.sessions[cookie] = person.account_id
        return cookie

    def end(self) -> bool:
        """End the session of the request being served; whether there was one."""
        return self.sessions.pop(request.cookies.get(SESSION_COOKIE, ""), None) is not None
