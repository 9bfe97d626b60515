"""Who may use the site: persons, their tokens, and what an e-mail address finds."""

import itertools
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bridge.sandbox.store import Store
from bridge.sandbox.tokens import Tokens, digest

_NAMESPACE = uuid.UUID("6f1f2c1e-5d0a-4b1e-9a51-0d5c0f4d7120")
GLOBAL_PERMISSIONS = (
    "ADMINISTER",
    "SYSTEM_ADMIN",
    "BULK_CHANGE",
    "USER_PICKER",
    "CREATE_SHARED_OBJECTS",
    "MANAGE_GROUP_FILTER_SUBSCRIPTIONS",
)
"""The global permissions of the imitated site; ``USER_PICKER`` is "Browse users and groups"."""
_ORDINARY = ("USER_PICKER", "CREATE_SHARED_OBJECTS")


class NoSuchPersonError(LookupError):
    """Nobody on the site answers to that name, e-mail address or account id."""


@dataclass(frozen=True)
class Person:
    """An account. ``hidden_email`` keeps the address out of answers and look-ups.

    ``username`` and ``key`` are how Data Center names people; Cloud does not show them. The tokens of
    a ``service`` account open the gateway only.
    """

    account_id: str
    name: str
    email: str
    active: bool = True
    hidden_email: bool = False
    timezone: str = "Europe/Paris"
    locale: str = "fr_FR"
    kind: str = "atlassian"
    external: bool = False
    rights: list[str] = field(default_factory=lambda: list(_ORDINARY))
    service: bool = False
    groups: list[str] = field(default_factory=list)
    username: str = ""
    key: str = ""

    @property
    def userkey(self) -> str:
        """The key by which Confluence Data Center knows the account: 32 hexadecimal digits."""
        return self.account_id.partition(":")[2].replace("-", "")

    @property
    def initials(self) -> str:
        """One or two letters for the small round picture."""
        words = [word for word in self.name.replace("(", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"

    @property
    def visible_email(self) -> str:
        """The address as others see it: empty when hidden."""
        return "" if self.hidden_email else self.email


def account_id(email: str) -> str:
    """Return the account id that an e-mail address gets here, always the same: ``712020:`` and a UUID."""
    return f"712020:{uuid.uuid5(_NAMESPACE, email.casefold())}"


class People:
    """The accounts of the site."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tokens = Tokens(store)
        self._shelf = store.shelf("person", lambda doc: Person(**doc))

    def __iter__(self) -> Iterator[Person]:
        return iter(self._shelf)

    def add(
        self,
        name: str,
        email: str,
        *,
        external: bool = False,
        rights: tuple[str, ...] = _ORDINARY,
        service: bool = False,
    ) -> Person:
        """Open an account; the account id follows from the e-mail address."""
        account = account_id(email)
        before = self._shelf.get(account)
        person = Person(
            account, name, email, external=external, rights=list(rights), service=service,
            username=before.username if before else self._free_username(email),
            key=before.key if before else f"JIRAUSER{self._store.next_id('user', 10100)}",
        )  # fmt: skip
        return self._shelf.put(person.account_id, person)

    def _free_username(self, email: str) -> str:
        """Return the part before the ``@``, with a number behind it where somebody has it already."""
        wanted = email.partition("@")[0].lower()
        taken = {person.username for person in self._shelf}
        numbered = (f"{wanted}{n}" for n in itertools.count(2))
        return wanted if wanted not in taken else next(n for n in numbered if n not in taken)

    def named(self, username: str) -> Person | None:
        """Return the person with a user name (any case), or None."""
        wanted = username.casefold()
        return next((p for p in self._shelf if p.username and p.username == wanted), None)

    def keyed(self, key: str) -> Person | None:
        """Return the person with an account id, a Jira user key or a Confluence user key, or None."""
        return self._shelf.get(key) or next(
            (p for p in self._shelf if key and key in (p.key, p.userkey)), None
        )

    def get(self, account: str | None) -> Person | None:
        """Return the person with this account id, or None."""
        return None if account is None else self._shelf.get(account)

    def find(self, who: "str | Person") -> Person:
        """Return the person meant by an account id, an e-mail address or a display name.

        Raises:
            NoSuchPersonError: nobody answers to it.

        """
        if isinstance(who, Person):
            return self._shelf[who.account_id]
        by_id = self._shelf.get(who)
        if by_id:
            return by_id
        wanted = who.casefold()
        for person in self._shelf:
            if wanted in (person.email.casefold(), person.name.casefold()):
                return person
        raise NoSuchPersonError(who)

    def change(self, who: str | Person, **changes: object) -> Person:
        """Set attributes of a :class:`Person`, for example ``hidden_email=True``."""
        person = self.find(who)
        return self._shelf.put(person.account_id, replace(person, **changes))  # type: ignore[arg-type]  # names and types are Person's own

    def deactivate(self, who: str | Person) -> Person:
        """Close the account: no sign-in, no assignment; what it wrote stays."""
        return self.change(who, active=False)

    def hide_email(self, who: str | Person, *, hidden: bool = True) -> Person:
        """Decide whether the address is seen in answers and found by look-ups."""
        return self.change(who, hidden_email=hidden)

    def allow(self, who: str | Person, right: str, *, allowed: bool = True) -> Person:
        """Give (or take) a global permission, for example ``ADMINISTER``."""
        person = self.find(who)
        rest = [r for r in person.rights if r != right]
        return self.change(person, rights=[*rest, right] if allowed else rest)

    def join(self, who: str | Person, group: str, *, member: bool = True) -> Person:
        """Put somebody into a group, or out of it."""
        person = self.find(who)
        rest = [name for name in person.groups if name != group]
        return self.change(person, groups=[*rest, group] if member else rest)

    def search(self, text: str, *, only_active: bool = True) -> list[Person]:
        """People whose name has a word, or whose visible address, begins with ``text``; by name."""
        wanted = text.casefold().strip()
        found = [p for p in self._shelf if (p.active or not only_active) and _matches(p, wanted)]
        return sorted(found, key=lambda p: p.name.casefold())

    def issue_token(
        self,
        who: str | Person,
        token: str | None = None,
        *,
        scopes: Iterable[str] | None = None,
        expires: str | None = None,
    ) -> str:
        """Return a new API token for a person; earlier ones stay valid.

        With ``scopes`` (such as ``read:jira-work``) it opens the gateway only, and only for those;
        ``expires`` is ISO text in UTC, such as ``2027-01-01T00:00:00.000Z``.
        """
        return self.tokens.issue(self.find(who).account_id, token, scopes, expires)

    def revoke_tokens(self, who: str | Person) -> None:
        """Make every token of a person invalid."""
        self.tokens.revoke_all(self.find(who).account_id)

    def set_password(self, who: str | Person, password: str) -> None:
        """Let a person sign in with a user name and a password, as on Data Center."""
        with self._store.transaction():
            self._store.run(
                "insert or replace into password values (?, ?)",
                self.find(who).account_id,
                digest(password),
            )

    def by_password(self, username: str, password: str) -> Person | None:
        """Return the active person who has this user name and this password, or None."""
        person = self.named(username)
        held = person and self._store.one(
            "select digest from password where account = ?", person.account_id
        )
        signed_in = person and person.active and held and held["digest"] == digest(password)
        return person if signed_in else None

    def by_token(self, token: str, now: str) -> Person | None:
        """Return the active person who owns this personal access token, or None once it has expired."""
        found = self.tokens.find(token)
        if found is None or found.expired(now):
            return None
        person = self._shelf.get(found.account)
        return person if person and person.active else None


def _matches(person: Person, wanted: str) -> bool:
    words = re.findall(r"\w+", person.name.casefold())
    starts = [person.name.casefold(), person.visible_email.casefold(), *words]
    if wanted == person.account_id.casefold():
        return True  # pycontribs' client looks people up by account id this way
    return any(start.startswith(wanted) for start in starts if start)
