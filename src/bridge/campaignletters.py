"""The one comment on an epic that becomes a campaign: what is missing, the plan, what came of it. Pure.

What stands on its last line: ``campaignsign.py``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridge.asking import Line
from bridge.campaign import Campaign, Shown
from bridge.campaignsign import Sign
from bridge.errors import Problem
from bridge.findings import Finding
from bridge.prose import Block, Bullets, Heading, Paragraph, Prose, fitted, one_line
from bridge.replies import Replies
from bridge.retroplan.schedule import ScheduledStep
from bridge.retroplan.template import Placed
from bridge.text import Either, Speaker, Text, Words, text, texts
from bridge.tracker import Issue

LONGEST = (
    18_000  # characters, without the foot; Jira refuses texts of more than 32,767, markup included
)

# --- before there is a plan ----------------------------------------------------------------------


def waiting_prose(
    problems: Iterable[Problem], missing: Sequence[Line], about: str, speaker: Speaker
) -> Prose:
    """Return what keeps an epic from becoming a campaign: everything at once, with the remedies."""
    blocks: list[Block] = [
        Paragraph(speaker.say(text("This epic is not a campaign yet; nothing was created.")))
    ]
    blocks += _listed(text("To be mended"), map(_in_words, problems), speaker)
    if missing:
        blocks += [
            Heading(speaker.say(text("To be filled in"))),
            Paragraph(
                speaker.say(
                    text("In the description of this epic, after the colon of each of these lines:")
                )
            ),
            Bullets(tuple(speaker.say(_in_words_of(line)) for line in missing)),
        ]
    blocks.append(Paragraph(speaker.say(text("The bridge looks again after each change."))))
    return (*_fitted(blocks, speaker), Paragraph(str(Sign(about, "waiting"))))


def lines_prose(lines: Iterable[Line], speaker: Speaker) -> Prose:
    """Return the lines to fill in, as they are added to a description."""
    return tuple(Paragraph(speaker.say(text("{label}:", label=line.label))) for line in lines)


def _in_words_of(line: Line) -> Words:
    if not line.choices:
        return line.label
    return text("{label} ({choices})", label=line.label, choices=Either(line.choices))


def _in_words(problem: Problem) -> Text:
    if problem.hint is None:
        return problem.sentence
    return text("{problem} → {remedy}", problem=problem.sentence, remedy=problem.hint)


# --- the plan ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is shown before a campaign is created."""

    campaign: Campaign
    shown: Mapping[str, Shown]
    mails_at_most: int
    findings: Sequence[Finding] = ()


def plan_prose(plan: Plan, replies: Replies, sign: Sign, speaker: Speaker) -> Prose:
    """Return the plan with what was answered to it, and how to answer."""
    campaign = plan.campaign
    head = text(
        "This epic can become the campaign “{id}” ({template}): launch on {launch}, {count} actions. "
        "Nothing has been created yet.",
        id=campaign.order.id,
        template=campaign.order.template.title,
        launch=campaign.order.launch,
        count=len(campaign.schedule.steps),
    )
    blocks: list[Block] = [Paragraph(speaker.say(head))]
    blocks += [Paragraph(speaker.say(said)) for said in _answered(replies)]
    blocks += _listed(text("The actions"), _steps(plan, speaker), speaker)
    blocks += _listed(text("To know"), _findings(plan, speaker.code), speaker)
    mails = texts(
        "Jira will send at most {n} mail.", "Jira will send at most {n} mails.", plan.mails_at_most
    )
    blocks.append(Paragraph(speaker.say(mails)))
    if replies.why:
        blocks += why_blocks(campaign, speaker)
    blocks += _listed(text("What does not count"), replies.ignored, speaker)
    return (*_fitted(blocks, speaker), *_how(speaker), Paragraph(str(sign)))


def _answered(replies: Replies) -> Iterable[Text]:
    if replies.last == "no":
        yield text(
            "{name} answered no: nothing is created. A “oui” (yes) still creates it; a change of the "
            "epic makes a new plan.",
            name=replies.by,
        )
    if replies.last == "undo":
        yield text("{name} took the answer back: the question is open again.", name=replies.by)


def _steps(plan: Plan, speaker: Speaker) -> Iterable[Text]:
    """Return a line for each action: when, what, by whom."""
    names = plan.campaign.workspace.team.names(speaker)
    for scheduled in plan.campaign.schedule.steps:
        shown = plan.shown[scheduled.step.id]
        yield text(
            "{due} — {title} — {owner}",
            due=_day(shown.due),
            title=one_line(shown.title),
            owner=one_line(shown.who or names[plan.campaign.owner(scheduled).id]),
        )


def _day(day: date | None) -> date | str:
    return day or "—"


def _findings(plan: Plan, language: str) -> Iterable[Text]:
    yield from (finding.message for finding in plan.findings)
    for what, found in plan.campaign.schedule.named_findings(language):
        named = text("{what}: {message}", what=what, message=found.message)
        yield named if what else found.message


def _how(speaker: Speaker) -> Iterable[Block]:
    yield Heading(speaker.say(text("How to answer")))
    yield Paragraph(
        speaker.say(text("In a new comment, with one word alone; nothing else is an answer."))
    )
    ways: tuple[Words, ...] = (
        text("oui or yes: the actions are created below this epic."),
        text("non or no: nothing is created."),
        text("annuler or undo: the last answer is taken back."),
        text("pourquoi or why: this comment shows what made each date. Anybody may ask."),
    )
    yield Bullets(tuple(speaker.say(way) for way in ways))
    yield Paragraph(
        speaker.say(
            text(
                "Whoever reported or created this epic, its assignee, the campaign lead and the role "
                "marketing may decide. When the plan changes, an answer given before no longer counts."
            )
        )
    )


# --- why -----------------------------------------------------------------------------------------


def why_blocks(campaign: Campaign, speaker: Speaker) -> list[Block]:
    """Return, for each date, the rule that made it: the offset, the raw date, what moved it."""
    places = (*campaign.schedule.milestones, *campaign.schedule.steps)
    lines = (
        text("{title}: {message}", title=place.step.title, message=_reason(place, campaign))
        for place in places
    )
    heading = Heading(speaker.say(text("What made each date")))
    return [heading, Bullets(tuple(speaker.say(line) for line in lines))]


def _reason(place: ScheduledStep, campaign: Campaign) -> Text:
    step = place.step
    moved = next((f.message for f in place.findings if f.code == "W-OFFSET-DEP"), None)
    if place.raw is None or not step.written:
        return text("{due}, from the steps around it.", due=place.due)
    base: Words = text("the launch")
    if isinstance(step.offset, Placed):
        plan = campaign.order.template.choose(campaign.order.values)
        base = plan.title_of(step.offset.ref)
    if moved is not None:
        return text(
            "{offset} from {base} gives {raw}. {why} So it is due {due}.",
            offset=step.written,
            base=base,
            raw=place.raw,
            why=moved,
            due=place.due,
        )
    if place.raw == place.due:
        return text(
            "{offset} from {base} gives {raw}, a day that fits.",
            offset=step.written,
            base=base,
            raw=place.raw,
        )
    return text(
        "{offset} from {base} gives {raw}; working days and the steps around it make it {due}.",
        offset=step.written,
        base=base,
        raw=place.raw,
        due=place.due,
    )


# --- afterwards ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What became of the epic: its actions by due date, and what a person must look at."""

    id: str
    actions: Sequence[Issue]
    problems: Sequence[Problem] = ()


def created_prose(
    created: Created, replies: Replies, why: Sequence[Block], about: str, speaker: Speaker
) -> Prose:
    """Return what was created, what to do next, and what was asked since."""
    head = texts(
        "This epic is the campaign “{id}”: {n} action stands below it.",
        "This epic is the campaign “{id}”: {n} actions stand below it.",
        len(created.actions),
        id=created.id,
    )
    blocks: list[Block] = [Paragraph(speaker.say(head))]
    blocks += _listed(text("The actions"), _actions(created), speaker)
    blocks += _listed(text("To be mended"), map(_in_words, created.problems), speaker)
    blocks += _listed(text("What to do next"), _next_steps(), speaker)
    if replies.last in ("no", "undo"):
        blocks.append(Paragraph(speaker.say(_no_undo(replies.by, created.id))))
    blocks += why
    blocks += _listed(text("What does not count"), replies.ignored, speaker)
    return (*_fitted(blocks, speaker), Paragraph(str(Sign(about, "created"))))


def _actions(created: Created) -> Iterable[Text]:
    for issue in created.actions:
        yield text(
            "{due} — {title} — {owner} — {key}",
            due=_day(issue.due),
            title=one_line(issue.summary),
            owner=one_line(issue.assignee.name if issue.assignee else "—"),
            key=issue.key,
        )


def _next_steps() -> Iterable[Text]:
    yield text(
        "Change dates, owners and texts in the issues themselves: what a person changed stays."
    )
    yield text("Close an action when its result is there; the page of the month follows.")
    yield text("The label bridge-pause on this epic stops every write of the bridge.")


def _no_undo(name: str, campaign: str) -> Text:
    return text(
        "{name} wants to take the campaign “{id}” back. A whole campaign cannot be undone yet, and "
        "nothing was deleted: put the label bridge-pause on this epic, then close or delete its "
        "actions yourself.",
        name=name,
        id=campaign,
    )


def _listed(heading: Text, lines: Iterable[Words], speaker: Speaker) -> list[Block]:
    said = tuple(speaker.say(line) for line in lines)
    return [Heading(speaker.say(heading)), Bullets(said)] if said else []


def _fitted(blocks: Iterable[Block], speaker: Speaker) -> Prose:
    return fitted(blocks, LONGEST, speaker.say(text("There is more than a comment in Jira holds.")))
