"""What may be said of an artifact and changed later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from git_registry.errors import UsageError
from git_registry.model.documents.record import Number
from git_registry.model.equality import same
from git_registry.sdk.surface import values
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.subject import Subject
from git_registry.sdk.surface.ttl import ArtifactTTL, checked


class Wording(Subject):
    """The part of an artifact that can be edited; once it is logged, `save` writes what was changed.

    Lists and mappings may be edited in place. What is said of a link is said of that link alone.
    """

    @property
    def description(self) -> str | None:
        """Return what people say of it."""
        return self._said().description

    @description.setter
    def description(self, description: str | None) -> None:
        self._said().description = description

    @property
    def metadata(self) -> dict[str, Any]:
        """Return what is known of it: the manifest's, and what was noted later over it.

        Raises:
            UsageError: it was edited in place, and is not what metadata may be any more.
        """
        held = self._said().metadata
        clean = values.metadata(held)
        if not same(held, clean):
            held.update(clean)  # edited in place, and with what JSON does not have
        return held

    @metadata.setter
    def metadata(self, metadata: Mapping[str, object] | None) -> None:
        self._said().metadata = values.metadata(metadata)

    @property
    def metrics(self) -> dict[str, Number]:
        """Return what was measured. W&B has no such thing; its metrics are the run's.

        Raises:
            UsageError: it was edited in place, and one is no number.
        """
        held = self._said().metrics
        held.update(values.metrics(held))
        return held

    @metrics.setter
    def metrics(self, metrics: Mapping[str, object] | None) -> None:
        self._said().metrics = values.metrics(metrics)

    @property
    def tags(self) -> list[str]:
        """Return its labels."""
        return self._said().tags

    @tags.setter
    def tags(self, tags: str | Iterable[str]) -> None:
        self._said().tags = list(dict.fromkeys(listed(tags)))

    @property
    def aliases(self) -> list[str]:
        """Return the names that point at it where it stands; `latest` with them, if it is that.

        Raises:
            ArtifactNotLoggedError: it is a draft, which nothing can point at.
        """
        self._standing("aliases")
        return self._said().aliases

    @aliases.setter
    def aliases(self, aliases: str | Iterable[str]) -> None:
        self._standing("aliases")
        self._said().aliases = list(dict.fromkeys(listed(aliases)))

    @property
    def ttl(self) -> timedelta | None:
        """Return how long it may live, counted from when it was made; None if there is no end."""
        return self._said().ttl

    @ttl.setter
    def ttl(self, ttl: timedelta | ArtifactTTL | None) -> None:
        """Say how long it may live, unless a registry links it.

        Raises:
            UsageError: it is a link; or the time is not positive, or nothing of its type ever expires.
        """
        if self.is_link:
            raise UsageError(
                "Cannot set TTL for link artifact: what a registry links stays",
                hint="unlink it, then set the ttl of its source",
            )
        artifact_type = self._type if self._place() is None else self._reading("ttl").manifest.type
        self._said().ttl = checked(ttl, artifact_type)
