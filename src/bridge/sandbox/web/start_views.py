"""The start page, and what leads to it."""

from flask import Response

from bridge.sandbox.between import page_path
from bridge.sandbox.web.face import actor, face, shown, site, then
from bridge.sandbox.web.tickets import epic_card, today, visible_epics

CAMPAIGNS, PAGES = 20, 8


@face.get("/")
def start() -> Response:
    """Both products, with what is in them."""
    jira, wiki, person = site().jira, site().confluence, actor()
    present = today(site(), person)
    epics = [epic_card(site(), epic, present) for epic in visible_epics(site(), person, CAMPAIGNS)]
    pages = [p for p in wiki.pages.newest(8 * PAGES) if wiki.pages.may(person, "read", p)][:PAGES]
    latest = [(p, wiki.pages.latest(p)) for p in pages]
    recent = [(p, v, page_path(site(), p), site().people.get(v.author)) for p, v in latest]
    counts = {p.id: jira.book.count(p.id) for p in jira.setup.projects}
    return shown("start.html", epics=epics, recent=recent, counts=counts)


@face.get("/jira")
@face.get("/jira/projects")
def jira_home() -> Response:
    """Where Jira begins."""
    return then("face.start")
