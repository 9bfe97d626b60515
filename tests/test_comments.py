"""Inline comments go back beside their words, whatever the markup; what is lost is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.comments import carry
from bridge.sayings import sayings


def marked(words: str, ref: str = "abc") -> str:
    return f'<ac:inline-comment-marker ac:ref="{ref}">{words}</ac:inline-comment-marker>'


def test_a_comment_goes_where_its_words_still_stand() -> None:
    before = f"<p>la {marked('newsletter')} part</p>"
    after, lost = carry(before, "<p>demain la newsletter part</p>")
    assert after == f"<p>demain la {marked('newsletter')} part</p>"
    assert lost == ()


@pytest.mark.parametrize(
    "after",
    [
        "<p>rien</p>",
        "<p>newsletter et newsletter</p>",
        '<a href="newsletter">x</a>',
        '<ac:parameter ac:name="title">newsletter</ac:parameter>',
        "<![CDATA[newsletter]]>",
        "<!-- newsletter -->",
    ],
    ids=["gone", "twice", "in a tag", "in a parameter", "in a CDATA", "in a comment"],
)
def test_a_comment_without_one_place_is_reported(after: str) -> None:
    assert carry(f"<p>{marked('newsletter')}</p>", after) == (after, ("newsletter",))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (marked("r&eacute;union"), "la réunion", f"la {marked('réunion')}"),
        (marked("l'offre &amp; plus"), "l&#39;offre &#38; plus", marked("l&#39;offre &#38; plus")),
        (marked("20&nbsp;%"), "soit 20 %", f"soit {marked('20 %')}"),
        (marked("a\n  b"), "a b c", f"{marked('a b')} c"),
        (
            marked("<strong>mer. 17</strong>"),
            "<strong>mer. 17</strong>",
            f"<strong>{marked('mer. 17')}</strong>",
        ),
        (
            marked("la <em>newsletter</em> part"),
            "<p>la newsletter <strong>part</strong> !</p>",
            f"<p>{marked('la newsletter ')}<strong>{marked('part')}</strong> !</p>",
        ),
        (
            f"la {marked('news')}<strong>{marked('letter')}</strong>",
            "la newsletter",
            f"la {marked('newsletter')}",
        ),
        (
            "<ac:inline-comment-marker ac:x='1'\n ac:ref='a&amp;b'>mot</ac:inline-comment-marker>",
            "mot",
            marked("mot", "a&amp;b"),
        ),
    ],
)  # fmt: skip
def test_markup_and_entities_do_not_matter(before: str, after: str, expected: str) -> None:
    assert carry(f"<p>{before}</p>", f"<div>{after}</div>") == (f"<div>{expected}</div>", ())


ROWS = "<tr><td>{0} décembre</td><td>{1}</td><td>Camille</td></tr>"


def test_words_that_stand_in_several_rows_are_told_apart_by_their_row() -> None:
    old = ROWS.format("17", "Newsletter") + ROWS.format("18", "Bannière")
    commented = marked("Camille").join(old.rsplit("Camille", 1))
    grown = ROWS.format("16", "Brief") + old
    after, lost = carry(commented, grown)
    assert lost == ()
    assert after == marked("Camille").join(grown.rsplit("Camille", 1))
    handed_over = grown.replace("18 décembre", "19 décembre")
    assert carry(commented, handed_over) == (handed_over, ("Camille",))


def test_a_row_that_changed_on_one_side_of_the_words_is_still_the_row() -> None:
    row = "<tr><td>Vanessa</td><td>{0}</td><td>{1}</td></tr>"
    before = row.format("Brief", "à faire").replace("Vanessa", marked("Vanessa"))
    after = row.format("Brief", "à faire") + row.format("Bilan", "à faire")
    assert carry(before, after)[0].startswith(f"<tr><td>{marked('Vanessa')}")
    done = f"<tr><td>le 17</td><td>{marked('Brief')}</td><td>à faire</td></tr>"
    now = "<tr><td>le 17</td><td>Brief</td><td>fait</td></tr><tr><td>le 18</td><td>Brief</td><td>fait</td></tr>"
    assert carry(done, now)[0] == now.replace("Brief", marked("Brief"), 1)


def test_comments_that_overlap_stay_well_formed() -> None:
    before = f"<p>{marked('la newsletter', 'a')} <b>{marked('newsletter part', 'b')}</b></p>"
    after, lost = carry(before, "<p>la newsletter part</p>")
    assert lost == ()
    assert after == (
        f"<p>{marked('la ', 'a')}{marked(marked('newsletter', 'b'), 'a')}{marked(' part', 'b')}</p>"
    )
    assert sayings(after) == sayings("<p>la newsletter part</p>")


def test_a_comment_around_no_words_is_reported() -> None:
    before = f'<p>{marked("<ac:image/>")}<ac:inline-comment-marker ac:ref="b" /></p>'
    assert carry(before, "<p>x</p>") == ("<p>x</p>", ("…", "…"))


@given(
    st.lists(st.sampled_from(["mot", "l&#39;", "é&amp;", " ", "<em>x</em>", "<br/>", "</p><p>"])),
    st.lists(st.sampled_from(["mot", "&eacute;", " y", "<strong>x</strong>", "<b>mot</b>"]), min_size=1),
)  # fmt: skip
def test_whatever_is_carried_says_the_same_as_before(around: list[str], inside: list[str]) -> None:
    """Markers are added; no word, no tag and no row changes."""
    plain = f"<p>{''.join(around)}{''.join(inside)}</p>"
    commented = f"<p>{''.join(around)}{marked(''.join(inside))}</p>"
    after, lost = carry(commented, plain)
    assert sayings(after) == sayings(plain)
    assert bool(lost) is (marked("")[:20] not in after)
    again, lost_again = carry(after, plain)
    assert (again, lost_again) == (after, ()) or lost
