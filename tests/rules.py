"""A small set of rules built in Python, for tests of what lives around a verdict."""

from dataclasses import replace
from datetime import date
from typing import Any

from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.guardrails.policy import Bundle, Entry, Limit, Module, Register, Rule
from bridge.guardrails.request import Request
from bridge.text import Bilingual

TODAY = date(2026, 11, 22)
WHY = Bilingual("Parce que.", "Because.")


def words(fr: str, en: str | None = None) -> Bilingual:
    return Bilingual(fr, en or fr)


def limit(name: str, path: str, operator: Any, operand: Any, **more: Any) -> Limit:
    return Limit(
        id=name,
        path=path,
        operator=operator,
        operand=operand,
        why=WHY,
        **{"approver": "dpo", **more},
    )


def module(name: str, *limits: Limit, version: str = "1.0.0", **more: Any) -> Module:
    return Module(
        id=name,
        version=version,
        limits=limits,
        **{
            "mode": "enforce",
            "owner": "it-security",
            "review_by": date(2027, 11, 22),
            "applies_to": ("form", "promo-code"),
            "title": words(name),
            **more,
        },
    )


NEWSLETTER = module(
    "form.newsletter",
    limit("F01", "retention_months", "max", 36),
    limit("F02", "destination", "one_of", ("crm.example.fr",), approver="it-security"),
    limit("F03", "fields", "count_max", 12, approver="it-architecture"),
    limit("F04", "data", "level_max", Level.N1, each="fields"),
)
PROMO = module(
    "promo-code",
    limit("P01", "percent", "max", 20, approver="finance"),
    limit("P02", "quota", "min", 1, approver="finance"),
    owner="finance",
)
PERSONAL = module(
    "personal-data",
    owner="dpo",
    rules=(
        Rule(id="D1", check="declared", approver="dpo", why=WHY),
        Rule(id="D2", check="detected", approver="dpo", why=WHY),
    ),
)
TYPES = {
    name: FieldType(id=name, level=level, title=words(title))
    for name, level, title in (
        ("email", Level.N1, "e-mail"),
        ("given_name", Level.N1, "prénom"),
        ("phone", Level.N2, "téléphone"),
        ("national_id", Level.N4, "numéro de sécurité sociale"),
        ("consent_email", Level.N0, "accord e-mail"),
    )
}
PURPOSES = Register(
    "purposes",
    words("Finalités", "Purposes"),
    (Entry("newsletter", "dpo", words("Lettre d’information", "Newsletter"), date(2027, 1, 1)),),
)


def bundle(*modules: Module) -> Bundle:
    held = modules or (NEWSLETTER, PROMO, PERSONAL)
    return Bundle(
        id="test",
        modules={m.id: m for m in held},
        registers={"purposes": PURPOSES},
        lexicon=Lexicon(TYPES),
    )


def accepted(rules: Bundle, **more: Any) -> Circumstances:
    """Everything accepted, nothing else special."""
    acceptances = tuple(
        Acceptance(m.id, m.version, "jonathan", m.owner, date(2026, 1, 1))
        for m in rules.modules.values()
    )
    return replace(Circumstances(today=TODAY, acceptances=acceptances), **more)


def newsletter(**form: Any) -> Request:
    fields = [{"name": "email", "label": "E-mail", "type": "email", "data": "email"}]
    return Request({
        "format": "bridge/request/v1", "kind": "form", "title": "Newsletter", "campaign": "noel-2026",
        "requester": "camille", "needed_by": "2026-12-01",
        "form": {"purpose": "newsletter", "destination": "crm.example.fr", "retention_months": 24,
                 "fields": fields, **form},
    })  # fmt: skip


def promo(percent: Any = 15, quota: Any = 100) -> Request:
    return Request({
        "format": "bridge/request/v1", "kind": "promo-code", "title": "Code NOEL", "campaign": "noel-2026",
        "requester": "camille", "needed_by": "2026-12-01", "promo_code": {"percent": percent, "quota": quota},
    })  # fmt: skip
