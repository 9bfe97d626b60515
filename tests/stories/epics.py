"""An epic made in the browser, and what people and the bridge do on it."""

from datetime import date

from tests.stories.around import TODAY, around, react
from tests.stories.conftest import SMALL, Shop
from tests.stories.requests import mail, start_clock

# The small campaign, with a parameter, a choice, and a role that nobody holds.
FULL = (
    SMALL.replace("id: small", "id: full")
    .replace("roles: [marketing, it, design]", "roles: [marketing, it, design, legal]\n"
             "parameters:\n"
             '  plan_b: {title: {fr: "Plan B : produits", en: "Plan B: products"}, required: true}\n'
             '  validator: {title: {fr: "Validation", en: "Validator"}, one_of: [marketing, crm], required: true}')
    .replace("department: it, role: it", "department: it, role: legal")
)  # fmt: skip


def prepare(shop: Shop) -> None:
    """Let the shop have both templates, and its time begin."""
    (shop.folder / "templates" / "retroplans" / "full.yaml").write_text(FULL, "utf-8")
    start_clock(shop)


class Epic:
    """An epic that Camille makes, and what people do on it."""

    def __init__(
        self,
        shop: Shop,
        *labels: str,
        name: str = "Noël",
        due: str | None = "2027-02-26",
        **more: object,
    ) -> None:
        self.shop = shop
        self.jira = shop.box.site.jira
        made = self.jira.create(
            "MKT", "Epic", name, by=mail("camille"), labels=list(labels), duedate=due, **more
        )
        self.key = made.key
        shop.box.forget_requests()

    def react(self, today: date = TODAY) -> None:
        react(self.shop, self.key, "campaign", today=today)

    def quiet(self) -> bool:
        """Whether another round writes nothing."""
        self.shop.box.forget_requests()
        self.react()
        return self.shop.written() == []

    def say(self, words: str, person: str = "camille") -> None:
        self.jira.comment(self.key, words, by=mail(person))

    def account(self, person: str) -> str:
        return str(self.shop.box.site.people.find(mail(person)).account_id)

    def labels(self, *labels: str) -> None:
        self.edit(labels=list(labels))

    def edit(self, person: str = "camille", **fields: object) -> None:
        self.jira.edit(self.key, by=mail(person), **fields)

    def tamper(self, person: str = "vanessa") -> None:
        """Let somebody change the bridge's comment, keeping its last line."""
        site = self.shop.box.site
        with site.jira._acting(mail(person)) as who:
            comment = site.jira.comments_of(self.key)[0]
            site.jira.comments.change(comment, who.account_id, comment.body)

    @property
    def comments(self) -> list[str]:
        """The bridge's comments."""
        with around(self.shop) as here:
            me = here.tools.tracker.me()
            return [c.words for c in here.tools.tracker.comments(self.key) if c.author == me]

    @property
    def comment(self) -> str:
        (one,) = self.comments
        return one

    @property
    def lines(self) -> list[str]:
        with around(self.shop) as here:
            return list(here.tools.tracker.lines(self.key))

    @property
    def children(self) -> list[str]:
        return [key for key in self.shop.issues() if key != self.key]
