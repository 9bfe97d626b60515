"""A month for Confluence, for a browser, for the terminal and as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bridge.monthpage import MonthView
from bridge.operations.month import Published
from bridge.operations.publishing import Layout
from bridge.pages import HUMAN, ORDER, Pages, month_title, plain_html
from bridge.report import table
from bridge.text import Speaker, text, texts
from bridge.workspace import Workspace


def layout(workspace: Workspace, month: date, speaker: Speaker) -> Layout:
    """Return how this workspace's months are drawn in Confluence."""
    pages = Pages(speaker)
    return Layout(
        machine=pages.regions,
        human={HUMAN: pages.intentions(_deciders(workspace))},
        order=ORDER,
        title=month_title(workspace.parent, month, speaker),
        root=pages.root(),
    )


def preview(
    workspace: Workspace, seen: MonthView, written: Mapping[str, str], speaker: Speaker
) -> str:
    """Return the month as one HTML page; ``written`` is what people wrote on the published one."""
    pages = Pages(speaker, "html")
    human = written.get(HUMAN)
    said = pages.intentions(_deciders(workspace)) if human is None else plain_html(human)
    regions = {**pages.regions(seen), HUMAN: said}
    return pages.preview(month_title(workspace.parent, seen.month, speaker), regions, speaker.code)


def _deciders(workspace: Workspace) -> tuple[str, ...]:
    return tuple(workspace.team.people[decider.person].name for decider in workspace.deciders)


def published_json(published: Published, speaker: Speaker) -> dict[str, Any]:
    """Return the JSON contract of ``month publish`` (``interfaces.md``)."""
    return {
        "month": f"{published.month:%Y-%m}",
        "page": published.page,
        "url": published.url,
        "version": published.version,
        "written": published.written,
        "actions": len(published.view.actions),
        "undated": len(published.view.undated),
        "kept": [],
        "conflicts": [],
        "findings": [
            {"code": finding.code, "message": speaker.say(finding.message)}
            for finding in published.findings
        ],
    }


def published_text(published: Published, speaker: Speaker) -> list[str]:
    """Return what a publish came to, for the terminal."""
    seen = published.view
    done = (
        text("Published as version {version}.", version=published.version or 0)
        if published.written
        else text("Nothing changed: nothing was written.")
    )
    lines = [_count(seen, speaker), speaker.say(done), *_warnings(published, speaker)]
    return [*lines, published.url] if published.url else lines


def _warnings(published: Published, speaker: Speaker) -> list[str]:
    return [f"! {speaker.say(f.message)} [{f.code}]" for f in published.findings]


def looked_text(published: Published, speaker: Speaker) -> list[str]:
    """Return what a publish would come to, for a dry run: the month's actions, and the page."""
    seen = published.view
    if published.page is None:
        then = text("The page does not exist yet: it would be created.")
    elif published.would_write:
        then = text("The page would change.")
    else:
        then = text("The page says all this already.")
    heads = [text("Due"), text("Responsible"), text("Issue"), text("What")]
    rows = [[speaker.say(head) for head in heads]]
    rows += [
        [
            speaker.day(action.day) if action.day else "",
            action.responsible,
            action.key,
            action.title,
        ]
        for action in seen.actions
    ]
    return [
        *(table.headed(rows) if seen.actions else []),
        _count(seen, speaker),
        speaker.say(then),
        *_warnings(published, speaker),
        *([published.url] if published.url else []),
    ]


def _count(seen: MonthView, speaker: Speaker) -> str:
    return speaker.say(
        texts(
            "{month}: {n} action, {undated} without a date.",
            "{month}: {n} actions, {undated} without a date.",
            len(seen.actions),
            month=speaker.day(seen.month, style="heading"),
            undated=len(seen.undated),
        )
    )
