"""The tests inside a module file: what a request, or one part of it, must come to under the module's rules.

A test is about its own module: what other modules find in the same request, whether the module was
accepted here, and whether its review is due, play no part. So a module file stands on its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bridge.guardrails.circumstances import Circumstances
from bridge.guardrails.finding import Finding, Outcome, Where, outcome_of
from bridge.guardrails.policy import Bundle, Module, Trial
from bridge.guardrails.request import FORMAT, Request, seat
from bridge.guardrails.standing import STANDING
from bridge.guardrails.verdict import judge
from bridge.text import Text, text

# What a test may name besides the module's own limits and rules.
NAMED: Final = ("UNKNOWN", "MISSING", "KIND")
_HEAD: Final[Mapping[str, Any]] = {
    "format": FORMAT,
    "title": "Test",
    "campaign": "test",
    "requester": "test",
    "needed_by": "2026-12-01",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that does not hold: what came out instead, and which limits found something."""

    trial: Trial
    outcome: Outcome
    limits: tuple[str, ...]

    @property
    def sentence(self) -> Text:
        """Return what does not hold, for a person."""
        return text(
            "The test “{name}” does not hold: {expected} expected, {found} found.",
            name=self.trial.name,
            expected=_said(self.trial.expect, self.trial.limits),
            found=_said(self.outcome, self.limits),
        )


def run(module: Module, bundle: Bundle) -> Sequence[Failure]:
    """Run a module's tests with the registers and the other modules of a bundle; return what fails."""
    rules = replace(bundle, modules={**bundle.modules, module.id: module})
    return [
        failure
        for trial in module.trials
        if (failure := _failure(trial, module, rules)) is not None
    ]


def around(
    module: str, major: int, kinds: Sequence[str], part: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Where]:
    """Return a request around one part, and the part's place in it.

    For the rules on personal data (``module`` is empty) the part is a form, of the module of its purpose.
    """
    if not module:
        return {**_HEAD, "kind": "form", "form": part}, ("form",)
    kind, where = seat(module, kinds)
    used = {"use": f"{module}@{major}", **part}
    return {**_HEAD, "kind": kind, str(where[0]): [used] if len(where) > 1 else used}, where


def exercised(module: Module, bundle: Bundle) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the limits and rules that held somewhere in the tests, and of those that did not."""
    rules = replace(bundle, modules={**bundle.modules, module.id: module})
    held: set[str] = set()
    found: set[str] = set()
    for trial in module.trials:
        here = _circumstances(trial, module)
        verdict = judge(Request(trial.request), rules, here, asks_once=False)
        held |= {p.rule.partition("#")[2] for p in verdict.trace if _is_of(p.rule, module)}
        for finding in (*verdict.findings, *verdict.missing):
            if _is_of(finding.rule, module) and finding.limit not in STANDING:
                found.add(finding.limit)
    return frozenset(held), frozenset(found)


def _is_of(rule: str, module: Module) -> bool:
    return rule.partition("#")[0] == module.reference


def _circumstances(trial: Trial, module: Module) -> Circumstances:
    return Circumstances(
        today=trial.today or module.review_by,
        is_day_off=lambda day: day.weekday() == 6 or day in trial.off,
    )


def _failure(trial: Trial, module: Module, bundle: Bundle) -> Failure | None:
    here = _circumstances(trial, module)
    verdict = judge(Request(trial.request), bundle, here, asks_once=False)
    found = [f for f in (*verdict.findings, *verdict.missing) if _concerns(f, trial, module)]
    outcome = outcome_of(found)
    limits = tuple(sorted({finding.limit for finding in found}))
    is_named = bool(trial.limits) or trial.expect == "approved"
    if outcome == trial.expect and (not is_named or set(limits) == set(trial.limits)):
        return None
    return Failure(trial, outcome, limits)


def _concerns(finding: Finding, trial: Trial, module: Module) -> bool:
    if _is_of(finding.rule, module):
        return finding.limit not in STANDING
    return finding.rule.startswith("request@") and finding.where[: len(trial.at)] == trial.at


def _said(outcome: Outcome, limits: Sequence[str]) -> Text:
    if not limits:
        return text("{outcome}", outcome=outcome)
    return text("{outcome} ({limits})", outcome=outcome, limits=tuple(sorted(limits)))
