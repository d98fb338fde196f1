"""What of an artifact may be edited: as it was read, as it is by now, and what that changes."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from git_registry.errors import UsageError
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Number, Value
from git_registry.model.equality import same
from git_registry.sdk.renoting import Revision
from git_registry.sdk.surface import values
from git_registry.sdk.surface.ttl import seconds

V = TypeVar("V", bound=Value)

LATEST = "latest"
"""Shown among the aliases of the latest version; it is computed, so nobody can give it or take it away."""


@dataclass(slots=True, kw_only=True)
class Fields:
    """Lists and mappings here are the caller's to edit in place.

    Attributes:
        metadata, metrics: the manifest's, and the notes' over them.
    """

    description: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Number] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    ttl: timedelta | None = None

    @classmethod
    def of(cls, manifest: Manifest, notes: Notes, aliases: tuple[str, ...]) -> Fields:
        """Return what a version says of itself."""
        return cls(
            description=notes.description,
            metadata=deepcopy({**manifest.metadata, **notes.metadata}),
            metrics={**manifest.metrics, **notes.metrics},
            tags=list(notes.tags),
            aliases=list(aliases),
            ttl=None if notes.ttl is None else timedelta(seconds=notes.ttl),
        )

    def copy(self) -> Fields:
        """Return the same, so that editing one leaves the other."""
        return deepcopy(self)

    def edited(self, since: Fields, now: Fields) -> Fields:
        """Return a copy of `now` with what was changed here since `since`, which was a copy of this.

        Of lists and mappings only what came, went or was given another value is taken over.
        """
        return Fields(
            description=now.description if self.description == since.description else self.description,
            metadata=deepcopy(_mended(now.metadata, since.metadata, self.metadata)),
            metrics=_mended(now.metrics, since.metrics, self.metrics),
            tags=_merged(now.tags, since.tags, self.tags),
            aliases=_merged(now.aliases, since.aliases, self.aliases),
            ttl=now.ttl if self.ttl == since.ttl else self.ttl,
        )

    def revision(self, seen: Fields, manifest: Manifest, notes: Notes) -> Revision:
        """Return what was changed since `seen` was read off a manifest and its notes.

        What the manifest says of metadata can't be taken away, only be null from now on.

        Raises:
            UsageError: metadata is not such; or a metric that the manifest has was taken away.
        """
        said, nothing = values.metadata(self.metadata), dict.fromkeys(manifest.metadata)
        gone = [one for one in manifest.metrics if one not in self.metrics]
        if gone:
            raise UsageError(f"the metric {gone[0]!r} is in the manifest, which never changes")
        now, before = _given(self.aliases), _given(seen.aliases)
        return Revision(
            before=notes,
            after=replace(
                notes,
                description=self.description or None,
                tags=tuple(dict.fromkeys(self.tags)),
                metadata=_changed(notes.metadata, seen.metadata, {**nothing, **said}),
                metrics=_changed(notes.metrics, seen.metrics, self.metrics),
                ttl=seconds(self.ttl),
            ),
            add=tuple(one for one in now if one not in before),
            remove=tuple(one for one in before if one not in now),
        )


def _mended(now: Mapping[str, V], since: Mapping[str, V], edited: Mapping[str, V]) -> dict[str, V]:
    gone = since.keys() - edited.keys()
    return {key: one for key, one in {**now, **_news(since, edited)}.items() if key not in gone}


def _merged(now: list[str], since: list[str], edited: list[str]) -> list[str]:
    kept = [one for one in now if one in edited or one not in since]
    return list(dict.fromkeys([*kept, *(one for one in edited if one not in since)]))


def _given(aliases: list[str]) -> list[str]:
    return [one for one in dict.fromkeys(aliases) if one != LATEST]


def _changed(noted: Mapping[str, V], seen: Mapping[str, V], now: Mapping[str, V]) -> dict[str, V]:
    """Return the notes' part with what was changed between the wholes that were seen and are now."""
    return {key: one for key, one in {**noted, **_news(seen, now)}.items() if key in now}


def _news(seen: Mapping[str, V], now: Mapping[str, V]) -> dict[str, V]:
    return {
        key: one for key, one in now.items() if key not in seen or not same(_listed(seen[key]), _listed(one))
    }


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever it is
    return list(value) if isinstance(value, tuple) else value
