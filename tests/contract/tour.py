"""Every request that the bridge can make, made once: each method of the ports, in all its branches.

A command that asks a site anything else gets a scene here; then `make contracts`.
"""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from bridge.bootstrap import SystemClock
from bridge.errors import SiteError
from bridge.ports import Hooks, Inspector, PageMoved, Tracker, Wiki, WikiInspector
from bridge.prose import Code, Paragraph, Table
from bridge.sandbox import Sandbox
from bridge.team import Person
from bridge.tracker import Edit
from tests.contract.making import PROSE, created, draft, survey
from tests.contract.sites import SandboxSite, Site
from tests.judge.watch import Watch, watch


def use_tracker(site: Site) -> None:
    """Survey, create, read, search, edit, link."""
    tracker = site.tracker
    (camille,) = survey(site, "Camille").accounts["camille"]
    due = date(2028, 2, 29)
    epic = created(site, draft(site, "epic", kind="epic"))["epic"]
    drafts = [draft(site, f"n{n}", parent=epic, description=PROSE, due=due) for n in range(120)]
    drafts[7] = replace(drafts[7], fields={"summary": ""})
    made = tracker.create(drafts)
    keys = [*made.keys.values()]
    tracker.create(drafts[7:8])
    tracker.edit(Edit(epic, {"assignee": camille.id, "due": None}, {}), quietly=False)
    tracker.edit(Edit(epic, {"due": due}, {}), quietly=True)
    tracker.remember(epic, {"n": 1})
    tracker.link([(keys[0], keys[1]), (keys[0], keys[1])])
    tracker.read([epic, f"{site.marketing}-999999"])
    tracker.created_since(site.marketing, 0)
    tracker.search(f'project = "{site.marketing}"')
    tracker.epics(site.marketing, f'labels = "{site.label}"')
    tracker.children([epic], "duedate is not EMPTY")
    assert tracker.url(epic)
    assert tracker.site
    assert tracker.link_type in survey(site).link_types
    _talk(site, keys[0], keys[1])
    with contextlib.suppress(SiteError):
        tracker.link([(epic, f"{site.marketing}-999999")])
    with contextlib.suppress(SiteError):
        tracker.remember(f"{site.marketing}-999999", {})
    with contextlib.suppress(SiteError):
        tracker.edit(Edit(f"{site.marketing}-999999", {"due": None}, {}), quietly=False)


def _talk(site: Site, key: str, other: str) -> None:
    """Follow one issue: comment, label, finish, and read what was said and done."""
    tracker = site.tracker
    assert tracker.me().id
    said = tracker.comment(key, (Paragraph("Approuvé ?"), Code("a: 1", "yaml")))
    tracker.recomment(key, said, (Paragraph("Approuvé"), Table((("a",), ("b",)))))
    with contextlib.suppress(SiteError):
        tracker.recomment(key, "999999", ())
    with contextlib.suppress(SiteError):
        tracker.comment(f"{site.marketing}-999999", (Paragraph("x"),))
    tracker.relabel(key, {"x"}, {"y"}, quietly=False)
    tracker.relabel(key, {"y"}, {"x"}, quietly=True)
    tracker.finish(key)
    tracker.finish(key)
    site.leave_no_way_to_done(site.marketing, but_by_a_question=True)
    tracker.finish(other)
    tracker.comments(key)
    tracker.history(key)
    tracker.content(key)
    tracker.lines(key)
    for quietly in (False, True):
        tracker.add_to_description(key, (Paragraph("Plan B :"),), quietly=quietly)
    tracker.stamps(f'project = "{site.marketing}" AND updated >= -7m')
    tracker.forget(key)
    tracker.forget(key)
    site.attach(key, "a.yaml", b"a: 1")
    (file,) = tracker.read([key])[key].attachments
    tracker.attachment(file, 100)
    with contextlib.suppress(SiteError):
        tracker.history(f"{site.marketing}-999999")


def use_wiki(site: Site) -> None:
    """Create, find, update, remember, label."""
    wiki = site.wiki
    page = wiki.create("Tour", "<p>Été & Noël</p>".replace("&", "&amp;"), None)
    wiki.create("Enfant", "<p/>", page.id)
    wiki.update(page, "<p>deux</p>", "Publié")
    with contextlib.suppress(PageMoved):
        wiki.update(page, "<p/>", "x")
    with contextlib.suppress(PageMoved):
        wiki.create("Tour", "", None)
    wiki.find("Tour")
    wiki.page(page.id, 1)
    wiki.page("999999999")
    wiki.versions(page.id)
    for value in ({"n": 1}, {"n": 2}):
        wiki.remember(page.id, "bridge", value, wiki.recall(page.id, "bridge"))
    for before in (None, replace(wiki.recall(page.id, "bridge") or _none(), version=1)):
        with contextlib.suppress(PageMoved):
            wiki.remember(page.id, "bridge", {"n": 3}, before)
    wiki.label(page.id, site.label)
    wiki.labelled(site.label)
    for _ in range(2):
        wiki.unlabel(page.id, site.label)
        wiki.forget(page.id, "bridge")
    wiki.forget("999999999", "bridge")
    assert wiki.url(page.id)


def use_hooks(site: Site) -> None:
    """Be refused, then register, list and remove a webhook."""
    with contextlib.suppress(SiteError):
        site.hooks.registered()
    site.allow_webhooks()
    url = "http://127.0.0.1:9/webhooks/jira"
    made = site.hooks.register("bridge", url, "s3cret", ["jira:issue_updated"], "project = MKT")
    assert list(site.hooks.registered()) == [made]
    for _ in range(2):
        site.hooks.unregister(made.id)


def look_around(site: Site) -> None:
    """What the doctor and the guided init ask, of people with an account and with an e-mail."""
    assert isinstance(site, SandboxSite)
    tools = site.instruments()
    inspector = Roll(tools.jira, site.called)
    flavour = inspector.server().flavour
    inspector.cloud_id()
    inspector.me()
    inspector.site_rights()
    keys = [project.key for project in inspector.projects()]
    inspector.rights(keys)
    for ask in (inspector.statuses, inspector.issue_types, inspector.assignable):
        ask(site.marketing)
    camille = site.box.site.people.find("Camille")
    for whom in (
        Person(id="a", name="Camille", account=camille.account_id, dc_user=camille.username),
        Person(id="b", name="Camille", email=camille.email),
    ):
        inspector.known(whom)
    wiki = Roll(tools.confluence(flavour), site.called)
    wiki.me()
    wiki.is_administrator()
    spaces = wiki.spaces()
    wiki.rights(spaces)
    wiki.readers(spaces[0])
    page = site.wiki.create("Restreinte", "<p/>", None)
    bridge = site.box.site.people.find("bridge@boutique.example")
    site.confluence.restrict(page.id, "read", [camille.account_id, bridge.account_id])
    wiki.page_rights(page.id)
    wiki.limits(page.id)


def be_refused(site: Site) -> None:
    """A service that is busy, at every verb of both products."""
    assert isinstance(site, SandboxSite)
    for status in (429, 500, 503):
        for path in (
            "/issue/bulk$",
            "/rest/api/2/",
            "/wiki/api/v2/",
            "/wiki/rest/api/",
            "/confluence/rest/",
        ):
            site.box.faults.answer(status, path=path)
        with contextlib.suppress(SiteError):
            site.tracker.create([draft(site, "x")])
        site.tracker.read([f"{site.marketing}-1"])
        site.wiki.find("Tour")
        site.wiki.labelled(site.label)
        site.box.faults.clear()


def _none() -> Any:
    raise AssertionError("nothing was remembered")


SCENES: tuple[Callable[[Site], None], ...] = (
    use_tracker,
    use_wiki,
    look_around,
    use_hooks,
    be_refused,
)


def in_no_time() -> AbstractContextManager[Any]:
    """Wait for nothing: what is repeated after a pause is repeated at once."""
    return mock.patch.object(SystemClock, "sleep", return_value=None)


class Roll:
    """Stands before a port and keeps a list of what was called."""

    def __init__(
        self, port: Tracker | Wiki | Hooks | Inspector | WikiInspector, called: set[str]
    ) -> None:
        self._port = port
        self.called = called

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self._port, name)


def toured(flavour: str, folder: Path) -> tuple[Watch, set[str]]:
    """Tour one flavour; return what was seen, and the methods of the ports that were called."""
    with Sandbox(flavour, start_date=True) as box, in_no_time():
        judge = watch(box)
        site = SandboxSite(box, folder)
        site.tracker = Roll(site.tracker, site.called)
        site.wiki = Roll(site.wiki, site.called)
        site.hooks = Roll(site.hooks, site.called)
        for scene in SCENES:
            scene(site)
    return judge, site.called
