"""A webhook registered once, replaced when its address or its secret changes, and explained otherwise."""

from typing import Any

import pytest

from bridge.sandbox.webhooks.subscriptions import Subscriptions
from tests.stories.conftest import BOTH_FLAVOURS, Result, Shop

HERE, ELSEWHERE = "http://localhost:8377", "http://127.0.0.1:9000/"


@pytest.fixture(autouse=True)
def secret(shop: Shop) -> None:
    """A secret, an address, and an account that administers Jira."""
    shop.box.site.people.allow("bridge@boutique.example", "ADMINISTER")
    shop.patch.setenv("BRIDGE_WEBHOOK_SECRET", "quarante-caracteres-de-secret-au-moins")
    shop.patch.setenv("BRIDGE_PUBLIC_URL", HERE)


def webhook(shop: Shop, *words: str) -> Result:
    return shop.bridge("webhook", *words, today=None)


def there(shop: Shop) -> list[Any]:
    """The webhooks of the site, straight from its store."""
    return list(subscriptions(shop))


def subscriptions(shop: Shop) -> Subscriptions:
    return Subscriptions(shop.box.site.store, shop.box.site.now)


@BOTH_FLAVOURS
def test_registered_twice_it_stands_once(shop: Shop) -> None:
    first = webhook(shop, "register")
    assert first.code == 0, first.err
    (hook,) = there(shop)
    assert (hook.name, hook.url) == ("bridge boutique-fr", f"{HERE}/webhooks/jira")
    assert hook.jql == 'project in ("IT", "MKT")'
    assert hook.secret == "quarante-caracteres-de-secret-au-moins"
    again = webhook(shop, "register", "--format", "json")
    assert (again.json["id"], again.json["written"]) == (str(hook.id), False)
    assert there(shop) == [hook]
    assert hook.secret not in first.out + first.err + again.out + again.err
    listed = webhook(shop, "list", "--format", "json").json
    assert [one["url"] for one in listed] == [hook.url]


def test_another_address_replaces_it_once_somebody_agreed(shop: Shop) -> None:
    webhook(shop, "register")
    (before,) = there(shop)
    shown = webhook(shop, "register", "--url", ELSEWHERE, "--dry-run")
    assert before.url in shown.out
    assert webhook(shop, "register", "--url", ELSEWHERE).code == 2  # nobody can be asked
    assert there(shop) == [before]
    assert webhook(shop, "register", "--url", ELSEWHERE, "--yes").code == 0
    (after,) = there(shop)
    assert after.url == "http://127.0.0.1:9000/webhooks/jira"


def test_a_new_secret_takes_the_place_of_the_old_one(shop: Shop) -> None:
    webhook(shop, "register")
    shop.patch.setenv("BRIDGE_WEBHOOK_SECRET_NEXT", "le-suivant-assez-long-lui-aussi")
    assert webhook(shop, "register", "--renew", "--yes").code == 0
    assert [hook.secret for hook in there(shop)] == ["le-suivant-assez-long-lui-aussi"]


def test_removed_with_the_rest_and_nobody_else_s_with_it(shop: Shop) -> None:
    webhook(shop, "register")
    admin = there(shop)[0].author
    subscriptions(shop).add({"name": "bridge autre", "url": HERE, "events": []}, admin)
    assert webhook(shop, "remove", "--dry-run").code == 0
    assert len(there(shop)) == 2
    left = shop.bridge("remove", "--yes", "--format", "json", today=None)
    assert left.code == 0, left.err
    assert len(left.json["webhooks"]) == 1
    assert [hook.name for hook in there(shop)] == ["bridge autre"]
    assert webhook(shop, "remove", "--format", "json").json["webhooks"] == []


@BOTH_FLAVOURS
def test_without_the_right_it_says_what_an_administrator_enters(shop: Shop) -> None:
    person = shop.box.site.people.find("camille@boutique.example")
    shop.patch.setenv("BRIDGE_TOKEN", shop.box.site.people.issue_token(person.email))
    if shop.box.flavour == "cloud":
        shop.patch.setenv("BRIDGE_EMAIL", person.email)
    result = webhook(shop, "register")
    assert result.code == 6
    for said in (f"{HERE}/webhooks/jira", 'project in ("IT", "MKT")', "X-Bridge-Secret", "{{issue.key}}"):  # fmt: skip
        assert said in result.out
    assert "quarante" not in result.out + result.err
    assert there(shop) == []


def test_by_hand_it_asks_nothing_of_the_site(shop: Shop) -> None:
    shop.box.forget_requests()
    french = shop.bridge("webhook", "register", "--by-hand", lang="fr", today=None)
    assert french.code == 0
    assert "X-Bridge-Secret" in french.out
    assert shop.box.requests == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BRIDGE_WEBHOOK_SECRET", ""),
        ("BRIDGE_WEBHOOK_SECRET", "trop court"),
        ("BRIDGE_PUBLIC_URL", ""),
        ("BRIDGE_PUBLIC_URL", "http://bridge.boutique.example"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(
    shop: Shop, variable: str, value: str
) -> None:
    shop.patch.setenv(variable, value)
    shop.box.forget_requests()
    result = webhook(shop, "register")
    assert result.code == 3
    assert shop.box.requests == []
