"""The log: what happened, in keys and counts; nothing that a body, a header or an exception held."""

import io
import json
import logging
from collections.abc import Callable

import pytest

from bridge.service import log

SECRET = "f3c1-secret-of-the-webhook"


def written(say: Callable[[], object], shape: log.Shape = "json") -> str:
    stream = io.StringIO()
    with log.configured(shape, (SECRET,), stream):
        say()
    return stream.getvalue()


def test_an_event_is_one_line_with_its_facts() -> None:
    line = json.loads(written(lambda: log.tell("delivery", issue="MKT-7", count=2)))
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "event": "delivery", "issue": "MKT-7", "count": 2}


def test_people_read_the_same_in_words() -> None:
    line = written(lambda: log.tell("delivery", logging.ERROR, issue="MKT-7"), "text")
    assert line.partition(" ")[2] == "error delivery issue=MKT-7\n"


def test_a_fact_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="body"):
        log.tell("delivery", body="anything")


def test_what_our_other_rooms_add_beyond_the_list_is_left_out() -> None:
    logger = logging.getLogger("bridge.service.rounds")
    line = written(lambda: logger.error("looked around", extra={"changes": 2, "body": "Camille"}))
    assert (json.loads(line)["changes"], "Camille" in line) == (2, False)


@pytest.mark.parametrize(
    "said",
    [
        f"POST with {SECRET}",
        "connecting to postgresql://bridge:hunter2@db/bridge",
        "Exception while serving /feeds/0123456789abcdef.ics",
    ],
)
def test_a_library_says_no_secret(said: str) -> None:
    line = written(lambda: logging.getLogger("waitress").error(said))
    assert json.loads(line)["event"] == "library"
    for secret in (SECRET, "hunter2", "0123456789abcdef"):
        assert secret not in line


def test_an_exception_is_named_and_placed_and_says_nothing() -> None:
    def fail() -> None:
        try:
            raise ValueError("INSERT failed: parameters ('Camille Roux')")
        except ValueError as bug:
            logging.getLogger("sqlalchemy").exception("Failed %s", bug)
            log.tell_bug("alarm", bug)

    for shape in ("json", "text"):
        lines = written(fail, shape)
        assert "Camille" not in lines
        assert lines.count("ValueError") == 2
        assert lines.count("test_log.py:") == 2


def test_a_line_cannot_be_forged() -> None:
    lines = written(lambda: log.tell("delivery", issue="MKT-7\n{}\x1b[2J"), "text")
    assert lines.count("\n") == 1
    assert "\x1b" not in lines


def test_a_line_is_never_endless() -> None:
    assert len(written(lambda: logging.getLogger("dbos").error("x" * 100_000))) < 1_000


def test_afterwards_everything_is_as_before() -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    written(lambda: log.tell("delivery"))
    assert (list(root.handlers), root.level) == before
