"""Searching: bounded queries, pages by token, an index that may lag."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.sandbox import Sandbox
from bridge.sandbox.jira.rest.searching import REMOVED
from bridge.sandbox.jira.search import UNBOUNDED
from tests.sandbox.client import Client, message


def refused(api: Client, **asked: Any) -> str:
    answer = api.jira("POST", "search/jql", asked)
    assert answer.status_code == 400
    return message(answer)


class TestTheOldSearch:
    @pytest.mark.parametrize("version", [2, 3])
    def test_is_gone(self, api: Client, version: int) -> None:
        for answer in (
            api.jira("GET", "search?jql=project=MKT", api=version),
            api.jira("POST", "search", {"jql": "project = MKT"}, api=version),
        ):
            assert answer.status_code == 410
            assert answer.json() == {"errorMessages": [REMOVED], "errors": {}}


class TestQueries:
    @pytest.mark.parametrize("jql", ["", "  ", "order by key", "order by created desc, key"])
    def test_must_be_bounded(self, api: Client, jql: str) -> None:
        assert refused(api, jql=jql) == UNBOUNDED
        count = api.jira("POST", "search/approximate-count", {"jql": jql})
        assert (count.status_code, message(count)) == (400, UNBOUNDED)

    @pytest.mark.parametrize(
        ("jql", "sentence"),
        [
            ("foo = 1", "Field 'foo' does not exist or you do not have permission to view it."),
            ("project = NO", "The value 'NO' does not exist for the field 'project'."),
            ("status = Nope", "The value 'Nope' does not exist for the field 'status'."),
            ("assignee = Zoe", "The value 'Zoe' does not exist for the field 'assignee'."),
            ("key = MKT-9", "An issue with key 'MKT-9' does not exist for field 'key'."),
            ("labels > x", "The operator '>' is not supported by the 'labels' field."),
            ("summary = x", "The operator '=' is not supported by the 'summary' field."),
            ("labels was x", "The operator 'was' is not supported by the 'labels' field."),
            ("assignee = me()", "Unable to find JQL function 'me()'."),
            (
                "due = soon",
                (
                    "Date value 'soon' for field 'due' is invalid. Valid formats include: "
                    "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', "
                    "or a period format e.g. '-5d', '4w 2d'."
                ),
            ),
        ],
    )
    def test_that_mean_nothing(self, api: Client, jql: str, sentence: str) -> None:
        assert refused(api, jql=jql) == sentence

    def test_that_are_ill_formed_say_where(self, api: Client) -> None:
        expected = "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'x'. (line 1, character 15)"
        assert refused(api, jql="project = MKT x") == expected

    def test_order_by_at_most_seven(self, api: Client) -> None:
        fields = [
            "key",
            "summary",
            "status",
            "priority",
            "created",
            "updated",
            "duedate",
            "assignee",
        ]
        assert "7" in refused(api, jql=f"project = MKT order by {', '.join(fields)}")
        assert api.found(f"project = MKT order by {', '.join(fields[:7])}") == []

    def test_values_are_never_sql(self, api: Client) -> None:
        key = api.create(labels=["x'_or_1=1_--"])
        assert api.found('labels = "x\'_or_1=1_--"') == [key]
        assert api.found('labels = "\' or 1=1 --"') == []
        assert api.found('summary ~ "x\' or 1=1"') == []


class TestAnswers:
    def test_only_ids_by_default(self, api: Client) -> None:
        api.create()
        answer = api.jira("GET", "search/jql", params={"jql": "project = MKT"}).json()
        assert answer == {"issues": [{"id": "10000"}], "isLast": True}

    def test_chosen_fields_and_properties(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        box.site.jira.set_property(key, "bridge", {"a": 1})
        asked = {
            "jql": "project = MKT",
            "fields": ["summary"],
            "properties": ["bridge"],
            "expand": "names",
        }
        answer = api.jira("POST", "search/jql", asked).json()
        (issue,) = answer["issues"]
        assert (issue["key"], issue["fields"], issue["properties"]) == (
            key,
            {"summary": "x"},
            {"bridge": {"a": 1}},
        )
        assert answer["names"] == {"summary": "Summary"}

    def test_at_most_five_properties(self, api: Client) -> None:
        assert "5" in refused(api, jql="project = MKT", properties=list("abcdef"))

    def test_pages_by_token(self, box: Sandbox, api: Client) -> None:
        keys = [api.create(duedate=f"2026-12-{day:02}") for day in (3, 1, 2)] + [api.create()]
        jql = "project = MKT order by duedate"
        first = api.jira(
            "POST", "search/jql", {"jql": jql, "fields": ["key"], "maxResults": 2}
        ).json()
        assert [i["key"] for i in first["issues"]] == [keys[1], keys[2]]
        assert first["isLast"] is False
        box.site.jira.create("MKT", "Task", "new", by="Camille", duedate="2026-12-01")
        more = {
            "jql": jql,
            "fields": ["key"],
            "maxResults": 2,
            "nextPageToken": first["nextPageToken"],
        }
        second = api.jira("POST", "search/jql", more).json()
        assert [i["key"] for i in second["issues"]] == [keys[0], keys[3]], (
            "what came before is not repeated"
        )
        assert "nextPageToken" not in second

    def test_mixed_directions_and_empty_values_page_well(self, api: Client) -> None:
        for n in range(12):
            due = {"duedate": f"2026-12-{n % 3 + 1:02}"} if n % 4 else {}
            api.create(priority={"id": str(n % 5 + 1)}, **due)
        jql = "project = MKT order by duedate desc, priority asc, key desc"
        assert api.found(jql, maxResults=1) == api.found(jql, maxResults=5) == api.found(jql)

    def test_a_token_belongs_to_its_query_and_dies(self, box: Sandbox, api: Client) -> None:
        for _ in range(3):
            api.create()
        token = api.jira("POST", "search/jql", {"jql": "project = MKT", "maxResults": 1}).json()[
            "nextPageToken"
        ]
        sentence = "The provided next page token is invalid or expired."
        assert refused(api, jql="project = IT", nextPageToken=token) == sentence
        assert refused(api, jql="project = MKT", nextPageToken="nonsense") == sentence
        later = datetime.now(UTC) + timedelta(days=8)
        box.now = lambda: later
        assert refused(api, jql="project = MKT", nextPageToken=token) == sentence

    def test_the_server_gives_fewer_where_fields_are_asked(self, api: Client) -> None:
        task = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "x"}
        for _ in range(3):
            api.jira("POST", "issue/bulk", {"issueUpdates": [{"fields": task}] * 50})
        sizes = [
            len(
                api.jira(
                    "POST", "search/jql", {"jql": "project = MKT", "maxResults": 5000, "fields": f}
                ).json()["issues"]
            )
            for f in (["key"], ["summary"])
        ]
        assert sizes == [150, 100]
        assert refused(api, jql="project = MKT", maxResults=5001).startswith(
            "The value of maxResults"
        )

    def test_a_misspelt_parameter(self, api: Client) -> None:
        assert "payload" in refused(api, jql="project = MKT", startAt=0)

    def test_counting(self, api: Client) -> None:
        api.create()
        assert api.jira("POST", "search/approximate-count", {"jql": "project = MKT"}).json() == {
            "count": 1
        }

    def test_matching(self, api: Client) -> None:
        key = api.create(labels=["a"])
        sent = {"issueIds": [10000, 99], "jqls": ["labels = a", "labels = b", "foo = 1"]}
        matches = api.jira("POST", "jql/match", sent).json()["matches"]
        assert [m["matchedIssues"] for m in matches] == [[10000], [], []]
        assert matches[2]["errors"]
        assert key == "MKT-1"

    def test_parsing(self, api: Client) -> None:
        queries = ["project = MKT order by key desc", "foo = 1", "a b"]
        strict = api.jira("POST", "jql/parse?validation=strict", {"queries": queries}).json()[
            "queries"
        ]
        assert strict[0]["structure"]["where"]["operand"] == {"value": "MKT", "encodedValue": "MKT"}
        assert strict[0]["structure"]["orderBy"]["fields"][0]["direction"] == "desc"
        assert strict[1]["errors"]
        assert "structure" not in strict[1]
        loose = api.jira("POST", "jql/parse?validation=none", {"queries": queries}).json()[
            "queries"
        ]
        assert "structure" in loose[1]
        assert "errors" in loose[2]


class TestLag:
    def test_a_change_shows_after_further_requests(self, box: Sandbox, api: Client) -> None:
        box.lag.requests = 2
        key = api.create(labels=["new"])
        assert api.jira("GET", f"issue/{key}").status_code == 200, "the store is not behind"
        assert api.found("labels = new") == []
        assert api.found("labels = new") == [key]

    def test_bulkfetch_reads_the_store(self, box: Sandbox, api: Client) -> None:
        box.lag.requests = 100
        key = api.create()
        fetched = api.jira("POST", "issue/bulkfetch", {"issueIdsOrKeys": [key]}).json()
        assert [issue["key"] for issue in fetched["issues"]] == [key]

    def test_seconds(self, box: Sandbox, api: Client) -> None:
        now = datetime(2026, 12, 1, 9, tzinfo=UTC)
        box.now = lambda: now
        box.lag.seconds = 3
        key = api.create()
        assert api.found("project = MKT") == []
        now += timedelta(seconds=4)
        assert api.found("project = MKT") == [key]

    def test_an_edit_is_found_by_its_old_value_and_shows_it(
        self, box: Sandbox, api: Client
    ) -> None:
        key = api.create(labels=["old"])
        box.lag.requests = 100
        api.jira("PUT", f"issue/{key}", {"fields": {"labels": ["new"], "summary": "changed"}})
        assert api.found("labels = old") == [key]
        assert api.found("labels = new") == []
        shown = api.jira(
            "POST", "search/jql", {"jql": "labels = old", "fields": ["summary"]}
        ).json()
        assert shown["issues"][0]["fields"]["summary"] == "x"
        assert api.fields(key)["summary"] == "changed"

    def test_a_deleted_issue_is_never_shown(self, box: Sandbox, api: Client) -> None:
        key = api.create()
        box.lag.requests = 100
        api.jira("DELETE", f"issue/{key}")
        assert api.found("project = MKT") == []
        count = api.jira("POST", "search/approximate-count", {"jql": "project = MKT"}).json()
        assert count == {"count": 1}, "but the index still counts it"

    def test_flicker(self, box: Sandbox, api: Client) -> None:
        box.lag.flicker = True
        key = api.create()
        seen = [api.found("project = MKT") for _ in range(4)]
        assert seen == [[key], [], [key], [key]]

    def test_reconciled_issues_come_from_the_store(self, box: Sandbox, api: Client) -> None:
        old = api.create(labels=["old"])
        box.lag.requests = 100
        key = api.create(labels=["new"])
        api.jira("PUT", f"issue/{old}", {"fields": {"labels": ["new"]}})
        api.jira(
            "POST",
            "issueLink",
            {"type": {"name": "Blocks"}, "inwardIssue": {"key": old}, "outwardIssue": {"key": key}},
        )
        assert api.found("labels = new") == []
        assert set(api.found("labels = new", reconcileIssues=[10000, 10001])) == {old, key}
        assert api.found("labels = old", reconcileIssues=[10000]) == []
        assert api.found("labels = new") == [], "for that search only"

    def test_at_most_fifty_are_reconciled(self, api: Client) -> None:
        assert "50" in refused(api, jql="project = MKT", reconcileIssues=list(range(51)))

    def test_a_restart_catches_up(self, tmp_path: Any) -> None:
        with Sandbox(db=tmp_path / "box.db") as first, Client.of(first) as api:
            first.lag.requests = 100
            api.create()
        with Sandbox(db=tmp_path / "box.db") as second, Client.of(second) as api:
            assert api.found("project = MKT") == ["MKT-1"]


class TestWhoSearches:
    def test_nobody_finds_nothing_and_hears_no_error(self, box: Sandbox, nobody: Client) -> None:
        box.site.jira.create("MKT", "Task", "x", by="Camille")
        answer = nobody.jira("GET", "search/jql?jql=project=MKT")
        assert (answer.status_code, answer.json()) == (200, {"issues": [], "isLast": True})

    def test_only_what_one_may_see(self, box: Sandbox, api: Client, nadia: Client) -> None:
        api.create("IT")
        box.site.jira.setup.revoke("Nadia", "BROWSE_PROJECTS", "IT")
        assert nadia.found("created > -1d") == []
        assert (
            refused(nadia, jql="project = IT")
            == "The value 'IT' does not exist for the field 'project'."
        )
