"""What people read in Jira about a request: the request, the verdict, and what a role has to decide. Pure."""

from collections.abc import Iterable, Sequence

from bridge.approval import in_words
from bridge.campaignrequests import kind_name
from bridge.exceptions import Terms
from bridge.guardrails.announcement import headline
from bridge.guardrails.finding import Finding
from bridge.guardrails.request import Request
from bridge.guardrails.roles import role_name
from bridge.petition import ASK_DIGITS, NO, OK
from bridge.prose import Block, Bullets, Code, Heading, Paragraph, Prose, fitted, one_line
from bridge.submission import Case, Judgement, Ruling, needed_by
from bridge.text import Speaker, Text, Value, Words, text, texts

LONGEST = 20_000  # characters of a list of findings; Jira refuses texts of more than 32,767, markup included
SHORT = 12  # characters of a hash that a person compares
SIGN = "bridge-request"  # by which the bridge finds its own comment again


# --- the request's issue -------------------------------------------------------------------------


def request_title(request: Request, speaker: Speaker) -> str:
    """Return the summary of the issue of a request."""
    return one_line(speaker.say(text("Request: {title}", title=request.title)))


def request_prose(case: Case, speaker: Speaker) -> Prose:
    """Return the description of a request that came as a file: in words, then the file itself."""
    request = case.request
    lines = [
        text("Kind: {kind}", kind=kind_name(request.kind)),
        text("Campaign: {id}", id=request.campaign),
    ]
    person = case.workspace.team.people.get(request.requester)
    lines.append(text("Requester: {name}", name=person.name if person else request.requester))
    day = needed_by(request)
    if day is not None:
        lines.append(text("Needed by: {day}", day=day))
    return (
        Paragraph(
            speaker.say(
                text(
                    "A request for approval. Its content stands below; each time it is submitted "
                    "it is checked against what IT approved once."
                )
            )
        ),
        Bullets(tuple(speaker.say(line) for line in lines)),
        Code(case.source or "", "yaml"),
    )


# --- the verdict ---------------------------------------------------------------------------------


def verdict_prose(judgement: Judgement, speaker: Speaker) -> Prose:
    """Return the one comment on a request: where it stands, who decides what, what is missing."""
    case = judgement.case
    # What counts stands first: after the roles have accepted, no longer that they are needed.
    first = [headline(case.request, case.verdict), consequence(judgement)]
    if judgement.standing == "released":
        first = [_released(case)]
    blocks: list[Block] = [Paragraph(speaker.say(said)) for said in first]
    for ruling in judgement.rulings:
        blocks += _ruling(ruling, speaker)
    blocks += _listed(text("Still to be filled in"), missing(case), speaker)
    warned = [f for f in case.verdict.findings if f.mode == "warn" and not f.covered_by]
    blocks += _listed(text("To know (without effect on the verdict)"), warned, speaker)
    covered = [f for f in case.verdict.findings if f.covered_by]
    blocks += _listed(text("Allowed by an exception"), covered, speaker)
    if case.suggestion and judgement.standing != "released":
        blocks.append(Heading(speaker.say(text("What would pass without anybody"))))
        blocks.append(Bullets(tuple(speaker.say(one) for one in case.suggestion)))
    if judgement.ignored:
        blocks.append(Heading(speaker.say(text("What does not count"))))
        blocks.append(Bullets(tuple(speaker.say(in_words(one)) for one in judgement.ignored)))
    return (*_fitted(blocks, speaker), *_foot(case, speaker))


def _released(case: Case) -> Text:
    title = text("“{title}”", title=one_line(case.request.title, 120))
    return text(
        "{request}: every role concerned has accepted what leaves the guardrails; it can go ahead.",
        request=title,
    )


def _fitted(blocks: Iterable[Block], speaker: Speaker) -> Prose:
    said = text(
        "There is more than a text in Jira holds: `bridge review show` lists all that is to be "
        "decided, `bridge request check` all that was found."
    )
    return fitted(blocks, LONGEST, speaker.say(said))


def consequence(judgement: Judgement) -> Text:
    """Say what happens now."""
    match judgement.standing:
        case "approved":
            return text("It can go ahead; nobody in IT has to look at it.")
        case "released":
            return text("Every role concerned has accepted: it can go ahead.")
        case "refused":
            return text("It was refused. Change the request and submit it again.")
        case "incomplete":
            return text("Fill in what is missing, then submit it again: nobody else has to act.")
        case _:
            return texts(
                "It waits for the decision of {n} role; nobody else has to act.",
                "It waits for the decisions of {n} roles, at the same time; nobody else has to act.",
                sum(ruling.state == "open" for ruling in judgement.rulings),
            )


def missing(case: Case) -> Sequence[Finding]:
    """Return what the requester still has to say, each place once."""
    return tuple({f.where: f for f in reversed(case.verdict.missing) if f.is_missing}.values())[
        ::-1
    ]


def _ruling(ruling: Ruling, speaker: Speaker) -> Iterable[Block]:
    role = role_name(ruling.role)
    person = ruling.seat.person.name if ruling.seat else "—"
    heading = text("To be decided by {role} — {person}", role=role, person=person)
    if ruling.state != "open":
        heading = text("Decided by {role} — {person}", role=role, person=person)
    yield Heading(speaker.say(heading))
    yield Bullets(tuple(speaker.say(_summary(finding)) for finding in ruling.findings))
    said = _state(ruling)
    if said is not None:
        yield Paragraph(speaker.say(said))
    if ruling.seat is not None and ruling.seat.note is not None:
        yield Paragraph(speaker.say(ruling.seat.note))


def _state(ruling: Ruling) -> Text | None:
    """Say what was decided, by whom; None where nothing was."""
    refusal = ruling.proof.refusal(ruling.ids)
    if refusal is not None:
        if not refusal.reason:
            return text("Refused by {name} on {day}.", name=refusal.name, day=refusal.at.date())
        return text(
            "Refused by {name} on {day}: {reason}",
            name=refusal.name,
            day=refusal.at.date(),
            reason=one_line(refusal.reason),
        )
    if ruling.state == "accepted":
        last = ruling.proof.decisions[-1]
        return text("Accepted by {name} on {day}.", name=last.name, day=last.at.date())
    decided = len(ruling.ids) - len(ruling.undecided)
    if decided:
        return text("{done} of {n} decided.", done=decided, n=len(ruling.ids))
    return None


def _summary(finding: Finding) -> Text:
    return text(
        "{place}: {found} (expected: {expected}). {why}",
        place=finding.subject,
        found=finding.found,
        expected=finding.expected,
        why=finding.why,
    )


def _listed(heading: Text, findings: Sequence[Finding], speaker: Speaker) -> Iterable[Block]:
    if findings:
        yield Heading(speaker.say(heading))
        yield Bullets(tuple(speaker.say(_summary(finding)) for finding in findings))


def _foot(case: Case, speaker: Speaker) -> Iterable[Block]:
    verdict = case.verdict
    if verdict.modules:
        modules: tuple[Value, ...] = tuple(verdict.modules)
        yield Paragraph(speaker.say(text("Modules used: {modules}.", modules=modules)))
    yield Paragraph(
        speaker.say(
            text(
                "Rules {bundle}, request {hash}.",
                bundle=verdict.bundle[:SHORT],
                hash=verdict.request_hash[:SHORT],
            )
        )
    )
    yield Paragraph(sign(case.request))


def sign(request: Request) -> str:
    """Return the line by which the bridge knows its own comment on a request."""
    return f"{SIGN} {request.campaign}/{request.identity}"


# --- the approval's issue ------------------------------------------------------------------------


def approval_title(case: Case, role: str, speaker: Speaker) -> str:
    """Return the summary of an approval's issue."""
    said = text("{title}: to be decided by {role}", role=role_name(role), title=case.request.title)
    return one_line(speaker.say(said))


def approval_prose(case: Case, ruling: Ruling, key: str, speaker: Speaker) -> Prose:
    """Return what one role has to decide, and how; nothing that is another role's."""
    person = case.workspace.team.people.get(case.request.requester)
    intro = text(
        "{request} asks for something outside what was approved once. Only what stands below is "
        "to be decided here; the request is {key}, by {name}.",
        request=text("“{title}”", title=one_line(case.request.title, 120)),
        key=key,
        name=person.name if person else case.request.requester,
    )
    blocks: list[Block] = [Paragraph(speaker.say(intro))]
    if ruling.seat is not None and ruling.seat.note is not None:
        blocks.append(Paragraph(speaker.say(ruling.seat.note)))
    names = dict(zip((f.path + f.rule for f in ruling.findings), ruling.findings, strict=True))
    by_place = {one.where + one.rule: one.id for one in ruling.asked}
    for place, finding in names.items():
        if place in by_place:
            blocks += _finding(finding, by_place[place], speaker)
    return (*_fitted(blocks, speaker), *_how(ruling, speaker))


def _finding(finding: Finding, name: str, speaker: Speaker) -> Iterable[Block]:
    said = speaker.say(finding.subject)
    yield Heading(one_line(f"{said[:1].upper()}{said[1:]}"))
    rows: list[tuple[Text, Words]] = [
        (text("Found"), finding.found),
        (text("Expected"), finding.expected),
        (text("Why"), finding.why),
    ]
    if finding.fix:
        rows.append((text("What would pass"), finding.fix))
    if finding.source:
        rows.append((text("Source"), finding.source))
    rows += [(text("Rule"), finding.rule), (text("Finding"), name)]
    yield Bullets(
        tuple(
            speaker.say(text("{title}: {value}", title=title, value=words)) for title, words in rows
        )
    )


def _how(ruling: Ruling, speaker: Speaker) -> Iterable[Block]:
    question = ruling.question[:ASK_DIGITS]
    yield Heading(speaker.say(text("How to decide")))
    yield Bullets(
        (
            speaker.say(text("Answer in a comment that begins with “yes” or “no”, for all of it.")),
            speaker.say(
                text(
                    "Or put the label {ok} here to accept all of it, {one} for one finding, {no} "
                    "to refuse.",
                    ok=f"{OK}{question}",
                    one=f"{OK}{question}-{ruling.ids[0]}",
                    no=f"{NO}{question}",
                )
            ),
            speaker.say(
                text(
                    "Or, on the command line: `bridge review show`, `approve` or `reject` with the "
                    "key of this issue; an exception with a bound and an end is granted there."
                )
            ),
            speaker.say(
                text(
                    "Only your own account decides: Jira's history is what counts. When the request "
                    "changes, an answer given before no longer counts."
                )
            ),
        )
    )


def decision_prose(ruling: Ruling, findings: Sequence[Finding], speaker: Speaker) -> Prose:
    """Return the comment with which a person accepts findings; it does not begin with yes or no."""
    accepted = (
        Paragraph(speaker.say(text("Accepted:"))),
        Bullets(tuple(speaker.say(_summary(finding)) for finding in findings)),
    )
    return (
        *_fitted(accepted, speaker),
        Paragraph(speaker.say(text("Question {question}", question=ruling.question))),
    )


def refusal_prose(reason: str, speaker: Speaker) -> Prose:
    """Return the comment with which a person refuses."""
    return (Paragraph(speaker.say(text("Refused: {reason}", reason=one_line(reason, 2000)))),)


def exception_prose(terms: Terms, speaker: Speaker) -> Prose:
    """Return the comment that holds the terms of an exception, line by line."""
    said = text("An exception, on these terms; whoever edits them takes the exception away.")
    return Paragraph(speaker.say(said)), Code(terms.words, "yaml")


def obsolete_prose(speaker: Speaker) -> Prose:
    """Return the comment on an approval that nobody needs any more."""
    return (
        Paragraph(
            speaker.say(
                text("The request no longer asks for this: there is nothing left to decide here.")
            )
        ),
    )
