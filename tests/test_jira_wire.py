"""Jira's payloads, pure: what is sent, and how answers are read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bridge.atlassian import adf, jira_answers
from bridge.atlassian import jira_forms as forms
from bridge.atlassian import jira_wire as wire
from bridge.atlassian.dialect import FieldIds
from bridge.atlassian.jira_cloud import Cloud
from bridge.prose import Bullets, Checklist, Heading, Paragraph
from bridge.team import Person
from bridge.tracker import Draft, Edit, FieldName, FieldValue, Status


def draft(ref: str, fields: Mapping[FieldName, FieldValue] | None = None) -> Draft:
    return Draft(ref=ref, project="MKT", kind="task", fields=fields or {}, labels=("bridge",), parent="MKT-1",
                 memory={"format": 1})  # fmt: skip


def test_labels_parent_and_memory_travel_in_the_create_itself() -> None:
    body = wire.create_body(
        draft("s", {"summary": "x", "due": date(2027, 1, 4), "assignee": "a"}),
        "10002",
        Cloud(),
        FieldIds(),
    )
    assert body["fields"] == {
        "summary": "x",
        "duedate": "2027-01-04",
        "assignee": {"accountId": "a"},
        "project": {"key": "MKT"},
        "issuetype": {"id": "10002"},
        "labels": ["bridge"],
        "parent": {"key": "MKT-1"},
    }
    assert body["properties"] == [{"key": "bridge", "value": {"format": 1}}]


def test_the_blocker_is_the_inward_issue() -> None:
    body = wire.link_request("Blocks", "A-1", "B-2", Cloud()).body
    assert body["inwardIssue"] == {"key": "A-1"}
    assert body["outwardIssue"] == {"key": "B-2"}
    assert wire.link_request("Blocks", "A-1", "B-2", Cloud()).writes == ("A", "B")


def test_reading_links_back_gives_the_same_direction() -> None:
    done = {"name": "Fini", "statusCategory": {"key": "done"}}
    links = [
        {"type": {"name": "Blocks"}, "outwardIssue": {"key": "B-2"}},
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "C-3", "fields": {"status": done}}},
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "E-5"}},  # may not be looked into
        {"type": {"name": "Relates"}, "outwardIssue": {"key": "D-4"}},
    ]
    issue = jira_answers.issue(
        {"id": "1", "key": "A-1", "fields": {"issuelinks": links}}, Cloud(), FieldIds(), "Blocks"
    )
    assert issue.blocks == {"B-2"}
    assert issue.blockers == {("C-3", Status("Fini", "done")), ("E-5", Status("", "todo"))}


def test_partial_failures_are_matched_by_their_number() -> None:
    drafts = [draft("a"), draft("b"), draft("c")]
    body = {
        "issues": [{"key": "MKT-1"}, {"key": "MKT-2"}],
        "errors": [{"failedElementNumber": 1, "elementErrors": {"errorMessages": ["m"], "errors": {"f": "t"}}}],
    }  # fmt: skip
    created = jira_answers.created(drafts, body)
    assert created.keys == {"a": "MKT-1", "c": "MKT-2"}
    assert [(f.ref, f.reasons) for f in created.failures] == [("b", ("m", "f: t"))]


def test_mails_are_silenced_only_on_request() -> None:
    edit = Edit("MKT-1", {"due": None}, {})
    assert wire.edit_request(edit, Cloud(), FieldIds(), quietly=True).query == {
        "notifyUsers": "false"
    }
    assert wire.edit_request(edit, Cloud(), FieldIds(), quietly=False).query == {}
    assert wire.edit_request(edit, Cloud(), FieldIds(), quietly=False).body["fields"] == {
        "duedate": None
    }


def test_jql_values_are_quoted_whatever_they_contain() -> None:
    assert wire.quoted('a" OR project = B \\') == '"a\\" OR project = B \\\\"'


CAMILLE = Person(id="camille", name="Camille", email="camille@boutique.example")


def test_people_are_matched_by_e_mail_where_it_shows() -> None:
    users = [
        {"accountId": "1", "displayName": "Camille", "emailAddress": "Camille@boutique.example"},
        {
            "accountId": "2",
            "displayName": "Camille B",
            "emailAddress": "camille.b@boutique.example",
        },
    ]
    assert [a.id for a in jira_answers.matching(users, CAMILLE, Cloud())] == ["1"]
    hidden = [{k: v for k, v in user.items() if k != "emailAddress"} for user in users]
    assert [a.id for a in jira_answers.matching(hidden, CAMILLE, Cloud())] == ["1", "2"]


DATE = {"type": "date", "custom": forms.DATEPICKER}


def test_the_start_date_is_known_by_name_and_type_or_by_configuration() -> None:
    fields = {
        "customfield_1": {"name": "Start date", "schema": DATE},
        "customfield_2": {"name": "Start date", "schema": {"type": "string", "custom": "x"}},
        "customfield_3": {"name": "Date de début", "schema": DATE},
        "customfield_4": {"name": "Target start", "schema": DATE},
    }
    assert [key for key, _ in forms.start_candidates(fields, None)] == [
        "customfield_1",
        "customfield_3",
    ]
    assert forms.start_candidates(fields, "customfield_4") == (("customfield_4", "Target start"),)
    assert forms.start_candidates(fields, "customfield_9") == ()


def test_required_fields_that_nobody_fills_are_named() -> None:
    fields = [
        {"fieldId": "summary", "name": "Summary", "required": True},
        {"fieldId": "reporter", "name": "Reporter", "required": True},
        {"fieldId": "customfield_7", "name": "Budget", "required": True},
        {"fieldId": "customfield_8", "name": "Team", "required": True, "hasDefaultValue": True},
    ]
    form = forms.form("MKT", "task", "Task", fields, Cloud(), FieldIds())
    assert form.unfilled == ("Budget",)
    assert form.absent == ("labels", "assignee", "duedate", "parent")


def test_issue_types_are_found_by_level_and_usual_names_in_both_languages() -> None:
    types: list[dict[str, Any]] = [
        {"id": "1", "name": "Bug", "hierarchyLevel": 0},
        {"id": "2", "name": "Tâche", "hierarchyLevel": 0},
        {"id": "3", "name": "Sous-tâche", "hierarchyLevel": -1, "subtask": True},
        {"id": "4", "name": "Épopée", "hierarchyLevel": 1},
    ]
    assert forms.issue_type(types, "task", None, Cloud()) == types[1]
    assert forms.issue_type(types, "epic", None, Cloud()) == types[3]
    assert forms.issue_type(types, "task", "Bug", Cloud()) == types[0]
    assert forms.issue_type(types, "task", "Nope", Cloud()) is None
    assert forms.issue_type(types[:1], "epic", None, Cloud()) is None


def test_prose_becomes_adf_and_back_to_its_words() -> None:
    prose = (Heading("Résultat"), Paragraph("Un brief\npublié"), Bullets(("a", "")), Checklist(("b", "c")), Paragraph(" "))  # fmt: skip
    document = adf.document(prose)
    assert adf.words_of(document) == "Résultat Un brief publié a b c"
    assert adf.document(prose) == document  # local ids follow from the words
    texts = [n for n in walk(document) if n.get("type") == "text"]
    assert all(n["text"] for n in texts)  # an empty text node is invalid
    assert adf.words_of(None) == ""


def walk(node: Any) -> list[dict[str, Any]]:
    children = [grandchild for child in node.get("content", []) for grandchild in walk(child)]
    return [node, *children]
