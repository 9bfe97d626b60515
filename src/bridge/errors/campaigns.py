"""Schedules and campaigns that are refused, or wait for a person."""

from collections.abc import Sequence
from datetime import date

from bridge.errors.families import ConfigurationError, DecisionNeeded, Problem, UnsafeError
from bridge.text import text, texts


class HorizonExceeded(ConfigurationError):
    """E-HORIZON, rule 6: dates from three years before the launch to one year after it."""

    code = "E-HORIZON"

    def __init__(self, day: date | None, launch: date) -> None:
        super().__init__(
            text("A date lies outside the horizon of the launch {launch}.", launch=launch)
            if day is None
            else text(
                "{day} lies outside the horizon of the launch {launch}.", day=day, launch=launch
            ),
            text("A plan reaches from three years before its launch to one year after it."),
        )


class IdNeeded(ConfigurationError):
    """The name leaves nothing for an id (it is all emoji, or in another script), or the id is unfit."""

    def __init__(self, name: str) -> None:
        super().__init__(
            text("“{name}” gives no id for the campaign.", name=name),
            text("Give it one: --id with small letters, digits and hyphens, at most 60."),
        )


class CampaignRefused(ConfigurationError):
    """``create`` refuses a plan with errors; nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "The campaign was not created: {n} problem. Nothing was written.",
                "The campaign was not created: {n} problems. Nothing was written.",
                len(self.problems),
            )
        )


class PlanRefused(UnsafeError):
    """``create`` refuses what needs a person's insistence (steps already past); nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "The campaign was not created: {n} step lies in the past. Nothing was written.",
                "The campaign was not created: {n} steps lie in the past. Nothing was written.",
                len(self.problems),
            ),
            text("Choose a later launch: nothing is ever created silently in the past."),
        )


class CampaignConflicts(DecisionNeeded):
    """Something stands in Jira that the bridge will not decide about."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "{n} conflict needs a person. Everything undisputed was written; "
                "nothing was overwritten.",
                "{n} conflicts need a person. Everything undisputed was written; "
                "nothing was overwritten.",
                len(self.problems),
            )
        )


class CampaignStopped(DecisionNeeded):
    """What stands in Jira contradicts the campaign as a whole; nothing more was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "{n} conflict needs a person first; nothing more was written.",
                "{n} conflicts need a person first; nothing more was written.",
                len(self.problems),
            )
        )


class WorkspaceBusy(UnsafeError):
    """Another run holds the workspace's lock: one writer at a time."""

    def __init__(self) -> None:
        super().__init__(
            text("Another run is writing in this workspace."),
            text("Wait until it has ended, then run the same command again."),
        )
