"""The eight lists that come with the bridge: exact offsets, complete steps, dates that hold."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import pytest

from bridge.config.templates import Templates
from bridge.retroplan.calendars import Calendars
from bridge.retroplan.parameters import checked
from bridge.retroplan.schedule import Schedule, ScheduledStep, calendars_for, schedule
from bridge.retroplan.template import From, Retroplan, Step, Template
from bridge.retroplan.workdays import CalendarRules

# Written out from section 13 of the retroplanning rules, not read from the files.
DEPARTMENTS = {"marketing", "design", "it", "logistics", "support", "ecommerce"}
OFFSETS: Mapping[str, Sequence[str]] = {
    "product-launch": ["J-60", "J-55", "J-45", "J-35", "J-30", "J-25", "J-15", "J-10", "J-5", "J"],
    "seasonal-campaign": ["S-6", "S-5", "S-4", "S-3", "S-2", "S-1", "J-2", "J"],
    "website": ["M-3", "M-2,5", "M-2", "M-1,5", "M-1", "S-3", "S-2", "S-1", "J"],
    "restock": ["J-40", "J-35", "J-30", "J-20", "J-15", "J-7", "J", "J+1 à J+15"],
    "photo-shoot": ["J-28", "J-25", "J-20", "J-15", "J-10", "J-5", "J"],
    "email-series": ["J-21", "J-18", "J-15", "J-12", "J-9", "J-6", "J-3", "J"],
    "content-series": ["S-4", "S-3", "S-2", "S-1"],
    "live-shopping": ["J-21", "J-18", "J-14", "J-10 à J-5", "J-3", "J", "J+1"],
}
# What must pass the guardrails before a step can be finished; a step asks for one thing at most.
REQUESTS: Mapping[str, Mapping[str, str]] = {
    "product-launch": {
        "build-email-sequences": "mailing",
        "prepare-ads": "tag",
        "open-vip-prelaunch": "mailing",
    },
    "seasonal-campaign": {
        "create-landing-pages": "landing-page",
        "plan-teasing": "mailing",
        "prepare-paid-campaigns": "tag",
        "update-prices": "promo-code",
        "launch": "sms",
    },
    "website": {"integrate-shop": "tag", "preload-campaigns": "mailing"},
    "restock": {"start-communication": "mailing", "open-preorders-or-alerts": "form"},
    "photo-shoot": {"launch": "mailing"},
    "email-series": {"configure-triggers": "tag", "test-emails": "mailing"},
    "content-series": {},
    "live-shopping": {"tease": "mailing"},
}
PARAMETERS: Mapping[str, Sequence[tuple[str, Sequence[str], str | None]]] = {
    "product-launch": [],
    "seasonal-campaign": [("plan_b_products", (), None), ("plan_b_switch_off", (), None)],
    "website": [
        ("variant", ("redesign", "creation"), "redesign"),
        ("soft_launch", (), None),
    ],
    "restock": [("variant", ("restock", "preorder"), "restock")],
    "photo-shoot": [],
    "email-series": [("validator", ("marketing", "crm"), None)],
    "content-series": [("channel", ("seo", "social"), "seo")],
    "live-shopping": [],
}
ROLES = frozenset(
    {
        *("marketing", "ecommerce", "design", "content", "crm", "ads"),
        *("social", "merchandising", "it", "logistics", "support", "photo"),
    }
)
EVIDENCE = frozenset({"link", "file", "screenshot", "number", "approval"})
INFINITIVE = re.compile(r"[A-ZÉ][\w-]+(?:er|ir|re)\b(?!-)")  # Valider, Réunir, Écrire, Pré-valider
SURFACES = frozenset({"homepage", "product-page", "ads", "email", "social"})

# What has no default, given as somebody would on the day.
GIVEN: Mapping[str, Mapping[str, str]] = {
    "seasonal-campaign": {
        "plan_b_products": "bougie ambre à la place de la bougie figue",
        "plan_b_switch_off": "redirection vers la catégorie",
    },
    "website": {"soft_launch": "J-7"},
    "email-series": {"validator": "crm"},
}

TEMPLATES: Mapping[str, Template] = {template.id: template for template in Templates().all()[0]}
VARIANTS: Sequence[tuple[str, Mapping[str, str]]] = [
    (name, variant) for name, template in TEMPLATES.items() for variant in template.variants()
]
STEPS: Sequence[tuple[str, Step]] = [
    (f"{name}/{step.id}{''.join(f'/{value}' for value in step.when.values())}", step)
    for name, template in TEMPLATES.items()
    for step in template.steps
]
every_template = pytest.mark.parametrize("name", OFFSETS)
every_variant = pytest.mark.parametrize(
    ("name", "variant"),
    VARIANTS,
    ids=["-".join([name, *variant.values()]) for name, variant in VARIANTS],
)
every_step = pytest.mark.parametrize(
    "step", [step for _, step in STEPS], ids=[label for label, _ in STEPS]
)


@pytest.fixture(scope="module")
def calendars() -> Calendars:
    return Calendars(CalendarRules("FR"), date(2022, 1, 1), date(2030, 12, 31))


def chosen(name: str, variant: Mapping[str, str] | None = None) -> Retroplan:
    return TEMPLATES[name].choose({**GIVEN.get(name, {}), **(variant or {})})


def planned(name: str, launch: str, **values: str) -> Schedule:
    day = date.fromisoformat(launch)
    return schedule(chosen(name, values), day, calendars_for(day))


def at(plan: Schedule, offset: str) -> ScheduledStep:
    """Return the one step that stands at ``offset``."""
    (found,) = [scheduled for scheduled in plan.steps if scheduled.step.written == offset]
    return found


def written(plan: Retroplan) -> Sequence[str]:
    return [step.written for step in plan.steps]


def ancestors(plan: Retroplan, step: str) -> Iterator[str]:
    """Yield everything that must be finished before ``step``, near or far."""
    for need in plan.by_id[step].needs:
        if need.step in plan.by_id:
            yield need.step
            yield from ancestors(plan, need.step)


# --- requests --------------------------------------------------------------------------------


@every_template
def test_each_step_that_needs_a_page_a_form_or_a_mailing_names_its_request(name: str) -> None:
    named = {step.id: step.request for step in chosen(name).steps if step.request}

    assert named == REQUESTS[name]


def test_preorders_are_announced_by_a_mailing_and_need_no_form() -> None:
    plan = chosen("restock", {"variant": "preorder"})

    assert {step.id: step.request for step in plan.steps if step.request} == {
        "start-communication": "mailing",
        "launch": "mailing",
    }


def test_the_test_of_the_email_series_proves_that_its_request_was_approved() -> None:
    step = chosen("email-series").by_id["test-emails"]
    proven = {item.title.en: item.evidence for item in step.checklist}

    assert proven["Request approved: guardrail check passed"] == "approval"
    assert step.result is not None
    assert "approuvée" in step.result.fr


# --- the lists -------------------------------------------------------------------------------


def test_exactly_the_eight_lists_are_shipped() -> None:
    assert set(TEMPLATES) == set(OFFSETS)


def test_the_eight_lists_have_61_steps_in_all() -> None:
    sizes = {name: len(chosen(name).steps) for name in OFFSETS}

    assert sizes == {
        "product-launch": 10,
        "seasonal-campaign": 8,
        "website": 9,
        "restock": 8,
        "photo-shoot": 7,
        "email-series": 8,
        "content-series": 4,
        "live-shopping": 7,
    }
    assert sum(sizes.values()) == 61


@every_template
def test_every_offset_is_exactly_that_of_the_list(name: str) -> None:
    plan = chosen(name)

    assert written(plan) == OFFSETS[name]
    assert [str(step.offset) for step in plan.steps] == OFFSETS[name]


@every_variant
def test_every_variant_has_the_same_steps_at_the_same_offsets(
    name: str, variant: Mapping[str, str]
) -> None:
    plan = chosen(name, variant)

    assert written(plan) == OFFSETS[name]
    assert [step.id for step in plan.steps] == [step.id for step in chosen(name).steps]


def test_what_differs_by_variant_is_worded_differently() -> None:
    for name, template in TEMPLATES.items():
        first, *others = [chosen(name, variant) for variant in template.variants()]
        for other in others:
            for step in other.steps:
                if step.when:
                    assert step.title != first.by_id[step.id].title, f"{name}/{step.id}"


@every_template
def test_the_parameters_are_exactly_those_of_the_list(name: str) -> None:
    found = [(p.name, p.one_of, p.default) for p in TEMPLATES[name].parameters.values()]

    assert found == PARAMETERS[name]
    assert checked(TEMPLATES[name], GIVEN.get(name, {}).items())[1] == []


@every_template
def test_every_template_is_at_version_1_0_0_and_named_in_two_languages(name: str) -> None:
    template = TEMPLATES[name]

    assert template.version == "1.0.0"
    assert template.title.fr.strip()
    assert template.title.en.strip()
    assert template.title.fr != template.title.en


def test_only_the_soft_launch_and_the_first_publication_are_milestones_beside_the_steps() -> None:
    milestones = {name: [m.id for m in template.milestones] for name, template in TEMPLATES.items()}

    assert {name: ids for name, ids in milestones.items() if ids} == {
        "website": ["soft-launch"],
        "content-series": ["first-publication"],
    }


def test_no_step_of_the_content_series_stands_on_the_first_publication() -> None:
    plan = planned("content-series", "2026-09-01")

    assert not [scheduled for scheduled in plan.steps if scheduled.due == plan.launch]
    (milestone,) = plan.milestones
    assert (milestone.step.kind, milestone.due) == ("milestone", date(2026, 9, 1))


# --- the steps -------------------------------------------------------------------------------


@every_step
def test_french_titles_begin_with_an_infinitive(step: Step) -> None:
    assert INFINITIVE.match(step.title.fr)


@pytest.mark.parametrize(
    "noun", ["Validation", "Brief", "Début", "Contrôle", "Lancement", "Retouches", "Suivi", "Audit"]
)
def test_the_nouns_of_the_lists_as_people_write_them_are_not_infinitives(noun: str) -> None:
    assert not INFINITIVE.match(f"{noun} des fiches produits")


@every_step
def test_the_step_on_the_launch_day_says_launch(step: Step) -> None:
    if step.is_launch:
        assert step.id == "launch"
        assert step.title.fr.startswith("Lancer ")


@every_step
def test_every_step_is_complete(step: Step) -> None:
    assert step.result is not None
    assert 2 <= len(step.checklist) <= 5
    assert step.department in DEPARTMENTS
    roles = {step.role} if isinstance(step.role, str) else {"marketing", "crm"}
    assert roles <= ROLES
    assert step.surface is None or step.surface in SURFACES
    assert {item.evidence for item in step.checklist if item.evidence} <= EVIDENCE
    assert any(item.evidence for item in step.checklist)


@every_step
def test_both_languages_are_there_and_differ(step: Step) -> None:
    result = [step.result] if step.result else []
    for words in [step.title, *result, *(item.title for item in step.checklist)]:
        assert words.fr.strip() == words.fr != ""
        assert words.en.strip() == words.en != ""
        assert words.fr != words.en
        assert "'" not in words.fr, "the French apostrophe is ’"
        assert not re.search(r"\w[;:!?](?:\s|$)|«\S|\S»", words.fr), "a blank stands before ; : ! ?"


@every_step
def test_work_has_an_estimate_and_milestones_and_windows_have_none(step: Step) -> None:
    due_only = step.is_launch or " à " in step.written

    assert (step.estimate is None) == due_only


@every_template
def test_every_role_of_a_template_is_used_and_known(name: str) -> None:
    template = TEMPLATES[name]
    used: set[str] = set()
    for step in template.steps:
        if isinstance(step.role, From):
            used.update(template.parameters[step.role.parameter].one_of)
        else:
            used.add(step.role)

    assert used == set(template.roles) <= ROLES
    assert len(template.roles) == len(set(template.roles))


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("product-launch", "J-15"),
        ("seasonal-campaign", "S-2"),
        ("website", "M-2"),
        ("website", "S-3"),
        ("restock", "J-15"),
        ("email-series", "J-9"),
        ("live-shopping", "J-3"),
    ],
)
def test_technical_work_belongs_to_it(name: str, offset: str) -> None:
    (step,) = [step for step in chosen(name).steps if step.written == offset]

    assert (step.department, step.role) == ("it", "it")


@pytest.mark.parametrize(
    ("name", "offset", "until"),
    [("product-launch", "J-45", "J-35"), ("product-launch", "J-5", "J"), ("website", "M-2", "M-1")],
)
def test_steps_that_only_start_something_draw_their_bar_on(
    name: str, offset: str, until: str
) -> None:
    plan = chosen(name)
    (step,) = [step for step in plan.steps if step.written == offset]

    assert step.until is not None
    assert plan.by_id[step.until].written == until
    assert {s.written for s in plan.steps if s.until} == (
        {"J-45", "J-5"} if name == "product-launch" else {"M-2"}
    )


@pytest.mark.parametrize(
    ("name", "offset", "request_kind"),
    [
        ("seasonal-campaign", "S-5", "landing-page"),
        ("seasonal-campaign", "S-2", "promo-code"),
        ("email-series", "J-6", "mailing"),
    ],
)
def test_steps_that_ask_something_of_it_name_the_kind_of_request(
    name: str, offset: str, request_kind: str
) -> None:
    (step,) = [step for step in chosen(name).steps if step.written == offset]

    assert step.request == request_kind


@pytest.mark.parametrize(
    ("name", "step", "words"),
    [
        ("seasonal-campaign", "select-offers", "Plan B"),
        ("seasonal-campaign", "update-prices", "Plan B"),
        ("restock", "update-product-pages", "Délais d’attente affichés sur chaque fiche produit"),
        ("photo-shoot", "book-crew", "Marge de sécurité : créneau optionné entre J-15 et J-5"),
        ("photo-shoot", "retouch", "Marge de sécurité"),
        ("email-series", "write-content", "Variante A/B de l’objet ou de l’appel à l’action"),
        ("content-series", "plan-topics", "à rédiger, en cours, à relire, programmé"),
    ],
)
def test_what_a_list_insists_on_is_part_of_the_finished_product(
    name: str, step: str, words: str
) -> None:
    for variant in TEMPLATES[name].variants():
        items = chosen(name, variant).by_id[step].checklist
        assert any(words in item.title.fr for item in items), variant


# --- what needs what -------------------------------------------------------------------------


@every_variant
def test_everything_before_the_launch_leads_to_it_and_nothing_after_does(
    name: str, variant: Mapping[str, str]
) -> None:
    plan = chosen(name, variant)
    after = {step.id for step in plan.steps if step.written.startswith("J+")}
    before = {place.id for place in plan.places} - after - {"launch", "first-publication"}
    last = "launch" if "launch" in plan.by_id else plan.steps[-1].id

    assert set(ancestors(plan, last)) == before - {last}
    for step in after:
        assert "launch" in ancestors(plan, step)


@every_variant
def test_no_need_is_said_twice(name: str, variant: Mapping[str, str]) -> None:
    plan = chosen(name, variant)
    for step in plan.steps:
        needs = [need.step for need in step.needs if need.step in plan.by_id]
        farther = {far for need in needs for far in ancestors(plan, need)}
        assert not farther & set(needs), step.id


def test_parallel_work_is_not_drawn_as_a_chain() -> None:
    for name in ("product-launch", "seasonal-campaign", "restock", "email-series", "live-shopping"):
        plan = chosen(name)
        wanted = Counter(need.step for step in plan.steps for need in step.needs)
        assert max(wanted.values()) > 1, name


# --- dates -----------------------------------------------------------------------------------

# Launch, template, offset, raw start (windows), raw, start (windows), due.
Vector = tuple[str, str, str, str | None, str, str | None, str]
VECTORS: Sequence[Vector] = [
    ("2026-11-27", "seasonal-campaign", "S-6", None, "2026-10-16", None, "2026-10-16"),
    ("2026-11-27", "seasonal-campaign", "S-1", None, "2026-11-20", None, "2026-11-20"),
    ("2026-11-27", "seasonal-campaign", "J-2", None, "2026-11-25", None, "2026-11-25"),
    ("2026-11-27", "product-launch", "J-60", None, "2026-09-28", None, "2026-09-28"),
    ("2026-11-27", "product-launch", "J-55", None, "2026-10-03", None, "2026-10-02"),
    ("2026-11-27", "product-launch", "J-5", None, "2026-11-22", None, "2026-11-20"),
    ("2026-11-26", "product-launch", "J-15", None, "2026-11-11", None, "2026-11-10"),
    ("2027-03-31", "website", "M-3", None, "2026-12-31", None, "2026-12-31"),
    ("2027-03-31", "website", "M-2,5", None, "2027-01-16", None, "2027-01-15"),
    ("2027-03-31", "website", "M-2", None, "2027-01-31", None, "2027-01-29"),
    ("2027-03-31", "website", "M-1,5", None, "2027-02-13", None, "2027-02-12"),
    ("2027-03-31", "website", "M-1", None, "2027-02-28", None, "2027-02-26"),
    ("2026-12-13", "live-shopping", "J", None, "2026-12-13", None, "2026-12-13"),
    ("2026-12-13", "live-shopping", "J+1", None, "2026-12-14", None, "2026-12-14"),
    ("2026-12-13", "live-shopping", "J-21", None, "2026-11-22", None, "2026-11-20"),
    (
        "2026-12-13", "live-shopping", "J-10 à J-5",
        "2026-12-03", "2026-12-08", "2026-12-03", "2026-12-08",
    ),
    (
        "2026-10-16", "restock", "J+1 à J+15",
        "2026-10-17", "2026-10-31", "2026-10-19", "2026-10-30",
    ),
    ("2026-09-01", "content-series", "S-4", None, "2026-08-04", None, "2026-08-04"),
    ("2026-09-01", "content-series", "S-3", None, "2026-08-11", None, "2026-08-11"),
    ("2026-09-01", "content-series", "S-2", None, "2026-08-18", None, "2026-08-18"),
    ("2026-09-01", "content-series", "S-1", None, "2026-08-25", None, "2026-08-25"),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: " ".join(v[:3]))
def test_the_dates_written_in_the_rules_hold(vector: Vector) -> None:
    launch, name, offset, raw_start, raw, start, due = vector
    found = at(planned(name, launch), offset)

    assert str(found.raw) == raw
    assert str(found.due) == due
    assert found.raw_start == (date.fromisoformat(raw_start) if raw_start else None)
    if start:
        assert str(found.start) == start


def test_a_sunday_launch_is_a_warning_and_no_error() -> None:
    plan = planned("live-shopping", "2026-12-13")

    assert [finding.code for finding in plan.findings] == ["W-LAUNCH-NONWORKING"]
    assert not [f for _, f in plan.named_findings() if f.severity == "error"]


def test_the_analysis_of_a_live_starts_after_the_live() -> None:
    for launch in ("2026-12-11", "2026-12-13", "2026-12-14"):
        plan = planned("live-shopping", launch)
        assert at(plan, "J+1").start > plan.launch


def worked_launches(calendars: Calendars, first: int, last: int) -> Iterator[date]:
    day = date(first, 1, 1)
    while day.year <= last:
        if calendars.named().is_worked(day):
            yield day
        day += timedelta(days=1)


@every_variant
def test_on_every_worked_launch_date_from_2026_to_2029_the_estimates_fit_the_offsets(
    name: str, variant: Mapping[str, str], calendars: Calendars
) -> None:
    plan = chosen(name, variant)
    launches = list(worked_launches(calendars, 2026, 2029))
    findings = [
        f"{launch} {title}: {finding.code}"
        for launch in launches
        for title, finding in schedule(plan, launch, calendars).named_findings("fr")
        if finding.severity != "info" and finding.code != "W-COLLAPSED"
    ]

    assert len(launches) == 1009
    assert findings == []  # no W-OFFSET-DEP above all: every offset holds as it is written


def test_of_757_launch_dates_the_email_series_has_60_where_two_offsets_fall_on_one_day(
    calendars: Calendars,
) -> None:
    plan = chosen("email-series")
    launches = list(worked_launches(calendars, 2026, 2028))
    merged = [
        launch
        for launch in launches
        if any(
            finding.code == "W-COLLAPSED"
            for _, finding in schedule(plan, launch, calendars).named_findings()
        )
    ]

    assert (len(launches), len(merged)) == (757, 60)


# --- parameters ------------------------------------------------------------------------------


@every_template
def test_with_defaults_alone_only_parameters_without_default_are_missing(name: str) -> None:
    launch = date(2026, 11, 27)
    plan = schedule(TEMPLATES[name].choose({}), launch, calendars_for(launch))
    missing = [p.name for p in TEMPLATES[name].parameters.values() if p.default is None]
    errors = [finding for _, finding in plan.named_findings() if finding.severity == "error"]

    assert [finding.code for finding in errors] == ["E-PARAM-MISSING"] * len(missing)
    assert [finding.message.values["name"] for finding in errors] == missing
    assert [scheduled.step.written for scheduled in plan.steps] == OFFSETS[name]


@pytest.mark.parametrize("variant", ["redesign", "creation"])
@pytest.mark.parametrize("moment", ["J-7", "S-2", "JO-1", "2027-03-17"])
def test_a_soft_launch_before_the_launch_is_fine(variant: str, moment: str) -> None:
    plan = planned("website", "2027-03-31", variant=variant, soft_launch=moment)
    (soft_launch,) = plan.milestones

    assert soft_launch.step.id == "soft-launch"
    assert soft_launch.due < plan.launch
    assert not [f for _, f in plan.named_findings() if f.severity != "info"]


@pytest.mark.parametrize("moment", ["J+1", "S+1", "2027-04-01"])
def test_a_soft_launch_after_the_launch_is_refused_by_the_launch_step(moment: str) -> None:
    plan = planned("website", "2027-03-31", soft_launch=moment)

    assert "E-DEP-AFTER-LAUNCH" in [finding.code for finding in at(plan, "J").findings]


def test_without_a_soft_launch_the_launch_waits_for_the_campaigns_only() -> None:
    plan = TEMPLATES["website"].choose({})

    assert plan.milestones == ()
    assert [need.step for need in plan.by_id["launch"].needs if need.step in plan.by_id] == [
        "preload-campaigns"
    ]


@pytest.mark.parametrize("validator", ["marketing", "crm"])
def test_the_pre_validation_of_an_email_series_goes_to_the_validator_asked_for(
    validator: str,
) -> None:
    plan = planned("email-series", "2026-11-27", validator=validator)

    assert at(plan, "J-3").step.role == validator


def test_nobody_pre_validates_an_email_series_until_the_validator_is_named() -> None:
    (step,) = [s for s in TEMPLATES["email-series"].choose({}).steps if s.written == "J-3"]

    assert step.role == ""
