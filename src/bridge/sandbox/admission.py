"""Who a REST call is let in as: credentials, the kind of token, where it may be used and what for."""

from flask import Response, request

from bridge.sandbox import scopes
from bridge.sandbox.call import answer, credentials
from bridge.sandbox.gateway import ENTERED
from bridge.sandbox.people import Person
from bridge.sandbox.site import Site
from bridge.sandbox.tokens import Token

OUT_OF_SCOPE = "Unauthorized; scope does not match"
"""Seen live with ``X-Failure-Category: FAILURE_CLIENT_SCOPE_CHECK`` (mark#917)."""


class TurnedAwayError(Exception):
    """A token that exists, but is not good for this call: 401 for every operation, open ones too."""

    def __init__(self, sentence: str = "Unauthorized", category: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.category = category

    def response(self) -> Response:
        """Return what the client gets."""
        headers = {"X-Failure-Category": self.category} if self.category else {}
        return answer({"code": 401, "message": self.sentence}, 401, headers)


# Answered by the edge in front of the site, which looks at no credentials.
_FOR_EVERYBODY = ("/_edge/", "/wiki/_edge/")


def admitted(site: Site) -> Person | None:
    """Return the person whose credentials come with the request; None for nobody or wrong ones.

    Classic tokens open the site's own address and the gateway (the second is nowhere documented);
    tokens with scopes, and every token of a service account, open the gateway only.

    Raises:
        TurnedAwayError: an expired token, the wrong address for it, or a scope that is missing.

    """
    if request.path.startswith(_FOR_EVERYBODY):
        return None
    email, secret = credentials() or (None, _bearer())
    token = site.people.tokens.find(secret) if secret else None
    person = site.people.get(token.account) if token else None
    if person is None or token is None or not person.active:
        return None
    if email is not None and person.email.casefold() != email.casefold():
        return None
    _check(token, person, site.now())
    return person


def _bearer() -> str:
    """Return an OAuth access token: the gateway alone takes one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" and _through_gateway() else ""


def _through_gateway() -> bool:
    return bool(request.environ.get(ENTERED))


def _check(token: Token, person: Person, now: str) -> None:
    if token.expired(now):
        raise TurnedAwayError
    if token.scopes is None and not person.service:
        return
    if not _through_gateway():
        raise TurnedAwayError
    rule = request.url_rule.rule if request.url_rule else request.path
    if token.scopes is not None and not scopes.suffice(token.scopes, request.method, rule):
        raise TurnedAwayError(OUT_OF_SCOPE, "FAILURE_CLIENT_SCOPE_CHECK")
