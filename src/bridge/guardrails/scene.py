"""What the search for a variant looks at: the request as written and as it stands, one finding in both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bridge.guardrails.finding import Finding, Where
from bridge.guardrails.limits import Facts
from bridge.guardrails.moves import Action, Move, value_at
from bridge.guardrails.paths import ABSENT
from bridge.guardrails.policy import Bundle
from bridge.guardrails.request import Request

Remedy: TypeAlias = tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The request as written, its content now, the rules, and what their limits look at."""

    written: Request
    now: Request
    bundle: Bundle
    facts: Facts

    @property
    def language(self) -> str:
        """Return the language that labels of this request are in: its page's, French where it says none."""
        return "en" if value_at(self.written.data, ("page", "language")) == "en" else "fr"

    def schema_at(self, where: Where) -> Mapping[str, Any]:
        """Return the piece of a module's schema that describes a place; empty where none does."""
        around = [p for p in self.written.parts() if where[: len(p.where)] == p.where]
        part = max(around, key=lambda p: len(p.where), default=None)
        module = self.bundle.modules.get(part.module) if part else None
        schema: Any = module.parameters if module else {}
        for step in where[len(part.where) :] if part else ():
            inner = schema.get("items" if isinstance(step, int) else "properties")
            schema = inner.get(step) if isinstance(inner, Mapping) and step in inner else inner
            if not isinstance(schema, Mapping) or (schema is inner and isinstance(step, str)):
                return {}
        return schema if isinstance(schema, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Spot:
    """One open finding: where it stood in the request as written, and where it stands now."""

    finding: Finding
    where: Where
    now: Where

    @property
    def field(self) -> Where:
        """Return the place of the form field it is about, empty where it is about none."""
        for number, step in enumerate(self.where[:-1]):
            if step == "fields" and isinstance(self.where[number + 1], int):
                return self.where[: number + 2]
        return ()

    def set(self, scene: Scene, after: Any, options: tuple[Any, ...] = ()) -> Remedy:
        """Return the remedy that puts a value here; an empty one where nothing can stand here."""
        return put(scene, self.where, after, options)


def put(scene: Scene, where: Where, after: Any, options: tuple[Any, ...] = ()) -> Remedy:
    """Return the remedy that puts a value at a place of the request as written."""
    before = value_at(scene.written.data, where)
    if before is ABSENT and not isinstance(value_at(scene.written.data, where[:-1]), Mapping):
        return ()
    action: Action = "add" if before is ABSENT else "set"
    return (Move(where, action, before, after, options),)
