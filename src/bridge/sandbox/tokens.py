"""API tokens: whose they are, what they are good for, until when. Only digests are kept."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from bridge.sandbox.store import Store, dumps, loads


@dataclass(frozen=True)
class Token:
    """A token of an account. ``scopes`` None is a classic token, which may do what its owner may.

    ``expires`` is a moment as :mod:`bridge.sandbox.moments` keeps it, or None.
    """

    account: str
    scopes: frozenset[str] | None = None
    expires: str | None = None

    def expired(self, now: str) -> bool:
        """Whether the token is no longer good."""
        return self.expires is not None and self.expires <= now


class Tokens:
    """Every token of the site."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue(
        self,
        account: str,
        token: str | None = None,
        scopes: Iterable[str] | None = None,
        expires: str | None = None,
    ) -> str:
        """Return a new token for an account; earlier ones stay valid."""
        token = token or "ATATT3x" + secrets.token_urlsafe(24)
        kept = None if scopes is None else dumps(sorted(scopes))
        with self._store.transaction():
            self._store.run("insert or replace into token values (?, ?)", digest(token), account)
            self._store.run(
                "insert or replace into token_bound values (?, ?, ?)", digest(token), kept, expires
            )
        return token

    def find(self, token: str) -> Token | None:
        """Return what a token is good for, or None where it was never issued or was revoked."""
        row = self._store.one(
            "select account, scopes, expires from token left join token_bound using (digest)"
            " where digest = ?",
            digest(token),
        )
        if row is None:
            return None
        scopes = None if row["scopes"] is None else frozenset(loads(row["scopes"]))
        return Token(row["account"], scopes, row["expires"])

    def revoke_all(self, account: str) -> None:
        """Make every token of an account invalid."""
        with self._store.transaction():
            self._store.run("delete from token where account = ?", account)


def digest(token: str) -> str:
    """Return what is kept of a token or a password."""
    return hashlib.sha256(token.encode()).hexdigest()
