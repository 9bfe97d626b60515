"""The verdict on a request: pure, complete, fail-closed, replayable, explained (guardrails.md section 2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bridge.guardrails import personal
from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.derived import derived
from bridge.guardrails.expectations import expected, shown
from bridge.guardrails.fields import Reading
from bridge.guardrails.finding import Finding, Passed, Verdict, Where, outcome_of
from bridge.guardrails.head import gaps
from bridge.guardrails.limits import Facts, Outcome, evaluate
from bridge.guardrails.paths import ABSENT, Surroundings
from bridge.guardrails.plain import marked_up
from bridge.guardrails.policy import KINDS, Bundle, Limit, Module, Register, Rule
from bridge.guardrails.request import FORMAT, HEAD, PARTS, Part, Request, exactly
from bridge.guardrails.shape import flaws
from bridge.guardrails.standing import standing
from bridge.guardrails.subjects import subject
from bridge.nearmiss import nearest
from bridge.text import Bilingual, Either, Text, Words, text

_ARCHITECTURE = "it-architecture"
_SECURITY = "it-security"
UNKNOWN = "UNKNOWN"
MISSING = "MISSING"
_REQUEST = "request@1"  # the request's own form, which no module file describes
_NOT_EVALUATED = text("The rule could not be evaluated here, so a person looks at it.")


def judge(
    request: Request, bundle: Bundle, circumstances: Circumstances, *, asks_once: bool = True
) -> Verdict:
    """Return the verdict on a request; a function of its arguments alone, it never raises for content.

    ``asks_once``: of several findings that miss the same thing only one is kept.
    """
    judging = _Judging(request, bundle, circumstances)
    judging.run()
    found = _asked_once(judging.findings) if asks_once else judging.findings
    findings = tuple(judging.covered(finding) for finding in found)
    return Verdict(
        outcome=outcome_of(findings),
        findings=tuple(f for f in findings if f.nature != "missing"),
        missing=tuple(f for f in findings if f.nature == "missing"),
        trace=tuple(judging.trace),
        modules=tuple(sorted({module.reference for module in judging.used.values()})),
        bundle=bundle.id,
        request_hash=request.fingerprint,
        exceptions_consulted=circumstances.exceptions is not None,
    )


@dataclass
class _Registers(Mapping[str, frozenset[str]]):
    """The registers' valid values of one day, worked out when a rule asks for them."""

    registers: Mapping[str, Register]
    today: date
    known: dict[str, frozenset[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self.known:
            self.known[name] = self.registers[name].valid(self.today)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.registers)

    def __len__(self) -> int:
        return len(self.registers)


def facts_of(
    request: Request,
    bundle: Bundle,
    circumstances: Circumstances,
    readings: Mapping[Where, Reading],
) -> Facts:
    """Return what the limits of a request look at besides its parts."""
    registers = _Registers(bundle.registers, circumstances.today)
    around = Surroundings(registers, circumstances.is_day_off)
    return Facts(request.data, circumstances.today, around, readings)


class _Judging:
    """One evaluation: every part against its module, every rule of it, nothing skipped."""

    def __init__(self, request: Request, bundle: Bundle, circumstances: Circumstances) -> None:
        self.request = request
        self.bundle = bundle
        self.circumstances = circumstances
        self.findings: list[Finding] = []
        self.trace: list[Passed] = []
        self.used: dict[str, Module] = {}
        self.first_use: dict[str, Where] = {}
        self.values: dict[tuple[str, Where], Any] = {}
        self.readings: dict[Where, Reading] = {}
        self.floors: set[str] = set()  # rules that ask for at least something
        self.facts = facts_of(request, bundle, circumstances, self.readings)

    def run(self) -> None:
        """Fill findings and trace."""
        self._head()
        for part in self.request.parts():
            self._part(part)
        for module in self.used.values():
            self.findings += standing(module, self.circumstances, self.first_use.get(module.id, ()))

    def covered(self, finding: Finding) -> Finding:
        """Return the finding, marked where a valid exception covers it."""
        if not finding.counts or finding.nature != "outside":
            return finding
        scopes = self.request.scopes
        value = self.values.get((finding.rule, finding.where), ABSENT)
        is_least = finding.rule in self.floors
        for waiver in self.circumstances.exceptions or ():
            counts = waiver.is_valid(self.circumstances.today)
            counts = counts and waiver.granted_by != self.request.requester
            if counts and waiver.covers(finding, value, scopes, is_least=is_least):
                return replace(finding, covered_by=waiver.id)
        return finding

    # --- the request as a whole --------------------------------------------------------------------

    def _head(self) -> None:
        data = self.request.data
        if self.request.kind not in KINDS:
            self._unknown(
                ("kind",),
                text("{options}", options=Either(KINDS)),
                data.get("kind", ABSENT),
                nearest(self.request.kind, KINDS),
            )
        if data.get("format", FORMAT) != FORMAT:
            self._unknown(("format",), text("{value}", value=FORMAT), data["format"])
        for key in data:
            if key not in HEAD and key not in PARTS:
                name = str(key)
                self._unknown(
                    (name,), text("nothing of this name"), name, nearest(name, (*HEAD, *PARTS))
                )
        for gap in gaps(self.request):
            self._missing(_REQUEST, gap.where, gap.expected, gap.found)

    # --- one part ------------------------------------------------------------------------------------

    def _part(self, part: Part) -> None:
        if not isinstance(part.data, Mapping):
            self._missing(_REQUEST, part.where, text("a mapping of keys and values"), part.data)
            return
        if not part.module:
            self._missing(_REQUEST, (*part.where, "use"), text("the name of a module"), ABSENT)
            return
        module = self.bundle.modules.get(part.module)
        if module is None or module.rules or part.major not in (None, module.major):
            self._unknown_module(part, module)
            return
        if not part.is_in_its_place:
            where = (*part.where, "use")
            self._unknown(where, text("a module for this place"), part.data.get("use", part.module))
        self.used.setdefault(module.id, module)
        self.first_use.setdefault(module.id, part.where)
        if self.request.kind in KINDS and self.request.kind not in module.applies_to:
            self._not_for_this_kind(module, part)
        broken = self._shape(module, part)
        for where, found in marked_up(module, part.parameters, part.where):
            self._unknown(where, text("a text without markup"), found, approver=_SECURITY)
        self._fields(part)
        for limit in module.limits:
            self._limit(module, limit, part, broken)

    def _unknown_module(self, part: Part, module: Module | None) -> None:
        names = [m.reference for m in self.bundle.modules.values() if not m.rules]
        near = module.reference if module and not module.rules else nearest(part.module, names)
        use = part.data.get("use", part.module)
        self._unknown((*part.where, "use"), text("a module of the library"), use, near)

    def _not_for_this_kind(self, module: Module, part: Part) -> None:
        self.findings.append(
            Finding(
                rule=f"{module.reference}#KIND",
                nature="outside",
                where=part.where,
                expected=text("{options}", options=Either(module.applies_to)),
                found=self.request.kind,
                why=text("This module was approved for other kinds of requests."),
                approver=_ARCHITECTURE,
                limit="KIND",
                subject=self._subject(part.where),
            )
        )

    def _shape(self, module: Module, part: Part) -> set[Where]:
        """Note what is wrong with the part's shape; return the places of it."""
        places: set[Where] = set()
        for flaw in flaws(module, part.parameters, part.where):
            places.add(flaw.where)
            if flaw.is_unknown:
                known = module.parameters.get("properties", {})
                near = nearest(flaw.found, known) if isinstance(flaw.found, str) else None
                self._unknown(flaw.where, flaw.expected, flaw.found, near)
            else:
                self._missing(module.reference, flaw.where, flaw.expected, flaw.found)
        return places

    def _limit(self, module: Module, limit: Limit, part: Part, flawed: set[Where]) -> None:
        rule = f"{module.reference}#{limit.id}"
        for outcome in evaluate(limit, part.data, part.where, self.facts):
            if outcome.state == "holds":
                self.trace.append(Passed(rule, outcome.where))
            elif outcome.state == "outside" or not _lies_in(outcome.where, flawed):
                self._outcome(module, limit, rule, outcome, expected(limit))

    def _outcome(
        self,
        module: Module,
        limit: Limit | Rule,
        rule: str,
        outcome: Outcome,
        wanted: Words,
        fix: Words | None = None,
    ) -> None:
        self.values[rule, outcome.where] = outcome.found
        if isinstance(limit, Limit) and limit.operator in ("min", "count_min"):
            self.floors.add(rule)
        is_broken = outcome.state == "broken"
        self.findings.append(
            Finding(
                rule=rule,
                nature="missing" if outcome.state == "missing" else "outside",
                where=outcome.where,
                expected=wanted,
                found=self._found(limit, outcome),
                why=_NOT_EVALUATED if is_broken else limit.why,
                fix=None if is_broken else fix or limit.fix,
                source=limit.source,
                approver=limit.approver,
                mode=limit.mode or module.mode,
                limit=limit.id,
                subject=self._subject(outcome.where),
                value=exactly(self._value(limit, outcome)),
            )
        )

    def _value(self, limit: Limit | Rule, outcome: Outcome) -> Any:
        """Return what an exception is bound to: for a level, the kind of data that was made out."""
        if isinstance(limit, Limit) and limit.operator == "level_max":
            field = self.readings.get(outcome.where[:-1])
            if field is not None and field.type is not None and field.level is not None:
                return f"{field.type.id} {field.level.name}"
        return outcome.found

    def _found(self, limit: Limit | Rule, outcome: Outcome) -> Words:
        """Return what was found in words: what a derived value means, what a field asks for."""
        if isinstance(limit, Rule):
            return _words(outcome.found)
        field = self.readings.get(outcome.where[:-1]) if limit.operator == "level_max" else None
        if field is not None and field.type is not None and field.level is not None:
            return text("{type} (level {level})", type=field.type.title, level=field.level.name)
        return (derived(limit.path, outcome.found) if limit.path else None) or _words(outcome.found)

    # --- the fields of a form ------------------------------------------------------------------------

    def _fields(self, part: Part) -> None:
        """Read the part's fields and hold the rules on personal data against them."""
        entries = part.data.get("fields")
        if not isinstance(entries, list):
            return
        readings: dict[Where, Reading] = {
            (*part.where, "fields", n): self.bundle.lexicon.read(entry)
            for n, entry in enumerate(entries)
            if isinstance(entry, Mapping)
        }
        rules = self.bundle.personal
        if rules is None:
            self.readings |= readings
            self._unknown((*part.where, "fields"), text("rules on personal data"), len(entries))
            return
        self.used.setdefault(rules.id, rules)
        form = personal.Form(part.data, part.where, readings, self.facts, self.bundle.lexicon)
        form = personal.raised(rules, form)
        self.readings |= form.readings
        for rule in rules.rules:
            self._rule(rules, rule, form)

    def _rule(self, module: Module, rule: Rule, form: "personal.Form") -> None:
        name = f"{module.reference}#{rule.id}"
        for said in personal.check(rule, form):
            if said.outcome.state == "holds":
                self.trace.append(Passed(name, said.outcome.where))
            else:
                self._outcome(module, rule, name, said.outcome, said.expected, said.fix)

    # --- noting ----------------------------------------------------------------------------------------

    def _unknown(
        self,
        where: Where,
        wanted: Words,
        found: Any,
        near: str | None = None,
        approver: str = _ARCHITECTURE,
    ) -> None:
        self.findings.append(
            Finding(
                rule=f"{_REQUEST}#{UNKNOWN}",
                nature="unknown",
                where=where,
                expected=wanted,
                found=_words(found),
                why=text("What nobody approved is never let through."),
                fix=text("Did you mean “{near}”?", near=near) if near else None,
                approver=approver,
                limit=UNKNOWN,
                subject=self._subject(where),
            )
        )

    def _missing(self, reference: str, where: Where, wanted: Words, found: Any) -> None:
        self.findings.append(
            Finding(
                rule=f"{reference}#{MISSING}",
                nature="missing",
                where=where,
                expected=wanted,
                found=_words(found),
                why=text("The check needs it."),
                approver="",
                limit=MISSING,
                subject=self._subject(where),
            )
        )

    def _subject(self, where: Where) -> Words:
        return subject(self.request, where, self.bundle)


def _asked_once(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Ask for each missing thing once: the request's own form first, then a rule that says why."""
    asked: dict[Where, Finding] = {}
    for finding in sorted((f for f in findings if f.is_missing), key=_plainest):
        asked.setdefault(finding.where, finding)
    return [f for f in findings if not f.is_missing or asked[f.where] is f]


def _plainest(finding: Finding) -> int:
    if finding.rule.startswith(_REQUEST):
        return 0
    return 2 if finding.limit == MISSING else 1


def _lies_in(where: Where, places: set[Where]) -> bool:
    """Tell whether a place, or something around it, is among others."""
    return any(where[:length] in places for length in range(1, len(where) + 1))


def _words(found: Any) -> Words:
    """Return a value as words of a finding."""
    if isinstance(found, Text | Bilingual):
        return found
    said = shown(found)
    return said if isinstance(said, str | Text | Bilingual) else text("{value}", value=said)
