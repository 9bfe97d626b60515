"""A request file is YAML that says its format; whatever else stands in it is judged, and named by its line."""

from pathlib import Path

import pytest

from bridge.config import request as request_file
from bridge.errors import Problem, ProblemsFound
from bridge.language import language

WRITTEN = """\
format: bridge/request/v1
kind: form
title: Newsletter
form:
  purpose: newsletter
  fields:
    - {name: email, label: E-mail,
       data: email}
"""


def refused(content: str) -> Problem:
    with pytest.raises(ProblemsFound) as found:
        request_file.parse(content, "demande.yaml")
    (problem,) = found.value.problems
    return problem


@pytest.mark.parametrize(
    ("content", "place", "sentence", "hint"),
    [
        ("", "demande.yaml", "The file is empty.", None),
        ("# only a comment\n", "demande.yaml", "The file is empty.", None),
        ("- a\n", "demande.yaml:1:1", "A request is a mapping of keys and values.", None),
        ("kind: form\n", "demande.yaml:1:1", "The key “format” is missing.", "Begin with `format: bridge/request/v1`."),
        ("kind: form\nformat: bridge/request/v2\n", "demande.yaml:2:9",
         "The format is bridge/request/v2, expected bridge/request/v1.",
         "This file is for a newer version of the bridge: upgrade it."),
        ("format: bridge/workspace/v1\n", "demande.yaml:1:9",
         "The format is bridge/workspace/v1, expected bridge/request/v1.", None),
        ("format: [1]\n", "demande.yaml:1:9", "The format is [1], expected bridge/request/v1.", None),
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_with_its_place(
    content: str, place: str, sentence: str, hint: str | None
) -> None:
    problem, en = refused(content), language("en")
    assert (str(problem.place), en.say(problem.sentence)) == (place, sentence)
    assert (en.say(problem.hint) if problem.hint else None) == hint


def test_a_doubled_key_is_refused_like_in_every_file() -> None:
    assert str(refused(WRITTEN + "title: Autre\n").place) == "demande.yaml:9:1"


def test_anything_else_is_left_to_the_verdict() -> None:
    odd = request_file.parse("format: bridge/request/v1\nkind: 12\nform: oui\nzzz: [~]\n", "f")
    assert (odd.kind, odd.data["form"], odd.data["zzz"]) == ("", "oui", [None])


def test_a_finding_finds_its_line(tmp_path: Path) -> None:
    path = tmp_path / "demande.yaml"
    path.write_text(WRITTEN, "utf-8")
    opened = request_file.open_file(path, "demande.yaml")
    assert opened.request == request_file.read(path) == request_file.parse(WRITTEN, "x")
    assert str(opened.place(("form", "fields", 0, "data"))) == "demande.yaml:8:14"
    assert str(opened.place(("form", "fields", 0, "required"))) == "demande.yaml:7:7"
    assert str(opened.place(("page", "kb"))) == "demande.yaml:1:1"


def test_the_same_content_has_the_same_fingerprint_however_it_is_written() -> None:
    other = WRITTEN.replace("form:\n", "# un commentaire\nform:\n").replace(
        "title: Newsletter", 'title: "Newsletter"'
    )
    one, two = request_file.parse(WRITTEN, "a"), request_file.parse(other, "b")
    assert one.fingerprint == two.fingerprint
    assert (
        request_file.parse(WRITTEN.replace("E-mail", "Email"), "c").fingerprint != one.fingerprint
    )
