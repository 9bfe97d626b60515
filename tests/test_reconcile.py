"""The reconciliation rule: a person's edit is never overwritten, and a second run writes nothing."""

from datetime import date
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bridge.memory import Damaged, Memory, mark, of
from bridge.prose import Checklist, Heading, Paragraph
from bridge.reconcile import Decision, Wish, decide, pins_of, reconcile
from bridge.tracker import Account, Issue

MEMORY = Memory(workspace="w", campaign="c", step="s", template="t", version="1.0.0")
DAYS = [date(2027, 1, day) for day in (4, 5, 6)]


@pytest.mark.parametrize(
    ("meant", "desired", "observed", "decision"),
    [
        ("a", "a", "a", Decision.SETTLED),
        ("a", "b", "b", Decision.SETTLED),  # the person did what the plan now says
        ("a", "b", "a", Decision.WRITE),
        ("a", "a", "b", Decision.KEEP),
        ("a", "b", "c", Decision.KEEP),
        (None, "a", "a", Decision.SETTLED),
        (None, "a", "b", Decision.CONFLICT),  # first contact is never a guess
        ("a", "b", "", Decision.KEEP),  # emptying a field is an edit too
    ],
)
def test_the_table(meant: str | None, desired: str, observed: str, decision: Decision) -> None:
    assert decide(meant, desired, observed) is decision


def wish(due: date) -> Wish:
    return Wish("s", "Step", {"due": due}, MEMORY.with_meant({"due": mark("due", due)}))


class OneField:
    """One due date in one issue: the order may change, a person may edit, the bridge may run."""

    def __init__(self, day: date) -> None:
        self.desired = self.shown = day
        self.memory = MEMORY.with_meant({"due": mark("due", day)})

    @property
    def by_person(self) -> bool:
        """Whether the issue shows what a person set, and not what the bridge last meant."""
        return mark("due", self.shown) != self.memory.meant["due"]

    def order(self, day: date) -> None:
        self.desired = day

    def edit(self, day: date) -> None:
        self.shown = day

    def run(self) -> bool:
        """Reconcile and carry out; return whether a field was written."""
        issue = Issue(id="1", key="K-1", project="K", due=self.shown, memory=self.memory.as_json())
        plan = reconcile([wish(self.desired)], {"s": "K-1"}, {"K-1": issue})
        assert not plan.conflicts
        wrote = False
        for edit in plan.edits:
            self.memory = edit.memory
            if "due" in edit.fields:
                wrote = True
                assert edit.fields["due"] == self.desired
                self.shown = self.desired
        return wrote


def test_every_sequence_of_five_edits_orders_and_runs() -> None:
    """Exhaustive: 9 actions, five in a row, then two runs."""
    actions = [("order", d) for d in DAYS] + [("edit", d) for d in DAYS] + [("run", None)]
    for sequence in product(actions, repeat=5):
        field = OneField(DAYS[0])
        for name, day in sequence:
            if name == "run":
                theirs, edited = field.shown, field.by_person
                wrote = field.run()
                assert not (edited and wrote), sequence
                assert field.shown == theirs or not edited, sequence
            else:
                getattr(field, name)(day)
        field.run()
        assert field.run() is False, sequence


class Reconciling(RuleBasedStateMachine):
    """Longer stories on one field, chosen at random."""

    @initialize(day=st.sampled_from(DAYS))
    def begin(self, day: date) -> None:
        self.field = OneField(day)

    @rule(day=st.sampled_from(DAYS))
    def the_order_changes(self, day: date) -> None:
        self.field.order(day)

    @rule(day=st.sampled_from(DAYS))
    def a_person_edits(self, day: date) -> None:
        self.field.edit(day)

    @rule()
    def the_bridge_runs(self) -> None:
        theirs, edited = self.field.shown, self.field.by_person
        wrote = self.field.run()
        assert not (edited and wrote)
        if edited:
            assert self.field.shown == theirs

    @invariant()
    def a_run_after_a_run_writes_nothing(self) -> None:
        copy = OneField(DAYS[0])
        copy.__dict__.update(self.field.__dict__)
        copy.run()
        assert copy.run() is False


TestReconciling = Reconciling.TestCase
TestReconciling.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_what_is_missing_is_created_what_is_gone_is_not() -> None:
    plan = reconcile([wish(DAYS[0])], {}, {})
    assert [w.ref for w in plan.create] == ["s"]
    plan = reconcile([wish(DAYS[0])], {"s": "K-1"}, {})
    assert not plan.create
    assert [c.key for c in plan.conflicts] == ["K-1"]


def test_somebody_else_s_issue_is_never_adopted() -> None:
    other = Memory(workspace="w", campaign="other", step="s", template="t", version="1.0.0")
    for memory in (None, {"format": 1}, {"format": 99}, "text", other.as_json()):
        issue = Issue(id="1", key="K-1", project="K", due=DAYS[1], memory=memory)
        plan = reconcile([wish(DAYS[0])], {"s": "K-1"}, {"K-1": issue})
        assert not plan.edits
        assert len(plan.conflicts) == 1


def test_a_hand_moved_due_date_pins_an_untouched_one_does_not() -> None:
    memory = MEMORY.with_meant({"due": "2027-01-04"}).as_json()
    moved = Issue(id="1", key="K-1", project="K", due=DAYS[2], memory=memory)
    untouched = Issue(id="2", key="K-2", project="K", due=DAYS[0], memory=memory)
    known = {"moved": "K-1", "untouched": "K-2", "gone": "K-3"}
    assert pins_of(known, {"K-1": moved, "K-2": untouched}) == {"moved": DAYS[2]}


# --- the memory ----------------------------------------------------------------------------------


def test_people_and_texts_are_digests_dates_are_not() -> None:
    assert mark("due", DAYS[0]) == "2027-01-04"
    for name, value in (("assignee", "712020:abc"), ("summary", "Écrire"), ("description", (Paragraph("x y"),))):  # fmt: skip
        told = mark(name, value)  # type: ignore[arg-type]  # a literal of the tuple above
        assert len(told) == 16
        assert "Écrire" not in told


def test_a_text_is_the_same_whatever_its_blanks_and_structure() -> None:
    prose = (Heading("Résultat"), Checklist(("Un  brief", "Un budget")))
    issue_words = "Résultat Un brief\n Un budget"
    assert mark("description", prose) == mark("description", issue_words)
    assert mark("summary", "") == mark("summary", None) == ""


def test_memory_survives_its_own_json() -> None:
    epic = Memory(
        workspace="w", campaign="c", step="", template="t", version="1.0.0", launch="2027-01-04",
        floors={"K": 3}, children={"s": "K-1"}, complete=True, meant={"due": "2027-01-04"},
    )  # fmt: skip
    assert Memory.read(epic.as_json()) == epic
    child = Memory(workspace="w", campaign="c", step="s", template="t", version="1", with_whom="ab")
    assert Memory.read(child.as_json()) == child
    assert of(Issue(id="1", key="K-1", project="K")) is None


@pytest.mark.parametrize("kind", ["request", "approval"])
def test_a_request_s_own_record_is_no_campaign_s_memory(kind: str) -> None:
    assert of(Issue(id="1", key="K-1", project="K", memory={"kind": kind, "n": 1})) is None


@pytest.mark.parametrize(
    "memory", [{"kind": "campaign"}, {"kind": ["request"]}, ["request"], "request"]
)
def test_what_only_looks_like_a_record_is_damaged_memory(memory: object) -> None:
    with pytest.raises(Damaged):
        of(Issue(id="1", key="K-1", project="K", memory=memory))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2}, {"meant": None}, {"meant": {"due": 3}}, {"meant": {"colour": "red"}},
        {"order": "1"}, {"order": True}, {"step": None}, {"floors": {"K": "3"}}, {"children": [1]},
    ],
)  # fmt: skip
def test_damaged_memory_is_refused(change: dict[str, object]) -> None:
    epic = Memory(workspace="w", campaign="c", step="", template="t", version="1.0.0")
    with pytest.raises(Damaged):
        Memory.read(epic.as_json() | change)
    assert Account("a", "b").active


@pytest.mark.parametrize("kind", ["request", "approval"])
def test_an_issue_about_a_campaign_is_none_of_its_steps(kind: str) -> None:
    about = Issue(
        id="1", key="MKT-1", project="MKT", memory={"format": 1, "kind": kind, "step": "page"}
    )
    assert of(about) is None
