"""A job: one thing to look at again from scratch, named by keys alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """``kind`` is a reaction's name; ``name`` is what it is about.

    That is an issue's key, or a month as YYYY-MM (``now``: the present one).
    Two jobs of one kind and name are one job: whoever runs it reads everything anew.
    """

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
