"""What is not Jira's or Confluence's answer: one clear sentence in either language, and no secret."""

import base64
import logging
import re
from dataclasses import dataclass

import pytest

from bridge.atlassian import session
from tests.stories import bad_server as bad
from tests.stories.bad_server import Answering, bad_server, data, page
from tests.stories.conftest import Result, Shop


@dataclass(frozen=True)
class Bad:
    """An answer, and what must be said about it in English and in French."""

    answering: Answering
    english: str
    french: str


WEB_PAGE = ("a web page instead of data", "une page web au lieu de données")
NO_JSON = ("something that is not JSON", "autre chose que du JSON")
EMPTY = ("an empty answer", "une réponse vide")
OTHER = ("data of another kind", "des données d’une autre nature")
TOO_LARGE = ("an answer that is far too large", "une réponse beaucoup trop grosse")
UNREACHABLE = ("cannot be reached", "est injoignable à l’adresse")
CAPTCHA = ("locked this account behind a CAPTCHA", "verrouillé ce compte derrière un CAPTCHA")
NOT_SIGNED_IN = ("does not accept the e-mail and token", "n’accepte pas l’e-mail et le jeton")
BIG = b"<html><body>" + b"<p>error</p>" * 180_000 + b"</body></html>"
DENIED = {"X_Seraph_LoginReason": "AUTHENTICATION_DENIED"}

ANSWERS: dict[str, Bad] = {
    "HTML": Bad(page(), *WEB_PAGE),
    "a login page with status 200": Bad(page(content=bad.LOGIN), *WEB_PAGE),
    "HTML said to be JSON": Bad(data(bad.HTML), *WEB_PAGE),
    "an empty 200": Bad(data(b""), *EMPTY),
    "a 204": Bad(data(b"", "204 No Content"), *EMPTY),
    "null": Bad(data(None), *EMPTY),
    "a redirect": Bad(page("302 Found", b"", Location="https://sso.example/login?os=geheim"),
                      "a redirect to https://sso.example/login.", "une redirection vers https://sso.example/login."),
    "cut JSON": Bad(data(bad.GOOD[:-9]), *NO_JSON),
    "a length that is too small": Bad(bad.said_too_short, *NO_JSON),
    "a length that is no number": Bad(bad.length_is_no_number, *NO_JSON),
    "cut gzip": Bad(bad.cut_gzip, *NO_JSON),
    "XML": Bad(data(b'<?xml version="1.0"?><a/>'), *NO_JSON),
    "Latin-1": Bad(data('{"accountId": "é"}'.encode("latin-1")), *NO_JSON),
    "a 2 MB page": Bad(page(content=BIG), *WEB_PAGE),
    "a 2 MB error page": Bad(page("500 Internal Server Error", BIG), "(500)", "(500)"),
    "an error of 2 MB of JSON": Bad(data({"errorMessages": ["x" * 2_000_000]}, "400 Bad Request"), "(400): xxx", "(400) : xxx"),
    "an answer without end": Bad(bad.endless, *TOO_LARGE),
    "a captcha, 401": Bad(page("401 Unauthorized", bad.LOGIN, **DENIED), *CAPTCHA),
    "a captcha, 403": Bad(page("403 Forbidden", bad.LOGIN, **DENIED), *CAPTCHA),
    "JSON of another product": Bad(data({"name": "proxy", "status": "ok"}), *OTHER),
    "a list": Bad(data([1, 2]), *OTHER),
    "a number": Bad(data(7), *OTHER),
    "silence": Bad(bad.silent, *UNREACHABLE),
    "no HTTP": Bad(bad.no_http, *UNREACHABLE),
    "a connection closed at once": Bad(bad.hang_up, *UNREACHABLE),
    "headers without end": Bad(bad.headers_without_end, *UNREACHABLE),
    "broken gzip": Bad(bad.broken_gzip, "an answer that cannot be unpacked", "une réponse impossible à décompresser"),
    "a length that is too large": Bad(bad.cut_short, "an answer that breaks off", "une réponse interrompue"),
    "a body that drips": Bad(bad.dripping, *UNREACHABLE),
    "JSON nested without end": Bad(data(b"[" * 100_000), *NO_JSON),
    "credentials echoed": Bad(bad.echo_credentials, "it had Authorization", "it had Authorization"),
    "words that steer a terminal": Bad(data({"errorMessages": ["one\x1b[31m\ntwo"], "message": "one\x1b[31m\ntwo"}, "400 Bad Request"), "one[31m two", "one[31m two"),
    "the right outside and nothing inside": Bad(data({"accountId": "1", "results": [{}], "issues": [{}]}), *OTHER),
}  # fmt: skip
CASES = [pytest.param(one, id=name) for name, one in ANSWERS.items()]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a second at most, and one repetition of what may be repeated."""
    monkeypatch.setattr(session, "TIMEOUT", 1)
    monkeypatch.setattr(session, "LONGEST_ANSWER", 1.0)
    monkeypatch.setattr("bridge.atlassian.retry.ATTEMPTS", 2)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("product", ["Jira", "Confluence"])
@pytest.mark.parametrize("one", CASES)
def test_it_is_one_clear_sentence_in_either_language(
    shop: Shop, one: Bad, product: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with bad_server(one.answering) as server:
        shop.patch.setenv(f"BRIDGE_{product.upper()}_URL", server.url)
        for lang, expected in (("en", one.english), ("fr", one.french)):
            result = ask(shop, product, lang)
            assert result.code == 6, result.err
            sentence, hint = clear(result)
            assert product in sentence
            assert expected in sentence
            assert not hint or hint.startswith("  → ")
            keeps_secrets(shop, result, caplog)
        assert server.asked
    assert shop.written() == []


def ask(shop: Shop, product: str, lang: str) -> Result:
    if product == "Jira":
        return shop.create(lang=lang)
    return shop.bridge("month", "publish", "2027-02", lang=lang)


def clear(result: Result) -> tuple[str, str]:
    """The sentence and its hint; before them only that it is tried again."""
    lines = result.err.splitlines()
    said = [
        line
        for line in lines
        if not re.search(
            r": (trying again|nouvel essai) ", line.replace("\u00a0", " ").replace(" :", ":")
        )
    ]
    assert result.out == ""
    assert 1 <= len(said) <= 2, result.err
    assert all(len(line) < 500 for line in said)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", "".join(said)), "it steers the terminal"
    plain = [re.sub(r"[\u00a0\u202f]", " ", line) for line in said]
    return plain[0], plain[1] if len(plain) == 2 else ""


def keeps_secrets(shop: Shop, result: Result, caplog: pytest.LogCaptureFixture) -> None:
    token = shop.box.ready["token"]
    coded = base64.b64encode(f"{shop.box.ready['email']}:{token}".encode()).decode()
    files = [f.read_text("utf-8") for f in shop.folder.rglob("*") if f.is_file()]
    for told in (result.out, result.err, caplog.text, *files):
        for secret in (token, coded, coded[:40], "geheim", "Traceback"):
            assert secret not in told


@pytest.mark.parametrize("fault", ["html", "login", "truncate"])
@pytest.mark.parametrize("which", [1, 2], ids=["the epic", "the children"])
def test_a_bad_answer_to_a_create_is_completed_by_the_next_run(
    shop: Shop, fault: str, which: int
) -> None:
    """Whether it was done cannot be known from such an answer: nothing is lost or doubled."""
    getattr(shop.box.faults, fault)(method="POST", path="/issue/bulk", at=which)
    first = shop.create()
    assert first.code in (0, 6), first.err
    assert "Traceback" not in first.err
    assert shop.create().code == 0
    assert len(shop.by_step()) == len(shop.issues()) == 5


@pytest.mark.parametrize("fault", ["html", "login", "truncate"])
def test_a_bad_answer_to_a_page_is_completed_by_the_next_run(shop: Shop, fault: str) -> None:
    shop.create_json()
    getattr(shop.box.faults, fault)(method="POST", path="/pages$", at=2)
    first = shop.bridge("month", "publish", "2027-02")
    assert first.code in (0, 6), first.err
    assert "Traceback" not in first.err
    again = shop.publish("2027-02")
    assert again["actions"] > 0
    pages = [p for p in shop.box.site.confluence.pages.all() if "2027" in p.title]
    assert len(pages) == 1
