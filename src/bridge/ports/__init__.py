"""What the verbs need from the world, as protocols; the gateway, the disk and tests provide it."""

from dataclasses import dataclass

from bridge.ports.here import Clock, Journal, Progress
from bridge.ports.hooks import Hooks
from bridge.ports.looking import Inspector, WikiInspector
from bridge.ports.tracker import Tracker, Whom
from bridge.ports.wiki import PageMoved, Wiki
from bridge.text import Speaker

__all__ = [
    "Clock",
    "Hooks",
    "Inspector",
    "Journal",
    "PageMoved",
    "Progress",
    "Tools",
    "Tracker",
    "Whom",
    "Wiki",
    "WikiInspector",
]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a creation works with."""

    tracker: Tracker
    journal: Journal
    clock: Clock
    speaker: Speaker
    progress: Progress
