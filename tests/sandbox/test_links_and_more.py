"""What hangs on issues: links with their direction, comments, properties, watchers, links to the web."""

from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.jira import attached
from tests.sandbox.client import Client, adf, errors, message


def link(api: Client, kind: str, inward: str, outward: str) -> Any:
    body = {
        "type": {"name": kind},
        "inwardIssue": {"key": inward},
        "outwardIssue": {"key": outward},
    }
    return api.jira("POST", "issueLink", body)


class TestLinks:
    def test_a_blocks_b(self, api: Client) -> None:
        """Counter-intuitive, and wrong in many tools: the blocker is sent as inwardIssue."""
        a, b = api.create(), api.create()
        made = link(api, "Blocks", a, b)
        assert (made.status_code, made.content) == (201, b"")
        (on_a,) = api.fields(a, "issuelinks")["issuelinks"]
        (on_b,) = api.fields(b, "issuelinks")["issuelinks"]
        assert on_a["outwardIssue"]["key"] == b
        assert "inwardIssue" not in on_a
        assert on_b["inwardIssue"]["key"] == a
        assert on_a["type"]["outward"] == "blocks"
        assert on_b["type"]["inward"] == "is blocked by"
        whole = api.jira("GET", f"issueLink/{on_a['id']}").json()
        assert (whole["inwardIssue"]["key"], whole["outwardIssue"]["key"]) == (a, b)

    def test_again_makes_no_second_one(self, box: Sandbox, api: Client) -> None:
        a, b = api.create(), api.create()
        assert [link(api, "Blocks", a, b).status_code for _ in range(2)] == [201, 201]
        assert box.site.jira.links_of(a) == [("blocks", b)]
        link(api, "Blocks", b, a)
        assert len(box.site.jira.links_of(a)) == 2, "the other direction is another link"

    def test_both_histories_tell(self, box: Sandbox, api: Client) -> None:
        a, b = api.create(), api.create()
        link(api, "Blocks", a, b)
        told = [box.site.jira.history(k)[0]["items"][0] for k in (a, b)]
        assert [(i["field"], i["to"], i["toString"]) for i in told] == [
            ("Link", b, f"This issue blocks {b}"),
            ("Link", a, f"This issue is blocked by {a}"),
        ]

    def test_taken_away(self, box: Sandbox, api: Client) -> None:
        a, b = api.create(), api.create()
        link(api, "Relates", a, b)
        link_id = api.fields(a)["issuelinks"][0]["id"]
        assert api.jira("DELETE", f"issueLink/{link_id}").status_code == 204
        assert box.site.jira.links_of(b) == []
        assert api.jira("GET", f"issueLink/{link_id}").status_code == 404
        assert api.jira("DELETE", f"issueLink/{link_id}").status_code == 404

    def test_unknown_type_or_issue(self, api: Client) -> None:
        a, b = api.create(), api.create()
        assert link(api, "Verbindet", a, b).status_code == 404
        assert link(api, "Blocks", a, "MKT-99").status_code == 404
        assert link(api, "Blocks", a, a).status_code == 400

    def test_without_the_right(self, box: Sandbox, nadia: Client) -> None:
        a, b = nadia.create(), nadia.create()
        box.site.jira.setup.revoke("Nadia", "LINK_ISSUES", "MKT")
        assert link(nadia, "Blocks", a, b).status_code == 404

    def test_an_invisible_far_end_is_left_out(
        self, box: Sandbox, api: Client, nadia: Client
    ) -> None:
        a, b = api.create("MKT"), api.create("IT")
        link(api, "Blocks", a, b)
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "IT")
        assert nadia.fields(a)["issuelinks"] == []
        assert nadia.jira("GET", "issueLink/10000").status_code == 404

    def test_names_are_the_sites(self, box: Sandbox, api: Client) -> None:
        a, b = api.create(), api.create()
        box.site.jira.setup.rename_link_type("Blocks", name="Blocage", outward="bloque")
        assert link(api, "Blocks", a, b).status_code == 404
        assert link(api, "Blocage", a, b).status_code == 201
        assert box.site.jira.links_of(a) == [("bloque", b)]
        box.site.jira.setup.remove_link_type("Blocage")
        names = [t["name"] for t in api.jira("GET", "issueLinkType").json()["issueLinkTypes"]]
        assert names == ["Cloners", "Duplicate", "Relates"]
        assert api.fields(a)["issuelinks"] == []

    def test_found_by_jql(self, api: Client) -> None:
        a, b, c = api.create(), api.create(), api.create()
        link(api, "Blocks", a, b)
        assert api.found(f"issue in linkedIssues({a})") == [b]
        assert api.found(f"issue in linkedIssues({a}, 'is blocked by')") == []
        assert api.found("issueLinkType = 'is blocked by'") == [b]
        assert api.found("issueLinkType is EMPTY") == [c]

    def test_deleting_an_end_deletes_the_link(self, box: Sandbox, api: Client) -> None:
        a, b = api.create(), api.create()
        link(api, "Blocks", a, b)
        api.jira("DELETE", f"issue/{a}")
        assert box.site.jira.links_of(b) == []
        assert api.found("issueLinkType is EMPTY") == [b]


class TestComments:
    def test_written_read_changed_deleted(self, api: Client) -> None:
        key = api.create()
        made = api.jira("POST", f"issue/{key}/comment", {"body": adf("one")})
        assert made.status_code == 201
        url = f"issue/{key}/comment/{made.json()['id']}"
        assert api.jira("GET", url, api=2).json()["body"] == "one"
        assert api.jira("PUT", url, {"body": adf("two")}).json()["body"] == adf("two")
        assert api.jira("GET", f"{url}?expand=renderedBody").json()["renderedBody"] == "<p>two</p>"
        assert api.jira("DELETE", url).status_code == 204
        assert api.jira("GET", url).status_code == 404

    def test_pages_in_either_order(self, api: Client) -> None:
        key = api.create()
        for n in range(3):
            api.jira("POST", f"issue/{key}/comment", {"body": str(n)}, api=2)
        page = api.jira("GET", f"issue/{key}/comment?orderBy=-created&maxResults=2", api=2).json()
        assert ([c["body"] for c in page["comments"]], page["total"]) == (["2", "1"], 3)
        assert api.jira("GET", f"issue/{key}/comment?orderBy=author").status_code == 400

    @pytest.mark.parametrize(
        "body", [{}, {"body": None}, {"body": "plain"}, {"body": {"type": "doc"}}]
    )
    def test_refused(self, api: Client, body: dict[str, Any]) -> None:
        assert api.jira("POST", f"issue/{api.create()}/comment", body).status_code == 400

    def test_the_sentence_for_invalid_adf(self, api: Client) -> None:
        bad = {"body": {"type": "doc", "version": 1, "content": [{"type": "nope"}]}}
        assert message(api.jira("POST", f"issue/{api.create()}/comment", bad)) == "INVALID_INPUT"
        empty = api.jira("POST", f"issue/{api.create()}/comment", {"body": ""}, api=2)
        assert errors(empty) == {"comment": "Comment body can not be empty!"}

    def test_only_ones_own(self, box: Sandbox, api: Client, nadia: Client) -> None:
        key = api.create()
        url = f"issue/{key}/comment/{api.jira('POST', f'issue/{key}/comment', {'body': adf('x')}).json()['id']}"
        assert nadia.jira("PUT", url, {"body": adf("y")}).status_code == 400
        assert nadia.jira("DELETE", url).status_code == 400
        box.site.jira.setup.revoke("Nadia", "ADD_COMMENTS", "MKT")
        assert nadia.jira("POST", f"issue/{key}/comment", {"body": adf("y")}).status_code == 403

    def test_too_many(self, api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(attached, "COMMENT_LIMIT", 1)
        key = api.create()
        answers = [
            api.jira("POST", f"issue/{key}/comment", {"body": adf("x")}).status_code
            for _ in range(2)
        ]
        assert answers == [201, 413]

    def test_as_part_of_an_edit(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        api.jira("PUT", f"issue/{key}", {"update": {"comment": [{"add": {"body": adf("done")}}]}})
        assert [c.body for c in box.site.jira.comments_of(key)] == [adf("done")]


class TestProperties:
    def test_new_changed_gone(self, api: Client) -> None:
        url = f"issue/{api.create()}/properties/bridge"
        assert api.jira("PUT", url, {"a": 1}).status_code == 201
        assert api.jira("PUT", url, [None, "é"]).status_code == 200
        assert api.jira("GET", url).json() == {"key": "bridge", "value": [None, "é"]}
        assert api.jira("DELETE", url).status_code == 204
        assert api.jira("GET", url).status_code == 404
        assert api.jira("DELETE", url).status_code == 404

    def test_listed(self, api: Client) -> None:
        key = api.create()
        for name in ("b", "a.b/c"):
            assert api.jira("PUT", f"issue/{key}/properties/{name}", 1).status_code == 201
        keys = api.jira("GET", f"issue/{key}/properties").json()["keys"]
        assert [k["key"] for k in keys] == ["a.b/c", "b"]

    def test_limits(self, api: Client) -> None:
        key = api.create()
        assert api.jira("PUT", f"issue/{key}/properties/{'k' * 255}", 1).status_code == 201
        assert api.jira("PUT", f"issue/{key}/properties/{'k' * 256}", 1).status_code == 400
        assert api.jira("PUT", f"issue/{key}/properties/v", "x" * 32766).status_code == 201
        assert api.jira("PUT", f"issue/{key}/properties/v", "x" * 32767).status_code == 400

    def test_no_history_and_no_update(self, api: Client) -> None:
        key = api.create()
        before = api.fields(key, "updated")
        api.jira("PUT", f"issue/{key}/properties/p", 1)
        assert api.fields(key, "updated") == before


class TestWatchers:
    def test_others_and_oneself(self, box: Sandbox, api: Client, nadia: Client) -> None:
        key = api.create()
        vanessa = box.site.people.find("Vanessa").account_id
        assert api.jira("POST", f"issue/{key}/watchers", vanessa).status_code == 204
        assert nadia.jira("POST", f"issue/{key}/watchers").status_code == 204
        shown = api.jira("GET", f"issue/{key}/watchers").json()
        assert shown["watchCount"] == 3
        assert shown["isWatching"] is True
        assert api.jira("DELETE", f"issue/{key}/watchers?accountId={vanessa}").status_code == 204
        assert vanessa not in box.site.jira.watchers_of(key)

    def test_refusals(self, box: Sandbox, api: Client, nadia: Client) -> None:
        key = api.create()
        box.site.jira.setup.revoke("Nadia", "MANAGE_WATCHERS", "MKT")
        vanessa = box.site.people.find("Vanessa").account_id
        assert nadia.jira("POST", f"issue/{key}/watchers", vanessa).status_code == 403
        assert api.jira("POST", f"issue/{key}/watchers", "nobody").status_code == 404
        assert api.jira("DELETE", f"issue/{key}/watchers").status_code == 400
        box.site.jira.setup.revoke("Nadia", "VIEW_VOTERS_AND_WATCHERS", "MKT")
        assert nadia.jira("GET", f"issue/{key}/watchers").json()["watchers"] == []


def test_links_to_the_web(api: Client) -> None:
    url = f"issue/{api.create()}/remotelink"
    sent = {"globalId": "g", "object": {"url": "https://example.fr", "title": "One"}}
    assert api.jira("POST", url, sent).status_code == 201
    assert (
        api.jira(
            "POST", url, {**sent, "object": {"url": "https://example.fr", "title": "Two"}}
        ).status_code
        == 200
    )
    assert [one["object"]["title"] for one in api.jira("GET", url).json()] == ["Two"]
    assert set(errors(api.jira("POST", url, {"object": {}}))) == {"object.title", "object.url"}
    assert api.jira("DELETE", f"{url}?globalId=g").status_code == 204
    assert api.jira("DELETE", f"{url}?globalId=g").status_code == 404
