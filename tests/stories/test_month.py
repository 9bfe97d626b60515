"""One page per month: what it shows, whose words are whose, and what is never lost."""

import re
from collections.abc import Callable

import pytest
from icalendar import Calendar

from tests.stories.conftest import BOTH_FLAVOURS, Shop

pytestmark = BOTH_FLAVOURS

PEOPLE = {
    "Camille": "camille@boutique.example",
    "Jonathan": "jonathan@boutique.example",
    "Vanessa": "vanessa@boutique.example",
}
THE_17TH = [
    ("Changement de la page d’accueil", "Vanessa"),
    ("Nouvelle newsletter", "Camille"),
    ("Mise à jour du merchandising", "Vanessa"),
    ("Changement des publicités", "Jonathan"),
    ("Bloc « dernière chance » sur les fiches produits", "Camille"),
]
CALENDAR_ONLY = """\
format: bridge/workspace/v1
id: boutique-fr
jira: {projects: {marketing: MKT}}
confluence: {space: MKT, parent: "Calendrier marketing"}
"""


def add(shop: Shop, summary: str, who: str | None, day: str | None, **more: object) -> str:
    fields = dict(more)
    if who:
        fields["assignee"] = PEOPLE[who]
    if day:
        fields["duedate"] = day
    return str(
        shop.box.site.jira.create("MKT", "Task", summary, by=PEOPLE["Camille"], **fields).key
    )


def the_17th_of_december(shop: Shop) -> None:
    for summary, who in THE_17TH:
        add(shop, summary, who, "2026-12-17")


def rows(page: str) -> list[str]:
    """The words of each table row of a page's storage format."""
    found = re.findall(r"<tr\b.*?</tr>", page.partition("table.begin")[2], flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_the_17th_of_december(shop: Shop, golden: Callable[[str, str], None]) -> None:
    """product.md M1: five actions in this order, the date on each line."""
    (shop.folder / "bridge.yaml").write_text(CALENDAR_ONLY, "utf-8")
    the_17th_of_december(shop)
    told = shop.publish("2026-12", today="2026-12-17")
    assert (told["actions"], told["written"], told["version"]) == (5, True, 1)
    lines = rows(shop.page(told["page"]))[1:]
    assert [line.startswith("jeudi 17 décembre 2026") for line in lines] == [True] * 5
    assert [(what in line, line.endswith(who)) for line, (what, who) in zip(lines, THE_17TH, strict=True)] == [(True, True)] * 5  # fmt: skip
    html = shop.folder / "december.html"
    assert (
        shop.bridge("month", "preview", "2026-12", "--out", str(html), today="2026-12-17").code == 0
    )
    address = shop.box.ready["jira"]
    golden("december.html", html.read_text("utf-8").replace(address, "https://jira.example"))


def test_a_calendar_alone_needs_no_people_no_templates(shop: Shop) -> None:
    (shop.folder / "bridge.yaml").write_text(CALENDAR_ONLY, "utf-8")
    told = shop.publish("2026-12", today="2026-11-22")
    assert (told["actions"], told["undated"]) == (0, 0)
    assert "Aucune action" in shop.page(told["page"])


def test_unchanged_is_not_written(shop: Shop) -> None:
    the_17th_of_december(shop)
    first = shop.publish("2026-12", today="2026-12-01")
    shop.box.forget_requests()
    second = shop.publish("2026-12", today="2026-12-01")
    assert shop.written() == []
    assert (second["page"], second["version"], second["written"]) == (first["page"], 1, False)


def test_the_page_keeps_its_identity_and_the_title_a_person_gave_it(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    same = shop.page(first["page"])
    wiki.edit(first["page"], same, by=PEOPLE["Vanessa"], title="Décembre, enfin !")
    the_17th_of_december(shop)
    second = shop.publish("2026-12", today="2026-12-01")
    assert second["page"] == first["page"]
    assert wiki.page(first["page"]).title == "Décembre, enfin !"
    assert "newsletter" in shop.page(first["page"])


def test_a_renamed_page_above_the_months_is_found_again(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    root = wiki.page_titled("Calendrier marketing")
    wiki.edit(root.id, wiki.body(root.id), by=PEOPLE["Vanessa"], title="Notre calendrier")
    (shop.folder / ".bridge" / "journal.jsonl").unlink(missing_ok=True)
    pages = len(wiki.pages.all())
    assert shop.publish("2026-12", today="2026-12-01")["page"] == first["page"]
    shop.publish("2027-01", today="2026-12-01")
    assert len(wiki.pages.all()) == pages + 1


def test_a_forged_version_message_does_not_make_an_edit_ours(shop: Shop) -> None:
    the_17th_of_december(shop)
    first = shop.publish("2026-12", today="2026-12-01")
    add(shop, "Une de plus", "Camille", "2026-12-18")
    shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    forged = wiki.pages.versions(int(first["page"]))[0].message
    assert forged.startswith("bridge ")
    body = shop.page(first["page"]).replace("Nouvelle newsletter", "Ma newsletter")
    wiki.edit(first["page"], body, by=PEOPLE["Camille"], message=forged)
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-02")
    assert result.code == 5
    assert "Ma newsletter" in shop.page(first["page"])


def test_what_people_wrote_is_carried_over_byte_for_byte(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    mine = "<p>Temps forts : <strong>Noël &amp; Nouvel An</strong> – 20&nbsp;% sur les pulls 🎄</p><p>“ton” chaleureux</p>"
    after = "<p>À la toute fin : une note de Vanessa.</p>"
    body = shop.page(first["page"]).replace(
        "Les intentions du mois</h2>", f"Les intentions du mois</h2>{mine}"
    )
    wiki.edit(first["page"], by=PEOPLE["Vanessa"], body=body + after)
    theirs = shop.page(first["page"])
    start = theirs.index("Temps forts : <strong>Noël")
    human = theirs[start : theirs.index("bridge.boutique-fr.2026-12.human.intentions.end")]
    the_17th_of_december(shop)
    second = shop.publish("2026-12", today="2026-12-01")
    assert second["written"] is True
    now = shop.page(first["page"])
    assert human in now
    assert "une note de Vanessa" in now
    assert "Nouvelle newsletter" in now
    assert not [f for f in second["findings"] if f["code"] == "W-INTENTIONS"]


def test_undecided_intentions_are_warned_about(shop: Shop) -> None:
    told = shop.publish("2026-12", today="2026-12-01")
    assert [f["code"] for f in told["findings"]] == ["W-INTENTIONS"]
    assert "à décider" in shop.page(told["page"])
    assert "Vanessa" in shop.page(told["page"])


@pytest.mark.parametrize(
    ("edit", "decided"),
    [
        (lambda body: body.replace("Les intentions du mois</h2>", "Nos intentions</h2>"), False),
        (lambda body: body.replace(">Ton", ">Le ton"), False),
        (lambda body: re.sub(r"<p[^>]*><ac:structured-macro ac:name=.status.*?</p>", "", body), False),
        (lambda body: re.sub(r"(>Ton[^<]*</strong>)", r"\1 chaleureux", body), True),
        (lambda body: re.sub(r"(>Ton[^<]*)<", r"\1 chaleureux<", body), True),
    ],
    ids=["a heading changed", "a field renamed", "the line deleted", "a field filled", "filled in bold"],
)  # fmt: skip
def test_intentions_are_decided_once_a_field_is_filled(
    shop: Shop, edit: Callable[[str], str], decided: bool
) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki, body = shop.box.site.confluence, shop.page(first["page"])
    assert edit(body) != body
    wiki.edit(first["page"], by=PEOPLE["Vanessa"], body=edit(body))
    told = shop.publish("2026-12", today="2026-12-01")
    assert [f["code"] for f in told["findings"]] == ([] if decided else ["W-INTENTIONS"])


def test_a_deleted_part_for_intentions_is_missed_until_it_is_restored(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki, body = shop.box.site.confluence, shop.page(first["page"])
    head, _, rest = body.partition("human.intentions.begin")
    tail = rest.partition("human.intentions.end")[2].partition("</p>")[2]
    wiki.edit(first["page"], by=PEOPLE["Vanessa"], body=head.rpartition("<p")[0] + tail)
    for _ in range(2):
        told = shop.publish("2026-12", today="2026-12-01")
        assert [f["code"] for f in told["findings"]] == ["W-INTENTIONS-GONE"]
        assert "history" in told["findings"][0]["message"]
    wiki.edit(first["page"], by=PEOPLE["Vanessa"], body=body)
    assert [f["code"] for f in shop.publish("2026-12", today="2026-12-01")["findings"]] == [
        "W-INTENTIONS"
    ]


def test_a_preview_is_written_over_a_preview_and_over_nothing_else(shop: Shop) -> None:
    file = shop.folder / "mine.html"
    file.write_text("<p>à moi</p>", "utf-8")
    result = shop.bridge("month", "preview", "2026-12", "--out", str(file), today="2026-12-01")
    assert result.code == 5
    assert "--out" in result.err
    assert file.read_text("utf-8") == "<p>à moi</p>"
    for _ in range(2):
        fresh = str(shop.folder / "fresh.html")
        assert shop.bridge("month", "preview", "2026-12", "--out", fresh).code == 0


def test_a_machine_region_edited_by_a_person_refuses_with_the_place(shop: Shop) -> None:
    the_17th_of_december(shop)
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    body = shop.page(first["page"]).replace(
        "Nouvelle newsletter", "Nouvelle newsletter (annulée ?)"
    )
    wiki.edit(first["page"], by=PEOPLE["Camille"], body=body)
    shop.box.forget_requests()
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-02")
    assert result.code == 5
    assert "annulée" in result.err
    assert "calendar of the month" in result.err
    assert shop.written() == []
    assert "annulée" in shop.page(first["page"])


def test_a_save_that_only_rewrites_markup_is_no_edit(shop: Shop) -> None:
    """The editor wraps cells in paragraphs, adds ids and widths; nobody said anything new."""
    the_17th_of_december(shop)
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    body = shop.page(first["page"])
    body = re.sub(r"<td([^>]*)>([^<]+)</td>", r'<td\1><p local-id="abc">\2</p></td>', body)
    body = body.replace("<tbody>", '<colgroup><col style="width: 33.0%;" /></colgroup><tbody>')
    wiki.edit(first["page"], by=PEOPLE["Camille"], body=body)
    told = shop.publish("2026-12", today="2026-12-17")
    assert told["written"] is True
    assert told["version"] == 3


@pytest.mark.parametrize(
    ("break_it", "word"),
    [
        (lambda body: body.replace("table.end", "table.fin"), "not closed"),
        (lambda body: body.replace("grid.begin", "table.begin"), "calendar of the month"),
        (lambda body: body.replace("machine.holidays.begin", "machine.day.begin"), "“Holidays”"),
        (lambda body: body.partition("machine.grid.begin")[0].rpartition("<p")[0] + body.partition("machine.grid.end")[2].partition("</p>")[2], "calendar of the month"),
        (lambda body: body + body, "twice"),
    ],
    ids=["unclosed", "nested", "renamed", "cut out", "pasted twice"],
)  # fmt: skip
def test_damaged_markers_refuse_with_the_place(
    shop: Shop, break_it: Callable[[str], str], word: str
) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    wiki.edit(first["page"], by=PEOPLE["Camille"], body=break_it(shop.page(first["page"])))
    the_17th_of_december(shop)
    shop.box.forget_requests()
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-01")
    assert result.code == 5
    assert word in result.err
    assert shop.written() == []


def test_inline_comments_stay_beside_their_words(shop: Shop) -> None:
    the_17th_of_december(shop)
    first = shop.publish("2026-12", today="2026-12-01")
    wiki = shop.box.site.confluence
    wiki.comment_inline(first["page"], "Jours fériés", "Et le 26 ?", by=PEOPLE["Camille"])
    add(shop, "Une action de plus", "Camille", "2026-12-18")
    told = shop.publish("2026-12", today="2026-12-01")
    assert told["written"] is True
    assert "ac:inline-comment-marker" in shop.page(first["page"])


def test_a_page_that_a_person_made_is_never_taken_over(shop: Shop) -> None:
    wiki = shop.box.site.confluence
    mine = wiki.create("Calendrier marketing – décembre 2026", "<p>à moi</p>", by=PEOPLE["Camille"])
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-01")
    assert result.code == 4
    assert shop.page(str(mine.id)) == wiki.body(mine.id)
    assert "à moi" in wiki.body(mine.id)


def test_a_deleted_page_is_not_made_again(shop: Shop) -> None:
    first = shop.publish("2026-12", today="2026-12-01")
    shop.box.site.confluence.delete(first["page"], by=PEOPLE["Camille"])
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-01")
    assert result.code == 4
    assert "not made again" in result.err


def test_somebody_saves_while_we_publish(shop: Shop) -> None:
    """A spurious or real 409: read again, decide again."""
    first = shop.publish("2026-12", today="2026-12-01")
    the_17th_of_december(shop)
    shop.box.faults.conflict(method="PUT", path="/pages/")
    told = shop.publish("2026-12", today="2026-12-01")
    assert (told["page"], told["written"]) == (first["page"], True)


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_lost_answer_leads_to_the_same_page(shop: Shop, method: str, which: int) -> None:
    shop.box.faults.lose_answer(method=method, path="/wiki/api/v2/", at=which)
    first = shop.publish("2026-12", today="2026-12-01")
    the_17th_of_december(shop)
    second = shop.publish("2026-12", today="2026-12-01")
    assert second["page"] == first["page"]
    titles = [p.title for p in shop.box.site.confluence.pages.all()]
    assert len(titles) == len(set(titles))
    shop.box.forget_requests()
    assert shop.publish("2026-12", today="2026-12-01")["written"] is False
    assert shop.written() == []


def test_the_month_s_actions_are_those_of_the_interfaces(shop: Shop) -> None:
    shop.create_json()  # steps due 2027-02-05 (brief is 6 Feb, a Saturday), 16, 19 and 26 February
    jira = shop.box.site.jira
    steps = shop.by_step()
    add(shop, "Fait main", "Camille", "2027-02-16")
    add(shop, "Approbation", "Camille", "2027-02-17", labels=["bridge-approval"])
    add(shop, "Demande", "Camille", "2027-02-17", labels=["bridge", "bridge-request"])
    bare = add(shop, "Approbation sans étiquette", "Camille", "2027-02-17", labels=["bridge"])
    jira.set_property(bare, "bridge", {"kind": "approval", "format": 1})
    jira.create("IT", "Task", "Ticket IT sans lien", by=PEOPLE["Camille"], duedate="2027-02-17")
    jira.create("MKT", "Epic", "Une epic", by=PEOPLE["Camille"], duedate="2027-02-17")
    jira.create(
        "MKT",
        "Sub-task",
        "Une sous-tâche",
        by=PEOPLE["Camille"],
        duedate="2027-02-17",
        parent=steps["go"],
    )
    add(shop, "Sans date, sans campagne", "Camille", None)
    jira.edit(steps["go"], by=PEOPLE["Camille"], duedate=None)
    told = shop.publish("2027-02")
    page = shop.page(told["page"])
    assert (told["actions"], told["undated"]) == (4, 1)
    listed = rows(page)[1:]
    assert [next(w for w in ("brief", "visuels", "Fait main", "page") if w in line) for line in listed] == [
        "brief", "visuels", "Fait main", "page",
    ]  # fmt: skip
    assert "Lancer" in page.partition("grid.begin")[0]


def test_today_next_day_late_and_undated_stand_first(shop: Shop) -> None:
    the_17th_of_december(shop)
    add(shop, "Le lendemain", "Camille", "2026-12-18")
    add(shop, "En retard d’hier", "Camille", "2026-12-16")
    late = add(shop, "Finie hier", "Camille", "2026-12-16")
    shop.box.site.jira.transition(late, "Done", by=PEOPLE["Camille"])
    page = shop.page(shop.publish("2026-12", today="2026-12-17")["page"])
    head = page.partition("human.intentions.begin")[0]
    order = [
        "1 action terminée sur 8",
        "Aujourd’hui, jeudi 17 décembre",
        "Nouvelle newsletter",
        "Prochain jour ouvré, vendredi 18 décembre",
        "Le lendemain",
        "En retard",
        "En retard d’hier",
    ]
    at = [head.index(words) for words in order]
    assert at == sorted(at)
    assert "Finie hier" not in head
    assert 'data-highlight-colour="#e3fcef"' in page  # done, in green, with its word
    assert "fait" in page


def test_past_weeks_are_folded_never_cut(shop: Shop) -> None:
    for day in range(1, 32):
        add(shop, f"Action {day}", "Camille", f"2026-12-{day:02}")
    page = shop.page(shop.publish("2026-12", today="2026-12-17")["page"])
    assert page.count("Semaines passées") == 2
    assert all(f">Action {day}<" in page for day in range(1, 32))


def test_two_workspaces_share_a_site_and_never_touch_each_other(shop: Shop) -> None:
    shop.create_json()
    first = shop.publish("2027-02")
    shop.configure("id: boutique-fr", "id: boutique-be")
    shop.configure("Calendrier marketing", "Calendrier belge")
    second = shop.publish("2027-02")
    assert second["page"] != first["page"]
    assert second["actions"] == 0


def test_names_cannot_break_the_page(shop: Shop) -> None:
    add(shop, 'Prix < 10 € & "plus" </td></tr> ]]> {{ 7*7 }} \U0001f384', "Camille", "2026-12-17")
    told = shop.publish("2026-12", today="2026-12-17")
    page = shop.page(told["page"])
    assert "&lt;/td&gt;" in page
    assert "{{ 7*7 }}" in page
    assert shop.publish("2026-12", today="2026-12-17")["written"] is False


def test_observe_mode_and_dry_run_write_nothing(shop: Shop) -> None:
    the_17th_of_december(shop)
    result = shop.bridge("month", "publish", "2026-12", "--dry-run", today="2026-12-01")
    assert result.code == 0
    assert "Nouvelle newsletter" in result.out
    shop.configure("lang: fr", "lang: fr\nmode: observe")
    assert shop.bridge("month", "publish", "2026-12", today="2026-12-01").code == 0
    assert shop.written() == []


def test_an_english_shop_reads_english(shop: Shop) -> None:
    shop.configure("lang: fr", "lang: en")
    the_17th_of_december(shop)
    page = shop.page(shop.publish("2026-12", today="2026-12-17")["page"])
    for words in (
        "Today, Thursday, December 17, 2026",
        "The month's intentions",
        "Holidays",
        "today",
    ):
        assert words in page


def test_an_unknown_space_is_said(shop: Shop) -> None:
    shop.configure("space: MKT", "space: NOPE")
    result = shop.bridge("month", "publish", "2026-12", today="2026-12-01")
    assert result.code == 3
    assert "NOPE" in result.err


def test_a_month_that_is_no_month(shop: Shop) -> None:
    for wrong in ("2026-13", "décembre", "2026-1", "12-2026"):
        assert shop.bridge("month", "publish", wrong).code == 2


def test_a_query_that_jira_cannot_answer_names_the_line_to_mend(shop: Shop) -> None:
    shop.configure("lang: fr", 'lang: fr\nmonth: {jql: "nonsense ="}')
    refused = shop.bridge("month", "publish", "2027-02")
    assert refused.code == 3
    assert "month.jql" in refused.err
    shop.configure('month: {jql: "nonsense ="}\n', "")
    shop.configure("marketing: MKT, it: IT", "marketing: MKT, it: GONE")
    refused = shop.bridge("month", "publish", "2027-02", lang="fr")
    assert refused.code == 3
    assert "jira.projects" in refused.err


def test_a_month_goes_into_a_calendar_file_and_over_no_other(shop: Shop) -> None:
    shop.create_json()
    file = shop.folder / "fevrier.ics"
    for _ in range(2):  # the second time over our own
        result = shop.bridge("month", "ics", "2027-02", "--out", str(file), lang="fr")
        assert (result.code, result.out) == (0, f"{file}\n"), result.err
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(event["uid"]) for event in events] == [
        f"{key}@boutique-fr" for step, key in shop.by_step().items() if step
    ]
    file.write_text("BEGIN:VCALENDAR\nmine", "utf-8")
    assert shop.bridge("month", "ics", "2027-02", "--out", str(file)).code == 5
    assert file.read_text("utf-8").endswith("mine")
