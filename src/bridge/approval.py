"""What Jira's own history proves about an approval: who decided what, and what counts for nothing. Pure.

Anyone who may edit an issue may put a label on it, write its property, or say that somebody agreed. So
nothing counts but what the history shows that the role's person did: a label that this account added
after the issue was created and that still stands, or a comment that it alone wrote. A label carries the
digest of exactly what was asked (:func:`bridge.petition.ask`); a comment answers what was asked when it
was written.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bridge.deciders import Bench, may_decide
from bridge.exceptions import BOUNDED, terms_in
from bridge.guardrails.circumstances import Waiver
from bridge.guardrails.policy import Bundle
from bridge.petition import ASKS, EXCEPTION, NO, OK, Asking, ask
from bridge.text import Text, text
from bridge.tracker import Account, Comment, Happening, Issue

_LABEL = re.compile(rf"(?P<kind>{OK}|{NO})(?P<ask>[0-9a-f]+)(?:-(?P<finding>[0-9a-f]+))?", re.ASCII)
_QUESTION = frozenset({"summary", "description"})  # fields in which a person reads what is asked
_REWRITTEN = text("somebody else had rewritten the text of the question; `bridge review` shows it")
_YES, _NO = frozenset({"oui", "yes"}), frozenset({"non", "no"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """An approval issue with all that Jira knows of it."""

    issue: Issue
    record: Asking
    history: Sequence[Happening] = ()
    comments: Sequence[Comment] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that counts: about the findings ``ids``, by a person of the workspace (their id)."""

    accepts: bool
    ids: frozenset[str]
    by: str
    at: datetime
    how: Literal["label", "reply"]
    reason: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something on an approval issue that looks like a decision and counts for nothing, and why."""

    key: str
    what: str
    why: Text


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proved on one approval issue about one content, and what was passed over."""

    decisions: tuple[Decision, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    def of(self, finding: str) -> Decision | None:
        """Return what was decided about a finding; a refusal by label stands until it is taken off."""
        about = [d for d in self.decisions if finding in d.ids]
        refusal = next((d for d in about if d.how == "label" and not d.accepts), None)
        return refusal or max(about, key=lambda decision: decision.at, default=None)

    def refusal(self, findings: Iterable[str]) -> Decision | None:
        """Return the first refusal among findings, if any: one is enough."""
        found = (self.of(finding) for finding in findings)
        return next((d for d in found if d is not None and not d.accepts), None)

    def accepts(self, findings: Iterable[str]) -> bool:
        """Tell whether each one of the findings was accepted."""
        found = [self.of(finding) for finding in findings]
        return all(d is not None and d.accepts for d in found)


# --- who decides ---------------------------------------------------------------------------------


# --- what is proved ------------------------------------------------------------------------------


def prove(evidence: Evidence, role: str, fingerprint: str, bench: Bench) -> Proof:
    """Return every decision about a content that counts on an approval issue, and what does not."""
    return _Proving(evidence, role, fingerprint, bench).run()


@dataclass
class _Proving:
    evidence: Evidence
    role: str
    fingerprint: str
    bench: Bench
    decisions: list[Decision] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)

    def run(self) -> Proof:
        # A list of findings in the record is believed because its digest is the one in the label.
        asked = {
            ask(self.fingerprint, self.role, ids): frozenset(ids)
            for ids in self.evidence.record.asks
        }
        for label in sorted(self.evidence.issue.labels):
            found = _LABEL.fullmatch(label)
            if found is not None:
                self._label(label, found, asked, added(label, self.evidence.history))
        self._taken_off(asked)
        self._replies(asked)
        return Proof(tuple(sorted(self.decisions, key=lambda d: d.at)), tuple(self.ignored))

    def _label(
        self,
        label: str,
        found: re.Match[str],
        asked: Mapping[str, frozenset[str]],
        put: Happening | None,
    ) -> None:
        if put is None:
            self._ignore(label, text("the history does not show who put it there"))
            return
        who = self._person(put.author, put.at)
        if isinstance(who, Text):
            self._ignore(label, who)
            return
        ids = asked.get(found["ask"])
        if ids is None or (found["finding"] and found["finding"] not in ids):
            self._ignore(label, text("it is about another content, or about other findings"))
            return
        accepts = found["kind"] == OK
        if accepts and not self._was_shown(put.author, found["ask"]) and self._is_rewritten(put.at):
            self._ignore(label, _REWRITTEN)
            return
        about = frozenset({found["finding"]}) if found["finding"] else ids
        reason = "" if accepts else self._reason(put)
        self._decide(Decision(accepts, about, who, put.at, "label", reason))

    def _reason(self, put: Happening) -> str:
        """Return what the person who put a label last wrote."""
        own = [c for c in self.evidence.comments if put.author and _is_by(c, put.author)]
        return own[-1].words if own else ""

    def _taken_off(self, asked: Mapping[str, frozenset[str]]) -> None:
        """Let a refusal stand whose label somebody took off who may not decide."""
        for label, put, gone in removed(self.evidence.history):
            found = _LABEL.fullmatch(label)
            if found is None or found["kind"] != NO or label in self.evidence.issue.labels:
                continue
            if not isinstance(self._person(gone.author, gone.at), Text):
                continue
            self._ignore(label, text("whoever took it off may not decide: the refusal stands"))
            self._label(label, found, asked, put)

    def _replies(self, asked: Mapping[str, frozenset[str]]) -> None:
        posted = _posted(self.evidence, self.bench)
        for comment in self.evidence.comments:
            word = first_word(comment.words)
            creator = self.evidence.issue.creator
            if word not in _YES | _NO or (creator and _is_by(comment, creator)):
                continue
            said = comment.words.splitlines()[0][:60]
            who = self._person(comment.author, comment.updated)
            if isinstance(who, Text):
                self._ignore(said, who)
            elif comment.author is None or not _is_by(comment, comment.author):
                self._ignore(said, text("somebody else edited this comment"))
            elif word in _YES and self._is_rewritten(comment.updated):
                self._ignore(said, _REWRITTEN)
            else:
                # What was edited since may have said anything when it was written.
                first, last = (
                    _asked_at(at, posted, asked) for at in (comment.created, comment.updated)
                )
                self._reply(comment, said, who, last if first == last or word in _NO else None)

    def _is_rewritten(self, at: datetime) -> bool:
        """Tell whether a text stood there at a moment that neither bridge nor role had written."""
        own = {self.bench.bridge, self.evidence.issue.creator and self.evidence.issue.creator.id}
        texts = [c for c in self.evidence.history if c.field in _QUESTION and c.at <= at]
        last = {change.field: change for change in texts}.values()
        return any(
            (change.author is None or change.author.id not in own)
            and isinstance(self._person(change.author, change.at), Text)
            for change in last
        )

    def _was_shown(self, who: Account | None, question: str) -> bool:
        """Tell whether a person's own comment names the question: what is asked was shown elsewhere."""
        own = (c for c in self.evidence.comments if who is not None and _is_by(c, who))
        return any(question in c.words.split() for c in own)

    def _reply(self, comment: Comment, said: str, who: str, ids: frozenset[str] | None) -> None:
        if ids is None:
            why = text("it was written about another content, or before the question")
            later = text("a reply is weighed when the bridge submits the request again")
            self._ignore(said, why if self.bench.bridge else later)
            return
        accepts = first_word(comment.words) in _YES
        reason = "" if accepts else comment.words
        self._decide(Decision(accepts, ids, who, comment.updated, "reply", reason))

    def _decide(self, decision: Decision) -> None:
        name = self.bench.team.people[decision.by].name
        self.decisions.append(replace(decision, name=name))

    def _person(self, who: Account | None, at: datetime) -> str | Text:
        on = self.bench.day(at)
        return may_decide(self.bench, self.role, who, on, self.evidence.issue.creator)

    def _ignore(self, what: str, why: Text) -> None:
        self.ignored.append(Ignored(self.evidence.issue.key, what, why))


def added(label: str, history: Iterable[Happening]) -> Happening | None:
    """Return the change by which a label that stands now was last put on; None: at creation, or unknown."""
    puts = [
        change
        for change in history
        if change.field == "labels"
        and label in change.after.split()
        and label not in change.before.split()
    ]
    return puts[-1] if puts else None


def removed(history: Iterable[Happening]) -> Iterator[tuple[str, Happening, Happening]]:
    """Yield each label that was put on and taken off: the label, its last change on, its last off."""
    puts: dict[str, Happening] = {}
    gone: dict[str, Happening] = {}
    for change in history:
        if change.field == "labels":
            before, after = set(change.before.split()), set(change.after.split())
            puts |= dict.fromkeys(after - before, change)
            gone |= dict.fromkeys(before - after, change)
    yield from ((label, puts[label], gone[label]) for label in sorted(puts.keys() & gone.keys()))


def first_word(words: str) -> str:
    """Return the first word of a comment in small letters, without signs; quoted lines are not its own."""
    own = (line for line in words.splitlines() if line.strip() and not line.startswith(">"))
    found = re.match(r"\W*(\w+)", next(own, ""))
    return found[1].casefold() if found else ""


def _is_by(comment: Comment, who: Account) -> bool:
    """Tell whether nobody else had a hand in a comment."""
    return all(a is not None and a.id == who.id for a in (comment.author, comment.editor))


def _posted(evidence: Evidence, bench: Bench) -> Sequence[tuple[datetime, str]]:
    """Return since when the bridge asked what, by the history of the labels that say so.

    The labels at creation are those before the first change; later ones count where the same account
    put them. Only the bridge's own account asks: anybody could create an issue, let it look like
    an approval to the bridge alone, and ask in it for something that is answered “yes”.
    """
    issue = evidence.issue
    if issue.creator is None or issue.created is None or issue.creator.id != bench.bridge:
        return ()
    changes = [change for change in evidence.history if change.field == "labels"]
    first = changes[0].before.split() if changes else sorted(issue.labels)
    posted = [(issue.created, label) for label in first if label.startswith(ASKS)]
    for change in changes:
        if change.author is not None and change.author.id == issue.creator.id:
            new = set(change.after.split()) - set(change.before.split())
            posted += [(change.at, label) for label in sorted(new) if label.startswith(ASKS)]
    return [(at, label.removeprefix(ASKS)) for at, label in posted]


def _asked_at(
    at: datetime, posted: Sequence[tuple[datetime, str]], asked: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    """Return the findings that were asked about at a moment."""
    before = [question for since, question in posted if since <= at]
    return asked.get(before[-1]) if before else None


# --- exceptions ----------------------------------------------------------------------------------


def waivers(
    evidence: Evidence, bundle: Bundle, bench: Bench
) -> tuple[tuple[Waiver, ...], tuple[Ignored, ...]]:
    """Return the exceptions granted on an approval issue, and the labels that grant nothing."""
    granted: list[Waiver] = []
    ignored: list[Ignored] = []
    for label in sorted(evidence.issue.labels):
        if label.startswith(EXCEPTION):
            found = _waiver(label, evidence, bundle, bench)
            if isinstance(found, Waiver):
                granted.append(found)
            else:
                ignored.append(Ignored(evidence.issue.key, label, found))
    return tuple(granted), tuple(ignored)


def _waiver(label: str, evidence: Evidence, bundle: Bundle, bench: Bench) -> Waiver | Text:
    put = added(label, evidence.history)
    if put is None or put.author is None:
        return text("the history does not show who put it there")
    digest = label.removeprefix(EXCEPTION)
    own = (c for c in evidence.comments if _is_by(c, put.author))
    terms = next((t for c in own for t in terms_in(c.words) if t.digest == digest), None)
    if terms is None:
        return text("{name} wrote no terms that it stands for", name=put.author.name)
    limit = terms.limit_in(bundle)
    if limit is None:
        return text("the limit is no longer in force in this major version")
    if limit.operator in BOUNDED and terms.max_value is None:
        return text("it does not say up to which value")
    if limit.operator not in BOUNDED and terms.value is None:
        return text("it does not say for which value")
    on = bench.day(put.at)
    who = may_decide(bench, limit.approver, put.author, on, evidence.issue.creator)
    if isinstance(who, Text):
        return who
    return Waiver(
        id=f"{evidence.issue.key}:{digest}",
        module=terms.module,
        major=terms.major,
        limit=terms.limit,
        scope=terms.scope,
        scope_id=terms.scope_id,
        reason=terms.reason,
        granted_by=who,
        granted_on=on,
        expires_on=terms.until,
        max_value=terms.max_value,
        value=terms.value,
    )


def in_words(ignored: Ignored) -> Text:
    """Say what was passed over, and why."""
    return text(
        "{key}: “{what}” does not count: {why}.",
        key=ignored.key,
        what=ignored.what,
        why=ignored.why,
    )


def granted_for(found: Iterable[Waiver], petitioners: Collection[str]) -> Iterator[Waiver]:
    """Yield the exceptions that hold for a request: none that its own requester granted."""
    return (waiver for waiver in found if waiver.granted_by not in petitioners)
