"""Rules that live: promoted on evidence, replayed before a change, measured, recorded for the DPO."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bridge.guardrails.benefit import Journey, by_month
from bridge.guardrails.circumstances import Incident
from bridge.guardrails.fields import Level
from bridge.guardrails.policy import Scalar
from bridge.guardrails.processing import rows
from bridge.guardrails.promotion import Precedent, promotions
from bridge.guardrails.replay import Past, replay
from bridge.guardrails.request import Request
from tests.rules import (
    NEWSLETTER,
    PERSONAL,
    TODAY,
    accepted,
    bundle,
    limit,
    module,
    newsletter,
    promo,
)


def granted(value: Scalar, who: str = "camille", days_ago: int = 10, **more: object) -> Precedent:
    precedent = Precedent(
        key=f"IT-{value}", rule="promo-code@1.0.0#P01", requester=who, value=value,
        on=TODAY - timedelta(days=days_ago), granted=True,
    )  # fmt: skip
    return replace(precedent, **more)  # type: ignore[arg-type]  # a test names what differs


THREE = [granted(22), granted(30, "vanessa"), granted(25)]


def test_three_grants_for_two_people_earn_the_narrowest_change() -> None:
    (found,) = promotions(THREE, bundle(), (), TODAY)
    assert (found.module.id, found.limit.id, found.operand) == ("promo-code", "P01", 30)
    assert found.version == "1.1.0"  # looser: minor
    assert found.review_by > TODAY
    assert [p.key for p in found.evidence] == ["IT-22", "IT-25", "IT-30"]


@pytest.mark.parametrize(
    ("why_not", "precedents"),
    [
        ("two only", THREE[:2]),
        ("one requester", [replace(p, requester="camille") for p in THREE]),
        ("one refused", [*THREE, granted(50, granted=False)]),
        ("one too old", [*THREE[:2], granted(25, days_ago=91)]),
        ("another major version", [replace(p, rule="promo-code@2.0.0#P01") for p in THREE]),
        ("nothing said how far", [*THREE[:2], replace(THREE[2], value=None)]),
        ("inside already", [granted(20), granted(19, "vanessa"), granted(18)]),
    ],
)
def test_less_than_that_earns_nothing(why_not: str, precedents: list[Precedent]) -> None:
    assert promotions(precedents, bundle(), (), TODAY) == [], why_not


def test_an_incident_outweighs_any_number_of_grants() -> None:
    incident = Incident("promo-code", "1.0.0", TODAY - timedelta(days=3), "code leaked")
    assert promotions(THREE, bundle(), (incident,), TODAY) == []


def test_a_list_grows_by_what_was_granted() -> None:
    precedents = [
        replace(
            granted(n), rule="form.newsletter@1.0.0#F02", value="mail.example.fr", requester=who
        )
        for n, who in ((1, "camille"), (2, "vanessa"), (3, "camille"))
    ]
    (found,) = promotions(precedents, bundle(), (), TODAY)
    assert found.operand == ("crm.example.fr", "mail.example.fr")


def test_a_replay_shows_who_would_notice_a_stricter_rule() -> None:
    strict = module(
        "promo-code", limit("P01", "percent", "max", 10, approver="finance"), version="2.0.0"
    )
    pasts = [Past("MKT-1", promo(15), TODAY), Past("MKT-2", promo(5), TODAY)]
    found = replay(
        pasts, bundle(), bundle(NEWSLETTER, strict, PERSONAL), accepted(bundle(), acceptances=())
    )
    assert [(r.past.key, r.before.outcome, r.after.outcome, r.differs) for r in found] == [
        ("MKT-1", "approved", "needs_review", True),
        ("MKT-2", "approved", "approved", False),
    ]


def test_a_replay_judges_each_request_on_its_own_day() -> None:
    short = module("promo-code", limit("P03", "percent", "max", 20), review_by=date(2026, 6, 30))
    rules = bundle(NEWSLETTER, short, PERSONAL)
    early, late = date(2026, 6, 30), date(2026, 7, 1)
    found = replay(
        [Past("MKT-1", promo(), early), Past("MKT-2", promo(), late)], rules, rules, accepted(rules)
    )
    assert [r.after.outcome for r in found] == ["approved", "needs_review"]


def test_the_benefit_is_counted_by_the_month_of_the_verdict() -> None:
    def journey(day: int, minutes: int | None, *, reviewed: bool = False) -> Journey:
        created = datetime(2026, 10, day, 9, tzinfo=UTC)
        judged = created + timedelta(minutes=minutes) if minutes is not None else None
        return Journey(f"MKT-{day}", created, judged, reviewed)

    months = by_month(
        [journey(1, 1), journey(2, 3), journey(3, 600, reviewed=True), journey(4, None),
         journey(31, 24 * 60)], hours_per_review=1.5,
    )  # fmt: skip
    assert [(m.month, m.requests, m.inside, m.hours_avoided, m.to_verdict) for m in months] == [
        (date(2026, 10, 1), 3, 2, 3.0, timedelta(minutes=3)),
        (date(2026, 11, 1), 1, 1, 1.5, timedelta(days=1)),
    ]
    assert months[0].share == pytest.approx(2 / 3)


def test_the_record_of_processing_names_purpose_data_recipients_and_retention() -> None:
    fields = [
        {"name": "email", "label": "E-mail", "data": "email"},
        {"name": "tel", "label": "Téléphone", "data": "phone"},
        {"name": "ok", "label": "J’accepte", "data": "consent_email"},
        {"name": "tel2", "label": "Autre téléphone", "data": "phone"},
    ]
    request = newsletter(fields=fields, processors=["mailer.example", "crm.example.fr"])
    (row,) = rows("MKT-7", request, bundle())
    assert [str(w.fr) for w in row.data if not isinstance(w, str) and hasattr(w, "fr")] == [
        "e-mail", "téléphone",
    ]  # fmt: skip
    assert row.highest == Level.N2
    assert row.recipients == ("crm.example.fr", "mailer.example")
    assert row.months == 24
    assert getattr(row.purpose, "en", "") == "Newsletter"


def test_a_request_without_personal_data_has_no_row() -> None:
    consent = {"name": "ok", "label": "J’accepte", "data": "consent_email"}
    assert list(rows("MKT-8", newsletter(fields=[consent]), bundle())) == []
    assert list(rows("MKT-9", promo(), bundle())) == []
    assert list(rows("MKT-9", Request({"form": "?"}), bundle())) == []
