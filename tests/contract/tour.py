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
from bridge.ports import PageMoved, Tracker, Wiki
from bridge.sandbox import Sandbox
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
    with contextlib.suppress(SiteError):
        tracker.link([(epic, f"{site.marketing}-999999")])
    with contextlib.suppress(SiteError):
        tracker.remember(f"{site.marketing}-999999", {})
    with contextlib.suppress(SiteError):
        tracker.edit(Edit(f"{site.marketing}-999999", {"due": None}, {}), quietly=False)


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
    assert wiki.url(page.id)


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


SCENES: tuple[Callable[[Site], None], ...] = (use_tracker, use_wiki, be_refused)


def in_no_time() -> AbstractContextManager[Any]:
    """Wait for nothing: what is repeated after a pause is repeated at once."""
    return mock.patch.object(SystemClock, "sleep", return_value=None)


class Roll:
    """Stands before a port and keeps a list of what was called."""

    def __init__(self, port: Tracker | Wiki) -> None:
        self._port = port
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self._port, name)


def toured(flavour: str, folder: Path) -> tuple[Watch, set[str]]:
    """Tour one flavour; return what was seen, and the methods of the ports that were called."""
    with Sandbox(flavour, start_date=True) as box, in_no_time():
        judge = watch(box)
        site = SandboxSite(box, folder)
        tracker, wiki = Roll(site.tracker), Roll(site.wiki)
        site.tracker, site.wiki = tracker, wiki
        for scene in SCENES:
            scene(site)
    return judge, tracker.called | wiki.called
