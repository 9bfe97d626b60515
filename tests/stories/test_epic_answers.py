"""An epic, its one comment and the answers to it: who may decide, what counts, what is left alone.

``test_epic.py`` holds the exchanges to Atlassian's contracts; here that would take most of the time.
"""

import pytest

from tests.stories.around import react
from tests.stories.conftest import Shop
from tests.stories.epics import Epic, prepare
from tests.stories.requests import mail


@pytest.fixture(autouse=True)
def contracts() -> None:
    """Judge nothing: the same requests are judged in ``test_epic.py``."""


@pytest.fixture(autouse=True)
def small_and_full(shop: Shop) -> None:
    prepare(shop)


# --- the answer ----------------------------------------------------------------------------------


def test_only_those_concerned_decide_and_the_others_are_told_once(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    epic.say("oui", "nadia")
    epic.say("oui mais pas trop vite", "camille")
    epic.react()
    assert "Nadia" in epic.comment
    assert "a continué après le mot" in epic.comment
    assert epic.children == []
    assert epic.quiet()
    epic.say("pourquoi ?", "nadia")
    epic.react()
    assert "J-20 depuis le lancement donne le" in epic.comment
    assert epic.quiet()
    epic.say("oui", "vanessa")
    epic.react()
    assert len(epic.children) == 4


def test_a_no_holds_until_somebody_says_yes(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    epic.say("non")
    epic.react()
    assert "a répondu non" in epic.comment
    assert epic.quiet()
    epic.say("annuler")
    epic.react()
    assert "a retiré la réponse" in epic.comment
    assert epic.children == []
    epic.say("oui")
    epic.react()
    assert len(epic.children) == 4


def test_a_yes_to_another_plan_does_not_count(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    before = epic.comment
    epic.say("oui")
    epic.edit(duedate="2027-03-26")
    epic.react()
    assert epic.children == []
    assert epic.comment != before
    assert epic.quiet()
    epic.say("oui")
    epic.react()
    assert len(epic.children) == 4


def test_what_was_created_cannot_be_taken_back_and_nothing_is_deleted(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    epic.say("oui")
    epic.react()
    epic.say("annuler")
    epic.react()
    assert "ne peut pas encore être annulée" in epic.comment
    assert len(epic.children) == 4
    assert epic.quiet()
    epic.edit(summary="Noël à la maison", duedate="2027-03-01")
    assert epic.quiet()


def test_without_confirmation_it_is_created_at_once(shop: Shop) -> None:
    shop.configure("id: boutique-fr", "id: boutique-fr\nservice: {confirm: none}")
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    assert len(epic.children) == 4
    assert "Et maintenant" in epic.comment
    assert epic.quiet()


# --- what keeps it from being one ----------------------------------------------------------------


def test_an_unknown_label_gets_its_near_miss(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-smal")
    epic.react()
    assert "bridge-template-small" in epic.comment
    assert epic.quiet()
    epic.labels("bridge-template-small", "bridge-template-full")
    epic.react()
    assert "plusieurs étiquettes" in epic.comment
    assert epic.lines == []


def test_dates_in_the_past_are_named(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small", due="2027-01-15")
    epic.react()
    assert "Rédiger le brief" in epic.comment
    assert "Échéance passée" in epic.comment
    assert epic.children == []


def test_what_the_site_lacks_is_said_at_once(shop: Shop) -> None:
    shop.configure("it: nadia", "it: ghost")
    shop.configure(
        "  studio-x:", "  ghost: {name: Fantôme, email: ghost@boutique.example}\n  studio-x:"
    )
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    assert "Fantôme" in epic.comment
    assert epic.quiet()


def test_a_second_epic_of_the_same_name_and_year_is_refused(shop: Shop) -> None:
    first, second = (Epic(shop, "bridge-template-small") for _ in range(2))
    first.react()
    first.say("oui")
    first.react()
    second.react()
    assert first.key in second.comment
    assert second.quiet()
    assert shop.box.site.jira.properties_of(second.key) == {}


def test_a_line_that_a_person_deleted_is_asked_for_again_once(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-full")
    epic.react()
    assert len(epic.lines) == 3
    epic.edit(description="plan_b:")
    epic.react()
    assert [line.split()[0] for line in epic.lines] == ["plan_b:", "Validation", "Propriétaire"]
    assert epic.quiet()


# --- what is left alone --------------------------------------------------------------------------


def test_a_pause_stops_every_write(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small", "bridge-pause")
    epic.react()
    assert shop.written() == []
    epic.labels("bridge-template-small")
    epic.react()
    assert "Comment répondre" in epic.comment


def test_an_observing_workspace_writes_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    for labels in (("bridge-template-small",), ("bridge-template-full",), ("bridge-template-x",)):
        epic = Epic(shop, *labels)
        epic.react()
        assert shop.written() == []
        assert epic.key in capsys.readouterr().err


def test_epics_elsewhere_and_other_issues_are_nobody_s_business(shop: Shop) -> None:
    jira, labels = shop.box.site.jira, ["bridge-template-small"]
    elsewhere = jira.create("IT", "Epic", "Noël", by=mail("camille"), labels=labels).key
    task = jira.create("MKT", "Task", "Noël", by=mail("camille"), labels=labels).key
    shop.box.forget_requests()
    for key in (elsewhere, task):
        assert react(shop, key, "campaign") == []
    assert shop.written() == []


def test_a_comment_that_somebody_else_changed_is_written_anew_and_asks_again(shop: Shop) -> None:
    epic = Epic(shop, "bridge-template-small")
    epic.react()
    epic.tamper()
    epic.say("oui")
    epic.react()
    assert epic.children == []
    assert "Comment répondre" in epic.comment
    epic.say("oui")
    epic.react()
    assert len(epic.children) == 4
