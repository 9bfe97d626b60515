"""What a check of a request found, and the verdict that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bridge.guardrails.policy import Mode
from bridge.text import Words

Outcome = Literal["approved", "needs_review", "incomplete"]
Nature = Literal["outside", "unknown", "missing"]
Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing outside the guardrails, unknown to them, or missing.

    ``rule`` is ``module@version#limit``; ``where`` a JSON path into the request; ``subject`` what a
    person calls that place; ``approver`` the role that decides; ``covered_by`` the id of a valid
    exception; ``value`` what was found, exactly: what an exception may be bound to.
    """

    rule: str
    limit: str
    nature: Nature
    where: Where
    subject: Words
    expected: Words
    found: Words
    why: Words
    fix: Words | None = None
    source: Words | None = None
    approver: str
    mode: Mode = "enforce"
    covered_by: str | None = None
    value: str = ""

    @property
    def path(self) -> str:
        """Return the place as a JSON path, such as ``$.form.fields[2].data``."""
        return json_path(self.where)

    @property
    def counts(self) -> bool:
        """Tell whether the finding sends the request to review."""
        return self.nature != "missing" and self.mode == "enforce" and self.covered_by is None

    @property
    def is_missing(self) -> bool:
        """Tell whether the request goes back to its requester for it."""
        return self.nature == "missing" and self.mode == "enforce"


class Passed(NamedTuple):
    """One rule that was evaluated and holds: a line of the trace."""

    rule: str
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a check; void as soon as ``request_hash`` or ``bundle`` is another.

    ``findings`` are all that is outside or unknown, ``missing`` what the requester still has to say;
    ``modules`` the versions used, as ``id@version``.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    missing: tuple[Finding, ...]
    trace: tuple[Passed, ...]
    modules: tuple[str, ...]
    bundle: str
    request_hash: str
    exceptions_consulted: bool

    @property
    def approvers(self) -> tuple[str, ...]:
        """Return the roles that must decide, each once, in alphabetical order."""
        return tuple(sorted({f.approver for f in self.findings if f.counts}))

    def of(self, role: str) -> tuple[Finding, ...]:
        """Return the findings that a role has to decide."""
        return tuple(f for f in self.findings if f.counts and f.approver == role)


def outcome_of(findings: Iterable[Finding]) -> Outcome:
    """Return the verdict's word (guardrails.md section 2, step 8)."""
    found = tuple(findings)
    if any(finding.counts for finding in found):
        return "needs_review"
    return "incomplete" if any(finding.is_missing for finding in found) else "approved"


def json_path(where: Where) -> str:
    """Return a place as a JSON path."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
