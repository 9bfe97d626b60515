"""The command line: contracts in JSON, exit codes, two languages, plain terminals."""

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from bridge.cli import app
from bridge.cli.app import COMMANDS, root
from bridge.cli.run import run
from bridge.cli.words import speak
from bridge.operations import planning
from bridge.sandbox import Sandbox

LAUNCH = ["--launch", "2027-03-31", "--today", "2026-11-22"]


def bridge(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(arguments))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def _away_from_any_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BRIDGE_WORKSPACE", raising=False)
    monkeypatch.setenv("BRIDGE_LANG", "en")


def test_the_schedule_s_json_is_the_documented_one() -> None:
    code, out, _ = bridge(
        "schedule", "website", *LAUNCH, "--param", "soft_launch=J-7", "--format", "json"
    )
    told = json.loads(out)
    assert code == 0
    assert list(told) == [
        "template",
        "version",
        "launch",
        "calendar",
        "steps",
        "milestones",
        "findings",
    ]
    assert (told["template"], told["launch"], told["calendar"]) == ("website", "2027-03-31", "FR")
    assert len(told["steps"]) == 9
    for step in told["steps"]:
        assert list(step) == [
            "id", "kind", "offset", "title", "raw_start", "raw", "start", "due", "duration_days", "role",
            "owner", "needs", "milestone", "findings",
        ]  # fmt: skip
        assert step["raw_start"] is None
    assert [s["offset"] for s in told["steps"]] == ["M-3", "M-2,5", "M-2", "M-1,5", "M-1", "S-3", "S-2", "S-1", "J"]  # fmt: skip
    assert (told["steps"][-1]["milestone"], told["steps"][-1]["duration_days"]) == (True, None)
    assert [(m["id"], m["kind"], m["due"]) for m in told["milestones"]] == [("soft-launch", "milestone", "2027-03-24")]  # fmt: skip


def test_a_schedule_reports_and_never_refuses() -> None:
    """A missing parameter, a launch in the past, on a Sunday: findings, exit 0."""
    code, out, _ = bridge("schedule", "website", "--launch", "2020-11-01", "--format", "json")
    found = {f["code"] for f in json.loads(out)["findings"]}
    assert code == 0
    assert {"E-PARAM-MISSING", "E-PAST", "W-LAUNCH-NONWORKING"} <= found


def test_another_calendar_is_one_option_away() -> None:
    def due(*more: str) -> str:
        _, out, _ = bridge(
            "schedule", "email-series", "--launch", "2026-04-06", "--format", "json", *more
        )
        return str({s["offset"]: s["due"] for s in json.loads(out)["steps"]}["J-3"])

    assert due() == "2026-04-03"
    assert due("--calendar", "FR-57") == "2026-04-02"  # Good Friday
    code, _, err = bridge(
        "schedule", "email-series", "--launch", "2026-04-06", "--calendar", "FR-GES"
    )
    assert code == 3
    assert "FR-57 (Moselle) or FR-6AE (Alsace)" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["schedule", "websit", *LAUNCH], 3, "Did you mean “website”?"),
        (
            ["schedule", "website", *LAUNCH, "--param", "varient=creation"],
            3,
            "Did you mean “variant”?",
        ),
        (["schedule", "website", *LAUNCH, "--param", "variant"], 2, "name=value"),
        (["schedule", "website", "--launch", "31/03/2027"], 2, "2027-03-31"),
        (["schedule", "website", "--launch", "3027-03-31"], 3, "horizon"),
        (["template", "show", "nope-nothing-like-it"], 3, "Known:"),
        (["month", "publish", "2027-03"], 3, "bridge init"),
        (["-w", "/nonexistent", "template", "list"], 2, "nonexistent"),
        (["nope"], 2, "No such command"),
        (["--lang", "de", "template", "list"], 2, "de"),
        (["sandbox", "--flavour", "server"], 2, "datacenter"),
    ],
)
def test_wrong_use_gets_one_clear_answer(arguments: list[str], code: int, words: str) -> None:
    got, out, err = bridge(*arguments)
    assert got == code
    assert words in err
    assert out == ""
    assert "Traceback" not in err


def test_everything_speaks_french_too() -> None:
    code, out, _ = bridge("--lang", "fr", "schedule", "website", *LAUNCH)
    assert code == 0
    assert "lancement le mercredi 31 mars 2027" in out
    assert "[E-PARAM-MISSING]" in out
    _, out, _ = bridge("schedule", "--help", "--lang=fr")
    assert "Utilisation" in out
    assert "La date de lancement J." in out
    _, _, err = bridge("--lang", "fr", "nope")
    assert "Erreur" in err


def test_every_command_has_the_help_that_the_list_promises() -> None:
    speak("en")
    with click.Context(root) as context:
        for name, lazy in COMMANDS.items():
            command = root.get_command(context, name)
            assert command is not None
            assert command.name == name
            words = command.get_short_help_str(200)
            assert words.split(".")[0].startswith(lazy.short_help.split(" ")[0]), name


def test_a_plain_terminal_gets_plain_characters() -> None:
    _, out, _ = bridge("--lang", "en", "schedule", "live-shopping", *LAUNCH, "--plain")
    assert set(out).isdisjoint("█░▪◆┊─…✗·")
    _, out, _ = bridge("--lang", "en", "schedule", "live-shopping", *LAUNCH)
    assert not any(char in out for char in "█◆")  # StringIO says no encoding: nothing is assumed


def subprocess_bridge(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "BRIDGE_LANG": "fr", **environment}
    return subprocess.run(  # our own interpreter and command
        [sys.executable, "-m", "bridge", *arguments], capture_output=True, check=False, env=env
    )


def test_a_unicode_terminal_gets_bars_and_no_colour_codes_in_a_pipe() -> None:
    done = subprocess_bridge("schedule", "live-shopping", *LAUNCH, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0
    assert "█" in done.stdout.decode()
    assert b"\x1b[" not in done.stdout


def test_an_old_terminal_gets_no_crash() -> None:
    done = subprocess_bridge("schedule", "live-shopping", *LAUNCH, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    script = f"{sys.executable} -m bridge schedule product-launch {' '.join(LAUNCH)} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], capture_output=True, check=False
    )  # our own command
    assert b"Traceback" not in done.stderr


def test_a_bug_is_one_line_and_a_report_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        secret = "s3cret"
        raise RuntimeError(secret)

    monkeypatch.setattr(planning, "plan", broken)
    code, _, err = bridge("schedule", "website", *LAUNCH)
    assert code == 70
    assert "RuntimeError" in err
    assert "s3cret" not in err
    assert "Traceback" not in err


def test_interrupted_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planning, "plan", interrupted)
    assert bridge("schedule", "website", *LAUNCH)[0] == 130


# --- templates -----------------------------------------------------------------------------------


def test_the_templates_are_listed_shown_and_sound() -> None:
    _, out, _ = bridge("template", "list", "--format", "json")
    listed = {one["id"]: one["steps"] for one in json.loads(out)}
    assert sum(listed.values()) == 61
    assert len(listed) == 8
    _, out, _ = bridge("template", "show", "restock", "--format", "json")
    assert json.loads(out)["parameters"][0]["one_of"] == ["restock", "preorder"]
    code, out, _ = bridge("template", "check", "--format", "json")
    assert code == 0
    assert all(one["ok"] for one in json.loads(out))
    for arguments in (["template", "list"], ["template", "show", "website"], ["template", "check"]):
        code, out, _ = bridge(*arguments)
        assert code == 0
        assert "website" in out


CONFIGS = Path(__file__).parent / "configs" / "retroplan"


def test_a_check_says_everything_about_every_file_and_ends_with_1() -> None:
    code, out, _ = bridge("template", "check", str(CONFIGS / "good.yaml"), str(CONFIGS / "cycle.yaml"), str(CONFIGS / "two-keys.yaml"))  # fmt: skip
    assert code == 1
    assert "[E-CYCLE]" in out
    assert "twice" in out
    assert "2 files need mending" in out


def test_offsets_that_never_hold_are_an_error_some_dates_a_warning(tmp_path: Path) -> None:
    def template(near: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(
            "format: bridge/retroplan/v1\nid: mine\nversion: 1.0.0\ntitle: {fr: a, en: a}\nroles: [x]\nsteps:\n"
            "  - {id: first, offset: J-10, title: {fr: Un, en: One}, department: it, role: x, estimate: [1, 1, 1]}\n"
            f"  - {{id: second, offset: {near}, title: {{fr: Deux, en: Two}}, department: it, role: x, estimate: [3, 3, 3], needs: [first]}}\n",
            "utf-8",
        )
        return path

    code, out, _ = bridge("template", "check", str(template("J-8")))
    assert code == 1
    assert "[E-OFFSET-DEP]" in out
    code, out, _ = bridge("template", "check", str(template("J-5")))
    assert code == 0
    assert "[W-OFFSET-DEP]" in out


def test_a_workspace_s_own_template_works_the_same_way(tmp_path: Path) -> None:
    bridge("init", str(tmp_path))
    own = tmp_path / "templates" / "retroplans"
    own.mkdir(parents=True)
    good = (CONFIGS / "good.yaml").read_text("utf-8")
    (own / "good.yaml").write_text(good, "utf-8")
    code, out, _ = bridge(
        "-w", str(tmp_path), "schedule", "good", "--launch", "2027-03-31", "--format", "json"
    )
    assert code == 0
    assert [s["id"] for s in json.loads(out)["steps"]] == ["prepare", "check", "go"]
    (own / "website.yaml").write_text(good.replace("id: good", "id: website"), "utf-8")
    code, _, err = bridge("-w", str(tmp_path), "schedule", "website", "--launch", "2027-03-31")
    assert code == 3
    assert "replaces: true" in err
    (own / "website.yaml").write_text(
        good.replace("id: good", "id: website\nreplaces: true"), "utf-8"
    )
    code, out, _ = bridge(
        "-w", str(tmp_path), "schedule", "website", "--launch", "2027-03-31", "--format", "json"
    )
    assert code == 0
    assert len(json.loads(out)["steps"]) == 3
    (own / "other.yaml").write_text(good, "utf-8")
    code, out, _ = bridge("-w", str(tmp_path), "template", "check")
    assert code == 1
    assert "other.yaml" in out


def test_init_writes_once_and_never_over(tmp_path: Path) -> None:
    target = tmp_path / "shop"
    code, out, _ = bridge("init", str(target))
    assert code == 0
    file = target / "bridge.yaml"
    assert str(file) in out
    assert "mode: observe" in file.read_text("utf-8")
    file.write_text("mine", "utf-8")
    code, _, err = bridge("init", str(target))
    assert code == 5
    assert file.read_text("utf-8") == "mine"
    assert "exists already" in err


def test_a_fresh_workspace_is_sound(tmp_path: Path) -> None:
    bridge("init", str(tmp_path))
    assert bridge("-w", str(tmp_path), "template", "list")[0] == 0


def test_the_root_lists_what_exists() -> None:
    assert set(COMMANDS) == set(app.root.list_commands(click.Context(root)))


def test_a_sandbox_file_of_the_other_flavour_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "site.db"
    Sandbox(db=file).stop()
    code, out, err = bridge("sandbox", "--db", str(file), "--flavour", "datacenter")
    assert (code, out) == (3, "")
    assert "--flavour cloud" in err
    assert "Traceback" not in err


def test_in_a_workspace_today_is_the_day_of_its_time_zone(tmp_path: Path) -> None:
    """Two zones are 26 hours apart: whatever the time, it is never the same day in both."""
    bridge("init", str(tmp_path))
    file = tmp_path / "bridge.yaml"
    content = file.read_text("utf-8")

    def late(zone: str) -> str:
        file.write_text(content.replace("Europe/Paris", zone), "utf-8")
        words = ["schedule", "website", "--launch", "2020-03-31", "--format", "json"]
        _, out, _ = bridge("-w", str(tmp_path), *words)
        (past,) = [f for f in json.loads(out)["steps"][0]["findings"] if f["code"] == "E-PAST"]
        return str(past["message"])

    assert late("Pacific/Kiritimati") != late("Etc/GMT+12")
