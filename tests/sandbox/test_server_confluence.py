"""The Data Center flavour's Confluence over version 1, and the pages where people look and edit."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from bridge.sandbox import Sandbox
from tests.sandbox.server_client import EPIC_LINK, EPIC_NAME, ServerClient, get


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter") as box:
        yield box


@pytest.fixture
def api(server: Sandbox) -> Iterator[ServerClient]:
    with ServerClient.of(server) as client:
        yield client


class TestConfluence:
    def test_a_page_conflict(self, api: ServerClient) -> None:
        page = api.publish("Décembre")
        assert page["version"]["number"] == 1
        saved = api.save(
            page, "<p>y</p>", 2, version={"number": 2, "message": "m", "minorEdit": True}
        )
        assert saved.json()["version"]["minorEdit"]
        stale = api.save(page, "<p>z</p>", 2)
        assert stale.status_code == 409
        assert stale.json()["statusCode"] == 409
        assert stale.json()["message"].endswith(
            "ConflictException: Version must be incremented on update. Current version is: 2"
        )
        missing = api.wiki("PUT", f"content/{page['id']}", {"type": "page", "title": "x"})
        assert (missing.status_code, "No version supplied" in missing.json()["message"]) == (
            400,
            True,
        )

    def test_titles_are_unique_in_any_case(self, api: ServerClient) -> None:
        api.publish("Décembre")
        taken = {"type": "page", "title": "DÉCEMBRE ", "space": {"key": "MKT"}}
        refused = api.wiki("POST", "content", taken)
        assert refused.status_code == 400
        assert "A page with this title already exists" in refused.json()["message"]
        exact = {"spaceKey": "MKT", "title": "décembre"}
        assert api.wiki("GET", "content", params=exact).json()["results"] == []

    def test_ancestors(self, api: ServerClient) -> None:
        above = api.publish("Above")
        assert above["ancestors"] == []
        below = api.publish("Below", ancestors=[{"id": above["id"]}])
        assert [a["id"] for a in below["ancestors"]] == [above["id"]]
        other = api.publish("Other")
        moved = api.save(below, "<p>y</p>", 2, ancestors=[{"id": other["id"]}]).json()
        assert [a["id"] for a in moved["ancestors"]] == [other["id"]]
        path = f"content/{other['id']}/child/page"
        assert [c["title"] for c in api.wiki("GET", path).json()["results"]] == ["Below"]

    def test_the_past(self, api: ServerClient) -> None:
        page = api.publish("Page", "<p>one</p>")
        api.save({**page, "title": "Renamed"}, "<p>two</p>", 2)
        path = f"content/{page['id']}"
        then = api.wiki(
            "GET", f"{path}?status=historical&version=1&expand=body.storage,version"
        ).json()
        assert (then["title"], then["status"], then["version"]["number"]) == (
            "Page",
            "historical",
            1,
        )
        assert "one" in then["body"]["storage"]["value"]
        assert api.wiki("GET", f"{path}?version=1").status_code == 404
        history = api.wiki("GET", f"{path}/history").json()
        assert (history["lastUpdated"]["number"], history["previousVersion"]["number"]) == (2, 1)

    def test_trash_restore_purge(self, api: ServerClient) -> None:
        page = api.publish("Page")
        path = f"content/{page['id']}"
        assert api.wiki("DELETE", path).status_code == 204
        assert api.wiki("GET", path).status_code == 404
        assert api.wiki("GET", f"{path}?status=trashed").json()["status"] == "trashed"
        restored = api.wiki(
            "PUT", path, {"id": page["id"], "status": "current", "version": {"number": 2}}
        )
        assert restored.json()["status"] == "current"
        for query, status in (("", 204), ("?status=trashed", 204), ("?status=trashed", 404)):
            assert api.wiki("DELETE", path + query).status_code == status

    def test_properties_by_key(self, api: ServerClient) -> None:
        path = f"content/{api.publish('Page')['id']}/property"
        first = {"key": "bridge", "value": {"a": 1}, "version": {"number": 1}}
        assert api.wiki("PUT", f"{path}/bridge", first).json()["version"]["number"] == 1
        assert api.wiki("POST", path, first).status_code == 400
        changed = {**first, "value": {"a": 2}, "version": {"number": 2}}
        assert api.wiki("PUT", f"{path}/bridge", changed).json()["value"] == {"a": 2}
        assert api.wiki("PUT", f"{path}/bridge", changed).status_code == 409
        assert api.wiki("PUT", f"{path}/other", changed).status_code == 400
        assert api.wiki("DELETE", f"{path}/bridge").status_code == 204
        assert api.wiki("GET", f"{path}/bridge").status_code == 404

    def test_storage_format_is_rewritten_and_users_have_keys(
        self, server: Sandbox, api: ServerClient
    ) -> None:
        key = api.wiki("GET", "user?username=camille").json()["userKey"]
        assert re.fullmatch(r"[0-9a-f]{32}", key)
        markup = f'<p>To <ac:link><ri:user ri:userkey="{key}"/></ac:link></p><table><tr><td>x</td></tr></table>'
        page = api.publish("Décembre", markup)
        stored = page["body"]["storage"]["value"]
        assert f'ri:userkey="{key}"' in stored
        assert "ac:local-id" in stored
        shown = api.wiki("GET", f"content/{page['id']}?expand=body.view").json()
        assert "Camille" in shown["body"]["view"]["value"]
        assert api.wiki("PUT", f"content/{page['id']}", {
            "type": "page", "version": {"number": 2},
            "body": {"storage": {"value": "<p>", "representation": "storage"}},
        }).status_code == 400  # fmt: skip
        assert "Camille" in get(server, "/confluence" + page["_links"]["webui"]).text

    def test_searching_with_cql(self, api: ServerClient) -> None:
        for n in range(3):
            page = api.publish(f"Page {n}")
            api.wiki("POST", f"content/{page['id']}/label", [{"name": "bridge"}])
        asked = {"cql": "label = bridge order by title", "limit": 2}
        first = api.wiki("GET", "content/search", params=asked).json()
        assert [p["title"] for p in first["results"]] == ["Page 0", "Page 1"]
        following = api.call("GET", first["_links"]["base"] + first["_links"]["next"]).json()
        assert [p["title"] for p in following["results"]] == ["Page 2"]
        assert "next" not in following["_links"]
        assert api.wiki("GET", "search", params=asked).json()["totalSize"] == 3

    def test_comments(self, server: Sandbox, api: ServerClient) -> None:
        page = api.publish("Page", "<p>some words</p>")
        server.site.confluence.comment_inline(page["id"], "words", "which?", by="Nadia")
        storage = {"value": "<p>fine</p>", "representation": "storage"}
        sent = {"type": "comment", "container": {"id": page["id"], "type": "page"}}
        made = api.wiki("POST", "content", {**sent, "body": {"storage": storage}})
        assert made.status_code == 200
        below = f"content/{page['id']}/child/comment?expand=body.storage,version"
        inline, footer = api.wiki("GET", below).json()["results"]
        assert inline["extensions"]["resolution"] == {"status": "open"}
        assert inline["extensions"]["inlineProperties"]["originalSelection"] == "words"
        assert inline["version"]["by"]["username"] == "nadia"
        assert (footer["id"], footer["body"]["storage"]) == (made.json()["id"], storage)
        for wrong in ({"type": "comment"}, {**sent, "body": {"storage": {"value": "<p>"}}}):
            assert api.wiki("POST", "content", wrong).status_code == 400

    def test_restrictions_by_user_name(self, server: Sandbox, api: ServerClient) -> None:
        path = f"content/{api.publish('Mine')['id']}"
        users = [{"type": "known", "username": "bridge"}]
        only = [{"operation": "read", "restrictions": {"user": users}}]
        assert api.wiki("PUT", f"{path}/restriction", only).status_code == 200
        with ServerClient.of(server, "Nadia") as nadia:
            assert nadia.wiki("GET", path).status_code == 404
        users[0]["username"] = "nobody"
        assert api.wiki("PUT", f"{path}/restriction", only).status_code == 400

    def test_what_one_may_not(self, server: Sandbox, api: ServerClient) -> None:
        page = api.publish("Page")
        server.site.confluence.spaces.revoke("Bridge", "update", "MKT")
        assert api.save(page, "<p>y</p>", 2).status_code == 403
        server.site.confluence.spaces.revoke("Bridge", "read", "MKT")
        assert api.wiki("GET", f"content/{page['id']}").status_code == 404
        assert api.wiki("GET", "space/MKT").status_code == 404


class TestTheFace:
    def test_every_link_leads_somewhere(self, server: Sandbox, api: ServerClient) -> None:
        epic = api.create(kind="Epic", summary="Noël")
        task = api.create(summary="Page d’accueil", **{EPIC_LINK: epic})
        jira = server.site.jira
        jira.link(epic, "Blocks", task, by="Camille")
        macro = f'<ac:structured-macro ac:name="jira"><ac:parameter ac:name="key">{task}</ac:parameter></ac:structured-macro>'
        page = api.publish("Décembre", f"<p>{macro}</p>")
        seen: set[str] = set()
        waiting = ["/", f"/jira/browse/{epic}", f"/jira/browse/{task}", f"/confluence/x/{int(page['id']):x}",
                   "/jira/projects/MKT/create", f"/confluence/pages/viewpage.action?pageId={page['id']}"]  # fmt: skip
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            found = get(server, path)
            assert found.status_code == 200, path
            assert not re.search(r'(?:href|action|src)="/(?:wiki|browse)', found.text), path
            links = re.findall(
                r'(?:href|src)="(/(?:jira|confluence|avatar|icon)[^"#]*)"', found.text
            )
            waiting += [link.replace("&amp;", "&") for link in links]
        assert f"/jira/browse/{task}" in seen
        assert any(path.startswith(f"/confluence/spaces/MKT/pages/{page['id']}") for path in seen)

    def test_people_work_here(self, server: Sandbox, api: ServerClient) -> None:
        origin = server.ready["jira"].removesuffix("/jira")
        with requests.Session() as person:
            form = {"type": "10000", "summary": "Noël", "duedate": "2026-12-17"}
            made = person.post(f"{origin}/jira/projects/MKT/create", data=form, timeout=10)
            assert made.url.endswith("/jira/browse/MKT-1"), made.text
            account = server.site.people.find("Vanessa").account_id
            form = {"type": "10002", "summary": "Page", "parent": "MKT-1", "owner": account}
            person.post(f"{origin}/jira/projects/MKT/create", data=form, timeout=10)
            assert api.fields("MKT-1", EPIC_NAME) == {EPIC_NAME: "Noël"}
            assert api.fields("MKT-2", EPIC_LINK) == {EPIC_LINK: "MKT-1"}
            assert api.fields("MKT-2", "assignee")["assignee"]["name"] == "vanessa"
            nadia = server.site.people.find("Nadia").account_id
            edit = f"{origin}/jira/browse/MKT-2/edit"
            person.post(edit, data={"assignee": nadia}, timeout=10)
            person.post(edit, data={"duedate": "2026-12-01"}, timeout=10)
            assert api.fields("MKT-2", "assignee")["assignee"]["name"] == "nadia"
            assert api.fields("MKT-2", "duedate") == {"duedate": "2026-12-01"}
            page = api.publish("Décembre")
            source = f"{origin}/confluence/spaces/MKT/pages/{page['id']}/source"
            form = {"title": "Décembre", "body": "<p>by hand</p>", "version": "1"}
            assert person.post(source, data=form, timeout=10).status_code == 200
        now = api.wiki("GET", f"content/{page['id']}?expand=body.storage,version").json()
        assert (now["version"]["number"], now["version"]["by"]["username"]) == (2, "camille")
        assert "by hand" in now["body"]["storage"]["value"]

    def test_readable_addresses(self, server: Sandbox, api: ServerClient) -> None:
        page = api.publish("Plan of 2026")
        assert page["_links"]["webui"] == "/display/MKT/Plan+of+2026"
        shown = get(server, "/confluence/display/MKT/Plan+of+2026")
        assert "Plan of 2026" in shown.text
        for path in (
            "/confluence/display/MKT",
            "/confluence/pages/viewpage.action?spaceKey=MKT&title=Plan of 2026",
        ):
            assert get(server, path).status_code == 200
        for path in (
            "/confluence/display/MKT/Nope",
            "/confluence/pages/viewpage.action?pageId=1",
            "/confluence/display/NO",
        ):
            assert get(server, path).status_code == 404

    def test_the_clock_is_the_sites(self, server: Sandbox, api: ServerClient) -> None:
        server.now = lambda: datetime(2026, 12, 17, 8, 30, tzinfo=UTC)
        assert api.publish("Page")["version"]["when"] == "2026-12-17T08:30:00.000Z"
