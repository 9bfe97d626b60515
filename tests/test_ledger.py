"""Lists grow by a line; comments, order and blanks that people wrote stay where they are."""

from datetime import date
from pathlib import Path

import pytest

from bridge.config import ledger, yamlfile
from bridge.errors import CannotAddTo, ProblemsFound
from bridge.guardrails.circumstances import Acceptance, Incident

NEW = Acceptance("hero", "2.0.0", "nadia", "it-architecture", date(2026, 11, 20))


def entries(path: Path, key: str = "accepted") -> list[dict[str, str]]:
    found: list[dict[str, str]] = yamlfile.read(path).data[key]
    return found


def test_a_first_acceptance_makes_the_file(tmp_path: Path) -> None:
    path = ledger.accept(tmp_path, [NEW])
    assert entries(path) == [
        {
            "module": "hero",
            "version": "2.0.0",
            "by": "nadia",
            "role": "it-architecture",
            "on": "2026-11-20",
        }
    ]


@pytest.mark.parametrize(
    "written",
    [
        "format: bridge/accepted/v1\naccepted: []\n",
        "format: bridge/accepted/v1\naccepted:\n",
        (
            "# réunion du 12 mars\nformat: bridge/accepted/v1\naccepted:\n"
            "  - {module: text, version: 1.0.0, by: nadia, role: dpo, on: 2026-03-12}   # à revoir\n"
        ),
        (
            "format: bridge/accepted/v1\naccepted:\n- module: text\n  version: 1.0.0\n  by: nadia\n"
            "  role: dpo\n  on: 2026-03-12"
        ),
    ],
)
def test_what_people_wrote_stays(tmp_path: Path, written: str) -> None:
    path = tmp_path / "accepted.yaml"
    path.write_text(written, encoding="utf-8")
    before = entries(path) or []
    ledger.accept(tmp_path, [NEW, NEW])
    assert len(entries(path)) == len(before) + 2
    kept = path.read_text("utf-8")
    for line in written.splitlines():
        assert line.replace(" []", "") in kept


def test_a_list_that_cannot_grow_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "accepted.yaml"
    written = (
        "format: bridge/accepted/v1\n"
        "accepted: [{module: text, version: 1.0.0, by: nadia, role: dpo, on: 2026-03-12}]\n"
    )
    path.write_text(written, encoding="utf-8")
    with pytest.raises(CannotAddTo):
        ledger.accept(tmp_path, [NEW])
    assert path.read_text("utf-8") == written


def test_a_list_below_which_something_else_stands_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "incidents.yaml"
    written = "format: bridge/incidents/v1\nincidents:\n  - {module: a, version: 1.0.0, on: 2026-01-01, reason: x}\nnotes: [x]\n"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(CannotAddTo):
        ledger.note_incident(tmp_path, Incident("hero", "2.0.0", date(2026, 11, 20), "?"))
    assert path.read_text("utf-8") == written


def test_a_broken_file_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "accepted.yaml").write_text("accepted: [\n", encoding="utf-8")
    with pytest.raises(ProblemsFound):
        ledger.accept(tmp_path, [NEW])


@pytest.mark.parametrize(
    "reason",
    [
        "Le code a fuité", 'dit "oui": non', "no", "12", "a: b # c", "- x", "émoji 🎁", "ligne\nsuivante",
        "{a: b}", "'", "\\", "@x", "null", "~", "*a", "&b", "!c", "%d", "  bords  ",
    ],
)  # fmt: skip
def test_any_reason_reads_back_as_it_was(tmp_path: Path, reason: str) -> None:
    path = ledger.note_incident(tmp_path, Incident("hero", "2.0.0", date(2026, 11, 20), reason))
    assert entries(path, "incidents")[0]["reason"] == " ".join(reason.split())
