"""The bridge's one comment on an epic: found again by its sign, written anew in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bridge.campaignsign import Sign, sign_in
from bridge.operations.once import comment_once, says
from bridge.ports import Tools
from bridge.prose import Prose
from bridge.text import text
from bridge.tracker import Account, Comment


@dataclass(frozen=True, slots=True)
class Standing:
    """The comment as it stands; without a sign where somebody else wrote in it."""

    comment: Comment
    sign: Sign | None


class Notice:
    """What is said on one epic; read once, when it is first asked for."""

    def __init__(self, key: str, about: str, tools: Tools, *, may_write: bool) -> None:
        self.key = key
        self.about = about
        self.tools = tools
        self.may_write = may_write

    @cached_property
    def me(self) -> Account:
        """Return who signs in."""
        return self.tools.tracker.me()

    @cached_property
    def comments(self) -> Sequence[Comment]:
        """Return every comment of the epic."""
        return self.tools.tracker.comments(self.key)

    @cached_property
    def standing(self) -> Standing | None:
        """Return the bridge's own comment; what somebody else wrote into it is not believed."""
        for comment in reversed(self.comments):
            if comment.author is None or comment.author.id != self.me.id:
                continue
            sign = sign_in(comment.words, self.about)
            if sign is not None:
                is_ours = comment.editor is not None and comment.editor.id == self.me.id
                return Standing(comment, sign if is_ours else None)
        return None

    def says(self, prose: Prose) -> bool:
        """Tell whether the comment says just this."""
        standing = self.standing
        return standing is not None and standing.sign is not None and says(standing.comment, prose)

    def say(self, prose: Prose) -> None:
        """Bring the comment up to date; where it says just this, nothing is written."""
        if self.says(prose):
            return
        if not self.may_write:
            self.tools.progress(text("{key} would get a comment.", key=self.key))
            return
        if self.standing is None:
            comment_once(self.key, prose, self.me, self.tools)
        else:
            self.tools.tracker.recomment(self.key, self.standing.comment.id, prose)
        self.tools.journal.wrote("issue", self.key, "comment", "", "", "epic")
