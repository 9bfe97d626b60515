"""Schedules and campaigns that are refused, or wait for a person."""

from collections.abc import Sequence
from datetime import date

from bridge.errors.families import ConfigurationError, DecisionNeeded, Problem, UnsafeError
from bridge.text import text, texts


class HorizonExceeded(ConfigurationError):
    """E-HORIZON, rule 6: dates from three years before the launch to one year after it."""

    code = "E-HORIZON"

    def __init__(
        self, launch: date, day: date | None = None, *, years: tuple[int, int] | None = None
    ) -> None:
        """Refuse a launch out of ``years`` (first and last), or a plan with a ``day`` too far from it."""
        if years is not None:
            super().__init__(
                text(
                    "The launch {launch} lies beyond the horizon of any calendar.",
                    launch=launch.isoformat(),
                ),
                text("A launch lies between {first} and {last}.", first=years[0], last=years[1]),
            )
            return
        super().__init__(
            text("A date lies outside the horizon of the launch {launch}.", launch=launch)
            if day is None
            else text(
                "{day} lies outside the horizon of the launch {launch}.", day=day, launch=launch
            ),
            text("A plan reaches from three years before its launch to one year after it."),
        )


class IdNeeded(ConfigurationError):
    """The name leaves nothing for an id (it is all emoji, or in another script), or ``given`` is unfit."""

    def __init__(self, name: str, given: str | None = None) -> None:
        super().__init__(
            text("“{name}” gives no id for the campaign.", name=name)
            if given is None
            else text("“{given}” is no id for a campaign.", given=given),
            text(
                "An id has small letters, digits and hyphens, at most 60, and begins and ends with "
                "a letter or digit: --id noel-2026."
            ),
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
    """``create`` refuses what needs a person's insistence; nothing was written.

    What lies in the past are dates: of steps, of milestones, of the launch itself.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "The campaign was not created: {n} date lies in the past. Nothing was written.",
                "The campaign was not created: {n} dates lie in the past. Nothing was written.",
                len(self.problems),
            ),
            text("Choose a later launch: nothing is ever created silently in the past."),
        )


class CampaignConflicts(DecisionNeeded):
    """Something stands in Jira that the bridge will not decide about.

    ``outcome`` is what was written all the same.
    """

    def __init__(self, problems: Sequence[Problem], outcome: object = None) -> None:
        self.problems = tuple(problems)
        self.outcome = outcome
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
    """What stands in Jira contradicts the campaign as a whole.

    ``wrote``: whether something had been written before that was seen.
    """

    def __init__(self, problems: Sequence[Problem], *, wrote: bool = False) -> None:
        self.problems = tuple(problems)
        super().__init__(
            texts(
                "{n} conflict needs a person first; nothing more was written.",
                "{n} conflicts need a person first; nothing more was written.",
                len(self.problems),
            )
            if wrote
            else texts(
                "{n} conflict needs a person first; nothing was written.",
                "{n} conflicts need a person first; nothing was written.",
                len(self.problems),
            )
        )


class CampaignPaused(UnsafeError):
    """Somebody put the label ``bridge-pause`` on the epic."""

    def __init__(self, epic: str) -> None:
        super().__init__(
            text("{epic} carries the label bridge-pause; nothing was written.", epic=epic),
            text("Remove the label in Jira when the bridge may write to this campaign again."),
        )


class CampaignMoved(DecisionNeeded):
    """Issues changed in Jira while the plan was shown, so that another plan would be carried out."""

    def __init__(self) -> None:
        super().__init__(
            text("Jira changed while the plan was shown; nothing was written."),
            text("Run the same command again and look at the new plan."),
        )


class WorkspaceBusy(UnsafeError):
    """Another run holds the workspace's lock: one writer at a time."""

    def __init__(self) -> None:
        super().__init__(
            text("Another run is writing in this workspace."),
            text("Wait until it has ended, then run the same command again."),
        )
