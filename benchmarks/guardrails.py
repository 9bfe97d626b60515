"""Verdicts per second on a page of 8 blocks with a form of 12 fields, beside engines that anybody can take.

Each engine gets the shapes and limits that it can express, compiled once beforehand, and finds all it can.
Goal: the verdict, with every finding and the words for it, at least 5 times as often as plain jsonschema.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from bridge.config import policy
from bridge.guardrails.circumstances import Acceptance, Circumstances
from bridge.guardrails.fields import Level, Lexicon
from bridge.guardrails.policy import Bundle, Limit, Listed, Module
from bridge.guardrails.request import Request
from bridge.guardrails.verdict import judge

TODAY = date(2026, 11, 23)
GOAL = 5
REQUESTS = 400
Engine = Callable[[Mapping[str, Any]], int]  # the number of findings

# --- the requests ----------------------------------------------------------------------------------------

FIELDS = (
    ("Nom", "family_name"), ("Prénom", "given_name"), ("E-mail", "email"), ("Société", "organization"),
    ("Fonction", "job_title"), ("Ville", "city"), ("Code postal", "postal_code"), ("Pays", "country"),
    ("Taille", "product_preference"), ("Couleur", "product_preference"), ("Magasin", "store"),
    ("J’accepte de recevoir des offres par e-mail", "consent_email"),
)  # fmt: skip


def request(number: int) -> dict[str, Any]:
    """A page whose labels and texts stand in no other; every third one leaves its limits in five places."""
    wrong = number % 3 == 2
    fields = [
        {"name": f"f{n}", "label": f"{label} ({number} bis)", "data": data, "required": False,
         "type": "checkbox" if data.startswith("consent") else "text"}
        for n, (label, data) in enumerate(FIELDS)
    ]  # fmt: skip
    if wrong:
        fields[0] |= {"label": f"Numéro de sécurité sociale {number}", "data": "national_id"}
        fields[11] |= {"prechecked": True}
    image = {
        "kb": 900 if wrong else 90,
        "format": "webp",
        "width": 800,
        "height": 400,
        "lazy": True,
        "alt": "x",
    }
    links = dict.fromkeys(
        ("legal_notice", "privacy", "cookies", "terms_of_sale"), "https://www.example.fr/x"
    )
    return {
        "format": "bridge/request/v1", "kind": "landing-page", "title": f"Coffrets {number}",
        "campaign": "noel-2026", "requester": "camille", "needed_by": "2026-12-01",
        "page": {"domain": "www.example.fr", "path": f"/lp/coffrets-{number}", "language": "fr", "noindex": True,
                 "expires_on": "2027-01-15", "budget": {"kb": 1180, "js_kb": 140, "third_party_hosts": []}},
        "blocks": [
            {"use": "hero@2", "title": f"Les coffrets {number} sont arrivés", "alt": "Trois coffrets",
             "image": {"kb": 164, "format": "webp", "width": 1600, "height": 640},
             "cta": {"label": "Découvrir", "url": "https://www.example.fr/coffrets"}},
            {"use": "text@1", "content": f"<h2>Composés {number}</h2><p>Nos <strong>thés</strong></p>"},
            {"use": "image-gallery@1", "images": [image] * 3},
            {"use": "product-grid@1", "title": "Nos coffrets", "count": 60 if wrong else 6, "source": "catalogue",
             "moves": "never"},
            {"use": "price-promo@1", "label": "Avent", "rate_percent": 70 if wrong else 15,
             "reference": "lowest-30-days", "reference_price": 49.9, "starts_on": "2026-12-01",
             "ends_on": "2026-12-13"},
            {"use": "text@1", "content": f"<p>Livrés avant Noël, {number} fois</p>"},
            {"use": "form.lead@2", "purpose": "b2b-lead", "destination": "crm.example.fr", "retention_months": 24,
             "double_opt_in": True, "legal_notice": "https://www.example.fr/confidentialite", "fields": fields},
            {"use": "legal-footer@1", "sells": True, "links": links},
        ],
    }  # fmt: skip


# --- the rules as a JSON Schema ------------------------------------------------------------------------


def allowed(limit: Limit, rules: Bundle) -> list[Any] | None:
    """The closed list of values that a limit lets pass, None where it has none."""
    operand = limit.operand
    if isinstance(operand, Level):
        types = rules.lexicon.types.values()
        return [t.id for t in types if t.level <= operand] + list(limit.exempt)
    if limit.operator == "one_of" and isinstance(operand, Listed):
        return sorted(rules.registers[operand.register].valid(TODAY))
    return list(operand) if limit.operator == "one_of" and isinstance(operand, tuple) else None


def keyword(limit: Limit, rules: Bundle) -> dict[str, Any] | None:
    """The keyword of JSON Schema for a limit, None where there is none."""
    words = {"max": "maximum", "min": "minimum", "count_max": "maxItems", "count_min": "minItems",
             "length_max": "maxLength", "equals": "const", "pattern": "pattern"}  # fmt: skip
    if (options := allowed(limit, rules)) is not None:
        return {"enum": options}
    if limit.operator == "path_under":
        return {"pattern": f"^{limit.operand}."}
    return {words[limit.operator]: limit.operand} if limit.operator in words else None


def is_plain(limit: Limit) -> bool:
    return (
        not limit.when
        and limit.operator != "sum_max"
        and "@" not in limit.path + limit.each
        and limit.path[0] not in "/."
    )


def at(path: str, inner: dict[str, Any], optional: bool) -> dict[str, Any]:
    for step in reversed(path.split(".")):
        inner = {"properties": {step: inner}} | ({} if optional else {"required": [step]})
    return inner


def schema_of(module: Module, rules: Bundle) -> tuple[dict[str, Any], int]:
    """The schema of a part, and how many of its limits are in it."""
    part = dict(module.parameters)
    part["properties"] = {
        **part.get("properties", {}),
        "use": {"type": "string"},
        "id": {"type": "string"},
    }
    found = []
    for limit in module.limits:
        word = keyword(limit, rules) if is_plain(limit) else None
        if word is not None:
            inner = at(limit.path, word, limit.optional)
            found.append(at(limit.each, {"items": inner}, True) if limit.each else inner)
    return {"allOf": [part, *found]}, len(found)


def schemas(rules: Bundle) -> tuple[dict[str, dict[str, Any]], int]:
    """The schema of each part by its `use`, that of the page, and how many limits of this page are in them."""
    modules = {m.id: m for m in rules.modules.values() if not m.rules}
    used = {block["use"].partition("@")[0] for block in request(0)["blocks"]} | {"page"}
    made = {name: schema_of(modules[name], rules) for name in used}
    by_use = {f"{name}@{modules[name].major}": schema for name, (schema, _) in made.items()}
    head = ("title", "campaign", "requester", "needed_by")
    by_use["request"] = {
        "type": "object",
        "required": [*head, "kind", "page", "blocks"],
        "additionalProperties": False,
        "properties": {
            **{key: {"type": "string", "minLength": 1} for key in (*head, "format", "kind")},
            "page": made["page"][0],
            "blocks": {
                "items": {"properties": {"use": {"enum": sorted(by_use)}}, "required": ["use"]}
            },
        },
    }
    return by_use, sum(count for _, count in made.values())


def engine_of(make: Callable[[dict[str, Any]], Any], by_use: dict[str, dict[str, Any]]) -> Engine:
    """An engine that validates each part against the schema it names, and finds every error."""
    validators = {use: make(schema) for use, schema in by_use.items()}

    def answer(data: Mapping[str, Any]) -> int:
        found = list(validators["request"].iter_errors(data))
        for block in data["blocks"]:
            found += validators[block["use"]].iter_errors(block)
        return len(found)

    return answer


def as_expressed(rules: Bundle) -> Bundle:
    """The rules cut down to what the schemas say: their limits, and that each field declares a known type."""
    modules = {}
    for name, module in rules.modules.items():
        limits = tuple(
            one for one in module.limits if is_plain(one) and keyword(one, rules) is not None
        )
        declared = tuple(rule for rule in module.rules if rule.check == "declared")
        modules[name] = replace(module, limits=limits, rules=declared)
    return replace(rules, modules=modules, lexicon=Lexicon(rules.lexicon.types))


# --- the rules as Cedar policies -----------------------------------------------------------------------


def cedar_condition(limit: Limit, rules: Bundle) -> str | None:
    """The condition that must hold, None where Cedar cannot say it (lengths, fractions, lists of records)."""
    value, operand = f"context.{limit.path}", limit.operand
    if (options := allowed(limit, rules)) is not None:
        return f"{json.dumps(options, ensure_ascii=False)}.contains({value})"
    if limit.operator in ("max", "min") and isinstance(operand, int):
        return f"{value} {'<=' if limit.operator == 'max' else '>='} {operand}"
    if limit.operator == "equals" and isinstance(operand, bool | int | str):
        return f"{value} == {json.dumps(operand)}"
    return f'{value} like "{operand}*"' if limit.operator == "path_under" else None


def cedar_policies(rules: Bundle) -> tuple[str, int]:
    used = {block["use"].partition("@")[0] for block in request(0)["blocks"]} | {"page"}
    written, count = ["permit(principal, action, resource);"], 0
    for module in rules.modules.values():
        for limit in module.limits if not module.rules else ():
            condition = cedar_condition(limit, rules) if is_plain(limit) else None
            if condition is None:
                continue
            steps = limit.path.split(".")
            has = " && ".join(
                f"{'.'.join(('context', *steps[:n]))} has {s}" for n, s in enumerate(steps)
            )
            rule = f"!({has}) || {condition}" if limit.optional else f"{has} && {condition}"
            action = f"{module.id}/{limit.each}" if limit.each else module.id
            written.append(
                f'forbid(principal, action == Action::"{action}", resource) unless {{ {rule} }};'
            )
            count += module.id in used
    return "\n".join(written), count


def whole(value: Any) -> Any:
    """Cedar knows whole numbers alone."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return round(value) if isinstance(value, float) else value


def questions(data: Mapping[str, Any], rules: Bundle) -> Iterator[dict[str, Any]]:
    """One question for each part, and one for each entry of its lists that a limit looks at."""
    parts = [("page", data["page"]), *((b["use"].partition("@")[0], b) for b in data["blocks"])]
    for name, part in parts:
        yield question(name, part)
        for each in {limit.each for limit in rules.modules[name].limits}:
            for entry in part.get(each, ()) if each and "@" not in each else ():
                yield question(f"{name}/{each}", entry)


def question(action: str, context: Mapping[str, Any]) -> dict[str, Any]:
    return {"principal": 'User::"a"', "action": f'Action::"{action}"', "resource": 'Page::"p"',
            "context": whole(dict(context))}  # fmt: skip


def cedar(rules: Bundle) -> tuple[Engine, int]:
    """Raise ImportError where cedarpy is not installed."""
    import cedarpy  # noqa: PLC0415  # of the extra `bench` alone

    written, count = cedar_policies(rules)
    policies, entities = cedarpy.PolicySet.from_str(written), cedarpy.Entities.from_json_str("[]")

    def answer(data: Mapping[str, Any]) -> int:
        results = cedarpy.is_authorized_batch(list(questions(data, rules)), policies, entities)
        return sum(len(r.diagnostics.reasons) for r in results if not r.allowed)

    return answer, count


# --- measuring -------------------------------------------------------------------------------------------


def per_second(engine: Engine, requests: list[dict[str, Any]]) -> tuple[float, int]:
    """Verdicts per second, and the findings in all; what an engine compiles lazily is compiled before."""
    engine(request(10**6 + 2))
    begin = time.process_time()
    findings = sum(engine(data) for data in requests)
    return len(requests) / (time.process_time() - begin), findings


def measure() -> Iterator[str]:
    rules = policy.load(None).bundle
    acceptances = tuple(
        Acceptance(m.id, m.version, "x", m.owner, TODAY) for m in rules.modules.values()
    )
    here = Circumstances(today=TODAY, acceptances=acceptances)

    def judging(bundle: Bundle) -> Engine:
        def answer(data: Mapping[str, Any]) -> int:
            verdict = judge(Request(data), bundle, here)
            return len(verdict.findings) + len(verdict.missing)

        return answer

    by_use, expressed = schemas(rules)
    used = {block["use"].partition("@")[0] for block in request(0)["blocks"]} | {
        "page",
        "personal-data",
    }
    total = sum(len(rules.modules[name].limits) + len(rules.modules[name].rules) for name in used)
    distinct, same = [request(n) for n in range(REQUESTS)], [request(0)] * REQUESTS
    alike = as_expressed(rules)
    engines: list[tuple[str, Engine, int]] = [
        ("jsonschema", engine_of(Draft202012Validator, by_use), expressed),
        ("jsonschema-rs", engine_of(jsonschema_rs.Draft202012Validator, by_use), expressed),
    ]
    try:
        engines.append(("Cedar (cedarpy)", *cedar(rules)))
    except ImportError:
        yield "Cedar: left out, cedarpy is not installed (pip install '.[bench]')"
    speed, findings = per_second(judging(rules), distinct)
    yield f"judge: {speed:,.0f} verdicts/s, {total} of {total} limits and rules, {findings} findings"
    yield f"judge, the same request again and again: {per_second(judging(rules), same)[0]:,.0f} verdicts/s"
    reduced, findings = per_second(judging(alike), distinct)
    yield f"judge, on what a JSON Schema can express: {reduced:,.0f}/s, {expressed} limits, {findings} findings"
    for name, engine, count in engines:
        rate, seen = per_second(engine, distinct)
        goal = f" (goal: at least {GOAL}x)" if name == "jsonschema" else ""
        yield (
            f"{name}: {rate:,.0f}/s, {count} of {total} limits and rules, {seen} findings;"
            f" judge {reduced / rate:.2f}x on the same{goal}, {speed / rate:.2f}x with all of them"
        )
