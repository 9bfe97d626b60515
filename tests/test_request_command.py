"""``bridge request`` as marketing meets it: verdicts in words and as JSON, and a new request by answers."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bridge.cli import output
from bridge.config import yamlfile
from bridge.guardrails.policy import KINDS
from tests.test_cli import bridge

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "docs/examples/requests").glob("*.yaml"))
TODAY = ("--today", "2026-11-23")
DEMO = ROOT / "docs" / "fr" / "demande.md"


@pytest.fixture(autouse=True)
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's workspace, with what it accepted, in a folder of its own."""
    for name in ("bridge.yaml", "accepted.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIDGE_WORKSPACE", raising=False)
    monkeypatch.setenv("BRIDGE_LANG", "en")
    monkeypatch.setenv("COLUMNS", "100")


def checked(*arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, err = bridge("request", "check", *arguments, *TODAY, "--format", "json")
    assert err == ""
    return code, json.loads(out)


def plain(said: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", said)


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_examples_read_as_they_always_did(
    code: str, golden: Callable[[str, str], None], tmp_path: Path
) -> None:
    said = []
    for example in EXAMPLES:
        shutil.copy(example, tmp_path / example.name)
        exit_code, out, err = bridge("--lang", code, "request", "check", example.name, *TODAY)
        said.append(f"=== {example.name}: exit {exit_code}\n{plain(out)}{err}")
    # The rules' id changes with every word of every rule.
    golden(f"requests-{code}.txt", re.sub(r"(R[uè]g?les) [0-9a-f]{12}", r"\1 …", "\n".join(said)))


def test_the_json_is_the_documented_one() -> None:
    code, told = checked(str(ROOT / "docs/examples/requests/newsletter-with-telephone.yaml"))
    assert code == 1
    assert list(told) == [
        "verdict", "findings", "missing", "approvers", "suggestion", "bundle", "request_hash", "trace",
        "exceptions_consulted",
    ]  # fmt: skip
    assert told["verdict"] == "needs_review"
    assert told["approvers"] == ["dpo"]
    assert told["exceptions_consulted"] is False
    for finding in told["findings"]:
        assert list(finding) == [
            "rule", "limit", "where", "expected", "found", "why", "fix", "approver", "mode", "covered_by",
        ]  # fmt: skip
        assert finding["rule"].endswith(f"#{finding['limit']}")
    assert {"rule", "where"} == set(told["trace"][0])


def test_the_suggested_request_is_judged_approved(tmp_path: Path) -> None:
    _, told = checked(str(ROOT / "docs/examples/requests/newsletter-with-telephone.yaml"))
    changed = tmp_path / "changed.yaml"
    changed.write_text(json.dumps(told["suggestion"]["request"], ensure_ascii=False), "utf-8")
    code, again = checked(str(changed))
    assert (code, again["verdict"]) == (0, "approved")
    assert again["request_hash"] == told["suggestion"]["request_hash"]
    assert all(change["approvers"] == ["dpo"] for change in told["suggestion"]["changes"])


def test_without_a_workspace_nothing_is_accepted_and_the_check_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (tmp_path / "bridge.yaml").unlink()
    monkeypatch.chdir(away)
    code, out, err = bridge("request", "check", str(ROOT / "docs/examples/requests/newsletter.yaml"), *TODAY)  # fmt: skip
    assert (code, err) == (1, "")
    assert "2 modules were not accepted in this shop yet: form.newsletter@1.0.0" in out
    assert "Nothing in the request changes this" in " ".join(out.split())


def test_the_deputy_is_named_in_the_deputy_s_days() -> None:
    file = str(ROOT / "docs/examples/requests/newsletter-with-telephone.yaml")
    _, before, _ = bridge("request", "check", file, "--today", "2026-12-23")
    _, during, _ = bridge("request", "check", file, "--today", "2026-12-24")
    assert "(DPO) — Claire" in before
    assert "(DPO) — Hugo" in during


def test_a_file_that_is_no_request_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "twice.yaml").write_text("format: bridge/request/v1\nkind: form\nkind: sms\n")
    code, out, err = bridge("request", "check", "twice.yaml")
    assert (code, out) == (3, "")
    assert "twice.yaml:3:1" in err
    code, _, err = bridge("request", "check", "none.yaml")
    assert code == 3
    assert "none.yaml" in err


def test_broken_rules_are_named_and_the_last_good_ones_judge(tmp_path: Path) -> None:
    example = str(ROOT / "docs/examples/requests/newsletter.yaml")
    _, told = checked(example)
    own = tmp_path / "guardrails" / "modules"
    own.mkdir(parents=True)
    (own / "hero.yaml").write_text("format: bridge/guardrail-module/v1\nid: hero\nmood: strict\n")
    code, out, err = bridge("request", "check", example, *TODAY, "--format", "json")
    again = json.loads(out)
    assert (code, again["bundle"]) == (0, told["bundle"])
    assert "hero.yaml:3:1" in err
    assert told["bundle"][:12] in err


# --- the page for marketing ----------------------------------------------------------------------


def worked_examples() -> list[tuple[str, str]]:
    content = DEMO.read_text("utf-8").partition("## Cinq exemples")[2]
    return [
        (heading.rpartition(": ")[2], block)
        for heading, block in re.findall(
            r"^### [0-9]\. (.*?)\n+```yaml\n(.*?)```", content, flags=re.DOTALL | re.MULTILINE
        )
    ]


def test_the_worked_examples_of_the_page_come_out_as_the_page_says(tmp_path: Path) -> None:
    examples = worked_examples()
    assert len(examples) == 5
    words = {"approuvée": "approved", "à relire": "needs_review", "incomplète": "incomplete"}
    for said, content in examples:
        (tmp_path / "demande.yaml").write_text(content, "utf-8")
        _, told = checked("demande.yaml")
        assert told["verdict"] == words[said], (said, told["findings"], told["missing"])


# --- new -----------------------------------------------------------------------------------------


NEWSLETTER = (ROOT / "docs/examples/requests/newsletter.yaml").read_text("utf-8")


@pytest.mark.parametrize("day", ["2027-02-29", "20270228", "29/02/2028", "demain"])
def test_a_day_that_does_not_exist_goes_back_to_its_requester(day: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(re.sub(r"(?m)^needed_by: .*$", f'needed_by: "{day}"', NEWSLETTER), "utf-8")
    code, told = checked("mine.yaml")
    assert (code, told["verdict"], told["approvers"]) == (1, "incomplete", [])
    assert [(one["where"], one["found"]) for one in told["missing"]] == [("$.needed_by", day)]


def test_the_first_line_counts_as_many_things_as_the_list_below(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(re.sub(r"(?m)^  retention_months: .*\n", "", NEWSLETTER), "utf-8")
    _, out, _ = bridge("request", "check", "mine.yaml", *TODAY)
    assert "1 thing is missing" in out
    assert out.count("•") == 1


def test_a_truth_written_in_words_is_told_how_to_be_written(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(NEWSLETTER.replace("required: true", "required: vrai"), "utf-8")
    _, out, _ = bridge("--lang", "fr", "request", "check", "mine.yaml", *TODAY)
    said = " ".join(plain(out).replace("\xa0", " ").split())
    assert "le texte « vrai »" in said
    assert "oui (`true`)" in said


@pytest.mark.parametrize(
    ("kind", "code"), [*((kind, "fr") for kind in KINDS), ("form", "en"), ("landing-page", "en")]
)
def test_a_blank_request_says_what_to_fill_in_and_is_incomplete(kind: str, code: str) -> None:
    made, _, _ = bridge("--lang", code, "request", "new", kind, "--blank", "--campaign", "noel-2026")  # fmt: skip
    assert made == 0
    outcome, told = checked(f"{kind}.yaml")
    assert (outcome, told["verdict"]) == (1, "incomplete")
    assert {"$.title", "$.requester", "$.needed_by"} <= {one["where"] for one in told["missing"]}
    again, _, err = bridge("--lang", code, "request", "new", kind, "--blank")
    assert again == 5
    assert f"{kind}.yaml" in err


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Sit at a terminal and type; returns what was asked. Ctrl-C when there is nothing more to type."""
    waiting, asked = iter(answers), list[str]()

    def prompt(words: str = "", *_: object) -> str:
        asked.append(words)
        answer = next(waiting, None)
        if answer is None:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setattr(click.termui, "visible_prompt_func", prompt)
    return asked


FORM = (
    "Lettre de Noël", "camille", "2026-12-01", "newsletter", "crm.example.fr", "24",
    "E-mail", "adresse e-mail", "oui",
    "J’accepte de recevoir la lettre par e-mail", "", "-",
)  # fmt: skip


def test_a_form_is_written_by_answering(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    typed(monkeypatch, *FORM)
    code, out, err = bridge("--lang", "fr", "request", "new", "form", "--campaign", "noel-2026", *TODAY)  # fmt: skip
    assert code == 0, err
    assert "approuvée" in out
    written = yamlfile.read(tmp_path / "form-lettre-de-noel.yaml").data
    assert [field["data"] for field in written["form"]["fields"]] == ["email", "consent_email"]
    assert checked("form-lettre-de-noel.yaml")[0] == 0


def test_answers_that_are_none_are_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    title, _, _, *rest = FORM
    asked = typed(
        monkeypatch, title, "bob", "camille", "2027-02-29", "29/02/2028", "2028-02-29", *rest
    )
    code, _, err = bridge("--lang", "fr", "request", "new", "form", "--campaign", "noel-2026", *TODAY)  # fmt: skip
    assert code == 0, err
    assert "« bob »" in err.replace("\xa0", " ")
    written = yamlfile.read(tmp_path / "form-lettre-de-noel.yaml").data
    assert (written["requester"], written["needed_by"]) == ("camille", "2028-02-29")
    assert not [one for one in asked if "?:" in one.replace(" ", "").replace("\xa0", "")]


@pytest.mark.parametrize(("answer", "outcome"), [("oui", 0), ("non", 1)])
def test_what_would_pass_at_once_is_offered(
    answer: str, outcome: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typed(monkeypatch, *FORM[:-1], "Téléphone", "", "non", "-", answer)
    code, _, err = bridge("--lang", "fr", "request", "new", "form", "--campaign", "noel-2026", *TODAY)  # fmt: skip
    assert code == 0
    assert "Téléphone" in err
    written = yamlfile.read(tmp_path / "form-lettre-de-noel.yaml").data
    assert len(written["form"]["fields"]) == 2 + outcome
    assert checked("form-lettre-de-noel.yaml")[0] == outcome


def test_ctrl_c_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    typed(monkeypatch, *FORM[:-2])
    code, out, _ = bridge("request", "new", "form", "--campaign", "noel-2026", *TODAY)
    assert (code, out) == (130, "")
    assert {path.name for path in tmp_path.iterdir()} - {path.name for path in before} <= {
        ".bridge"
    }


def test_a_file_that_is_there_is_never_written_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine = tmp_path / "form-lettre-de-noel.yaml"
    mine.write_text("mine")
    asked = typed(monkeypatch, *FORM)
    code, _, _ = bridge("request", "new", "form", "--campaign", "noel-2026", "--out", mine.name)
    assert (code, asked) == (5, [])
    code, out, _ = bridge("request", "new", "form", "--campaign", "noel-2026", *TODAY)
    assert (code, mine.read_text()) == (0, "mine")
    assert "form-lettre-de-noel-2.yaml" in out


def test_without_a_terminal_a_new_request_points_at_the_blank_one() -> None:
    code, _, err = bridge("request", "new", "form")
    assert code == 2
    assert "--blank" in err
