"""Collections that moved: found by what their documents say, believed if nothing was left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from git_registry.errors import InvalidDocument
from git_registry.model import layout
from git_registry.model.diff.change import Change
from git_registry.model.documents.collection import Collection
from git_registry.model.layout import Kind
from git_registry.model.snapshot import Snapshot


def renames(before: Snapshot, after: Snapshot, changes: Sequence[Change]) -> Mapping[str, str]:
    """Return new path → old path of the collections that were renamed.

    `renamed_from` is honoured if the old collection disappears in this very step, all its manifests are
    at the new path with the same content, where nothing was before, and nobody else claims them.
    """
    documents = [change for change in changes if change.kind is Kind.COLLECTION]
    gone = {change.subject for change in documents if change.was and change.after is None}
    if not gone:
        return {}
    claims = dict(_claims(after, [change for change in documents if change.before is None and change.now]))
    claimants = Counter(claims.values())
    return {
        new: old
        for new, old in claims.items()
        if old in gone and claimants[old] == 1 and _moved_whole(before, after, old, new)
    }


def _claims(after: Snapshot, created: list[Change]) -> Iterator[tuple[str, str]]:
    for change in created:
        try:
            document = after.tree.document(change.path, Collection)
        except InvalidDocument:
            continue  # said where the document itself is compared
        if document.renamed_from:
            yield change.subject, document.renamed_from


def _moved_whole(before: Snapshot, after: Snapshot, old: str, new: str) -> bool:
    if before.entry(new) is not None or _manifests(after, old):
        return False
    if before.entry(layout.collection_path(old)) == after.entry(layout.collection_path(new)):
        return False  # it claimed to come from itself before: this step says nothing
    arrived = _manifests(after, new)
    return all(
        blob in arrived.get(version, ())
        for version, blobs in _manifests(before, old).items()
        for blob in blobs
    )


def _manifests(snapshot: Snapshot, collection: str) -> dict[str, set[str]]:
    """Return id → the contents of its manifest, linked or unlinked."""
    found: dict[str, set[str]] = {}
    for unlinked in (False, True):
        for version, path in snapshot.versions(collection, unlinked=unlinked).items():
            entry = snapshot.entry(path)
            if entry:
                found.setdefault(version, set()).add(entry.id)
    return found


def carried(changes: Sequence[Change], renamed: Mapping[str, str]) -> Iterator[Change]:
    """Yield the changes as seen from the new path: what moved along unchanged is none."""
    new_path = {old: new for new, old in renamed.items()}
    arrivals = {change.path: change for change in changes if change.before is None}
    taken = set()
    for change in changes:
        old = "/".join(change.path.split("/")[:2])
        if old not in new_path or change.after is not None:
            continue
        path = new_path[old] + change.path.removeprefix(old)
        arrival = arrivals.get(path)
        if arrival and arrival.after == change.before:
            taken |= {change.path, path}
        elif change.kind is not Kind.OUTSIDE:
            taken |= {change.path, path}
            yield change._replace(
                path=path,
                identity=layout.identify(path),
                after=arrival.after if arrival else None,
            )
    yield from (change for change in changes if change.path not in taken)
