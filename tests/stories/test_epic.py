"""From Jira alone: an epic with a label and a due date becomes a campaign, in conversation with people."""

import pytest

from tests.stories.conftest import BOTH_FLAVOURS, Shop
from tests.stories.epics import Epic, prepare


@pytest.fixture(autouse=True)
def small_and_full(shop: Shop) -> None:
    prepare(shop)


# --- the way it is meant -------------------------------------------------------------------------


@BOTH_FLAVOURS
def test_an_epic_becomes_a_campaign_after_a_yes(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small", "urgent", description="Nos *mots*.", assignee=None)
    epic.react()
    assert "« noel-2027 »" in epic.comment.replace("\u00a0", " ")
    assert "Monter la page" in epic.comment
    assert epic.children == []
    assert epic.quiet()
    epic.say("Oui !")
    epic.react()
    steps = shop.by_step()
    assert steps[""] == epic.key
    assert len(steps) == len(shop.issues()) == 5
    issue = shop.box.site.jira.issue(epic.key)
    assert {"bridge", "bridge-c-boutique-fr-noel-2027", "urgent"} <= set(issue.labels)
    assert (issue.summary, issue.duedate, issue.assignee) == ("Noël", "2027-02-26", None)
    assert epic.lines == ["Nos mots."]
    assert len(shop.box.site.jira.links_of(steps["page"])) == 3
    assert all(key in epic.comment for step, key in steps.items() if step)
    assert epic.quiet()
    assert shop.create().code == 0  # the command finds the same campaign


@BOTH_FLAVOURS
def test_what_is_missing_is_asked_for_in_the_description(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-full", due=None, description="h3. À savoir\n\nNos mots.")
    epic.react()
    asked = ["Plan B : produits :", "Validation :", "Propriétaire de legal :"]
    assert [line.replace("\u00a0", " ") for line in epic.lines] == ["À savoir", "Nos mots.", *asked]
    assert "marketing ou crm" in epic.comment
    assert "n’a pas d’échéance" in epic.comment
    assert epic.quiet()
    filled = "h3. À savoir\n\nNos mots.\n\nPLAN  B: Produits : thé vert\n\nvalidator : Marketing\n\nOwner of legal: Nadja"
    epic.edit(description=filled, duedate="2027-02-26")
    epic.react()
    assert "nadia" in epic.comment
    epic.edit(description=filled.replace("Nadja", "nadia"))
    epic.react()
    assert "Comment répondre" in epic.comment
    assert epic.lines[2] == "PLAN B: Produits : thé vert"
    epic.say("yes", "vanessa")
    epic.react()
    assert len(epic.children) == 4
    assert len(epic.lines) == 5
    page = shop.box.site.jira.issue(shop.by_step()["page"])
    assert page.assignee == epic.account("nadia")
