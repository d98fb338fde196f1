"""An event as automations see it: where, when and in which commit, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from git_registry.model.documents.automation import Automation
from git_registry.model.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event, and what is known of it.

    Attributes:
        event: what happened.
        commit: the step of the default branch that it happened in.
        at: when that was made, as documents write times.
        facts: what `match` and templates may ask, by the names of `filters.EVENT`. What the event has not
            is not there.
        organization: its name.
        repository: the organization's URL, without a credential; empty where nobody knows one.
    """

    event: Event
    commit: str
    at: str
    facts: Mapping[str, object]
    organization: str = ""
    repository: str = ""

    @property
    def subject(self) -> str:
        """Return what tells the event from others of its kind and path in the same step."""
        named = {part.name for part in fields(self.event)} & set(_TELLING)
        return "\0".join(f"{name}={getattr(self.event, name)}" for name in _TELLING if name in named)


_TELLING = ("alias", "version", "tag", "field", "name", "principal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An automation where it stands.

    Attributes:
        path: of its file, `model/churn/automations/deploy.yaml`.
        place: what it is about: `model/churn`, or `model` for all of a registry.
        name: `deploy`.
    """

    path: str
    place: str
    name: str
    document: Automation

    @property
    def selector(self) -> str:
        """Return what a person calls it: `model/churn/automations/deploy`."""
        return self.path.removesuffix(".yaml")

    @property
    def registry(self) -> str:
        """Return the registry it belongs to, which is what a secret is bound to."""
        return self.place.partition("/")[0]
