"""A reaction: which changes concern it, and what it does about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bridge.reactions.around import Around
from bridge.reactions.hint import Hint
from bridge.text import Text
from bridge.tracker import Issue
from bridge.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One small thing that the bridge does by itself.

    ``kind`` names its jobs. ``concerns`` says, from a hint and the issue as the store has it now
    (None: deleted, or not to be seen), the names of its jobs; it decides and reads nothing.
    ``act`` looks at everything anew and does what is due; done twice it does nothing the second time.
    ``words`` says of a job, by its name, what was looked at. A job runs when nothing came for
    ``quiet`` seconds, at the latest ``at_most`` seconds after the first hint.
    """

    kind: str
    concerns: Callable[[Hint, Issue | None, Workspace], Iterable[str]]
    act: Callable[[str, Around], None]
    words: Callable[[str], Text]
    quiet: float = 2.0
    at_most: float = 20.0
