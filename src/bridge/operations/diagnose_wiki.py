"""The doctor's look at Confluence: the account, its spaces, and who can read the calendar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bridge.doctor import access, reading, rights
from bridge.errors import NotSignedIn, SiteError
from bridge.operations.checkup import Checkup, Instruments
from bridge.ports import Wiki, WikiInspector
from bridge.site import Space
from bridge.text import Text, text
from bridge.workspace import Workspace

WIKI = "Confluence"


def examine(
    tools: Instruments, workspace: Workspace | None, people: Mapping[str, str], found: Checkup
) -> None:
    """Diagnose Confluence, once Jira has told which flavour the site is.

    ``people``: the names of the team by their accounts.
    """
    assert found.server is not None  # noqa: S101  # Jira answered, or nobody would come here
    wiki = tools.confluence(found.server.flavour)
    if not _sign_in(tools, wiki, found):
        return
    administers = found.asked(text("the global permissions"), WIKI, wiki.is_administrator)
    found.diagnoses += rights.site_wide(frozenset(), confluence=administers)
    spaces = found.asked(text("the spaces"), WIKI, wiki.spaces)
    if spaces is not None and workspace is not None:
        look = _Look(wiki, tools.pages, workspace, people, found)
        look.at_spaces(spaces)


def _sign_in(tools: Instruments, wiki: WikiInspector, found: Checkup) -> bool:
    url = tools.confluence_url
    try:
        wiki.me()
    except NotSignedIn as error:
        caller = access.Caller(WIKI, url, tools.has_email, found.server)
        found.diagnoses.append(access.refused_sign_in(caller, error))
        return False
    except SiteError as error:
        found.is_reached = False
        found.diagnoses.append(access.unreachable(WIKI, url, error))
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Look:
    """What was gathered so far, while the spaces and the calendar are looked at."""

    wiki: WikiInspector
    pages: Callable[[], Wiki] | None
    workspace: Workspace
    people: Mapping[str, str]
    found: Checkup

    def at_spaces(self, spaces: Sequence[Space]) -> None:
        """Diagnose the rights in the calendar's space and beyond it."""
        key, found = self.workspace.space, self.found
        own = [space for space in spaces if space.key == key]
        others = [space for space in spaces if space.key != key and not space.is_personal]
        asked = [*own, *others[: rights.LOOKED_AT]]
        held = found.asked(text("the rights in spaces"), WIKI, lambda: self.wiki.rights(asked))
        if held is not None:
            found.diagnoses += rights.own_space(key, spaces, held.get(key))
            beyond = {other: given for other, given in held.items() if other != key}
            unasked = max(0, len(others) - rights.LOOKED_AT)
            found.diagnoses += rights.other_spaces(beyond, unasked)
        if own:
            self.at_readers(own[0])
            self.at_calendar()

    def at_readers(self, space: Space) -> None:
        """Diagnose who may read the space."""
        try:
            readers = self.wiki.readers(space)
        except SiteError as error:
            self._unchecked(text("who may read the space"), error)
            return
        self.found.diagnoses += reading.space_closed(space.key, readers, self.people)

    def at_calendar(self) -> None:
        """Diagnose the page above the months: is it there, can it be written, who can read it."""
        if self.pages is None:
            return
        title, space, found = self.workspace.parent, self.workspace.space, self.found
        try:
            page = self.pages().find(title)
        except SiteError as error:
            self._unchecked(text("the calendar's page"), error)
            return
        if page is None:
            found.diagnoses.append(reading.page_missing(title, space))
        elif not page.is_current:
            found.diagnoses.append(reading.page_put_away(title, space))
        else:
            self._at_page(page.id, title)

    def _at_page(self, page_id: str, title: str) -> None:
        found = self.found
        permitted = found.asked(
            text("the rights on the calendar's page"), WIKI, lambda: self.wiki.page_rights(page_id)
        )
        found.diagnoses += reading.page_locked(title, permitted)
        limits = found.asked(
            text("who may read the calendar's page"), WIKI, lambda: self.wiki.limits(page_id)
        )
        found.diagnoses += [reading.kept_out(limited, self.people) for limited in limits or ()]

    def _unchecked(self, what: Text, error: SiteError) -> None:
        self.found.diagnoses.append(access.unchecked(what, error, WIKI))
