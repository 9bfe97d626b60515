"""`bridge request submit` and `bridge review` as people type them, with the shipped rules."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.stories.conftest import SMALL, Result, Shop
from tests.stories.requests import STAFF, mail, start_clock

ROOT = Path(__file__).parents[2]
EXAMPLE = """\
format: bridge/request/v1
kind: form
title: Newsletter
campaign: noel-2027
requester: camille
needed_by: 2027-02-19
form:
  purpose: newsletter
  destination: crm.example.fr
  retention_months: 24
  fields:
    - {name: email, label: E-mail, type: email, autocomplete: email, data: email, required: true}
    - {name: optin, label: "J'accepte de recevoir la lettre d'information", type: checkbox, data: consent_email, prechecked: false}
"""
PHONE = EXAMPLE.replace(
    "    - {name: optin",
    "    - {name: phone, label: Téléphone, type: tel, autocomplete: tel, data: phone}\n    - {name: optin",
)


class Desk:
    """The command line in a shop whose DPO and IT accepted the shipped rules."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def write(self, content: str) -> str:
        file = self.shop.folder / "newsletter.yaml"
        file.write_text(content, "utf-8")
        return str(file)

    def run(self, *words: str, lang: str = "fr") -> Result:
        return self.shop.bridge(*words, "--today", "2027-01-04", lang=lang, today=None)

    def json(self, *words: str) -> Any:
        result = self.run(*words, "--format", "json")
        assert result.code == 0, result.err
        return json.loads(result.out)

    def as_person(self, person: str) -> None:
        token = self.shop.box.site.people.issue_token(mail(person))
        self.shop.patch.setenv("BRIDGE_TOKEN", token)
        self.shop.patch.setenv("BRIDGE_EMAIL", mail(person))


@pytest.fixture
def desk(shop: Shop) -> Desk:
    start_clock(shop)
    workspace = shop.folder / "bridge.yaml"
    before, _, rest = workspace.read_text("utf-8").partition("roles: {")
    workspace.write_text(
        before
        + STAFF.replace("dpo: vanessa", "dpo: vanessa, legal: vanessa")
        + rest.partition("}\n")[2],
        "utf-8",
    )
    accepted = (ROOT / "accepted.yaml").read_text("utf-8")
    for name in ("hugo", "claire", "sophie"):
        accepted = accepted.replace(f"by: {name}", "by: vanessa")
    (shop.folder / "accepted.yaml").write_text(accepted, "utf-8")
    template = SMALL.replace("role: it, estimate", "role: it, request: form, estimate")
    (shop.folder / "templates" / "retroplans" / "small.yaml").write_text(template, "utf-8")
    shop.create_json()
    return Desk(shop)


def test_from_the_file_to_the_release(desk: Desk) -> None:
    file = desk.write(PHONE)
    look = desk.run("request", "submit", file, "--dry-run")
    assert look.code == 0, look.err
    assert "Rien n’a été écrit" in look.err
    done = desk.json("request", "submit", file)
    assert done["standing"] == "needs_review"
    assert done["exceptions_consulted"] is True
    ((role, key),) = done["approvals"].items()
    assert role == "dpo"

    refused = desk.run("review", "approve", key)
    assert refused.code == 5
    assert "votre propre" not in refused.out
    assert "BRIDGE_TOKEN" in refused.err

    desk.as_person("jonathan")  # the DPO's deputy in January
    queue = desk.json("review", "list")
    assert [(one["key"], one["is_mine"]) for one in queue["approvals"]] == [(key, True)]
    shown = desk.run("review", "show", key)
    assert "Téléphone" in shown.out
    asked = queue["approvals"][0]["asked"]["findings"]
    decided = desk.json("review", "approve", key, "--finding", asked[0]["id"])
    for finding in asked[1:]:
        decided = desk.json("review", "approve", key, "--finding", finding["id"])
    assert (decided["standing"], decided["finished"]) == ("released", True)

    desk.shop.patch.setenv("BRIDGE_TOKEN", desk.shop.box.ready["token"])
    desk.shop.patch.setenv("BRIDGE_EMAIL", desk.shop.box.ready["email"])
    after = desk.run("request", "submit", file)
    assert "Chaque rôle concerné a accepté" in after.out
    status = desk.shop.bridge("campaign", "status", "noel-2027", "--format", "json", today=None)
    assert [one["verdict"] for one in json.loads(status.out)["requests"]] == ["released"]


def test_inside_in_the_same_call(desk: Desk) -> None:
    done = desk.json("request", "submit", desk.write(EXAMPLE))
    assert (done["standing"], done["approvals"], len(done["created"])) == ("approved", {}, 1)
    again = desk.run("request", "submit", done["key"])
    assert again.code == 0
    assert "rien n’a été écrit" in again.out


def test_options_that_do_not_go_together_are_refused(desk: Desk) -> None:
    for words in (
        ["--exception"],
        ["--expires", "2027-01-31"],
        ["--exception", "--expires", "2027-01-31", "--reason", " "],
    ):
        assert desk.run("review", "approve", "MKT-1", *words).code == 2
    assert desk.run("review", "reject", "MKT-1", "--reason", " ").code == 2
    assert desk.run("review", "show", "MKT-999").code == 3
    assert desk.run("review", "show", "MKT-1").code == 3


def test_a_workspace_that_observes_writes_nothing(desk: Desk) -> None:
    desk.shop.configure("lang: fr", "lang: fr\nmode: observe")
    desk.shop.box.forget_requests()
    result = desk.run("request", "submit", desk.write(EXAMPLE))
    assert result.code == 0, result.err
    assert "approuvée" in result.out
    assert desk.shop.written() == []
