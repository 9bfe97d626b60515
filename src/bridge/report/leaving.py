"""What leaving takes away, before and after, for the terminal and as JSON; webhooks likewise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import Problem
from bridge.operations.hooks import Plan
from bridge.operations.remove import Remains
from bridge.report import table
from bridge.site import Webhook
from bridge.text import Speaker, Text, text, texts


@dataclass(frozen=True, slots=True)
class Leaving:
    """Everything of a workspace's: on the site, its webhooks, and its files on this machine.

    ``webhooks`` is None where this account may not look at them; ``has_store``: the service keeps
    its work elsewhere, where nothing is deleted.
    """

    remains: Remains
    webhooks: tuple[Webhook, ...] | None
    files: tuple[Path, ...]
    has_store: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to take away."""
        return self.remains.is_empty and not self.webhooks and not self.files


def as_text(leaving: Leaving, speaker: Speaker) -> list[str]:
    """Return the counts of each kind, and what stays."""
    lines = [speaker.say(line) for line in _counts(leaving)]
    if leaving.is_empty:
        lines.append(speaker.say(text("There is nothing of the bridge's to take away.")))
    if leaving.webhooks is None:
        why = text(
            "This account may not look at webhooks. If there is one called “bridge …”, an "
            "administrator of Jira deletes it."
        )
        lines += table.lines(speaker.say(why))
    if leaving.has_store:
        why = text(
            "The service's work and feeds lie where BRIDGE_STATE says: drop that database or file."
        )
        lines += table.lines(speaker.say(why))
    return lines


def _counts(leaving: Leaving) -> list[Text]:
    """Return a line for each kind of which there is something."""
    remains = leaving.remains
    labels = sum(bool(issue.labels) for issue in remains.issues)
    memories = sum(issue.remembers for issue in remains.issues)
    markers = sum(marked.markers for marked in remains.pages)
    pages, hooks = len(remains.pages), len(leaving.webhooks or ())
    files = tuple(one.name for one in leaving.files)
    said = (
        (labels, texts("{n} issue: its labels", "{n} issues: their labels", labels)),
        (memories, texts("{n} issue: its memory", "{n} issues: their memory", memories)),
        (pages, _paged(pages, markers)),
        (int(remains.root is not None), text("The page above them: its map and its label")),
        (hooks, texts("{n} webhook", "{n} webhooks", hooks)),
        (len(files), text("On this machine: {files}", files=files)),
    )  # fmt: skip
    return [words for count, words in said if count]


def _paged(pages: int, markers: int) -> Text:
    return texts(
        "{n} page of a month: its memory and its markers ({markers})",
        "{n} pages of months: their memory and markers ({markers})",
        pages,
        markers=markers,
    )


def as_json(
    leaving: Leaving, refused: Sequence[Problem], speaker: Speaker, *, removed: bool
) -> Any:
    """Return the same as JSON; ``left``: what stays although it is the bridge's, and why."""
    remains = leaving.remains
    return {
        "issues": [
            {"key": one.key, "labels": list(one.labels), "memory": one.remembers}
            for one in remains.issues
        ],
        "pages": [
            {"id": one.page.id, "title": one.page.title, "markers": one.markers, "memory": one.remembers}
            for one in remains.pages
        ],
        "root": remains.root.page.id if remains.root else None,
        "webhooks": None if leaving.webhooks is None else [hook.id for hook in leaving.webhooks],
        "files": [one.name for one in leaving.files],
        "left": [speaker.say(one.sentence) for one in (*remains.left, *refused)],
        "removed": removed,
    }  # fmt: skip


# --- webhooks --------------------------------------------------------------------------------------


def webhook_text(hook: Webhook, speaker: Speaker) -> list[str]:
    """Return one webhook: its name, where it leads, and of what it tells."""
    state = text("on") if hook.enabled else text("off")
    said = text("{name} ({state}): {url}", name=hook.name, state=state, url=hook.url)
    return [*table.lines(speaker.say(said)), *table.lines(", ".join(hook.events), indent="  ")]


def webhook_json(hook: Webhook) -> dict[str, Any]:
    """Return one webhook as JSON."""
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "enabled": hook.enabled,
        "events": list(hook.events),
    }


def plan_text(plan: Plan, speaker: Speaker) -> list[str]:
    """Return what registering comes to, before it is done."""
    if not plan.writes:
        return [speaker.say(text("The webhook is registered already."))]
    lines = []
    if plan.found is None:
        said = text("Jira will tell {url} of what changes in: {jql}", url=plan.url, jql=plan.jql)
        lines += table.lines(speaker.say(said))
    for hook in plan.replaces:
        gone = text("The one that leads to {url} will be deleted.", url=hook.url)
        lines += table.lines(speaker.say(gone))
    return lines


def by_hand(plan: Plan, speaker: Speaker) -> list[str]:
    """Return, step by step, how an administrator registers it, or how Jira Automation does the same."""
    events = text("Issue: created, updated, deleted. Comment: created, updated, deleted.")
    webhook = (
        text("An administrator of Jira opens Settings › System › WebHooks and creates one:"),
        text("Name: {name}", name=plan.name),
        text("Status: enabled"),
        text("URL: {url}", url=plan.url),
        text("Secret: the value of BRIDGE_WEBHOOK_SECRET"),
        text("JQL: {jql}", jql=plan.jql),
        text("Events: {events}", events=events),
        text("Exclude body: off"),
    )
    automation = (
        text("Without that right, whoever administers the project makes a rule under Automation:"),
        text("Triggers: issue created, issue transitioned, field value changed, issue commented."),
        text("Action: Send web request, POST, to {url}", url=plan.url),
        text("Header: X-Bridge-Secret, with the value of BRIDGE_WEBHOOK_SECRET, marked as hidden"),
        text("Header: Content-Type, with application/json"),
        text("Body: custom data, exactly: {body}", body=AUTOMATION_BODY),
        text("With neither, nothing is lost: the service looks around by itself, a little later."),
    )
    steps: list[str] = []
    for first, *others in (webhook, automation):
        steps += ["", *table.lines(speaker.say(first))]
        for number, step in enumerate(others, 1):
            steps += table.lines(f"{number}. {speaker.say(step)}", indent="  ")
    return steps[1:]


AUTOMATION_BODY = (
    '{"issue": {"key": "{{issue.key}}", "fields": {"duedate": "{{issue.duedate.jqlDate}}"}}}'
)
