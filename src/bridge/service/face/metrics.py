"""What is counted, and how ``/metrics`` says it (Prometheus' text format); no label holds content."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bridge.service import log
from bridge.service.engine import Again, Duties, StoreDown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bridge.reactions.hint import Hint
    from bridge.reactions.job import Job
    from bridge.service.face.health import Health


class Meters:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._deliveries = Counter(
            "bridge_deliveries", "Deliveries from Jira", ["outcome"], registry=self.registry
        )
        self._works = Counter(
            "bridge_jobs", "Runs of work", ["kind", "outcome"], registry=self.registry
        )
        self._calls = Counter(
            "bridge_atlassian_calls", "Calls to Jira and Confluence", registry=self.registry
        )
        self._waits = Counter(
            "bridge_atlassian_wait_seconds",
            "Time that calls waited for their turn",
            registry=self.registry,
        )

    def delivered(self, outcome: str) -> None:
        """Count a delivery: ``taken``, ``known``, ``nothing``, ``store-down``, ``stopping`` or a status."""
        self._deliveries.labels(outcome).inc()

    def called(self, waited: float) -> None:
        """Count a call to Atlassian that waited so many seconds for its turn."""
        self._calls.inc()
        self._waits.inc(waited)

    def watch(self, health: "Health") -> None:
        """Have each reading ask the store how much there is to do."""
        self.registry.register(_Backlog(health))

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)

    # --- work -------------------------------------------------------------------------------------

    def counting(self, duties: Duties) -> Duties:
        """Return duties that are counted and logged, each run by its kind and outcome."""

        def look(hint: "Hint") -> "Sequence[tuple[Job, float, float]]":
            with self._counted("look", hint=hint.event, issue=hint.issue):
                return duties.look(hint)

        def act(job: "Job") -> None:
            with self._counted(job.kind, about=job.name):
                duties.act(job)

        def tick(name: str, at: "datetime") -> None:
            with self._counted(f"tick-{name}"):
                duties.tick(name, at)

        return Duties(look=look, act=act, tick=tick)

    @contextmanager
    def _counted(self, kind: str, **facts: log.Fact) -> Iterator[None]:
        outcome = "failed"
        try:
            yield
            outcome = "done"
        except Again:
            outcome = "again"
            raise
        finally:
            self._works.labels(kind, outcome).inc()
            log.tell("work", kind=kind, outcome=outcome, **facts)


class _Backlog(Collector):
    """Reads the store when somebody asks, so that a figure is never older than the question."""

    def __init__(self, health: "Health") -> None:
        self._pulse = health

    def describe(self) -> list[Metric]:
        """Return nothing: being registered must not ask the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield how much there is to do; where the store is away, that alone."""
        try:
            backlog, poll = self._pulse.engine.backlog(), self._pulse.poll_age()
        except StoreDown:
            yield _gauge("bridge_store_up", "1 where the store answers", 0)
            return
        yield _gauge("bridge_store_up", "1 where the store answers", 1)
        states = GaugeMetricFamily("bridge_backlog", "Work by state", labels=["state"])
        for state, count in sorted(backlog.counts.items()):
            states.add_metric([state], count)
        yield states
        yield _gauge(
            "bridge_oldest_waiting_seconds",
            "How long the oldest work has waited",
            backlog.oldest.total_seconds(),
        )
        yield _gauge(
            "bridge_last_poll_age_seconds",
            "Time since changes were looked for",
            poll.total_seconds(),
        )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
