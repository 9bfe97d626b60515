"""Create issues and comments exactly once, whatever becomes of the answer."""

from collections.abc import Callable, Mapping, Sequence

from bridge.errors import LostAnswer, Refused, SiteRefusedSome
from bridge.operations.writing import CREATE_ATTEMPTS, SETTLE, may_pass, settling
from bridge.ports import Tools
from bridge.prose import Prose, folded, lines_of
from bridge.tracker import Account, Comment, Draft


def create_once(
    drafts: Sequence[Draft], tools: Tools, existing: Callable[[], Mapping[str, str]]
) -> dict[str, str]:
    """Create drafts and return their keys by ref; ``existing`` looks in the store for what is there.

    Raises SiteRefusedSome with the site's own words, or a SiteError.
    """
    keys: dict[str, str] = {}
    for attempt in range(1, CREATE_ATTEMPTS + 1):
        rest = [draft for draft in drafts if draft.ref not in keys]
        if not rest:
            break
        try:
            created = tools.tracker.create(rest)
        except (LostAnswer, Refused) as trouble:
            if attempt == CREATE_ATTEMPTS or not may_pass(trouble):
                raise
            tools.progress(trouble.sentence)
            tools.clock.sleep(settling(trouble))
            keys |= {ref: key for ref, key in existing().items() if ref in {d.ref for d in rest}}
            continue
        if created.failures:
            raise SiteRefusedSome([(f.ref, f.reasons) for f in created.failures])
        keys |= created.keys
    return keys


def own_comment(
    comments: Sequence[Comment], me: Account, sign: str, known: str = ""
) -> Comment | None:
    """Return this account's own comment that carries a sign, and that nobody else edited.

    A line of it begins with the sign's word. Of several, the one whose id is ``known``, else the last.
    """
    mine = [
        comment
        for comment in comments
        if comment.author
        and comment.editor
        and comment.author.id == comment.editor.id == me.id
        and any(line.startswith(f"{sign} ") for line in comment.words.splitlines())
    ]
    return next((one for one in mine if one.id == known), mine[-1] if mine else None)


def says(comment: Comment, prose: Prose) -> bool:
    """Tell whether a comment says just this."""
    return folded(comment.words) == folded(lines_of(prose))


def comment_once(key: str, prose: Prose, me: Account, tools: Tools) -> str:
    """Write a comment and return its id; one that says just this is there already and stays."""
    for attempt in range(1, CREATE_ATTEMPTS + 1):
        for comment in tools.tracker.comments(key):
            if comment.author and comment.author.id == me.id and says(comment, prose):
                return comment.id
        try:
            return tools.tracker.comment(key, prose)
        except LostAnswer:
            if attempt == CREATE_ATTEMPTS:
                raise
            tools.clock.sleep(SETTLE)
    raise AssertionError  # the loop returns or raises
