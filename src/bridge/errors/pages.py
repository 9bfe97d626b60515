"""Pages that are left as they are."""

from collections.abc import Mapping, Sequence

from bridge.errors.families import (
    ConfigurationError,
    DecisionNeeded,
    Problem,
    SiteError,
    UnsafeError,
)
from bridge.text import Text, text

# What people call the parts of a page: the names in its markers are for machines.
PARTS: Mapping[str, Text] = {
    "day": text("Today"),
    "intentions": text("The month's intentions"),
    "grid": text("the calendar of the month"),
    "table": text("Actions"),
    "holidays": text("Holidays"),
}


def _with_parts(what: Text) -> Text:
    """Call a page's parts as people see them, where a sentence names one by its marker."""
    values = {
        key: PARTS.get(value, value) if isinstance(value, str) else value
        for key, value in what.values.items()
    }
    return Text(what.one, values, what.many)


class MarkersDamaged(UnsafeError):
    """The markers between a page's regions are missing, doubled, nested or unclosed."""

    def __init__(self, page: str, what: Text, hint: Text | None = None) -> None:
        super().__init__(
            text("The page “{page}” was left as it is: {what}", page=page, what=_with_parts(what)),
            hint
            or text("Restore the page's last good version from its history, then publish again."),
        )


class PageGone(DecisionNeeded):
    """A page that the bridge published is in the trash or archived; it is not made again."""

    def __init__(self, title: str) -> None:
        super().__init__(
            text("The page “{title}” was deleted or archived; it is not made again.", title=title),
            text("Restore it in Confluence, then publish again."),
        )


class PageInTheWay(DecisionNeeded):
    """Another page has the title that a month's page needs."""

    def __init__(self, title: str, url: str) -> None:
        super().__init__(
            text(
                "A page “{title}” exists already and is not the bridge's: {url}",
                title=title,
                url=url,
            ),
            text("Rename that page, then publish again; the bridge never takes over a page."),
        )


class PageBusy(SiteError):
    """Somebody kept writing the page while the bridge tried to."""

    def __init__(self, title: str) -> None:
        super().__init__(
            text("The page “{title}” is being edited right now.", title=title),
            text("Publish again in a moment."),
        )


class RegionEdited(UnsafeError):
    """A person edited what the machine writes; the merge of such edits is not built yet."""

    def __init__(self, page: str, places: Sequence[Text]) -> None:
        self.problems = tuple(Problem(_with_parts(place)) for place in places)
        super().__init__(
            text(
                "The page “{page}” was edited where the bridge writes. Nothing was written.",
                page=page,
            ),
            text(
                "Move the words into the month's intentions or into Jira, "
                "restore the region from the page's history, then publish again."
            ),
        )


class MonthUnanswered(ConfigurationError):
    """Jira cannot make sense of the month's query: a project that is gone, or ``month.jql``."""

    def __init__(self, detail: str, *, own_jql: bool) -> None:
        super().__init__(
            text("Jira cannot answer which actions the month has: {detail}", detail=detail),
            text("Check month.jql in bridge.yaml.")
            if own_jql
            else text("Check jira.projects in bridge.yaml, and the right “Browse Projects” there."),
        )
