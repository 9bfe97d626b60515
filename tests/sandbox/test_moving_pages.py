"""Moving, archiving, restoring; what the trash holds and gives back."""

import pytest

from bridge.sandbox import Sandbox
from tests.sandbox.client import Client


@pytest.fixture
def pages(api: Client) -> dict[str, str]:
    """Three pages side by side below the home page."""
    return {title: api.publish(title)["id"] for title in ("One", "Two", "Three")}


def titles(box: Sandbox, parent: int | None) -> list[str]:
    assert parent is not None
    return [page.title for page in box.site.confluence.pages.children(parent)]


class TestMoving:
    def test_beside_and_below(self, box: Sandbox, api: Client, pages: dict[str, str]) -> None:
        home = box.site.confluence.page(pages["One"]).parent
        moved = api.old_wiki("PUT", f"content/{pages['Three']}/move/before/{pages['One']}")
        assert moved.json() == {"pageId": pages["Three"]}
        assert titles(box, home) == ["Three", "One", "Two"]
        api.old_wiki("PUT", f"content/{pages['Three']}/move/after/{pages['One']}")
        assert titles(box, home) == ["One", "Three", "Two"]
        api.old_wiki("PUT", f"content/{pages['Three']}/move/append/{pages['One']}")
        assert titles(box, home) == ["One", "Two"]
        assert titles(box, int(pages["One"])) == ["Three"]
        assert box.site.confluence.page(pages["Three"]).version == 1

    def test_what_cannot_be(self, box: Sandbox, api: Client, pages: dict[str, str]) -> None:
        path = f"content/{pages['One']}/move"
        assert api.old_wiki("PUT", f"{path}/beside/{pages['Two']}").status_code == 400
        assert api.old_wiki("PUT", f"{path}/append/{pages['One']}").status_code == 400
        assert api.old_wiki("PUT", f"{path}/after/{pages['One']}").status_code == 400
        home = box.site.confluence.page(pages["One"]).parent
        assert api.old_wiki("PUT", f"{path}/after/{home}").status_code == 400
        assert api.old_wiki("PUT", f"{path}/append/1").status_code == 404
        box.site.confluence.restrict(pages["One"], "update", ["Camille"])
        assert api.old_wiki("PUT", f"{path}/append/{pages['Two']}").status_code == 403


class TestArchiving:
    def test_it_keeps_its_title_taken(self, api: Client, pages: dict[str, str]) -> None:
        begun = api.old_wiki("POST", "content/archive", {"pages": [{"id": int(pages["One"])}]})
        assert begun.status_code == 202
        task = api.call("GET", "/wiki" + begun.json()["links"]["status"]).json()
        assert (task["finished"], task["successful"]) == (True, True)
        assert api.wiki("GET", f"pages/{pages['One']}").json()["status"] == "archived"
        again = {"spaceId": api.space_id(), "title": "one", "status": "current"}
        assert api.wiki("POST", "pages", again).status_code == 400
        assert api.old_wiki("GET", "longtask/999").status_code == 404
        assert api.old_wiki("POST", "content/archive", {"pages": []}).status_code == 400


class TestRestoring:
    def test_an_old_version(self, api: Client, pages: dict[str, str]) -> None:
        page = api.wiki("GET", f"pages/{pages['One']}").json()
        assert api.save(page, "<p>new</p>").status_code == 200
        body = {"operationKey": "restore", "params": {"versionNumber": 1, "message": "back"}}
        made = api.old_wiki("POST", f"content/{pages['One']}/version", body).json()
        assert (made["number"], made["message"]) == (3, "back")
        assert api.body_of(pages["One"]).endswith(">x</p>")
        body["params"] = {"versionNumber": 9, "message": "back"}
        assert api.old_wiki("POST", f"content/{pages['One']}/version", body).status_code == 400
        assert api.old_wiki("POST", f"content/{pages['One']}/version", {}).status_code == 400

    def test_from_the_trash(self, api: Client, pages: dict[str, str]) -> None:
        page = api.wiki("GET", f"pages/{pages['One']}").json()
        api.wiki("DELETE", f"pages/{pages['One']}")
        listed = api.wiki("GET", "pages?status=trashed").json()["results"]
        assert [one["id"] for one in listed] == [pages["One"]]
        assert api.save(page, "<p>x</p>").status_code == 200
        assert api.wiki("GET", f"pages/{pages['One']}").json()["status"] == "current"
        assert api.wiki("GET", "pages?status=trashed").json()["results"] == []
