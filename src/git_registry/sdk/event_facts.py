"""What may be asked of an event: its own words, and what is known of the version or collection it is about.

The names are those of `filters.EVENT`. What an event has not is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from git_registry.errors import InvalidDocument
from git_registry.index.numbers import Numbers
from git_registry.model.events import AliasChange, Event
from git_registry.model.plain import record
from git_registry.model.snapshot import Snapshot

Facts: TypeAlias = dict[str, object]

_OWN = ("alias", "protected", "tag", "field", "name", "principal")


@dataclass(frozen=True, slots=True)
class Around:
    """What there was before a step, and is after it.

    Attributes:
        before: None for the first step.
        numbers: those of versions, at the step.
    """

    before: Snapshot | None
    after: Snapshot
    numbers: Numbers
    _aliases: dict[str, Mapping[str, list[str]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def both(self) -> tuple[Snapshot, ...]:
        """Return where to look for something, what is there now first: what was removed was there before."""
        return (self.after, self.before) if self.before else (self.after,)

    def aliases(self, collection: str, version: str) -> tuple[str, ...]:
        """Return the aliases that a version has now; those of a collection are read once."""
        if collection not in self._aliases:
            found: dict[str, list[str]] = {}
            for alias, named in _aliases(self.after, collection):
                found.setdefault(named, []).append(alias)
            self._aliases[collection] = found
        return tuple(self._aliases[collection].get(version, ()))


def facts(event: Event, around: Around) -> Facts:
    """Return what may be asked of an event, but who made it and when."""
    registry, _, collection = event.path.partition("/")
    found: Facts = {"event": event.kind, "path": event.path, "registry": registry, "collection": collection}
    found |= {name: getattr(event, name, None) for name in _OWN}
    version = version_of(event)
    if version:
        found |= _of_version(around, event.path, version)
    elif collection:
        found |= _of_collection(around, event.path)
    if isinstance(event, AliasChange) and event.before:
        found["previous"] = _number(around, event.path, event.before).get("version")
    return {name: value for name, value in found.items() if value is not None and value != ""}


def versions_of(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """Yield collection and id of every version that events name; some more than once."""
    for one in events:
        before = one.before if isinstance(one, AliasChange) else None
        yield from ((one.path, version) for version in (version_of(one), before) if version)


def version_of(event: Event) -> str | None:
    """Return the id of the version an event is about: of an alias that is gone, what it pointed at."""
    if isinstance(event, AliasChange):
        return event.after or event.before
    found: str | None = getattr(event, "version", None)
    return found


def _of_version(around: Around, collection: str, version: str) -> Facts:
    known: Facts = {"id": version, **_number(around, collection, version)}
    known["aliases"] = around.aliases(collection, version)
    for now in around.both:
        for unlinked in (False, True):
            path = now.find(collection, version, unlinked=unlinked)
            if path is not None:
                return known | _said(now, path)
    return known


def _number(around: Around, collection: str, version: str) -> Facts:
    found = around.numbers.get(collection, version)
    return {"version": f"v{found.number}", "number": found.number} if found else {}


def _aliases(now: Snapshot, collection: str) -> Iterator[tuple[str, str]]:
    for alias in now.alias_names(collection):
        try:
            version = now.alias(collection, alias)
        except InvalidDocument:
            continue  # it names no version that anybody can tell
        if version is not None:
            yield alias, version


def _said(now: Snapshot, path: str) -> Facts:
    """Return what manifest and notes say, the notes' numbers before the manifest's; nothing of one unread."""
    try:
        manifest, notes = now.manifest(path), now.notes(path)
    except InvalidDocument:
        return {}
    return {
        "digest": str(manifest.digest),
        "artifact": manifest.artifact,
        "type": manifest.type,
        "size": manifest.size,
        "created_at": manifest.created,
        "description": notes.description,
        "tags": notes.tags,
        "metrics": {**manifest.metrics, **notes.metrics},
        "metadata": {**manifest.metadata, **notes.metadata},
        "run": record(manifest.run) if manifest.run else None,
        "source": record(manifest.source) if manifest.source else None,
    }


def _of_collection(around: Around, path: str) -> Facts:
    for now in around.both:
        if now.has_collection(path):
            try:
                document = now.collection(path)
            except InvalidDocument:
                return {}
            return {"type": document.type, "description": document.description, "tags": document.tags}
    return {}
