"""JQL without HTTP: the grammar, the sentences for what is ill-formed, and what each query finds."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sandbox.jira.jql.dates import Almanac
from bridge.sandbox.jira.jql.parse import RESERVED, parse
from bridge.sandbox.jira.jql.tree import (
    Both,
    Call,
    Clause,
    Either,
    Empty,
    JqlError,
    Many,
    Query,
    Sort,
    Text,
)
from bridge.sandbox.moments import zone
from bridge.sandbox.seed import plant
from bridge.sandbox.site import Site


class TestParsing:
    def test_words_strings_lists_functions(self) -> None:
        query = parse("""project = MKT and labels in (a, "b c", 'd') or due <= endOfMonth("+1")""")
        labels = Many((Text("a"), Text("b c"), Text("d")))
        both = Both((Clause("project", "=", Text("MKT")), Clause("labels", "in", labels)))
        assert query == Query(Either((both, Clause("due", "<=", Call("endOfMonth", ("+1",))))))

    def test_order(self) -> None:
        query = parse("project=MKT ORDER BY duedate DESC, key asc, created")
        assert query.order == (Sort("duedate", True), Sort("key", False), Sort("created", None))

    def test_fields_may_be_quoted_or_numbered(self) -> None:
        assert parse('"Start date" is not empty').where == Clause("Start date", "is not", Empty())
        assert parse("cf[10015] is NULL").where == Clause("cf[10015]", "is", Empty())

    def test_not_is_pushed_down(self) -> None:
        """So ``not labels = x`` leaves out issues without labels, as on the real one."""
        found = parse("not (labels = x and status != Done)").where
        assert found == Either(
            (Clause("labels", "!=", Text("x")), Clause("status", "=", Text("Done")))
        )
        assert parse("!a in (b)").where == Clause("a", "not in", Many((Text("b"),)))

    def test_precedence_and_signs(self) -> None:
        one, two, three = (Clause(n, "=", Text("1")) for n in "xyz")
        assert parse("x=1 | y=1 & z=1").where == Either((one, Both((two, three))))
        assert parse("(x=1 || y=1) && z=1").where == Both((Either((one, two)), three))

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            (r'"a\"b"', 'a"b'),
            (r"'it\'s'", "it's"),
            (r'"\u00e9"', "é"),
            (r"a\ b", "a b"),
            (r'"tab\there"', "tab\there"),
            (r'"a\\b"', r"a\b"),
        ],
    )
    def test_escapes(self, written: str, meant: str) -> None:
        assert parse(f"labels = {written}").where == Clause("labels", "=", Text(meant))

    @pytest.mark.parametrize(
        ("jql", "sentence"),
        [
            ("project", "Expecting operator before the end of the query. The valid operators are"),
            ("project MKT", "Expecting operator but got 'MKT'. The valid operators are"),
            ("project =", "Expecting either a value, list or function before the end of the query."),
            ("project = MKT foo", "Expecting either 'OR' or 'AND' but got 'foo'. (line 1, character 15)"),
            ("project = MKT\nand ) x", "Expecting a field name but got ')'. (line 2, character 5)"),
            ("(project = MKT", "Expecting ')' before the end of the query."),
            ("project = MKT)", "Expecting either 'OR' or 'AND' but got ')'. (line 1, character 14)"),
            ("a in (x y)", "Expecting either ',' or ')' but got 'y'. (line 1, character 9)"),
            ("a = 1 order key", "Expecting 'by' but got 'key'. (line 1, character 13)"),
            ("a = b@c", "The character '@' is a reserved JQL character. You must enclose it in a string or use the escape '\\u0040' instead. (line 1, character 6)"),
            ('a = "b', "The quoted string 'b' has not been completed. (line 1, character 5)"),
            ("select = 1", "'select' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, character 1)"),
            (r'a = "\q"', r"'\q' is an illegal JQL escape sequence."),
        ],
    )  # fmt: skip
    def test_what_is_ill_formed(self, jql: str, sentence: str) -> None:
        with pytest.raises(JqlError) as refused:
            parse(jql)
        assert sentence in str(refused.value)
        assert str(refused.value).startswith("Error in the JQL Query: ")

    def test_a_very_long_or_deep_query(self) -> None:
        with pytest.raises(JqlError, match="too long"):
            parse("a = " + "x" * 30_000)
        with pytest.raises(JqlError, match="too deeply"):
            parse("not " * 4_000 + "a = 1")
        assert parse("(" * 500 + "a=1" + ")" * 500) == parse("a=1")

    def test_reserved_words_are_those_of_the_documentation(self) -> None:
        assert len(RESERVED) > 150
        assert {"abort", "order", "with", "empty", "changed", "cf"} <= RESERVED
        assert not {"text", "status", "level", "due"} & RESERVED

    @given(st.text(max_size=60))
    def test_any_text_is_parsed_or_refused(self, text: str) -> None:
        """No other error than the one that says what is wrong."""
        with suppress(JqlError):
            parse(text)

    @given(st.text(min_size=1, max_size=30))
    def test_any_quoted_text_comes_through(self, text: str) -> None:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        assert parse(f'labels = "{escaped}"').where == Clause("labels", "=", Text(text))


class TestDates:
    almanac = Almanac(datetime(2026, 11, 22, 12, 30, tzinfo=UTC), zone("Europe/Paris"))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-12-17", "2026-12-17T00:00:00+01:00"),
            ("2026/12/17", "2026-12-17T00:00:00+01:00"),
            ("2026-12-17 08:30", "2026-12-17T08:30:00+01:00"),
            ("-7d", "2026-11-15T13:30:00+01:00"),
            ("-1w 2d", "2026-11-13T13:30:00+01:00"),
            ("4h", "2026-11-22T17:30:00+01:00"),
            ("-90m", "2026-11-22T12:00:00+01:00"),
            ("1M", "2026-12-22T13:30:00+01:00"),
        ],
    )
    def test_texts(self, text: str, expected: str) -> None:
        assert self.almanac.read(text, "due").isoformat() == expected

    @pytest.mark.parametrize("text", ["soon", "17/12/2026", "2026-02-30", "7x", "", "d"])
    def test_not_dates(self, text: str) -> None:
        with pytest.raises(JqlError, match="is invalid"):
            self.almanac.read(text, "due")

    @pytest.mark.parametrize(
        ("name", "argument", "expected"),
        [
            ("startOfDay", None, "2026-11-22T00:00:00"),
            ("endOfDay", None, "2026-11-22T23:59:59"),
            ("endOfDay", "-1", "2026-11-21T23:59:59"),
            ("startOfWeek", None, "2026-11-16T00:00:00"),
            ("endOfWeek", "1", "2026-11-29T23:59:59"),
            ("startOfMonth", "-1", "2026-10-01T00:00:00"),
            ("endOfMonth", None, "2026-11-30T23:59:59"),
            ("endOfMonth", "+1", "2026-12-31T23:59:59"),
            ("endOfMonth", "3", "2027-02-28T23:59:59"),
            ("startOfYear", "1", "2027-01-01T00:00:00"),
            ("endOfYear", None, "2026-12-31T23:59:59"),
            ("startOfDay", "+2w", "2026-12-06T00:00:00"),
            ("now", None, "2026-11-22T13:30:00"),
        ],
    )
    def test_functions(self, name: str, argument: str | None, expected: str) -> None:
        moment = self.almanac.call(Call(name, (argument,) if argument else ()))
        assert moment is not None
        assert moment.isoformat().startswith(expected)

    def test_not_a_function_of_time(self) -> None:
        assert self.almanac.call(Call("currentUser")) is None
        with pytest.raises(JqlError):
            self.almanac.call(Call("endOfDay", ("tomorrow",)))

    def test_out_of_range(self) -> None:
        with pytest.raises(JqlError, match="out of range"):
            self.almanac.read("99999999d", "due")


Find = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def find() -> Iterator[Find]:
    """A site with a handful of issues, and a function from JQL to the keys found."""
    site = Site()
    site.clock = lambda: datetime(2026, 11, 22, 12, tzinfo=UTC)
    plant(site)
    jira = site.jira
    budget = jira.setup.add_field("Budget", "number").id
    channel = jira.setup.add_field("Channel", "options", ["Newsletter", "Shop"]).id
    note = jira.setup.add_field("Note", "text").id
    jira.create(
        "MKT",
        "Epic",
        "Noël des enfants",
        by="Camille",
        duedate="2026-12-17",
        labels=["bridge", "Fête"],
    )
    jira.create("MKT", "Task", "Newsletter de Noël", by="Camille", parent="MKT-1", assignee="Camille",
                duedate="2026-12-03", start_date="2026-11-23", labels=["bridge"], priority="High",
                description="Un visuel chaleureux", **{budget: 100, note: "accord signé"})  # fmt: skip
    jira.create("IT", "Task", "Page", by="Vanessa", parent="MKT-1", assignee="Vanessa", duedate="2026-11-20",
                **{budget: 20.5, channel: [{"value": "Shop"}, {"value": "Newsletter"}]})  # fmt: skip
    jira.create("IT", "Bug", "Le panier est vide", by="Nadia")
    jira.create("IT", "Sub-task", "Part", by="Nadia", parent="IT-1")
    jira.transition("IT-1", "Done", by="Vanessa")
    jira.transition("IT-2", "In Progress", by="Vanessa")
    person = site.people.find("Camille")
    yield lambda jql: [i.key for i in jira.search.page(jql, person, 100).issues]
    site.close()


ALL = ["IT-1", "IT-2", "IT-3", "MKT-1", "MKT-2"]


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = mkt", ["MKT-1", "MKT-2"]),
        ("project in (Informatique)", ["IT-1", "IT-2", "IT-3"]),
        ("project != MKT", ["IT-1", "IT-2", "IT-3"]),
        ("key = it-1", ["IT-1"]),
        ("key in (MKT-1, IT-2) or id = 10001", ["IT-2", "MKT-1", "MKT-2"]),
        ("issuetype = Epic", ["MKT-1"]),
        ("type in standardIssueTypes()", ["IT-1", "IT-2", "MKT-1", "MKT-2"]),
        ("type in subtaskIssueTypes()", ["IT-3"]),
        ("status = 'in progress'", ["IT-2"]),
        ("statusCategory = Done", ["IT-1"]),
        ("statusCategory != Done", ["IT-2", "IT-3", "MKT-1", "MKT-2"]),
        ("statusCategory in ('To Do', indeterminate)", ["IT-2", "IT-3", "MKT-1", "MKT-2"]),
        ("assignee = currentUser()", ["MKT-2"]),
        ("assignee = 'vanessa@boutique.example'", ["IT-1"]),
        ("assignee = Vanessa or assignee is EMPTY", ["IT-1", "IT-2", "IT-3", "MKT-1"]),
        ("assignee != Vanessa", ["MKT-2"]),
        ("reporter = Nadia", ["IT-2", "IT-3"]),
        ("creator in (Camille, Vanessa)", ["IT-1", "MKT-1", "MKT-2"]),
        ("priority = High", ["MKT-2"]),
        ("priority > Medium", ["MKT-2"]),
        ("priority <= Medium", ["IT-1", "IT-2", "IT-3", "MKT-1"]),
        ("labels = BRIDGE", ["MKT-1", "MKT-2"]),
        ("labels = bridge and labels = Fête", ["MKT-1"]),
        ("labels in (Fête, nothing)", ["MKT-1"]),
        ("labels != Fête", ["MKT-2"]),
        ("labels is EMPTY", ["IT-1", "IT-2", "IT-3"]),
        ("labels is not EMPTY", ["MKT-1", "MKT-2"]),
        ("labels is EMPTY or labels not in (Fête)", ["IT-1", "IT-2", "IT-3", "MKT-2"]),
        ("summary ~ noel", ["MKT-1", "MKT-2"]),
        ("summary ~ 'news*'", ["MKT-2"]),
        ("summary ~ news", []),
        ("summary !~ noel", ["IT-1", "IT-2", "IT-3"]),
        ("summary ~ 'noel newsletter'", ["MKT-2"]),
        ("summary ~ '\"Newsletter de\"'", ["MKT-2"]),
        ("description ~ visuel", ["MKT-2"]),
        ("description !~ rien", ["MKT-2"]),
        ("text ~ visuel", ["MKT-2"]),
        ("duedate = 2026-12-17", ["MKT-1"]),
        ("due < 2026-12-03", ["IT-1"]),
        ("due <= 2026-12-03 and due > 2026-11-20", ["MKT-2"]),
        ("due >= '2026/12/03' and due <= endOfMonth(1)", ["MKT-1", "MKT-2"]),
        ("due < now()", ["IT-1"]),
        ("due <= 30d", ["IT-1", "MKT-1", "MKT-2"]),
        ("due is EMPTY", ["IT-2", "IT-3"]),
        ("due not in (2026-12-17)", ["IT-1", "MKT-2"]),
        ("'Start date' = 2026-11-23", ["MKT-2"]),
        ("cf[10015] >= -1d", ["MKT-2"]),
        ("cf[10015] is EMPTY and project = MKT", ["MKT-1"]),
        ("created >= startOfDay()", ALL),
        ("created < -1h", []),
        ("updated > '2026-11-22 12:00'", ALL),
        ("resolution is EMPTY", ["IT-2", "IT-3", "MKT-1", "MKT-2"]),
        ("resolution = Unresolved and project = IT", []),
        ("resolution = Done", ["IT-1"]),
        ("resolved >= -1d", ["IT-1"]),
        ("parent = MKT-1", ["IT-1", "MKT-2"]),
        ("'Epic Link' = MKT-1 and project = IT", ["IT-1"]),
        ("parent in (MKT-1, IT-1)", ["IT-1", "IT-3", "MKT-2"]),
        ("parent is EMPTY", ["IT-2", "MKT-1"]),
        ("level is EMPTY", ALL),
        ("Budget > 50", ["MKT-2"]),
        ("Budget in ('20.5', 100)", ["IT-1", "MKT-2"]),
        ("Budget is EMPTY", ["IT-2", "IT-3", "MKT-1"]),
        ("Channel = Shop", ["IT-1"]),
        ("Channel in (Newsletter) or Channel = Shop", ["IT-1"]),
        ("Note ~ signe", ["MKT-2"]),
        ("not (project = MKT or assignee = Vanessa)", []),
        ("project = MKT and (due = 2026-12-03 or labels = fête)", ["MKT-1", "MKT-2"]),
    ],
)  # fmt: skip
def test_what_is_found(find: Find, jql: str, keys: list[str]) -> None:
    assert sorted(find(jql)) == sorted(keys)


@pytest.mark.parametrize(
    ("order", "keys"),
    [
        ("key", ["IT-1", "IT-2", "IT-3", "MKT-1", "MKT-2"]),
        ("key desc", ["MKT-2", "MKT-1", "IT-3", "IT-2", "IT-1"]),
        ("duedate, key", ["IT-1", "MKT-2", "MKT-1", "IT-2", "IT-3"]),
        ("due desc, key", ["IT-2", "IT-3", "MKT-1", "MKT-2", "IT-1"]),
        ("priority desc, key", ["MKT-2", "IT-1", "IT-2", "IT-3", "MKT-1"]),
        ("assignee, key", ["MKT-2", "IT-1", "IT-2", "IT-3", "MKT-1"]),
        ("summary", ["IT-2", "MKT-2", "MKT-1", "IT-1", "IT-3"]),
        ("Budget desc, key", ["IT-2", "IT-3", "MKT-1", "MKT-2", "IT-1"]),
        ("'Start date', created, key", ["MKT-2", "IT-1", "IT-2", "IT-3", "MKT-1"]),
        ("labels desc, key", ["IT-1", "IT-2", "IT-3", "MKT-1", "MKT-2"]),
    ],
)
def test_in_which_order(find: Find, order: str, keys: list[str]) -> None:
    assert find(f"project in (MKT, IT) order by {order}") == keys
