"""Where the two products meet: what a Confluence page may look up, for one reader."""

from collections.abc import Callable
from urllib.parse import quote, quote_plus

from bridge.sandbox.confluence.pages import Page
from bridge.sandbox.confluence.surroundings import Surroundings, Ticket
from bridge.sandbox.jira.record import Issue
from bridge.sandbox.jira.refusals import JiraRefusalError
from bridge.sandbox.people import Person
from bridge.sandbox.site import Site


def page_path(site: Site, page: Page) -> str:
    """Return the path under which people find a page."""
    space = site.confluence.spaces.get(page.space)
    path = f"/wiki/spaces/{space.key if space else '-'}/pages/{page.id}/{quote_plus(page.title)}"
    return site.flavour.placed(path)


def ticket(site: Site, issue: Issue) -> Ticket:
    """Return an issue as pages show it."""
    setup = site.jira.setup
    status = setup.statuses[issue.status]
    owner = site.people.get(issue.assignee)
    priority = setup.priorities.get(issue.values.get("priority") or "")
    return Ticket(
        key=issue.key,
        summary=issue.summary,
        status=status.name,
        category=status.category,
        url=site.flavour.placed(f"/browse/{issue.key}"),
        owner=owner.name if owner else "",
        due=issue.duedate or "",
        kind=setup.types[issue.type].name,
        priority=priority.name if priority else "",
    )


def surroundings(
    site: Site,
    page: Page,
    person: Person,
    day: Callable[[str], str] = lambda text: text,
    gettext: Callable[[str], str] = lambda text: text,
) -> Surroundings:
    """Tell what a page refers to, as somebody may see it."""
    wiki, issues = site.confluence, site.jira.issues

    def name_of(account: str) -> str | None:
        found = site.people.keyed(account)
        return found.name if found else None

    def page_url(title: str, space_key: str | None) -> str | None:
        space = wiki.spaces.by_key(space_key) if space_key else wiki.spaces.get(page.space)
        found = wiki.pages.titled(space.id, title) if space else None
        return page_path(site, found) if found and wiki.pages.may(person, "read", found) else None

    def file_url(title: str) -> str | None:
        found = wiki.files.titled(page.id, title)
        if found is None or not found.media.startswith("image/"):
            return None
        return site.flavour.placed(f"/wiki/download/attachments/{page.id}/{quote(title)}")

    def one(key: str) -> Ticket | None:
        found = issues.look(key, person)
        return ticket(site, found) if found else None

    def several(jql: str, most: int) -> list[Ticket]:
        try:
            return [ticket(site, i) for i in site.jira.search.page(jql, person, most).issues]
        except JiraRefusalError as refusal:
            raise ValueError(str(refusal)) from None

    def children() -> list[tuple[str, str]]:
        return [(c.title, page_path(site, c)) for c in wiki.pages.children(page.id)]

    return Surroundings(name_of, page_url, file_url, one, several, children, day, gettext)
