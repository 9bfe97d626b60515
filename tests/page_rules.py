"""A landing page's rules built in Python: one module of each sort, every operator used once at least."""

from datetime import date
from typing import Any

from bridge.guardrails.fields import FieldType, Level, Lexicon
from bridge.guardrails.policy import Bundle, Entry, Listed, Moment, Register
from bridge.guardrails.request import Request
from tests.rules import PERSONAL, PURPOSES, TYPES, limit, module, words

END = date(2027, 6, 30)


def _object(needed: str, /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed.split(),
        "properties": properties,
    }


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
FLAG = {"type": "boolean"}
FIELD = _object("name label", name=TEXT, label=TEXT, type=TEXT, autocomplete=TEXT, data=TEXT,
                required=FLAG, prechecked=FLAG)  # fmt: skip
FIELDS = {"type": "array", "items": FIELD}
ANYWHERE = ("landing-page", "form")

PAGE = module(
    "page",
    limit("G1", "domain", "host_in", Listed("domains"), approver="it-architecture"),
    limit("G2", "path", "path_under", "/lp/", approver="it-architecture"),
    limit("G3", "noindex", "equals", True, approver="it-architecture"),
    limit("G4", "expires_on", "before", Moment(days=180), approver="it-architecture"),
    limit("G5", "expires_on", "after", Moment(), approver="it-architecture"),
    limit("G6", "/blocks@uses:legal-footer", "equals", True, approver="legal"),
    limit("G7", "/blocks", "count_max", 8, approver="it-architecture"),
    limit("G8", "kb", "sum_max", 600, each="/blocks", optional=True, approver="it-architecture"),
    applies_to=("landing-page",),
    parameters=_object("domain path", domain=TEXT, path=TEXT, noindex={**FLAG, "default": True},
                       expires_on=TEXT, language=TEXT),
)  # fmt: skip
HERO = module(
    "hero",
    limit("H1", "title", "length_max", 30, approver="it-architecture"),
    limit("H2", "kb", "max", 200, approver="it-architecture"),
    limit("H3", "format", "one_of", ("webp", "avif", "jpeg"), approver="it-architecture"),
    limit("H4", "cta", "host_in", Listed("domains"), optional=True, approver="it-architecture"),
    version="2.1.0",
    applies_to=("landing-page",),
    parameters=_object("title kb format", title=TEXT, kb=NUMBER, format=TEXT, alt=TEXT, cta=TEXT),
)  # fmt: skip
WORDS = module(
    "text",
    limit("T1", "content", "length_max", 500),
    limit("T2", ".", "one_of", ("p", "a", "strong"), each="content@tags", approver="it-security"),
    limit("T3", "content@runs", "equals", False, approver="it-security"),
    limit("T4", "content@says:soldes", "equals", False, approver="legal"),
    applies_to=("landing-page",),
    parameters=_object("content", content=TEXT, kb=NUMBER),
)
FOOTER = module(
    "legal-footer",
    owner="legal",
    applies_to=("landing-page",),
    parameters=_object("links", links={"const": "standard"}),
)
TAG = module(
    "tag",
    limit("S1", "src", "host_in", Listed("scripts"), approver="it-security"),
    limit("S2", "consent", "required_if", {"purpose": "marketing"}, approver="dpo"),
    limit("S3", "page_type", "one_of", ("landing", "product"), approver="it-security"),
    limit("S4", "custom_html", "forbidden_if", {"page_type": "payment"}, approver="it-security"),
    applies_to=("landing-page", "tag"),
    parameters=_object("src purpose page_type", src=TEXT, purpose=TEXT, consent=FLAG,
                       page_type=TEXT, custom_html=TEXT),
)  # fmt: skip
LEAD = module(
    "form.lead",
    limit("F1", "destination", "host_in", Listed("hosts"), approver="it-security"),
    limit("F2", "retention_months", "max", 36),
    limit("F3", "retention_months", "min", 1, optional=True),
    limit("F4", "fields", "count_max", 6),
    limit("F5", "data", "level_max", Level.N1, each="fields", exempt=("birthday_day_month",)),
    limit("F6", "prechecked", "equals", False, each="fields", optional=True),
    applies_to=ANYWHERE,
    parameters=_object("purpose fields", purpose=TEXT, destination=TEXT, retention_months=NUMBER,
                       double_opt_in={**FLAG, "default": True}, fields=FIELDS),
)  # fmt: skip
MESSAGE = module(
    "sms",
    limit("M1", "send_on@off", "equals", False, approver="legal"),
    limit("M2", "send_on@weekday", "one_of", ("mon", "tue", "wed", "thu", "fri"), approver="legal"),
    limit("M3", "at", "before", Moment(at="20:00"), approver="legal"),
    limit("M4", "at", "after", Moment(at="08:00"), approver="legal"),
    limit("M5", "sender", "pattern", "[A-Z]{3,11}", approver="legal"),
    limit("M6", "ends_on", "before", Moment(path="send_on", days=30), optional=True),
    applies_to=("sms",),
    parameters=_object(
        "text send_on at sender", text=TEXT, send_on=TEXT, at=TEXT, sender=TEXT, ends_on=TEXT
    ),
)
MODULES = (PAGE, HERO, WORDS, FOOTER, TAG, LEAD, MESSAGE, PERSONAL)
REGISTERS = {
    name: Register(
        name, words(name), tuple(Entry(v, "it-security", words(v), END) for v in values.split())
    )
    for name, values in {
        "domains": "www.example.fr *.example.fr",
        "hosts": "crm.example.fr",
        "scripts": "cdn.example.fr metrics.example.com",
    }.items()
} | {"expired": Register("expired", words("x"), (Entry("x", "dpo", words("x"), date(2020, 1, 1)),))}
MORE_TYPES = {
    name: FieldType(id=name, level=level, title=words(name))
    for name, level in (
        ("birth_date", Level.N2),
        ("birthday_day_month", Level.N1),
        ("age_band", Level.N1),
        ("family_name", Level.N1),
        ("health", Level.N4),
    )
}
RULES = Bundle(
    id="page",
    modules={m.id: m for m in MODULES},
    registers={**REGISTERS, "purposes": PURPOSES},
    lexicon=Lexicon({**TYPES, **MORE_TYPES}),
)


def head(kind: str) -> dict[str, Any]:
    """What every request says."""
    return {"format": "bridge/request/v1", "kind": kind, "title": "Noël", "campaign": "noel-2026",
            "requester": "camille", "needed_by": "2026-12-01"}  # fmt: skip


def field(data: str, **more: Any) -> dict[str, Any]:
    return {"name": data, "label": data.replace("_", " "), "data": data, **more}


def lead(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"purpose": "contact", "destination": "crm.example.fr", "retention_months": 24,
            "fields": list(fields) or [field("email"), field("given_name")], **more}  # fmt: skip


def form(*fields: dict[str, Any], **more: Any) -> Request:
    return Request({**head("form"), "form": lead(*fields, **more)})


def page(*blocks: dict[str, Any], **more: Any) -> Request:
    """A landing page that passes: hero, text, footer, a tag, and the blocks given."""
    return Request({
        **head("landing-page"),
        "page": {"domain": "www.example.fr", "path": "/lp/noel", "noindex": True,
                 "expires_on": "2027-01-15"},
        "blocks": [
            {"use": "hero@2", "title": "Noël approche", "kb": 150, "format": "webp"},
            {"use": "text@1", "content": "<p>Bonjour <strong>Noël</strong></p>", "kb": 10},
            *blocks,
            {"use": "legal-footer@1", "links": "standard"},
        ],
        "scripts": [{"src": "https://cdn.example.fr/a.js", "purpose": "audience", "page_type": "landing"}],
        **more,
    })  # fmt: skip


def sms(**more: Any) -> Request:
    return Request({**head("sms"), "sms": {"text": "Noël", "send_on": "2026-12-02", "at": "10:00",
                                           "sender": "SHOP", **more}})  # fmt: skip
