"""``bridge guardrail``: the rules shown, tested and looked over; what about them falls due."""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bridge.guardrails import personal, wording
from bridge.guardrails.circumstances import Acceptance, Circumstances, Incident
from bridge.guardrails.due import due, unheld
from bridge.guardrails.policy import Bundle, Entry, Module
from bridge.language import language
from bridge.report import guardrail as report
from bridge.text import Bilingual
from tests.test_cli import bridge
from tests.test_compose import BUNDLE, FORM, HERE, TODAY

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bridge.yaml", "accepted.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIDGE_WORKSPACE", raising=False)
    monkeypatch.setenv("BRIDGE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "140")


def told(*arguments: str) -> Any:
    code, out, err = bridge("guardrail", *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out)


# --- list and show -------------------------------------------------------------------------------


def test_the_list_says_which_modules_approve_here(tmp_path: Path) -> None:
    listed = {one["id"]: one for one in told("list")}
    assert len(listed) == 19
    assert listed["form.newsletter"]["accepted"]["by"] == "claire"
    code, out, _ = bridge("guardrail", "list")
    assert code == 0
    assert "19 of 19 modules approve here." in out
    (tmp_path / "accepted.yaml").unlink()
    assert {one["accepted"] for one in told("list")} == {None}


def test_a_review_gone_by_and_an_incident_take_a_module_out_of_the_count() -> None:
    late = replace(BUNDLE.modules["hero"], review_by=date(2026, 11, 21))
    struck = replace(HERE, incidents=(Incident("page", "2.0.0", TODAY, "slow"),))
    modules = [late, BUNDLE.modules["page"], FORM]
    lines = report.list_text(modules, struck, language("en"))
    assert lines[-1] == "1 of 3 modules approves here."
    assert any("incident on" in line for line in lines)
    assert [one["overdue"] for one in report.list_json(modules, struck, language("en"))] == [True, False, False]  # fmt: skip


def test_a_module_is_shown_limit_by_limit_in_words() -> None:
    code, out, _ = bridge("guardrail", "show", "sms")
    said = " ".join(out.split())
    assert code == 0
    assert "Text message campaign — sms@1.0.0" in said
    assert "Monday, Tuesday, Wednesday, Thursday, Friday, or Saturday" in said
    assert "Else decides: the legal department" in said
    one = told("show", "sms#S06")
    assert [entry["id"] for entry in one["entries"]] == ["S06"]
    assert one["entries"][0]["operator"] == "one_of"


def test_every_shipped_limit_can_be_said_in_both_languages() -> None:
    for module in told("list"):
        for code in ("fr", "en"):
            done, out, err = bridge("--lang", code, "guardrail", "show", module["id"])
            assert (done, err) == (0, ""), module["id"]
            assert not re.search(r"\{['a-z_]", out), module["id"]


def test_every_check_on_personal_data_has_words() -> None:
    assert set(wording.CHECKS) == set(personal.CHECKS)


def test_proposed_values_are_marked() -> None:
    code, out, _ = bridge("guardrail", "show", "promo-code#D01")
    assert code == 0
    assert "proposed value, to be confirmed here" in out


def test_field_types_are_shown_by_level() -> None:
    types = told("show", "--types")
    assert len(types) >= 60
    assert [one["level"] for one in types] == sorted(one["level"] for one in types)
    code, out, _ = bridge("guardrail", "show", "--types")
    assert code == 0
    assert out.index("Level N0") < out.index("e-mail address") < out.index("Level N4")


@pytest.mark.parametrize(
    ("name", "near"), [("form.newletter", "form.newsletter"), ("sms#S6", "S06"), ("sms#Z99", "")]
)
def test_a_name_that_nothing_has_gets_the_near_miss(name: str, near: str) -> None:
    code, out, err = bridge("guardrail", "show", name)
    assert (code, out) == (3, "")
    assert near in err


def test_show_wants_a_module_or_the_types() -> None:
    assert bridge("guardrail", "show")[0] == 2
    assert bridge("guardrail", "show", "sms", "--types")[0] == 2


# --- test and lint -------------------------------------------------------------------------------

TOO_LOOSE: Mapping[str, str] = {"max: 20": "max: 90"}


def own(folder: Path, name: str, changes: Mapping[str, str]) -> Path:
    """Lay a shop's own module over the shipped one, with some words replaced."""
    content = (ROOT / "guardrails" / "modules" / f"{name}.yaml").read_text("utf-8")
    for old, new in changes.items():
        assert old in content
        content = content.replace(old, new, 1)
    mine = folder / "guardrails" / "modules" / f"{name}.yaml"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text(content, "utf-8")
    return mine


def test_the_tests_in_the_files_run_and_are_counted() -> None:
    code, out, _ = bridge("guardrail", "test", "sms", "promo-code")
    assert code == 0
    assert "✓ sms@1.0.0" in out
    assert "tests hold." in out


def test_a_loosened_limit_fails_its_test_with_file_and_line(tmp_path: Path) -> None:
    own(tmp_path, "promo-code", TOO_LOOSE)
    code, out, _ = bridge("guardrail", "test", "promo-code", "--format", "json")
    module = json.loads(out)[0]
    assert code == 1
    assert module["failures"]
    assert all(failure["line"] for failure in module["failures"])
    code, out, _ = bridge("guardrail", "test", "promo-code")
    assert code == 1
    assert "does not hold" in out


def test_lint_refuses_what_cannot_be_used_and_warns_of_what_is_weak(tmp_path: Path) -> None:
    mine = own(tmp_path, "promo-code", {"max: 20": "maxi: 20"})
    code, out, err = bridge("guardrail", "lint")
    assert (code, out) == (3, "")
    assert "promo-code.yaml:" in err
    assert "Did you mean “max”?" in err
    mine.unlink()
    code, out, _ = bridge("guardrail", "lint", "--today", "2030-01-01")
    assert code == 0
    assert "warnings" in out


def test_one_file_is_looked_over_as_if_it_lay_among_the_rules(tmp_path: Path) -> None:
    mine = own(tmp_path, "promo-code", TOO_LOOSE)
    draft = tmp_path / "promo-code.yaml"
    mine.rename(draft)
    code, _, err = bridge("guardrail", "lint", draft.name)
    assert code == 3
    assert "promo-code.yaml:" in err
    shutil.copy(ROOT / "guardrails/modules/promo-code.yaml", draft)
    code, out, _ = bridge("guardrail", "lint", draft.name)
    assert code == 0
    assert "sms" not in out


# --- due -----------------------------------------------------------------------------------------


def bundle(**changes: Any) -> Bundle:
    module: Module = replace(FORM, **changes)
    return replace(BUNDLE, modules={module.id: module}, registers={})


@pytest.mark.parametrize(
    ("review", "says"),
    [(date(2026, 11, 21), "since"), (date(2026, 11, 22), "by"), (date(2026, 12, 22), "by"), (date(2026, 12, 23), "")],
)  # fmt: skip
def test_a_review_falls_due_thirty_days_ahead(review: date, says: str) -> None:
    found = due(bundle(review_by=review), HERE)
    assert [language("en").say(one.sentence).split()[3] for one in found] == ([says] if says else [])  # fmt: skip
    assert [one.is_late for one in found] == ([review < TODAY] if says else [])


def test_register_entries_acceptances_deputies_and_empty_roles_fall_due() -> None:
    words = Bilingual("a", "a")
    ends = {"soon": date(2026, 12, 1), "gone": date(2026, 11, 21), "far": date(2027, 6, 1)}
    register = replace(
        BUNDLE.registers["processors"],
        entries=tuple(Entry(name, "dpo", words, day) for name, day in ends.items()),
    )
    rules = replace(bundle(), registers={"processors": register})
    nobody = Circumstances(today=TODAY, acceptances=(Acceptance("form.lead", "1.9.0", "x", "dpo", TODAY),))  # fmt: skip
    found = due(rules, nobody, {"dpo": date(2026, 12, 1), "crm": date(2026, 12, 1), "legal": date(2027, 6, 1)})  # fmt: skip
    assert [(one.kind, one.name, one.is_late) for one in found] == [
        ("acceptance", "form.lead@2.0.0", True),
        ("entry", "processors: gone", True),
        ("deputy", "dpo", False),
        ("entry", "processors: soon", False),
    ]
    assert [one.name for one in unheld(["dpo", "legal", "crm"])] == [
        "finance",
        "it-architecture",
        "it-security",
    ]


def test_the_command_names_who_has_to_act() -> None:
    code, out, _ = bridge("guardrail", "due", "--today", "2026-12-10")
    assert code == 0
    assert "Claire" in out
    assert [one["kind"] for one in told("due", "--today", "2026-12-10")] == ["deputy", "deputy"]
    code, out, _ = bridge("guardrail", "due", "--today", "2028-02-01")
    assert code == 0
    assert "it no longer approves" in out
