"""Find the data that ships with the package: templates and schemas, in a wheel or in a checkout."""

from functools import cache
from pathlib import Path


@cache
def folder(name: str) -> Path:
    """Return the folder of shipped data called ``name`` (``templates``, ``schemas``)."""
    inside_the_wheel = Path(__file__).parent / "library" / name
    if inside_the_wheel.is_dir():
        return inside_the_wheel
    return Path(__file__).parents[2] / name


def demo_workspace() -> tuple[Path, Path]:
    """Return the demo's ``bridge.yaml`` and ``accepted.yaml``: the repository's own, or a wheel's copies."""
    inside_the_wheel = Path(__file__).parent / "library" / "demo"
    demo = inside_the_wheel if inside_the_wheel.is_dir() else Path(__file__).parents[2]
    return demo / "bridge.yaml", demo / "accepted.yaml"
