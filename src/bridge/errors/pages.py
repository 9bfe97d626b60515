"""Pages that are left as they are."""

from collections.abc import Sequence

from bridge.errors.families import DecisionNeeded, SiteError, UnsafeError
from bridge.text import Text, text


class MarkersDamaged(UnsafeError):
    """The markers between a page's regions are missing, doubled, nested or unclosed."""

    def __init__(self, page: str, what: Text, hint: Text | None = None) -> None:
        super().__init__(
            text("The page “{page}” was left as it is: {what}", page=page, what=what),
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
        self.places = tuple(places)
        super().__init__(
            text(
                "The page “{page}” was edited where the bridge writes: {places} Nothing was written.",
                page=page,
                places=self.places,
            ),
            text(
                "Move the words into the month's intentions or into Jira, "
                "restore the region from the page's history, then publish again."
            ),
        )
