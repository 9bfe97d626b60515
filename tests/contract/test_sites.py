"""The suite itself: which sites it was held against."""

from pathlib import Path

from tests.contract.sites import opened


def test_a_live_site_is_opt_in(tmp_path: Path) -> None:
    """Skips, saying which variables are missing; passes where a live site can be opened."""
    with opened("live", tmp_path) as site:
        assert site.tracker.survey([site.marketing], [], site.label).me.active
