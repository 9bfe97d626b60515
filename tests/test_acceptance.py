"""One sheet, one meeting: the library is accepted, refused in part, and an incident takes a module out."""

import csv
import io
from pathlib import Path

import pytest

from bridge.cli.run import run
from tests.stories.conftest import Result

WORKSPACE = """\
format: bridge/workspace/v1
id: boutique-fr
lang: fr
jira: {projects: {marketing: MKT, it: IT}}
confluence: {space: MKT, parent: "Calendrier marketing"}
people:
  jonathan: {name: Jonathan, email: jonathan@boutique.example}
  nadia:    {name: Nadia, email: nadia@boutique.example}
  claire:   {name: Claire, email: claire@boutique.example}
  hugo:     {name: Hugo, email: hugo@boutique.example}
  sophie:   {name: Sophie, email: sophie@boutique.example}
roles: {it-security: jonathan, it-architecture: nadia, dpo: claire, legal: hugo, finance: sophie}
"""
EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "requests" / "newsletter.yaml"


class Meeting:
    """A workspace where nothing was accepted yet, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        (folder / "bridge.yaml").write_text(WORKSPACE, "utf-8")

    def bridge(self, *words: str, lang: str = "en") -> Result:
        code = run(["-w", str(self.folder), "--lang", lang, *words, "--today", "2026-11-23"])
        said = self.capsys.readouterr()
        return Result(code, said.out, said.err)

    def sheet(self, lang: str = "fr") -> list[list[str]]:
        path = self.folder / f"feuille-{lang}.csv"
        assert self.bridge("guardrail", "sheet", "--out", str(path), lang=lang).code == 0
        content = path.read_text("utf-8-sig")
        return list(csv.reader(io.StringIO(content), delimiter=";" if lang == "fr" else ","))

    def decide(
        self, rows: list[list[str]], *more: str, encoding: str = "utf-8-sig", **no: str
    ) -> Result:
        """Everybody says yes; ``no`` gives other answers by limit id."""
        holders = {"it-security": "Jonathan", "it-architecture": "nadia", "dpo": "Claire",
                   "legal": "hugo", "finance": "Sophie"}  # fmt: skip
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(rows[0])
        for key, title, role, allowed, proposed, why, *_ in rows[1:]:
            answer = no.get(key.partition("#")[2], "oui")
            writer.writerow([key, title, role, allowed, proposed, why, answer,
                             holders[role.partition(" ")[0]], "20/11/2026"])  # fmt: skip
        back = self.folder / "decisions.csv"
        back.write_bytes(out.getvalue().encode(encoding, errors="replace"))
        return self.bridge("guardrail", "sheet", "--read", str(back), *more)


@pytest.fixture
def meeting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Meeting:
    return Meeting(tmp_path, capsys)


def test_nothing_approves_before_the_meeting_and_the_newsletter_after_it(meeting: Meeting) -> None:
    before = meeting.bridge("request", "check", str(EXAMPLE))
    assert before.code == 1
    assert "not accepted in this shop yet" in " ".join(before.out.split())
    looked = meeting.decide(meeting.sheet(), "--dry-run")
    assert looked.code == 0, looked.err
    assert not (meeting.folder / "accepted.yaml").exists()
    read = meeting.decide(meeting.sheet("en"))
    assert read.code == 0, read.err
    assert "19 modules newly accepted" in read.out
    after = meeting.bridge("request", "check", str(EXAMPLE))
    assert after.code == 0, after.out
    assert (
        "0 modules newly accepted"
        in meeting.bridge("guardrail", "sheet", "--read", str(meeting.folder / "decisions.csv")).out
    )


def test_one_no_keeps_its_module_out_in_the_encoding_of_an_old_spreadsheet(
    meeting: Meeting,
) -> None:
    read = meeting.decide(meeting.sheet(), encoding="cp1252", N01="non")
    assert read.code == 0, read.err
    assert "Refused: form.newsletter@1.0.0." in read.out
    assert meeting.bridge("request", "check", str(EXAMPLE)).code == 1


def test_a_word_that_is_no_answer_stops_the_whole_sheet_with_its_line(meeting: Meeting) -> None:
    read = meeting.decide(meeting.sheet(), N01="bof")
    assert read.code == 3
    assert "“bof” is neither yes nor no" in read.err
    assert "decisions.csv:" in read.err
    assert not (meeting.folder / "accepted.yaml").exists()


def test_an_incident_takes_a_version_out_at_once(meeting: Meeting) -> None:
    meeting.decide(meeting.sheet())
    assert meeting.bridge("request", "check", str(EXAMPLE)).code == 0
    noted = meeting.bridge(
        "guardrail", "incident", "form.newsletter@1.0.0", "--reason", "fuite : 12 adresses"
    )
    assert noted.code == 0, noted.err
    after = meeting.bridge("request", "check", str(EXAMPLE), lang="fr")
    assert after.code == 1
    assert "fuite : 12 adresses" in after.out


@pytest.mark.parametrize(
    "version", ["form.newsleter@1.0.0", "form.newsletter@9.0.0", "form.newsletter"]
)
def test_an_incident_with_what_does_not_exist_is_refused_with_the_near_miss(
    meeting: Meeting, version: str
) -> None:
    noted = meeting.bridge("guardrail", "incident", version, "--reason", "x")
    assert noted.code == 3
    assert "form.newsletter@1.0.0" in noted.err
    assert not (meeting.folder / "incidents.yaml").exists()


def test_a_sheet_is_never_written_over_a_file(meeting: Meeting) -> None:
    meeting.sheet()
    again = meeting.bridge("guardrail", "sheet", "--out", str(meeting.folder / "feuille-fr.csv"))
    assert again.code == 5
