"""Rules that live, with the shipped library: exceptions earn a change, a replay warns, benefit and record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bridge.config import ledger, policy
from bridge.guardrails.circumstances import Acceptance
from tests.stories.conftest import BOTH_FLAVOURS, Result, Shop

pytestmark = BOTH_FLAVOURS
TODAY = "2026-11-23"
ROLES = "roles: {it-security: jonathan, it-architecture: nadia, dpo: nadia, legal: nadia, finance: jonathan, marketing: vanessa,"


class Office:
    """A shop whose library was accepted, and people with tokens of their own."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        shop.configure("roles: {marketing: vanessa,", ROLES)
        accepted = [
            Acceptance(m.id, m.version, "jonathan", m.owner, date(2026, 11, 20))
            for m in policy.load(None).bundle.modules.values()
        ]
        ledger.accept(shop.folder, accepted)

    def bridge(self, *words: str, today: str | None = TODAY, **how: Any) -> Result:
        more = ("--today", today) if today else ()
        return self.shop.bridge(*words, *more, **how)

    def submit(self, content: str) -> Any:
        path = self.shop.folder / "request.yaml"
        path.write_text(content, "utf-8")
        done = self.bridge("request", "submit", str(path), "--format", "json")
        assert done.code in (0, 1), done.err
        return done.json

    @contextmanager
    def signed_in(self, person: str) -> Iterator[None]:
        email = f"{person}@boutique.example"
        token = self.shop.box.site.people.issue_token(email)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BRIDGE_TOKEN", token)
            if self.shop.box.flavour == "cloud":
                patch.setenv("BRIDGE_EMAIL", email)
            yield


@pytest.fixture
def office(shop: Shop) -> Office:
    return Office(shop)


def example(name: str) -> str:
    return (
        Path(__file__).parents[2] / "docs" / "examples" / "requests" / f"{name}.yaml"
    ).read_text("utf-8")


def over_limit(name: str, who: str, percent: int) -> str:
    """The shipped example over the limit, under another name, for another person."""
    content = example("promo-code-over-limit")
    lines = []
    for line in content.splitlines():
        key = line.strip().partition(":")[0]
        indent = line[: len(line) - len(line.lstrip())]
        new = {"title": name, "requester": who, "percent": str(percent), "value": str(percent)}.get(
            key
        )
        lines.append(f"{indent}{key}: {new}" if new and not line.startswith("#") else line)
    return "\n".join(lines) + "\n"


def test_three_exceptions_for_two_people_become_a_draft(office: Office) -> None:
    for name, who, percent in (
        ("Code A", "camille", 25),
        ("Code B", "vanessa", 30),
        ("Code C", "camille", 22),
    ):
        done = office.submit(over_limit(name, who, percent))
        key = done["approvals"]["finance"]
        with office.signed_in("jonathan"):
            granted = office.bridge("review", "approve", key, "--exception", "--expires", "2026-12-31",
                                    "--reason", "Opération annuelle", "--scope", "page", "--max", str(percent))  # fmt: skip
        assert granted.code == 0, granted.err
    drafted = office.bridge("guardrail", "promote", "--format", "json")
    assert drafted.code == 0, drafted.err
    (draft,) = drafted.json
    assert draft["module"] == "promo-code"
    assert draft["operand"] == 30
    assert len(draft["evidence"]) == 3
    assert "+    max: 30\n" in draft["diff"]


def test_the_benefit_and_the_dpos_record_follow_from_jira(office: Office) -> None:
    inside = office.submit(example("newsletter"))
    office.submit(over_limit("Code A", "camille", 25))
    measured = office.bridge(
        "guardrail",
        "benefit",
        "--since",
        "2020-01-01",
        "--hours",
        "3",
        "--format",
        "json",
        today=None,
    )
    assert measured.code == 0, measured.err
    (month,) = measured.json
    assert (month["requests"], month["inside"], month["hours_avoided"]) == (2, 1, 3.0)
    record = office.bridge(
        "request", "register", "--since", "2020-01-01", "--format", "csv", today=None
    )
    assert record.code == 0, record.err
    rows = record.out.lstrip("\ufeff").splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(inside["key"])
    assert "crm.example.fr" in rows[1]


def test_a_replay_names_who_would_notice_a_stricter_limit(office: Office) -> None:
    done = office.submit(example("newsletter"))
    stricter = office.shop.folder / "stricter" / "guardrails" / "modules"
    stricter.mkdir(parents=True)
    shipped = Path(__file__).parents[2] / "guardrails" / "modules" / "personal-data.yaml"
    content = shipped.read_text("utf-8")
    assert "max: 36" in content
    (stricter / "personal-data.yaml").write_text(content.replace("max: 36", "max: 6"), "utf-8")
    refused = office.bridge(
        "guardrail",
        "replay",
        "--since",
        "2020-01-01",
        "--rules",
        str(stricter.parents[1]),
        today=None,
    )
    assert refused.code == 3, "its own tests no longer hold, so nothing is judged by it"
    (stricter / "personal-data.yaml").unlink()
    same = office.bridge(
        "guardrail",
        "replay",
        "--since",
        "2020-01-01",
        "--rules",
        str(stricter.parents[1]),
        "--format",
        "json",
        today=None,
    )
    assert same.code == 0, same.err
    assert [(one["request"], one["differs"]) for one in same.json] == [(done["key"], False)]
