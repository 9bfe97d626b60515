"""Short ways to survey a site and to create issues on it."""

from datetime import date
from typing import Any

from bridge.prose import Bullets, Checklist, Heading, Paragraph
from bridge.tracker import Draft, Issue, Kind, Survey
from tests.contract.sites import Site

MEMORY = {"format": 1, "step": "brief", "meant": {"due": "2028-02-29"}, "é": ["😀", None, 1]}
PROSE = (
    Heading("Résultat"),
    Paragraph("Un brief publié"),
    Bullets(("Le public", "Le budget")),
    Checklist(("Relire", "Envoyer")),
)
LEAP_DAY = date(2028, 2, 29)


def survey(site: Site, *names: str) -> Survey:
    """Survey both projects, with people who must be assignable in the marketing project."""
    people = [(site.person(name), site.marketing) for name in names]
    return site.tracker.survey([site.marketing, site.it], people, site.label)


def draft(site: Site, ref: str, *, project: str = "", kind: Kind = "task", parent: str | None = None,
          memory: Any = None, labels: tuple[str, ...] = (), **fields: Any) -> Draft:  # fmt: skip
    """A draft with a summary, the run's label and a memory."""
    values: dict[Any, Any] = {"summary": f"{site.prefix}{ref}", **fields}
    return Draft(
        ref=ref,
        project=project or site.marketing,
        kind=kind,
        fields=values,
        labels=("bridge", site.label, *labels),
        parent=parent,
        memory=MEMORY if memory is None else memory,
    )


def created(site: Site, *drafts: Draft) -> dict[str, str]:
    """Create, all of them; the keys by ref."""
    made = site.tracker.create(drafts)
    assert made.failures == ()
    return dict(made.keys)


def one(site: Site, **more: Any) -> str:
    """Survey, create one task, and return its key."""
    survey(site)
    return created(site, draft(site, "one", **more))["one"]


def read(site: Site, key: str) -> Issue:
    """An issue as the store has it."""
    return site.tracker.read([key])[key]


def found(site: Site, condition: str = "") -> list[str]:
    """The keys that the index shows under the run's label."""
    query = f'project in ("{site.marketing}", "{site.it}") AND labels = "{site.label}"{condition}'
    return [issue.key for issue in site.tracker.search(f"{query} ORDER BY key")]
