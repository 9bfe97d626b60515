"""A date that a person moved binds the steps around it, never itself (rules 20 and 36)."""

from tests.stories.conftest import Shop

CAMILLE = "camille@boutique.example"


def dues(shop: Shop) -> dict[str, str]:
    """The due date of each step, as Jira shows it."""
    issues = shop.issues()
    return {step: str(issues[key].values["duedate"]) for step, key in shop.by_step().items()}


def test_what_a_person_changed_is_kept_and_the_others_follow(shop: Shop) -> None:
    shop.create_json()
    before = dues(shop)
    assert (before["brief"], before["visuals"]) == ("2027-02-05", "2027-02-16")
    jira, steps = shop.box.site.jira, shop.by_step()
    jira.edit(steps["visuals"], by=CAMILLE, duedate="2027-02-03", summary="Mes visuels ❄")
    told = shop.create_json()
    after = dues(shop)
    # The brief was due two days after the visuals that need it: it follows. Nothing else moves.
    assert after == before | {"visuals": "2027-02-03", "brief": "2027-02-03"}
    assert shop.issues()[steps["visuals"]].values["summary"] == "Mes visuels ❄"
    kept = {(k["step"], k["field"]): k["suggestion"] for k in told["kept"]}
    assert kept[("visuals", "due")] == "2027-02-16"  # computed without its own pin
    assert set(kept) == {("visuals", "due"), ("visuals", "summary")}
    assert "W-OFFSET-DEP" in {finding["code"] for finding in told["findings"]}
    shop.box.forget_requests()
    shop.create_json()
    assert shop.written() == []


def test_a_pin_that_goes_lets_the_others_go_back(shop: Shop) -> None:
    shop.create_json()
    steps, before = shop.by_step(), dues(shop)
    jira = shop.box.site.jira
    jira.edit(steps["visuals"], by=CAMILLE, duedate="2027-02-03")
    shop.create_json()
    assert dues(shop)["brief"] == "2027-02-03"
    jira.edit(steps["visuals"], by=CAMILLE, duedate="2027-02-16")
    shop.create_json()
    assert dues(shop) == before
