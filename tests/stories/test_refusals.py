"""Bad input and a site that is not ready: one clear answer, every problem at once, nothing written."""

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop

pytestmark = BOTH_FLAVOURS

MKT_TASK = {"type_name": "Task"}


def refused(shop: Shop, *more: str, code: int = 3, **how: str) -> str:
    """What a create says when it refuses; nothing was written."""
    result = shop.create(*more, **how)
    assert result.code == code, result.err
    assert shop.written() == []
    assert not shop.issues()
    assert "Traceback" not in result.err
    return result.err


def test_a_launch_that_is_no_date(shop: Shop) -> None:
    assert "write it such as 2027-03-31" in refused(shop, code=2, launch="27/02/2027")
    assert "write it such as 2027-03-31" in refused(shop, code=2, launch="2027-02-29")


def test_steps_already_past_are_listed_with_how_late_they_are(shop: Shop) -> None:
    said = refused(shop, code=5, launch="2027-01-15")
    assert "Rédiger le brief" in said
    assert "11 days ago" in said
    assert "Lancer" not in said
    said = refused(shop, code=5, launch="2026-12-01")
    assert "launch Tue, Dec 1, 2026 lies in the past" in said.replace(
        "Tue 1 Dec 2026", "Tue, Dec 1, 2026"
    )


def test_what_lies_in_the_past_is_counted_as_dates(shop: Shop) -> None:
    """The launch and the milestones are no steps."""
    said = refused(shop, code=5, launch="2026-12-01")
    listed = said.count("[E-PAST]")
    assert f"{listed} dates lie in the past" in said
    assert "steps lie in the past" not in said


def test_an_unfit_id_is_blamed_and_not_the_name(shop: Shop) -> None:
    said = refused(shop, "--id", "A_B")
    assert "“A_B” is no id" in said
    assert "--id noel-2026" in said
    assert "Noël" not in said
    assert "“🎄” gives no id" in refused(shop, name="🎄")


def test_a_missing_right_is_named_as_jira_names_it_in_either_language(shop: Shop) -> None:
    shop.box.site.jira.setup.revoke("bridge@boutique.example", "EDIT_ISSUES", "MKT")
    assert "Edit Issues" in refused(shop)
    assert "Modifier des tickets (Edit Issues)" in refused(shop, lang="fr")


def test_an_unknown_template_a_role_a_person_with_the_near_miss(shop: Shop) -> None:
    result = shop.bridge("campaign", "create", "smal", "--name", "x", "--launch", "2027-02-26")
    assert result.code == 3
    assert "Did you mean “small”" in result.err
    said = refused(shop, "--owner", "itt=nadia", "--owner", "it=nadja", "--lead", "vanesa")
    for near in ("“it”", "“nadia”", "“vanessa”"):
        assert f"Did you mean {near}" in said


def test_a_parameter_unknown_wrong_or_missing(shop: Shop) -> None:
    season = ("campaign", "create", "seasonal-campaign", "--name", "x", "--launch", "2027-06-30")
    result = shop.bridge(*season)
    assert result.code == 3
    assert result.err.count("[E-PARAM-MISSING]") == 2
    result = shop.bridge(*season, "--param", "plan_b_product=x")
    assert result.code == 3
    assert "Did you mean “plan_b_products”" in result.err
    site = ("campaign", "create", "website", "--name", "x", "--launch", "2027-06-30")
    result = shop.bridge(*site, "--param", "variant=creatoin", "--param", "soft_launch=soonish")
    assert result.code == 3
    assert "Did you mean “creation”" in result.err
    assert "neither a date nor an offset" in result.err
    assert not shop.issues()


def test_nobody_and_two_people_for_a_role(shop: Shop) -> None:
    shop.configure("it: nadia, ", "")
    assert "The role “it” is held by nobody" in refused(shop)
    said = refused(shop, "--owner", "it=nadia", "--owner", "it=jonathan")
    assert "[E-MULTI-OWNER]" in said


def test_a_cycle_in_a_template(shop: Shop) -> None:
    file = shop.folder / "templates/retroplans/small.yaml"
    file.write_text(file.read_text("utf-8").replace("role: marketing,\n", "role: marketing, needs: [go],\n"), "utf-8")  # fmt: skip
    assert "[E-CYCLE]" in refused(shop)


def test_no_workspace_and_no_settings(shop: Shop) -> None:
    shop.patch.delenv("BRIDGE_TOKEN")
    assert "BRIDGE_TOKEN" in refused(shop)
    (shop.folder / "bridge.yaml").unlink()
    assert "bridge init" in refused(shop)


def test_a_token_never_travels_in_clear_text_to_another_machine(shop: Shop) -> None:
    shop.patch.setenv("BRIDGE_JIRA_URL", "http://boutique.example")
    assert "without encryption" in refused(shop)
    shop.patch.setenv("BRIDGE_JIRA_URL", "https://camille:geheim@boutique.example")
    said = refused(shop)
    assert "geheim" not in said


def test_a_wrong_token(shop: Shop) -> None:
    shop.patch.setenv("BRIDGE_TOKEN", "s3cret-and-wrong")
    said = refused(shop, code=6)
    assert "BRIDGE_EMAIL and BRIDGE_TOKEN" in said
    assert "s3cret" not in said
    assert (
        len([r for r in shop.box.requests if r.status == 401]) == 1
    )  # never retried: it would lock


def test_everything_missing_on_the_site_is_said_at_once(shop: Shop) -> None:
    setup = shop.box.site.jira.setup
    bot = "bridge@boutique.example"
    setup.revoke(bot, "LINK_ISSUES", "IT")
    setup.require("MKT", setup.add_field("Budget").id)
    setup.hide("IT", "duedate")
    setup.remove_link_type("Blocks")
    shop.box.site.people.deactivate("nadia@boutique.example")
    said = refused(shop)
    assert "lacks rights in IT: Link Issues" in said
    assert "Budget" in said
    assert "duedate" in said
    assert "no link type “Blocks”" in said
    assert "Nadia" in said


def test_a_project_that_does_not_exist(shop: Shop) -> None:
    shop.configure("it: IT", "it: NOPE")
    assert "no project NOPE" in refused(shop)


def test_two_start_dates_are_refused_with_both_candidates_unless_one_is_named(shop: Shop) -> None:
    setup = shop.box.site.jira.setup
    first = setup.start_date or setup.add_field("Start date", "date").id  # Data Center has none
    other = setup.add_field("Start date", "date")
    said = refused(shop)
    assert first in said
    assert other.id in said
    shop.configure("  departments:", f"  fields: {{start_date: {first}}}\n  departments:")
    assert shop.create().code == 0


def test_an_absent_start_date_field_is_no_obstacle(shop: Shop) -> None:
    setup = shop.box.site.jira.setup
    if setup.start_date:  # Data Center has none
        setup.remove_field(setup.start_date)
    told = shop.create_json()
    assert "W-START-FIELD" in [finding["code"] for finding in told["findings"]]
    assert shop.issues()[shop.by_step()["go"]].duedate == "2027-02-26"


# --- a site that stumbles ------------------------------------------------------------------------


def test_429_with_retry_after_waits_at_least_so_long_and_goes_on(shop: Shop) -> None:
    shop.box.faults.answer(429, headers={"Retry-After": "7"}, path="/myself")
    assert shop.create().code == 0
    assert shop.slept[0] >= 7


def test_a_create_refused_with_429_waits_as_asked_and_is_made_once(shop: Shop) -> None:
    shop.box.faults.answer(429, headers={"Retry-After": "60"}, path="/issue/bulk", times=2)
    assert shop.create_json()["epic"]
    assert [s for s in shop.slept if s >= 60] == [60, 60]
    assert len(shop.by_step()) == 5


def test_429_without_retry_after_backs_off(shop: Shop) -> None:
    shop.box.faults.answer(429, path="/myself", times=2)
    assert shop.create().code == 0
    first, second = shop.slept[:2]
    assert 1.4 <= first <= 2.6
    assert 2.8 <= second <= 5.2


def test_a_quota_for_an_hour_ends_the_run_instead_of_waiting(shop: Shop) -> None:
    shop.box.faults.answer(
        429,
        headers={"Retry-After": "3600", "RateLimit-Reason": "jira-quota-tenant-based"},
        path="/myself",
    )
    refused(shop, code=6)
    assert sum(shop.slept) < 200


def test_500_is_tried_again_and_then_said(shop: Shop) -> None:
    shop.box.faults.answer(500, path="/myself", times=2)
    assert shop.create().code == 0
    shop.box.faults.answer(500, path="/myself", times=None)
    result = shop.create()
    assert result.code == 6
    assert "500" in result.err


@pytest.mark.parametrize("which", [1, 2], ids=["the epic", "the children"])
@pytest.mark.parametrize("lag", [0, 1_000])
def test_a_connection_that_breaks_after_the_work_was_done(shop: Shop, which: int, lag: int) -> None:
    shop.box.lag.requests = lag
    shop.box.faults.lose_answer(method="POST", path="/issue/bulk", at=which)
    told = shop.create_json()
    steps = shop.by_step()
    assert len(shop.issues()) == 5
    assert told["epic"] == steps[""]
    assert told["links"] == 4
    shop.box.forget_requests()
    assert shop.create_json()["created"] == []
    assert shop.written() == []


def test_a_create_refused_for_load_is_not_repeated_blindly(shop: Shop) -> None:
    shop.box.faults.answer(503, method="POST", path="/issue/bulk", at=2)
    shop.create_json()
    assert len(shop.issues()) == 5


def test_a_lost_link_answer_makes_no_second_link(shop: Shop) -> None:
    shop.box.faults.lose_answer(method="POST", path="/issueLink", times=2)
    shop.create_json()
    assert len(shop.box.site.jira.links_of(shop.by_step()["page"])) == 3


def test_an_unreachable_site_is_one_sentence(shop: Shop) -> None:
    shop.patch.setenv("BRIDGE_JIRA_URL", "http://127.0.0.1:9")
    result = shop.create()
    assert result.code == 6
    assert "cannot be reached" in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("fault", ["html", "login", "truncate"])
def test_a_proxy_or_login_page_in_between_is_named(shop: Shop, fault: str) -> None:
    getattr(shop.box.faults, fault)(path="/myself", times=None)
    result = shop.create()
    assert result.code == 6
    assert "Traceback" not in result.err
    assert not shop.issues()


def test_one_issue_refused_in_bulk_leaves_the_others_and_the_next_run_completes(shop: Shop) -> None:
    """Between preflight and bulk create somebody made a field required in IT."""
    setup = shop.box.site.jira.setup
    field = setup.add_field("Budget")
    shop.box.faults.answer(
        503, method="POST", path="/issue/bulk", at=2
    )  # the pause in which it happens
    sleeping = shop.slept.append
    shop.patch.setattr(
        "bridge.bootstrap.SystemClock.sleep",
        lambda _, s: (sleeping(s), setup.require("IT", field.id))[0],
    )
    result = shop.create()
    assert result.code == 6
    assert "Budget" in result.err
    assert len(shop.issues()) == 4
    setup.require("IT", field.id, required=False)
    shop.patch.setattr("bridge.bootstrap.SystemClock.sleep", lambda _, s: sleeping(s))
    told = shop.create_json()
    assert len(told["created"]) == 1
    assert len(shop.by_step()) == 5


def test_a_file_that_cannot_be_written_is_one_sentence(shop: Shop) -> None:
    nowhere = shop.folder / "nowhere" / "x.html"
    result = shop.bridge("month", "preview", "2027-02", "--out", str(nowhere))
    assert (result.code, str(nowhere) in result.err) == (3, True)
    (shop.folder / "file").write_text("mine", "utf-8")
    result = shop.bridge("init", str(shop.folder / "file" / "shop"))
    assert (result.code, "cannot be used" in result.err) == (3, True)
    result = shop.bridge("demo", "--exit", "--out", str(shop.folder / "file" / "demo"))
    assert (result.code, "cannot be used" in result.err) == (3, True)


def test_a_preview_replaces_its_file_whole(shop: Shop) -> None:
    out = shop.folder / "x.html"
    assert shop.bridge("month", "preview", "2027-01", "--out", str(out)).code == 0
    old = out.read_text("utf-8")
    assert shop.bridge("month", "preview", "2027-02", "--out", str(out)).code == 0
    assert out.read_text("utf-8") != old
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert [p.name for p in shop.folder.iterdir() if p.name.startswith(".x")] == []
    assert shop.bridge("month", "preview", "2027-02", "--out", "/dev/null").code == 0


@pytest.mark.parametrize("command", ["campaign", "month"])
def test_a_bridge_folder_that_cannot_be_used_is_one_sentence(shop: Shop, command: str) -> None:
    (shop.folder / ".bridge").write_text("mine", "utf-8")
    result = shop.create() if command == "campaign" else shop.bridge("month", "publish", "2027-02")
    assert (result.code, ".bridge cannot be used" in result.err) == (3, True)
    assert shop.written() == []


def test_a_damaged_journal_stops_a_campaign_before_anything_is_written(shop: Shop) -> None:
    shop.create_json()
    journal = shop.folder / ".bridge" / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"kind": "intent"', b'"kind": "in', 1))
    shop.box.forget_requests()
    result = shop.create()
    assert (result.code, "journal.jsonl:1:1" in result.err) == (5, True)
    assert shop.written() == []
    journal.write_bytes(whole)
    assert shop.create().code == 0
