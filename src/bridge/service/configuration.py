"""What the service needs before it starts; everything that is wrong with it is said at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bridge.config import policy
from bridge.config import workspace as workspace_file
from bridge.errors import BridgeError, ConfigurationError, Problem, ProblemsFound
from bridge.service import limits
from bridge.service.address import state_of, worker_of
from bridge.service.face.delivery import Secrets
from bridge.service.messages import channels
from bridge.service.messages.channels import Channel
from bridge.settings import Settings, given
from bridge.text import text
from bridge.workspace import Workspace

SHORTEST = 16  # characters of a webhook's secret
_Value = TypeVar("_Value")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Everything that the service was told; ``warnings`` keep it from nothing."""

    folder: Path
    workspace: Workspace
    settings: Settings
    store: str
    worker: str
    rate: int
    secrets: Secrets
    channels: tuple[Channel, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def confidential(self) -> tuple[str, ...]:
        """Return what must never stand in a log."""
        addresses = (channel.address for channel in self.channels)
        return (*self.secrets.any, self.settings.token, *addresses)


class _Gathering:
    """Calls one reader after the other, and keeps what each refuses."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def of(self, read: Callable[[], _Value]) -> _Value | None:
        """Return what a reader returns, None where it refuses."""
        try:
            return read()
        except ProblemsFound as several:
            self.problems += several.problems
        except ConfigurationError as one:
            self.problems.append(_as_problem(one))
        return None


def _as_problem(refusal: BridgeError) -> Problem:
    return Problem(refusal.sentence, refusal.hint)


def read(start: Path, environment: Mapping[str, str] | None = None) -> Configuration:
    """Read the workspace at or above a folder, its rules, and the environment.

    Raises:
        ProblemsFound: everything that cannot be used.

    """
    gathering = _Gathering()
    folder = gathering.of(lambda: workspace_file.find(start))
    workspace = gathering.of(lambda: workspace_file.load(folder)) if folder else None
    rules = gathering.of(lambda: policy.load(folder)) if folder else None
    settings = gathering.of(lambda: Settings.of_environment(environment))
    store = gathering.of(lambda: state_of(folder or start, environment))
    rate = gathering.of(lambda: limits.rate(environment))
    secrets = gathering.of(lambda: _secrets(environment))
    messages = gathering.of(lambda: channels.of_environment(environment))
    if (
        folder is None or workspace is None or rules is None or settings is None or store is None
        or rate is None or secrets is None or messages is None
    ):  # fmt: skip
        raise ProblemsFound(gathering.problems)
    return Configuration(
        folder=folder,
        workspace=workspace,
        settings=settings,
        store=store,
        worker=worker_of(environment),
        rate=rate,
        secrets=secrets,
        channels=messages,
        warnings=(*rules.problems, *([rules.warning] if rules.warning else [])),
    )


def _secrets(environment: Mapping[str, str] | None) -> Secrets:
    """Return the secrets of webhooks, the next one while they rotate."""
    gathering = _Gathering()
    current = gathering.of(lambda: webhook_secret("BRIDGE_WEBHOOK_SECRET", environment))
    following = gathering.of(lambda: webhook_secret("BRIDGE_WEBHOOK_SECRET_NEXT", environment))
    if current is None or following is None:
        raise ProblemsFound(gathering.problems)
    return Secrets(current, following)


def webhook_secret(name: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a secret, "" for none; it is never shown, and must travel in a header as it is."""
    secret = given(name, environment)
    if secret and len(secret) < SHORTEST:
        raise ConfigurationError(
            text("{name} is too short to keep anybody out.", name=name),
            text(
                "At least {n} characters, such as `openssl rand -hex 32` gives; the same in Jira.",
                n=SHORTEST,
            ),
        )
    if not (secret.isascii() and secret.isprintable()):
        raise ConfigurationError(
            text("{name} holds a character that cannot belong there.", name=name),
            text("Letters without accents, digits and signs; the same in Jira."),
        )
    return secret
