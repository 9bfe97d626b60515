"""The page of the month follows what people do in Jira, and keeps what they write on it."""

from datetime import date, timedelta

from babel.dates import format_date

from tests.browser.conftest import Round, Somebody
from tests.browser.person import Person

TODAY = date.today()  # noqa: DTZ011  # any day near the service's own will do
THIS = TODAY.replace(day=1)
NEXT = (THIS + timedelta(days=35)).replace(day=1)


def on_page(person: Person, month: date) -> list[tuple[str, str, str]]:
    """What the table of a month's page says: day, action, the person responsible."""
    person.open_page("MKT", format_date(month, "MMMM yyyy", "fr"))
    return [(day, action, who) for day, action, who in person.rows("Actions")]


def spoken(day: date) -> str:
    return format_date(day, "EEEE d MMMM yyyy", "fr")


def test_the_month_follows_a_date_a_closing_and_a_deletion(
    somebody: Somebody, round_: Round
) -> None:
    camille, vanessa = somebody("Camille"), somebody("Vanessa")
    letter_day, home_day = NEXT.replace(day=12), NEXT.replace(day=17)
    letter = camille.create("MKT", "Tâche", "Newsletter", due=letter_day, owner="Camille")
    home = camille.create("MKT", "Tâche", "Page d’accueil", due=home_day, owner="Vanessa")
    round_()
    assert on_page(camille, NEXT) == [
        (spoken(letter_day), "Newsletter", "Camille"),
        (spoken(home_day), "Page d’accueil", "Vanessa"),
    ]
    camille.rewrite(r"(Temps forts[^<]*</strong>)\s*", r"\1 Les soldes.")

    moved_to = NEXT - timedelta(days=1)
    camille.set_due(letter, moved_to)
    round_()
    assert on_page(vanessa, NEXT) == [(spoken(home_day), "Page d’accueil", "Vanessa")]
    assert "Les soldes." in vanessa.page.locator("article").inner_text()
    assert on_page(vanessa, THIS) == [(spoken(moved_to), "Newsletter", "Camille")]

    vanessa.move(home, "Terminé")
    round_()
    ((_, action, _),) = on_page(vanessa, NEXT)
    assert "fait" in action.lower()
    version = vanessa.version()

    camille.delete(letter)
    round_()
    assert on_page(camille, THIS) == []
    on_page(camille, NEXT)
    assert camille.version() == version, "what no change touches gets no version"
