"""The shipped modules and registers: complete, in both languages, and held by their own tests."""

import re
from calendar import WEDNESDAY
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bridge.config import policy, request, standing
from bridge.config import workspace as workspaces
from bridge.guardrails import trials
from bridge.guardrails.mutants import mutants
from bridge.guardrails.policy import APPROVERS, Bundle, Limit, Module
from bridge.guardrails.verdict import judge
from bridge.text import Bilingual

ROOT = Path(__file__).parents[1]
MODULES = (
    "page", "hero", "text", "image-gallery", "video", "product-grid", "price-promo", "countdown",
    "form.lead", "form.newsletter", "contest", "promo-code", "mailing", "sms", "tag", "iframe",
    "redirect", "legal-footer",
)  # fmt: skip
MONDAY = date(2026, 11, 23)
EXAMPLES = {
    "contest-for-minors": ("needs_review", {"dpo", "legal"}),
    "landing-page": ("approved", set()),
    "mailing": ("approved", set()),
    "newsletter": ("approved", set()),
    "newsletter-with-social-security-number": ("needs_review", {"dpo", "it-security", "legal"}),
    "newsletter-with-telephone": ("needs_review", {"dpo"}),
    "promo-code-over-limit": ("needs_review", {"finance"}),
    "sms-on-a-sunday": ("needs_review", {"legal"}),
    "tag-on-payment-page": ("needs_review", {"it-security"}),
    "unknown-block": ("needs_review", {"it-architecture"}),
}


@pytest.fixture(scope="module")
def shipped() -> Bundle:
    return policy.load(None).bundle


def limits_of(bundle: Bundle) -> Iterator[tuple[Module, Limit]]:
    return (
        (bundle.modules[name], limit) for name in MODULES for limit in bundle.modules[name].limits
    )


def test_the_library_holds_its_eighteen_modules(shipped: Bundle) -> None:
    assert {name for name, module in shipped.modules.items() if not module.rules} == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_no_limit_can_be_dropped_or_loosened_unnoticed(shipped: Bundle, name: str) -> None:
    made = list(mutants(shipped.modules[name]))
    survivors = [(m.limit, m.change) for m in made if not trials.run(m.module, shipped)]
    assert len(made) >= len(shipped.modules[name].limits)
    assert survivors == []


def test_no_condition_hangs_on_a_value_that_may_be_left_out(shipped: Bundle) -> None:
    """Else leaving the value out would switch the limit off."""
    for module, limit in limits_of(shipped):
        for path in limit.when:
            first = re.split("[.@]", path)[0]
            assert first in (*module.parameters["required"], "/blocks"), (module.id, limit.id)


def test_every_limit_has_a_test_that_it_fails_and_every_module_one_that_passes(
    shipped: Bundle,
) -> None:
    for module, limit in limits_of(shipped):
        assert any(limit.id in trial.limits for trial in module.trials), (module.id, limit.id)
        assert any(trial.expect == "approved" for trial in module.trials), module.id


# What stands in a French sentence but is code: a key with its value, a scheme, a ratio.
_CODE = r"https?://\S+|[a-z_]+: (true|false|cmp|contest|email|sha384)|javascript:|data:|4,5:1"


def sentences(shipped: Bundle) -> Iterator[tuple[str, Bilingual]]:
    for module, limit in limits_of(shipped):
        where = f"{module.id}#{limit.id}"
        yield module.id, module.title
        for words in (limit.why, limit.fix, limit.source):
            assert words is not None, where
            yield where, words
    for register in shipped.registers.values():
        yield register.id, register.title
        yield from ((f"{register.id}: {entry.value}", entry.purpose) for entry in register.entries)


def test_why_fix_and_source_are_said_in_both_languages_and_french_is_set_as_french(
    shipped: Bundle,
) -> None:
    for where, words in sentences(shipped):
        assert words.fr.strip(), where
        assert words.en.strip(), where
        assert "'" not in words.fr + words.en, where
        prose = re.sub(_CODE, "", words.fr)
        assert not re.search(r"(?<!\u00a0)[;:?!»]|«(?!\u00a0)", prose), (where, words.fr)


def test_registers_name_an_owner_among_the_roles(shipped: Bundle) -> None:
    for register in shipped.registers.values():
        assert {entry.owner for entry in register.entries} <= set(APPROVERS), register.id


def first_day_of_sales(year: int, month: int) -> date:
    """Commercial code, article D310-15-2, as a lawyer would work it out."""
    days = [date(year, month, day) for day in range(1, 31)]
    wednesdays = [day for day in days if day.weekday() == WEDNESDAY]
    if month == 1:
        return wednesdays[1] if wednesdays[1].day <= 12 else wednesdays[0]
    return wednesdays[-1] if wednesdays[-1].day <= 28 else wednesdays[-2]


def test_the_periods_of_sales_are_those_of_the_commercial_code(shipped: Bundle) -> None:
    listed = {entry.value for entry in shipped.registers["sales-periods"].entries}
    starts = [first_day_of_sales(year, month) for year in (2026, 2027, 2028) for month in (1, 6)]
    assert listed == {f"{day}/{day + timedelta(days=27)}" for day in starts}


def test_the_demo_accepted_every_module_as_shipped_by_the_person_of_the_role(
    shipped: Bundle,
) -> None:
    roles = workspaces.load(ROOT).team.roles
    accepted = standing.acceptances(ROOT)
    assert {(a.module, a.version) for a in accepted} == {
        (module.id, module.version) for module in shipped.modules.values()
    }
    for acceptance in accepted:
        assert acceptance.role == shipped.modules[acceptance.module].owner
        assert roles[acceptance.role] == acceptance.by


def test_every_example_is_told_of() -> None:
    assert {path.stem for path in (ROOT / "docs/examples/requests").glob("*.yaml")} == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_out_as_its_first_line_says(shipped: Bundle, name: str) -> None:
    path = ROOT / f"docs/examples/requests/{name}.yaml"
    here = standing.circumstances(ROOT, workspaces.load(ROOT), MONDAY)
    verdict = judge(request.read(path), shipped, here)
    outcome, approvers = EXAMPLES[name]
    assert (verdict.outcome, set(verdict.approvers)) == (outcome, approvers)
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith(f"# {outcome}")
    for role in approvers:
        assert role.replace("-", " ") in first.lower()


def test_in_a_shop_that_accepted_nothing_no_example_is_approved(
    shipped: Bundle, tmp_path: Path
) -> None:
    nothing = standing.circumstances(tmp_path, workspaces.load(ROOT), MONDAY)
    for name in EXAMPLES:
        asked = request.read(ROOT / f"docs/examples/requests/{name}.yaml")
        assert judge(asked, shipped, nothing).outcome == "needs_review", name
