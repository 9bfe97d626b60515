"""A request in a table of two columns says the same as the same request in a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config import yamlfile
from bridge.guardrails.request import Request
from bridge.guardrails.written import is_request, path_of, read_table

NEWSLETTER = """\
format: bridge/request/v1
kind: form
title: Newsletter
campaign: noel-2026
requester: camille
needed_by: 2026-11-20
form:
  purpose: newsletter
  destination: crm.example.fr
  retention_months: 24
  fields:
    - {name: email, label: E-mail, type: email, autocomplete: email, data: email, required: true}
    - {name: optin, label: "J'accepte", type: checkbox, data: consent_email, prechecked: false}
"""
IN_FRENCH = (
    ("Champ", "Valeur"),
    ("Type de demande", "form"),
    ("Titre", "Newsletter"),
    ("Campagne", "noel-2026"),
    ("Demandeuse", "camille"),
    ("Pour le", "2026-11-20"),
    ("Formulaire.Finalité", "newsletter"),
    ("Formulaire › Destination", "crm.example.fr"),
    ("formulaire.Conservation (mois)", "24"),
    ("formulaire.champ 1.nom", "email"),
    ("formulaire.champ 1.libellé", "E-mail"),
    ("formulaire.champs[1].type", "email"),
    ("formulaire.champs[1].saisie automatique", "email"),
    ("formulaire.champs[1].donnée", "email"),
    ("formulaire.champs[1].obligatoire", "true"),
    ("form.fields[2].name", "optin"),
    ("form.fields[2].label", "J'accepte"),
    ("form.fields[2].type", "checkbox"),
    ("form.fields[2].data", "consent_email"),
    ("form.fields[2].pré-coché", "false"),
    ("form.fields[2].help", ""),
)


def file() -> Request:
    return Request(yamlfile.parse(NEWSLETTER, "newsletter.yaml").data)


def read(*rows: tuple[str, str]) -> Request:
    data, problems = read_table(rows, yamlfile.scalar)
    assert not problems
    return Request(data)


def said(*rows: tuple[str, str]) -> list[str]:
    data, problems = read_table(rows, yamlfile.scalar)
    assert problems
    assert data == {}  # nothing half-done
    return [p.sentence.one.format(**p.sentence.values) for p in problems]


def test_a_table_in_french_words_has_the_fingerprint_of_the_file() -> None:
    assert is_request(IN_FRENCH)
    assert read(*IN_FRENCH).data == file().data
    assert read(*IN_FRENCH).fingerprint == file().fingerprint


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert read(*reversed(IN_FRENCH)).fingerprint == file().fingerprint


def test_values_are_read_as_yaml_1_2_reads_them() -> None:
    one = read(
        ("kind", "form"), ("a", "no"), ("b", "22:30"), ("c", "1.5"), ("d", "true"), ("e", '"24"')
    )
    assert {k: one.data[k] for k in "abcde"} == {
        "a": "no",
        "b": "22:30",
        "c": 1.5,
        "d": True,
        "e": "24",
    }


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("kind", "form"), ("kind", "sms")], "Rows 1 and 2 of the table both give “kind”."),
        ([("form", "x"), ("form.purpose", "y")], "Row 2 of the table: “form.purpose” cannot be a value, a list and a group of keys at once."),
        ([("form.purpose", "y"), ("form", "x")], "Row 2 of the table: “form” cannot be a value, a list and a group of keys at once."),
        ([("blocks[1].use", "y"), ("blocks.use", "x")], "Row 2 of the table: “blocks.use” cannot be a value, a list and a group of keys at once."),
        ([("blocks[1].use", "y"), ("blocks[3].use", "x")], "The table has no “blocks[2]”."),
        ([("blocks[0].use", "y")], "Row 1 of the table: “blocks[0].use” names nothing."),
        ([("???", "y")], "Row 1 of the table: “???” names nothing."),
        ([("blocks[99999].use", "y")], "Row 1 of the table: “blocks[99999].use” names nothing."),
    ],
)  # fmt: skip
def test_what_is_ambiguous_is_said_and_not_guessed(
    rows: list[tuple[str, str]], sentence: str
) -> None:
    assert said(*rows) == [sentence]


def test_tables_of_other_things_are_no_requests() -> None:
    assert not is_request([("Date", "Lieu"), ("12/03", "Paris")])
    assert not is_request([("kind", "form", "?")])
    assert not is_request([])


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_cell_makes_it_fail(left: str, right: str) -> None:
    path = path_of(left)
    data, problems = read_table([("kind", "form"), (left, right)], yamlfile.scalar)
    assert problems or data["kind"] == "form"
    if path is not None and not problems and right.strip():
        assert len(path) <= 12
