"""What is said and done on an issue: comments, history, labels, files, and the way to done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.errors import AttachmentTooLarge, SiteError
from bridge.prose import Bullets, Checklist, Code, Heading, Paragraph, Table, words_of
from bridge.tracker import Attached, Comment, Content, Edit
from tests.contract.making import LEAP_DAY, created, draft, one, read, survey
from tests.contract.sites import Site

YAML = "kind: form  # « é »\n\n  fields:\n\t- {name: a|b, x: '{code}', y: \\{code:yaml}}\n"
TABLE = (("Champ", "Donnée | type"), ("E-mail", "[a|b] *c*"), ("", "https://x.example/a_b-c"))


def last(site: Site, key: str) -> Comment:
    return site.tracker.comments(key)[-1]


def test_an_issue_knows_who_made_it_and_when_it_changed(site: Site) -> None:
    key = one(site)
    before = read(site, key)
    me = site.tracker.me()
    assert before.creator == before.reporter == me
    assert before.created is not None
    assert before.updated is not None
    assert before.created.utcoffset() is not None
    site.tracker.edit(Edit(key, {"due": LEAP_DAY}, {}), quietly=False)
    after = read(site, key)
    assert after.updated is not None
    assert after.updated > before.updated
    assert after.created == before.created


# --- comments ------------------------------------------------------------------------------------


def test_a_comment_keeps_its_lines_and_is_written_anew_in_its_place(site: Site) -> None:
    key = one(site)
    assert site.tracker.comments(key) == []
    prose = (Heading("Demande"), Paragraph("Approuvé\nou *non* ?"), Bullets(("oui", "non")),
             Code("a:\n  b", "yaml"), Table((("x", "y"), ("1", "2"))))  # fmt: skip
    first = site.tracker.comment(key, prose)
    second = site.tracker.comment(key, (Paragraph("Deuxième"),))
    told = site.tracker.comments(key)
    assert [c.id for c in told] == [first, second]
    assert told[0].words == "Demande\nApprouvé ou *non* ?\noui\nnon\na:\n  b\nx | y\n1 | 2"
    assert told[0].author == told[0].editor == site.tracker.me()
    for _ in range(2):
        site.tracker.recomment(key, first, (Paragraph("Refusé"),))
    anew, untouched = site.tracker.comments(key)
    assert (anew.id, anew.words, anew.created) == (first, "Refusé", told[0].created)
    assert anew.updated > told[0].updated
    assert untouched == told[1]


def test_people_s_comments_carry_their_names_and_come_in_order_however_many(site: Site) -> None:
    key = one(site)
    for n in range(104):
        site.say(key, f"Réponse {n}", "Vanessa" if n % 2 else "Camille")
    told = site.tracker.comments(key)
    assert [c.words for c in told] == [f"Réponse {n}" for n in range(104)]
    assert [c.author.name if c.author else "" for c in told[:2]] == ["Camille", "Vanessa"]
    assert all(c.created.utcoffset() is not None for c in told)


@pytest.mark.parametrize("wrong", ["999999", "x", "../../MKT-1"])
def test_a_comment_that_is_not_there_is_not_written_anew(site: Site, wrong: str) -> None:
    key = one(site)
    with pytest.raises(SiteError):
        site.tracker.recomment(key, wrong, (Paragraph("x"),))
    assert site.tracker.comments(key) == []


def test_who_may_not_comment_is_told(site: Site) -> None:
    key = one(site)
    site.take_right("ADD_COMMENTS", site.marketing)
    with pytest.raises(SiteError):
        site.tracker.comment(key, (Paragraph("x"),))
    assert site.tracker.comments(key) == []


# --- history and labels --------------------------------------------------------------------------


def test_the_history_tells_who_changed_what_in_order(site: Site) -> None:
    key = one(site)
    assert site.tracker.history(key) == []  # what it was created with is no change
    site.tracker.edit(Edit(key, {"due": LEAP_DAY}, {}), quietly=False)
    site.tracker.edit(Edit(key, {"due": LEAP_DAY + timedelta(1)}, {}), quietly=False)
    site.rename_issue(key, "Renommé")
    told = site.tracker.history(key)
    assert [(h.field, h.before, h.after) for h in told] == [
        ("duedate", "", "2028-02-29"),
        ("duedate", "2028-02-29", "2028-03-01"),
        ("summary", f"{site.prefix}one", "Renommé"),
    ]
    me = site.tracker.me()
    assert [h.author.name if h.author else "" for h in told] == [me.name, me.name, "Camille"]
    assert all(h.at.utcoffset() is not None for h in told)
    assert [h.at for h in told] == sorted(h.at for h in told)


def test_labels_are_changed_one_by_one_and_the_history_shows_by_whom(site: Site) -> None:
    key = one(site)
    before = read(site, key).labels
    site.mark(key, *before, "bridge-approved", by="Vanessa")
    site.tracker.relabel(key, {"bridge-request"}, {"bridge-approved", "nowhere"}, quietly=False)
    assert read(site, key).labels == before | {"bridge-request"}
    site.tracker.relabel(key, (), (), quietly=False)
    by_vanessa, by_us = [h for h in site.tracker.history(key) if h.field == "labels"]
    assert by_vanessa.author is not None
    assert by_vanessa.author.name == "Vanessa"
    assert set(by_vanessa.after.split()) - set(by_vanessa.before.split()) == {"bridge-approved"}
    assert "bridge-approved" not in by_us.after.split()
    assert by_us.author == site.tracker.me()


def test_a_quiet_change_of_labels_needs_the_right(site: Site) -> None:
    key = one(site)
    site.tracker.relabel(key, {"x"}, (), quietly=True)
    site.take_right("ADMINISTER_PROJECTS", site.marketing)
    with pytest.raises(SiteError):
        site.tracker.relabel(key, {"y"}, {"x"}, quietly=True)
    assert read(site, key).labels >= {"x"}
    assert "y" not in read(site, key).labels


def test_a_long_history_is_read_whole(site: Site) -> None:
    key = one(site)
    for n in range(103):
        site.rename_issue(key, f"Titre {n}")
    told = site.tracker.history(key)
    assert [h.after for h in told] == [f"Titre {n}" for n in range(103)]


# --- the way to done -----------------------------------------------------------------------------


def test_an_issue_is_finished_once(site: Site) -> None:
    key = one(site)
    assert site.tracker.finish(key)
    assert read(site, key).status.category == "done"
    steps = [h for h in site.tracker.history(key) if h.field == "status"]
    assert [(h.before, h.after) for h in steps] == [("To Do", "Done")]
    assert site.tracker.finish(key)
    assert [h for h in site.tracker.history(key) if h.field == "status"] == steps


def test_where_no_step_leads_to_done_nothing_is_done(site: Site) -> None:
    key = one(site)
    site.leave_no_way_to_done(site.marketing)
    assert not site.tracker.finish(key)
    assert read(site, key).status.category == "todo"


def test_a_step_that_asks_something_is_not_taken(site: Site) -> None:
    key = one(site)
    site.leave_no_way_to_done(site.marketing, but_by_a_question=True)
    assert not site.tracker.finish(key)
    assert read(site, key).status.category == "todo"


def test_who_may_take_no_step_is_told_so(site: Site) -> None:
    key = one(site)
    site.take_right("TRANSITION_ISSUES", site.marketing)
    assert not site.tracker.finish(key)


# --- what an issue holds -------------------------------------------------------------------------


def test_code_and_tables_of_a_description_come_back_as_they_were_sent(site: Site) -> None:
    prose = (Paragraph("Voici"), Code(YAML, "yaml"), Table(TABLE), Code("x"))
    key = one(site, description=prose)
    assert site.tracker.content(key) == Content((Code(YAML, "yaml"), Code("x")), (TABLE,))
    assert read(site, key).words == words_of(prose)
    assert site.tracker.content(one(site)) == Content()


def test_a_description_is_told_line_by_line(site: Site) -> None:
    prose = (Heading("À compléter"), Paragraph("Plan B : report  *ferme*"), Bullets(("un", "deux")),
             Checklist(("Relire",)), Table((("Rôle", "Qui"), ("Chef", ""))))  # fmt: skip
    key = one(site, description=prose)
    told = [
        "À compléter",
        "Plan B : report *ferme*",
        "un",
        "deux",
        "Relire",
        "Rôle | Qui",
        "Chef |",
    ]
    assert list(site.tracker.lines(key)) == told
    assert list(site.tracker.lines(one(site))) == []


def test_what_is_added_to_a_description_stands_below_what_was_there(site: Site) -> None:
    key = one(site, description=(Paragraph("Écrit par une personne"), Checklist(("Relire",))))
    before = read(site, key)
    site.tracker.add_to_description(
        key, (Heading("À compléter"), Bullets(("Plan B :",))), quietly=False
    )
    added = ["Écrit par une personne", "Relire", "À compléter", "Plan B :"]
    assert list(site.tracker.lines(key)) == added
    after = read(site, key)
    assert after == replace(before, words=after.words, updated=after.updated)
    site.tracker.add_to_description(key, (Paragraph(" "), Bullets(())), quietly=False)
    assert read(site, key) == after


def test_an_empty_description_is_begun(site: Site) -> None:
    key = one(site)
    site.tracker.add_to_description(key, (Paragraph("Début"),), quietly=True)
    assert list(site.tracker.lines(key)) == ["Début"]


def test_a_quiet_addition_needs_the_right(site: Site) -> None:
    key = one(site)
    site.take_right("ADMINISTER_PROJECTS", site.marketing)
    with pytest.raises(SiteError):
        site.tracker.add_to_description(key, (Paragraph("x"),), quietly=True)
    assert list(site.tracker.lines(key)) == []


def test_memory_is_taken_off_once_and_for_all(site: Site) -> None:
    key = one(site)
    before = read(site, key)
    site.tracker.forget(key)
    assert read(site, key) == replace(before, memory=None)
    site.tracker.forget(key)
    site.tracker.forget(f"{site.marketing}-999999")


def test_a_file_is_read_whole_or_not_at_all(site: Site) -> None:
    key = one(site)
    content = "é\n\0ÿ".encode() * 1000
    site.attach(key, "Demande d'été #1 100%?.yaml", content)
    site.attach(key, "vide.txt", b"")
    file, empty = read(site, key).attachments
    assert (file.name, file.size, empty.size) == ("Demande d'été #1 100%?.yaml", len(content), 0)
    assert site.tracker.attachment(file, len(content)) == content
    assert site.tracker.attachment(empty, 0) == b""
    with pytest.raises(AttachmentTooLarge, match=r"Demande"):
        site.tracker.attachment(file, len(content) - 1)


def test_a_file_that_says_it_is_smaller_is_not_read_beyond_its_bound(site: Site) -> None:
    key = one(site)
    site.attach(key, "grand.txt", b"x" * 200_000)
    (file,) = read(site, key).attachments
    with pytest.raises(AttachmentTooLarge):
        site.tracker.attachment(Attached(file.id, file.name, 10), 1000)
    with pytest.raises(SiteError, match="another size"):
        site.tracker.attachment(Attached(file.id, file.name, 10), 300_000)


def test_a_task_may_stand_alone(site: Site) -> None:
    survey(site)
    key = created(site, draft(site, "request", parent=None))["request"]
    assert (read(site, key).parent, read(site, key).kind) == (None, "task")


def test_what_is_gone_is_told_everywhere(site: Site) -> None:
    survey(site)
    gone, tracker = f"{site.marketing}-999999", site.tracker
    for ask in (
        lambda: tracker.content(gone),
        lambda: tracker.lines(gone),
        lambda: tracker.add_to_description(gone, (Paragraph("x"),), quietly=False),
        lambda: tracker.comments(gone),
        lambda: tracker.history(gone),
        lambda: tracker.finish(gone),
        lambda: tracker.comment(gone, (Paragraph("x"),)),
        lambda: tracker.relabel(gone, {"x"}, (), quietly=False),
    ):
        with pytest.raises(SiteError):
            ask()
