"""Is it well-formed? The work tree before a commit, a commit, or every step of a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.catalog.tree import CommitTree, Contents
from git_registry.errors import NotFound, RegistryError
from git_registry.model import layout
from git_registry.model.diff import changed_paths, examine
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history

Problem = RegistryError


def check(catalog: Catalog, what: str | None = None) -> Iterator[Problem]:
    """Yield every mistake, with file, line and field.

    Args:
        catalog: the clone.
        what: a revision; or `BASE..HEAD` for each first-parent step of a range; by default the work
            tree as it is on disk, and what it would change.

    Raises:
        NotFound: there is no such revision.
    """
    base, dots, head = (what or "").partition("..")
    if dots:
        yield from _range(catalog, base, head)
    elif what:
        yield from _whole(catalog.tree(_commit(catalog, what)))
    elif catalog.repository.work_tree is None:
        yield from _whole(catalog.tree(catalog.tip()))
    else:
        yield from _on_disk(catalog, DiskTree(catalog.repository.work_tree))


def _on_disk(catalog: Catalog, disk: DiskTree) -> Iterator[Problem]:
    yield from _once(chain(_whole(disk), _step(catalog.tree(catalog.tip()), disk), disk.unread))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what was said before: a step often knows of the mistakes of what it leads to."""
    said: set[str] = set()
    for problem in problems:
        if str(problem) not in said:
            said.add(str(problem))
            yield problem


def _whole(tree: Contents) -> Iterator[Problem]:
    if tree.entries("").get(layout.ORGANIZATION) is None:
        yield NotFound("there is no organization here", where=layout.ORGANIZATION)
    else:
        yield from wellformed.problems(tree)


def _range(catalog: Catalog, base: str, head: str) -> Iterator[Problem]:
    tip = _commit(catalog, head or "HEAD")
    since = _commit(catalog, base) if base else None
    for step in history.steps(catalog.repository, tip, since=since):
        before = catalog.tree(step.parents[0] if step.parents else None)
        after = catalog.tree(step.commit)
        found = wellformed.problems(after, [c.path for c in step.changes])
        for problem in _once(chain(found, _step(before, after))):
            yield type(problem)(
                problem.message, where=f"{step.commit[:8]}:{problem.where}", hint=problem.hint
            )


def _step(before: CommitTree, after: Contents) -> Iterator[Problem]:
    """Yield what is wrong with a step as such, not with what it leads to."""
    yield from wellformed.left_behind(before, after)
    yield from wellformed.stranded(before, after, [path for path, _, _ in changed_paths(before, after)])
    found = examine(Snapshot(before), Snapshot(after))
    yield from wellformed.forbidden(after, found.events)
    for problem in found.problems:
        yield from problem.problems


def _commit(catalog: Catalog, revision: str) -> str:
    commit = catalog.reader.commit(revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", where=str(catalog.repository.gitdir))
    return commit
