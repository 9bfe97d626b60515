"""The bridge left to itself in the sandbox: rounds of looking at what changed, and doing what is due."""

from dataclasses import dataclass, field
from datetime import date

from bridge.errors import BridgeError
from bridge.reactions import table
from bridge.reactions.hint import Hint
from bridge.reactions.job import Job
from tests.stories.around import TODAY, around
from tests.stories.conftest import Shop

Mark = tuple[str, date | None]  # of an issue: when it changed last, and when it is due


@dataclass
class Round:
    """What one round did: the jobs, the requests that wrote, and what was refused."""

    jobs: list[Job] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    refusals: dict[Job, BridgeError] = field(default_factory=dict)


class Rounds:
    """Sees every change of an issue since the last round, the bridge's own among them."""

    def __init__(self, shop: Shop, today: date = TODAY) -> None:
        self.shop = shop
        self.today = today
        self.marks = self._marks()

    def _marks(self) -> dict[str, Mark]:
        return {
            key: (issue.updated, date.fromisoformat(issue.duedate) if issue.duedate else None)
            for key, issue in self.shop.issues().items()
        }

    def _hints(self) -> list[Hint]:
        before, self.marks = self.marks, self._marks()
        changed = [k for k in {**before, **self.marks} if before.get(k) != self.marks.get(k)]
        return [
            Hint(
                identifier=f"{key} {number}",
                event="polled" if key in self.marks else "jira:issue_deleted",
                issue=key,
                dates=tuple(
                    day for marks in (before, self.marks) if key in marks and (day := marks[key][1])
                ),
            )
            for number, key in enumerate(changed)
        ]

    def once(self) -> Round:
        """Play one round: look at all that changed, then do each job once."""
        done, jobs = Round(), dict[Job, None]()
        hints = self._hints()
        self.shop.box.forget_requests()
        with around(self.shop, today=self.today) as here:
            issues = here.tools.tracker.read([hint.issue for hint in hints])
            for hint in hints:
                jobs |= dict.fromkeys(table.jobs_for(hint, issues.get(hint.issue), here.workspace))
        for job in jobs:
            done.jobs.append(job)
            with around(self.shop, today=self.today) as here:
                try:
                    table.act(job, here)
                except BridgeError as refused:
                    done.refusals[job] = refused
        done.writes = self.shop.written()
        return done

    def settle(self) -> list[Round]:
        """Play until a round writes nothing; return the rounds that wrote."""
        rounds: list[Round] = []
        for _ in range(6):
            played = self.once()
            if not played.writes:
                return rounds
            rounds.append(played)
        raise AssertionError(f"the bridge never falls silent: {rounds[-1].writes}")
