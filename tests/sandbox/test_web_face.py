"""What people look at and edit: pages over plain HTTP, as a browser without scripts asks for them."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import requests
from lxml import etree, html

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client


class Browser:
    """A person with a browser: cookies, pages, forms."""

    def __init__(self, box: Sandbox, language: str = "en") -> None:
        self.address = box.ready["jira"]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language

    def get(self, path: str, status: int = 200) -> str:
        answer = self.session.get(self.address + path, timeout=10)
        assert answer.status_code == status, path
        return answer.text

    def text(self, path: str) -> str:
        """What one reads, blanks collapsed."""
        texts = self.found(path, "//text()[not(ancestor::script or ancestor::style)]")
        return " ".join("".join(texts).split())

    def found(self, path: str, xpath: str) -> list[str]:
        """The texts and attributes at an XPath of a page."""
        found = html.fromstring(self.get(path)).xpath(xpath)
        assert isinstance(found, list)
        return [str(text) for text in found]

    def send(self, path: str, status: int = 200, **form: Any) -> requests.Response:
        answer = self.session.post(self.address + path, data=form, timeout=10)
        assert answer.status_code == status, answer.text
        return answer

    def become(self, box: Sandbox, name: str) -> None:
        self.send("/act-as", person=box.site.people.find(name).account_id, back="/")


@pytest.fixture
def web(box: Sandbox) -> Any:
    browser = Browser(box)
    yield browser
    browser.session.close()


@pytest.fixture
def campaign(box: Sandbox) -> str:
    """An epic with three actions in two projects."""
    box.now = lambda: datetime(2026, 12, 10, 9, tzinfo=UTC)
    jira = box.site.jira
    epic = jira.create(
        "MKT", "Epic", "Noël", by="Bridge", duedate="2026-12-17", description="Offre *forte*"
    ).key
    jira.create(
        "MKT",
        "Task",
        "Newsletter",
        by="Bridge",
        parent=epic,
        assignee="Camille",
        duedate="2026-12-08",
        start_date="2026-12-01",
    )
    jira.create(
        "IT", "Task", "Page", by="Bridge", parent=epic, assignee="Jonathan", duedate="2026-12-11"
    )
    jira.create("MKT", "Task", "Bilan", by="Bridge", parent=epic)
    jira.link("IT-1", "Blocks", "MKT-2", by="Bridge")
    jira.transition("MKT-3", "Done", by="Nadia")
    jira.set_property(epic, "bridge", {"campaign": "noel-2026"})
    return epic


class TestJira:
    def test_the_start_page(self, campaign: str, web: Browser) -> None:
        words = web.text("/")
        for word in (
            "Good to see you, Camille.",
            "Marketing",
            "Informatique",
            "Noël",
            "1 of 3 finished",
        ):
            assert word in words

    def test_the_board(self, campaign: str, web: Browser) -> None:
        words = web.text("/jira/projects/MKT/board")
        assert re.search(r"To Do 1 .*Noël Newsletter 8 Dec 2 days late", words)
        assert re.search(r"Done 1 Noël Bilan", words)
        assert "1 of 3 finished" in words

    def test_an_epic(self, campaign: str, web: Browser) -> None:
        words = web.text(f"/browse/{campaign}")
        assert "MKT-2 Newsletter waits for IT-1 Camille 1 Dec 8 Dec 2 days late To Do MKT" in words
        assert "IT-1 Page Jonathan 11 Dec tomorrow To Do IT" in words
        assert '"campaign": "noel-2026"' in words
        assert "<strong>forte</strong>" in web.get(f"/browse/{campaign}")

    def test_links_and_history(self, campaign: str, web: Browser) -> None:
        web.send("/browse/MKT-2/edit", duedate="2026-12-09", assignee="")
        words = web.text("/browse/MKT-2?tab=history")
        assert "is blocked by IT-1 Page" in words
        assert "Due date 8 Dec 2026 → 9 Dec 2026" in words
        assert "Assignee Camille → nothing" in words
        assert "blocks MKT-2 Newsletter" in web.text("/browse/IT-1")

    def test_a_board_of_very_many_issues(
        self, campaign: str, web: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "The board shows" not in web.text("/jira/projects/IT/board")
        monkeypatch.setattr("bridge.sandbox.web.tickets.ON_BOARD", 1)
        monkeypatch.setattr("bridge.sandbox.web.issue_views.ON_BOARD", 1)
        words = web.text("/jira/projects/MKT/board")
        assert "The board shows the newest 1 of " in words
        assert "Bilan MKT-3" in words
        assert "MKT-2" not in words

    def test_epics_one_may_not_see_are_not_offered(
        self, box: Sandbox, campaign: str, web: Browser
    ) -> None:
        assert "Noël" in web.text("/jira/projects/IT/create")
        web.become(box, "Nadia")
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "MKT")
        assert "Noël" not in web.text("/jira/projects/IT/create")
        assert "Noël" not in web.text("/")

    def test_editing_writes_history_as_the_person(
        self, box: Sandbox, campaign: str, web: Browser
    ) -> None:
        web.become(box, "Nadia")
        vanessa = box.site.people.find("Vanessa").account_id
        web.send("/browse/MKT-2/edit", assignee=vanessa)
        web.send("/browse/MKT-2/edit", customfield_10015="2026-12-02")
        web.send("/browse/MKT-2/edit", summary="Newsletter\nde Noël")
        web.send("/browse/MKT-2/edit", priority="1")
        web.send("/browse/MKT-2/edit", labels="b  a")
        issue = box.site.jira.issue("MKT-2")
        assert (issue.assignee, issue.summary, issue.labels) == (
            vanessa,
            "Newsletter de Noël",
            ["a", "b"],
        )
        nadia = box.site.people.find("Nadia").account_id
        assert {entry["author"] for entry in box.site.jira.history("MKT-2")[1:]} == {nadia}

    def test_moving_commenting_deleting(self, box: Sandbox, campaign: str, web: Browser) -> None:
        web.send("/browse/MKT-2/transition", step="41")
        assert box.site.jira.issue("MKT-2").resolved
        web.send("/browse/MKT-2/comment", text="Fait *vite*")
        assert "<strong>vite</strong>" in web.get("/browse/MKT-2")
        web.send("/browse/MKT-2/delete")
        web.get("/browse/MKT-2", 404)

    def test_the_description_is_changed_as_wiki_markup(
        self, box: Sandbox, campaign: str, web: Browser
    ) -> None:
        shown = web.found(f"/browse/{campaign}", "//textarea[@name='description']/text()")[0]
        assert shown.strip() == "Offre *forte*"
        table = shown + "\r\n\r\n||Plan B||\r\n|Bougies|\r\n\r\n{code:yaml}\r\na: 1\r\n{code}"
        web.send(f"/browse/{campaign}/edit", description=table)
        page = web.get(f"/browse/{campaign}")
        assert "<td><p>Bougies</p></td>" in page
        assert "<pre><code>a: 1</code></pre>" in page
        again = web.found(f"/browse/{campaign}", "//textarea[@name='description']/text()")[0]
        web.send(f"/browse/{campaign}/edit", description=again)
        assert web.found(f"/browse/{campaign}", "//textarea[@name='description']/text()") == [again]

    def test_a_comment_that_was_changed_says_so(
        self, box: Sandbox, campaign: str, web: Browser
    ) -> None:
        with Client.of(box) as bridge:
            made = bridge.jira("POST", "issue/MKT-2/comment", {"body": "Plan"}, api=2).json()
            assert "edited" not in web.text("/browse/MKT-2")
            box.now = lambda: datetime(2026, 12, 10, 10, tzinfo=UTC)
            bridge.jira("PUT", f"issue/MKT-2/comment/{made['id']}", {"body": "Encore"}, api=2)
        assert "· edited" in web.text("/browse/MKT-2")

    def test_a_wrong_value_is_said_and_nothing_is_lost(self, campaign: str, web: Browser) -> None:
        answer = web.send("/browse/MKT-2/edit", 400, summary="")
        assert "You must specify a summary of the issue." in unescape(answer.text)
        answer = web.send("/browse/MKT-2/edit", 400, duedate="soon")
        assert "Error parsing date string: soon" in answer.text

    def test_creating(self, box: Sandbox, web: Browser) -> None:
        kinds = {t.name: t.id for t in box.site.jira.setup.types}
        assert "New issue in Marketing" in web.text("/jira/projects/MKT/create")
        answer = web.send(
            "/jira/projects/MKT/create",
            type=kinds["Epic"],
            summary="Noël",
            labels="bridge-template-small",
            duedate="2026-12-17",
        )
        assert answer.url.endswith("/browse/MKT-1")
        issue = box.site.jira.issue("MKT-1")
        assert (issue.labels, issue.duedate) == (["bridge-template-small"], "2026-12-17")
        refused = web.send(
            "/jira/projects/MKT/create", 400, type=kinds["Task"], summary="", description="kept"
        )
        assert "kept" in refused.text

    def test_what_one_may_not_do_or_see(self, box: Sandbox, campaign: str, web: Browser) -> None:
        web.become(box, "Nadia")
        box.site.jira.setup.revoke("Nadia", "EDIT_ISSUES", "MKT")
        page = web.get("/browse/MKT-2")
        assert 'name="duedate"' not in page
        assert "Delete…" not in page
        web.send("/browse/MKT-2/edit", 400, duedate="2026-12-09")
        web.send("/browse/MKT-2/delete", 403)
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "IT")
        web.get("/jira/projects/IT/board", 404)
        assert "Page" not in web.text(f"/browse/{campaign}")
        assert "There is nothing here" in web.get("/browse/NO-1", 404)


MONTH = (
    "<h2>Actions</h2><table><tbody><tr><th>Date</th><th>Action</th></tr><tr><td>17</td><td><p>Page</p></td></tr></tbody></table>"
    "<ac:task-list><ac:task><ac:task-body>Valider</ac:task-body></ac:task></ac:task-list>"
    '<p><ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">MKT-1</ac:parameter></ac:structured-macro></p>'
)


@pytest.fixture
def month(box: Sandbox) -> str:
    """The path of a month page."""
    page = box.site.confluence.create("Décembre", MONTH, by="Bridge")
    return f"/wiki/spaces/MKT/pages/{page.id}"


def number_of(path: str) -> int:
    return int(path.rpartition("/")[2])


class TestConfluence:
    def test_the_tree_and_the_page(
        self, box: Sandbox, campaign: str, month: str, web: Browser
    ) -> None:
        assert "Décembre" in web.text("/wiki/spaces/MKT")
        words = web.text(month)
        assert "Bridge · 10 Dec 2026, 10:00 · version 1" in words
        assert "MKT-1 Noël To Do" in words
        by_api = Client.of(box).wiki("GET", f"pages/{number_of(month)}").json()["_links"]["webui"]
        assert "Décembre" in web.text("/wiki" + by_api)
        assert "Décembre" in web.text(f"/wiki/x/{number_of(month):x}")

    def test_one_cell_is_changed_in_place(self, box: Sandbox, month: str, web: Browser) -> None:
        (cell,) = re.findall(r'data-edit="(\d+)">Page<', web.get(month))
        web.send(f"{month}/inline", element=cell, version="1", text="Page d’accueil & <co>")
        body = box.site.confluence.body(number_of(month))
        assert ">Page d’accueil &amp; &lt;co&gt;</p></td>" in body
        assert box.site.confluence.page(number_of(month)).version == 2
        answer = web.session.post(
            f"{web.address}{month}/inline",
            data={"element": cell, "version": "2", "text": "x"},
            headers={"Accept": "application/json"},
            timeout=10,
        )
        assert answer.json() == {"version": 3}

    def test_somebody_saved_meanwhile(self, box: Sandbox, month: str, web: Browser) -> None:
        box.site.confluence.edit(
            number_of(month), lambda body: body.replace("Page", "Site"), by="Nadia"
        )
        answer = web.send(f"{month}/inline", 409, element="3", version="1", text="x")
        assert "Current Version: [2]" in answer.json()["message"]
        web.send(f"{month}/inline", 400, element="99", version="2", text="x")
        conflict = web.send(
            f"{month}/source", 409, title="Décembre", body="<p>mine</p>", version="1"
        )
        assert "Somebody has saved this page meanwhile." in conflict.text
        assert "&lt;p&gt;mine&lt;/p&gt;" in conflict.text
        assert 'name="version" value="2"' in conflict.text
        web.send(
            f"{month}/source", title="Décembre", body="<p>mine</p>", version="2", message="over it"
        )
        assert ">mine</p>" in box.site.confluence.body(number_of(month))

    def test_the_source(self, box: Sandbox, month: str, web: Browser) -> None:
        wrong = web.send(
            f"{month}/source", 400, title="Décembre", body="<p>\n<b>x</p>", version="1"
        )
        assert "Error parsing xhtml: Unexpected close tag" in wrong.text
        assert "[2," in wrong.text
        shown = web.found(f"{month}/source", "//textarea[@name='body']/text()")[0]
        before = box.site.confluence.body(number_of(month))
        assert shown.count("\n") > 3, "one line per block"
        web.send(f"{month}/source", title="Décembre 2026", body=shown, version="1")
        assert box.site.confluence.body(number_of(month)) == before, "and saving it changes nothing"
        assert box.site.confluence.page(number_of(month)).title == "Décembre 2026"

    def test_a_row_and_a_tick(self, box: Sandbox, month: str, web: Browser) -> None:
        web.send(f"{month}/row", table="0", version="1")
        assert "<tr><td /><td /></tr>" in box.site.confluence.body(number_of(month))
        (task,) = re.findall(r'name="task" value="([^"]+)"', web.get(month))
        web.send(f"{month}/tick", task=task, version="2")
        assert box.site.confluence.tasks.all()[0].status == "complete"
        web.send(f"{month}/row", 404, table="7", version="3")
        web.send(f"{month}/tick", 400, task="x:nonsense", version="3")

    def test_the_history(self, box: Sandbox, month: str, web: Browser) -> None:
        box.site.confluence.edit(
            number_of(month),
            lambda body: body.replace("Page", "Site"),
            by="Nadia",
            message="better",
        )
        words = web.text(f"{month}/history")
        assert "Nadia" in words
        assert "better" in words
        page = web.get(f"{month}/history?from=1&to=2")
        assert "<del>17 | Page</del>" in page
        assert "<ins>17 | Site</ins>" in page
        assert "You are reading version 1; the present one is 2." in web.text(f"{month}?version=1")
        assert "data-edit" not in web.get(f"{month}?version=1")
        web.get(f"{month}?version=9", 404)

    def test_comments(self, box: Sandbox, month: str, web: Browser) -> None:
        web.send(f"{month}/comment", text="Très <clair>")
        web.send(f"{month}/comment", text="Lesquelles ?", passage="Page")
        words = web.text(month)
        assert "Très <clair>" in words
        assert "Lesquelles ?" in words
        assert '<mark class="remarked"' in web.get(month)
        web.send(f"{month}/comment", 400, text="x", passage="not there")

    def test_new_pages(self, box: Sandbox, month: str, web: Browser) -> None:
        answer = web.send(
            "/wiki/spaces/MKT/create",
            title="Janvier",
            body="<p>x</p>",
            parent=str(number_of(month)),
        )
        assert box.site.confluence.page_titled("Janvier").parent == number_of(month)
        assert "/wiki/spaces/MKT/pages/" in answer.url
        refused = web.send("/wiki/spaces/MKT/create", 400, title="janvier", body="<p>x</p>")
        assert "already exists" in refused.text

    def test_readers_do_not_write(self, box: Sandbox, month: str, web: Browser) -> None:
        web.become(box, "Nadia")
        box.site.confluence.spaces.revoke("Nadia", "update", "MKT")
        assert "data-edit" not in web.get(month)
        web.get(f"{month}/source", 403)
        web.send(f"{month}/inline", 403, element="1", version="1", text="x")
        box.site.confluence.spaces.revoke("Nadia", "read", "MKT")
        web.get(month, 404)


class TestSafety:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Referer": "https://evil.example/x"},
            {"Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_forms_of_other_sites_do_nothing(
        self, box: Sandbox, campaign: str, web: Browser, headers: dict[str, str]
    ) -> None:
        answer = web.session.post(
            f"{web.address}/browse/{campaign}/delete", headers=headers, timeout=10
        )
        assert answer.status_code == 403
        assert box.site.jira.issue(campaign).summary == "Noël"

    def test_user_text_is_text(self, box: Sandbox, web: Browser) -> None:
        nasty = '<script>alert("1")</script>'
        box.site.jira.create("MKT", "Epic", nasty, by="Camille", labels=["<b>"], description=nasty)
        box.site.jira.create("MKT", "Task", nasty, by="Camille", parent="MKT-1")
        box.site.jira.comment("MKT-1", nasty, by="Camille")
        box.site.jira.edit("MKT-1", by="Camille", summary=nasty + "2")
        box.site.jira.set_property("MKT-1", "bridge", nasty)
        page = box.site.confluence.create(
            nasty, f"<p>{nasty.replace('<', '&lt;')}</p>", by="Camille"
        )
        paths = [
            "/",
            "/jira/projects/MKT/board",
            "/browse/MKT-1",
            "/browse/MKT-1?tab=history",
            "/wiki/spaces/MKT",
        ]
        path = f"/wiki/spaces/MKT/pages/{page.id}"
        for shown in (*paths, path, f"{path}/source", f"{path}/history"):
            content = web.get(shown)
            assert "<script>alert" not in content, shown
            assert "<b>" not in content, shown

    def test_where_choosing_a_person_leads(self, box: Sandbox, web: Browser) -> None:
        camille = box.site.people.find("Camille").account_id
        for back in ("https://evil.example", "//evil.example", "/\\evil.example", ""):
            answer = web.session.post(
                f"{web.address}/act-as",
                data={"person": camille, "back": back},
                allow_redirects=False,
                timeout=10,
            )
            assert answer.headers["Location"] == "/"

    def test_somebody_unknown(self, web: Browser) -> None:
        web.send("/act-as", 404, person="x")

    def test_nothing_comes_from_elsewhere(self, campaign: str, month: str, web: Browser) -> None:
        for path in ("/", f"/browse/{campaign}", month):
            for source in web.found(path, "//@src | //link/@href"):
                assert source.startswith("/")
        answer = web.session.get(web.address + "/", timeout=10)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


class TestLanguage:
    def test_french_by_default(self, box: Sandbox, campaign: str) -> None:
        browser = Browser(box, "")
        words = browser.text(f"/browse/{campaign}")
        assert '<html lang="fr">' in browser.get("/")
        for word in ("Échéance", "1 sur 3 terminées", "2 jours de retard", "demain", "8 déc."):
            assert word in words

    def test_what_the_browser_prefers_and_what_is_chosen(self, box: Sandbox) -> None:
        browser = Browser(box, "en-GB,en;q=0.9,fr;q=0.5")
        assert '<html lang="en">' in browser.get("/")
        assert '<html lang="fr">' in browser.get("/?lang=fr")
        assert '<html lang="fr">' in browser.get("/"), "remembered"
        assert '<html lang="fr">' in Browser(box, "de").get("/")


def test_small_pictures(box: Sandbox, web: Browser) -> None:
    camille = box.site.people.find("Camille").account_id
    for path in (f"/avatar/{camille}", "/avatar/nobody", "/icon/issuetype/1.svg", "/icon/priority/1.svg",
                 "/icon/project/MKT.svg", "/icon/status.svg", "/favicon.ico"):  # fmt: skip
        etree.fromstring(web.get(path).encode())
    assert (
        "text/css"
        in web.session.get(web.address + "/static/sandbox.css", timeout=10).headers["Content-Type"]
    )
    web.get("/static/../../seed.py", 404)


def test_an_empty_site_has_a_face() -> None:
    with Sandbox(seed=False) as empty:
        answer = requests.get(empty.ready["jira"] + "/", timeout=10)
        assert answer.status_code == 200
