"""What rules read out of a request: addresses, markup, lists of fields and blocks."""

from datetime import date

import pytest

from bridge.guardrails.limits import Facts, evaluate
from bridge.guardrails.paths import ABSENT, Surroundings, host_of, path_of
from bridge.guardrails.policy import Limit, Moment
from bridge.text import Bilingual

NOWHERE = Surroundings({}, lambda _: False)


def derived(path: str, value: object) -> object:
    return path_of(path).read({}, {"x": value}, NOWHERE)


@pytest.mark.parametrize(
    "address",
    ["www.example.fr", "WWW.example.fr.", "https://www.example.fr/lp", "http://www.example.fr:80/",
     "//www.example.fr/lp", "www.example.fr:443/lp", "https://evil.example@www.example.fr/"],
)  # fmt: skip
def test_an_address_and_a_bare_name_have_a_host(address: str) -> None:
    assert host_of(address) == "www.example.fr"


@pytest.mark.parametrize(
    "address",
    ["javascript://www.example.fr/%0aalert(1)", "javascript:alert(1)@www.example.fr",
     "mailto:camille@www.example.fr", "data://www.example.fr/", "/lp/noel", "", " ",
     "https://www.example.fr\\@evil.example", "www.example.fr evil.example", 7, None],
)  # fmt: skip
def test_what_is_no_web_address_has_no_host(address: object) -> None:
    with pytest.raises(TypeError):
        host_of(address)


def test_the_host_is_what_a_browser_goes_to() -> None:
    assert host_of("https://www.example.fr@evil.example/") == "evil.example"


@pytest.mark.parametrize(
    ("markup", "tags"),
    [
        ("<p>a &lt; b, c < d</p>", ["p"]),
        ("<P>A</P><p>b</p>", ["p"]),
        ("<p>See <img src=x", ["p", "?"]),  # never closed
        ("<!--><img src=x onerror=alert(1)>-->", ["!"]),  # a browser ends the comment at once
        ("<p\0 onclick=alert(1)>See</p>", ["p", "?"]),  # a browser drops the NUL
        ("<![CDATA[<script>]]>", ["!"]),
    ],
)
def test_markup_that_browsers_read_otherwise_counts_as_a_tag(markup: str, tags: list[str]) -> None:
    assert derived("x@tags", markup) == tags


@pytest.mark.parametrize(
    "markup",
    ["<a href=java&#115;cript:alert(1)>x</a>", "<a href='java\tscript:alert(1)'>x</a>",
     "<p/onclick=alert(1)>x", '<p a="b"onclick=alert(1)>x', "<p style='display:none'>x"],
)  # fmt: skip
def test_code_in_attributes_is_seen(markup: str) -> None:
    assert derived("x@runs", markup) is True


def test_links_that_may_leave_the_site_are_listed() -> None:
    markup = (
        "<a href='/lp/noel'>1</a><a href='#top'>2</a><a href='//evil.example'>3</a>"
        "<a href='/\\evil.example'>4</a><a href='/\t/evil.example'>5</a><a href=' https://x.example '>6</a>"
    )
    assert derived("x@links", markup) == [
        "//evil.example", "/\\evil.example", "//evil.example", "https://x.example",
    ]  # fmt: skip


def test_a_form_asks_for_what_its_fields_declare() -> None:
    fields = [{"data": "email"}, {"label": "address"}, "address", {"data": ["address"]}]
    assert derived("x@asks:email", fields) is True
    assert derived("x@asks:address", fields) is False
    assert path_of("y@asks:email").read({}, {"x": fields}, NOWHERE) is ABSENT
    with pytest.raises(TypeError):
        derived("x@asks:email", "email")


def test_a_bound_counted_from_a_date_that_nobody_gave_is_missing_there() -> None:
    why = Bilingual("Trop long.", "Too long.")
    limit = Limit(
        id="C1", path="ends_on", operator="before", operand=Moment(path="starts_on", days=30),
        approver="legal", why=why,
    )  # fmt: skip
    facts = Facts({}, date(2026, 11, 23), NOWHERE, {})
    (outcome,) = evaluate(limit, {"ends_on": "2026-12-01"}, ("contest",), facts)
    assert (outcome.state, outcome.where) == ("missing", ("contest", "starts_on"))
