"""The nouns of a policy: modules with their limits, rules on personal data, registers, one bundle of all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from bridge.guardrails.fields import Level, Lexicon
from bridge.text import Bilingual

Mode = Literal["observe", "warn", "enforce"]
Scalar: TypeAlias = str | int | float | bool
Operator = Literal[
    "max", "min", "count_max", "count_min", "sum_max", "length_max", "pattern", "one_of", "equals",
    "host_in", "path_under", "level_max", "before", "after", "required_if", "forbidden_if",
]  # fmt: skip
# Who may decide about what leaves the guardrails (guardrails.md section 2, step 9).
APPROVERS = ("it-security", "it-architecture", "dpo", "legal", "finance")
KINDS = ("landing-page", "form", "mailing", "sms", "tag", "promo-code", "contest")


@dataclass(frozen=True, slots=True)
class Listed:
    """An operand that is a register: what it lists today is allowed."""

    register: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An operand of ``before`` and ``after``: a day, a time of day, or days counted from something.

    ``at`` is a date or a time (``20:00``) as written; else ``days`` calendar days are counted from the
    date at ``path``, from the day of the evaluation where ``path`` is empty.
    """

    at: str = ""
    path: str = ""
    days: int = 0


Operand: TypeAlias = Scalar | tuple[Scalar, ...] | Listed | Moment | Level | Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One typed limit of a module: exactly one operator on the value at a path.

    ``each`` names a list whose every item is checked; ``when`` holds the paths and values without
    which the limit does not apply; values in ``exempt`` pass; an absent value passes where
    ``optional``. ``proposed``: a default that this shop's IT and DPO still have to confirm.
    """

    id: str
    path: str
    operator: Operator
    operand: Operand
    approver: str
    why: Bilingual
    fix: Bilingual | None = None
    source: Bilingual | None = None
    each: str = ""
    when: Mapping[str, Scalar] = field(default_factory=dict)
    exempt: tuple[Scalar, ...] = ()
    optional: bool = False
    mode: Mode | None = None
    proposed: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule on the personal data of a form: a check of the closed list in ``personal``, and its values."""

    id: str
    check: str
    values: Mapping[str, Any] = field(default_factory=dict)
    approver: str
    why: Bilingual
    fix: Bilingual | None = None
    source: Bilingual | None = None
    mode: Mode | None = None
    proposed: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test inside a module file: a request, and what must come of it.

    ``limits``: ids of the module's limits that must find something, exactly. ``at``: the place of the
    one part that the test is about; empty where it is about the request as a whole. ``today`` counts
    as the day (None: the module's ``review_by``), ``off`` are days off besides Sundays.
    """

    name: str
    request: Mapping[str, Any]
    expect: Literal["approved", "needs_review", "incomplete"]
    limits: tuple[str, ...] = ()
    today: date | None = None
    at: tuple[str | int, ...] = ()
    off: tuple[date, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What IT approved once: a kind of block, form, mailing ... with its parameters and limits.

    ``parameters`` is a JSON Schema (2020-12) of the part. ``rules`` is filled in the one file on
    personal data, which has no parameters. Past ``review_by`` the module no longer approves.
    """

    id: str
    version: str
    mode: Mode
    owner: str
    review_by: date
    applies_to: tuple[str, ...]
    title: Bilingual
    parameters: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    rules: tuple[Rule, ...] = ()
    trials: tuple[Trial, ...] = ()
    source_file: str = ""

    @property
    def major(self) -> int:
        """Return the major version: a stricter limit raises it."""
        return int(self.version.partition(".")[0])

    @property
    def reference(self) -> str:
        """Return ``id@version``."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a register: an expired one counts as absent."""

    value: str
    owner: str
    purpose: Bilingual
    expires_on: date
    line: int = 0

    def is_valid(self, today: date) -> bool:
        """Tell whether the entry still counts: its last day is ``expires_on``."""
        return today <= self.expires_on


@dataclass(frozen=True, slots=True)
class Register:
    """A list of what is allowed: domains, hosts, scripts, processors, purposes ..."""

    id: str
    title: Bilingual
    entries: tuple[Entry, ...] = ()
    source_file: str = ""

    def valid(self, today: date) -> frozenset[str]:
        """Return the values that count on a day, folded to small letters."""
        return frozenset(e.value.casefold() for e in self.entries if e.is_valid(today))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All rules together, as one value with one id: the hash of their normalised content."""

    id: str
    modules: Mapping[str, Module]
    registers: Mapping[str, Register]
    lexicon: Lexicon

    @property
    def personal(self) -> Module | None:
        """Return the module of rules on personal data, which applies to whatever has fields."""
        return next((m for m in self.modules.values() if m.rules), None)
