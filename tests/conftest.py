"""Fixtures for every test: the golden flag, and where the files of the tests lie."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = ["tests.judge.seen"]
HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with a golden file; with --update-golden, write the file instead."""

    def check(name: str, found: str) -> None:
        path = HERE / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(found, encoding="utf-8")
        assert found == path.read_text(encoding="utf-8"), f"differs from {path.name}"

    return check


# What the fast check leaves to `make test`: the sandbox's own tests, its contracts, long stories.
LEFT_TO_THE_WHOLE = ("browser", "contract", "judge", "sandbox", "service",
                     "stories/test_bad_answers.py", "stories/test_doctor.py", "stories/test_epic",
                     "stories/test_hostile_requester.py", "stories/test_init.py",
                     "stories/test_killed.py", "stories/test_leaving.py",
                     "stories/test_living_rules.py", "stories/test_month",
                     "stories/test_people_first.py", "stories/test_reactions.py",
                     "stories/test_refusals.py", "stories/test_remove.py", "stories/test_review",
                     "stories/test_rounds.py", "stories/test_serve.py", "stories/test_status.py",
                     "stories/test_submit", "stories/test_sync.py", "stories/test_webhook.py",
                     "test_guardrail_command.py", "test_request_command.py")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `make check` has no time for."""
    for item in items:
        where = item.path.relative_to(HERE).as_posix()
        if where.startswith(LEFT_TO_THE_WHOLE):
            item.add_marker(pytest.mark.slow)
