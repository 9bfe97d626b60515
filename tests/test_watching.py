"""Looking around: what changed is seen, from Jira's own lists, with no inbound port."""

from datetime import UTC, date, datetime, timedelta

from bridge.reactions.watching import Mark, Seen, look_at_issues, look_at_pages, nightly
from bridge.tracker import Stamp
from bridge.wiki import Page, Remembered
from bridge.workspace import Workspace

NOW = datetime(2027, 2, 10, 9, 0, tzinfo=UTC)
SHOP = Workspace(
    id="boutique", projects={"marketing": "MKT", "it": "IT"}, space="MKT", parent="Cal"
)


class Site:
    """A tracker and a wiki that answer what they are told, and note what they are asked."""

    def __init__(self, *stamps: Stamp, pages: dict[str, int] | None = None) -> None:
        self.stamps_ = stamps
        self.pages = pages or {}
        self.asked: list[str] = []

    def stamps(self, jql: str) -> list[Stamp]:
        self.asked.append(jql)
        if "duedate" in jql:
            return [stamp for stamp in self.stamps_ if stamp.due]
        return list(self.stamps_)

    def find(self, title: str) -> Page:
        return Page("root", title, "", 1)

    def recall(self, page_id: str, key: str) -> Remembered:
        return Remembered("1", {"months": {month: month for month in self.pages}}, 1)

    def page(self, page_id: str) -> Page:
        return Page(page_id, page_id, "", self.pages[page_id])


class Clock:
    """A clock that stands."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        return self._now.date()

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits here")


def seen(site: Site, mark: Mark | None, now: datetime = NOW) -> Seen:
    issues = look_at_issues(mark, SHOP, site, Clock(now))  # type: ignore[arg-type]  # only what is asked
    pages = look_at_pages(issues.mark, SHOP, site, Clock(now))  # type: ignore[arg-type]  # as above
    return Seen(issues.hints, pages.jobs, pages.mark)


def stamp(key: str, minutes_ago: float, due: str | None = None) -> Stamp:
    day = date.fromisoformat(due) if due else None
    return Stamp(key, NOW - timedelta(minutes=minutes_ago), day)


def test_the_same_change_has_the_same_name_however_often_it_is_seen() -> None:
    site = Site(stamp("MKT-1", 1))
    first = seen(site, None)
    again = seen(site, first.mark, NOW + timedelta(minutes=1))
    assert [h.identifier for h in first.hints] == [h.identifier for h in again.hints]
    later = seen(Site(stamp("MKT-1", -1)), again.mark, NOW + timedelta(minutes=2))
    assert {h.identifier for h in later.hints}.isdisjoint(h.identifier for h in first.hints)


def test_a_look_goes_back_behind_the_last_one() -> None:
    site = Site()
    seen(site, Mark(at=NOW - timedelta(minutes=1)))
    assert "updated >= -6m" in site.asked[0]
    seen(site, None)
    assert f"updated >= -{30 * 24 * 60}m" in site.asked[2]


def test_a_deleted_issue_is_missed_among_the_due_dates() -> None:
    before = seen(Site(stamp("MKT-1", 90, "2027-02-17"), stamp("MKT-2", 90, "2027-03-01")), None)
    after = seen(Site(stamp("MKT-2", 90, "2027-03-01")), before.mark)
    gone = [hint for hint in after.hints if hint.issue == "MKT-1"]
    assert [hint.dates for hint in gone] == [(date(2027, 2, 17),)]


def test_a_moved_date_touches_both_months() -> None:
    before = seen(Site(stamp("MKT-1", 90, "2027-02-17")), None)
    after = seen(Site(stamp("MKT-1", 0, "2027-03-03")), before.mark)
    assert {d for hint in after.hints for d in hint.dates} == {date(2027, 2, 17), date(2027, 3, 3)}


def test_a_page_that_somebody_wrote_is_looked_at() -> None:
    first = seen(Site(pages={"2027-02": 3, "2027-03": 1, "2026-01": 9}), None)
    assert first.jobs == ()
    assert first.mark.pages == {"2027-02": 3, "2027-03": 1}  # who edits an old page is left alone
    second = seen(Site(pages={"2027-02": 3, "2027-03": 2}), first.mark)
    assert [str(job) for job in second.jobs] == ["month 2027-03"]


def test_a_mark_comes_back_as_it_was_kept() -> None:
    mark = seen(Site(stamp("MKT-1", 1, "2027-02-17"), pages={"2027-02": 3}), None).mark
    assert Mark.read(mark.as_json()) == mark
    assert Mark.read(None) is None


def test_at_night_everything_open_is_looked_at_once_more() -> None:
    site = Site(stamp("MKT-7", 9000), pages={"2026-12": 1, "2027-01": 1, "2027-02": 3})
    found = nightly(SHOP, site, site, ["small"], Clock(NOW))  # type: ignore[arg-type]  # only what is asked
    assert [hint.identifier for hint in found.hints] == ["nightly-20270210-MKT-7"]
    assert '"bridge-request", "bridge-template-small"' in site.asked[0]
    assert [job.name for job in found.jobs] == ["2027-01", "2027-02"]
