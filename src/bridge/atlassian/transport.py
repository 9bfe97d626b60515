"""The few lines that send: one bounded session under atlassian-python-api, the fence, the retries."""

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, NoReturn

import tenacity

from bridge.atlassian.retry import ATTEMPTS, Trouble, Wait, again
from bridge.atlassian.session import client, reading_at_most
from bridge.atlassian.wire import Answer, Product, Request, TooLarge, read_answer, refusal
from bridge.errors import (
    BadAnswer,
    LostAnswer,
    ObserveOnly,
    OutsideTheFence,
    Unreachable,
    UntrustedCertificate,
)
from bridge.text import Text, text

CONCURRENT = 8


@dataclass(frozen=True, slots=True)
class Fence:
    """What may be written: nothing in observe mode, else only the listed projects and spaces."""

    observe: bool
    allowed: frozenset[str]

    def check(self, request: Request) -> None:
        """Raise where the request would write outside; a read always passes."""
        if request.only_reads:
            return
        if self.observe:
            raise ObserveOnly(request.what)
        outside = sorted(set(request.writes) - self.allowed)
        if outside or not request.writes:
            raise OutsideTheFence(", ".join(outside) or request.what, sorted(self.allowed))


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs in: e-mail and token on Cloud, a token alone on Data Center."""

    token: str
    email: str | None = None

    def __repr__(self) -> str:
        return "Credentials(…)"

    def secrets(self) -> tuple[bytes, ...]:
        """Return the forms in which the token travels."""
        signed = f"{self.email}:{self.token}".encode()
        return base64.b64encode(signed), self.token.encode()

    def signing(self) -> Any:
        """Return what signs a request: Basic with an e-mail or user name, else Bearer."""
        if self.email:
            return self.email.encode(), self.token.encode()  # else requests speaks Latin-1

        def bear(request: Any) -> Any:
            request.headers["Authorization"] = f"Bearer {self.token}"
            return request

        return bear


@dataclass(frozen=True, slots=True)
class Leave:
    """Who is asked before anything leaves; what they raise passes out, and nothing is sent.

    ``permit`` before every single try, where it may wait for its turn; ``before_write`` right before
    each try of a request that changes something.
    """

    permit: Callable[[], None] | None = None
    before_write: Callable[[], None] | None = None

    def take(self, request: Request) -> None:
        """Ask both, the one who may wait first."""
        if self.permit is not None:
            self.permit()
        if self.before_write is not None and not request.only_reads:
            self.before_write()


FREELY = Leave()


class _NotYet(Exception):  # not an error: the outcome that asks tenacity for another try
    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait


class Transport:
    """Sends requests to one product of one site; safe to use from several threads."""

    def __init__(
        self,
        product: Product,
        url: str,
        credentials: Credentials,
        fence: Fence,
        *,
        on_wait: Callable[[Text], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        leave: Leave = FREELY,
    ) -> None:
        self.product: Product = product
        self.url = url.rstrip("/")
        self._fence = fence
        self._on_wait = on_wait
        self._sleep = sleep
        self._leave = leave
        self._client = client(self.url, credentials.signing())
        self._secrets = credentials.secrets()
        self._pause = threading.Lock()
        self._not_before = 0.0

    def keep_secret(self, words: str) -> None:
        """Blot these words out of refusals too, which may repeat what was sent."""
        if words:
            written = json.dumps(words)[1:-1]  # with the escapes that an answer would have
            self._secrets = (*self._secrets, words.encode(), written.encode())

    def send(self, request: Request) -> Answer:
        """Send, wait and repeat as the policy says; return a good answer or raise a SiteError."""
        answer = self.try_send(request)
        if answer.status >= 400:
            raise refusal(self.product, request, answer)
        return answer

    def try_send(self, request: Request) -> Answer:
        """Like :meth:`send`, but return refusals (400 and more) as answers."""
        self._fence.check(request)
        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_NotYet),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=_seconds_asked,
            sleep=self._sleep,
            reraise=True,
        )
        for attempt in tries:
            with attempt:
                return self._once(request, attempt.retry_state.attempt_number)
        raise AssertionError  # tenacity returns or raises

    def send_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Send independent requests a few at a time; raise the first trouble, if any."""
        return self._together(self.send, requests)

    def try_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Like :meth:`send_all`, but return refusals (400 and more) as answers."""
        return self._together(self.try_send, requests)

    @staticmethod
    def _together(send: Callable[[Request], Answer], requests: Sequence[Request]) -> list[Answer]:
        if len(requests) <= 1:
            return [send(request) for request in requests]
        # Whoever is asked for leave may hold against what was set where this work began.
        contexts = [copy_context() for _ in requests]
        with ThreadPoolExecutor(CONCURRENT, thread_name_prefix="bridge") as pool:
            return list(pool.map(lambda own, one: own.run(send, one), contexts, requests))

    def _once(self, request: Request, attempt: int) -> Answer:
        self._respect_pause()
        self._leave.take(request)
        try:
            answer = self._exchange(request)
        except _Trouble as trouble:
            self._wait_or(trouble.kind, request, attempt)
            self._give_up(trouble, request)
        if answer.status >= 400:
            self._wait_or(answer, request, attempt)
        return answer

    def _wait_or(self, outcome: Answer | Trouble, request: Request, attempt: int) -> None:
        """Ask for another try where the policy wants one; else return."""
        jitter = random.random()  # noqa: S311  # spreads load; guards nothing
        # A quota is everybody's: it pauses other requests even where this one is not repeated.
        pause = again(outcome, attempt, repeatable=True, jitter=jitter)
        if pause is not None and pause.everything:
            with self._pause:
                self._not_before = max(self._not_before, time.monotonic() + pause.seconds)
        wait = again(outcome, attempt, repeatable=request.repeatable, jitter=jitter)
        if wait is None:
            return
        self._tell(self._why(outcome), wait.seconds)
        raise _NotYet(wait)

    def _why(self, outcome: Answer | Trouble) -> Text:
        """Say what makes another try necessary."""
        if not isinstance(outcome, Answer):
            return text("{product} cannot be reached", product=self.product)
        if outcome.status == 429:
            return text("{product} asks for patience", product=self.product)
        return text("{product} stumbles ({status})", product=self.product, status=outcome.status)

    def _tell(self, why: Text, seconds: float) -> None:
        if self._on_wait is not None:
            again = text("{why}: trying again in {n} s.", why=why, n=max(1, round(seconds)))
            self._on_wait(again)

    def _respect_pause(self) -> None:
        with self._pause:
            remaining = self._not_before - time.monotonic()
        if remaining > 0:
            self._sleep(remaining)

    def _exchange(self, request: Request) -> Answer:
        """Send once and read the answer; raise _Trouble where none came."""
        import requests  # noqa: PLC0415  # 120 ms that only a command with a network pays

        try:
            with reading_at_most(request.most):
                response = self._client.request(
                    method=request.method,
                    path=request.path,
                    params=dict(request.query) or None,
                    json=request.body,
                    advanced_mode=True,
                    allow_redirects=False,
                )
        except requests.exceptions.SSLError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise UntrustedCertificate(self.product, self.url) from None
            raise Unreachable(self.product, self.url, type(error).__name__) from None
        except requests.ConnectTimeout as error:
            raise _Trouble("not sent", type(error).__name__) from None
        except requests.ConnectionError as error:
            kind: Trouble = "not sent" if _never_left(error) else "lost"
            raise _Trouble(kind, type(error).__name__) from None
        except TooLarge as error:
            if request.most is not None:
                raise
            raise _Trouble("lost", type(error).__name__) from None
        except requests.RequestException as error:
            raise _Trouble("lost", type(error).__name__) from None
        content = response.content
        headers: Mapping[str, str] = response.headers
        if response.status_code >= 300:
            content = self._without_secrets(content)
            headers = {
                name: self._without_secrets(value.encode("latin-1", "replace")).decode("latin-1")
                for name, value in headers.items()
            }
        return read_answer(self.product, request, response.status_code, headers, content)

    def _give_up(self, trouble: "_Trouble", request: Request) -> NoReturn:
        if trouble.kind == "lost" and not request.repeatable:
            raise LostAnswer(self.product, request.what)
        if trouble.detail in _SPOILT:
            raise BadAnswer(self.product, request.what, _SPOILT[trouble.detail])
        raise Unreachable(self.product, self.url, trouble.detail)

    def _without_secrets(self, content: bytes) -> bytes:
        """Blot out what signs our requests: a proxy may echo them in its error, which people read."""
        for secret in self._secrets:
            content = content.replace(secret, b"***")
        return content


# Answers that began and cannot be used, by the name of requests' exception or ours.
_SPOILT: Mapping[str, Text] = {
    "TooLarge": text("an answer that is far too large"),
    "ContentDecodingError": text("an answer that cannot be unpacked"),
    "ChunkedEncodingError": text("an answer that breaks off"),
}


class _Trouble(Exception):  # the outcome of one try, never seen outside
    def __init__(self, kind: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def _seconds_asked(state: tenacity.RetryCallState) -> float:
    outcome = state.outcome
    error = outcome.exception() if outcome else None
    return error.wait.seconds if isinstance(error, _NotYet) else 0


def _never_left(error: Any) -> bool:
    """Tell whether the connection was refused before anything was sent."""
    import urllib3  # noqa: PLC0415  # comes with requests, only here

    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
