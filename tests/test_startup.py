"""What a command does not need it does not import: help and schedules answer at once."""

import json
import subprocess
import sys

import pytest

HEAVY = ["atlassian", "requests", "flask", "waitress", "lxml", "lark", "jinja2", "holidays", "babel",
         "yaml", "jsonschema_rs", "tenacity", "filelock"]  # fmt: skip
NEVER_OFFLINE = ["atlassian", "requests", "flask", "waitress", "lxml", "lark", "jinja2", "tenacity",
                 "filelock", "bridge.sandbox", "bridge.atlassian"]  # fmt: skip


def imported(*arguments: str) -> set[str]:
    """The modules in memory after a command has run."""
    script = (
        "import json, sys; from bridge.cli.run import run; code = run(sys.argv[1:]); "
        "sys.stderr.write(json.dumps([code, sorted(sys.modules)]))"
    )
    done = subprocess.run(  # our own interpreter and command
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_import_click_and_little_else(arguments: list[str]) -> None:
    assert imported(*arguments).isdisjoint(HEAVY)


def test_a_schedule_imports_nothing_of_the_network() -> None:
    modules = imported("schedule", "website", "--launch", "2027-03-31", "--format", "json")
    assert modules.isdisjoint(NEVER_OFFLINE)
