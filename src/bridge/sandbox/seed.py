"""What a new sandbox contains: nine people, two projects, one space; nothing planned yet."""

import os
import secrets
from typing import NamedTuple

from bridge.sandbox.people import Person
from bridge.sandbox.site import Site

SERVICE = "bridge@boutique.example"
TOKEN_VARIABLE = "BRIDGE_SANDBOX_TOKEN"  # noqa: S105  # the name of a variable


class Newcomer(NamedTuple):
    """A person to be seeded."""

    name: str
    email: str
    external: bool = False


PEOPLE = (
    Newcomer("Camille", "camille@boutique.example"),
    Newcomer("Jonathan", "jonathan@boutique.example"),
    Newcomer("Vanessa", "vanessa@boutique.example"),
    Newcomer("Nadia", "nadia@boutique.example"),
    Newcomer("Inès (Studio Lumen)", "ines@studio-lumen.example", external=True),
    Newcomer("Bridge", SERVICE),
    Newcomer("Claire", "claire@boutique.example"),
    Newcomer("Hugo", "hugo@boutique.example"),
    Newcomer("Sophie", "sophie@boutique.example"),
)
_HOME = {
    "fr": "<p>L’espace de l’équipe marketing : le calendrier du mois, les campagnes, les décisions.</p>",
    "en": "<p>The marketing team’s space: the calendar of the month, the campaigns, the decisions.</p>",
}


def plant(site: Site, *, start_date: bool | None = None) -> None:
    """Fill an empty site; ids are the same in every new sandbox.

    ``start_date`` says whether there is a field "Start date": Cloud has one, Data Center none,
    unless told otherwise.
    """
    with site.store.transaction():
        site.store.set_meta("language", site.language)
        site.store.set_meta("flavour", site.flavour.name)
        wanted = not site.flavour.server if start_date is None else start_date
        site.jira.setup.install(site.language, start_date=wanted)
        for name, email, external in PEOPLE:
            site.people.add(name, email, external=external)
        site.people.allow("Jonathan", "ADMINISTER")
        for right in ("BULK_CHANGE", "MANAGE_GROUP_FILTER_SUBSCRIPTIONS"):
            site.people.allow(SERVICE, right)
        site.jira.setup.add_project("MKT", "Marketing", lead="Camille", admins=[SERVICE])
        site.jira.setup.add_project("IT", "Informatique", lead="Jonathan", admins=[SERVICE])
        site.jira.setup.revoke("Inès (Studio Lumen)", "BROWSE_PROJECTS", "IT")
        site.confluence.add_space("MKT", "Marketing", by="Camille", home=_HOME[site.language])
        site.confluence.spaces.grant(SERVICE, "administer", "MKT")
        site.confluence.add_personal_space("Camille")


def sign_in_name(site: Site, person: Person) -> str:
    """Return the name that goes with a token or password: an address, or a user name on Data Center."""
    return person.username if site.flavour.server else person.email


def service_account(site: Site) -> tuple[Person, str]:
    """Return the account the bridge signs in with, and its token: the environment's or the store's."""
    person = site.people.find(SERVICE)
    given = os.environ.get(TOKEN_VARIABLE)
    kept = given or site.store.meta("service-token")
    token = kept or ("" if site.flavour.server else "ATATT3x") + secrets.token_urlsafe(33)
    with site.store.transaction():
        site.store.set_meta("service-token", token)
        site.people.issue_token(person, token)
        if site.flavour.server:
            site.people.set_password(person, token)
    return person, token
