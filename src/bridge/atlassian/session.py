"""The session under atlassian-python-api: bounded in bytes and in time, no cookies, no redirects."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from bridge.atlassian.wire import TooLarge

if TYPE_CHECKING:
    from atlassian.rest_client import AtlassianRestAPI

TIMEOUT = 30  # seconds; the library takes one whole number
LARGEST_ANSWER = 32_000_000  # bytes
LONGEST_ANSWER = 120.0  # seconds from its first byte to its last
# What the answer being read may hold: the session knows only prepared requests.
_most: ContextVar[int | None] = ContextVar("most", default=None)


@contextmanager
def reading_at_most(most: int | None) -> Iterator[None]:
    """Let answers hold ``most`` bytes, None for the usual bound, while the block lasts."""
    bound = _most.set(most)
    try:
        yield
    finally:
        _most.reset(bound)


def client(url: str, signing: Any) -> "AtlassianRestAPI":
    """Return the library's transport with every helpful default that hurts switched off.

    ``signing`` is what signs a request, as requests takes it.

    See docs/architecture.md: no silent repeat of a POST (``retry_with_header``,
    ``backoff_and_retry``), a whole-number time-out, a bounded session, no logged bodies.
    """
    from atlassian.rest_client import AtlassianRestAPI  # noqa: PLC0415  # 300 ms, network commands only

    logging.getLogger("atlassian").disabled = True
    logging.getLogger("atlassian.rest_client").disabled = True  # logs bodies and headers at DEBUG
    session = _bounded_session()
    # As the session's own: a password in ~/.netrc for the same host would replace a mere header.
    session.auth = signing
    return AtlassianRestAPI(
        url,
        timeout=TIMEOUT,
        session=session,
        advanced_mode=True,
        retry_with_header=False,
        backoff_and_retry=False,
    )


def _bounded_session() -> Any:
    import requests  # noqa: PLC0415  # 120 ms that only a command with a network pays

    class BoundedSession(requests.Session):
        """Reads so many bytes of an answer for so long, keeps no cookies: requests stand alone."""

        def send(self, request: Any, **settings: Any) -> requests.Response:
            settings["stream"] = True
            response = super().send(request, **settings)
            content, until = bytearray(), time.monotonic() + LONGEST_ANSWER
            wanted = _most.get()
            most = LARGEST_ANSWER if wanted is None else min(wanted, LARGEST_ANSWER)
            for chunk in response.iter_content(65_536):
                content += chunk
                if time.monotonic() > until:  # TIMEOUT bounds each silence, not a slow drip
                    response.close()
                    raise requests.ReadTimeout
                if len(content) > most:
                    response.close()
                    raise TooLarge
            response._content = bytes(content)  # noqa: SLF001  # requests offers no other way to bound a body
            return response

    session = BoundedSession()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
