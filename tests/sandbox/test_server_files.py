"""Attachments on Data Center: of issues, and of pages."""

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.server_client import ServerClient

SURE = {"X-Atlassian-Token": "no-check"}


@pytest.fixture
def server() -> Iterator[Sandbox]:
    with Sandbox("datacenter") as box:
        yield box


@pytest.fixture
def api(server: Sandbox) -> Iterator[ServerClient]:
    with ServerClient.of(server) as client:
        yield client


def upload(text: bytes = b"hello", name: str = "plan é.txt") -> dict[str, Any]:
    return {"files": {"file": (name, text, "text/plain")}, "headers": SURE}


class TestOfIssues:
    def test_attached_described_downloaded_and_deleted(self, api: ServerClient) -> None:
        key = api.create()
        (made,) = api.jira("POST", f"issue/{key}/attachments", **upload()).json()
        assert (made["filename"], made["size"]) == ("plan é.txt", 5)
        assert made["author"]["name"] == "bridge"
        assert "accountId" not in made["author"]
        assert api.fields(key, "attachment")["attachment"] == [made]
        assert f"{api.ready['jira']}/secure/attachment/" in made["content"]
        assert api.call("GET", made["content"]).content == b"hello"
        described = api.jira("GET", f"attachment/{made['id']}").json()
        assert described["id"] == int(made["id"])
        assert api.jira("GET", "attachment/meta").json()["enabled"] is True
        assert api.jira("DELETE", f"attachment/{made['id']}").status_code == 204
        assert api.fields(key, "attachment")["attachment"] == []

    def test_not_without_the_header_and_not_for_strangers(
        self, server: Sandbox, api: ServerClient
    ) -> None:
        key = api.create()
        bare = {"files": upload()["files"]}
        assert api.jira("POST", f"issue/{key}/attachments", **bare).status_code == 403
        (made,) = api.jira("POST", f"issue/{key}/attachments", **upload()).json()
        with ServerClient(server, "nonsense") as stranger:
            assert stranger.call("GET", made["content"]).status_code == 401
            assert stranger.jira("POST", f"issue/{key}/attachments", **upload()).status_code == 401


class TestOfPages:
    def test_versions_names_and_the_trash(self, api: ServerClient) -> None:
        page = api.publish("Plan")
        path = f"content/{page['id']}/child/attachment"
        (made,) = api.wiki("POST", path, **upload()).json()["results"]
        assert (made["id"][:3], made["type"], made["metadata"]["mediaType"]) == ("att", "attachment", "text/plain")  # fmt: skip
        taken = api.wiki("POST", path, **upload())
        assert (taken.status_code, "same file name" in taken.json()["message"]) == (400, True)
        again = api.wiki("POST", f"{path}?allowDuplicated=true&expand=version", **upload(b"two"))
        assert again.json()["results"][0]["version"]["number"] == 2
        third = api.wiki("POST", f"{path}/{made['id']}/data", **upload(b"three!")).json()
        assert third["extensions"]["fileSize"] == 6
        site = api.ready["confluence"]
        assert api.call("GET", site + third["_links"]["download"]).content == b"three!"
        listed = api.wiki("GET", f"{path}?filename=plan é.txt&expand=version,container").json()
        (only,) = listed["results"]
        assert (only["version"]["number"], only["version"]["by"]["username"]) == (3, "bridge")
        assert only["container"]["id"] == str(page["id"])
        assert api.wiki("GET", f"{path}?mediaType=image/png").json()["size"] == 0
        assert api.wiki("DELETE", f"{path}/{made['id']}").status_code == 204
        assert api.wiki("GET", path).json()["size"] == 0
        assert api.wiki("DELETE", f"{path}/{made['id']}").status_code == 404

    def test_a_picture_is_shown_in_its_page(self, api: ServerClient) -> None:
        markup = '<ac:image><ri:attachment ri:filename="logo.png"/></ac:image>'
        page = api.publish("Logo", markup)
        picture = {"files": {"file": ("logo.png", b"\x89PNG", "image/png")}, "headers": SURE}
        api.wiki("POST", f"content/{page['id']}/child/attachment", **picture)
        view = api.wiki("GET", f"content/{page['id']}?expand=body.view").json()
        path = f"/confluence/download/attachments/{page['id']}/logo.png"
        assert path in view["body"]["view"]["value"]
        root = api.ready["confluence"].removesuffix("/confluence")
        assert api.call("GET", root + path).content == b"\x89PNG"

    def test_who_may_not_change_the_page_may_not_attach(
        self, server: Sandbox, api: ServerClient
    ) -> None:
        page = api.publish("Plan")
        server.site.confluence.spaces.revoke("Bridge", "update", "MKT")
        path = f"content/{page['id']}/child/attachment"
        assert api.wiki("POST", path, **upload()).status_code == 403
        assert api.wiki("GET", path).json()["size"] == 0
