"""Requests written in Jira: one is approved at once, another goes to the one person it concerns and comes back."""

from tests.browser.conftest import Keep, Round, Somebody
from tests.browser.requests import CODE, NEWSLETTER, table


def test_one_is_approved_at_once_and_another_comes_back_from_its_review(
    somebody: Somebody, round_: Round, keep: Keep
) -> None:
    camille, sophie = somebody("Camille"), somebody("Sophie")
    letter = camille.create("MKT", "Tâche", "Lettre", description=table(NEWSLETTER))
    code = camille.create("MKT", "Tâche", "Code", description=table(CODE))
    round_()

    assert "bridge-approved" in camille.labels(letter)
    (verdict,) = camille.comments(letter)
    assert "approuvée" in verdict.lower()
    assert camille.links(letter) == [], "nobody was asked"

    assert "bridge-review" in camille.labels(code)
    (asked,) = camille.links(code)
    assert "20" in sophie.read(asked), "the limit stands where it is decided"
    sophie.say(asked, "oui")
    keep(sophie, "article", "review.png")
    round_()

    assert "bridge-approved" in camille.labels(code)
    (verdict,) = camille.comments(code)
    assert "Sophie" in verdict
    keep(camille, "article.remark", "verdict.png")
    before = camille.read(code)
    round_()
    assert camille.read(code) == before, "and then there is silence"
