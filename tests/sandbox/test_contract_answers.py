"""Every served operation is called, and Atlassian's own contracts judge the answers."""

import json
import re
from collections.abc import Iterator

import pytest
from jsonschema import Draft4Validator

from bridge.sandbox import Sandbox
from tests.judge.contracts import folder
from tests.judge.scenes import SCENES, arrange, served
from tests.judge.watch import watch
from tests.sandbox.client import Client


@pytest.fixture
def judged(box: Sandbox) -> Iterator[Client]:
    """A client whose answers are judged; its requests may be wrong on purpose."""
    folder()
    judge = watch(box, requests_too=False)
    with Client.of(box) as client:
        yield client
    judge.agrees()


def test_refusals_of_jira(box: Sandbox, judged: Client) -> None:
    arrange(box)
    box.site.jira.setup.revoke("Bridge", "EDIT_ISSUES")
    for method, path, body in (
        ("GET", "issue/NO-1", None),
        ("GET", "project/NO", None),
        ("GET", "mypermissions", None),
        ("GET", "mypermissions?permissions=NONSENSE", None),
        ("GET", "issue/createmeta/NO/issuetypes", None),
        ("GET", "search/jql?jql=order by key", None),
        ("POST", "search/jql", {"jql": "foo = bar"}),
        ("POST", "issue/bulkfetch", {"issueIdsOrKeys": []}),
        ("PUT", "issue/MKT-1", {"fields": {"summary": "y"}}),
        ("POST", "issue/MKT-1/transitions", {"transition": {"id": "999"}}),
        ("POST", "issueLink", {"type": {"name": "Nope"}}),
        ("GET", "user?accountId=nobody", None),
    ):
        assert judged.jira(method, path, body).status_code >= 400, path


@pytest.mark.parametrize("scene", SCENES)
def test_the_contracts_accept_every_answer(box: Sandbox, judged: Client, scene: str) -> None:
    arrange(box)
    SCENES[scene](box, judged)


# Served beside the contracts: removed paths that answer 410, and what no contract describes.
BESIDE = {
    *(("GET", f"/wiki/rest/api/{path}") for path in ("content", "content/{}", "content/{}/property", "space")),
    *(("GET", f"/wiki/rest/api/content/{{}}/{path}") for path in ("child", "child/{}", "label", "property/{}")),
    *((verb, "/wiki/rest/api/content/{}/property/{}") for verb in ("POST", "PUT", "DELETE")),
    ("POST", "/wiki/rest/api/content"), ("POST", "/wiki/rest/api/content/{}/property"),
    ("PUT", "/wiki/rest/api/content/{}"), ("DELETE", "/wiki/rest/api/content/{}"),
    ("GET", "/wiki/rest/api/space/{}"),
    ("POST", "/rest/api/2/changelog/bulkfetch"),
    ("GET", "/rest/api/2/resolution"), ("GET", "/rest/api/3/resolution"),
    *((verb, f"/rest/api/{v}/attachment/{{}}") for verb in ("GET", "DELETE") for v in (2, 3)),
    *(("GET", f"/rest/api/{v}/attachment/{path}") for path in ("meta", "content/{}", "thumbnail/{}") for v in (2, 3)),
    ("GET", "/spaces/{}/permissions"),  # in Atlassian's reference of v2, not in the trimmed contract
}  # fmt: skip
BODILESS = {
    ("PUT", "/wiki/rest/api/content/{}/restriction"),
    ("DELETE", "/wiki/rest/api/content/{}/restriction"),
}


def test_no_served_operation_goes_without_judgement(box: Sandbox) -> None:
    """What the sandbox serves is what the scenes call; what no contract knows is listed above."""
    folder()
    called = set()
    for scene in SCENES.values():
        with Sandbox() as fresh, Client.of(fresh) as client:
            judge = watch(fresh, requests_too=False)
            arrange(fresh)
            scene(fresh, client)
            called |= {operation for _, operation, status in judge.seen if status < 400}
    done = {
        (method, re.sub(r"\{[^}]+\}", "{}", path))
        for method, path in (o.split(" ") for o in called)
    }
    removed = {(method, f"/rest/api/{v}/search") for method in ("GET", "POST") for v in (2, 3)}
    assert sorted(served(box) - done - BODILESS - removed) == sorted(BESIDE)


def test_rich_text_that_is_answered_is_valid_adf(api: Client) -> None:
    schema = json.loads((folder() / "adf-v1-full.schema.json").read_text("utf-8"))
    markup = (
        "h1. Title\n\nText *bold* _em_ -no- +u+ ^a^ ~b~ {{mono}} {color:red}red{color} [l|https://example.fr]"
        " [~accountid:x] https://example.fr/a\n\n* a\n** b\n# c\n\n* [ ] todo\n* [x] done\n\n||h||\n|c|\n\n"
        "{code:python}\nx\n{code}\n\n{quote}\nq\n{quote}\n\n{info}\ni\n{info}\n\n----\n\n{panel}\n||a||\n{panel}"
    )
    key = api.create()
    assert (
        api.jira("PUT", f"issue/{key}", {"fields": {"description": markup}}, api=2).status_code
        == 204
    )
    Draft4Validator(schema).validate(api.fields(key)["description"])
