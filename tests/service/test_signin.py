"""A refused sign-in is not tried again and again: Atlassian would lock the account by a captcha."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.errors import SignInHeld
from bridge.service.signin import LEFT_ALONE, SignIn
from bridge.settings import Settings
from tests.service.memory_engine import MemoryEngine

NOW = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)


def settings(number: int = 1) -> Settings:
    return Settings("https://b.example", "https://b.example/wiki", "bridge@b.example", f"hunter{number}-hunter")


def test_the_site_is_left_alone_for_an_hour_by_every_process() -> None:
    marks = MemoryEngine()
    SignIn(marks, settings(), lambda: NOW).refused()
    with pytest.raises(SignInHeld):
        SignIn(marks, settings(), lambda: NOW + timedelta(minutes=59)).check()
    SignIn(marks, settings(), lambda: NOW + LEFT_ALONE).check()


def test_another_token_is_tried_at_once() -> None:
    marks = MemoryEngine()
    SignIn(marks, settings(), lambda: NOW).refused()
    SignIn(marks, settings(2), lambda: NOW).check()


def test_no_token_stands_in_the_marks() -> None:
    marks = MemoryEngine()
    SignIn(marks, settings(2), lambda: NOW).refused()
    assert "hunter" not in str(marks.marks)
    assert "example" not in str(marks.marks)
