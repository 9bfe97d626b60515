"""Each behaviour is asked of every kind of site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sites import Site, is_live_wanted, opened

# A live site is asked only where somebody named one: one visible skip stands for it elsewhere.
SITES = ["twin", "cloud", "datacenter", *(["live"] if is_live_wanted() else [])]


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with opened(request.param, tmp_path) as one:
        yield one
