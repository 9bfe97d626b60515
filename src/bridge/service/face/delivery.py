"""A delivery from Jira: is it genuine, and what does it touch? Pure.

A delivery is only a hint of what to look at again. It is verified on its raw body, reduced to keys,
and everything else of it (names, texts, addresses) is forgotten at once.

Sources: developer.atlassian.com "Webhooks" (X-Hub-Signature over the raw body, identifier, retry);
confluence.atlassian.com 938846912 "Managing webhooks" (Data Center); Jira Automation's "Send web
request" cannot sign, so it shows a shared secret in a header.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bridge.reactions.hint import Hint

LARGEST: Final = 1_000_000  # bytes of a body; Jira drops what is over 25 MB, a hint needs far less
DEEPEST: Final = 60  # brackets within brackets; the captured bodies have 7
MOST: Final = 100  # epics, and dates, of one hint; real ones have a few
SHARED_HEADER: Final = "x-bridge-secret"
SIGNATURE_HEADERS: Final = ("x-hub-signature", "x-hub-signature-256")
IDENTIFIER: Final = "x-atlassian-webhook-identifier"
_METHODS: Final = {"sha256": hashlib.sha256}  # what may sign; md5 and sha1 may not
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,30}-[1-9][0-9]{0,9}")
_EVENT: Final = re.compile(r"[a-z][a-z0-9_:.-]{0,60}")
_NAME: Final = re.compile(r"[\w:.-]{1,200}", re.ASCII)


class Rejected(
    Exception
):  # an outcome of one delivery, with the status to answer; no refusal to a person
    """A delivery that must not be taken; ``status`` is what to answer, ``why`` names no content."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True)
class Secrets:
    """What deliveries are verified with: the secret in use, and the next one while rotating."""

    current: str = ""
    following: str = ""

    @property
    def any(self) -> tuple[str, ...]:
        """Return the secrets that are set."""
        return tuple(secret for secret in (self.current, self.following) if secret)


def verify(raw: bytes, headers: Mapping[str, str], secrets: Secrets) -> None:
    """Raise Rejected unless the body is signed, or a shared header shown, with one of our secrets.

    Both mistakes are refused: a signature where no secret is configured, and none where one is.
    """
    given = {name.lower(): value for name, value in headers.items()}
    signatures = [given[name] for name in SIGNATURE_HEADERS if name in given]
    shared = given.get(SHARED_HEADER)
    if not secrets.any:
        raise Rejected(403, "no secret is configured, so no delivery can be verified")
    if signatures:
        if not all(_is_signed(raw, signature, secrets) for signature in signatures):
            raise Rejected(401, "the signature does not fit")
    elif shared is None:
        raise Rejected(401, "neither signed nor with the shared header")
    elif not _same_as_any(shared.encode(errors="replace"), [s.encode() for s in secrets.any]):
        raise Rejected(401, "the shared header does not fit")


def _is_signed(raw: bytes, signature: str, secrets: Secrets) -> bool:
    method, equals, written = signature.strip().partition("=")
    algorithm = _METHODS.get(method.lower())
    if not equals or algorithm is None or not _HEX.fullmatch(written):
        return False
    made = [hmac.new(s.encode(), raw, algorithm).hexdigest().encode() for s in secrets.any]
    return _same_as_any(written.lower().encode(), made)


def _same_as_any(found: bytes, wanted: Sequence[bytes]) -> bool:
    """Compare with each in constant time, without stopping at the first that fits."""
    fits = [hmac.compare_digest(found, one) for one in wanted]
    return any(fits)


def reduce(raw: bytes, headers: Mapping[str, str]) -> Hint | None:
    """Return what a delivery touches, None where nothing of ours can be meant.

    Raises Rejected (400) for what is no JSON object, is too deep, or cannot be read: it would be no
    better the next time.
    """
    body = _object(raw)
    event = body.get("webhookEvent")
    if not isinstance(event, str) or not _EVENT.fullmatch(event):
        event = "automation"
    issue = _mapping(body.get("issue"))
    key = _key(issue.get("key")) or _key(body.get("key"))
    if not key:
        return None
    fields = _mapping(issue.get("fields"))
    changes = _changes(body)
    return Hint(
        identifier=_identifier(raw, headers),
        event=event,
        issue=key,
        epics=_epics(fields, changes),
        dates=_dates(fields, changes),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _object(raw: bytes) -> Mapping[str, Any]:
    if len(raw) > LARGEST:
        raise Rejected(413, "the body is too large")
    if _depth(raw) > DEEPEST:
        raise Rejected(400, "the body is nested too deeply")
    try:
        body = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Rejected(400, "the body is no JSON in UTF-8") from None
    if not isinstance(body, dict):
        raise Rejected(400, "the body is no JSON object")
    return body


# A text that never ends is taken to the end of the body: looked for again at each quotation mark, a
# body of nothing else would take hours.
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def _depth(raw: bytes) -> int:
    """Return how deep brackets nest, without parsing what they hold."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(raw):
        sign = found[0][:1]
        if sign in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in b"]}":
            depth -= 1
    return deepest


def _identifier(raw: bytes, headers: Mapping[str, str]) -> str:
    """Return Atlassian's identifier, which resendings repeat; Data Center has none: the body's digest."""
    given = {name.lower(): value for name, value in headers.items()}.get(IDENTIFIER, "")
    return given if _NAME.fullmatch(given) else hashlib.sha256(raw).hexdigest()


def _changes(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    changelog = body.get("changelog")
    items = changelog.get("items") if isinstance(changelog, Mapping) else None
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _epics(fields: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    parent = fields.get("parent")
    found = [_key(parent.get("key")) if isinstance(parent, Mapping) else ""]
    found += [
        _key(change.get(side))
        for change in changes
        if change.get("field") in ("Parent", "parent", "Epic Link", "IssueParentAssociation")
        for side in ("fromString", "toString", "from", "to")
    ]
    return tuple(dict.fromkeys(key for key in found if key))[:MOST]


def _dates(fields: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> tuple[date, ...]:
    written = [fields.get("duedate")]
    written += [
        change.get(side)
        for change in changes
        if change.get("field") == "duedate"
        for side in ("from", "to")
    ]
    return tuple(dict.fromkeys(day for value in written if (day := _day(value)) is not None))[:MOST]


def _key(value: Any) -> str:
    return value if isinstance(value, str) and _KEY.fullmatch(value) else ""


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
