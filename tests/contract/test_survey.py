"""Everything that a creation depends on, gathered before the first write."""

import pytest

from bridge.team import Person
from bridge.tracker import FIELDS
from tests.contract.making import LEAP_DAY, created, draft, one, read, survey
from tests.contract.sites import Site

NEEDED = {"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "ASSIGN_ISSUES", "LINK_ISSUES",
          "ADD_COMMENTS", "TRANSITION_ISSUES"}  # fmt: skip


def test_it_says_who_we_are_and_what_we_may_do_in_each_project(site: Site) -> None:
    seen = survey(site)
    assert seen.me.id
    assert seen.me.active
    for project in (site.marketing, site.it):
        assert (seen.rights[project] or frozenset()) >= NEEDED
    assert site.tracker.link_type in seen.link_types


@pytest.mark.parametrize("right", ["LINK_ISSUES", "ADD_COMMENTS", "TRANSITION_ISSUES"])
def test_a_right_that_is_missing_is_missed_in_its_project_only(site: Site, right: str) -> None:
    site.take_right(right, site.it)
    seen = survey(site)
    assert right not in (seen.rights[site.it] or ())
    assert right in (seen.rights[site.marketing] or ())


def test_a_project_that_cannot_be_seen_has_no_rights_and_the_others_are_surveyed(
    site: Site,
) -> None:
    people = [(site.person("Vanessa"), "NOPE"), (site.person("Camille"), site.marketing)]
    seen = site.tracker.survey([site.marketing, "NOPE"], people, site.label)
    assert seen.rights["NOPE"] is None
    assert seen.rights[site.marketing]
    assert seen.forms[site.marketing, "task"] is not None
    assert "NOPE" not in seen.newest
    assert seen.accounts["vanessa"] == ()
    assert len(seen.accounts["camille"]) == 1
    site.take_right("BROWSE_PROJECTS", site.it)
    assert survey(site).rights[site.it] is None


@pytest.mark.parametrize("which", ["marketing", "team"], ids=["company-managed", "team-managed"])
def test_an_epic_and_a_task_can_be_created_with_every_field(site: Site, which: str) -> None:
    if (which, site.flavour) == ("team", "datacenter"):
        pytest.skip("Data Center has no team-managed projects")
    project = getattr(site, which)
    seen = site.tracker.survey([project], [], site.label)
    for kind in ("epic", "task"):
        form = seen.forms[project, kind]
        assert form is not None
        assert form.settable == set(FIELDS)
        assert (form.absent, form.unfilled) == ((), ())
        assert len(form.start_fields) == 1
        assert len(form.priorities) >= 3


def test_a_field_off_the_screen_is_absent_where_it_is_indispensable(site: Site) -> None:
    site.hide(site.it, "due")
    site.hide(site.it, "priority")
    form = survey(site).forms[site.it, "task"]
    assert form is not None
    assert form.absent == ("duedate",)
    assert form.settable == set(FIELDS) - {"due", "priority"}
    other = survey(site).forms[site.marketing, "task"]
    assert other is not None
    assert other.absent == ()


def test_a_required_field_that_nobody_fills_is_named(site: Site) -> None:
    site.require_budget(site.marketing)
    form = survey(site).forms[site.marketing, "task"]
    assert form is not None
    assert form.unfilled == ("Budget",)
    made = site.tracker.create([draft(site, "a")])
    assert made.keys == {}
    assert len(made.failures) == 1


# --- the start date ------------------------------------------------------------------------------


def test_a_start_date_is_known_by_name_and_type(site: Site) -> None:
    other = site.add_start_field("Start date", "text")
    form = survey(site).forms[site.marketing, "task"]
    assert form is not None
    assert other not in dict(form.start_fields)
    assert "start" in form.settable
    key = created(site, draft(site, "a", start=LEAP_DAY))["a"]
    assert read(site, key).start == LEAP_DAY


def test_two_start_dates_are_named_and_neither_is_set_until_one_is_chosen(site: Site) -> None:
    other = site.add_start_field("Start date", "date")
    form = survey(site).forms[site.marketing, "task"]
    assert form is not None
    assert {name for _, name in form.start_fields} == {"Start date"}
    assert len(form.start_fields) == 2
    assert "start" not in form.settable
    site.tracker = site.with_start_field(other)
    form = survey(site).forms[site.marketing, "task"]
    assert form is not None
    assert form.start_fields == ((other, "Start date"),)
    assert read(site, one(site, start=LEAP_DAY)).start == LEAP_DAY


def test_without_a_start_date_field_nothing_else_is_missing(site: Site) -> None:
    for project in (site.marketing, site.it):
        site.hide(project, "start")
    form = survey(site).forms[site.marketing, "task"]
    assert form is not None
    assert form.start_fields == ()
    assert form.settable == set(FIELDS) - {"start"}


# --- people ----------------------------------------------------------------------------------------


def test_people_are_found_by_their_e_mail_and_can_be_assigned(site: Site) -> None:
    (camille,) = survey(site, "Camille").accounts["camille"]
    assert camille.active
    key = created(site, draft(site, "a", assignee=camille.id))["a"]
    assert read(site, key).assignee == camille


def test_who_left_or_may_not_be_assigned_there_is_not_found(site: Site) -> None:
    site.deactivate("Nadia")
    site.shut_out("Jonathan", site.marketing)
    seen = survey(site, "Nadia", "Jonathan", "Camille")
    assert seen.accounts["nadia"] == ()
    assert seen.accounts["jonathan"] == ()
    assert len(seen.accounts["camille"]) == 1


def test_who_works_in_two_projects_must_be_assignable_in_both(site: Site) -> None:
    site.shut_out("Jonathan", site.it)
    jonathan, camille = site.person("Jonathan"), site.person("Camille")
    people = [(p, project) for p in (jonathan, camille) for project in (site.marketing, site.it)]
    seen = site.tracker.survey([site.marketing, site.it], people, site.label)
    assert seen.accounts["jonathan"] == ()
    assert len(seen.accounts["camille"]) == 1


def test_an_exact_e_mail_is_not_mistaken_for_one_that_begins_alike(site: Site) -> None:
    site.add_person("Camille bis", "camille@boutique.example.org")
    (camille,) = survey(site, "Camille").accounts["camille"]
    assert camille.name == "Camille"


def test_somebody_nobody_knows_is_nobody(site: Site) -> None:
    stranger = Person(id="x", name="X", email="nobody@nowhere.example", dc_user="nobody-nowhere")
    seen = site.tracker.survey([site.marketing], [(stranger, site.marketing)], site.label)
    assert seen.accounts == {"x": ()}
    nameless = Person(id="y", name="Y")
    seen = site.tracker.survey([site.marketing], [(nameless, site.marketing)], site.label)
    assert seen.accounts == {"y": ()}


def test_the_newest_number_of_each_project_is_told(site: Site) -> None:
    survey(site)
    keys = created(site, *(draft(site, ref) for ref in "abc"))
    site.settle()
    newest = survey(site).newest
    assert newest[site.marketing] == int(keys["c"].rpartition("-")[2])
    assert set(newest) == {site.marketing, site.it}
