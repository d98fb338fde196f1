"""What an automation starts from, by W&B's names: `OnLinkArtifact(scope=collection) >> action`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, NoReturn

from git_registry.errors import UsageError
from git_registry.model.triggers import TRIGGER, kinds
from git_registry.sdk.surface.automations import scopes
from git_registry.sdk.surface.automations.actions import Act, checked
from git_registry.sdk.surface.automations.composing import NewAutomation
from git_registry.sdk.surface.automations.conditions import Condition, Filter, condition, no_runs, renamed
from git_registry.sdk.surface.automations.scopes import Scope

_ALIASES, _TAGS = {"alias": "aliases"}, {"tag": "tags"}


class Event:
    """Something that happens in a registry or collection, and passes a condition.

    Args:
        scope: the registry or collection, or what either is called.
        filter: the condition; None asks nothing more.

    Raises:
        UsageError: automations don't stand there, or the filter is none.
    """

    event_type: ClassVar[str]
    """W&B's name for it."""
    triggers: tuple[str, ...]
    """What stands in `events` of its document."""
    spellings: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What W&B calls a field that has another name where an event holds its version's."""

    def __init__(self, *, scope: Scope, filter: Filter = None) -> None:
        self.scope = scope
        self.filter = filter

    @property
    def scope(self) -> Scope:
        """The registry or collection."""
        return self._scope

    @scope.setter
    def scope(self, scope: Scope) -> None:
        self._scope = scopes.checked(scope)

    @property
    def filter(self) -> Condition:
        """The condition, in the words of the event."""
        return self._filter

    @filter.setter  # noqa: A003 - it is the property's own
    def filter(self, filter: Filter) -> None:
        self._filter = renamed(condition(filter), self.spellings)

    def then(self, action: Act) -> NewAutomation:
        """Return an automation that does this, to be created.

        Raises:
            UsageError: it is no action.
        """
        return NewAutomation(event=self, action=checked(action))

    def __rshift__(self, action: Act) -> NewAutomation:
        return self.then(action)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Event) and self._parts() == other._parts()

    __hash__ = None  # type: ignore[assignment]  # it may be edited

    def _parts(self) -> tuple[object, ...]:
        return kinds(self.triggers), str(self.scope), self.filter

    def __repr__(self) -> str:
        return f"{type(self).__name__}(scope={self.scope!r}, filter={dict(self.filter.document)!r})"


class OnLinkArtifact(Event):
    """A version is linked."""

    event_type = "LINK_ARTIFACT"
    triggers = ("version-linked",)
    spellings = MappingProxyType({**_ALIASES, **_TAGS})


class OnUnlinkArtifact(Event):
    """A version is unlinked."""

    event_type = "UNLINK_ARTIFACT"
    triggers = ("version-unlinked",)
    spellings = OnLinkArtifact.spellings


class OnCreateArtifact(OnLinkArtifact):
    """A version is new in a collection: it is linked, for nothing else comes into a registry."""

    event_type = "CREATE_ARTIFACT"


class OnAddArtifactAlias(Event):
    """An alias is set: it is new, or points at another version by now."""

    event_type = "ADD_ARTIFACT_ALIAS"
    triggers = ("alias-added", "alias-moved")
    spellings = MappingProxyType(_TAGS)


class OnAddArtifactTag(Event):
    """A version is tagged."""

    event_type = "ADD_ARTIFACT_TAG"
    triggers = ("version-tagged",)
    spellings = MappingProxyType(_ALIASES)


class OnRemoveArtifactTag(OnAddArtifactTag):
    """A version loses a tag."""

    event_type = "REMOVE_ARTIFACT_TAG"
    triggers = ("version-untagged",)


class OnAddCollectionTag(Event):
    """A collection is tagged."""

    event_type = "ADD_COLLECTION_TAG"
    triggers = ("collection-tagged",)


class OnRemoveCollectionTag(OnAddCollectionTag):
    """A collection loses a tag."""

    event_type = "REMOVE_COLLECTION_TAG"
    triggers = ("collection-untagged",)


class OnEvent(Event):
    """Any events, by our own names: `OnEvent("alias-removed", "gates-changed", scope="model")`.

    Raises:
        UsageError: no event is called that, or none is named.
    """

    event_type = "EVENT"

    def __init__(self, *triggers: str, scope: Scope, filter: Filter = None) -> None:
        if not triggers:
            raise UsageError("it starts from at least one event", hint="such as OnEvent('alias-removed', …)")
        self.triggers = tuple(TRIGGER.check(one) for one in triggers)
        super().__init__(scope=scope, filter=filter)


class _OfRuns(Event):
    """What W&B starts from runs; it says what to use instead."""

    def __init__(self, **_named: object) -> NoReturn:
        raise no_runs()


class OnRunMetric(_OfRuns):
    """Not here: a run's metric passes a threshold."""


class OnRunState(_OfRuns):
    """Not here: a run ends."""


_KNOWN: Mapping[frozenset[str], type[Event]] = {
    kinds(one.triggers): one
    for one in (
        *(OnLinkArtifact, OnUnlinkArtifact, OnAddArtifactAlias),
        *(OnAddArtifactTag, OnRemoveArtifactTag, OnAddCollectionTag, OnRemoveCollectionTag),
    )
}


def event(triggers: tuple[str, ...], scope: Scope, match: Filter) -> Event:
    """Return what a document starts from: by W&B's name, if that has one for exactly this."""
    found = _KNOWN.get(kinds(triggers))
    return found(scope=scope, filter=match) if found else OnEvent(*triggers, scope=scope, filter=match)
