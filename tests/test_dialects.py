"""Cloud and Data Center say the same things in their own ways; pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.atlassian import (
    adf,
    adf_reading,
    flavour,
    jira_answers,
    jira_forms,
    wiki_reading,
    wikitext,
)
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import FieldIds
from bridge.atlassian.jira_cloud import Cloud
from bridge.atlassian.jira_datacenter import EPIC_LINK, EPIC_NAME, DataCenter
from bridge.atlassian.wire import Answer
from bridge.prose import (
    Block,
    Bullets,
    Checklist,
    Code,
    Heading,
    Paragraph,
    Table,
    clean,
    folded,
    lines_of,
    words_of,
)
from bridge.team import Person
from bridge.tracker import Content, Draft, Issue

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
    return jira_answers.issue(
        {"id": "1", "key": "MKT-9", "fields": fields}, DataCenter(), IDS, "Blocks"
    )


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
    assert [a.id for a in jira_answers.matching(users, by_name, DataCenter())] == ["camille"]
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
_CODE = st.one_of(
    st.text("ab :-|{}\\#\n\t'é🎄", max_size=30),
    st.lists(st.sampled_from(["{code}", "{code:yaml}", "\\", "{", "}", "{noformat}", "a", "\n", " ", "|"]), max_size=8).map("".join),
)  # fmt: skip
_BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, _WORDS),
    st.builds(Paragraph, _WORDS),
    st.builds(Bullets, st.tuples(_WORDS, _WORDS)),
    st.builds(Checklist, st.tuples(_WORDS)),
    st.builds(Code, _CODE, st.sampled_from(["", "yaml", "c++", "ya|ml}"])),
    st.builds(Table, st.lists(st.lists(_WORDS, max_size=3).map(tuple), max_size=3).map(tuple)),
)
_PROSE = st.lists(_BLOCKS, max_size=4).map(tuple)


@given(_PROSE)
def test_the_words_survive_the_markup(prose: tuple[Block, ...]) -> None:
    assert wiki_reading.words_of(wikitext.markup(prose)) == words_of(prose)


@given(_PROSE)
def test_the_words_survive_the_document(prose: tuple[Block, ...]) -> None:
    assert adf.words_of(adf.document(prose)) == words_of(prose)


@given(_PROSE)
def test_the_lines_survive_both(prose: tuple[Block, ...]) -> None:
    assert adf_reading.lines_of(adf.document(prose)) == lines_of(prose)
    assert wiki_reading.lines_of(wikitext.markup(prose)) == lines_of(prose)


@given(_PROSE)
def test_code_and_tables_come_back_from_both_as_they_were_written(prose: tuple[Block, ...]) -> None:
    assert adf_reading.content(adf.document(prose)) == content_of(prose)
    assert wiki_reading.content(wikitext.markup(prose)) == content_of(prose)


def content_of(prose: tuple[Block, ...]) -> Content:
    """What the blocks of code and the tables of a prose hold, those without words left out."""
    tables = [
        tuple(tuple(folded(cell) for cell in row) for row in block.rows if row)
        for block in prose
        if isinstance(block, Table)
    ]
    return Content(
        tuple(
            Code(clean(b.words), {"ya|ml}": "yaml"}.get(b.language, b.language))
            for b in prose
            if isinstance(b, Code) and folded(b.words)
        ),
        tuple(rows for rows in tables if any(any(row) for row in rows)),
    )


def test_code_and_a_table_are_written_as_a_person_would() -> None:
    prose = (
        Code("kind: form\n  title: x | y", "yaml"),
        Table((("Champ", "Donnée"), ("E-mail", "a|b"), ("", "[c]"))),
    )
    assert wikitext.markup(prose) == (
        "{code:yaml}\nkind: form\n  title: x | y\n{code}\n\n"
        "||Champ||Donnée||\n|E-mail|a\\|b|\n| |\\[c\\]|"
    )


# --- what people write ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (r"|a \| b|c|", ("a | b", "c")),
        ("|[La page|https://x.example/a|smart-link]|b|", ("La page", "b")),
        ("|*gras* et _italique_|{color:red}rouge{color}|", ("gras et italique", "rouge")),
        ("|{{a|b}}|!plan.png|width=300!|", ("a|b", "")),
        ("||Champ|valeur|", ("Champ", "valeur")),
        ("|a\nb|c|", ("a b", "c")),
        ("|* un\n* deux|c|", ("un deux", "c")),
        ("|[~camille]|[https://x.example]|", ("@camille", "https://x.example")),
        ("|{code:yaml}\na: |\n  *b*\n{code}|c|", ("a: | *b*", "c")),
        ("|a| |", ("a", "")),
        ("| a", ("a",)),
        ("|oui -non-|?? cité??|", ("oui", "?? cité??")),
    ],
)
def test_a_wiki_table_s_cell_is_told_in_bare_words(row: str, cells: tuple[str, ...]) -> None:
    assert wiki_reading.content(f"Avant\n\n{row}\n\nAprès").tables == ((cells,),)


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("{code:title=a.yaml|borderStyle=solid}\na\n{code}", Code("a")),
        ("{code:title=a.yaml|yaml}\r\na\r\n  b\r\n{code}", Code("a\n  b", "yaml")),
        ("{code:language=yaml}a{code}", Code("a", "yaml")),
        ("{noformat}\n{code}\n{noformat}", Code("{code}")),
        ("{code}\n\n\ta\n\n{code}", Code("\n\ta\n")),
    ],
)
def test_code_is_told_as_it_stands_however_the_block_is_opened(markup: str, code: Code) -> None:
    assert wiki_reading.content(f"x {markup} y").code == (code,)


@pytest.mark.parametrize("words", ["{code}", r"\{code}a\{code}", "{{code}} a {{code}}", "{code} a"])
def test_what_only_speaks_of_code_is_none(words: str) -> None:
    assert wiki_reading.content(words).code == ()


def paragraph(*content: Any) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def words(said: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": said, "marks": [{"type": mark} for mark in marks]}


_REPLY: list[tuple[Any, str, str]] = [
    (paragraph(words("Approuvé", "strong")), "*Approuvé*", "Approuvé"),
    (paragraph(words("Approuvé", "strike"), words(" Refusé")), "-Approuvé- Refusé", "Refusé"),
    (
        paragraph({"type": "mention", "attrs": {"id": "1", "text": "@camille"}}, words(" ok")),
        "[~camille] ok",
        "@camille ok",
    ),
    (paragraph(words("oui"), {"type": "hardBreak"}, words("mais")), "oui\\\\mais", "oui\nmais"),
    (
        {"type": "blockquote", "content": [paragraph(words("Approuvé ?"))]},
        "{quote}\nApprouvé ?\n{quote}",
        "> Approuvé ?",
    ),
    ({"type": "blockquote", "content": [paragraph(words("Approuvé ?"))]}, "bq. Approuvé ?", "> Approuvé ?"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "markup", "lines"), _REPLY)
def test_a_reply_says_the_same_in_both_notations(document: Any, markup: str, lines: str) -> None:
    assert adf_reading.lines_of({"type": "doc", "content": [document]}) == lines
    assert wiki_reading.lines_of(markup) == lines


def test_a_document_s_table_cell_may_hold_formatting_a_list_and_code() -> None:
    day = {"type": "date", "attrs": {"timestamp": "1795305600000"}}
    bullets = {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph(words("un", "em"))]}]}  # fmt: skip
    code = {"type": "codeBlock", "content": [{"type": "text", "text": "a:\n  b"}]}
    cells = [
        {"type": "tableCell", "content": content}
        for content in ([paragraph(words("gras", "strong"), words(" "), day), bullets], [code])
    ]
    table = {"type": "table", "content": [{"type": "tableRow", "content": cells}]}
    read = adf_reading.content({"type": "doc", "content": [{"type": "expand", "content": [table]}]})
    assert read == Content((Code("a:\n  b"),), ((("gras 2026-11-22 un", "a: b"),),))


def test_a_table_that_a_person_adds_shows_in_the_words() -> None:
    plain = {"type": "doc", "content": [paragraph(words("a b"))]}
    rows = [{"type": "tableRow", "content": [{"type": "tableCell", "content": [paragraph(words("a b"))]}]}]  # fmt: skip
    table = {"type": "doc", "content": [{"type": "table", "content": rows}]}
    assert adf.words_of(plain) != adf.words_of(table)
    assert wiki_reading.words_of("a b") != wiki_reading.words_of("|a b|")


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
