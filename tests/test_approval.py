"""What history proves about an approval, and the values that stand on its issue."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.approval import Evidence, first_word, prove
from bridge.deciders import Bench, seat
from bridge.exceptions import Terms, terms_in
from bridge.petition import Asked, Asking, Damaged, Petition, ask
from bridge.prose import Bullets, Paragraph, fitted
from bridge.retroplan.workdays import Span
from bridge.team import Deputy, Person, Team
from bridge.tracker import Account, Comment, Happening, Issue

START = datetime(2027, 1, 4, 9, tzinfo=UTC)
IDS = ("aaaaaaaaaa", "bbbbbbbbbb")
HASH = "f" * 64
Q = ask(HASH, "dpo", IDS)
BRIDGE, CLAIRE, HUGO, CAMILLE = (
    Account(name.casefold(), name) for name in ("Bridge", "Claire", "Hugo", "Camille")
)
TEAM = Team(
    people={n: Person(id=n, name=n.title()) for n in ("claire", "hugo", "camille")},
    roles={"dpo": "claire"},
    deputies={"dpo": Deputy("hugo", date(2027, 1, 4), date(2027, 1, 5))},
)
BENCH = Bench(
    team=TEAM, accounts={"claire": "claire", "hugo": "hugo", "camille": "camille"},
    requesters=frozenset({"camille"}), petitioners=frozenset({"camille"}), bridge="bridge", zone=UTC,
)  # fmt: skip


def put(label: str, who: Account | None, hour: int, before: str = "bridge") -> Happening:
    return Happening(who, START + timedelta(hours=hour), "labels", before, f"{before} {label}")


def evidence(
    *labels: str, history: tuple[Happening, ...] = (), comments: tuple[Comment, ...] = ()
) -> Evidence:
    record = Asking(
        workspace="w", campaign="c", request="r", request_key="MKT-1", role="dpo", hash=HASH,
        findings=tuple(Asked(one, "rule", "$") for one in IDS), asks=(IDS,),
    )  # fmt: skip
    issue = Issue(
        id="1",
        key="MKT-2",
        project="MKT",
        labels=frozenset({*labels, f"bridge-asks-{Q}"}),
        creator=BRIDGE,
        created=START,
    )
    return Evidence(issue, record, history, comments)


def said(words: str, who: Account, hour: int, editor: Account | None = None) -> Comment:
    at = START + timedelta(hours=hour)
    return Comment("1", who, editor or who, words, at, at)


def test_the_person_s_own_label_counts_for_everything_asked() -> None:
    ok = f"bridge-ok-{Q}"
    proof = prove(
        evidence(ok, history=(put(ok, CLAIRE, 1, f"bridge bridge-asks-{Q}"),)), "dpo", HASH, BENCH
    )
    assert proof.accepts(IDS)
    assert not proof.ignored


@pytest.mark.parametrize(
    ("history", "why"),
    [
        ((), "the history does not show who put it there"),
        ((put(f"bridge-ok-{Q}", None, 1),), "its author is no longer known to Jira"),
        ((put(f"bridge-ok-{Q}", CAMILLE, 1),), "{name} asked for it: nobody decides about their own request"),
        ((put(f"bridge-ok-{Q}", BRIDGE, 1),), "{name} is the account that created this approval"),
        ((put(f"bridge-ok-{Q}", HUGO, 48),), "{name} was not the deputy on {day}"),
        ((put(f"bridge-ok-{Q}", CLAIRE, 1), put(f"bridge-ok-{Q}", CAMILLE, 2)), "{name} asked for it: nobody decides about their own request"),
    ],
)  # fmt: skip
def test_every_other_label_is_passed_over_with_the_reason(
    history: tuple[Happening, ...], why: str
) -> None:
    proof = prove(evidence(f"bridge-ok-{Q}", history=history), "dpo", HASH, BENCH)
    assert not proof.decisions
    assert [one.why.one for one in proof.ignored] == [why]


def test_another_content_another_role_or_other_findings_have_another_question() -> None:
    assert (
        len({Q, ask("e" * 64, "dpo", IDS), ask(HASH, "legal", IDS), ask(HASH, "dpo", IDS[:1])}) == 4
    )


def test_a_reply_counts_only_unedited_and_after_the_question() -> None:
    def accepts(*comments: Comment) -> bool:
        return prove(evidence(comments=comments), "dpo", HASH, BENCH).accepts(IDS)

    assert accepts(said("Oui !\nMerci", CLAIRE, 1))
    assert not accepts(said("Oui", CLAIRE, -1))
    assert not accepts(said("Oui", CLAIRE, 1, editor=CAMILLE))
    assert not accepts(said("Oui", CAMILLE, 1))
    assert not accepts(said("Oui", CLAIRE, 1), said("Non", CLAIRE, 2))
    assert accepts(said("Non", CLAIRE, 1), said("Oui", CLAIRE, 2))


@pytest.mark.parametrize(
    ("words", "word"),
    [("Oui, bien sûr", "oui"), ("> non\noui", "oui"), ("**Yes**", "yes"), ("", ""), ("…", ""), ("Nonobstant", "nonobstant")],
)  # fmt: skip
def test_the_first_word(words: str, word: str) -> None:
    assert first_word(words) == word


def test_who_is_asked_on_a_day() -> None:
    away = Team(
        people={**TEAM.people, "claire": Person(id="claire", name="Claire", away=(Span(date(2027, 2, 1), date(2027, 2, 5)),))},
        roles=TEAM.roles, deputies=TEAM.deputies,
    )  # fmt: skip

    def who(team: Team, day: date, *petitioners: str) -> tuple[str, bool]:
        found = seat(team, "dpo", day, petitioners)
        assert found is not None
        return found.person.id, found.note is not None

    assert who(TEAM, date(2027, 1, 5)) == ("hugo", False)
    assert who(TEAM, date(2027, 1, 6)) == ("claire", False)
    assert who(away, date(2027, 2, 3)) == ("hugo", False)
    assert who(TEAM, date(2027, 3, 1), "claire") == ("hugo", False)
    assert who(TEAM, date(2027, 3, 1), "claire", "hugo") == ("claire", True)
    assert who(Team(TEAM.people, TEAM.roles), date(2027, 3, 1), "claire") == ("claire", True)
    assert seat(TEAM, "legal", date(2027, 3, 1), ()) is None


@given(
    reason=st.text(min_size=1, max_size=200).filter(lambda s: bool(" ".join(s.split()).strip())),
    bound=st.none() | st.floats(0, 1e9, allow_nan=False),
)
def test_terms_are_read_back_with_the_same_digest_or_not_at_all(
    reason: str, bound: float | None
) -> None:
    terms = Terms(
        module="form.lead", major=2, limit="F03", scope="page", scope_id="noel-2027/newsletter",
        until=date(2027, 2, 1), reason=reason, max_value=bound,
    )  # fmt: skip
    for found in terms_in(f"Une exception.\n{terms.words}\nMerci"):
        assert found.digest == terms.digest
        assert found.max_value == bound
    assert terms.words.count("\n") == (4 if bound is None else 5)


RECORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["format", "kind", "workspace", "hash", "findings", "asks", "id", "rule", "where", "approvals", "meant", "modules", "role"]
    ), inner, max_size=6),
)  # fmt: skip


@given(RECORDS)
def test_no_property_whatever_it_holds_is_more_than_damaged(value: object) -> None:
    for kind, reader in (("request", Petition.read), ("approval", Asking.read)):
        for given_value in (
            value,
            {**value, "format": 1, "kind": kind} if isinstance(value, dict) else value,
        ):
            try:
                record = reader(given_value)
            except Damaged:
                continue
            assert reader(record.as_json()) == record


def test_a_long_list_is_cut_between_lines_and_says_so() -> None:
    prose = (Paragraph("a" * 10), Bullets(("b" * 10,) * 9), Paragraph("z"))
    assert fitted(prose, 45, "more") == (prose[0], Bullets(("b" * 10,) * 3), Paragraph("more"))
    assert fitted(prose, 200, "more") == prose
