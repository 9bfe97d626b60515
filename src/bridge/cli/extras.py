"""What a plain installation leaves out: the service's engine and what goes with it."""

from importlib.util import find_spec

from bridge.errors import ExtraMissing


def need_service() -> None:
    """Raise ExtraMissing where the extra ``service`` is not installed."""
    if find_spec("dbos") is None:
        raise ExtraMissing("service")
