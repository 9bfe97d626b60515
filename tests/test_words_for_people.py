"""What a first-time user sees: questions, refusals and tables in plain words of their language."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import click
import pytest

from bridge.cli import output
from bridge.cli.words import speak
from bridge.errors import Unreachable, reason_of
from bridge.language import language
from bridge.prose import clean, one_line, printable
from bridge.report import gantt, table
from bridge.text import text
from tests.test_cli import CONFIGS, LAUNCH, bridge, subprocess_bridge


@pytest.fixture(autouse=True)
def _away_from_any_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIDGE_WORKSPACE", raising=False)
    monkeypatch.setenv("BRIDGE_LANG", "fr")


def plain(said: str) -> str:
    """Words with ordinary blanks and apostrophes, as one types them into a test."""
    return said.replace("\u00a0", " ").replace("’", "'")


# --- questions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "means"),
    [("o", True), ("OUI", True), ("y", True), ("yes", True), ("", True), ("n", False), ("Non", False), ("no", False)],
)  # fmt: skip
@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_question_takes_yes_and_no_of_both_languages(
    typed: str, means: bool, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak(code)
    monkeypatch.setattr(click.termui, "visible_prompt_func", lambda *_: typed)
    assert output.confirm(text("Write this?")) is means


def test_a_question_is_asked_again_until_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    speak("fr")
    answers, asked = iter(["peut-être", "non"]), []

    def prompt(words: str = "", *_: object) -> str:
        asked.append(words)
        return next(answers)

    monkeypatch.setattr(click.termui, "visible_prompt_func", prompt)
    assert output.confirm(text("Write this?")) is False
    said = capsys.readouterr()
    assert "Répondez par oui ou par non" in said.err
    assert "[O/n]" in said.err + "".join(asked)
    assert said.out == ""


# --- dates and months ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "near"),
    [("31/03/2027", "2027-03-31"), ("31.3.27", "2027-03-31"), ("20270331", "2027-03-31"), ("2027-W13-3", "2027-03-31"),
     ("31/02/2027", ""), ("demain", ""), ("２０２７-03-31", "")],
)  # fmt: skip
def test_only_iso_dates_are_taken_and_the_french_way_is_understood(written: str, near: str) -> None:
    code, out, err = bridge("schedule", "website", "--launch", written)
    assert (code, out) == (2, "")
    assert "n'est pas une date" in plain(err)
    assert (f"Vouliez-vous dire « {near} »" in plain(err)) is bool(near)


def test_a_month_as_people_write_it_gets_a_near_miss() -> None:
    code, _, err = bridge("month", "publish", "03/2027")
    assert code == 2
    assert "Vouliez-vous dire « 2027-03 »" in plain(err)


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1969-12", "2201-01"])
@pytest.mark.parametrize("verb", [["publish"], ["preview", "--out", "x.html"]])
def test_a_month_far_away_is_wrong_use_and_no_bug(month: str, verb: list[str]) -> None:
    code, _, err = bridge("month", verb[0], month, *verb[1:])
    assert code == 2
    assert "1970" in err


@pytest.mark.parametrize("launch", ["9999-12-31", "0001-01-01"])
def test_a_launch_beyond_any_calendar_says_which_years_are_possible(launch: str) -> None:
    code, _, err = bridge("schedule", "website", "--launch", launch)
    assert code == 3
    assert "entre les années 1970 et 2200" in plain(err)
    assert err.count(launch) == 1


# --- language ------------------------------------------------------------------------------------


def test_an_unknown_language_gets_one_answer_from_either_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_option = bridge("--lang", "de", "template", "list")
    monkeypatch.setenv("BRIDGE_LANG", "de")
    by_environment = bridge("template", "list")
    assert by_option[0] == by_environment[0] == 2
    assert "'de'" in by_environment[2]
    assert "BRIDGE_LANG" in by_environment[2]
    assert bridge("--lang", "en", "template", "list")[0] == 0  # the option stands in its place


def test_help_is_french_to_the_last_word() -> None:
    said = ""
    for words in ([], ["sandbox"], ["campaign", "create"], ["month", "preview"]):
        said += bridge(*words, "--help")[1]
    said += bridge("-w", "/nope", "template", "list")[2]
    for english in ("Show the version", "INTEGER", "Directory", "Options:", "Commandes:"):
        assert english not in said
    assert "Options :" in plain(said)
    assert "Dossier '/nope' n'existe pas" in plain(said)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: [1, 2", "n'est pas fermée"),
        ("a: {b: 1", "n'est pas fermé"),
        ("a: b: c", "deux-points"),
        ('a: "x', "guillemet"),
        ("a:\n\t- b", "tabulations"),
        ("a: 1\n b: 2", "deux-points"),
        ("a:\n  b: 1\n c: 2", "colonne"),
        ('a: "\\q"', "barre oblique inverse"),
        ("a: @x", "guillemets"),
        ("a: \x07", "contrôle"),
        ("a: !x!y z", "Les étiquettes YAML"),
        ("a: !!", "n'est pas du YAML."),
        ("a\nb: 1", "deux-points"),
    ],
)
def test_a_file_that_is_no_yaml_is_explained_in_french_with_its_place(
    content: str, words: str
) -> None:
    path = Path("mine.yaml")
    path.write_text(content, "utf-8")
    code, out, _ = bridge("template", "check", str(path))
    assert code == 1
    assert words in plain(out)
    for english in ("expected", "mapping", "found", "while", "scanning", "character"):
        assert english not in out


def test_what_the_system_says_is_translated() -> None:
    Path("bridge.yaml").mkdir()
    done = subprocess_bridge("init", "/proc/x")
    assert done.returncode == 3
    assert "/proc/x" in done.stderr.decode()
    assert "No such file" not in done.stderr.decode()
    assert "erreur 9999 du système" in plain(language("fr").say(reason_of(9999)))
    refusal = Unreachable("Jira", "https://x.example", "ConnectionError").sentence
    assert "(pas de connexion)" in language("fr").say(refusal)


# --- where the output goes -----------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [["schedule", "website", *LAUNCH, "--format", "json"], ["template", "list"], ["--help"]],
)
def test_a_full_disk_is_one_sentence_and_no_bug(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bridge", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    said = plain(done.stderr.decode())
    assert done.returncode == 3
    assert "il n'y a plus de place" in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("words", ["schedule product-launch", "--help", "template list"])
def test_a_reader_that_goes_away_ends_the_run_quietly(words: str) -> None:
    """The pipe is closed before a word is written, so that the outcome hangs on no timing."""
    reading, writing = os.pipe()
    os.close(reading)
    more = LAUNCH if words.startswith("schedule") else []
    done = subprocess.run(
        [sys.executable, "-m", "bridge", *words.split(), *more],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.returncode in (0, 141)
    assert done.stderr == b""


# --- characters nobody sees ----------------------------------------------------------------------


def test_unseen_characters_are_dropped_everywhere_in_one_way() -> None:
    nasty = "Soldes\u202e gnp\u200b\x07\ufeff d\u2066’été\u00ad"
    assert clean(nasty) == printable(nasty) == one_line(nasty) == "Soldes gnp d’été"
    for kept in (
        "👩\u200d💻",
        "نامه\u200cای",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ):
        assert clean(kept) == kept
    assert printable("a\nb\tc\u2028d") == "a b c d"
    assert clean("a\nb") == "a\nb"


# --- templates -----------------------------------------------------------------------------------


def own(**files: str) -> Path:
    """A workspace with templates of its own, by file name."""
    bridge("init", ".")
    folder = Path("templates/retroplans")
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.yaml").write_text(content, "utf-8")
    return folder


GOOD = (CONFIGS / "good.yaml").read_text("utf-8")


def test_a_check_of_a_file_refuses_what_every_command_would_refuse() -> None:
    folder = own(website=GOOD.replace("id: good", "id: website"), other=GOOD, good=GOOD)
    code, out, _ = bridge("template", "check", str(folder / "website.yaml"))
    assert code == 1
    assert "replaces: true" in out
    code, out, _ = bridge("template", "check", str(folder / "other.yaml"))
    assert code == 1
    assert "other.yaml" in out
    assert bridge("template", "check", str(folder / "good.yaml"))[0] == 0


def test_a_broken_template_does_not_hide_the_others() -> None:
    folder = own(good=GOOD, broken="a: [")
    os.mkfifo(folder / "pipe.yaml")
    (folder / "dir.yaml").mkdir()
    code, out, err = bridge("template", "list")
    assert code == 3
    assert "good" in out
    assert "website" in out
    for name in ("broken.yaml", "pipe.yaml", "dir.yaml"):
        assert name in err
    code, out, _ = bridge("template", "list", "--format", "json")
    assert code == 3
    assert {"good", "website"} <= {one["id"] for one in json.loads(out)}


def test_warnings_are_counted_where_nothing_is_wrong_was_said() -> None:
    content = (
        "format: bridge/retroplan/v1\nid: mine\nversion: 1.0.0\ntitle: {fr: a, en: a}\nroles: [x]\nsteps:\n"
        "  - {id: first, offset: J-10, title: {fr: Un, en: One}, department: it, role: x, estimate: [1, 1, 1]}\n"
        "  - {id: second, offset: J-5, title: {fr: Deux, en: Two}, department: it, role: x, estimate: [3, 3, 3], needs: [first]}\n"
    )
    Path("mine.yaml").write_text(content, "utf-8")
    code, out, _ = bridge("template", "check", "mine.yaml")
    assert code == 0
    assert "rien à redire" not in out
    assert "1 avertissement." in out
    assert "✓" not in out


def test_a_title_too_long_for_jira_is_refused_with_its_place() -> None:
    Path("good.yaml").write_text(GOOD.replace('fr: "Préparer"', f'fr: "{"x" * 256}"'), "utf-8")
    code, out, _ = bridge("template", "check", "good.yaml")
    assert code == 1
    assert "255 caractères au plus" in out
    assert "good.yaml:13:68" in out
    Path("good.yaml").write_text(GOOD.replace('fr: "Préparer"', f'fr: "{"x" * 255}"'), "utf-8")
    assert bridge("template", "check", "good.yaml")[0] == 0


# --- the first file ------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "name", "foreign"), [("fr", "ma-boutique", "The "), ("en", "my-shop", "é")])  # fmt: skip
def test_init_writes_in_the_chosen_language(code: str, name: str, foreign: str) -> None:
    assert bridge("--lang", code, "init", "shop")[0] == 0
    written = Path("shop/bridge.yaml").read_text("utf-8")
    assert f"id: {name}" in written
    assert f"lang: {code}" in written
    assert foreign not in written
    assert bridge("-w", "shop", "template", "list")[0] == 0


# --- tables and charts ---------------------------------------------------------------------------


def test_with_a_workspace_the_schedule_names_people(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge("init", ".")
    file = Path("bridge.yaml")
    file.write_text(
        file.read_text("utf-8").replace("name: Camille,", 'name: "Camille Durand",'), "utf-8"
    )
    monkeypatch.setenv("COLUMNS", "140")
    _, out, _ = bridge("schedule", "seasonal-campaign", *LAUNCH)
    assert "Responsable" in out
    assert "Camille Durand" in out
    assert "(crm)" in out  # a role that nobody holds yet
    assert "Rôle" not in out
    _, out, _ = bridge("-w", ".", "schedule", "seasonal-campaign", *LAUNCH, "--format", "json")
    assert "camille" in {step["owner"] for step in json.loads(out)["steps"]}


@pytest.mark.parametrize("cells", ["40", "60", "80", "140"])
def test_no_line_is_wider_than_the_terminal(cells: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", cells)
    for words in (["schedule", "product-launch", *LAUNCH], ["template", "list"], ["template", "show", "website"]):  # fmt: skip
        _, out, _ = bridge(*words)
        assert max(map(table.width, out.splitlines())) <= int(cells), words


def test_a_narrow_table_stacks_its_cells_and_loses_none() -> None:
    rows = [
        ["Échéance", "Responsable", "Quoi"],
        ["ven. 5 févr. 2027", "Camille", "Rédiger le brief créatif complet"],
        ["", "Zoé", "B"],
    ]
    lines = [click.unstyle(line) for line in table.headed(rows, cells=40)]
    assert lines == [
        "Rédiger le brief créatif complet",
        "  Échéance     ven. 5 févr. 2027",
        "  Responsable  Camille",
        "B",
        "  Responsable  Zoé",
    ]


@pytest.mark.parametrize("cells", [40, 60, 80, 100, 140])
def test_every_month_of_a_chart_is_named_where_it_begins(cells: int) -> None:
    bars = [gantt.Bar("Étape", date(2026, 11, 16), date(2027, 6, 30))]
    months, mondays, *_ = gantt.draw(
        bars, date(2027, 6, 30), language("fr"), cells=cells, plain=True
    )
    named = months.split()
    shortest = [name[0] for name in ("Nov", "Déc", "Jan", "Fév", "Mar", "Avr", "Mai", "Jui")]
    assert [name[0].upper() for name in named if not name.isdecimal()][:8] == shortest
    numbers = [m.start() for m in re.finditer(r"\d+", mondays)]
    gaps = {b - a for a, b in pairwise(numbers)}
    assert max(gaps) - min(gaps) <= 1
    assert min(gaps) >= 3


def test_the_output_of_a_terminal_that_shows_little_stays_readable() -> None:
    bars = [gantt.Bar("日本語" * 30, date(2026, 11, 16), date(2026, 11, 16))]
    for line in gantt.draw(bars, date(2029, 11, 20), language("fr"), cells=40, plain=True):
        assert table.width(line) <= 40
