"""The doctor against the sandbox: a healthy shop has no errors; each thing broken gives its finding."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge import bootstrap
from bridge.atlassian.inspection_wire import SITE_RIGHTS
from tests.stories.conftest import Result, Shop

BOT = "bridge@boutique.example"
HEALTHY = {"I-TOKEN-END", "I-SILENT", "I-SPACE-ADMIN", "I-PAGE"}


def look(shop: Shop, *, code: int, **how: Any) -> dict[str, dict[str, str]]:
    """What the doctor finds, by code; the last of each code."""
    result = shop.bridge("doctor", "--format", "json", **how)
    assert result.code == code, result.out + result.err
    assert "Traceback" not in result.err
    return {finding["code"]: finding for finding in result.json["findings"]}


def found_now(shop: Shop, **how: Any) -> set[str]:
    """The codes found beyond those of a healthy shop."""
    return set(look(shop, **how)) - HEALTHY


def test_a_healthy_shop_has_nothing_to_mend_and_nothing_is_written(shop: Shop) -> None:
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 0, result.out
    told = result.json
    assert (told["flavour"], told["version"]) == ("cloud", "1001.0.0-SNAPSHOT")
    assert {finding["code"] for finding in told["findings"]} == HEALTHY
    assert {finding["severity"] for finding in told["findings"]} == {"info"}
    assert all(set(f) == {"code", "severity", "what", "why", "remedy", "where"} for f in told["findings"])  # fmt: skip
    assert all(all(finding.values()) for finding in told["findings"])
    assert shop.written() == []


def test_the_text_says_the_same_in_both_languages(shop: Shop) -> None:
    result = shop.bridge("doctor")
    assert result.code == 0
    assert "Jira Cloud 1001.0.0-SNAPSHOT at http" in result.out
    assert "Signed in as Bridge" in result.out
    assert "All is well." in result.out
    result = shop.bridge("doctor", lang="fr")
    assert "Tout va bien." in result.out
    assert "Connecté en tant que Bridge" in result.out


# --- signing in ------------------------------------------------------------------------------------


def test_a_wrong_token_is_tried_once_and_the_gateway_is_named(shop: Shop) -> None:
    shop.patch.setenv("BRIDGE_TOKEN", "s3cret-and-wrong")
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 1
    assert "s3cret" not in result.out + result.err
    (finding,) = [f for f in result.json["findings"] if f["severity"] == "error"]
    assert finding["code"] == "E-TOKEN"
    cloud_id = shop.box.site.cloud_id
    assert f"BRIDGE_JIRA_URL=https://api.atlassian.com/ex/jira/{cloud_id}" in finding["remedy"]
    assert f"https://api.atlassian.com/ex/confluence/{cloud_id}" in finding["remedy"]
    assert [r.path for r in shop.box.requests if r.status == 401] == ["/rest/api/2/myself"]


def test_a_locked_login_asks_for_a_person(shop: Shop) -> None:
    denied = {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}
    shop.box.faults.answer(403, headers=denied, path="/myself")
    assert "captcha" in look(shop, code=1)["E-CAPTCHA"]["remedy"]


def test_a_missing_scope_is_told_from_a_wrong_token(shop: Shop) -> None:
    lacking = {"X-Failure-Category": "FAILURE_CLIENT_SCOPE_CHECK"}
    shop.box.faults.answer(401, headers=lacking, path="/user/current", times=None)
    said = look(shop, code=1)["E-SCOPE"]
    assert said["where"].startswith("Confluence")
    assert "write:page:confluence" in said["remedy"]
    shop.box.faults.clear()
    shop.box.faults.answer(401, headers=lacking, path="/rest/api/2/project/search", times=None)
    assert "read:jira-work" in look(shop, code=1)["E-SCOPE"]["remedy"]


def test_cloud_without_an_email(shop: Shop) -> None:
    shop.patch.delenv("BRIDGE_EMAIL")
    assert look(shop, code=1)["E-EMAIL"]["remedy"] == "Set BRIDGE_EMAIL."


# --- the line ----------------------------------------------------------------------------------------


def test_an_unreachable_site_still_gets_its_local_check(shop: Shop) -> None:
    shop.patch.setenv("BRIDGE_JIRA_URL", "http://127.0.0.1:9")
    (shop.folder / "templates/retroplans/small.yaml").write_text("format: nonsense\n", "utf-8")
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 6
    assert (result.json["flavour"], result.json["version"]) == (None, None)
    codes = [finding["code"] for finding in result.json["findings"]]
    assert "E-UNREACHABLE" in codes
    assert "E-TEMPLATE" in codes


def test_confluence_out_of_reach_does_not_hide_what_jira_says(shop: Shop) -> None:
    shop.box.site.jira.setup.revoke(BOT, "LINK_ISSUES", "IT")
    shop.box.faults.html(path="/wiki/", times=None)
    said = look(shop, code=6)
    assert {"E-ANSWER", "E-RIGHTS"} <= set(said)
    assert said["E-ANSWER"]["where"].startswith("Confluence, http")


def test_one_refused_question_does_not_stop_the_others(shop: Shop) -> None:
    shop.box.faults.answer(403, path="/statuses", times=None)
    shop.box.faults.answer(500, path="/content/.*/restriction", times=None)
    shop.box.site.confluence.create("Calendrier marketing", "<p>x</p>", by="Camille")
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 0
    unchecked = [f["what"] for f in result.json["findings"] if f["code"] == "W-UNCHECKED"]
    assert len(unchecked) == 2
    assert "the statuses" in unchecked[0]


def test_a_clock_that_is_wrong(shop: Shop) -> None:
    real = bootstrap.SystemClock.now

    def fast(clock: bootstrap.SystemClock) -> datetime:
        return real(clock) + timedelta(minutes=10)

    shop.patch.setattr(bootstrap.SystemClock, "now", fast)
    assert "10 minutes ahead" in look(shop, code=0)["W-CLOCK"]["what"]


# --- rights, missing and too much --------------------------------------------------------------------


def test_rights_that_are_missing_name_the_project(shop: Shop) -> None:
    shop.box.site.jira.setup.revoke(BOT, "LINK_ISSUES", "IT")
    said = look(shop, code=1)["E-RIGHTS"]
    assert "IT: Link Issues" in said["what"]
    assert said["where"] == "Jira, project IT"


def test_who_may_not_comment_could_answer_no_request(shop: Shop) -> None:
    shop.box.site.jira.setup.revoke(BOT, "ADD_COMMENTS", "IT")
    assert "E-COMMENTS" not in look(shop, code=0)  # only epics and requests are commented
    shop.box.site.jira.setup.revoke(BOT, "ADD_COMMENTS", "MKT")
    said = look(shop, code=1)["E-COMMENTS"]
    assert said["where"] == "Jira, project MKT"
    assert "Add Comments" in said["remedy"]


def test_who_may_move_no_issue_leaves_approvals_open(shop: Shop) -> None:
    shop.box.site.jira.setup.revoke(BOT, "TRANSITION_ISSUES", "IT")
    said = look(shop, code=0)["W-TRANSITIONS"]
    assert said["where"] == "Jira, project IT"
    assert "Transition Issues" in said["remedy"]


def test_a_project_that_cannot_be_seen(shop: Shop) -> None:
    shop.configure("it: IT", "it: NOPE")
    said = look(shop, code=1)["E-PROJECT"]
    assert said["where"] == "bridge.yaml: jira.projects"


def test_without_the_right_to_administer_the_mails_are_announced(shop: Shop) -> None:
    shop.box.site.jira.setup.make_project_admin(BOT, "IT", admin=False)
    said = look(shop, code=0)
    assert "Changes in IT" in said["I-MAILS"]["what"]
    assert "I-SILENT" not in said


@pytest.mark.parametrize("right", SITE_RIGHTS)
def test_an_administrator_of_the_site_is_too_much(shop: Shop, right: str) -> None:
    shop.box.site.people.allow(BOT, right)
    found = found_now(shop, code=0)
    assert "W-SITE-ADMIN" in found
    assert ("W-WIKI-ADMIN" in found) == (right == "ADMINISTER")


def test_projects_and_spaces_beyond_the_list_are_too_much(shop: Shop) -> None:
    site = shop.box.site
    for key in ("HR", "LAW", "SECRET"):
        site.jira.setup.add_project(key, key, lead="Camille")
    for right in ("CREATE_ISSUES", "EDIT_ISSUES"):
        site.jira.setup.revoke(BOT, right, "LAW")
    site.jira.setup.revoke(BOT, "BROWSE_PROJECTS", "SECRET")
    for key in ("HR", "LAW"):
        site.confluence.add_space(key, key, by="Camille")
    for operation in ("create", "update"):
        site.confluence.spaces.revoke(BOT, operation, "LAW")
    said = look(shop, code=0)
    assert "1 project that bridge.yaml does not name: HR" in said["W-OTHER-PROJECTS"]["what"]
    assert "1 space that bridge.yaml does not name: HR" in said["W-OTHER-SPACES"]["what"]


# --- screens, links, statuses ------------------------------------------------------------------------


def test_screens_and_required_fields(shop: Shop) -> None:
    setup = shop.box.site.jira.setup
    setup.require("MKT", setup.add_field("Budget").id, type_name="Task")
    setup.hide("IT", "duedate")
    setup.hide("IT", "priority")
    said = look(shop, code=1)
    assert "Budget" in said["E-REQUIRED-FIELD"]["what"]
    assert said["E-REQUIRED-FIELD"]["where"] == "Jira, project MKT, create screen of Task"
    assert "due date (duedate)" in said["E-SCREEN"]["what"]
    assert "lacks: priority" in said["W-FIELD"]["what"]


def test_an_ambiguous_start_date_is_said_once_for_all_screens(shop: Shop) -> None:
    other = shop.box.site.jira.setup.add_field("Start date", "date")
    result = shop.bridge("doctor", "--format", "json")
    (said,) = [f for f in result.json["findings"] if f["code"] == "E-START-DATE"]
    assert "customfield_10015" in said["what"]
    assert other.id in said["what"]
    assert "Epic in MKT" in said["where"]
    shop.configure("  departments:", "  fields: {start_date: customfield_10999}\n  departments:")
    assert "customfield_10999" in look(shop, code=0)["W-START-FIELD"]["what"]


def test_a_site_without_a_start_date_or_a_link_type(shop: Shop) -> None:
    setup = shop.box.site.jira.setup
    setup.remove_field("customfield_10015")
    setup.rename_link_type("Blocks", name="Bloks")
    said = look(shop, code=1)
    assert "start date" in said["W-FIELD"]["what"]
    assert "Bloks" in said["E-LINK-TYPE"]["remedy"]


def test_an_issue_type_that_a_project_lacks(shop: Shop) -> None:
    shop.configure("  departments:", "  issue_types: {task: Chore}\n  departments:")
    assert "no issue type for a task" in look(shop, code=1)["E-ISSUE-TYPE"]["what"]


def test_statuses_that_do_not_exist_with_the_near_miss(shop: Shop) -> None:
    shop.configure("  departments:", "  statuses: {done: [Dome, Terminé], blocked: [Bloqué, Blocked]}\n  departments:")  # fmt: skip
    said = look(shop, code=0)["W-STATUS"]
    assert said["where"] == "bridge.yaml: jira.statuses.done"
    assert "Done" in said["remedy"]


# --- people ------------------------------------------------------------------------------------------


def test_people_inactive_unknown_and_not_assignable(shop: Shop) -> None:
    site = shop.box.site
    nadia = site.people.find("Nadia").account_id
    shop.configure("email: nadia@boutique.example", f'account: "{nadia}"')
    shop.configure("email: camille@boutique.example", "email: kamille@boutique.example")
    site.people.deactivate("Nadia")
    site.jira.setup.revoke("Jonathan", "ASSIGNABLE_USER", "MKT")
    said = look(shop, code=1)
    assert said["E-PERSON-INACTIVE"]["where"] == "bridge.yaml: people.nadia"
    assert said["E-PERSON"]["where"] == "bridge.yaml: people.camille"
    assert "Jonathan cannot be assigned in MKT" in said["E-PERSON-PROJECT"]["what"]


def test_somebody_of_whom_nothing_says_who_they_are(shop: Shop) -> None:
    shop.configure("{name: Nadia, email: nadia@boutique.example}", "{name: Nadia}")
    assert look(shop, code=1)["E-PERSON-NOBODY"]["where"] == "bridge.yaml: people.nadia"


def test_roles_vacant_and_unused(shop: Shop) -> None:
    shop.configure("photo: camille", "foto: camille")
    said = look(shop, code=0)
    assert "photo" in said["W-ROLE-VACANT"]["what"]
    assert "photo-shoot" in said["W-ROLE-VACANT"]["why"]
    assert "photo" in said["I-ROLE-UNUSED"]["remedy"]


# --- the calendar ------------------------------------------------------------------------------------


def test_the_space_and_the_rights_there(shop: Shop) -> None:
    shop.box.site.confluence.spaces.revoke(BOT, "create", "MKT")
    assert "add pages" in look(shop, code=1)["E-SPACE-RIGHTS"]["what"]
    shop.configure("space: MKT", "space: MTK")
    assert "MKT" in look(shop, code=1)["E-SPACE"]["remedy"]


def test_who_cannot_read_the_calendar(shop: Shop) -> None:
    wiki = shop.box.site.confluence
    page = wiki.create("Calendrier marketing", "<p>x</p>", by="Camille")
    assert found_now(shop, code=0) == set()
    wiki.restrict(page.id, "read", ["Camille", "Bridge", "Nadia", "Jonathan"])
    said = look(shop, code=0)["W-PAGE-READERS"]
    assert said["what"].endswith("cannot read “Calendrier marketing”: Vanessa.")
    wiki.restrict(page.id, "update", ["Camille"])
    assert "E-PAGE-RIGHTS" in look(shop, code=1)
    wiki.archive(page.id)
    assert "E-PAGE" in look(shop, code=1)


def test_a_restriction_further_up_hides_the_calendar_too(shop: Shop) -> None:
    wiki = shop.box.site.confluence
    above = wiki.create("Marketing only", "<p>x</p>", by="Camille")
    wiki.create("Calendrier marketing", "<p>x</p>", by="Camille", parent=above.id)
    wiki.restrict(above.id, "read", ["Camille", "Bridge", "Vanessa", "Nadia"])
    assert "“Marketing only”: Jonathan" in look(shop, code=0)["W-PAGE-READERS"]["what"]


def test_a_space_that_only_named_people_may_read(shop: Shop) -> None:
    spaces = shop.box.site.confluence.spaces
    closed = spaces.by_key("MKT")
    assert closed is not None
    accounts = [shop.box.site.people.find(who).account_id for who in ("Bridge", "Camille")]
    spaces.put(type(closed)(**{**vars(closed), "grants": {**closed.grants, "read": accounts}}))
    said = look(shop, code=0)["W-SPACE-READERS"]["what"]
    assert "3 people" in said
    assert "Vanessa" in said


# --- at home -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "finding", "code"),
    [("2999-12-31", None, 0), ("2020-01-01", "E-TOKEN-ENDED", 1)],
)
def test_the_token_s_last_day(shop: Shop, expires: str, finding: str | None, code: int) -> None:
    shop.configure("people:", f"token: {{expires: {expires}}}\npeople:")
    assert set(look(shop, code=code)) == HEALTHY - {"I-TOKEN-END"} | ({finding} if finding else set())  # fmt: skip


def test_observing_is_said(shop: Shop) -> None:
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    assert found_now(shop, code=0) == {"I-OBSERVE"}


def test_a_broken_workspace_is_3_and_the_site_is_looked_at_all_the_same(shop: Shop) -> None:
    shop.configure("space: MKT", "spcae: MKT")
    shop.box.site.people.allow(BOT, "ADMINISTER")
    result = shop.bridge("doctor", "--format", "json")
    assert result.code == 3
    told = result.json
    assert told["flavour"] == "cloud"
    errors = [f for f in told["findings"] if f["code"] == "E-WORKSPACE"]
    assert any("spcae" in f["what"] and f["where"].startswith("bridge.yaml:7:") for f in errors)
    assert {"W-SITE-ADMIN", "W-WIKI-ADMIN"} <= {f["code"] for f in told["findings"]}
    (shop.folder / "bridge.yaml").unlink()
    assert "E-WORKSPACE" in look(shop, code=3)


def test_missing_settings_are_3_and_the_rest_is_checked(shop: Shop) -> None:
    shop.patch.delenv("BRIDGE_TOKEN")
    shop.configure("photo: camille", "foto: camille")
    said = look(shop, code=3)
    assert "BRIDGE_TOKEN" in said["E-SETTINGS"]["what"]
    assert "W-ROLE-VACANT" in said
    assert not shop.box.requests


def test_a_template_that_never_works_is_found(shop: Shop) -> None:
    file = shop.folder / "templates/retroplans/small.yaml"
    file.write_text(file.read_text("utf-8").replace("offset: J-10", "offset: J-25"), "utf-8")
    said = look(shop, code=1)["E-TEMPLATE"]
    assert "visuals" in said["what"]


def test_a_workspace_for_the_calendar_alone(shop: Shop) -> None:
    (shop.folder / "bridge.yaml").write_text(
        "format: bridge/workspace/v1\nid: calendar\njira: {projects: {marketing: MKT}}\n"
        "confluence: {space: MKT, parent: Calendar}\n",
        "utf-8",
    )
    said = look(shop, code=0)
    assert "I-TEAM" in said
    assert "IT" in said["W-OTHER-PROJECTS"]["what"]


def test_the_doctor_never_ends_with_a_traceback_on_odd_answers(shop: Shop) -> None:
    for fault in ("html", "login", "truncate"):
        shop.box.faults.clear()
        getattr(shop.box.faults, fault)(path="/", times=None)
        result: Result = shop.bridge("doctor", "--format", "json")
        assert result.code == 6, fault
        assert json.loads(result.out)["findings"]
        assert "Traceback" not in result.err
