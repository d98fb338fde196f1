"""Versions of projects whose time has run out. A version that a registry links has all the time there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import Conflict, InvalidDocument, RegistryError
from git_registry.model.dates import parse_date
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.snapshot import Snapshot
from git_registry.repository import remote


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A version of an artifact whose time has run out.

    Attributes:
        project: whose branch it is on.
        collection: its path there, `churn/churn-xgb`.
        id: which version.
        since: when its time had run out.
        size: bytes of its files.
    """

    project: str
    collection: str
    id: str
    since: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What became of one project.

    Attributes:
        project: which.
        outcome: its commit; None if there is none.
        failure: why it was left as it is, if it was.
    """

    project: str
    outcome: Outcome | None = None
    failure: RegistryError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """What became of versions whose time had run out.

    Attributes:
        versions: which these are.
        projects: what became of each project that has any; none in a dry run.
    """

    versions: tuple[Expired, ...]
    projects: tuple[Cleared, ...] = ()


def deadline(manifest: Manifest, notes: Notes) -> datetime | None:
    """Return when a version's time runs out; None if it does not."""
    created = parse_date(manifest.created)
    if notes.ttl is None or created is None:
        return None
    try:
        return created + timedelta(seconds=notes.ttl)
    except OverflowError:
        return None  # later than any calendar goes


def expired(catalog: Catalog, now: datetime) -> tuple[Expired, ...]:
    """Return the versions of all projects here whose time has run out and that no registry links.

    One that can't be read is left alone, and told of.
    """
    linked = frozenset(_linked(catalog.registries()))
    found: list[Expired] = []
    for name in projects.projects(catalog.repository):
        there = projects.on_project(catalog, name)
        if there is not None:
            found += (one for one in _of(there, name) if one.id not in linked and one.since <= now)
    return tuple(found)


def expire(catalog: Catalog, *, dry_run: bool = True) -> Expiry:
    """Unlink the versions whose time has run out on their projects' branches, in a commit for each project.

    Their blobs stay in the store: others may name the same ones. Nothing is done in a dry run. A project that
    can't be written to, or where the time of one was changed meanwhile, is left as it is, and keeps no other
    from being cleared.
    """
    now = catalog.clock()
    found = expired(catalog, now)
    names = () if dry_run else dict.fromkeys(one.project for one in found)
    return Expiry(
        versions=found,
        projects=tuple(
            _cleared(catalog, name, [one for one in found if one.project == name], now) for name in names
        ),
    )


def _cleared(catalog: Catalog, project: str, due: Sequence[Expired], now: datetime) -> Cleared:
    steps: list[Edit] = [partial(_unlink, one=one, now_is=now) for one in due]
    subject = f"Unlink {len(due)} version{'s' * (len(due) != 1)} of {project} whose time has run out"
    try:
        there = projects.begun(catalog, project)
        return Cleared(project=project, outcome=commit(there, Transaction(edits=steps, message=subject)))
    except RegistryError as failure:
        return Cleared(project=project, failure=failure)


def _linked(registries: Catalog) -> Iterator[str]:
    """Yield what registries link: here, on the default branch, and on both as they were fetched."""
    repository = registries.repository
    branches = {one for one in (registries.branch, remote.default_branch(repository)) if one}
    fetched = (remote.remembered(repository, branch) for branch in branches)
    tips = {
        registries.tip(),
        *map(repository.branch, branches),
        *(repository.ref(ref) for ref in fetched if ref),
    }
    for tip in tips - {None}:
        now = Snapshot(registries.tree(tip))
        for registry in now.registries():
            for collection in now.collections(registry):
                yield from now.versions(collection)


def _of(there: Catalog, project: str) -> Iterator[Expired]:
    """Yield the versions of a project that have a time to live."""
    now = there.now()
    for collection in now.collections(project):
        there.read_ahead(collection)
        for identifier, path in now.versions(collection).items():
            try:
                manifest, until = now.manifest(path), deadline(now.manifest(path), now.notes(path))
            except InvalidDocument as unreadable:
                there.notify(str(unreadable))
                continue
            if until is not None:
                yield Expired(
                    project=project, collection=collection, id=identifier, since=until, size=manifest.size
                )


def _unlink(now: Snapshot, one: Expired, now_is: datetime) -> Changes:
    path = now.find(one.collection, one.id)
    if path is None:
        return {}
    until = deadline(now.manifest(path), now.notes(path))
    if until is None or until > now_is.astimezone(UTC):
        raise Conflict("its ttl was changed meanwhile", where=f"{one.collection}@{one.id[:8]}")
    return versions.unlink(now, one.collection, one.id)
