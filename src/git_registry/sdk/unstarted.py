"""What an automation waits for and what does not come: that is allowed, for it may come yet, and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from git_registry.model import filters
from git_registry.model.documents.automation import Automation
from git_registry.model.events import KINDS
from git_registry.model.snapshot import Snapshot
from git_registry.model.triggers import OF_ORGANIZATION, kinds
from git_registry.sdk import undefined, unreachable

_OF_REGISTRIES = frozenset(
    {"registry-created", "registry-deleted", "registry-described", "types-changed", "visibility-changed"}
    | {"member-added", "member-removed", "role-changed"}
    | {"protection-added", "protection-removed", "gates-changed"}
)

_ITS_OWN = {"alias": "alias", "protected": "alias", "previous": "alias", "tag": "tag"}
_ITS_OWN |= {name: name for name in ("field", "principal", "name")}
"""A field that only some events have → the part of such an event that says so."""

_OF_ITS_VERSION = {"alias": "aliases", "tag": "tags"}


def doubts(now: Snapshot, place: str, automation: Automation) -> Iterator[str]:
    """Yield why an automation of a registry or collection may never start or be sent, as things are."""
    wanted = kinds(automation.events)
    for kind in sorted(wanted):
        yield from _elsewhere(kind, place)
    yield from _missing(automation, wanted)
    alias = automation.match.get("alias")
    if isinstance(alias, str):
        yield from undefined.alias(now, place.partition("/")[0], alias)
    yield from unreachable.doubts(automation.action)


def _elsewhere(kind: str, place: str) -> Iterator[str]:
    if kind in OF_ORGANIZATION and "/" in place:
        yield f"{kind} happens to the organization, and {place} is a collection: it starts nothing there"
    elif kind in _OF_REGISTRIES and "/" in place:
        yield f"{kind} happens to a registry, and {place} is a collection: it starts nothing there"


def _missing(automation: Automation, wanted: frozenset[str]) -> Iterator[str]:
    """Yield the fields that the condition asks for and no event that is waited for has."""
    parts = {part.name for kind in wanted for part in fields(KINDS[kind])}
    for field in filters.fields_of(filters.parse(automation.match, filters.EVENT)):
        if field in _ITS_OWN and _ITS_OWN[field] not in parts:
            instead = (
                f"; those of its version are {_OF_ITS_VERSION[field]}" if field in _OF_ITS_VERSION else ""
            )
            yield f"{' '.join(automation.events)} has no {field} to ask for{instead}"
