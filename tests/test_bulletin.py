"""What the morning's messages say, and what they never say."""

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bridge.bulletin import MOST, Bulletin, morning_of, risks_of
from bridge.campaignstatus import CampaignStatus, StepStatus
from bridge.language import language
from bridge.monthpage import Action, view
from bridge.report import bulletin as report
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.workdays import CalendarRules

TUESDAY = date(2026, 12, 1)
WORKDAYS = Calendars(CalendarRules(), date(2026, 1, 1), date(2027, 12, 31)).named()
STEP = StepStatus(
    step="page", key="IT-3", title="Monter la page", responsible="Nadia", start=None,
    due=date(2026, 12, 10), status="À faire", standing="open", waits_for=(), is_late=False,
    is_blocked=False, is_due_soon=False, float_days=4.0,
)  # fmt: skip


def seen(*actions: Action) -> Bulletin | None:
    return morning_of(view(TUESDAY, actions, (), TUESDAY, WORKDAYS, {}), TUESDAY)


def campaign(*steps: StepStatus, **more: object) -> CampaignStatus:
    plain = CampaignStatus(id="noel", name="Noël 2026", epic="MKT-1", launch=date(2026, 12, 24),
                           steps=steps, critical=("IT-3",), earliest_launch=date(2026, 12, 20))  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # whatever a test changes


def told(*campaigns: CampaignStatus) -> str:
    found = risks_of([(one, "https://jira/MKT-1") for one in campaigns], TUESDAY)
    return report.body(found, language("fr")).replace("\u00a0", " ") if found else ""


def test_the_team_reads_today_the_next_working_day_and_what_is_late() -> None:
    friday = TUESDAY - timedelta(days=4)
    bulletin = seen(
        Action("MKT-2", "Publier", TUESDAY, "Vanessa", "today", url="https://jira/MKT-2"),
        Action("MKT-3", "Relire", TUESDAY, "Camille", "done"),
        Action("IT-3", "Monter", TUESDAY + timedelta(days=1), "", "soon", url="https://jira/IT-3"),
        Action("IT-4", "Tester", friday, "Nadia", "late"),
        Action("IT-5", "Plus tard", TUESDAY + timedelta(days=9), "Nadia", "open"),
    )
    assert bulletin is not None
    assert report.subject(bulletin, language("fr")) == "La journée\u00a0: mar. 1er déc. 2026"
    assert report.body(bulletin, language("fr")).replace("\u00a0", " ").splitlines() == [
        "Aujourd’hui",
        "- mar. 1er déc. 2026 : Publier (Vanessa)",
        "  https://jira/MKT-2",
        "",
        "Le jour ouvré suivant",
        "- mer. 2 déc. 2026 : Monter (personne)",
        "  https://jira/IT-3",
        "",
        "En retard",
        "- ven. 27 nov. 2026 : Tester (Nadia)",
    ]


def test_a_day_with_nothing_to_say_says_nothing() -> None:
    assert seen() is None
    assert seen(Action("MKT-3", "Relire", TUESDAY, "Camille", "done")) is None


def test_a_very_long_list_says_how_much_it_leaves_out() -> None:
    actions = [
        Action(f"A-{n}", "x", TUESDAY, "", "today", order=("", 0, n)) for n in range(MOST + 3)
    ]
    bulletin = seen(*actions)
    assert bulletin is not None
    said = report.body(bulletin, language("en"))
    assert said.endswith("… and 3 more.")
    assert said.count("\n- ") == MOST


def test_a_lead_reads_what_is_at_risk_each_thing_once_by_date() -> None:
    steps = (
        replace(STEP, key="A-1", title="Bloquée", is_blocked=True, due=date(2026, 12, 20)),
        replace(
            STEP, key="A-2", title="Attend, rien ne presse", is_blocked=True, waits_for=("A-1",)
        ),
        replace(STEP, title="Sans marge", float_days=0.0, is_due_soon=True, due=date(2026, 12, 3)),
        replace(STEP, key="A-3", title="Bientôt", is_due_soon=True, due=date(2026, 12, 3)),
        replace(
            STEP, key="A-4", title="Tard", is_late=True, is_blocked=True, due=date(2026, 11, 30)
        ),
        replace(
            STEP, key="A-5", title="Vite fermée", standing="done", missing=("le visuel",), due=None
        ),
    )
    assert told(campaign(*steps, earliest_launch=date(2027, 1, 4))).splitlines() == [
        "Noël 2026",
        "- Le lancement du jeu. 24 déc. 2026 ne tient plus : lun. 4 janv. 2027 au plus tôt.",
        "  https://jira/MKT-1",
        "- En retard : lun. 30 nov. 2026 : Tard (Nadia)",
        "- À rendre bientôt, sans aucune marge : jeu. 3 déc. 2026 : Sans marge (Nadia)",
        "- Bloquée : dim. 20 déc. 2026 : Bloquée (Nadia)",
        "- Fermée avant que le produit fini soit complet : sans date : Vite fermée (Nadia)",
    ]


def test_a_campaign_that_goes_well_is_no_message() -> None:
    assert told(campaign(STEP), campaign(earliest_launch=None)) == ""


@given(st.lists(st.sampled_from(["Nadia", "Vanessa", ""]), max_size=12))
def test_nobody_is_counted_ranked_or_called(names: list[str]) -> None:
    """Lines follow the dates, whoever is late how often; no name is an address that would ring."""
    steps = [
        replace(STEP, key=f"A-{n}", title=f"t{n}", responsible=name, is_late=True,
                due=date(2026, 11, 1) + timedelta(days=n))
        for n, name in enumerate(names)
    ]  # fmt: skip
    said = told(campaign(*reversed(steps)))
    assert re.findall(r"\bt\d+\b", said) == [f"t{n}" for n in range(len(names))]
    assert "@" not in said
    assert not re.search(r"(Nadia|Vanessa)\W+\d", said)
