"""Nothing a person did in Jira or Confluence is undone, doubled or overwritten by a later run."""

import json
from typing import Any

import pytest
import requests

from bridge.atlassian.transport import Transport
from bridge.atlassian.wire import Answer, Request
from bridge.operations import create as operation
from bridge.ports import Tools
from tests.stories.conftest import BOTH_FLAVOURS, Shop

pytestmark = BOTH_FLAVOURS

CAMILLE = "camille@boutique.example"
EXTRA = """\
  - {id: extra, offset: J-3, title: {fr: "Relire", en: "Read"}, department: marketing, role: marketing}
"""


def rest(shop: Shop, method: str, url: str, body: Any = None) -> Any:
    """Send a request as the bridge's account."""
    ready = shop.box.ready
    cloud = shop.box.flavour == "cloud"
    answer = requests.request(
        method,
        url,
        json=body,
        auth=(ready["email"], ready["token"]) if cloud else None,
        headers={} if cloud else {"Authorization": f"Bearer {ready['token']}"},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def jira(shop: Shop, method: str, path: str, body: Any = None) -> Any:
    """Speak to the sandbox's Jira."""
    version = 3 if shop.box.flavour == "cloud" else 2
    return rest(shop, method, f"{shop.box.ready['jira']}/rest/api/{version}{path}", body)


def grow(shop: Shop, more: str = EXTRA) -> None:
    """Let the template have one more step."""
    file = shop.folder / "templates/retroplans/small.yaml"
    file.write_text(file.read_text("utf-8") + more, "utf-8")


def other_machine(shop: Shop) -> None:
    """Forget what this workspace's journal knows."""
    (shop.folder / ".bridge" / "journal.jsonl").unlink()


@pytest.mark.parametrize("here", [True, False], ids=["this machine", "another machine"])
def test_labels_removed_from_the_epic_make_no_second_campaign(shop: Shop, *, here: bool) -> None:
    shop.create_json()
    shop.box.site.jira.edit(shop.by_step()[""], by=CAMILLE, labels=["noel"])
    if not here:
        other_machine(shop)
    again = shop.create_json()
    assert again["created"] == []
    assert len(shop.issues()) == 5


def test_an_epic_whose_memory_was_removed_is_not_made_again(shop: Shop) -> None:
    shop.create_json()
    jira(shop, "DELETE", f"/issue/{shop.by_step()['']}/properties/bridge")
    assert shop.create().code == 4
    other_machine(shop)
    refused = shop.create()
    assert refused.code == 4
    assert len(shop.issues()) == 5


def test_the_label_is_searched_to_its_last_page(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.create_json()
    other_machine(shop)
    for _ in range(45):  # more than the store is read back
        jira(shop, "POST", "/issue", {"fields": _task(shop)})
    exchange = Transport._exchange

    def one_a_page(self: Transport, request: Request) -> Answer:
        if isinstance(request.body, dict) and "maxResults" in request.body:
            request.body["maxResults"] = 1
        return exchange(self, request)

    monkeypatch.setattr(Transport, "_exchange", one_a_page)
    assert shop.create_json()["created"] == []


def test_a_deleted_issue_stays_deleted_when_the_template_grows(shop: Shop) -> None:
    shop.create_json()
    shop.box.site.jira.delete(shop.by_step()["visuals"], by=CAMILLE)
    grow(shop)
    first = shop.create("--format", "json")
    assert first.code == 4
    assert len(first.json["created"]) == 1  # said on standard output all the same
    assert shop.create().code == 4
    assert "visuals" not in shop.by_step()
    assert "extra" in shop.by_step()


def test_a_link_that_a_person_removed_stays_removed(shop: Shop) -> None:
    shop.create_json()
    key = shop.by_step()["page"]
    link = jira(shop, "GET", f"/issue/{key}")["fields"]["issuelinks"][0]["id"]
    jira(shop, "DELETE", f"/issueLink/{link}")
    shop.box.forget_requests()
    assert shop.create_json()["links"] == 0
    assert shop.written() == []


def test_links_that_a_killed_run_did_not_make_are_made(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    exchange = Transport._exchange

    def die(self: Transport, request: Request) -> Answer:
        if request.path.endswith("/issueLink"):
            raise Killed
        return exchange(self, request)

    with monkeypatch.context() as patched:
        patched.setattr(Transport, "_exchange", die)
        with pytest.raises(Killed):
            shop.create()
    assert shop.create_json()["links"] == 4


def test_two_names_that_give_one_id_are_not_one_campaign(shop: Shop) -> None:
    shop.create_json(name="Soldes 春")
    epic = shop.by_step()[""]
    refused = shop.create(name="Soldes 夏")
    assert refused.code == 4
    assert "--id" in refused.err
    assert "Soldes 春" in refused.err
    assert shop.issues()[epic].values["summary"] == "Soldes 春"
    renamed = shop.create_json("--id", "soldes-2027", name="Soldes 夏")
    assert [(c["field"], c["from"], c["to"]) for c in renamed["changes"] if c["step"] == ""] == [
        ("summary", "Soldes 春", "Soldes 夏")
    ]


def test_a_ticked_box_and_a_smart_link_keep_the_description(shop: Shop) -> None:
    shop.create_json()
    key = shop.by_step()["brief"]
    description = jira(shop, "GET", f"/issue/{key}")["fields"]["description"]
    if shop.box.flavour == "cloud":
        for node in description["content"]:
            for item in node.get("content", []):
                if item["type"] == "taskItem":
                    item["attrs"]["state"] = "DONE"
        card = {"type": "inlineCard", "attrs": {"url": "https://drive.example/b"}}
        description["content"].append({"type": "paragraph", "content": [card]})
    else:
        description = description.replace("* Le public", "* (/) Le public DONE")
        description += "\n\n[https://drive.example/b]"
    jira(shop, "PUT", f"/issue/{key}", {"fields": {"description": description}})
    file = shop.folder / "templates/retroplans/small.yaml"
    file.write_text(file.read_text("utf-8").replace("Un brief publié", "Un brief relu"), "utf-8")
    assert [(k["key"], k["field"]) for k in shop.create_json()["kept"]] == [(key, "description")]
    after = json.dumps(jira(shop, "GET", f"/issue/{key}")["fields"]["description"])
    assert "drive.example" in after
    assert "DONE" in after


def test_an_edit_made_while_the_plan_is_read_survives(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.create_json()
    page, create = shop.by_step()["page"], operation.create

    def slow(campaign: Any, tools: Tools, *, agree: Any) -> operation.Outcome:
        def ponder(preview: operation.Preview) -> bool:
            shop.box.site.jira.edit(page, by=CAMILLE, assignee=CAMILLE)
            return bool(agree(preview))

        return create(campaign, tools, agree=ponder)

    monkeypatch.setattr(operation, "create", slow)
    kept = shop.create_json("--owner", "it=jonathan")["kept"]
    assert [(k["key"], k["field"], k["value"]) for k in kept] == [(page, "assignee", "Camille")]
    assert shop.issues()[page].assignee == shop.box.site.people.find(CAMILLE).account_id


def test_a_paused_campaign_is_not_written(shop: Shop) -> None:
    shop.create_json()
    epic = shop.by_step()[""]
    labels = [*shop.issues()[epic].values["labels"], "bridge-pause"]
    shop.box.site.jira.edit(epic, by=CAMILLE, labels=labels)
    shop.box.forget_requests()
    refused = shop.create("--owner", "it=jonathan")
    assert refused.code == 5
    assert "bridge-pause" in refused.err
    assert shop.written() == []
    assert shop.create().code == 0  # nothing to write: nothing to refuse


def test_a_finished_issue_is_left_alone(shop: Shop) -> None:
    shop.create_json()
    page = shop.by_step()["page"]
    shop.box.site.jira.transition(page, "Done", by=CAMILLE)
    shop.box.forget_requests()
    told = shop.create_json("--owner", "it=jonathan")
    assert [(f["key"], f["field"], f["suggestion"]) for f in told["frozen"]] == [
        (page, "assignee", "Jonathan")
    ]
    assert shop.written() == []


def test_a_date_that_a_person_moved_never_moves_others_into_the_past(shop: Shop) -> None:
    shop.create_json(today="2027-02-01")
    steps = shop.by_step()
    before = shop.issues()[steps["brief"]].duedate
    shop.box.site.jira.edit(steps["visuals"], by=CAMILLE, duedate="2027-02-02")
    told = shop.create("--format", "json", today="2027-02-03")
    assert told.code == 4
    assert [c["step"] for c in told.json["conflicts"]] == ["brief"]
    assert shop.issues()[steps["brief"]].duedate == before


def test_what_was_begun_yesterday_is_completed_though_a_step_has_passed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException): ...

    exchange, bulks = Transport._exchange, [0]

    def die(self: Transport, request: Request) -> Answer:
        bulks[0] += request.path.endswith("/issue/bulk")
        if bulks[0] == 2:
            raise Killed
        return exchange(self, request)

    with monkeypatch.context() as patched:
        patched.setattr(Transport, "_exchange", die)
        with pytest.raises(Killed):
            shop.create(today="2027-02-05")
    completed = shop.create_json(today="2027-02-09")
    assert len(shop.by_step()) == 5
    assert len(completed["created"]) == 4
    assert shop.create(today="2027-02-20").code == 0  # and looked at when half of it is past


def test_another_s_damaged_memory_does_not_stop_this_campaign(shop: Shop) -> None:
    other = jira(shop, "POST", "/issue", {"fields": _task(shop)})["key"]
    jira(shop, "PUT", f"/issue/{other}/properties/bridge", {"format": "nonsense"})
    shop.box.faults.lose_answer(path="/issue/bulk")
    assert shop.create_json()["epic"]
    jira(shop, "DELETE", f"/issue/{other}/properties/bridge")
    assert len(shop.by_step()) == 5


def test_campaigns_whose_labels_look_alike_are_two(shop: Shop) -> None:
    """Workspace boutique-fr with campaign fr-noel, and workspace boutique-fr-fr with noel."""
    shop.create_json("--id", "fr-noel")
    shop.configure("id: boutique-fr\n", "id: boutique-fr-fr\n")
    other_machine(shop)
    assert len(shop.create_json("--id", "noel")["created"]) == 5


def test_an_update_says_what_it_changes_by_the_names_of_people(shop: Shop) -> None:
    shop.create_json()
    page = shop.by_step()["page"]
    told = shop.create("--owner", "it=jonathan", lang="fr")
    assert f"{page} Monter la page : responsable : Nadia → Jonathan" in told.out
    assert "712020:" not in told.out + told.err


def test_the_table_shows_what_jira_shows(shop: Shop) -> None:
    shop.create_json()
    brief = shop.by_step()["brief"]
    shop.box.site.jira.edit(brief, by=CAMILLE, assignee=CAMILLE, summary="Le brief de Camille")
    told = shop.create().out
    row = next(line for line in told.splitlines() if brief in line)
    assert "Le brief de Camille" in row
    assert "Camille" in row.split("Le brief")[0]


def test_a_page_in_another_space_is_outside_the_fence(shop: Shop) -> None:
    wiki = shop.box.site.confluence
    told = shop.publish("2027-02")
    wiki.add_space("LEGAL", "Legal", by=CAMILLE)
    copy = wiki.create("Our page", wiki.body(told["page"]), by=CAMILLE, space="LEGAL")
    root = wiki.page_titled("Calendrier marketing").id
    held = wiki.properties_of(root)["bridge-months-boutique-fr"]
    elsewhere = json.loads(json.dumps(held).replace(told["page"], str(copy.id)))
    wiki.set_property(root, "bridge-months-boutique-fr", elsewhere, by=CAMILLE)
    shop.create_json()
    refused = shop.bridge("month", "publish", "2027-02")
    assert refused.code == 5
    assert wiki.page(copy.id).version == 1


def _task(shop: Shop) -> dict[str, Any]:
    found = jira(shop, "GET", "/issue/createmeta/MKT/issuetypes")
    types = found.get("issueTypes") or found["values"]
    kind = next(t["id"] for t in types if t["name"] in ("Task", "Tâche"))
    return {"project": {"key": "MKT"}, "issuetype": {"id": kind}, "summary": "x"}
