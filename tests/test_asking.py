"""What an epic asks for: labels of templates, and lines that people fill in, in either language."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.asking import Asked, asked, line_for, person_called, templates_asked, unknown_template
from bridge.errors import Problem
from bridge.retroplan.template import Parameter, Step, Template
from bridge.team import Person, Team
from bridge.text import Bilingual

PLAN_B = Parameter(name="plan_b", title=Bilingual("Plan B : produits", "Plan B: products"))
VALIDATOR = Parameter(
    name="validator", title=Bilingual("Validé par", "Validator"), one_of=("marketing", "crm")
)
TEMPLATE = Template(
    id="sale",
    version="1.0.0",
    title=Bilingual("Soldes", "Sale"),
    parameters={"plan_b": PLAN_B, "validator": VALIDATOR},
    roles=("crm", "legal"),
    steps=(
        Step(id="a", title=Bilingual("A", "A"), role="crm", offset=date(2027, 1, 5)),
        Step(id="b", title=Bilingual("B", "B"), role="legal", offset=date(2027, 1, 6)),
    ),
)
TEAM = Team(
    {
        "camille": Person(id="camille", name="Camille Roux", email="camille@boutique.example"),
        "zoe": Person(id="zoe", name="Zoé"),
        "zoe-b": Person(id="zoe-b", name="Zoé"),
    },
    {"crm": "camille"},
)
FILLED = ("Plan B : produits : thé", "Validé par : CRM", "Propriétaire de legal : Camille Roux")


def read(*lines: str) -> Asked:
    return asked(TEMPLATE, lines, TEAM)


def test_labels_name_templates_whatever_their_case() -> None:
    assert templates_asked(["x", "Bridge-Template-Sale", "bridge-template-sale"]) == ("sale",)
    assert templates_asked(["bridge-pause"]) == ()


def test_an_unknown_label_gets_its_near_miss_and_all_there_are() -> None:
    _, hint = unknown_template("sales", ["sale", "restock"])
    assert hint is not None
    assert hint.values["label"] == "bridge-template-sale"
    assert "bridge-template-restock" in str(hint.values["labels"])


def test_what_is_filled_in_is_read() -> None:
    found = read("Nos mots.", *FILLED)
    assert found.values == {"plan_b": "thé", "validator": "crm"}
    assert found.owners == (("legal", "camille"),)
    assert (found.missing, found.problems) == ((), ())


def test_everything_missing_is_named_at_once_in_the_order_of_the_template() -> None:
    found = read()
    assert [line.name for line in found.missing] == ["plan_b", "validator", "owner.legal"]
    assert found.absent == found.missing


def test_an_empty_line_is_missing_but_stands_there() -> None:
    found = read("plan b: products:", *FILLED[1:])
    assert [line.name for line in found.missing] == ["plan_b"]
    assert found.absent == ()


@pytest.mark.parametrize(
    "line",
    ["PLAN  B\u00a0: PRODUITS\u00a0: thé vert", "Plan b:products:thé vert", "plan_b: thé vert"],
)
def test_a_label_is_known_in_both_languages_and_by_its_name(line: str) -> None:
    assert read(line).values["plan_b"] == "thé vert"


def test_values_may_hold_colons_and_keep_their_case() -> None:
    assert read("Plan B: products: Thé: vert").values["plan_b"] == "Thé: vert"


def test_a_value_of_a_list_is_checked_with_its_near_miss() -> None:
    found = read("Validator: marketting")
    assert "validator" not in found.values
    (problem,) = found.problems
    assert problem.hint is not None
    assert problem.hint.values["near"] == "marketing"


def test_the_same_line_with_two_values_is_nobody_s_choice() -> None:
    assert len(read("plan_b: thé", "Plan B: products: café").problems) == 1
    assert read("plan_b: thé", "Plan B: products: thé").values["plan_b"] == "thé"


@pytest.mark.parametrize("written", ["camille", "@Camille Roux", "CAMILLE@boutique.example"])
def test_a_person_is_known_by_id_name_or_e_mail(written: str) -> None:
    found = person_called(written, TEAM)
    assert isinstance(found, Person)
    assert found.id == "camille"


@pytest.mark.parametrize(
    ("written", "said"), [("Camile", "camille"), ("Zoé", "zoe-b"), ("zoë", "zoe-b")]
)
def test_nobody_is_guessed(written: str, said: str) -> None:
    found = person_called(written, TEAM)
    assert isinstance(found, Problem)
    assert said in str(found.hint)


def test_an_owner_written_on_the_epic_wins_over_bridge_yaml() -> None:
    assert ("crm", "zoe") in read("Owner of crm: zoe").owners


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_description_breaks_the_reading(lines: list[str]) -> None:
    found = read(*lines)
    assert len(found.missing) + len(found.values) + len(found.problems) >= 2


def test_a_line_once_written_is_found_again() -> None:
    for language in ("fr", "en"):
        label = line_for(PLAN_B).label.in_(language)
        assert line_for(PLAN_B).said_in([f"{label}\u00a0:"]) == ()
