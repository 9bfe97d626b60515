"""A page's regions: split, rewritten, rejoined; whose words are whose; what counts as an edit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.regions import (
    Damaged,
    Kind,
    body_of,
    enclosed,
    marker,
    rewrite,
    split,
    unmarked,
)
from bridge.sayings import first_difference, sayings

PAGE = "boutique-fr.2026-12"
PROSE = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<>&\x00", exclude_categories=["Cc", "Cs"]), max_size=40)  # fmt: skip
FRAGMENTS = st.lists(PROSE.map(lambda words: f"<p>{words} &amp; caf&eacute;</p>"), max_size=3).map(
    "".join
)


def page(*regions: tuple[Kind, str, str], before: str = "", after: str = "") -> str:
    return before + "".join(enclosed(PAGE, *region) for region in regions) + after


@given(FRAGMENTS, FRAGMENTS, FRAGMENTS, FRAGMENTS)
def test_split_then_rejoined_gives_the_same_bytes(a: str, b: str, c: str, d: str) -> None:
    body = page(("machine", "grid", a), ("human", "intentions", b), before=c, after=d)
    regions = split(body)
    same = {region.name: body_of(body, region) for region in regions}
    assert rewrite(body, regions, same) == body
    assert same == {"grid": a, "intentions": b}


@given(FRAGMENTS, FRAGMENTS, FRAGMENTS, FRAGMENTS)
def test_a_rewrite_changes_the_machine_s_words_only(a: str, b: str, c: str, new: str) -> None:
    body = page(("machine", "grid", a), ("human", "intentions", b), before=c, after=c)
    now = rewrite(body, split(body), {"grid": new, "intentions": "stolen"})
    assert now == page(("machine", "grid", new), ("human", "intentions", b), before=c, after=c)


def test_words_typed_between_regions_and_into_a_marker_s_paragraph_stay() -> None:
    body = page(("machine", "grid", "<p>old</p>"), before="<p>avant</p>", after="<p>après</p>")
    body = body.replace(
        "</ac:structured-macro></p><p>old", "</ac:structured-macro> tapé ici</p><p>old"
    )
    now = rewrite(body, split(body), {"grid": "<p>new</p>"})
    assert "<p>avant</p>" in now
    assert "tapé ici" in now
    assert now.endswith("<p>après</p>")
    assert "<p>new</p>" in now
    assert "<p>old</p>" not in now


def test_markers_may_live_in_a_layout_cell_together() -> None:
    inner = page(("machine", "grid", "<p>x</p>"), ("human", "intentions", "<p>y</p>"))
    body = f'<ac:layout><ac:layout-section ac:type="single"><ac:layout-cell>{inner}</ac:layout-cell></ac:layout-section></ac:layout>'
    assert [region.name for region in split(body)] == ["grid", "intentions"]


def test_a_quoted_marker_is_no_marker() -> None:
    quoted = marker(PAGE, "machine", "grid", "begin").replace("]]>", "")
    code = f'<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[{quoted}]]></ac:plain-text-body></ac:structured-macro>'
    body = page(("machine", "grid", "<p>x</p>"), after=code)
    assert len(split(body)) == 1


def begin(name: str) -> str:
    return marker(PAGE, "machine", name, "begin")


def end(name: str) -> str:
    return marker(PAGE, "machine", name, "end")


@pytest.mark.parametrize(
    "body",
    [
        begin("grid"),
        end("grid"),
        begin("grid") + begin("table") + end("table") + end("grid"),
        begin("grid") + end("table"),
        (begin("grid") + end("grid")) * 2,
        begin("grid") + f"<table><tbody><tr><td>{end('grid')}</td></tr></tbody></table>",
        begin("grid").replace("</p>", "") + end("grid").removeprefix("<p>"),
        "<p>not closed",
        "<p>a &nosuch; entity</p>",
        "<p>two</p></p>",
    ],
)
def test_damaged_markers_and_pages_are_refused(body: str) -> None:
    with pytest.raises(Damaged) as damaged:
        split(body)
    assert damaged.value.what.one


def test_a_page_without_markers_has_no_regions() -> None:
    assert split("<p>à moi &nbsp; &eacute;</p>") == ()


# --- what a person sees --------------------------------------------------------------------------

LOZENGE = '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">fait</ac:parameter></ac:structured-macro>'
TABLE = f'<table><tbody><tr><td>17 décembre</td><td class="highlight-#e3fcef" data-highlight-colour="#e3fcef"><a href="https://x/browse/K-1">Newsletter</a> {LOZENGE}</td><td>Camille</td></tr></tbody></table>'
SAVED = (
    TABLE.replace("<table>", '<table data-table-width="760" ac:local-id="1"><colgroup><col /></colgroup>')
    .replace("<td>17 décembre</td>", '<td><p local-id="2">17 d&eacute;cembre</p></td>')
    .replace('data-highlight-colour="#e3fcef"', 'data-highlight-colour="#E3FCEF"')
    .replace('ac:name="status">', 'ac:name="status" ac:schema-version="1" ac:macro-id="3">')
    .replace('<ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">fait</ac:parameter>',
             '<ac:parameter ac:name="title">fait</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter>')
    .replace("Camille", '<ac:inline-comment-marker ac:ref="r">Cam</ac:inline-comment-marker>ille')
)  # fmt: skip


def test_confluence_s_rewriting_on_save_says_nothing_new() -> None:
    assert SAVED != TABLE
    assert sayings(SAVED) == sayings(TABLE)
    assert first_difference(TABLE, SAVED) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("17 décembre", "18 décembre"),
        ("Camille", "Camille et Vanessa"),
        ("https://x/browse/K-1", "https://x/browse/K-2"),
        (">fait<", ">bloqué<"),
        (">Green<", ">Red<"),
        ("#e3fcef", "#ffebe6"),
        ("Newsletter", "<strong>Newsletter</strong>"),
        ("</td></tr>", "</td></tr><tr><td>19 décembre</td><td>Rien</td><td>Jonathan</td></tr>"),
    ],
)
def test_what_a_person_changed_is_seen(before: str, after: str) -> None:
    assert before in TABLE
    assert first_difference(TABLE, TABLE.replace(before, after)) is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<ac:image><ri:url ri:value="https://x/a"/></ac:image>', '<ac:image><ri:url ri:value="https://x/A"/></ac:image>'),
        ('<ac:link ac:anchor="un"/>', '<ac:link ac:anchor="deux"/>'),
    ],
)  # fmt: skip
def test_a_picture_or_a_link_that_leads_elsewhere_is_seen(before: str, after: str) -> None:
    assert first_difference(before, before) is None
    assert first_difference(before, after) is not None


def test_the_place_of_an_edit_is_its_row_s_words() -> None:
    row = "<tr><td>{}</td></tr>"
    before = "".join(row.format(word) for word in ("un", "deux", "trois"))
    assert first_difference(before, before.replace("deux", "deux mille")) == "deux mille"
    assert first_difference(before, before.replace(row.format("deux"), "")) == "trois"


# --- leaving ---------------------------------------------------------------------------------------


@given(FRAGMENTS, FRAGMENTS, FRAGMENTS, FRAGMENTS)
def test_without_markers_every_other_byte_stays(a: str, b: str, c: str, d: str) -> None:
    body = page(("machine", "grid", a), ("human", "intentions", b), before=c, after=d)
    assert unmarked(body, "boutique-fr") == (c + a + b + d, 4)
    assert unmarked(c + a + b + d, "boutique-fr") == (c + a + b + d, 0)


def test_a_marker_goes_wherever_people_moved_it_and_takes_no_word_along() -> None:
    lone = marker(PAGE, "machine", "grid", "begin")
    macro = lone.removeprefix("<p>").removesuffix("</p>")
    for moved, rest in (
        (f"<p>été {macro}déjà</p>", "<p>été déjà</p>"),
        (f"<table><tbody><tr><td>{lone}</td></tr></tbody></table>", "<table><tbody><tr><td></td></tr></tbody></table>"),
        (f'<p local-id="7"> {macro} {macro}</p><p>fin</p>', "<p>fin</p>"),
        (f"<ul><li>{macro}</li></ul>", "<ul><li></li></ul>"),
    ):  # fmt: skip
        assert unmarked(moved, "boutique-fr")[0] == rest


def test_another_workspace_s_markers_and_quoted_ones_stay() -> None:
    other = marker("boutique-fr-bis.2026-12", "machine", "grid", "begin")
    quoted = f'<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[{marker(PAGE, "machine", "grid", "end")}]]></ac:plain-text-body></ac:structured-macro>'
    assert unmarked(other + quoted, "boutique-fr") == (other + quoted, 0)
    with pytest.raises(Damaged):
        unmarked("<p>open", "boutique-fr")
