"""Storage format without HTTP: what is refused, what saving does to a body, how people see it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.sandbox.confluence.passages import editable, marked, with_row, with_text
from bridge.sandbox.confluence.reading import broken_into_lines, lines_of
from bridge.sandbox.confluence.render import render
from bridge.sandbox.confluence.rewrite import rewritten
from bridge.sandbox.confluence.storage import StorageFormatError, parse, serialize
from bridge.sandbox.confluence.surroundings import Surroundings, Ticket

MACRO = '<ac:structured-macro ac:name="{}">{}</ac:structured-macro>'
RICH = "<ac:rich-text-body>{}</ac:rich-text-body>"


def parameter(name: str, value: str) -> str:
    return f'<ac:parameter ac:name="{name}">{value}</ac:parameter>'


STATUS = MACRO.format("status", parameter("title", "DONE") + parameter("colour", "Green"))


class TestParsing:
    @pytest.mark.parametrize(
        ("body", "reason", "place"),
        [
            ("<p>a<b>c</p>", "Unexpected close tag </p>; expected </b>.", "[1,13]"),
            ("<p>\n<br></p>", "Unexpected close tag </p>; expected </br>.", "[2,9]"),
            ("<p>&foo;</p>", 'Undeclared general entity "foo"', "[1,9]"),
            ("<p>a & b</p>", "Unexpected character ' ' (code 32) (missing name?)", "[1,7]"),
            ("<x:y/>", 'Undeclared namespace prefix "x"', "[1,5]"),
            ("<p>", "Unexpected end-of-input; was expecting a close tag for element <p>", "[1,4]"),
            ("</p>", "Unexpected close tag </p>", "[1,5]"),
            ("<p>\x08</p>", "Illegal character (code 8)", "[1,4]"),
            ("<p a=1/>", "AttValue: \" or ' expected", "[1,6]"),
        ],
    )
    def test_ill_formed(self, body: str, reason: str, place: str) -> None:
        with pytest.raises(StorageFormatError) as refused:
            parse(body)
        assert str(refused.value).startswith(f"Error parsing xhtml: {reason}")
        assert str(refused.value).endswith(place)

    @pytest.mark.parametrize(
        "body",
        [
            "</storage-format><storage-format>",
            '<!DOCTYPE x [<!ENTITY a "b">]><p>&a;</p>',
            "<?xml version='1.0'?><p/>",
        ],
    )
    def test_the_frame_cannot_be_left(self, body: str) -> None:
        with pytest.raises(StorageFormatError):
            parse(body)

    def test_outside_files_are_not_read(self) -> None:
        with pytest.raises(StorageFormatError):
            parse('<!ENTITY x SYSTEM "file:///etc/passwd">')

    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=80))
    def test_any_text_is_read_or_refused(self, body: str) -> None:
        """No other error than the one that says where."""
        with suppress(StorageFormatError):
            serialize(parse(body))

    @settings(max_examples=100, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
    def test_any_escaped_text_comes_through(self, words: str) -> None:
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        (paragraph,) = parse(f"<p>{escaped}</p>")
        assert (paragraph.text or "") == words
        assert serialize(parse(serialize(parse(f"<p>{escaped}</p>")))) == serialize(
            parse(f"<p>{escaped}</p>")
        )


class TestRewriting:
    """What is read back is never what was sent; saving what was read changes nothing."""

    def test_ids_and_versions(self) -> None:
        link = '<ac:link><ri:page ri:content-title="X"/></ac:link>'
        out = rewritten(
            f"<p>{STATUS}{link}</p><table><tbody><tr><td>x</td></tr></tbody></table>",
            "1/1",
            lambda _s, _t: 7,
        )
        assert 'ac:schema-version="1" ac:macro-id="' in out
        assert '<table ac:local-id="' in out
        assert '<p local-id="' in out
        assert '<ri:page ri:content-title="X" ri:version-at-save="7" />' in out

    def test_ids_that_are_there_are_kept(self) -> None:
        given_id = '<ac:structured-macro ac:name="toc" ac:macro-id="mine"/>'
        assert 'ac:macro-id="mine"' in rewritten(given_id, "1/1")

    def test_new_ids_never_repeat_old_ones(self) -> None:
        first = rewritten("<p>a</p>", "1/1")
        both = rewritten(first + "<p>b</p>", "1/1")
        ids = [part.split('"')[0] for part in both.split('local-id="')[1:]]
        assert len(set(ids)) == 2

    def test_parameters_are_sorted(self) -> None:
        out = rewritten(STATUS, "1/1")
        assert out.index('ac:name="colour"') < out.index('ac:name="title"')

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("&eacute;&nbsp;&euro;", "é&nbsp;€"),
            ("&amp;&lt;&gt;&quot;", "&amp;&lt;&gt;&quot;"),
            ('a "b"', "a &quot;b&quot;"),
            ("a<br></br>b", "a<br />b"),
            ("<span></span>", "<span />"),
            ('<span style="color:red" onclick="x()">a</span>', "<span>a</span>"),
            ("a <!-- gone --> b", "a  b"),
            ("a\n   b", "a b"),
            ("<code>a  b</code>", "<code>a  b</code>"),
        ],
    )
    def test_text_is_normalised(self, sent: str, kept: str) -> None:
        out = rewritten(f"<h1>{sent}</h1>", "1/1")
        assert out.partition(">")[2].removesuffix("</h1>") == kept

    def test_blanks_between_blocks_go(self) -> None:
        out = rewritten("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n\n<hr/>\n", "1/1")
        assert out.partition(">")[2] == "<li>a</li><li>b</li></ul><hr />"

    def test_blanks_between_words_stay(self) -> None:
        out = rewritten(f"<p><b>a</b> <i>b</i>\n{STATUS} {STATUS}</p>", "1/1")
        assert "</b> <i>" in out
        assert "</i> <ac:" in out
        assert "</ac:structured-macro> <ac:structured-macro" in out

    def test_coloured_cells_keep_class_and_colour(self) -> None:
        cell = '<td class="highlight-#e3fcef" data-highlight-colour="#e3fcef">x</td>'
        assert cell in rewritten(f"<table><tbody><tr>{cell}</tr></tbody></table>", "1/1")

    def test_tasks_get_ids(self) -> None:
        task = "<ac:task><ac:task-body>x</ac:task-body></ac:task>"
        out = rewritten(f"<ac:task-list>{task}{task}</ac:task-list>", "1/1")
        assert "<ac:task-id>1</ac:task-id><ac:task-uuid>" in out
        assert "<ac:task-id>2</ac:task-id>" in out
        assert out.count("<ac:task-status>incomplete</ac:task-status>") == 2

    def test_cdata_survives(self) -> None:
        code = MACRO.format(
            "code", "<ac:plain-text-body><![CDATA[a < b\n]]]]><![CDATA[> c]]></ac:plain-text-body>"
        )
        assert "<![CDATA[a < b\n]]]]><![CDATA[> c]]>" in rewritten(code, "1/1")

    def test_deterministic(self) -> None:
        assert rewritten(STATUS, "1/1") == rewritten(STATUS, "1/1") != rewritten(STATUS, "1/2")

    @settings(max_examples=120, deadline=None)
    @given(
        st.lists(
            st.sampled_from(
                ["<p>a &eacute; &nbsp;</p>", "\n", "  ", "text ", STATUS, MACRO.format("info", RICH.format("<p>x</p> ")),
                 "<table> <tr><td> </td><th>a</th></tr></table>", "<ul><li>a<br/> b</li> </ul>", '<p style="x">"q"</p>',
                 "<ac:task-list><ac:task><ac:task-body>x</ac:task-body></ac:task></ac:task-list>", "<strong>b</strong>",
                 '<ac:link><ri:page ri:content-title="X"/></ac:link>', "<pre> a\n b </pre>"]
            ),
            max_size=8,
        )
    )  # fmt: skip
    def test_saving_what_was_read_changes_nothing(self, pieces: list[str]) -> None:
        once = rewritten("".join(pieces), "1/1")
        assert rewritten(once, "1/2") == once
        assert rewritten(broken_into_lines(once), "1/3") == once


AROUND = Surroundings(
    name_of={"712020:c": "Camille & co"}.get,
    page_url=lambda title, _: "/wiki/x" if title == "There" else None,
    ticket=lambda key: (
        Ticket(key, "A <b>", "Done", "done", f"/browse/{key}") if key == "MKT-1" else None
    ),
    tickets=lambda _jql, most: [
        Ticket("MKT-1", "A", "Done", "done", "/browse/MKT-1", "Vanessa", "2026-12-17")
    ][:most],
    day=lambda text: f"[{text}]",
)


class TestRendering:
    @pytest.mark.parametrize(
        ("body", "html"),
        [
            ("<p>a &lt; b</p>", "<p>a &lt; b</p>"),
            (STATUS, '<span class="lozenge lozenge-green">DONE</span>'),
            ('<td data-highlight-colour="#e3fcef">x</td>', '<td class="shaded" style="--shade: #e3fcef">x</td>'),
            ('<td data-highlight-colour="red;x">x</td>', "<td>x</td>"),
            ('<ac:link><ri:user ri:account-id="712020:c"/></ac:link>', '<span class="mention">Camille &amp; co</span>'),
            ('<ac:link><ri:page ri:content-title="There"/></ac:link>', '<a href="/wiki/x">There</a>'),
            ('<ac:link><ri:page ri:content-title="Gone"/></ac:link>', '<span class="missing">Gone</span>'),
            ('<time datetime="2026-11-22"/>', '<time class="date" datetime="2026-11-22">[2026-11-22]</time>'),
            (MACRO.format("gantt", parameter("a", "1")), '<span class="placeholder">Macro “gantt”</span>'),
            (MACRO.format("anchor", parameter("", "here")), '<span id="here"></span>'),
            (MACRO.format("excerpt", RICH.format("<p>x</p>")), '<div class="macro-excerpt"><p>x</p></div>'),
            ('<ac:inline-comment-marker ac:ref="r">x</ac:inline-comment-marker>', '<mark class="remarked" data-ref="r">x</mark>'),
            ("<script>alert(1)</script><p>x</p>", "<p>x</p>"),
            ('<a href="javascript:x">x</a>', '<a href="#" rel="noopener noreferrer">x</a>'),
            ('<iframe src="x">y</iframe>', "y"),
            ('<ac:emoticon ac:name="tick"/>', "✅"),
        ],
    )  # fmt: skip
    def test_single_things(self, body: str, html: str) -> None:
        assert render(body, AROUND) == html

    def test_panels_expands_and_code(self) -> None:
        assert '<p class="panel-title">T</p>' in render(
            MACRO.format("info", parameter("title", "T") + RICH.format("x")), AROUND
        )
        assert "<summary>More</summary>" in render(
            MACRO.format("expand", parameter("title", "More") + RICH.format("x")), AROUND
        )
        code = MACRO.format("code", "<ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>")
        assert "<pre><code>a &lt; b</code></pre>" in render(code, AROUND)

    def test_issues(self) -> None:
        one = render(MACRO.format("jira", parameter("key", "MKT-1")), AROUND)
        assert (
            '<a href="/browse/MKT-1">MKT-1</a> A &lt;b&gt; <span class="lozenge lozenge-green">Done</span>'
            in one
        )
        table = render(
            MACRO.format("jira", parameter("jqlQuery", "x") + parameter("columns", "key,due")),
            AROUND,
        )
        assert "<th>Key</th><th>Due</th>" in table
        assert "[2026-12-17]" in table
        assert "MKT-9" in render(MACRO.format("jira", parameter("key", "MKT-9")), AROUND)

    def test_contents(self) -> None:
        html = render(MACRO.format("toc", "") + "<h1>One</h1><h2>Two</h2>", AROUND)
        assert '<li class="toc-h2"><a href="#h-2">Two</a></li>' in html
        assert '<h2 id="h-2">Two</h2>' in html

    def test_an_unknown_macro_shows_what_it_holds(self) -> None:
        html = render(MACRO.format("wonder", RICH.format("<p>kept</p>")), AROUND)
        assert "Macro “wonder”" in html
        assert "<p>kept</p>" in html

    def test_nothing_of_the_text_is_lost_or_markup(self) -> None:
        html = render("<p>1 &amp; 2 <strong>&lt;b&gt;</strong> &quot;x&quot;</p>", AROUND)
        assert html == "<p>1 &amp; 2 <strong>&lt;b&gt;</strong> &quot;x&quot;</p>"

    @settings(max_examples=100, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
    def test_user_text_never_becomes_markup(self, words: str) -> None:
        escaped = (
            words.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace('"', "&quot;")
        )
        body = MACRO.format("status", parameter("title", escaped)) + MACRO.format(
            escaped or "x", ""
        )
        html = render(body, AROUND)
        assert "<script" not in html.lower()
        assert html.count("<") == html.count(">") == 4


class TestPassages:
    BODY = "<h1>T</h1><table><tbody><tr><td>a</td><td><p>b</p></td><td/></tr></tbody></table><p>x <b>y</b></p>"

    def test_what_can_be_edited_in_place(self) -> None:
        assert [e.text for e in editable(parse(self.BODY))] == ["T", "a", "b", None]

    def test_one_text_is_changed_and_nothing_else(self) -> None:
        changed = with_text(self.BODY, 2, "  c & <d> ")
        assert changed == serialize(parse(self.BODY)).replace(">b<", ">c &amp; &lt;d&gt;<")
        with pytest.raises(LookupError):
            with_text(self.BODY, 9, "x")

    def test_a_row_is_added(self) -> None:
        assert with_row(self.BODY, 0).count("<tr>") == 2
        assert "<tr><td /><td /><td /></tr></tbody>" in with_row(self.BODY, 0)
        with pytest.raises(LookupError):
            with_row(self.BODY, 1)

    def test_a_passage_is_marked(self) -> None:
        marker = '<ac:inline-comment-marker ac:ref="r">{}</ac:inline-comment-marker>'
        assert f"<p>{marker.format('x')} <b>" in marked(self.BODY, "x", "r")
        assert marker.format("y") in marked(self.BODY, "y", "r")
        with pytest.raises(LookupError):
            marked(self.BODY, "x y", "r")

    def test_the_lines_of_a_page(self) -> None:
        body = (
            "<h1>T</h1><p>a <b>b</b>c</p><table><tbody><tr><td>1</td>"
            f'<td>{STATUS}</td><td><ac:link><ri:user ri:account-id="u"/></ac:link></td></tr></tbody></table>'
            "<ac:task-list><ac:task><ac:task-status>complete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>"
        )
        assert lines_of(body, {"u": "Nadia"}.get) == ["T", "a bc", "1 | [DONE] | Nadia", "☑ x"]
