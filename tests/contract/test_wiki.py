"""Pages, their history, properties and labels."""

from dataclasses import replace

import pytest

from bridge.errors import SiteError
from bridge.ports import PageMoved
from bridge.wiki import Page
from tests.contract.sites import Site

BODY = "<p>Été &amp; Noël &lt;b&gt; “deux” 'un' 🎄</p>"


def words(page: Page | None) -> Page:
    assert page is not None
    return page


def new(site: Site, title: str = "Décembre", body: str = BODY, parent: str | None = None) -> Page:
    return site.wiki.create(site.prefix + title, body, parent)


def test_a_created_page_is_found_by_its_title_and_read_by_its_id(site: Site) -> None:
    made = new(site)
    assert made.version == 1
    assert made.is_current
    found = words(site.wiki.find(made.title))
    assert (found.id, found.version, found.body) == (
        made.id,
        1,
        words(site.wiki.page(made.id)).body,
    )
    for part in ("Été", "Noël", "&lt;b&gt;", "deux", "🎄"):
        assert part in found.body
    child = new(site, "Enfant", parent=made.id)
    assert words(site.wiki.find(child.title)).id == child.id
    assert made.id in site.wiki.url(made.id)


def test_what_is_not_there_is_none(site: Site) -> None:
    assert site.wiki.find(f"{site.prefix}nowhere") is None
    assert site.wiki.page("999999999") is None
    assert site.wiki.labelled("bridge-contract-test-nowhere") is None


@pytest.mark.parametrize("title", ["A & B <c>", "l’été « 100 % »", "a+b=c?#é/\\", "🎄 Noël"])
def test_a_title_is_found_as_it_was_written(site: Site, title: str) -> None:
    made = new(site, title)
    assert words(site.wiki.find(site.prefix + title)).id == made.id
    assert words(site.wiki.page(made.id)).title == site.prefix + title


def test_a_title_that_is_taken_moves_the_page_and_creates_nothing(site: Site) -> None:
    made = new(site)
    with pytest.raises(PageMoved):
        new(site, body="<p>other</p>")
    assert words(site.wiki.find(made.title)).id == made.id


def test_a_title_is_taken_in_any_case_and_then_refused_in_the_site_s_words(site: Site) -> None:
    made = new(site)
    with pytest.raises(SiteError, match="already exists"):
        new(site, "DÉCEMBRE")
    assert words(site.wiki.page(made.id)).version == 1


def test_an_archived_page_keeps_its_title_and_is_found_as_archived(site: Site) -> None:
    made = new(site)
    site.archive(made)
    found = words(site.wiki.find(made.title))
    assert found.id == made.id
    assert not found.is_current
    with pytest.raises(PageMoved):
        new(site)


def test_a_page_in_the_trash_is_gone_and_its_title_free(site: Site) -> None:
    made = new(site)
    site.trash(made)
    assert site.wiki.page(made.id) is None
    assert site.wiki.find(made.title) is None
    assert new(site).id != made.id


def test_an_update_makes_the_next_version_and_the_history_keeps_each(site: Site) -> None:
    first = new(site)
    second = site.wiki.update(first, "<p>deux</p>", "Publié : 2 < 3 & « é »")
    third = site.wiki.update(second, "<p>trois</p>", "3")
    assert (second.version, third.version) == (2, 3)
    assert site.wiki.versions(first.id)[:2] == [(3, "3"), (2, "Publié : 2 < 3 & « é »")]
    assert [number for number, _ in site.wiki.versions(first.id)] == [3, 2, 1]
    assert "trois" in words(site.wiki.page(first.id)).body
    old = words(site.wiki.page(first.id, 2))
    assert "deux" in old.body
    assert (old.version, old.message) == (2, "Publié : 2 < 3 & « é »")
    assert "Noël" in words(site.wiki.page(first.id, 1)).body
    assert site.wiki.page(first.id, 9) is None


def test_an_update_on_top_of_an_older_version_moves_and_writes_nothing(site: Site) -> None:
    made = new(site)
    site.save_page(made, "<p>une personne</p>")
    with pytest.raises(PageMoved):
        site.wiki.update(made, "<p>le pont</p>", "x")
    now = words(site.wiki.page(made.id))
    assert now.version == 2
    assert "une personne" in now.body
    written = site.wiki.update(now, "<p>le pont</p>", "x")
    assert written.version == 3
    assert "une personne" in words(site.wiki.page(made.id, 2)).body


def test_a_version_that_is_not_yet_is_a_move_too(site: Site) -> None:
    made = new(site)
    with pytest.raises(PageMoved):
        site.wiki.update(replace(made, version=7), "<p>x</p>", "x")


def test_a_value_is_remembered_on_a_page_under_its_key(site: Site) -> None:
    made = new(site)
    assert site.wiki.recall(made.id, "bridge-a") is None
    value = {"months": {"2028-02": "12"}, "é": ["😀", None, 1.5, True]}
    site.wiki.remember(made.id, "bridge-a", value, None)
    site.wiki.remember(made.id, "bridge-b", [1], None)
    held = site.wiki.recall(made.id, "bridge-a")
    assert held is not None
    assert (held.value, held.version) == (value, 1)
    site.wiki.remember(made.id, "bridge-a", {"n": 2}, held)
    again = site.wiki.recall(made.id, "bridge-a")
    assert again is not None
    assert (again.value, again.version, again.id) == ({"n": 2}, 2, held.id)
    other = site.wiki.recall(made.id, "bridge-b")
    assert other is not None
    assert other.value == [1]


def test_what_somebody_else_remembered_meanwhile_is_never_overwritten(site: Site) -> None:
    made = new(site)
    site.wiki.remember(made.id, "bridge", {"n": 1}, None)
    first = site.wiki.recall(made.id, "bridge")
    site.wiki.remember(made.id, "bridge", {"n": 2}, first)
    with pytest.raises(PageMoved):
        site.wiki.remember(made.id, "bridge", {"n": 3}, first)
    with pytest.raises((PageMoved, SiteError)):
        site.wiki.remember(made.id, "bridge", {"n": 3}, None)
    held = site.wiki.recall(made.id, "bridge")
    assert held is not None
    assert held.value == {"n": 2}


def test_remembering_the_same_again_is_harmless(site: Site) -> None:
    made = new(site)
    site.wiki.remember(made.id, "bridge", {"n": 1}, None)
    site.wiki.remember(made.id, "bridge", {"n": 1}, None)
    held = site.wiki.recall(made.id, "bridge")
    assert held is not None
    assert held.version == 1


def test_what_is_remembered_is_taken_off_under_its_key_alone(site: Site) -> None:
    made = new(site)
    site.wiki.remember(made.id, "bridge-a", {"n": 1}, None)
    site.wiki.remember(made.id, "bridge-b", {"n": 2}, None)
    for _ in range(2):
        site.wiki.forget(made.id, "bridge-a")
    assert site.wiki.recall(made.id, "bridge-a") is None
    assert words(site.wiki.page(made.id)).version == 1
    other = site.wiki.recall(made.id, "bridge-b")
    assert other is not None
    assert other.value == {"n": 2}
    site.wiki.remember(made.id, "bridge-a", {"n": 3}, None)


def test_a_label_is_taken_off_alone_and_finds_nothing_any_more(site: Site) -> None:
    made = new(site)
    for label in (site.label, f"{site.label}-2"):
        site.wiki.label(made.id, label)
    for _ in range(2):
        site.wiki.unlabel(made.id, site.label)
    site.settle()
    assert site.wiki.labelled(site.label) is None
    assert words(site.wiki.labelled(f"{site.label}-2")).id == made.id
    assert words(site.wiki.page(made.id)).version == 1


def test_of_a_page_that_is_gone_nothing_is_left_to_take(site: Site) -> None:
    site.wiki.forget("999999999", "bridge")
    site.wiki.unlabel("999999999", site.label)
    assert site.wiki.recall("999999999", "bridge") is None


def test_a_label_is_put_once_and_finds_the_one_page(site: Site) -> None:
    made = new(site)
    label = site.label
    site.wiki.label(made.id, label)
    site.wiki.label(made.id, label)
    site.settle()
    assert words(site.wiki.labelled(label)).id == made.id
    other = new(site, "Autre")
    site.wiki.label(other.id, label)
    site.settle()
    assert site.wiki.labelled(label) is None


def test_a_labelled_page_that_was_renamed_is_still_found(site: Site) -> None:
    made = new(site)
    site.wiki.label(made.id, site.label)
    site.wiki.update(replace(made, title=f"{site.prefix}Renommée"), BODY, "x")
    site.settle()
    assert words(site.wiki.labelled(site.label)).title == f"{site.prefix}Renommée"
    assert site.wiki.find(f"{site.prefix}Décembre") is None
