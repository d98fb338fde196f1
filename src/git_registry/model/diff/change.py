"""A path that differs between two snapshots, and what it is about."""

from __future__ import annotations

import stat
from typing import NamedTuple

from git_registry.model import layout
from git_registry.model.layout import Identity, Kind
from git_registry.model.snapshot import Entry, Snapshot


class Change(NamedTuple):
    """A path that differs.

    Attributes:
        path: where it is, or was.
        identity: what the path is about.
        before, after: what stood and what stands there.
        origin: where `before` stood: another path only if its collection was renamed.
    """

    path: str
    identity: Identity
    before: Entry | None
    after: Entry | None
    origin: str

    @property
    def kind(self) -> Kind:
        """Return what the path holds."""
        return self.identity.kind

    @property
    def subject(self) -> str:
        """Return the path a person would name it by."""
        return self.identity.subject

    @property
    def was(self) -> str | None:
        """Return where the file stood before, or None if there was none."""
        return self.origin if is_file(self.before) else None

    @property
    def now(self) -> str | None:
        """Return where the file stands now, or None if there is none."""
        return self.path if is_file(self.after) else None

    @property
    def blobs(self) -> tuple[str | None, str | None]:
        """Return the ids of the content before and after."""
        return (self.before.id if self.before else None), (self.after.id if self.after else None)

    @property
    def is_mode_alone(self) -> bool:
        """Has a file the content it had, and is merely executable, or no longer so?"""
        before, after = self.blobs
        return self.was is not None and self.now is not None and before == after


def is_file(entry: Entry | None) -> bool:
    """Is it a file, executable or not, and no symlink, submodule or directory?"""
    return entry is not None and stat.S_ISREG(entry.mode)


def identify(path: str, before: Snapshot, after: Snapshot) -> Identity:
    """Return what a path is about in these two snapshots.

    The format knows nothing below a directory that is neither a registry nor a project before or after,
    and knows a README.md as a collection's card only beside a collection: `docs/guide/README.md` is a
    file like any other.
    """
    identity = layout.identify(path)
    if not identity.registry:
        return identity
    beside: list[tuple[str, ...]] = [
        (layout.registry_path(identity.registry), layout.project_path(identity.registry))
    ]
    if identity.kind is Kind.COLLECTION_CARD:
        beside.append((layout.collection_path(identity.subject),))
    known = all(
        any(_holds(snapshot, path) for snapshot in (before, after) for path in either) for either in beside
    )
    return identity if known else Identity(Kind.OUTSIDE)


def _holds(snapshot: Snapshot, path: str) -> bool:
    entry = snapshot.entry(path)
    return entry is not None and not entry.is_directory
