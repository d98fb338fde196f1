"""How long a version may live, as W&B says it."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from git_registry.errors import UsageError


class ArtifactTTL(Enum):
    """What `ttl` may be besides a time.

    W&B's teams have a default. We have none: a version about which nothing is said stays.
    """

    INHERIT = "inherit"


NEVER = ("run_table", "code", "job")
"""Types whose versions never expire, and all that begin with `wandb-`."""


def checked(ttl: timedelta | ArtifactTTL | None, artifact_type: str) -> timedelta | None:
    """Return a time to live; None if there is no end.

    Raises:
        UsageError: it is not positive, or an artifact of this type lives for ever.
    """
    if ttl is None or ttl is ArtifactTTL.INHERIT:
        return None
    if not isinstance(ttl, timedelta):
        raise UsageError(f"ttl is a timedelta, ArtifactTTL.INHERIT or None, not {ttl!r}")
    if artifact_type in NEVER or artifact_type.startswith("wandb-"):
        raise UsageError(f"artifacts of type {artifact_type!r} have no ttl")
    if ttl.total_seconds() < 1:
        raise UsageError(f"Artifact TTL Duration has to be positive and at least a second, not {ttl}")
    return ttl


def seconds(ttl: timedelta | None) -> int | None:
    """Return a time to live as notes have it."""
    return None if ttl is None else int(ttl.total_seconds())
