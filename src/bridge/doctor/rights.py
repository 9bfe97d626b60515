"""What the account may do that it needs not, and what its rights mean for mails."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bridge.doctor.diagnosis import Diagnosis, in_file, in_project, in_space, some
from bridge.errors import near_miss
from bridge.nearmiss import nearest
from bridge.site import Space
from bridge.text import Text, text, texts

LOOKED_AT = 100  # projects, and spaces, beyond the list whose rights are asked
_WRITING = ("CREATE_ISSUES", "EDIT_ISSUES", "ADMINISTER_PROJECTS")
_WRITING_PAGES = ("create page", "update page", "administer space")
_NEEDED_PAGES = {"create page": text("add pages"), "update page": text("edit pages")}


def _too_powerful() -> Text:
    return text(
        "The bridge never needs it. Whoever gets hold of the token could change the whole site."
    )


def site_wide(jira: frozenset[str], confluence: bool | None) -> Iterator[Diagnosis]:
    """Give the warning about an account that administers the site."""
    remedy = text("Let the bridge sign in with an account of its own, without that right.")
    if "SYSTEM_ADMIN" in jira:
        yield Diagnosis(
            code="W-SITE-ADMIN",
            what=text("This account is a system administrator of Jira."),
            why=_too_powerful(),
            remedy=remedy,
            where=text("Jira, global permissions"),
        )
    elif "ADMINISTER" in jira:
        yield Diagnosis(
            code="W-SITE-ADMIN",
            what=text("This account administers Jira as a whole."),
            why=_too_powerful(),
            remedy=remedy,
            where=text("Jira, global permissions"),
        )
    if confluence:
        yield Diagnosis(
            code="W-WIKI-ADMIN",
            what=text("This account administers Confluence as a whole."),
            why=_too_powerful(),
            remedy=remedy,
            where=text("Confluence, global permissions"),
        )


def conversation(project: str, held: frozenset[str], *, is_main: bool) -> Iterator[Diagnosis]:
    """Give what the account lacks to answer people and to close what they decided.

    Epics and requests live in the main project, where the bridge comments them; approvals may live
    in any, and are moved to done.
    """
    if is_main and "ADD_COMMENTS" not in held:
        yield Diagnosis(
            code="E-COMMENTS",
            what=text("This account may not comment in {project}.", project=project),
            why=text(
                "`bridge request submit` and the service answer by a comment on the request or epic."
            ),
            remedy=text(
                "Ask the administrator of the project for the right “{right}”.",
                right=text("Add Comments"),
            ),
            where=in_project(project),
        )
    if "TRANSITION_ISSUES" not in held:
        yield Diagnosis(
            code="W-TRANSITIONS",
            what=text(
                "This account may not move issues to another status in {project}.", project=project
            ),
            why=text("Approvals that were given stay open until somebody closes them by hand."),
            remedy=text(
                "Ask the administrator of the project for the right “{right}”.",
                right=text("Transition Issues"),
            ),
            where=in_project(project),
        )


def other_projects(rights: Mapping[str, frozenset[str]], unasked: int) -> Iterator[Diagnosis]:
    """Give the projects beyond the list where the account may write.

    ``rights`` by key of every other project that was asked; ``unasked``: how many were not.
    """
    writable = [key for key, held in rights.items() if held.intersection(_WRITING)]
    if writable:
        yield Diagnosis(
            code="W-OTHER-PROJECTS",
            what=texts(
                "This account may also write in {n} project that bridge.yaml does not name: {names}.",
                "This account may also write in {n} projects that bridge.yaml does not name: {names}.",
                len(writable),
                names=some(writable),
            ),
            why=text(
                "The bridge writes only in the projects of its list; whoever gets hold of the token "
                "is not bound by it."
            ),
            remedy=text(
                "Take this account out of the roles and groups that may write there, or out of the "
                "permission schemes of those projects."
            ),
            where=text("Jira, permission schemes"),
        )
    if unasked:
        yield _unasked(unasked, text("Jira"))


def silence(projects: Iterable[str], rights: Mapping[str, frozenset[str] | None]) -> Diagnosis:
    """Return whether changes can be made without mails, and where that fails."""
    loud = [key for key in projects if "ADMINISTER_PROJECTS" not in (rights.get(key) or ())]
    if not loud:
        return Diagnosis(
            code="I-SILENT",
            what=text(
                "Changes of existing issues send no mails: the account administers its projects."
            ),
            why=text("Jira cannot silence creations, comments and transitions; these send mails."),
            remedy=text("Nothing to do. The other profile is in docs/administrator.md."),
            where=text("Jira, project permissions"),
        )
    return Diagnosis(
        code="I-MAILS",
        what=text(
            "Changes in {projects} send mails to watchers and assignees.", projects=some(loud)
        ),
        why=text("Only an administrator of a project may change an issue without a mail."),
        remedy=text(
            "Nothing to do if you want least rights. For silence in all projects of a campaign, give "
            "the account “Administer Projects” in each of them."
        ),
        where=text("Jira, project permissions"),
    )


def own_space(
    wanted: str, spaces: Sequence[Space], rights: frozenset[str] | None
) -> Iterator[Diagnosis]:
    """Give what the account lacks, or does not need, in the space of the calendar."""
    keys = [space.key for space in spaces if not space.is_personal]
    if wanted not in (space.key for space in spaces):
        yield Diagnosis(
            code="E-SPACE",
            what=text("Confluence shows no space “{space}” to this account.", space=wanted),
            why=text("The pages of the month live there."),
            remedy=near_miss(nearest(wanted, keys), keys)
            or text("Check confluence.space in bridge.yaml, and the account's rights there."),
            where=in_file("confluence.space"),
        )
    elif rights is None:
        yield Diagnosis(
            code="I-SPACE-RIGHTS",
            what=text("Confluence does not say what this account may do in {space}.", space=wanted),
            why=text("On Data Center only administrators can ask; the first page will show."),
            remedy=text(
                "Look under the permissions of the space: the account must see it, add pages and "
                "edit them."
            ),
            where=in_space(wanted),
        )
    else:
        yield from _rights_in(wanted, rights)


def _rights_in(space: str, rights: frozenset[str]) -> Iterator[Diagnosis]:
    missing = tuple(words for right, words in _NEEDED_PAGES.items() if right not in rights)
    if missing:
        yield Diagnosis(
            code="E-SPACE-RIGHTS",
            what=text("In {space} this account may not: {rights}.", space=space, rights=missing),
            why=text("The page of the month cannot be published."),
            remedy=text("Ask the administrator of the space for “Add” and “Edit” of pages."),
            where=in_space(space),
        )
    if "administer space" in rights:
        yield Diagnosis(
            code="I-SPACE-ADMIN",
            what=text("This account administers the space {space}.", space=space),
            why=text("The bridge only adds and edits pages there."),
            remedy=text("That right can be taken away."),
            where=in_space(space),
        )


def other_spaces(rights: Mapping[str, frozenset[str] | None], unasked: int) -> Iterator[Diagnosis]:
    """Give the spaces beyond the calendar's where the account may write."""
    writable = [
        key for key, held in rights.items() if (held or frozenset()).intersection(_WRITING_PAGES)
    ]
    if writable:
        yield Diagnosis(
            code="W-OTHER-SPACES",
            what=texts(
                "This account may also write in {n} space that bridge.yaml does not name: {names}.",
                "This account may also write in {n} spaces that bridge.yaml does not name: {names}.",
                len(writable),
                names=some(writable),
            ),
            why=text(
                "The bridge writes only in its own space; whoever gets hold of the token is not "
                "bound by it."
            ),
            remedy=text("Take this account out of the groups that may write there."),
            where=text("Confluence, space permissions"),
        )
    if unasked:
        yield _unasked(unasked, text("Confluence"))


def _unasked(unasked: int, where: Text) -> Diagnosis:
    return Diagnosis(
        code="I-NOT-ASKED",
        what=texts(
            "{n} more place that this account sees was not asked for its rights.",
            "{n} more places that this account sees were not asked for their rights.",
            unasked,
        ),
        why=text("Each costs a request; the first {n} were asked.", n=LOOKED_AT),
        remedy=text("An account of its own sees only what it needs; then nothing is left to ask."),
        where=where,
    )
