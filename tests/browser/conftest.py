"""A shop in a browser: Jira, Confluence, people who act on their pages, and the service beside them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bridge import library
from bridge.sandbox import Sandbox
from tests.browser.person import Person

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "BRIDGE_REQUIRE_BROWSER"
PICTURES = Path(__file__).parents[2] / "docs" / "images" / "service"
SIZE = ViewportSize(width=1280, height=800)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; nothing is fetched."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        lacking = pytest.fail if os.environ.get(REQUIRED) else pytest.skip
        lacking(f"no browser: none of {', '.join(NAMES)} is installed")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own sandbox refuses root
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=found, args=["--lang=fr-FR", "--disable-dev-shm-usage", *as_root]
        )
        yield one
        one.close()


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A site in French, as the demo's shop has it."""
    with Sandbox(language="fr") as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo's workspace: its people, its rules and what they accepted."""
    for file in library.demo_workspace():
        shutil.copy(file, tmp_path)
    return tmp_path


Somebody = Callable[[str], Person]


@pytest.fixture
def somebody(browser: Browser, box: Sandbox) -> Iterator[Somebody]:
    """Let a person sit down at a browser of their own, signed in."""
    contexts = []

    def sit_down(name: str) -> Person:
        context = browser.new_context(locale="fr-FR", viewport=SIZE)
        context.set_default_timeout(15_000)
        contexts.append(context)
        person = Person(context.new_page(), box.ready["jira"], name)
        person.sign_in()
        return person

    yield sit_down
    for context in contexts:
        context.close()


Round = Callable[[], None]


@pytest.fixture
def round_(box: Sandbox, folder: Path) -> Round:
    """One `bridge sync --once`, as cron runs it: a process of its own, with no inbound port."""
    ready = box.ready
    told = {
        "BRIDGE_JIRA_URL": ready["jira"],
        "BRIDGE_CONFLUENCE_URL": ready["confluence"],
        "BRIDGE_EMAIL": ready["email"],
        "BRIDGE_TOKEN": ready["token"],
    }

    def once() -> None:
        ended = subprocess.run(
            [sys.executable, "-m", "bridge", "-w", folder, "sync", "--once"],
            env={**os.environ, **told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout

    return once


Keep = Callable[[Person, str, str], None]


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Keep:
    """Keep a picture of a part of what somebody sees, where the documentation's are made anew."""

    def picture(person: Person, part: str, name: str) -> None:
        if request.config.getoption("--update-golden"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            person.picture(part, PICTURES / name)

    return picture
