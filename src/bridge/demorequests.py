"""The demo's two requests: a mailing inside the guardrails, a promo code over its limit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

_AHEAD = timedelta(days=7)  # before the launch, by when the requests are needed


def contents(
    campaigns: Sequence[Mapping[str, Any]], launches: Sequence[date]
) -> Iterator[Mapping[str, Any]]:
    """Yield the requests for the first campaign, as plain content; its launch dates the code."""
    campaign, launch = str(campaigns[0]["id"]), launches[0]
    head = {"campaign": campaign, "requester": "camille", "needed_by": str(launch - _AHEAD)}
    yield {
        "format": "bridge/request/v1",
        "kind": "mailing",
        "title": "E-mail aux clients fidèles",
        **head,
        "mailing": {
            "segment": "newsletter-optin",
            "subject": "En avant-première, pour vous",
            "html_kb": 68,
            "volume": 42_000,
            "gmail_per_day": 19_500,
            "bulk_sender": True,
            "authentication": {"spf": True, "dkim": True, "dmarc": True},
            "spam_complaints_per_10000": 6,
            "one_click_unsubscribe": True,
            "links": ["https://www.example.fr/lp/avant-premiere"],
        },
    }
    yield {
        "format": "bridge/request/v1",
        "kind": "promo-code",
        "title": "Code des ventes privées",
        **head,
        "promo_code": {
            "code": "PRIVE",
            "percent": 30,
            "starts_on": str(launch),
            "ends_on": str(launch + timedelta(days=14)),
            "quota": 800,
            "cap_euros": 40,
            "stackable": False,
            "unique": True,
            "random_characters": 10,
            "margin_excluded_products": False,
        },
    }
