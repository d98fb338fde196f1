"""Which approvals cover what a step does (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.events import AliasChange, Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy.evidence import Approval


def covering(approvals: Iterable[Approval], event: Event, after: Snapshot) -> Iterator[Approval]:
    """Yield the approvals that cover an event of the step that leads to `after`.

    The proposal holds the same event, with the same before and after; and if it is an alias, the version
    that it points at has the manifest and notes that were seen.
    """
    yield from (one for one in approvals if event in one.events and _same_version(one.after, after, event))


def _same_version(seen: Snapshot, after: Snapshot, event: Event) -> bool:
    if not isinstance(event, AliasChange) or event.after is None:
        return True
    try:
        return _version(seen, event) == _version(after, event) != []
    except RegistryError:
        return False


def _version(snapshot: Snapshot, event: AliasChange) -> list[tuple[str, str]]:
    """Return manifest and notes by their content."""
    found = []
    for path in layout.version_files(event.path, event.after or ""):
        entry = snapshot.entry(path)
        if entry is not None:
            found.append((path.rpartition("/")[2], entry.id))
    return found
