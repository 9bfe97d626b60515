"""Attachments of issues and of pages: uploaded, described, downloaded, replaced, deleted."""

from typing import Any

import pytest
import requests

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client, message, wiki_error

NO_CHECK = {"X-Atlassian-Token": "no-check"}
PNG = b"\x89PNG\r\n\x1a\n picture"


def attach(
    api: Client, key: str, name: str = "a.txt", content: bytes = b"hello", **more: Any
) -> requests.Response:
    files = {"file": (name, content, "text/plain")}
    settings = {"headers": NO_CHECK, **more}
    return api.call("POST", f"/rest/api/3/issue/{key}/attachments", files=files, **settings)


class TestOfIssues:
    def test_the_whole_way(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        (made,) = attach(api, key, "Été.txt").json()
        assert (made["filename"], made["size"], made["mimeType"]) == ("Été.txt", 5, "text/plain")
        assert api.fields(key, "attachment")["attachment"] == [made]
        one = api.jira("GET", f"attachment/{made['id']}").json()
        assert (one["id"], one["author"]["displayName"]) == (int(made["id"]), "Bridge")
        moved = api.jira("GET", f"attachment/content/{made['id']}")
        assert moved.status_code == 303
        got = api.call("GET", moved.headers["Location"])
        assert (got.status_code, got.content) == (200, b"hello")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert api.jira("DELETE", f"attachment/{made['id']}").status_code == 204
        assert api.jira("GET", f"attachment/{made['id']}").status_code == 404
        told = [i for entry in box.site.jira.history(key) for i in entry["items"]]
        assert [(i["fromString"], i["toString"]) for i in told] == [
            (None, "Été.txt"),
            ("Été.txt", None),
        ]

    def test_the_path_stays_outside(self, api: Client) -> None:
        (made,) = attach(api, api.create(), "../../etc/passwd").json()
        assert made["filename"] == "passwd"

    def test_without_the_header_against_forgery(self, api: Client) -> None:
        refused = attach(api, api.create(), headers={})
        assert (refused.status_code, message(refused)) == (403, "XSRF check failed")

    def test_what_is_no_upload(self, api: Client) -> None:
        path = f"/rest/api/3/issue/{api.create()}/attachments"
        assert api.call("POST", path, {"file": "x"}, headers=NO_CHECK).status_code == 415
        other = {"other": ("a.txt", b"x")}
        assert api.call("POST", path, files=other, headers=NO_CHECK).status_code == 400

    def test_too_large(self, api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        for place in ("files", "rest.files"):
            monkeypatch.setattr(f"bridge.sandbox.jira.{place}.UPLOAD_LIMIT", 4)
        assert attach(api, api.create()).status_code == 413
        assert api.jira("GET", "attachment/meta").json() == {"enabled": True, "uploadLimit": 4}

    def test_rights(self, box: Sandbox, api: Client, nadia: Client) -> None:
        key = api.create()
        (made,) = attach(api, key).json()
        assert nadia.jira("DELETE", f"attachment/{made['id']}").status_code == 403
        box.site.jira.setup.revoke("Nadia", "CREATE_ATTACHMENTS", "MKT")
        assert attach(nadia, key).status_code == 403
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "MKT")
        for path in (f"attachment/{made['id']}", f"attachment/content/{made['id']}?redirect=false"):
            assert nadia.jira("GET", path).status_code == 404

    def test_they_go_with_the_issue(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        attach(api, key)
        api.jira("DELETE", f"issue/{key}")
        assert box.site.store.all("select id from attachment") == []

    def test_on_the_web_page(self, api: Client, nobody: Client) -> None:
        key = api.create()
        (made,) = attach(api, key, "brief.txt").json()
        assert "brief.txt" in nobody.call("GET", f"/browse/{key}").text
        path = f"/secure/attachment/{made['id']}/brief.txt"
        got = nobody.call("GET", path)
        assert got.content == b"hello"
        assert got.headers["Content-Disposition"].startswith("attachment")
        wrong = {"Authorization": "Basic eDp5"}
        assert nobody.call("GET", path, headers=wrong).status_code == 401


def upload(
    api: Client, page: str, content: bytes, method: str = "POST", path: str = "", **form: str
) -> requests.Response:
    files = {"file": ("logo.png", content, "image/png")}
    whole = f"/wiki/rest/api/content/{page}/child/attachment{path}"
    return api.call(method, whole, files=files, data=form, headers=NO_CHECK)


class TestOfPages:
    def test_the_whole_way(self, api: Client) -> None:
        page = api.publish("Page")["id"]
        made = upload(api, page, PNG, comment="first").json()["results"][0]
        listed = api.wiki("GET", f"pages/{page}/attachments?filename=logo.png").json()["results"]
        assert [f["id"] for f in listed] == [made["id"]]
        assert (listed[0]["fileSize"], listed[0]["mediaType"]) == (len(PNG), "image/png")
        assert api.wiki("GET", f"pages/{page}/attachments?filename=x").json()["results"] == []
        again = upload(api, page, PNG)
        assert (again.status_code, "same file name" in again.text) == (400, True)
        second = upload(api, page, b"two", path=f"/{made['id'].removeprefix('att')}/data").json()
        assert second["version"]["number"] == 2
        third = upload(api, page, b"three", "PUT").json()["results"][0]
        assert (third["id"], third["version"]["number"]) == (made["id"], 3)
        told = api.wiki("GET", f"attachments/{made['id']}/versions").json()["results"]
        assert [v["number"] for v in told] == [3, 2, 1]
        old = api.wiki("GET", f"attachments/{made['id']}?version=1").json()
        assert (old["fileSize"], old["comment"]) == (len(PNG), "first")

    def test_describing(self, api: Client) -> None:
        page = api.publish("Page")["id"]
        made = upload(api, page, PNG).json()["results"][0]
        path = f"content/{page}/child/attachment/{made['id']}"
        body = {
            "title": "brand.png",
            "version": {"number": 2},
            "metadata": {"mediaType": "image/x"},
        }
        changed = api.old_wiki("PUT", path, body)
        assert changed.json()["title"] == "brand.png"
        assert api.old_wiki("PUT", path, body).status_code == 409
        assert api.old_wiki("PUT", path, {}).status_code == 400
        got = api.call("GET", f"/wiki/download/attachments/{page}/brand.png")
        assert (got.content, got.headers["Content-Type"]) == (PNG, "image/x")

    def test_downloading(self, api: Client) -> None:
        page = api.publish("Page")["id"]
        made = upload(api, page, PNG).json()["results"][0]
        upload(api, page, b"two", "PUT")
        moved = api.old_wiki(
            "GET", f"content/{page}/child/attachment/{made['id']}/download?version=1"
        )
        assert moved.status_code == 302
        assert api.session.get(moved.headers["Location"], timeout=5).content == PNG
        assert api.call("GET", f"/wiki/download/attachments/{page}/logo.png").content == b"two"
        assert api.call("GET", f"/wiki/download/attachments/{page}/no.png").status_code == 404

    def test_on_the_page(self, api: Client, nobody: Client) -> None:
        image = '<ac:image ac:alt="Our logo"><ri:attachment ri:filename="logo.png" /></ac:image>'
        page = api.publish("Page", f"<p>{image}</p>")
        before = nobody.call("GET", "/wiki" + page["_links"]["webui"]).text
        assert "/wiki/download" not in before
        upload(api, page["id"], PNG)
        shown = nobody.call("GET", "/wiki" + page["_links"]["webui"]).text
        assert (
            f'<img src="/wiki/download/attachments/{page["id"]}/logo.png" alt="Our logo">' in shown
        )

    def test_deleting_and_purging(self, box: Sandbox, api: Client) -> None:
        page = api.publish("Page")["id"]
        made = upload(api, page, PNG).json()["results"][0]["id"]
        assert api.wiki("DELETE", f"attachments/{made}?purge=true").status_code == 404
        assert api.wiki("DELETE", f"attachments/{made}").status_code == 204
        assert api.wiki("GET", f"attachments/{made}").status_code == 404
        assert upload(api, page, PNG).status_code == 200, "its name is free again"
        assert api.wiki("DELETE", f"attachments/{made}?purge=true").status_code == 204
        api.wiki("DELETE", f"pages/{page}")
        api.wiki("DELETE", f"pages/{page}?purge=true")
        assert box.site.store.all("select file from page_file_version") == []

    def test_properties(self, api: Client) -> None:
        made = upload(api, api.publish("Page")["id"], PNG).json()["results"][0]["id"]
        body = {"key": "digest", "value": "abc"}
        held = api.wiki("POST", f"attachments/{made}/properties", body).json()
        assert api.wiki("GET", f"attachments/{made}/properties?key=digest").json()["results"] == [
            held
        ]
        assert api.wiki("GET", "attachments/att1/properties").status_code == 404

    def test_rights(self, box: Sandbox, api: Client, nadia: Client) -> None:
        page = api.publish("Page")["id"]
        made = upload(api, page, PNG).json()["results"][0]["id"]
        box.site.confluence.restrict(page, "update", ["Bridge"])
        assert upload(nadia, page, PNG, "PUT").status_code == 403
        assert nadia.wiki("DELETE", f"attachments/{made}").status_code == 404
        box.site.confluence.restrict(page, "read", ["Bridge"])
        assert nadia.wiki("GET", f"attachments/{made}").status_code == 404
        assert nadia.wiki("GET", "attachments").json()["results"] == []
        assert nadia.call("GET", f"/wiki/download/attachments/{page}/logo.png").status_code == 404

    def test_what_is_no_upload(self, api: Client) -> None:
        path = f"/wiki/rest/api/content/{api.publish('Page')['id']}/child/attachment"
        assert api.call("POST", path, files={"file": ("a", b"x")}).status_code == 403
        assert api.call("POST", path, {"a": 1}, headers=NO_CHECK).status_code == 400
        assert wiki_error(api.wiki("GET", "attachments/none"))["status"] == 400

    def test_too_large(self, api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        for place in ("files", "rest.files"):
            monkeypatch.setattr(f"bridge.sandbox.confluence.{place}.UPLOAD_LIMIT", 4)
        assert upload(api, api.publish("Page")["id"], PNG).status_code == 413
