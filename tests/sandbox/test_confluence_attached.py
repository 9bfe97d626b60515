"""What hangs on pages: properties, labels, comments, tasks; and what is left of version 1."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.confluence.cql import CqlError, parse_cql
from bridge.sandbox.confluence.rest.legacy import GONE
from tests.sandbox.client import Client, wiki_error


class TestProperties:
    @pytest.fixture(params=["pages", "spaces"])
    def url(self, request: pytest.FixtureRequest, api: Client) -> str:
        owner = api.publish("Décembre")["id"] if request.param == "pages" else api.space_id()
        return f"{request.param}/{owner}/properties"

    def test_created_changed_by_number_deleted(self, api: Client, url: str) -> None:
        made = api.wiki("POST", url, {"key": "bridge", "value": {"a": 1}})
        assert made.status_code == (200 if url.startswith("pages") else 201)
        one = f"{url}/{made.json()['id']}"
        update = {"key": "bridge", "value": [2], "version": {"number": 2, "message": "m"}}
        assert api.wiki("PUT", one, update).json()["version"]["number"] == 2
        stale = api.wiki("PUT", one, update)
        assert stale.status_code == 409
        assert "Current Version: [2]. Provided version: [2]" in wiki_error(stale)["title"]
        assert api.wiki("GET", one).json()["value"] == [2]
        assert api.wiki("DELETE", one).status_code == 204
        assert api.wiki("GET", one).status_code == 404

    def test_listed_and_filtered_by_key(self, api: Client, url: str) -> None:
        for key in ("b", "a", "B"):
            api.wiki("POST", url, {"key": key, "value": 1})

        def keys(query: str) -> list[str]:
            return [p["key"] for p in api.wiki("GET", url + query).json()["results"]]

        assert keys("") == ["b", "a", "B"]
        assert keys("?sort=key") == ["B", "a", "b"]
        assert keys("?key=b") == ["b"]
        assert keys("?key=x") == []

    @pytest.mark.parametrize(
        "sent", [{}, {"key": "k"}, {"key": "", "value": 1}, {"key": "k" * 256, "value": 1}]
    )
    def test_refused(self, api: Client, url: str, sent: dict[str, Any]) -> None:
        assert api.wiki("POST", url, sent).status_code == 400

    def test_limits_and_conflicts(self, api: Client, url: str) -> None:
        assert api.wiki("POST", url, {"key": "k", "value": "x" * 32_767}).status_code == 400
        made = api.wiki("POST", url, {"key": "k", "value": 1}).json()
        assert api.wiki("POST", url, {"key": "k", "value": 1}).status_code == 409
        other = {"key": "other", "value": 1, "version": {"number": 2}}
        assert api.wiki("PUT", f"{url}/{made['id']}", other).status_code == 400
        assert api.wiki("PUT", f"{url}/{made['id']}", {"key": "k", "value": 1}).status_code == 409
        assert api.wiki("GET", f"{url}/abc").status_code == 400

    def test_writing_needs_the_right_to_change(
        self, box: Sandbox, api: Client, nadia: Client
    ) -> None:
        page = api.publish("Décembre")["id"]
        box.site.confluence.spaces.revoke("Nadia", "update", "MKT")
        assert (
            nadia.wiki("POST", f"pages/{page}/properties", {"key": "k", "value": 1}).status_code
            == 404
        )
        assert (
            nadia.wiki(
                "POST", f"spaces/{api.space_id()}/properties", {"key": "k", "value": 1}
            ).status_code
            == 404
        )
        assert nadia.wiki("GET", f"pages/{page}/properties").status_code == 200


class TestLabels:
    def test_added_read_removed(self, api: Client) -> None:
        page = api.publish("Décembre")["id"]
        both = [{"prefix": "global", "name": "Bridge"}, {"prefix": "my", "name": "b"}]
        added = api.old_wiki("POST", f"content/{page}/label", both)
        assert [i["name"] for i in added.json()["results"]] == ["bridge", "b"]
        (mine,) = api.wiki("GET", f"pages/{page}/labels?prefix=my").json()["results"]
        assert mine["name"] == "b"
        pages = api.wiki("GET", f"labels/{mine['id']}/pages").json()["results"]
        assert [p["id"] for p in pages] == [page]
        assert api.old_wiki("DELETE", f"content/{page}/label/b").status_code == 204
        assert api.old_wiki("DELETE", f"content/{page}/label?name=bridge").status_code == 204
        assert api.wiki("GET", f"pages/{page}/labels").json()["results"] == []

    @pytest.mark.parametrize("name", ["a b", "", "a,b", "a!", "x" * 256])
    def test_refused(self, api: Client, name: str) -> None:
        page = api.publish("Décembre")["id"]
        answer = api.old_wiki("POST", f"content/{page}/label", [{"prefix": "global", "name": name}])
        assert answer.status_code == 400
        assert answer.json()["statusCode"] == 400


class TestComments:
    def test_below_the_page(self, api: Client) -> None:
        page = api.publish("Décembre")["id"]
        body = {"representation": "storage", "value": "<p>one</p>"}
        made = api.wiki("POST", "footer-comments", {"pageId": page, "body": body}).json()
        answered = api.wiki(
            "POST", "footer-comments", {"parentCommentId": made["id"], "body": body}
        ).json()
        assert answered["parentCommentId"] == made["id"]
        listed = api.wiki("GET", f"pages/{page}/footer-comments?body-format=storage").json()[
            "results"
        ]
        assert [c["id"] for c in listed] == [made["id"]], "only the root ones"
        change = {
            "version": {"number": 2},
            "body": {"representation": "storage", "value": "<p>two</p>"},
        }
        assert (
            ">two</p>"
            in api.wiki("PUT", f"footer-comments/{made['id']}", change).json()["body"]["storage"][
                "value"
            ]
        )
        assert api.wiki("PUT", f"footer-comments/{made['id']}", change).status_code == 409
        assert api.wiki("DELETE", f"footer-comments/{made['id']}").status_code == 204
        assert api.wiki("GET", f"footer-comments/{answered['id']}").status_code == 404

    def test_refused(self, api: Client) -> None:
        body = {"representation": "storage", "value": "<p>"}
        page = api.publish("Décembre")["id"]
        assert (
            api.wiki("POST", "footer-comments", {"pageId": page, "body": body}).status_code == 400
        )
        assert (
            api.wiki("POST", "footer-comments", {"body": {**body, "value": ""}}).status_code == 400
        )

    def test_on_a_passage(self, box: Sandbox, api: Client) -> None:
        page = api.publish("Décembre", "<p>some words</p>")
        box.site.confluence.comment_inline(page["id"], "words", "which?", by="Nadia")
        (comment,) = api.wiki(
            "GET", f"pages/{page['id']}/inline-comments?body-format=storage"
        ).json()["results"]
        ref = comment["properties"]["inlineMarkerRef"]
        assert comment["properties"]["inlineOriginalSelection"] == "words"
        assert comment["resolutionStatus"] == "open"
        assert (
            f'<ac:inline-comment-marker ac:ref="{ref}">words</ac:inline-comment-marker>'
            in api.body_of(page["id"])
        )

    def test_without_its_passage_a_comment_dangles(self, box: Sandbox, api: Client) -> None:
        page = api.publish("Décembre", "<p>some words</p>")
        box.site.confluence.comment_inline(page["id"], "words", "which?", by="Nadia")
        kept = api.body_of(page["id"])
        api.save(page, "<p>other</p>", 3)
        url = f"pages/{page['id']}/inline-comments?resolution-status"
        assert len(api.wiki("GET", f"{url}=dangling").json()["results"]) == 1
        api.save(page, kept, 4)
        assert len(api.wiki("GET", f"{url}=open").json()["results"]) == 1


class TestTasks:
    BODY = (
        "<ac:task-list><ac:task><ac:task-status>incomplete</ac:task-status><ac:task-body>"
        '<ac:link><ri:user ri:account-id="712020:x"/></ac:link> does it <time datetime="2026-12-01"/>'
        "</ac:task-body></ac:task></ac:task-list>"
    )

    def test_they_follow_the_page(self, box: Sandbox, api: Client) -> None:
        page = api.publish("Décembre", self.BODY)
        (task,) = api.wiki("GET", f"tasks?page-id={page['id']}&status=incomplete").json()["results"]
        assert (task["assignedTo"], task["dueAt"]) == ("712020:x", "2026-12-01T00:00:00.000Z")
        assert api.wiki("GET", "tasks?assigned-to=nobody").json()["results"] == []
        ticked = api.wiki("PUT", f"tasks/{task['id']}", {"status": "complete"}).json()
        assert ticked["status"] == "complete"
        assert ticked["completedBy"] == box.site.people.find("Bridge").account_id
        assert "<ac:task-status>complete</ac:task-status>" in api.body_of(page["id"])
        api.save(page, "<p>none</p>", 3)
        assert api.wiki("GET", "tasks").json()["results"] == []

    def test_refused(self, api: Client) -> None:
        api.publish("Décembre", self.BODY)
        (task,) = api.wiki("GET", "tasks").json()["results"]
        assert api.wiki("PUT", f"tasks/{task['id']}", {"status": "later"}).status_code == 400
        assert api.wiki("GET", "tasks/1").status_code == 404


class TestVersion1:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "content"), ("POST", "content"), ("GET", "content/1"), ("PUT", "content/1"), ("DELETE", "content/1"),
            ("GET", "content/1/child/page"), ("GET", "content/1/property/x"), ("GET", "content/1/label"), ("GET", "space"),
        ],
    )  # fmt: skip
    def test_content_is_gone(self, api: Client, method: str, path: str) -> None:
        answer = api.old_wiki(method, path, {} if method in ("POST", "PUT") else None)
        assert answer.status_code == 410
        assert answer.json()["message"] == GONE

    def test_who_am_i(self, api: Client) -> None:
        assert api.old_wiki("GET", "user/current").json()["email"] == "bridge@boutique.example"
        assert api.old_wiki("GET", "user?accountId=x").status_code == 404

    def test_which_site(self, api: Client, nobody: Client) -> None:
        cloud_id = api.old_wiki("GET", "settings/systemInfo").json()["cloudId"]
        assert nobody.call("GET", "/_edge/tenant_info").json() == {"cloudId": cloud_id}

    def test_an_unknown_path(self, api: Client) -> None:
        assert wiki_error(api.wiki("GET", "blogposts"))["code"] == "NOT_FOUND"
        assert api.old_wiki("GET", "group").json()["statusCode"] == 404


class TestCql:
    def test_what_is_found(self, box: Sandbox, api: Client) -> None:
        year = api.publish("Calendrier 2026")
        month = api.publish("Décembre", "<p>Noël approche</p>", parentId=year["id"])
        box.site.confluence.labels.add(int(month["id"]), "bridge")

        def found(cql: str) -> list[str]:
            answer = api.old_wiki("GET", "content/search", params={"cql": cql})
            assert answer.status_code == 200, answer.text
            return [p["title"] for p in answer.json()["results"]]

        assert found("space = MKT and type = page order by title desc") == [
            "Marketing",
            "Décembre",
            "Calendrier 2026",
        ]
        assert found('title ~ "calendrier"') == ["Calendrier 2026"]
        assert found("label in (bridge, x)") == ["Décembre"]
        assert found(f"ancestor = {year['id']}") == ["Décembre"]
        assert found(f"parent = {year['id']} or title = Marketing") == ["Marketing", "Décembre"]
        assert found("text ~ noël and not label = x") == ["Décembre"]
        assert found("space = NO") == []
        assert found(
            'space = MKT and created >= "2000-01-01" and title != "Marketing" and id != 1'
        ) == [
            "Calendrier 2026",
            "Décembre",
        ]

    def test_with_totals_and_pages(self, api: Client) -> None:
        for n in range(3):
            api.publish(f"Page {n}")
        answer = api.old_wiki("GET", "search", params={"cql": "title ~ page", "limit": 2}).json()
        assert (answer["totalSize"], answer["size"]) == (3, 2)
        following = api.call("GET", "/wiki" + answer["_links"]["next"]).json()
        assert [r["title"] for r in following["results"]] == ["Page 2"]

    @pytest.mark.parametrize(
        "cql", ["", "space MKT", "colour = red", "title ~", "(a = b", "title = x order by colour"]
    )
    def test_refused(self, api: Client, cql: str) -> None:
        assert api.old_wiki("GET", "search", params={"cql": cql}).status_code == 400

    def test_errors_are_values(self) -> None:
        with pytest.raises(CqlError, match="Unknown field 'colour'"):
            parse_cql("colour = red")
        with pytest.raises(CqlError, match="line 1, character 7"):
            parse_cql("space MKT")
