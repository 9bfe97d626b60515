"""Work done once for each rule: rules never change, so what was made of one is kept by its identity."""

from collections.abc import Callable
from typing import Generic, TypeVar

Rule = TypeVar("Rule")
Made = TypeVar("Made")


class Once(Generic[Rule, Made]):
    """What a function makes of a rule, made once.

    Rules hold mappings, so they have no hash; each is kept beside what was made of it, so that its
    identity stays its own. ``most`` bounds what is kept: beyond it everything is made anew.
    """

    def __init__(self, make: Callable[[Rule], Made], most: int = 4096) -> None:
        self._make = make
        self._most = most
        self._kept: dict[int, tuple[Rule, Made]] = {}

    def __call__(self, rule: Rule) -> Made:
        """Return what the function makes of the rule; whatever it raises is raised each time."""
        kept = self._kept.get(id(rule))
        if kept is not None:
            return kept[1]
        if len(self._kept) >= self._most:
            self._kept.clear()
        made = self._make(rule)
        self._kept[id(rule)] = rule, made
        return made
