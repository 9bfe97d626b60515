"""ADF: which documents are valid, and the ways to wiki markup, HTML, storage format and plain text."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from bridge.sandbox.confluence.storage import parse
from bridge.sandbox.richtext import adf
from bridge.sandbox.richtext.adf import doc, mark, node, text
from bridge.sandbox.richtext.check import problem
from bridge.sandbox.richtext.from_wiki import from_wiki
from bridge.sandbox.richtext.grammar import MARKS, NODES
from bridge.sandbox.richtext.to_html import to_html
from bridge.sandbox.richtext.to_storage import to_storage
from bridge.sandbox.richtext.to_wiki import to_wiki
from tests.judge.contracts import folder

NAMES = {"712020:c": "Camille"}.get


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder() / "adf-v1-full.schema.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def judge(schema: dict[str, Any]) -> Draft4Validator:
    return Draft4Validator(schema)


P = node("paragraph", [text("x")])
VALID = {
    "empty": [],
    "empty paragraph": [node("paragraph", [])],
    "marks": [node("paragraph", [text("x", [mark("strong"), mark("link", href="https://a.fr")])])],
    "inline code in a link": [node("paragraph", [text("x", [mark("code"), mark("link", href="#")])])],
    "mention": [node("paragraph", [node("mention", id="712020:c", text="@Camille")])],
    "status": [node("paragraph", [node("status", text="DONE", color="green")])],
    "date and emoji": [node("paragraph", [node("date", timestamp="0"), node("emoji", shortName=":x:")])],
    "headings": [node("heading", [text("x")], level=n) for n in (1, 6)],
    "lists": [node("bulletList", [node("listItem", [P, node("orderedList", [node("listItem", [P])])])])],
    "tasks": [node("taskList", [node("taskItem", [text("x")], localId="a", state="TODO")], localId="b")],
    "table": [node("table", [node("tableRow", [node("tableHeader", [P]), node("tableCell", [P], background="#e3fcef")])])],
    "panel": [node("panel", [P], panelType="info")],
    "expand": [node("expand", [P], title="more")],
    "code": [node("codeBlock", [text("x")], language="python")],
    "quote and rule": [node("blockquote", [P]), node("rule")],
    "layout": [node("layoutSection", [node("layoutColumn", [P], width=50), node("layoutColumn", [P], width=50)])],
    "extension": [node("extension", extensionType="a", extensionKey="b")],
}  # fmt: skip
INVALID = {
    "empty text": [node("paragraph", [{"type": "text", "text": ""}])],
    "unknown node": [node("fancy", [])],
    "text at the root": [text("x")],
    "item at the root": [node("listItem", [P])],
    "empty list": [node("bulletList", [])],
    "paragraph in a list": [node("bulletList", [P])],
    "heading without level": [node("heading", [text("x")])],
    "heading of level 7": [node("heading", [text("x")], level=7)],
    "code with emphasis": [node("paragraph", [text("x", [mark("code"), mark("strong")])])],
    "marks in a code block": [node("codeBlock", [text("x", [mark("strong")])])],
    "unknown mark": [node("paragraph", [text("x", [mark("blink")])])],
    "link without href": [node("paragraph", [text("x", [mark("link")])])],
    "mention without id": [node("paragraph", [node("mention", text="@x")])],
    "status of an odd colour": [node("paragraph", [node("status", text="x", color="pink")])],
    "table in a table": [
        node("table", [node("tableRow", [node("tableCell", [node("table", [])])])])
    ],
    "panel in a panel": [node("panel", [node("panel", [P], panelType="info")], panelType="info")],
    "one column": [node("layoutSection", [node("layoutColumn", [P], width=100)])],
    "task without id": [node("taskList", [node("taskItem", [], state="TODO")], localId="b")],
    "unknown attribute": [node("paragraph", [text("x")], colour="red")],
    "unknown property": [{**P, "style": "bold"}],
    "content in a rule": [node("rule", [P])],
    "number as text": [node("paragraph", [{"type": "text", "text": 1}])],
}


class TestGrammar:
    @pytest.mark.parametrize("case", VALID)
    def test_valid(self, judge: Draft4Validator, case: str) -> None:
        document = doc(VALID[case])
        assert problem(document) is None
        assert list(judge.iter_errors(document)) == []

    @pytest.mark.parametrize("case", INVALID)
    def test_invalid(self, judge: Draft4Validator, case: str) -> None:
        document = doc(INVALID[case])
        assert problem(document) is not None
        assert list(judge.iter_errors(document)) != []

    @pytest.mark.parametrize(
        "value",
        [
            None,
            "x",
            [],
            {},
            {"type": "doc"},
            {"type": "doc", "version": 2, "content": []},
            {"type": "doc", "version": 1},
        ],
    )
    def test_not_a_document(self, value: Any) -> None:
        assert problem(value) is not None

    def test_nothing_is_missing(self, schema: dict[str, Any]) -> None:
        """Every node and mark of the published schema stands in our grammar, and no other."""
        nodes, marks = set(), set()
        for name, definition in schema["definitions"].items():
            kind = definition.get("properties", {}).get("type", {}).get("enum", [None])[0]
            if kind and name.endswith("_mark"):
                marks.add(kind)
            elif kind:
                nodes.add(kind)
        assert set(NODES) == nodes
        assert set(MARKS) == marks

    def test_the_place_is_named(self) -> None:
        assert problem(doc([P, node("bulletList", [P])])) == (
            "doc/content[1]/bulletList/content[0]: paragraph may not stand here"
        )


WORDS = st.text("abc é.,!?", min_size=1, max_size=12).map(lambda t: f"w{t.strip()}w")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of the usual constructs."""

    def words() -> list[dict[str, Any]]:
        return [text(draw(WORDS))]

    def item() -> dict[str, Any]:
        return node("listItem", [node("paragraph", words())])

    blocks: dict[str, Callable[[], dict[str, Any]]] = {
        "paragraph": lambda: node("paragraph", words()),
        "heading": lambda: node("heading", words(), level=draw(st.integers(1, 6))),
        "bullets": lambda: node("bulletList", [item(), item()]),
        "numbers": lambda: node("orderedList", [item()]),
        "rule": lambda: node("rule"),
        "code": lambda: node("codeBlock", words()),
        "quote": lambda: node("blockquote", [node("paragraph", words())]),
        "table": lambda: node(
            "table", [node("tableRow", [node("tableCell", [node("paragraph", words())])])]
        ),
        "strong": lambda: node(
            "paragraph",
            [text(draw(WORDS), [mark(draw(st.sampled_from(["strong", "em", "code"])))])],
        ),
    }
    names = draw(st.lists(st.sampled_from(sorted(blocks)), min_size=1, max_size=6))
    return doc(blocks[name]() for name in names)


class TestWiki:
    @settings(max_examples=60, deadline=None)
    @given(documents())
    def test_there_and_back(self, document: dict[str, Any]) -> None:
        assert problem(document) is None
        assert from_wiki(to_wiki(document)) == document

    @settings(max_examples=100, deadline=None)
    @given(st.text("*_-+^~{}[]|#h1. \n\\abc:/é", max_size=60))
    def test_any_markup_is_valid_adf(self, markup: str) -> None:
        assert problem(from_wiki(markup)) is None

    @pytest.mark.parametrize(
        "markup",
        [
            "h2. Titre *gras*",
            "Une ligne\nune autre",
            "* un\n** deux\n* trois",
            "# un\n## deux",
            "* [ ] à faire\n* [x] fait",
            "||Date||Action||\n|17 déc.|Newsletter|",
            "{code:python}\nprint(1)\n{code}",
            "{quote}\ncité\n{quote}",
            "----",
            "[texte|https://example.fr] et https://example.fr/x",
            "[~accountid:712020:c]",
            "x ^2^ y ~1~ -non- +oui+ {{mono}}",
            "prix : 10 - 20 et snake_case_x",
            "{info}\nbon à savoir\n{info}",
        ],
    )
    def test_markup_comes_back_as_it_went_in(self, markup: str) -> None:
        assert to_wiki(from_wiki(markup, NAMES)) == markup

    def test_mentions_carry_the_name(self) -> None:
        (found,) = [
            n for n in adf.walk(from_wiki("[~accountid:712020:c]", NAMES)) if n["type"] == "mention"
        ]
        assert found["attrs"] == {"id": "712020:c", "text": "@Camille"}

    @pytest.mark.parametrize(
        "markup", ["{chart}x{chart}", "{unknown", "[broken|", "||", "*", "{color:red}x"]
    )
    def test_what_is_not_understood_survives_as_text(self, markup: str) -> None:
        assert adf.plain(from_wiki(markup)).replace(" ", "") in (markup, "")

    def test_tasks_keep_their_ids(self) -> None:
        assert from_wiki("* [ ] a") == from_wiki("* [ ] a")


class TestOtherWays:
    @pytest.mark.parametrize("case", VALID)
    def test_valid_documents_go_everywhere(self, case: str) -> None:
        document = doc(VALID[case])
        parse(to_storage(document))
        to_html(document, NAMES)
        to_wiki(document)
        adf.plain(document)

    def test_html_is_escaped(self) -> None:
        document = doc([node("paragraph", [text("<script>alert('1')</script>")])])
        assert (
            to_html(document, NAMES) == "<p>&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;</p>"
        )

    @pytest.mark.parametrize(
        "href", ["javascript:alert(1)", "JaVaScript:x", " data:text/html,x", "vbscript:x"]
    )
    def test_no_address_that_runs(self, href: str) -> None:
        document = doc([node("paragraph", [text("x", [mark("link", href=href)])])])
        assert 'href="#"' in to_html(document, NAMES)
        assert 'href="#"' in to_storage(document)

    def test_plain_text(self) -> None:
        document = from_wiki("h1. Titre\n\nUn [~accountid:712020:c]\n* a\n* b", NAMES)
        assert adf.plain(document) == "Titre\nUn @Camille\na\nb"

    def test_storage(self) -> None:
        expected = "<h1>T</h1><ul><li><p>a <strong>b</strong></p></li></ul>"
        assert to_storage(from_wiki("h1. T\n* a *b*")) == expected
