"""How a campaign stands: what one sees of it on a day, whatever happened to its issues."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, SMALL, Result, Shop
from tests.stories.test_people_first import jira

pytestmark = BOTH_FLAVOURS
CAMILLE = "camille@boutique.example"
ASKING = SMALL.replace("id: small", "id: asking").replace(
    "role: it, estimate", "role: it, request: landing-page, estimate"
)


@pytest.fixture
def asking(shop: Shop) -> Shop:
    """A shop whose template names a request on its step “page”."""
    (shop.folder / "templates" / "retroplans" / "asking.yaml").write_text(ASKING, "utf-8")
    return shop


def begin(shop: Shop, template: str = "small") -> dict[str, str]:
    """Create the campaign “noel-2027”, launched on 2027-02-26; the key of each step."""
    told = shop.bridge("campaign", "create", template, "--name", "Noël", "--launch", "2027-02-26")
    assert told.code == 0, told.err
    return dict(shop.by_step())


def status(shop: Shop, *more: str, today: str = "2027-01-04", **how: Any) -> Result:
    return shop.bridge("campaign", "status", "noel-2027", "--today", today, *more, **how)


def seen(shop: Shop, today: str = "2027-01-04") -> Any:
    told = status(shop, "--format", "json", today=today)
    assert told.code == 0, told.err
    return told.json


def codes(told: Any) -> list[str]:
    return [finding["code"] for finding in told["findings"]]


def test_a_fresh_campaign_has_everything_to_do_and_a_critical_path(shop: Shop) -> None:
    keys = begin(shop)
    told = seen(shop)
    assert {name: told[name] for name in ("id", "epic", "launch", "finished", "total", "late", "due_soon")} == {
        "id": "noel-2027", "epic": keys[""], "launch": "2027-02-26", "finished": 0, "total": 4,
        "late": [], "due_soon": [],
    }  # fmt: skip
    assert told["blocked"] == [keys["visuals"], keys["page"], keys["go"]]  # what they need is open
    assert told["critical"] == [keys["brief"], keys["visuals"], keys["page"]]
    assert told["earliest_launch"] == "2027-01-07"  # one day for the brief, two for the page
    assert (told["requests"], told["closed_early"], told["findings"]) == ([], [], [])
    assert [step["step"] for step in told["steps"]] == ["brief", "visuals", "page", "go"]
    assert told["steps"][2]["waits_for"] == sorted([keys["brief"], keys["visuals"]])
    assert told["steps"][0]["responsible"] == "Vanessa"
    assert told["steps"][1]["responsible"] == "Vanessa with Studio X"


def test_late_due_soon_and_blocked_are_three_things(shop: Shop) -> None:
    keys = begin(shop)
    shop.box.site.jira.transition(keys["visuals"], "Blocked", by=CAMILLE)
    told = seen(
        shop, "2027-02-12"
    )  # a Friday: the brief was due on the 5th, the visuals on the 16th
    assert told["late"] == [keys["brief"]]
    assert told["due_soon"] == [keys["visuals"]]
    assert told["blocked"][0] == keys["visuals"]
    assert [step["standing"] for step in told["steps"]] == ["late", "blocked", "open", "open"]


def test_what_is_finished_blocks_nobody_and_leaves_the_critical_path(shop: Shop) -> None:
    keys = begin(shop)
    for step in ("brief", "visuals"):
        shop.box.site.jira.transition(keys[step], "Done", by=CAMILLE)
    told = seen(shop, "2027-02-12")
    assert (told["finished"], told["late"]) == (2, [])
    assert told["blocked"] == [keys["go"]]
    assert told["critical"] == [keys["page"]]
    assert told["earliest_launch"] == "2027-02-16"
    assert told["steps"][2]["float_days"] == 8


def test_too_late_the_missing_days_are_named(shop: Shop) -> None:
    keys = begin(shop)
    told = seen(shop, "2027-02-25")
    assert told["critical"] == [keys["brief"], keys["visuals"], keys["page"]]
    assert told["earliest_launch"] == "2027-03-02"
    assert [step["float_days"] for step in told["steps"]] == [-2, -2, -2, None]
    (finding,) = told["findings"]
    assert finding["code"] == "E-INFEASIBLE"
    assert "2 working days are missing" in finding["message"]


def test_an_issue_of_somebody_else_may_block_a_step_too(shop: Shop) -> None:
    keys = begin(shop)
    site = shop.box.site.jira
    other = site.create("IT", "Task", "Ouvrir le pare-feu", by=CAMILLE).key
    site.link(other, "Blocks", keys["brief"], by=CAMILLE)
    told = seen(shop)
    assert told["blocked"][0] == keys["brief"]
    assert told["steps"][0]["waits_for"] == [other]
    site.transition(other, "Done", by=CAMILLE)
    assert keys["brief"] not in seen(shop)["blocked"]


def test_an_unknown_id_gets_the_near_miss(shop: Shop) -> None:
    begin(shop)
    told = shop.bridge("campaign", "status", "noel-2026")
    assert told.code == 3
    assert "There is no campaign “noel-2026”." in told.err
    assert "Did you mean “noel-2027”?" in told.err
    assert shop.bridge("campaign", "status", 'x" OR project = MKT').code == 3


def test_labels_that_people_removed_hide_nothing(shop: Shop) -> None:
    keys = begin(shop)
    site = shop.box.site.jira
    for step in ("", "page"):
        site.edit(keys[step], by=CAMILLE, labels=["bridge"])
    told = seen(shop)
    assert (told["epic"], told["total"]) == (keys[""], 4)
    for step in ("brief", "visuals", "go"):
        site.edit(keys[step], by=CAMILLE, labels=[])
    assert seen(shop)["total"] == 4


def test_a_new_campaign_is_found_though_the_index_lags(shop: Shop) -> None:
    shop.box.lag.requests = 10_000
    keys = begin(shop)
    told = seen(shop)
    assert [step["key"] for step in told["steps"]] == [
        keys[s] for s in ("brief", "visuals", "page", "go")
    ]
    assert told["critical"] == [keys["brief"], keys["visuals"], keys["page"]]


def test_a_damaged_memory_is_named_and_an_epic_s_is_refused(shop: Shop) -> None:
    keys = begin(shop)
    shop.box.site.jira.set_property(keys["visuals"], "bridge", {"format": 99})
    told = seen(shop)
    assert (told["total"], codes(told)) == (3, ["W-MEMORY"])
    assert told["findings"][0]["about"] == keys["visuals"]
    shop.box.site.jira.set_property(keys[""], "bridge", {"format": 99})
    refused = status(shop)
    assert refused.code == 5
    assert keys[""] in refused.err


def test_an_epic_that_says_too_little_is_no_reason_to_say_nothing(shop: Shop) -> None:
    keys = begin(shop)
    site = shop.box.site.jira
    memory = site.properties_of(keys[""])["bridge"]
    site.set_property(keys[""], "bridge", memory | {"launch": "bientôt", "complete": False})
    told = seen(shop, "2027-02-12")
    assert codes(told) == ["W-LAUNCH-UNKNOWN", "W-INCOMPLETE"]
    assert (told["launch"], told["critical"], told["earliest_launch"]) == (None, [], None)
    assert told["late"] == [keys["brief"]]


def test_without_any_campaign_there_is_nothing_near(shop: Shop) -> None:
    told = status(shop)
    assert (told.code, told.out) == (3, "")
    assert "Did you mean" not in told.err


def test_a_deleted_step_and_a_moved_epic_are_said(shop: Shop) -> None:
    keys = begin(shop)
    site = shop.box.site.jira
    site.delete(keys["visuals"], by=CAMILLE)
    site.edit(keys[""], by=CAMILLE, duedate="2027-03-05")
    told = seen(shop)
    assert (told["launch"], told["total"]) == ("2027-02-26", 3)
    assert codes(told) == ["W-STEP-GONE", "W-LAUNCH-MOVED"]
    assert told["findings"][0]["about"] == keys["visuals"]


def test_without_its_epic_a_campaign_still_has_its_steps(shop: Shop) -> None:
    keys = begin(shop)
    shop.box.site.jira.delete(keys[""], by=CAMILLE)
    told = seen(shop, "2027-02-12")
    assert (told["epic"], told["launch"], told["earliest_launch"]) == (None, None, None)
    assert told["late"] == [keys["brief"]]
    assert codes(told) == ["W-EPIC-GONE"]
    assert status(shop, today="2027-02-12").code == 0


def test_without_its_template_the_dates_are_the_durations(shop: Shop) -> None:
    keys = begin(shop)
    file = shop.folder / "templates" / "retroplans" / "small.yaml"
    file.unlink()
    told = seen(shop)
    assert codes(told) == ["W-TEMPLATE-GONE"]
    assert told["critical"][-1] == keys["page"]
    assert told["earliest_launch"] is not None


def test_a_newer_template_is_said_and_used(shop: Shop) -> None:
    begin(shop)
    file = shop.folder / "templates" / "retroplans" / "small.yaml"
    file.write_text(SMALL.replace("1.0.0", "1.1.0").replace("[1, 2, 2]", "[5, 5, 5]"), "utf-8")
    told = seen(shop)
    assert codes(told) == ["I-TEMPLATE-CHANGED"]
    assert told["earliest_launch"] == "2027-01-12"


def test_it_only_reads_even_where_the_bridge_may_write(shop: Shop) -> None:
    begin(shop)
    shop.box.forget_requests()
    seen(shop)
    assert shop.written() == []
    if shop.box.flavour == "cloud":
        assert [r.path for r in shop.box.requests] == [
            "/rest/api/2/serverInfo",
            "/rest/api/3/search/jql",
        ]


def test_what_was_closed_before_its_checklist_was_complete_is_shown(shop: Shop) -> None:
    keys = begin(shop)
    site = shop.box.site.jira
    tick(shop, keys["brief"], "Le public")
    assert seen(shop)["closed_early"] == []  # it is open: nothing was closed
    site.transition(keys["brief"], "Done", by=CAMILLE)
    told = seen(shop)
    missing = {"key": keys["brief"], "step": "brief", "missing": ["Le budget"]}
    assert told["closed_early"] == ([missing] if shop.box.flavour == "cloud" else [])
    tick(shop, keys["brief"], "Le budget")
    told = seen(shop)
    assert (told["closed_early"], told["finished"]) == ([], 1)


def tick(shop: Shop, key: str, line: str) -> None:
    """Tick a line of a checklist, as a person does; on Data Center lines have no boxes."""
    if shop.box.flavour != "cloud":
        return
    description = jira(shop, "GET", f"/issue/{key}")["fields"]["description"]
    for node in description["content"]:
        for item in node["content"]:
            if item["type"] == "taskItem" and item["content"][0]["text"] == line:
                item["attrs"]["state"] = "DONE"
    jira(shop, "PUT", f"/issue/{key}", {"fields": {"description": description}})


# --- requests ------------------------------------------------------------------------------------


def test_creating_says_which_requests_are_to_be_made_and_so_does_the_issue(asking: Shop) -> None:
    told = asking.bridge(
        "campaign", "create", "asking", "--name", "Noël", "--launch", "2027-02-26", lang="fr"
    )
    assert "1 demande à faire, avant le début de son étape" in told.out
    (line,) = [line for line in told.out.splitlines() if "bridge request new" in line]
    command = "bridge request new landing-page --campaign noel-2027"
    assert line.split("  ") == [
        "ven. 19 févr. 2027",
        "jeu. 18 févr. 2027",
        "page de destination",
        command,
    ]
    page = asking.issues()[asking.by_step()["page"]]
    assert "bridge request new landing-page" in str(page.values["description"]).replace("\\", "")
    again = asking.bridge(
        "campaign",
        "create",
        "asking",
        "--name",
        "Noël",
        "--launch",
        "2027-02-26",
        "--format",
        "json",
    )
    assert again.json["requests"] == [
        {"step": "page", "kind": "landing-page", "due": "2027-02-19", "needed_by": "2027-02-18",
         "key": None, "verdict": None}
    ]  # fmt: skip
    assert again.json["changes"] == []


def test_a_finished_step_asks_for_nothing_any_more(asking: Shop) -> None:
    keys = begin(asking, "asking")
    asking.box.site.jira.transition(keys["page"], "Done", by=CAMILLE)
    told = asking.bridge(
        "campaign",
        "create",
        "asking",
        "--name",
        "Noël",
        "--launch",
        "2027-02-26",
        "--format",
        "json",
    )
    assert told.json["requests"] == []


def make_request(shop: Shop, **memory: Any) -> str:
    """A request issue as the bridge makes them, for the step “page”."""
    site = shop.box.site.jira
    labels = ["bridge-request", "bridge-c-boutique-fr-noel-2027"]
    key = site.create("IT", "Task", "Page de Noël", by=CAMILLE, labels=labels).key
    value = {
        "format": 1, "kind": "request", "workspace": "boutique-fr", "campaign": "noel-2027",
        "request": "page-noel", "request_kind": "landing-page", "step": "page", "hash": "0",
        "verdict": "needs_review",
    }  # fmt: skip
    site.set_property(key, "bridge", value | memory)
    return key


def test_a_request_that_was_made_stands_beside_its_step_with_its_verdict(asking: Shop) -> None:
    begin(asking, "asking")
    due = {"step": "page", "kind": "landing-page", "due": "2027-02-19"}
    (before,) = seen(asking)["requests"]
    assert before | due == before
    assert (before["key"], before["verdict"]) == (None, None)
    make_request(asking, verdict="incomplete")
    key = make_request(asking)
    make_request(asking, workspace="autre-boutique", verdict="approved")
    told = seen(asking)
    (after,) = told["requests"]
    assert after | due == after
    assert (after["key"], after["verdict"]) == (key, "needs_review")
    assert told["total"] == 4  # a request is no step
    assert asking.bridge("month", "publish", "2027-02", "--format", "json").code == 0


def test_without_the_template_a_request_that_was_made_is_still_shown(asking: Shop) -> None:
    begin(asking, "asking")
    key = make_request(asking)
    (asking.folder / "templates" / "retroplans" / "asking.yaml").unlink()
    (request,) = seen(asking)["requests"]
    assert (request["key"], request["kind"]) == (key, "landing-page")


# --- what people read ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_people_read(
    asking: Shop, lang: str, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    keys = begin(asking, "asking")
    make_request(asking)
    asking.box.site.jira.transition(keys["brief"], "Done", by=CAMILLE)
    told = status(asking, lang=lang, today="2027-02-12")
    assert told.code == 0, told.err
    golden(
        f"status-{asking.box.flavour}-{lang}.txt",
        told.out.replace(asking.box.ready["jira"], "https://jira"),
    )
