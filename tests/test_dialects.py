"""Cloud and Data Center say the same things in their own ways; pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.atlassian import adf, flavour, jira_forms, wikitext
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import FieldIds
from bridge.atlassian.jira_cloud import Cloud
from bridge.atlassian.jira_datacenter import EPIC_LINK, EPIC_NAME, DataCenter
from bridge.atlassian.wire import Answer
from bridge.prose import Block, Bullets, Checklist, Heading, Paragraph, words_of
from bridge.team import Person
from bridge.tracker import Draft, Issue

IDS = FieldIds("customfield_10300", "customfield_10201", "customfield_10203")


def draft(kind: Any = "task", parent: str | None = "MKT-1") -> Draft:
    fields: Any = {"summary": "Créer\nles visuels", "assignee": "camille", "description": (Paragraph("été *2027*"),)}  # fmt: skip
    return Draft(ref="s", project="MKT", kind=kind, fields=fields, parent=parent)


# --- Data Center ---------------------------------------------------------------------------------


def test_a_child_names_its_epic_in_epic_link_and_people_by_user_name() -> None:
    fields = wire.create_body(draft(), "3", DataCenter(), IDS)["fields"]
    assert fields["customfield_10201"] == "MKT-1"
    assert fields["assignee"] == {"name": "camille"}
    assert fields["description"] == r"été \*2027\*"
    assert "parent" not in fields


def test_an_epic_gets_its_name_from_its_summary_in_one_line() -> None:
    fields = wire.create_body(draft("epic", None), "6", DataCenter(), IDS)["fields"]
    assert fields["customfield_10203"] == "Créer les visuels"
    assert "customfield_10201" not in fields


def test_agile_fields_are_known_by_type_not_by_their_translated_names() -> None:
    fields: list[Any] = [
        {"id": "customfield_1", "name": "Epic Link", "schema": {"custom": "something:else"}},
        {"id": "customfield_2", "name": "Lien d'épopée", "schema": {"custom": EPIC_LINK}},
        {"id": "customfield_3", "name": "Nom de l'épopée", "schema": {"custom": EPIC_NAME}},
        {"id": "summary", "name": "Résumé"},
    ]
    assert DataCenter().field_ids(fields, None) == FieldIds(None, "customfield_2", "customfield_3")


def test_an_issue_s_epic_comes_from_epic_link_a_sub_task_s_from_parent() -> None:
    child = issue({"customfield_10201": "MKT-1", "issuetype": {"name": "Tâche"}})
    below = issue({"parent": {"key": "MKT-2"}, "issuetype": {"name": "Sub", "subtask": True}})
    assert (child.parent, child.kind) == ("MKT-1", "task")
    assert (below.parent, below.kind) == ("MKT-2", "subtask")
    assert issue({"issuetype": {"name": "Épopée"}}).kind == "epic"


def issue(fields: dict[str, Any]) -> Issue:
    return wire.issue({"id": "1", "key": "MKT-9", "fields": fields}, DataCenter(), IDS, "Blocks")


def test_children_are_searched_by_the_field_s_number() -> None:
    assert DataCenter().children_clause(['"A-1"', '"A-2"'], IDS) == 'cf[10201] in ("A-1", "A-2")'
    assert DataCenter().children_clause(['"A-1"'], FieldIds()) == '"Epic Link" in ("A-1")'
    assert Cloud().children_clause(['"A-1"'], IDS) == 'parent in ("A-1")'


def test_pages_go_on_where_the_last_one_ended() -> None:
    speak = DataCenter()
    assert speak.next_page({"startAt": 0, "total": 3, "issues": [{}, {}]}) == "2"
    assert speak.next_page({"startAt": 2, "total": 3, "issues": [{}]}) is None
    assert speak.next_page({"startAt": 2, "total": 9, "issues": []}) is None  # never for ever
    assert speak.search_request("x", ["key"], 50, "2").body["startAt"] == 2


def test_the_epic_link_must_be_on_the_screen_and_the_epic_name_is_ours_to_fill() -> None:
    screen: list[Any] = [
        {"fieldId": key, "name": key, "required": True}
        for key in ("summary", "labels", "assignee", "duedate", "customfield_10203")
    ]
    epic = jira_forms.form("MKT", "epic", "Epic", screen, DataCenter(), IDS)
    task = jira_forms.form("MKT", "task", "Task", screen, DataCenter(), IDS)
    assert (epic.absent, epic.unfilled) == ((), ())
    assert task.absent == ("customfield_10201",)
    assert task.unfilled == ("customfield_10203",)


def test_a_user_name_is_matched_exactly_though_the_search_finds_beginnings() -> None:
    users = [{"name": "camille"}, {"name": "camille.b"}]
    by_name = Person(id="c", name="Camille", dc_user="camille")
    assert [a.id for a in wire.matching(users, by_name, DataCenter())] == ["camille"]
    assert DataCenter().whom(by_name) == {"username": "camille"}
    assert DataCenter().whom(Person(id="x", name="X", account="712020:1")) is None


def test_what_does_not_exist_is_left_out_of_a_read() -> None:
    requests = DataCenter().fetch_requests(["A-1", "A-2"], ["summary"])
    assert [r.path for r in requests] == ["/rest/api/2/issue/A-1", "/rest/api/2/issue/A-2"]
    assert list(DataCenter().fetched([Answer(200, {}, {"key": "A-1"})])) == [{"key": "A-1"}]


# --- wiki markup ---------------------------------------------------------------------------------


def test_prose_becomes_markup_that_a_person_can_still_read() -> None:
    prose = (
        Heading("Résultat attendu"),
        Paragraph("Le brief, sous-titré : https://boutique.example/a_b-c (v2) !"),
        Bullets(("un - deux", "50 % *net*")),
        Checklist(("Fait",)),
    )
    assert wikitext.markup(prose) == (
        "h3. Résultat attendu\n\nLe brief, sous-titré : https://boutique.example/a_b-c (v2) !\n\n"
        "* un - deux\n* 50 % \\*net\\*\n\n* Fait"
    )


@pytest.mark.parametrize(
    "words", ["h1. Non", "bq. Non", "- tiret", "# un", "{code}", "[lien|x]", "!image.png!", ":)", "(x)", "a\\b", "??c??"]
)  # fmt: skip
def test_what_would_mean_something_to_the_renderer_is_escaped(words: str) -> None:
    assert wikitext.markup((Paragraph(words),)) != words


_WORDS = st.text("ab -*_+^~{}[]|!?():;\\#hé1.Dxn/&<>🎄\n", max_size=20)
_BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, _WORDS),
    st.builds(Paragraph, _WORDS),
    st.builds(Bullets, st.tuples(_WORDS, _WORDS)),
    st.builds(Checklist, st.tuples(_WORDS)),
)


@given(st.lists(_BLOCKS, max_size=4).map(tuple))
def test_the_words_survive_the_markup(prose: tuple[Block, ...]) -> None:
    assert wikitext.words_of(wikitext.markup(prose)) == words_of(prose)


# --- which flavour -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "sure"),
    [
        ("https://boutique.atlassian.net", True),
        ("https://api.atlassian.com/ex/jira/1f2e", True),
        ("https://jira.boutique.example/jira", False),
        ("https://boutique.atlassian.net.evil.example", False),
    ],
)
def test_an_address_tells_cloud_only_where_it_is_atlassian_s(url: str, *, sure: bool) -> None:
    assert flavour.is_surely_cloud(url) is sure


def test_unticked_lines_are_found_wherever_they_stand() -> None:
    written = adf.document((Heading("Fini"), Checklist(("Le public", "Le budget")), Paragraph("x")))
    assert Cloud().unticked(written) == ("Le public", "Le budget")
    written["content"][1]["content"][0]["attrs"]["state"] = "DONE"
    panel = {"type": "doc", "content": [{"type": "panel", "content": written["content"]}]}
    assert Cloud().unticked(panel) == ("Le budget",)
    assert Cloud().unticked(None) == ()
    assert DataCenter().unticked("* Le public") == ()
