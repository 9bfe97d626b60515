"""Bursts coalesce: a thousand updates over three months make a handful of publishes, none too early."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bridge.reactions import month
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from tests.service.conftest import Works
from tests.service.duties import until

EVENTS = 1_000
MONTHS = [Job(month.KIND, name) for name in ("2027-01", "2027-02", "2027-03")]


def test_a_thousand_updates_over_three_months(at_work: Works) -> None:
    """Within one longest delay at most five publishes; a machine that takes longer has one more round."""
    reaction, engine, noted = month.REACTION, at_work.engine, at_work.noted
    publishes: list[tuple[Job, int]] = []
    hints = [Hint(f"burst-{n}", "jira:issue_updated", f"BURST-{n}") for n in range(EVENTS)]
    about = {hint.issue: MONTHS[n % 3] for n, hint in enumerate(hints)}
    for issue, job in about.items():
        noted.jobs[issue] = [(job, reaction.quiet, reaction.at_most)]

    def seen_so_far(job: Job) -> int:
        return sum(about.get(hint.issue) == job for hint in tuple(noted.hints))

    def publish(job: Job) -> None:
        publishes.append((job, seen_so_far(job)))

    noted.acts |= {job: partial(publish, job) for job in MONTHS}
    began = time.monotonic()
    with ThreadPoolExecutor(4) as senders:
        assert all(senders.map(engine.take, hints))

    until(lambda: dict(publishes) == Counter(about.values()), 3 * reaction.at_most)
    rounds = 1 + int((time.monotonic() - began) / reaction.at_most)
    until(lambda: not any(engine.backlog().counts.get(s) for s in ("waiting", "running")))
    assert dict(publishes) == Counter(about.values()), (
        "each month's last publish comes after its last event"
    )
    assert len(publishes) <= max(5, len(MONTHS) * rounds)
