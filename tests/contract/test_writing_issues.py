"""Creating, editing, remembering and linking issues."""

from dataclasses import replace

import pytest

from bridge.errors import SiteError
from bridge.prose import Bullets, Checklist, Code, Heading, Paragraph, Table, words_of
from bridge.tracker import Edit
from tests.contract.making import LEAP_DAY, MEMORY, PROSE, created, draft, one, read, survey
from tests.contract.sites import Site

# What markup, XML, JSON and terminals take for something else.
WORDS = [
    "Été à Noël, cœur et œuvre : « 100 % »",
    "🎄 👩‍💻 🇫🇷 ≥ 2 €",
    "<b>&amp; \"deux\" 'un' </b> & < > ]]>",
    "*gras* _italique_ -barré- +souligné+ ^haut^ ~bas~ ??cité??",
    "{code} {noformat} {quote} {color:red} [lien|http://x.example] [~camille] !image.png!",
    "h1. titre ---- || a | b |",
    "C:\\temp\\n et \\\\ deux barres",
    "https://boutique.example/a?b=c&d=e#f (voir) camille@boutique.example",
    "{{mono}} # un * deux - trois (x) (/) :) ;)",
]


def test_labels_and_memory_come_with_the_issue_in_one_call(site: Site) -> None:
    key = one(site, labels=("bridge-d-design",))
    issue = read(site, key)
    assert issue.labels == {"bridge", site.label, "bridge-d-design"}
    assert issue.memory == MEMORY
    assert issue.project == site.marketing
    assert issue.kind == "task"
    assert issue.status.category == "todo"


def test_every_field_arrives_as_it_was_meant(site: Site) -> None:
    accounts = survey(site, "Vanessa").accounts
    (vanessa,) = accounts["vanessa"]
    priority = survey(site).forms[site.marketing, "task"]
    assert priority is not None
    key = created(site, draft(site, "all", description=PROSE, assignee=vanessa.id, due=LEAP_DAY,
                              start=LEAP_DAY, priority=priority.priorities[0]))["all"]  # fmt: skip
    issue = read(site, key)
    assert issue.summary == f"{site.prefix}all"
    assert issue.words == words_of(PROSE)
    assert issue.assignee is not None
    assert issue.assignee.id == vanessa.id
    assert (issue.due, issue.start) == (LEAP_DAY, LEAP_DAY)
    assert issue.priority == priority.priorities[0]


@pytest.mark.parametrize("words", WORDS)
def test_words_come_back_as_they_were_sent(site: Site, words: str) -> None:
    prose = (Heading(words), Paragraph(words), Bullets((words, "x")), Checklist(("y", words)),
             Code(words, "yaml"), Table(((words, "z"), ("", words))))  # fmt: skip
    key = one(site, summary=site.prefix + words, description=prose)
    issue = read(site, key)
    assert issue.summary == site.prefix + words
    assert issue.words == words_of(prose)


def test_blocks_without_words_are_left_out(site: Site) -> None:
    prose = (Heading(""), Paragraph(" "), Bullets(("",)), Checklist(("", "le reste")), Bullets(()))
    assert read(site, one(site, description=prose)).words == "le reste"
    assert read(site, one(site, description=(Paragraph(""),))).words == ""


def test_children_stand_below_their_epic_in_both_projects_and_in_a_team_managed_one(
    site: Site,
) -> None:
    projects = list(dict.fromkeys([site.marketing, site.it, site.team]))
    site.tracker.survey(projects, [], site.label)
    epic = created(site, draft(site, "epic", kind="epic"))["epic"]
    assert read(site, epic).kind == "epic"
    for project in (site.marketing, site.it):
        key = created(site, draft(site, project, project=project, parent=epic))[project]
        assert (read(site, key).parent, read(site, key).kind) == (epic, "task")
    own = created(site, draft(site, "own", kind="epic", project=site.team))["own"]
    child = created(site, draft(site, "child", project=site.team, parent=own, due=LEAP_DAY))
    assert read(site, child["child"]).parent == own
    assert read(site, child["child"]).due == LEAP_DAY


def test_what_one_draft_is_refused_for_does_not_stop_the_others(site: Site) -> None:
    survey(site)
    drafts = [draft(site, "a"), draft(site, "b", summary=""), draft(site, "c")]
    made = site.tracker.create(drafts)
    assert set(made.keys) == {"a", "c"}
    (failure,) = made.failures
    assert failure.ref == "b"
    assert any("summary" in reason for reason in failure.reasons)
    assert read(site, made.keys["c"]).summary == f"{site.prefix}c"


def test_all_refused_is_told_for_each_and_nothing_is_made(site: Site) -> None:
    survey(site)
    made = site.tracker.create([draft(site, ref, assignee="nobody-of-that-id") for ref in "ab"])
    assert made.keys == {}
    assert [failure.ref for failure in made.failures] == ["a", "b"]
    assert all(failure.reasons for failure in made.failures)


def test_more_than_fifty_drafts_go_out_in_calls_of_fifty(site: Site) -> None:
    survey(site)
    refs = [f"n{number}" for number in range(53)]
    drafts = [draft(site, ref) for ref in refs]
    drafts[51] = replace(drafts[51], fields={"summary": ""})
    made = site.tracker.create(drafts)
    assert set(made.keys) == set(refs) - {"n51"}
    assert [failure.ref for failure in made.failures] == ["n51"]
    issues = site.tracker.read(made.keys.values())
    assert all(issues[key].summary == f"{site.prefix}{ref}" for ref, key in made.keys.items())
    assert len(issues) == 52


def test_nothing_to_create_is_nothing_done(site: Site) -> None:
    survey(site)
    assert site.tracker.create([]).keys == {}
    site.tracker.link([])
    assert site.tracker.read([]) == {}


def test_an_edit_writes_its_fields_and_memory_and_leaves_the_rest(site: Site) -> None:
    (vanessa,) = survey(site, "Vanessa").accounts["vanessa"]
    key = created(site, draft(site, "x", description=PROSE, assignee=vanessa.id, due=LEAP_DAY))["x"]
    before = read(site, key)
    later = LEAP_DAY.replace(day=1)
    site.tracker.edit(Edit(key, {"due": later, "assignee": None}, {"n": 2}), quietly=False)
    after = read(site, key)
    wanted = replace(before, due=later, assignee=None, memory={"n": 2})
    assert after == replace(wanted, updated=after.updated)


def test_a_field_is_emptied_by_writing_nothing(site: Site) -> None:
    key = one(site, description=PROSE, due=LEAP_DAY, start=LEAP_DAY)
    site.tracker.edit(Edit(key, {"description": (), "due": None, "start": None}, {}), quietly=False)
    issue = read(site, key)
    assert (issue.words, issue.due, issue.start, issue.memory) == ("", None, None, {})


def test_a_quiet_edit_is_written_with_the_right_and_refused_whole_without_it(site: Site) -> None:
    rights = survey(site).rights[site.marketing]
    assert rights is not None
    if "ADMINISTER_PROJECTS" not in rights:
        pytest.skip("this account does not administer the project")
    key = one(site)
    site.tracker.edit(Edit(key, {"due": LEAP_DAY}, {"n": 1}), quietly=True)
    assert read(site, key).due == LEAP_DAY
    site.take_right("ADMINISTER_PROJECTS", site.marketing)
    assert "ADMINISTER_PROJECTS" not in (survey(site).rights[site.marketing] or ())
    with pytest.raises(SiteError):
        site.tracker.edit(Edit(key, {"due": None}, {"n": 2}), quietly=True)
    assert (read(site, key).due, read(site, key).memory) == (LEAP_DAY, {"n": 1})
    site.tracker.edit(Edit(key, {"due": None}, {"n": 3}), quietly=False)
    assert (read(site, key).due, read(site, key).memory) == (None, {"n": 3})


def test_an_edit_that_is_refused_changes_neither_fields_nor_memory(site: Site) -> None:
    key = one(site, due=LEAP_DAY)
    wrong = Edit(key, {"due": None, "assignee": "nobody-of-that-id"}, {"n": 2})
    with pytest.raises(SiteError):
        site.tracker.edit(wrong, quietly=False)
    assert (read(site, key).due, read(site, key).memory) == (LEAP_DAY, MEMORY)


def test_memory_alone_is_written_and_read_as_json(site: Site) -> None:
    key = one(site)
    before = read(site, key)
    site.tracker.remember(key, {"children": {"a": "MKT-2"}, "n": 1.5, "no": None, "é": "😀"})
    site.tracker.remember(key, {"children": {}, "yes": True})
    assert read(site, key) == replace(before, memory={"children": {}, "yes": True})


def test_what_is_gone_can_be_neither_edited_nor_remembered_nor_linked(site: Site) -> None:
    key = one(site)
    gone = f"{site.marketing}-999999"
    with pytest.raises(SiteError):
        site.tracker.edit(Edit(gone, {"due": None}, {}), quietly=False)
    with pytest.raises(SiteError):
        site.tracker.remember(gone, {})
    with pytest.raises(SiteError):
        site.tracker.link([(key, gone)])


def test_a_blocks_b_and_not_the_other_way_round(site: Site) -> None:
    survey(site)
    keys = created(site, draft(site, "a"), draft(site, "b", project=site.it))
    a, b = keys["a"], keys["b"]
    site.tracker.link([(a, b)])
    assert read(site, a).blocks == {b}
    assert read(site, b).blocks == frozenset()
    assert read(site, a).blocked_by == frozenset()
    assert read(site, b).blocked_by == {a}
    c = created(site, draft(site, "c"))["c"]
    site.tracker.link([(b, c)])
    assert read(site, b).blocks == {c}
    assert read(site, a).blocks == {b}


def test_linking_again_makes_no_second_link_and_the_way_back_is_another(site: Site) -> None:
    survey(site)
    keys = created(site, *(draft(site, ref) for ref in "abcdefghij"))
    pairs = [(keys[x], keys[y]) for x, y in zip("abcdefghi", "bcdefghij", strict=True)]
    site.tracker.link(pairs)
    before = site.tracker.read(keys.values())
    site.tracker.link(pairs)
    assert site.tracker.read(keys.values()) == before
    assert all(before[a].blocks == {b} for a, b in pairs)
    site.tracker.link([(keys["j"], keys["i"])])
    assert read(site, keys["j"]).blocks == {keys["i"]}
    assert read(site, keys["i"]).blocks == {keys["j"]}
