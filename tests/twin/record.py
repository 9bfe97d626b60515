"""What was said and done on an issue of the twin: its comments, its history, its files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bridge.prose import (
    Code,
    Prose,
    Table,
    clean,
    folded,
    has_words,
    language_of,
    lines_of,
    words_of,
)
from bridge.tracker import Account, Attached, Comment, Content, Happening, Issue

# How the history calls an attribute, and what it shows of its value.
_SHOWN: dict[str, tuple[str, Callable[[Any], str]]] = {
    "summary": ("summary", str),
    "assignee": ("assignee", lambda account: account.name if account else ""),
    "due": ("duedate", lambda day: day.isoformat() if day else ""),
    "start": ("start", lambda day: day.isoformat() if day else ""),
    "priority": ("priority", lambda priority: priority or ""),
    "status": ("status", lambda status: status.name),
    "labels": ("labels", lambda labels: " ".join(sorted(labels))),
    "words": ("description", str),
}


@dataclass
class Record:
    """One issue beyond its fields."""

    description: Prose = ()
    comments: list[Comment] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def note(self, before: Issue, after: Issue, author: Account, at: datetime) -> None:
        """Write every difference into the history."""
        self.happenings += differences(before, after, author, at)

    def say(self, comment_id: str, prose: Prose, author: Account, at: datetime) -> None:
        """Write a comment."""
        self.comments.append(Comment(comment_id, author, author, lines_of(prose), at, at))

    def say_anew(self, comment_id: str, prose: Prose, editor: Account, at: datetime) -> bool:
        """Write a comment anew; whether there is such a one."""
        for n, old in enumerate(self.comments):
            if old.id == comment_id:
                self.comments[n] = replace(old, editor=editor, words=lines_of(prose), updated=at)
                return True
        return False

    def lines(self) -> list[str]:
        """The description's lines."""
        return [plain for line in lines_of(self.description).split("\n") if (plain := line.strip())]

    def content(self) -> Content:
        """The description's code and tables."""
        tables = (b for b in self.description if isinstance(b, Table) and has_words(b))
        return Content(
            tuple(
                Code(clean(b.words), language_of(b))
                for b in self.description
                if isinstance(b, Code) and words_of((b,))
            ),
            tuple(
                tuple(tuple(folded(cell) for cell in row) for row in table.rows if row)
                for table in tables
            ),
        )


def differences(before: Issue, after: Issue, author: Account, at: datetime) -> Iterator[Happening]:
    """Every change from one state to the next, as the history tells it."""
    for name, (called, shown) in _SHOWN.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Happening(author, at, called, shown(old), shown(new))


def attached(number: int, name: str, content: bytes) -> Attached:
    """A file by its number on the site."""
    return Attached(str(number), name, len(content))
