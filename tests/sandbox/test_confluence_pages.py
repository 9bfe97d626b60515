"""Pages over HTTP: publishing, saving against a version, titles, the tree, history, the trash."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.confluence.refusals import DUPLICATE_TITLE
from tests.sandbox.client import Client, wiki_error


class TestPublishing:
    def test_below_the_home_page_unless_told_otherwise(self, api: Client) -> None:
        home = api.wiki("GET", f"spaces/{api.space_id()}").json()["homepageId"]
        page = api.publish("Décembre")
        assert (page["parentId"], page["version"]["number"], page["status"]) == (home, 1, "current")
        assert page["body"]["storage"]["value"].endswith(">x</p>")
        assert page["_links"]["webui"] == f"/spaces/MKT/pages/{page['id']}/D%C3%A9cembre"
        assert api.publish("Child", parentId=page["id"])["parentId"] == page["id"]
        sent = {"spaceId": api.space_id(), "status": "current", "title": "Root"}
        root = api.wiki("POST", "pages?root-level=true", sent).json()
        assert (root["parentId"], root["parentType"]) == (None, None)
        both = api.wiki(
            "POST", "pages?root-level=true", {**sent, "title": "R", "parentId": page["id"]}
        )
        assert both.status_code == 400

    def test_wiki_markup(self, api: Client) -> None:
        body = {"representation": "wiki", "value": "h1. Titre\n* *gras*"}
        page = api.publish("Wiki", body={"wiki": body})
        assert ">Titre</h1>" in page["body"]["storage"]["value"]
        assert "<strong>gras</strong>" in page["body"]["storage"]["value"]

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"title": None}, 400),
            ({"title": "  "}, 400),
            ({"title": "x" * 256}, 400),
            ({"spaceId": "1"}, 404),
            ({"spaceId": None}, 404),
            ({"status": "draft"}, 400),
            ({"parentId": "1"}, 404),
            ({"parentId": "abc"}, 400),
            ({"body": {"representation": "atlas_doc_format", "value": "{}"}}, 400),
            ({"body": {"representation": "storage"}}, 400),
            ({"body": {"representation": "storage", "value": "<p>"}}, 400),
        ],
    )
    def test_refused(self, api: Client, sent: dict[str, Any], status: int) -> None:
        body = {"representation": "storage", "value": "<p>x</p>"}
        given = {"spaceId": api.space_id(), "status": "current", "title": "T", "body": body, **sent}
        answer = api.wiki("POST", "pages", given)
        assert answer.status_code == status
        assert wiki_error(answer)["status"] == status

    def test_ill_formed_markup_says_where(self, api: Client) -> None:
        body = {"representation": "storage", "value": "<p>\na<b>c</p>"}
        answer = api.wiki("POST", "pages", {"spaceId": api.space_id(), "title": "T", "body": body})
        assert wiki_error(answer)["title"].startswith(
            "Error parsing xhtml: Unexpected close tag </p>; expected </b>."
        )
        assert "[2," in wiki_error(answer)["title"]

    def test_over_five_megabytes(self, api: Client) -> None:
        body = {"representation": "storage", "value": "x" * (5 * 2**20)}
        answer = api.wiki("POST", "pages", {"spaceId": api.space_id(), "title": "T", "body": body})
        assert answer.status_code == 413

    def test_a_private_page(self, api: Client, nadia: Client) -> None:
        sent = {
            "spaceId": api.space_id(),
            "title": "P",
            "body": {"representation": "storage", "value": ""},
        }
        page = api.wiki("POST", "pages?private=true", sent).json()
        assert nadia.wiki("GET", f"pages/{page['id']}").status_code == 404
        assert api.wiki("GET", f"pages/{page['id']}").status_code == 200


class TestTitles:
    def test_case_and_blanks_do_not_make_a_new_title(self, api: Client) -> None:
        page = api.publish("  Décembre ")
        assert page["title"] == "Décembre"
        sent = {
            "spaceId": api.space_id(),
            "title": "DÉCEMBRE",
            "body": {"representation": "storage", "value": ""},
        }
        answer = api.wiki("POST", "pages", sent)
        assert answer.status_code == 400
        assert wiki_error(answer) == {
            "status": 400, "code": "INVALID_REQUEST_PARAMETER", "title": DUPLICATE_TITLE, "detail": None,
        }  # fmt: skip

    def test_archived_pages_keep_theirs_and_trashed_ones_do_not(
        self, box: Sandbox, api: Client
    ) -> None:
        page = api.publish("Décembre")
        box.site.confluence.archive(page["id"])
        sent = {
            "spaceId": api.space_id(),
            "title": "décembre",
            "body": {"representation": "storage", "value": ""},
        }
        assert api.wiki("POST", "pages", sent).status_code == 400
        api.wiki("DELETE", f"pages/{page['id']}")
        assert api.wiki("POST", "pages", sent).status_code == 200

    def test_another_space_may_have_the_same(self, box: Sandbox, api: Client) -> None:
        box.site.confluence.add_space("IT", "IT", by="Jonathan")
        api.publish("Décembre")
        assert api.publish("Décembre", spaceId=api.space_id("IT"))["title"] == "Décembre"

    def test_looking_up_counts_case(self, api: Client) -> None:
        api.publish("Décembre")

        def found(title: str) -> int:
            query = {"space-id": api.space_id(), "title": title}
            return len(api.wiki("GET", "pages", params=query).json()["results"])

        assert (found("Décembre"), found("décembre")) == (1, 0)

    def test_renaming(self, api: Client) -> None:
        page = api.publish("Décembre")
        api.publish("Novembre")
        renamed = api.wiki(
            "PUT", f"pages/{page['id']}/title", {"status": "current", "title": "décembre"}
        ).json()
        assert (renamed["title"], renamed["version"]["number"]) == ("décembre", 2)
        taken = api.wiki(
            "PUT", f"pages/{page['id']}/title", {"status": "current", "title": "Novembre"}
        )
        assert wiki_error(taken)["title"] == DUPLICATE_TITLE
        assert api.save({**page, "title": "Noël"}, "<p>y</p>", 3).json()["title"] == "Noël"
        assert api.wiki("PUT", f"pages/{page['id']}/title", {"title": "x"}).status_code == 400


class TestSaving:
    def test_the_version_must_be_the_next(self, api: Client) -> None:
        page = api.publish("Décembre")
        for number in (1, 3):
            answer = api.save(page, "<p>y</p>", number)
            assert answer.status_code == 409
            title = (
                "Version must be incremented when updating a page."
                f" Current Version: [1]. Provided version: [{number}]"
            )
            assert answer.json() == {
                "errors": [{"status": 409, "code": "CONFLICT", "title": title, "detail": None}]
            }
        saved = api.save(page, "<p>y</p>", 2).json()
        assert saved["version"]["number"] == 2
        assert ">y</p>" in api.body_of(page["id"])

    def test_message_and_minor_edit_are_kept(self, api: Client) -> None:
        page = api.publish("Décembre")
        version = {"number": 2, "message": "digest:abc", "minorEdit": True}
        saved = api.save(page, "<p>y</p>", version=version).json()
        assert (saved["version"]["message"], saved["version"]["minorEdit"]) == ("digest:abc", True)

    def test_saving_what_was_read_changes_nothing_but_the_version(self, api: Client) -> None:
        page = api.publish("D", "<p>a &eacute;</p><ac:structured-macro ac:name='toc'/>")
        body = api.body_of(page["id"])
        api.save(page, body)
        assert api.body_of(page["id"]) == body

    @pytest.mark.parametrize("missing", ["id", "status", "title", "body", "version"])
    def test_everything_is_needed(self, api: Client, missing: str) -> None:
        page = api.publish("Décembre")
        answer = api.save(page, "<p>y</p>", **{missing: None})
        assert answer.status_code == 400
        assert missing in wiki_error(answer)["title"]

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"id": "1"}, 400),
            ({"status": "draft"}, 400),
            ({"spaceId": "1"}, 400),
            ({"parentId": "1"}, 404),
            ({"version": {"number": "2"}}, 409),
            ({"version": 2}, 409),
            ({"body": {"representation": "storage", "value": "<p>"}}, 400),
        ],
    )
    def test_refused(self, api: Client, sent: dict[str, Any], status: int) -> None:
        page = api.publish("Décembre")
        answer = api.save(page, "<p>y</p>", **sent)
        assert answer.status_code == status
        assert api.wiki("GET", f"pages/{page['id']}").json()["version"]["number"] == 1

    def test_moving_below_another(self, api: Client) -> None:
        parent, page = api.publish("Parent"), api.publish("Child")
        moved = api.save(page, "<p>y</p>", parentId=parent["id"]).json()
        assert moved["parentId"] == parent["id"]
        circle = api.save(parent, "<p>y</p>", parentId=page["id"])
        assert circle.status_code == 400

    def test_an_unknown_page(self, api: Client) -> None:
        page = api.publish("Décembre")
        assert api.save({**page, "id": "1"}, "<p>y</p>").status_code == 404
        assert api.wiki("GET", "pages/abc").status_code == 400
        assert api.wiki("GET", "pages/1").status_code == 404


class TestHistory:
    def test_every_version_keeps_its_body(self, api: Client) -> None:
        page = api.publish("Décembre", "<p>one</p>")
        api.save(page, "<p>two</p>")
        old = api.wiki("GET", f"pages/{page['id']}?version=1&body-format=storage").json()
        assert ">one</p>" in old["body"]["storage"]["value"]
        assert old["status"] == "historical"
        versions = api.wiki("GET", f"pages/{page['id']}/versions").json()["results"]
        assert [v["number"] for v in versions] == [2, 1]
        first = api.wiki("GET", f"pages/{page['id']}/versions/1").json()
        assert (first["nextVersion"], "prevVersion" in first) == (2, False)
        assert api.wiki("GET", f"pages/{page['id']}/versions/9").status_code == 404
        assert api.wiki("GET", f"pages/{page['id']}?version=9").status_code == 404

    def test_body_formats(self, api: Client) -> None:
        page = api.publish("Décembre", "<p>a</p>")
        view = api.wiki("GET", f"pages/{page['id']}?body-format=view").json()["body"]["view"][
            "value"
        ]
        assert view == "<p>a</p>"
        assert api.wiki("GET", f"pages/{page['id']}").json()["body"] == {}
        assert (
            api.wiki("GET", f"pages/{page['id']}?body-format=atlas_doc_format").status_code == 400
        )
        assert api.wiki("GET", "pages?body-format=view").status_code == 400


class TestTree:
    def test_up_and_down(self, box: Sandbox, api: Client) -> None:
        home = api.wiki("GET", f"spaces/{api.space_id()}").json()["homepageId"]
        year = api.publish("2026")
        months = [api.publish(f"2026-{m}", parentId=year["id"]) for m in (11, 12)]
        week = api.publish("Week", parentId=months[1]["id"])

        def ids(path: str) -> list[str]:
            return [p["id"] for p in api.wiki("GET", path).json()["results"]]

        assert ids(f"pages/{year['id']}/children") == [m["id"] for m in months]
        assert ids(f"pages/{year['id']}/direct-children") == [m["id"] for m in months]
        assert ids(f"pages/{week['id']}/ancestors") == [home, year["id"], months[1]["id"]]
        assert ids(f"pages/{year['id']}/descendants?depth=1") == [m["id"] for m in months]
        assert ids(f"pages/{year['id']}/descendants") == [
            months[0]["id"],
            months[1]["id"],
            week["id"],
        ]
        box.site.confluence.restrict(months[0]["id"], "read", ["Camille"])
        assert ids(f"pages/{year['id']}/children") == [months[1]["id"]]

    def test_lists_in_pages_by_cursor(self, api: Client) -> None:
        for n in range(5):
            api.publish(f"Page {n}")
        first = api.wiki("GET", f"pages?limit=2&sort=-title&space-id={api.space_id()}")
        assert [p["title"] for p in first.json()["results"]] == ["Page 4", "Page 3"]
        following = first.json()["_links"]["next"]
        assert f"<{following}>" in first.headers["Link"]
        titles = []
        while following:
            page = api.call("GET", following).json()
            titles += [p["title"] for p in page["results"]]
            following = page["_links"].get("next")
        assert titles == ["Page 2", "Page 1", "Page 0", "Marketing"]
        assert api.wiki("GET", "pages?cursor=nonsense").status_code == 400
        assert api.wiki("GET", "pages?limit=x").status_code == 400
        assert api.wiki("GET", "pages?sort=colour").status_code == 400

    def test_the_pages_of_a_space(self, api: Client) -> None:
        page = api.publish("Décembre")
        found = api.wiki(
            "GET", f"spaces/{api.space_id()}/pages?title=Décembre&body-format=storage"
        ).json()["results"]
        assert [p["id"] for p in found] == [page["id"]]
        assert "storage" in found[0]["body"]
        assert api.wiki("GET", "spaces/1/pages").status_code == 404


class TestTheTrash:
    def test_in_and_out_and_gone(self, api: Client) -> None:
        page = api.publish("Décembre")
        child = api.publish("Child", parentId=page["id"])
        path = f"pages/{page['id']}"
        assert api.wiki("DELETE", f"{path}?purge=true").status_code == 404, "only from the trash"
        assert api.wiki("DELETE", path).status_code == 204
        assert api.wiki("GET", path).status_code == 404
        assert api.wiki("GET", f"{path}?status=trashed").status_code == 200
        assert api.wiki("GET", f"pages/{child['id']}").json()["parentId"] == page["parentId"]
        assert api.wiki("DELETE", path).status_code == 404
        restored = api.save(page, "<p>ignored</p>")
        assert (restored.status_code, restored.json()["status"]) == (200, "current")
        assert ">x</p>" in api.body_of(page["id"])
        api.wiki("DELETE", path)
        assert api.wiki("DELETE", f"{path}?purge=true").status_code == 204
        assert api.wiki("GET", f"{path}?status=trashed").status_code == 404

    def test_purging_is_for_administrators(self, nadia: Client) -> None:
        page = nadia.publish("Décembre")
        nadia.wiki("DELETE", f"pages/{page['id']}")
        assert nadia.wiki("DELETE", f"pages/{page['id']}?purge=true").status_code == 404


class TestRights:
    def test_read_create_update_delete(self, box: Sandbox, api: Client, nadia: Client) -> None:
        page = api.publish("Décembre")
        spaces = box.site.confluence.spaces
        spaces.revoke("Nadia", "delete", "MKT")
        assert nadia.wiki("DELETE", f"pages/{page['id']}").status_code == 404
        spaces.revoke("Nadia", "update", "MKT")
        assert nadia.save(page, "<p>y</p>").status_code == 404
        operations = nadia.wiki("GET", f"pages/{page['id']}/operations").json()["operations"]
        assert [o["operation"] for o in operations] == ["read"]
        spaces.revoke("Nadia", "create", "MKT")
        sent = {
            "spaceId": api.space_id(),
            "title": "T",
            "body": {"representation": "storage", "value": ""},
        }
        assert nadia.wiki("POST", "pages", sent).status_code == 404
        spaces.revoke("Nadia", "read", "MKT")
        assert nadia.wiki("GET", f"pages/{page['id']}").status_code == 404
        assert nadia.wiki("GET", "spaces?keys=MKT").json()["results"] == []
        assert nadia.wiki("GET", f"pages?space-id={page['spaceId']}").json()["results"] == []
        spaces.grant("Nadia", "read", "MKT")
        assert nadia.wiki("GET", f"pages/{page['id']}").status_code == 200

    def test_restrictions_hold_for_what_is_below(
        self, box: Sandbox, api: Client, nadia: Client
    ) -> None:
        page = api.publish("Décembre")
        child = api.publish("Child", parentId=page["id"])
        camille, bridge = (box.site.people.find(n).account_id for n in ("Camille", "Bridge"))
        users = [{"type": "known", "accountId": a} for a in (camille, bridge)]
        only = [{"operation": "read", "restrictions": {"user": users}}]
        put = api.old_wiki("PUT", f"content/{page['id']}/restriction", only)
        assert put.status_code == 200
        shown = api.old_wiki("GET", f"content/{page['id']}/restriction").json()["results"][0]
        assert {u["accountId"] for u in shown["restrictions"]["user"]["results"]} == {
            camille,
            bridge,
        }
        assert nadia.wiki("GET", f"pages/{page['id']}").status_code == 404
        assert nadia.wiki("GET", f"pages/{child['id']}").status_code == 404
        api.old_wiki("DELETE", f"content/{page['id']}/restriction")
        assert nadia.wiki("GET", f"pages/{child['id']}").status_code == 200

    def test_only_some_may_change_a_page(self, box: Sandbox, api: Client, nadia: Client) -> None:
        page = api.publish("Décembre")
        box.site.confluence.restrict(page["id"], "update", ["Bridge"])
        assert nadia.wiki("GET", f"pages/{page['id']}").status_code == 200
        assert nadia.save(page, "<p>y</p>").status_code == 404
        assert (
            nadia.old_wiki(
                "POST", f"content/{page['id']}/label", {"prefix": "global", "name": "a"}
            ).status_code
            == 403
        )
        assert api.save(page, "<p>y</p>").status_code == 200
