"""What the bridge records on issues about requests: the request itself, and what each role is asked. Pure.

Both are the issue's entity property ``bridge``, told apart by ``kind``. Anyone who may edit the issue
may edit it: it is checked, never trusted. Nothing is ever decided by what stands in it alone; a list of
findings in it counts only where its digest stands in a label that Jira's history vouches for.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bridge.guardrails.finding import Finding
from bridge.tracker import Issue

FORMAT: Final = 1
LABEL: Final = "bridge"
REQUEST: Final = "bridge-request"
APPROVAL: Final = "bridge-approval"
# What a request's issue carries exactly one of.
APPROVED: Final = "bridge-approved"
REVIEW: Final = "bridge-review"
INCOMPLETE: Final = "bridge-incomplete"
REFUSED: Final = "bridge-refused"
STANDINGS: Final = (APPROVED, REVIEW, INCOMPLETE, REFUSED)
# What an approval's issue asks for, and what people answer: followed by digests.
ASKS: Final = "bridge-asks-"
OK: Final = "bridge-ok-"
NO: Final = "bridge-no-"
EXCEPTION: Final = "bridge-exception-"
# Digits of a digest in a label. Whoever writes a request chooses its content, and could look for two
# contents with the same short digest: 24 hexadecimal digits need 2**48 tries for that.
ASK_DIGITS: Final = 24
FINDING_DIGITS: Final = 10
TERMS_DIGITS: Final = 12
MOST_ASKS: Final = 20  # lists of findings that are remembered for one content


class Damaged(ValueError):
    """The property says that it is the bridge's, and is not what the bridge writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """The record on a request's issue.

    ``request`` is the request's identity within its campaign, ``step`` the id of the step that waits
    for it; ``hash`` its fingerprint when it was judged; ``verdict`` what the rules said, ``standing``
    what became of it after the roles' decisions. ``comment``: the id of the bridge's comment, ``said``
    the digest of its words; ``approvals``: the approval issue of each role; ``meant``: the marks of
    the fields that the bridge wrote. ``from_file``: the bridge created the issue.
    """

    workspace: str
    campaign: str
    request: str
    request_kind: str
    step: str = ""
    hash: str = ""
    verdict: str = ""
    standing: str = ""
    bundle: str = ""
    modules: tuple[str, ...] = ()
    checked_on: str = ""
    comment: str = ""
    said: str = ""
    approvals: Mapping[str, str] = field(default_factory=dict)
    meant: Mapping[str, str] = field(default_factory=dict)
    from_file: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the property's value."""
        return {
            "format": FORMAT,
            "kind": "request",
            "workspace": self.workspace,
            "campaign": self.campaign,
            "request": self.request,
            "request_kind": self.request_kind,
            "step": self.step,
            "hash": self.hash,
            "verdict": self.verdict,
            "standing": self.standing,
            "bundle": self.bundle,
            "modules": list(self.modules),
            "checked_on": self.checked_on,
            "comment": self.comment,
            "said": self.said,
            "approvals": dict(self.approvals),
            "meant": dict(self.meant),
            "from_file": self.from_file,
        }

    @classmethod
    def read(cls, value: Any) -> "Petition":
        """Check a property's value; raise :class:`Damaged`."""
        record = _record(value, "request")
        return cls(
            **_words(record, "workspace", "campaign", "request", "request_kind", "step", "hash"),
            **_words(record, "verdict", "standing", "bundle", "checked_on", "comment", "said"),
            modules=_list(record, "modules"),
            approvals=_mapping(record, "approvals"),
            meant=_mapping(record, "meant"),
            from_file=record.get("from_file") is True,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One finding that a role is asked about, by its id, its rule and its place."""

    id: str
    rule: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The record on an approval's issue: what one role is asked about one request.

    ``asks`` are the lists of finding ids that were asked about the content ``hash`` so far, the
    latest last: what an earlier answer was about. ``meant`` as in :class:`Petition`.
    """

    workspace: str
    campaign: str
    request: str
    request_key: str
    role: str
    hash: str
    findings: tuple[Asked, ...] = ()
    asks: tuple[tuple[str, ...], ...] = ()
    meant: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the property's value."""
        return {
            "format": FORMAT,
            "kind": "approval",
            "workspace": self.workspace,
            "campaign": self.campaign,
            "request": self.request,
            "request_key": self.request_key,
            "role": self.role,
            "hash": self.hash,
            "findings": [{"id": f.id, "rule": f.rule, "where": f.where} for f in self.findings],
            "asks": [list(ids) for ids in self.asks],
            "meant": dict(self.meant),
        }

    @classmethod
    def read(cls, value: Any) -> "Asking":
        """Check a property's value; raise :class:`Damaged`."""
        record = _record(value, "approval")
        findings, asks = record.get("findings"), record.get("asks", [])
        if not isinstance(findings, list) or not isinstance(asks, list):
            raise Damaged
        return cls(
            **_words(record, "workspace", "campaign", "request", "request_key", "role", "hash"),
            findings=tuple(Asked(**_words(_dict(f), "id", "rule", "where")) for f in findings),
            asks=tuple(_list({"ids": ids}, "ids") for ids in asks),
            meant=_mapping(record, "meant"),
        )


def petition_of(issue: Issue) -> Petition | None:
    """Return the request's record, None where the issue has none; raise :class:`Damaged`."""
    return Petition.read(issue.memory) if _kind(issue) == "request" else None


def asking_of(issue: Issue) -> Asking | None:
    """Return the approval's record, None where the issue has none; raise :class:`Damaged`."""
    return Asking.read(issue.memory) if _kind(issue) == "approval" else None


def _kind(issue: Issue) -> Any:
    return issue.memory.get("kind") if isinstance(issue.memory, dict) else None


def finding_id(finding: Finding) -> str:
    """Return a finding's short name: the same limit of the same major version at the same place."""
    module, _, rest = finding.rule.partition("@")
    version, _, limit = rest.partition("#")
    return _digest(module, version.partition(".")[0], limit, finding.path)[:FINDING_DIGITS]


def asked(findings: Iterable[Finding]) -> tuple[Asked, ...]:
    """Return what a role is asked about, each finding once."""
    by_id = {finding_id(f): f for f in findings}
    return tuple(Asked(name, f.rule, f.path) for name, f in sorted(by_id.items()))


def ask(fingerprint: str, role: str, ids: Iterable[str]) -> str:
    """Return what an answer is bound to: this content, this role, exactly these findings."""
    return _digest(fingerprint, role, *sorted(ids))[:ASK_DIGITS]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()


# --- reading with care ---------------------------------------------------------------------------


def _record(value: Any, kind: str) -> Mapping[str, Any]:
    record = _dict(value)
    if record.get("format") != FORMAT or record.get("kind") != kind:
        raise Damaged
    return record


def _dict(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Damaged
    return value


def _words(record: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    found = {key: record.get(key, "") for key in keys}
    if not all(isinstance(value, str) for value in found.values()):
        raise Damaged
    return found


def _list(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = record.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
        raise Damaged
    return tuple(found)


def _mapping(record: Mapping[str, Any], key: str) -> dict[str, str]:
    found = record.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Damaged
    return dict(found)
