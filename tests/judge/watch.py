"""Watch a sandbox: judge what passes, and remember which operations and statuses were seen."""

from collections import Counter
from dataclasses import dataclass, field

from bridge.sandbox import Sandbox
from bridge.sandbox.watching import Exchange
from tests.judge.exchanges import Verdict
from tests.judge.seen import Seen, session


@dataclass
class Watch:
    """Keeps what the contracts say against the exchanges of one sandbox."""

    requests_too: bool = True
    problems: list[str] = field(default_factory=list)
    seen: Seen = field(default_factory=Counter)

    def __call__(self, exchange: Exchange) -> None:
        verdict = Verdict(exchange)
        self.problems += verdict.of_answer()
        if self.requests_too:
            self.problems += verdict.of_request()
        if verdict.operation is not None:
            place = (verdict.contract.name, verdict.operation.name, exchange.status)
            self.seen[place] += 1
            session[place] += 1

    def operations(self) -> set[tuple[str, str]]:
        """(contract, operation) of everything asked so far."""
        return {(contract, operation) for contract, operation, _ in self.seen}

    def agrees(self) -> None:
        """Fail the test where a contract disagreed."""
        assert not self.problems, "\n" + "\n".join(sorted(set(self.problems)))


def watch(box: Sandbox, *, requests_too: bool = True) -> Watch:
    """Judge all that passes from now on."""
    one = Watch(requests_too)
    box.observers.append(one)
    return one
