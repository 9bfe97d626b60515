"""When a request is sent again: one row for every status and reason of the design's list."""

import pytest

from bridge.atlassian.retry import ATTEMPTS, LONGEST_WAIT, Wait, again
from bridge.atlassian.wire import Answer

QUOTAS = ["jira-quota-global-based", "jira-quota-tenant-based"]
MIDDLE = 0.5  # no jitter


def answer(status: int, **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 415, 422])
def test_a_refusal_is_final(status: int) -> None:
    assert again(answer(status), 1, repeatable=True, jitter=MIDDLE) is None


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_stumble_is_tried_again_where_repeating_is_safe(status: int) -> None:
    assert again(answer(status), 1, repeatable=True, jitter=MIDDLE) == Wait(2.0)
    assert again(answer(status), 1, repeatable=False, jitter=MIDDLE) is None


def test_waits_double_up_to_the_longest_and_then_it_stops() -> None:
    waits = [again(answer(503), n, repeatable=True, jitter=MIDDLE) for n in range(1, ATTEMPTS + 1)]
    assert [w.seconds for w in waits if w] == [2, 4, 8, 16]
    assert waits[-1] is None
    assert all(w.seconds <= LONGEST_WAIT * 1.3 for w in waits if w)


def test_jitter_spreads_between_070_and_130() -> None:
    waits = (again(answer(503), 1, repeatable=True, jitter=j) for j in (0.0, 1.0))
    assert [wait.seconds for wait in waits if wait] == pytest.approx([2 * 0.7, 2 * 1.3])


def test_retry_after_is_a_minimum() -> None:
    assert again(answer(429, retry_after="7"), 1, repeatable=True, jitter=MIDDLE) == Wait(7)
    assert again(answer(429, retry_after="0"), 1, repeatable=True, jitter=MIDDLE) == Wait(2)
    for nonsense in ("soon", "-3", "inf", "nan"):
        assert again(answer(429, retry_after=nonsense), 1, repeatable=True, jitter=MIDDLE) == Wait(
            2
        )


def test_a_wait_that_is_too_long_is_not_waited() -> None:
    assert again(answer(429, retry_after="3600"), 1, repeatable=True, jitter=MIDDLE) is None


@pytest.mark.parametrize("reason", QUOTAS)
def test_a_quota_pauses_everything(reason: str) -> None:
    wait = again(answer(429, ratelimit_reason=reason), 1, repeatable=True, jitter=MIDDLE)
    assert wait == Wait(2, everything=True)


@pytest.mark.parametrize("reason", ["jira-burst-based", "jira-per-issue-on-write"])
def test_a_burst_pauses_only_itself(reason: str) -> None:
    wait = again(answer(429, ratelimit_reason=reason), 1, repeatable=True, jitter=MIDDLE)
    assert wait == Wait(2)


def test_a_lost_answer_is_asked_again_only_where_safe() -> None:
    assert again("lost", 1, repeatable=True, jitter=MIDDLE) == Wait(2)
    assert again("lost", 1, repeatable=False, jitter=MIDDLE) is None


def test_what_never_left_is_tried_once_more_even_a_create() -> None:
    assert again("not sent", 1, repeatable=False, jitter=MIDDLE) == Wait(2)
    assert again("not sent", 2, repeatable=True, jitter=MIDDLE) is None
