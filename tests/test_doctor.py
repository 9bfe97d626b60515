"""The doctor's findings, one by one: facts in, diagnoses out."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from bridge.doctor import access, local, names, reading, rights
from bridge.doctor.access import Caller
from bridge.doctor.diagnosis import Diagnosis, of_problem, some
from bridge.errors import (
    BadAnswer,
    BridgeError,
    ConfigurationError,
    LockedByCaptcha,
    Problem,
    Refused,
    ScopeMissing,
    SiteError,
    TokenRefused,
    Unreachable,
    UntrustedCertificate,
)
from bridge.language import language
from bridge.operations import preflight
from bridge.site import Limited, Readers, Server, Space
from bridge.team import Person, Team
from bridge.text import text
from bridge.tracker import Account, Form, Status
from bridge.workspace import Workspace

URL = "https://boutique.atlassian.net"
CLOUD = Server("cloud", "1001.0.0-SNAPSHOT")
DATA_CENTER = Server("datacenter", "10.3.24")
TODAY = date(2027, 2, 1)
EN = language("en")


def codes(found: Iterable[Diagnosis]) -> list[str]:
    return [one.code for one in found]


def said(found: Diagnosis) -> str:
    return " | ".join(EN.say(words) for words in (found.what, found.why, found.remedy, found.where))


# --- access ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "remedy"),
    [
        (UntrustedCertificate("Jira", URL), "E-CERTIFICATE", "REQUESTS_CA_BUNDLE"),
        (Unreachable("Jira", URL, "ProxyError"), "E-PROXY", "NO_PROXY"),
        (Unreachable("Jira", URL, "ConnectTimeout"), "E-UNREACHABLE", "HTTPS_PROXY"),
        (BadAnswer("Jira", "GET /x", text("an empty answer")), "E-ANSWER", "browser"),
        (Refused("Jira", "GET /x", 503, ""), "E-REFUSED", "Trying again"),
        (Refused("Jira", "GET /x", 410, "gone"), "E-REFUSED", "administrator of the site"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_site_that_gives_no_answer_of_use(error: SiteError, code: str, remedy: str) -> None:
    found = access.unreachable("Jira", URL, error)
    assert (found.code, found.severity) == (code, "error")
    assert remedy in EN.say(found.remedy)


@pytest.mark.parametrize(
    ("caller", "detail", "code", "words"),
    [
        (Caller("Jira", URL, True, CLOUD, "a-b"), "", "E-TOKEN", "ex/jira/a-b"),
        (Caller("Jira", URL, True, CLOUD, None), "", "E-TOKEN", "make a new token"),
        (Caller("Jira", URL, False, CLOUD, "a-b"), "", "E-EMAIL", "BRIDGE_EMAIL"),
        (Caller("Jira", URL, False, DATA_CENTER), "", "E-TOKEN", "withdrawn"),
        (Caller("Jira", URL, True, CLOUD), "CAPTCHA", "E-CAPTCHA", URL),
        (Caller("Jira", URL, True, CLOUD), "scope", "E-SCOPE", "write:jira-work"),
        (Caller("Confluence", URL, True, CLOUD), "scope", "E-SCOPE", "search:confluence"),
    ],
)
def test_a_refused_sign_in_says_why(caller: Caller, detail: str, code: str, words: str) -> None:
    refusals = {
        "": TokenRefused(caller.product),
        "CAPTCHA": LockedByCaptcha(caller.product),
        "scope": ScopeMissing(caller.product, "GET /x"),
    }
    found = access.refused_sign_in(caller, refusals[detail])
    assert found.code == code
    assert words in said(found)


def test_no_gateway_is_named_to_somebody_who_uses_it_already() -> None:
    server = Server("cloud", "1", is_gateway=True)
    found = access.refused_sign_in(Caller("Jira", URL, True, server, "a-b"), TokenRefused("Jira"))
    assert "/ex/jira" not in said(found)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, None), (0.0, None), (-60.0, None), (60.0, None),
        (61.0, "1 minute ahead"), (-600.0, "10 minutes behind"),
    ],
)  # fmt: skip
def test_two_clocks(ahead: float | None, words: str | None) -> None:
    found = list(access.line(Server("cloud", "1", ahead=ahead), URL, 30))
    assert codes(found) == (["W-CLOCK"] if words else [])
    assert words is None or words in said(found[0])


def test_a_slow_line_names_the_patience_of_the_bridge() -> None:
    assert codes(access.line(Server("cloud", "1", seconds=2.0), URL, 30)) == []
    (found,) = access.line(Server("cloud", "1", seconds=2.34), URL, 30)
    assert found.code == "W-SLOW"
    assert "2.3 s" in said(found)
    assert "30 s" in said(found)


@pytest.mark.parametrize(
    ("version", "found"), [("8.13.27", ["W-VERSION"]), ("8.14.0", []), ("10.3", []), ("9.4.0-m1", [])]
)  # fmt: skip
def test_a_data_center_without_tokens(version: str, found: list[str]) -> None:
    assert codes(access.line(Server("datacenter", version), URL, 30)) == found


def test_behind_the_gateway_the_scopes_are_listed() -> None:
    (found,) = access.line(Server("cloud", "1", is_gateway=True), URL, 30)
    assert (found.code, found.severity) == ("I-SCOPES", "info")
    assert "write:confluence-content" in said(found)


@pytest.mark.parametrize(
    ("days", "code"),
    [(None, "I-TOKEN-END"), (-1, "E-TOKEN-ENDED"), (0, "W-TOKEN-ENDS"), (30, "W-TOKEN-ENDS"), (31, None)],
)  # fmt: skip
def test_the_token_is_spoken_of_thirty_days_ahead(days: int | None, code: str | None) -> None:
    expires = None if days is None else TODAY + timedelta(days)
    assert codes(access.token_end(expires, TODAY)) == ([code] if code else [])


def test_what_could_not_be_checked_is_a_warning_with_the_site_s_words() -> None:
    error = Refused("Jira", "GET /x", 500, "out of order")
    found = access.unchecked(text("the statuses"), error, "Jira")
    assert (found.code, found.severity) == ("W-UNCHECKED", "warning")
    assert "out of order" in said(found)


# --- rights ------------------------------------------------------------------------------------------


def test_an_administrator_of_the_whole_site() -> None:
    assert codes(rights.site_wide(frozenset(), None)) == []
    assert codes(rights.site_wide(frozenset({"ADMINISTER"}), False)) == ["W-SITE-ADMIN"]
    both = frozenset({"ADMINISTER", "SYSTEM_ADMIN"})
    found = list(rights.site_wide(both, True))
    assert codes(found) == ["W-SITE-ADMIN", "W-WIKI-ADMIN"]
    assert "system administrator" in said(found[0])


def test_other_projects_count_where_something_can_be_written() -> None:
    held = {
        "READ": frozenset({"BROWSE_PROJECTS"}),
        "MAKE": frozenset({"CREATE_ISSUES"}),
        "EDIT": frozenset({"EDIT_ISSUES"}),
        "OWN": frozenset({"ADMINISTER_PROJECTS"}),
    }
    (found,) = rights.other_projects(held, 0)
    assert "3 projects that bridge.yaml does not name: EDIT, MAKE, and OWN" in said(found)
    assert codes(rights.other_projects({}, 3)) == ["I-NOT-ASKED"]
    assert codes(rights.other_projects({"READ": held["READ"]}, 0)) == []


def test_a_long_list_is_cut_with_the_rest_counted() -> None:
    names_ = [f"P{n:02}" for n in range(15)]
    assert EN.say(text("{n}", n=some(names_))).endswith("P11, and 3 more")
    assert len(some(names_[:13])) == 13  # one more name takes no more room than saying so


def test_silence_needs_the_right_in_every_project() -> None:
    admin = frozenset({"ADMINISTER_PROJECTS"})
    assert rights.silence(["A", "B"], {"A": admin, "B": admin}).code == "I-SILENT"
    found = rights.silence(["A", "B"], {"A": admin, "B": frozenset()})
    assert found.code == "I-MAILS"
    assert "Changes in B send" in said(found)


SPACES = [Space("1", "MKT", "Marketing"), Space("2", "~me", "Me", is_personal=True)]


@pytest.mark.parametrize(
    ("wanted", "held", "found"),
    [
        ("MKT", frozenset({"create page", "update page"}), []),
        ("MKT", frozenset({"create page", "update page", "administer space"}), ["I-SPACE-ADMIN"]),
        ("MKT", frozenset({"read space"}), ["E-SPACE-RIGHTS"]),
        ("MKT", None, ["I-SPACE-RIGHTS"]),
        ("MTK", None, ["E-SPACE"]),
    ],
)
def test_the_calendar_s_space(wanted: str, held: frozenset[str] | None, found: list[str]) -> None:
    assert codes(rights.own_space(wanted, SPACES, held)) == found


def test_other_spaces_where_nothing_is_known_are_not_accused() -> None:
    held = {"A": frozenset({"update page"}), "B": None, "C": frozenset({"read space"})}
    (found,) = rights.other_spaces(held, 0)
    assert "1 space that bridge.yaml does not name: A" in said(found)
    assert codes(rights.other_spaces({}, 1)) == ["I-NOT-ASKED"]


# --- names -------------------------------------------------------------------------------------------

NADIA = Person(id="nadia", name="Nadia", email="nadia@boutique.example")


def refusal(person: Person, *accounts: Account) -> Problem:
    problem = preflight.account_of(person, {person.id: accounts})
    assert isinstance(problem, Problem)
    return problem


@pytest.mark.parametrize(
    ("assignable", "known", "code"),
    [
        ([], [], "E-PERSON"),
        ([], [Account("1", "Nadia", active=False)], "E-PERSON-INACTIVE"),
        ([], [Account("1", "Nadia")], "E-PERSON-PROJECT"),
        ([], [Account("1", "Nadia"), Account("2", "Nadia")], "E-PERSON"),
        ([Account("1", "Nadia"), Account("2", "Nadia")], [], "E-PERSON-AMBIGUOUS"),
    ],
)
def test_why_somebody_cannot_be_assigned(
    assignable: list[Account], known: list[Account], code: str
) -> None:
    assert names.person(NADIA, refusal(NADIA, *assignable), known, ["IT"]).code == code


def test_every_problem_of_the_preflight_has_its_reason() -> None:
    form = Form("P", "task", "Task", frozenset(), absent=("duedate",), unfilled=("Budget",),
                start_fields=(("a", "Start"), ("b", "Start")))  # fmt: skip
    problems = [
        *preflight.lacking("P", None),
        *preflight.lacking("P", frozenset()),
        *preflight.unfit("P", "epic", None, frozenset(preflight.NEEDED)),
        *preflight.unfit("P", "task", form, frozenset(preflight.NEEDED)),
        refusal(NADIA),
        refusal(NADIA, Account("1", "N"), Account("2", "N")),
        preflight.no_link_type("Blocks", []),
    ]
    found = [of_problem(problem, "here") for problem in problems]
    assert len(set(codes(found))) == 9
    assert all(one.severity == "error" for one in found)


KNOWN = [Status("À faire", "todo"), Status("Terminé", "done"), Status("Bloqué", "doing")]


@pytest.mark.parametrize(
    ("written", "remedies"),
    [
        ([], []),
        (["Terminé"], []),
        (["terminé", "Done"], []),  # a list for two languages
        (["Terminée"], ["Did you mean “Terminé”?"]),
        (["Done", "Closed"], ["Known: Bloqué, Terminé, and À faire."]),
        (["Terminé", "Bloque"], ["Did you mean “Bloqué”?"]),
    ],
)
def test_statuses(written: list[str], remedies: list[str]) -> None:
    found = list(names.statuses("done", written, KNOWN))
    assert [EN.say(one.remedy) for one in found] == remedies
    assert set(codes(found)) <= {"W-STATUS"}


def form(*settable: str, starts: int = 0) -> Form:
    fields = tuple((f"customfield_{n}", "Start date") for n in range(starts))
    return Form("IT", "task", "Task", frozenset(settable), start_fields=fields)  # type: ignore[arg-type]  # names of fields


def test_fields_that_an_issue_can_do_without() -> None:
    assert codes(names.optional_fields(form("description", "start", "priority"), None)) == []
    (found,) = names.optional_fields(form("start"), None)
    assert "lacks: description and priority" in said(found)
    assert codes(names.optional_fields(form("description", "priority"), "customfield_1")) == [
        "W-START-FIELD"
    ]
    assert codes(names.optional_fields(form("description", "priority", starts=2), None)) == []


def test_each_set_of_start_dates_is_said_once() -> None:
    found = list(
        names.start_dates([form(starts=2), form(starts=2), form(starts=1), form(starts=3)])
    )
    assert codes(found) == ["E-START-DATE"] * 2
    assert "Task in IT and Task in IT" in said(found[0])


def test_roles_against_the_templates() -> None:
    team = Team({"nadia": NADIA}, {"it": "nadia", "markting": "nadia"})
    needed = {"it": ("website",), "marketing": ("website", "restock"), "crm": ("restock",)}
    vacant, unused = names.roles(team, needed)
    assert (vacant.code, unused.code) == ("W-ROLE-VACANT", "I-ROLE-UNUSED")
    assert "crm and marketing" in said(vacant)
    assert "restock and website" in said(vacant)
    assert "Did you mean “marketing”?" in said(unused)
    assert codes(names.roles(Team(), needed)) == ["I-TEAM"]
    reviewer = Team({"nadia": NADIA}, {"it": "nadia", "it-architecture": "nadia"})
    assert codes(names.roles(reviewer, {"it": ("website",)})) == []
    assert codes(names.roles(Team({"nadia": NADIA}, {"it": "nadia"}), {"it": ("website",)})) == []


# --- reading -----------------------------------------------------------------------------------------

TEAM = {"1": "Camille", "2": "Vanessa"}


def test_a_page_for_some_people_names_who_is_kept_out() -> None:
    found = reading.kept_out(Limited("Calendar", Readers(frozenset({"1", "9"}))), TEAM)
    assert (found.code, found.severity) == ("W-PAGE-READERS", "warning")
    assert "1 person of bridge.yaml cannot read “Calendar”: Vanessa." in said(found)


def test_where_groups_may_read_it_is_said_what_cannot_be_known() -> None:
    limited = Limited("Calendar", Readers(frozenset({"1", "9"}), ("marketing",)))
    found = reading.kept_out(limited, TEAM)
    assert (found.code, found.severity) == ("I-PAGE-READERS", "info")
    assert "the group marketing, Camille, and 1 other person" in said(found)
    assert "does not tell" in said(found)


@pytest.mark.parametrize(
    ("readers", "found"),
    [
        (None, ["I-SPACE-READERS"]),
        (Readers(frozenset({"1"}), ("everyone",)), []),
        (Readers(frozenset({"1", "2"})), []),
        (Readers(frozenset({"1"})), ["W-SPACE-READERS"]),
        (Readers(), []),
    ],
)
def test_who_may_read_the_space(readers: Readers | None, found: list[str]) -> None:
    assert codes(reading.space_closed("MKT", readers, TEAM)) == found


def test_the_calendar_s_page() -> None:
    assert reading.page_missing("Calendar", "MKT").severity == "info"
    assert reading.page_put_away("Calendar", "MKT").severity == "error"
    assert codes(reading.page_locked("Calendar", None)) == []
    assert codes(reading.page_locked("Calendar", frozenset({"read page"}))) == ["E-PAGE-RIGHTS"]


# --- at home -----------------------------------------------------------------------------------------


def test_every_problem_of_a_file_is_a_finding() -> None:
    class Broken(ConfigurationError):
        problems = (Problem(text("Jira")), Problem(text("Workspace")))

    found = list(local.refused("E-WORKSPACE", Broken(text("x")), "bridge.yaml"))
    assert codes(found) == ["E-WORKSPACE"] * 2
    alone: BridgeError = ConfigurationError(text("x"), text("y"))
    (one,) = local.refused("E-SETTINGS", alone, "the environment")
    assert said(one).endswith("y | the environment")


def test_observing_is_a_note() -> None:
    workspace = Workspace(id="x", projects={"marketing": "MKT"}, space="MKT", parent="C")
    assert codes(local.mode(workspace)) == []
    watching = Workspace(id="x", mode="observe", projects={"marketing": "MKT"}, space="MKT", parent="C")  # fmt: skip
    assert codes(local.mode(watching)) == ["I-OBSERVE"]
