"""An epic becomes a campaign: nobody opens a terminal, and the month follows."""

from datetime import date, timedelta

from babel.dates import format_date

from bridge.sandbox import Sandbox
from tests.browser.conftest import Keep, Round, Somebody

TODAY = date.today()  # noqa: DTZ011  # any day near the service's own will do
LAUNCH = TODAY + timedelta(days=70)  # every step lies ahead, one a week: some next month
NEXT = (TODAY.replace(day=1) + timedelta(days=35)).replace(day=1)
ANSWERS = {
    "Plan B : produits de remplacement": "Bonnets et écharpes de la collection permanente",
    "Plan B : ce qui coupe une offre": "Rediriger vers les produits similaires",
}


def test_an_epic_becomes_a_campaign_and_the_month_follows(
    somebody: Somebody, box: Sandbox, round_: Round, keep: Keep
) -> None:
    camille = somebody("Camille")
    epic = camille.create(
        "MKT", "Epic", "Soldes d’hiver", due=LAUNCH, owner="Camille",
        labels="bridge-template-seasonal-campaign", description="Nos *mots* à nous.",
    )  # fmt: skip
    round_()
    (said,) = camille.comments(epic)
    assert "rien n’a été créé" in said
    camille.fill_in(epic, ANSWERS)
    round_()
    (plan,) = camille.comments(epic)
    assert "Lancer l’opération" in plan, "one comment, written anew in its place"
    assert camille.actions(epic) == {}, "nothing is made before somebody says yes"
    keep(camille, "article.remark", "epic-plan.png")

    camille.say(epic, "oui")
    round_()
    actions = camille.actions(epic)
    assert len(actions) == 8
    assert all(key in camille.comments(epic)[0] for key in actions)
    assert "Nos mots à nous." in camille.read(epic)
    keep(camille, "section:has(table.grid)", "epic-campaign.png")

    round_()
    camille.open_page("MKT", format_date(NEXT, "MMMM yyyy", "fr"))
    due = [i for i in box.site.jira.children(epic) if str(i.duedate)[:7] == f"{NEXT:%Y-%m}"]
    assert [row[1] for row in camille.rows("Actions")] == [
        f"{issue.summary} Soldes d’hiver" for issue in sorted(due, key=lambda i: str(i.duedate))
    ]
    keep(camille, "main.document", "month.png")
