"""Searching the index, and reading the store behind it."""

from datetime import timedelta

import pytest

from bridge.prose import Paragraph
from tests.contract.making import LEAP_DAY, created, draft, found, one, read, survey
from tests.contract.sites import Site


def test_more_than_a_hundred_issues_are_found_each_once_in_order(site: Site) -> None:
    survey(site)
    keys = created(site, *(draft(site, f"n{n}") for n in range(123)))
    site.settle()
    assert found(site) == list(keys.values())


def test_found_issues_are_those_that_the_store_has(site: Site) -> None:
    (vanessa,) = survey(site, "Vanessa").accounts["vanessa"]
    first = created(site, draft(site, "a", due=LEAP_DAY, start=LEAP_DAY, assignee=vanessa.id))["a"]
    second = created(site, draft(site, "b"))["b"]
    site.tracker.link([(first, second)])
    site.settle()
    seen = site.tracker.search(f'project = "{site.marketing}" AND labels = "{site.label}"')
    assert {issue.key: issue for issue in seen} == site.tracker.read([first, second])


def test_a_search_keeps_to_its_days_the_29th_of_february_too(site: Site) -> None:
    survey(site)
    days = {"before": LEAP_DAY - timedelta(1), "on": LEAP_DAY, "after": LEAP_DAY + timedelta(1)}
    keys = created(site, *(draft(site, ref, due=day) for ref, day in days.items()))
    undated = created(site, draft(site, "undated"))["undated"]
    site.settle()
    on = f' AND duedate >= "{LEAP_DAY}" AND duedate <= "{LEAP_DAY}"'
    assert found(site, on) == [keys["on"]]
    assert found(site, f' AND duedate < "{LEAP_DAY}"') == [keys["before"]]
    assert found(site, " AND duedate is EMPTY") == [undated]


def test_stamps_tell_what_changed_in_the_last_minutes(site: Site) -> None:
    survey(site)
    keys = created(site, draft(site, "a", due=LEAP_DAY), draft(site, "b"))
    site.settle()
    query = f'project = "{site.marketing}" AND labels = "{site.label}"'
    recent = f"{query} AND updated >= -7m ORDER BY updated, key"
    first, second = site.tracker.stamps(recent)
    store = site.tracker.read(keys.values())
    told = {stamp.key: (stamp.updated, stamp.due) for stamp in (first, second)}
    assert told == {key: (issue.updated, issue.due) for key, issue in store.items()}
    site.tracker.comment(keys["a"], (Paragraph("oui"),))
    site.settle()
    other, last = site.tracker.stamps(recent)
    assert (other, last.key) == (second, keys["a"])
    assert last.updated > second.updated
    assert site.tracker.stamps(f'{query} AND duedate < "{LEAP_DAY}"') == []


def test_minutes_before_now_are_those_of_the_site(site: Site) -> None:
    survey(site)
    old = created(site, draft(site, "old"))["old"]
    site.pass_time(timedelta(minutes=10))
    new = created(site, draft(site, "new"))["new"]
    site.settle()
    query = f'project = "{site.marketing}" AND labels = "{site.label}" AND updated >='
    assert [stamp.key for stamp in site.tracker.stamps(f"{query} -7m")] == [new]
    every = site.tracker.stamps(f'{query} "-12m" ORDER BY key')
    assert [stamp.key for stamp in every] == [old, new]


def test_epics_and_the_issues_below_them_are_found_under_a_condition(site: Site) -> None:
    survey(site)
    keys = created(site, draft(site, "one", kind="epic"), draft(site, "two", kind="epic"))
    one_below, day = keys["one"], LEAP_DAY - timedelta(1)
    late = created(site, draft(site, "late", parent=one_below, due=LEAP_DAY))["late"]
    other = created(site, draft(site, "x", parent=keys["two"], project=site.it, due=day))["x"]
    undated = created(site, draft(site, "undated", parent=one_below))["undated"]
    site.settle()
    tracker, label = site.tracker, f'labels = "{site.label}"'
    assert [i.key for i in tracker.epics(site.marketing, label)] == list(keys.values())
    assert tracker.epics(site.it, label) == []
    dated = f'duedate <= "{LEAP_DAY}"'
    assert [i.key for i in tracker.children(list(keys.values()), dated)] == [other, late]
    assert [i.key for i in tracker.children([one_below], "duedate is EMPTY")] == [undated]
    assert tracker.children([], dated) == []


def test_nothing_found_is_an_empty_list(site: Site) -> None:
    assert found(site) == []


def test_the_index_may_lag_behind_and_the_store_never_does(site: Site) -> None:
    survey(site)
    known = created(site, draft(site, "known"))["known"]
    site.settle()
    site.freeze_index()
    new = created(site, draft(site, "new"))["new"]
    site.rename_issue(known, "Renommé")
    assert found(site) == [known]
    assert read(site, new).key == new
    assert read(site, known).summary == "Renommé"
    assert [i.key for i in site.tracker.created_since(site.marketing, 0)] == [known, new]
    assert survey(site).labelled == (known,)
    assert survey(site).newest[site.marketing] == int(known.rpartition("-")[2])
    site.settle()
    assert found(site) == [known, new]
    assert set(survey(site).labelled) == {known, new}


def test_what_does_not_exist_is_left_out_and_the_rest_is_read(site: Site) -> None:
    key = one(site)
    gone = f"{site.marketing}-999999"
    assert set(site.tracker.read([gone, key, key, "NOPE-1"])) == {key}


def test_more_than_a_hundred_keys_are_read(site: Site) -> None:
    survey(site)
    keys = created(site, *(draft(site, f"n{n}") for n in range(101)))
    assert set(site.tracker.read(keys.values())) == set(keys.values())


def test_what_was_created_since_a_number_is_read_over_gaps(site: Site) -> None:
    survey(site)
    keys = list(created(site, *(draft(site, f"n{n}") for n in range(30))).values())
    created(site, draft(site, "elsewhere", project=site.it))
    floor = int(keys[0].rpartition("-")[2])
    for key in keys[3:25]:
        site.delete_issue(key)
    seen = [issue.key for issue in site.tracker.created_since(site.marketing, floor)]
    assert seen == [*keys[1:3], *keys[25:]]
    assert site.tracker.created_since(site.marketing, floor + 29) == []


def test_damaged_memory_is_handed_over_as_it_stands(site: Site) -> None:
    key = one(site)
    site.damage(key, ["no", "memory"])
    assert read(site, key).memory == ["no", "memory"]


@pytest.mark.parametrize("number", [1, 12])
def test_an_issue_has_an_address_on_the_site(site: Site, number: int) -> None:
    key = f"{site.marketing}-{number}"
    assert site.tracker.url(key).startswith(site.tracker.site)
    assert key in site.tracker.url(key)
