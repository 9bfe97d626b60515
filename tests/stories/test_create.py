"""A campaign from one command: what stands in Jira afterwards, and what never happens."""

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop

pytestmark = BOTH_FLAVOURS


def test_one_command_makes_the_epic_its_issues_and_their_links(shop: Shop) -> None:
    told = shop.create_json()
    jira = shop.box.site.jira
    steps = shop.by_step()
    assert told["id"] == "noel-2027"
    assert told["epic"] == steps[""]
    assert told["url"].endswith(f"/browse/{steps['']}")
    assert sorted(told["created"]) == sorted(steps.values())
    assert told["links"] == 4
    assert set(steps) == {"", "brief", "visuals", "page", "go"}
    assert {step: key.partition("-")[0] for step, key in steps.items()} == {
        "": "MKT", "brief": "MKT", "visuals": "MKT", "page": "IT", "go": "MKT",
    }  # fmt: skip
    assert {issue.key for issue in jira.children(steps[""])} == {steps[s] for s in steps if s}
    blocks = {(words, other) for words, other in jira.links_of(steps["page"])}
    assert blocks == {
        ("is blocked by", steps["brief"]),
        ("is blocked by", steps["visuals"]),
        ("blocks", steps["go"]),
    }


def test_dates_owner_labels_and_memory_come_in_the_create_call(shop: Shop) -> None:
    shop.create_json()
    writes = shop.written()
    assert [w.rpartition("/rest/api/")[2] for w in writes if "/issue/bulk" in w] in (
        ["3/issue/bulk"] * 2,
        ["2/issue/bulk"] * 2,
    )
    assert not [w for w in writes if w.startswith("PUT") and "/properties/" not in w]
    page = shop.issues()[shop.by_step()["page"]]
    nadia = shop.box.site.people.find("nadia@boutique.example")
    assert page.duedate == "2027-02-19"  # J-5 is a Sunday
    start = shop.box.site.jira.setup.start_date  # Data Center has none
    assert start is None or page.values[start] == "2027-02-18"
    assert page.assignee == nadia.account_id
    assert set(page.labels) == {"bridge", "bridge-c-boutique-fr-noel-2027", "bridge-d-it"}
    memory = shop.box.site.jira.properties_of(page.key)["bridge"]
    assert memory["meant"]["due"] == "2027-02-19"
    assert nadia.account_id not in str(memory)
    assert "Monter" not in str(memory)


def test_an_external_person_works_through_their_referent(shop: Shop) -> None:
    shop.create_json()
    visuals = shop.issues()[shop.by_step()["visuals"]]
    vanessa = shop.box.site.people.find("vanessa@boutique.example")
    assert visuals.assignee == vanessa.account_id
    assert "Studio X" in str(visuals.values["description"])


def test_the_second_run_finds_everything_and_writes_nothing(shop: Shop) -> None:
    first = shop.create_json()
    shop.box.forget_requests()
    second = shop.create_json()
    assert shop.written() == []
    assert second["created"] == []
    assert sorted(second["found"]) == sorted(first["created"])
    assert second["links"] == 0


def test_another_machine_finds_everything_by_the_label(shop: Shop) -> None:
    shop.create_json()
    (shop.folder / ".bridge" / "journal.jsonl").unlink()
    shop.box.forget_requests()
    assert shop.create_json()["created"] == []
    assert shop.written() == []


def test_another_machine_is_not_fooled_by_an_index_that_lags(shop: Shop) -> None:
    shop.box.lag.requests = 10_000
    shop.create_json()
    (shop.folder / ".bridge" / "journal.jsonl").unlink()
    assert shop.create_json()["created"] == []
    assert len(shop.by_step()) == 5


def test_what_a_person_changed_is_kept_and_the_others_follow(shop: Shop) -> None:
    shop.create_json()
    steps = shop.by_step()
    jira = shop.box.site.jira
    jira.edit(
        steps["visuals"],
        by="camille@boutique.example",
        duedate="2027-02-08",
        summary="Mes visuels ❄",
    )
    jira.edit(steps["page"], by="camille@boutique.example", assignee="jonathan@boutique.example")
    before = {key: issue.values for key, issue in shop.issues().items()}
    told = shop.create_json()
    after = {key: issue.values for key, issue in shop.issues().items()}
    assert after[steps["visuals"]] == before[steps["visuals"]]
    assert after[steps["page"]] == before[steps["page"]]
    kept = {(k["step"], k["field"]): k["suggestion"] for k in told["kept"]}
    assert kept[("visuals", "due")] == "2027-02-16"
    assert set(kept) == {("visuals", "due"), ("visuals", "summary"), ("page", "assignee")}


def test_a_field_nobody_touched_follows_a_changed_order(shop: Shop) -> None:
    shop.create_json()
    steps = shop.by_step()
    shop.create_json("--owner", "it=jonathan")
    jonathan = shop.box.site.people.find("jonathan@boutique.example")
    assert shop.issues()[steps["page"]].assignee == jonathan.account_id
    shop.box.forget_requests()
    shop.create_json("--owner", "it=jonathan")
    assert shop.written() == []


def test_a_deleted_issue_is_a_conflict_and_is_not_created_again(shop: Shop) -> None:
    shop.create_json()
    gone = shop.by_step()["visuals"]
    shop.box.site.jira.delete(gone, by="camille@boutique.example")
    result = shop.create()
    assert result.code == 4
    assert gone in result.err
    assert "visuals" not in shop.by_step()


def test_a_deleted_epic_is_a_conflict(shop: Shop) -> None:
    shop.create_json()
    epic = shop.by_step()[""]
    shop.box.site.jira.delete(epic, by="camille@boutique.example")
    before = shop.issues().keys()
    result = shop.create()
    assert result.code == 4
    assert epic in result.err
    assert shop.issues().keys() == before


def test_the_same_id_with_another_launch_or_template_is_refused(shop: Shop) -> None:
    shop.create_json()
    moved = shop.create("--id", "noel-2027", launch="2027-03-05")
    assert moved.code == 4
    assert "--id" in moved.err
    other = shop.bridge(
        "campaign", "create", "content-series", "--name", "Noël", "--launch", "2027-02-26"
    )
    assert other.code == 4
    assert len(shop.by_step()) == 5


def test_a_damaged_memory_is_refused_not_trusted(shop: Shop) -> None:
    shop.create_json()
    steps = shop.by_step()
    shop.box.site.jira.set_property(steps["page"], "bridge", {"format": 1, "hello": "world"})
    result = shop.create()
    assert result.code == 4
    assert steps["page"] in result.err
    shop.box.site.jira.set_property(steps[""], "bridge", "no")
    result = shop.create()
    assert result.code == 5
    assert steps[""] in result.err


def test_two_epics_for_one_campaign_stop_everything(shop: Shop) -> None:
    shop.create_json()
    jira = shop.box.site.jira
    epic = shop.by_step()[""]
    twin = jira.create("MKT", "Epic", "Noël", by="bridge@boutique.example",
                       labels=["bridge", "bridge-c-boutique-fr-noel-2027"])  # fmt: skip
    jira.set_property(twin.key, "bridge", jira.properties_of(epic)["bridge"])
    (shop.folder / ".bridge" / "journal.jsonl").unlink()
    result = shop.create()
    assert result.code == 4
    assert epic in result.err
    assert twin.key in result.err


def test_a_cloned_issue_does_not_count(shop: Shop) -> None:
    """A person clones an issue: labels are copied, the memory is not."""
    shop.create_json()
    steps = shop.by_step()
    shop.box.site.jira.create("MKT", "Task", "CLONE - Rédiger le brief", by="camille@boutique.example",
                              labels=["bridge", "bridge-c-boutique-fr-noel-2027"], parent=steps[""])  # fmt: skip
    (shop.folder / ".bridge" / "journal.jsonl").unlink()
    shop.box.forget_requests()
    assert shop.create_json()["created"] == []
    assert shop.written() == []


@pytest.mark.parametrize(
    "name", ["Noël 🎄🎁", "Prix < 10 € & « plus »", 'Le "grand" soir', "project = MKT OR 1=1 ORDER BY", "a\x07b\x1b[31m"]
)  # fmt: skip
def test_any_name_is_only_a_name(shop: Shop, name: str) -> None:
    told = shop.create_json("--id", "any-name", name=name)
    summary = shop.issues()[told["epic"]].summary
    assert summary == "".join(c for c in name if c.isprintable())
    shop.box.forget_requests()
    assert shop.create_json("--id", "any-name", name=name)["created"] == []
    assert shop.written() == []
    text = shop.create("--id", "any-name", name=name)
    assert "\x1b[31m" not in text.out
    assert "\x07" not in text.out


def test_a_name_without_letters_asks_for_an_id(shop: Shop) -> None:
    result = shop.create(name="🎄🎁")
    assert result.code == 3
    assert "--id" in result.err


def test_the_plan_and_the_mails_are_shown_before_anything_is_written(shop: Shop) -> None:
    result = shop.create("--dry-run")
    assert result.code == 0
    assert "5 issues to create, 4 links, at most 5 mails" in result.err
    assert "Rédiger le brief" in result.out  # a dry run's plan is its result
    assert not shop.issues()
    assert shop.written() == []


def test_an_observing_workspace_only_shows(shop: Shop) -> None:
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    result = shop.create()
    assert result.code == 0
    assert "Nothing was written" in result.err
    assert shop.written() == []


def test_the_end_is_a_table_and_the_epic_s_link(shop: Shop) -> None:
    result = shop.create(lang="fr")
    epic = shop.by_step()[""]
    assert result.out.rstrip().endswith(f"/browse/{epic}")
    assert "Vanessa avec Studio X" in result.out
    assert "5 tickets créés, 4 liens posés." in result.out


def test_two_runs_at_once_are_one_run_and_one_refusal(shop: Shop) -> None:
    from filelock import FileLock  # noqa: PLC0415  # only this test plays the other run

    (shop.folder / ".bridge").mkdir()
    with FileLock(shop.folder / ".bridge" / "lock"):
        result = shop.create()
    assert result.code == 5
    assert "Another run" in result.err
    assert not shop.issues()
    assert shop.create().code == 0
