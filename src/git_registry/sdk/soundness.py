"""Are the documents well-formed, and is the history that they rest on intact?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound, RegistryError
from git_registry.model import layout
from git_registry.model.diff import examine
from git_registry.model.events import VersionRewritten
from git_registry.model.layout import Kind
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history
from git_registry.repository.missing import missing_objects
from git_registry.sdk.scoping import Scope

_MANIFESTS = (Kind.VERSION, Kind.UNLINKED)
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundness:
    """What was found.

    Attributes:
        problems: every mistake in documents and history.
        documents: how many were looked at.
        not_checked: what could not be looked at, in sentences.
    """

    problems: tuple[RegistryError, ...]
    documents: int
    not_checked: tuple[str, ...]


def soundness(catalog: Catalog, within: Scope) -> Soundness:
    """Look at the documents as they are at the branch's tip, and at every step that led there."""
    tip = catalog.tip()
    if tip is None:
        raise NotFound("there are no commits yet", where=str(catalog.repository.gitdir))
    problems: list[RegistryError] = []
    not_checked = list(_cut_off(catalog))
    lost = _lost(catalog, tip, within, problems)
    if lost and catalog.repository.is_partial:
        count = f"{len(lost):,} document{'s' if len(lost) > 1 else ''}"
        not_checked.append(f"{count} of the past, which this partial clone has not fetched")
    else:
        problems += [_gone(one) for one in lost[:_MOST_NAMED]]
        problems += [_gone(f"{len(lost) - _MOST_NAMED} more")] if len(lost) > _MOST_NAMED else []
    documents = 0
    try:
        paths = _paths(catalog, within)
        problems += wellformed.problems(catalog.tree(tip), paths)
        documents = sum(wellformed.is_ours(catalog.tree(tip), path) for path in paths)
        problems += _rewritten(catalog, tip, within)
    except InvalidDocument:
        raise
    except RegistryError as broken:
        # Git lacks something, which was said above; what rests on it can't be read.
        not_checked.append(f"the documents and steps after {broken}")
    return Soundness(problems=tuple(problems), documents=documents, not_checked=tuple(not_checked))


def _cut_off(catalog: Catalog) -> Iterator[str]:
    if catalog.repository.is_shallow:
        yield "the history before this shallow clone begins"


def _lost(catalog: Catalog, tip: str, within: Scope, problems: list[RegistryError]) -> tuple[str, ...]:
    try:
        return missing_objects(catalog.repository, tip, paths=within.files)
    except RegistryError as broken:
        problems.append(
            InvalidDocument(
                f"the history can't be read to its root: {broken.message}",
                where=tip[:8],
                hint="`git fsck` says more; a fresh clone, or a fetch from one, has what is lost",
            )
        )
        return ()


def _gone(what: str) -> InvalidDocument:
    return InvalidDocument(
        f"object {what} of the history is missing",
        where="git",
        hint="`git fsck` says more; a fresh clone, or a fetch from one, has what is lost",
    )


def _paths(catalog: Catalog, within: Scope) -> list[str]:
    """Return the files in it, sorted; of one version also the aliases that name it."""
    tree = catalog.tree(catalog.tip())
    if within.version is None:
        return sorted(wellformed.every_path(tree, within.path))
    now = Snapshot(tree)
    files = [path for path in within.files if now.entry(path)]
    return files + [layout.alias_path(within.path, alias) for alias in within.version.aliases]


def _rewritten(catalog: Catalog, tip: str, within: Scope) -> Iterator[RegistryError]:
    """Yield each step that rewrote a manifest, though a later one may have put it back."""
    for step in history.steps(catalog.repository, tip, paths=within.files):
        if not any(
            change.before and layout.identify(change.path).kind in _MANIFESTS for change in step.changes
        ):
            continue
        before = catalog.tree(step.parents[0] if step.parents else None)
        after = catalog.tree(step.commit)
        events = examine(Snapshot(before), Snapshot(after)).events
        for problem in wellformed.forbidden(after, [e for e in events if isinstance(e, VersionRewritten)]):
            if not within.files or problem.where.startswith(within.files):
                yield problem.under(step.commit[:8])
