"""Who can read the calendar, and whether this account can write it, as far as the site tells."""

from collections.abc import Iterator, Mapping, Sequence

from bridge.doctor.diagnosis import Diagnosis, in_space, some
from bridge.site import Limited, Readers
from bridge.text import Text, text, texts


def page_missing(title: str, space: str) -> Diagnosis:
    """Return what to say where the page above the months does not exist yet."""
    return Diagnosis(
        code="I-PAGE",
        what=text("There is no page “{title}” yet.", title=title),
        why=text("The pages of the month stand below it."),
        remedy=text("Nothing to do: the first `bridge month publish` creates it."),
        where=in_space(space),
    )


def page_put_away(title: str, space: str) -> Diagnosis:
    """Return what to say where that page is archived."""
    return Diagnosis(
        code="E-PAGE",
        what=text("The page “{title}” is archived.", title=title),
        why=text("Its title is taken, and nothing can be published below it."),
        remedy=text("Restore it in Confluence, or choose another confluence.parent."),
        where=in_space(space),
    )


def page_locked(title: str, rights: frozenset[str] | None) -> Iterator[Diagnosis]:
    """Give what keeps this account from writing on the page above the months."""
    if rights is not None and "update page" not in rights:
        yield Diagnosis(
            code="E-PAGE-RIGHTS",
            what=text("This account may not edit the page “{title}”.", title=title),
            why=text("The page carries the map of the months; without it nothing is published."),
            remedy=text("Let the account edit it: the padlock at the top of that page."),
            where=text("Confluence, page “{title}”", title=title),
        )


def kept_out(limited: Limited, people: Mapping[str, str]) -> Diagnosis:
    """Return who of the team cannot read a page that only some may read.

    ``people``: the names of the team by the account that each has on the site.
    """
    where = text("Confluence, page “{title}”", title=limited.title)
    outside = _outside(limited.readers, people)
    remedy = text("Open the padlock at the top of that page and let them in.")
    if outside and limited.readers.only_people:
        return Diagnosis(
            code="W-PAGE-READERS",
            what=texts(
                "{n} person of bridge.yaml cannot read “{title}”: {names}.",
                "{n} people of bridge.yaml cannot read “{title}”: {names}.",
                len(outside),
                title=limited.title,
                names=some(outside),
            ),
            why=text("The calendar and every page below it are hidden from them."),
            remedy=remedy,
            where=where,
        )
    return Diagnosis(
        code="I-PAGE-READERS",
        what=text(
            "Only these may read “{title}”: {readers}.",
            title=limited.title,
            readers=_named(limited.readers, people),
        ),
        why=text(
            "Every page below it is hidden from all others. Who belongs to a group, Confluence does "
            "not tell this account."
        ),
        remedy=text("Ask somebody of each group that needs the calendar to open it."),
        where=where,
    )


def space_closed(
    space: str, readers: Readers | None, people: Mapping[str, str]
) -> Iterator[Diagnosis]:
    """Give who cannot read the space; where a group may, who belongs to it cannot be known."""
    if readers is None:
        yield Diagnosis(
            code="I-SPACE-READERS",
            what=text("Confluence does not tell who may read the space {space}.", space=space),
            why=text("Whoever cannot read it does not see the calendar."),
            remedy=text("Ask somebody of each group that needs the calendar to open it."),
            where=in_space(space),
        )
        return
    outside = _outside(readers, people)
    if readers.only_people and outside:
        yield Diagnosis(
            code="W-SPACE-READERS",
            what=texts(
                "No group may read the space {space}, and {n} person of bridge.yaml is not among "
                "its readers: {names}.",
                "No group may read the space {space}, and {n} people of bridge.yaml are not among "
                "its readers: {names}.",
                len(outside),
                space=space,
                names=some(outside),
            ),
            why=text("The calendar is hidden from them."),
            remedy=text("Give their group the right to see the space."),
            where=in_space(space),
        )


def _outside(readers: Readers, people: Mapping[str, str]) -> list[str]:
    return [name for account, name in people.items() if account not in readers.accounts]


def _named(readers: Readers, people: Mapping[str, str]) -> tuple[str | Text, ...]:
    known = [people[account] for account in readers.accounts if account in people]
    others = len(readers.accounts) - len(known)
    said: Sequence[str | Text] = [
        *(text("the group {name}", name=name) for name in readers.groups),
        *sorted(known),
        *([texts("{n} other person", "{n} other people", others)] if others else []),
    ]
    return tuple(said)
