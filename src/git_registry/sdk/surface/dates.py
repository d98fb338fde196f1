"""When something came, and when something last happened to it, as its history says."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.index.events.history import Wanted, recorded
from git_registry.index.events.sources import Subject
from git_registry.index.opening import ask
from git_registry.model.dates import timestamp
from git_registry.model.events import (
    AutomationChanged,
    AutomationCreated,
    CollectionCreated,
    NamedChange,
    RegistryCreated,
)


def created(catalog: Catalog, path: str) -> str:
    """Return when a registry or collection was created; an empty text if its history does not say."""
    kind = CollectionCreated.kind if "/" in path else RegistryCreated.kind
    return _last(catalog, Wanted(subject=Subject(path=path), kinds=frozenset({kind}), limit=1))


def updated(catalog: Catalog, path: str) -> str:
    """Return when anything last happened to a registry or collection, or to something in it."""
    return _last(catalog, Wanted(subject=Subject(path=path), limit=1))


def automated(catalog: Catalog, place: str, name: str, *, first: bool = False) -> str:
    """Return when an automation was created, if that is asked, or changed last; an empty text if never."""
    kind = AutomationCreated.kind if first else AutomationChanged.kind
    wanted = Wanted(subject=Subject(path=place), kinds=frozenset({kind}))
    for one in ask(catalog, lambda moment: recorded(moment, wanted)):
        event = one.event
        if isinstance(event, NamedChange) and (event.path, event.name) == (place, name):
            return timestamp(one.committer.at)
    return ""


def _last(catalog: Catalog, wanted: Wanted) -> str:
    found = ask(catalog, lambda moment: recorded(moment, wanted))
    return timestamp(found[0].committer.at) if found else ""
