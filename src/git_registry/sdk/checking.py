"""Is it well-formed? The work tree before a commit, a commit, or every step of a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.catalog.names import Names, names_in
from git_registry.catalog.tree import CommitTree, Contents
from git_registry.errors import Conflict, InvalidDocument, NotFound, RegistryError
from git_registry.model import layout
from git_registry.model.diff import changed_paths, examine
from git_registry.model.documents.organization import Organization
from git_registry.model.snapshot import REGULAR, Entry, Snapshot
from git_registry.policy import state
from git_registry.repository import history
from git_registry.repository.revision import commit_named

Problem = RegistryError


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found.

    Attributes:
        problems: every mistake, once.
        files: how many files of the format were looked at; in a range, those that its steps changed.
    """

    problems: tuple[Problem, ...]
    files: int


def check(catalog: Catalog, what: str | None = None) -> Iterator[Problem]:
    """Yield every mistake, with file, line and field; see `checked`."""
    yield from checked(catalog, what).problems


def checked(catalog: Catalog, what: str | None = None) -> Checked:
    """Return every mistake, with file, line and field, and how much was looked at.

    Args:
        catalog: the clone.
        what: a revision; or `BASE..HEAD` for each first-parent step of a range; by default the work
            tree as it is on disk, and what it would change.

    Raises:
        NotFound: there is no such revision.
        UsageError: a revision names two.
    """
    base, dots, head = (what or "").partition("..")
    if dots:
        return _range(catalog, base, head)
    if what:
        return _whole(catalog.tree(_commit(catalog, what)))
    if catalog.repository.work_tree is None:
        return _whole(catalog.tree(catalog.tip()))
    return _on_disk(catalog, DiskTree(catalog.repository.work_tree))


def _on_disk(catalog: Catalog, disk: DiskTree) -> Checked:
    whole, step = _whole(disk), _step(catalog.tree(catalog.tip()), disk)
    found = chain(whole.problems, step, disk.unread, _tracked(catalog))
    return Checked(problems=tuple(_once(found)), files=whole.files)


def _tracked(catalog: Catalog) -> Iterator[Problem]:
    """Yield what is wrong with the names of files that are tracked, in what is no registry as well."""
    listed = catalog.repository.git("ls-files", "-z").stdout.decode("utf-8", "surrogateescape")
    paths = dict.fromkeys(listed.split("\0")[:-1])
    tracked = names_in(paths)
    yield from Names().problems(tracked, tracked, [(path, None, _FILE) for path in paths])


_FILE = Entry(REGULAR, "")


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what was said before: a step often knows of the mistakes of what it leads to."""
    said: set[str] = set()
    for problem in problems:
        if str(problem) not in said:
            said.add(str(problem))
            yield problem


def _whole(tree: Contents) -> Checked:
    if tree.entries("").get(layout.ORGANIZATION) is None:
        nobody = NotFound("there is no organization here", where=layout.ORGANIZATION)
        return Checked(problems=(nobody,), files=0)
    paths = sorted(wellformed.every_path(tree))
    found = chain(wellformed.problems(tree, paths), _rules(tree))
    return Checked(problems=tuple(found), files=_ours(tree, paths))


def _rules(tree: Contents) -> Iterator[Problem]:
    """Yield what is wrong with `organization.yaml`, if it can be read, besides its form."""
    try:
        organization = tree.document(layout.ORGANIZATION, Organization)
    except RegistryError:
        return  # which is said of its form
    for one in state.wrong(organization):
        yield InvalidDocument(one.message, where=one.path, hint=one.hint)
    for field, team in state.undefined_teams(organization):
        yield InvalidDocument(
            f"{field}: there is no {team}, so nobody gets what it is given",
            where=layout.ORGANIZATION,
            hint="name it among `teams`",
        )


def _ours(tree: Contents, paths: Iterable[str]) -> int:
    return sum(wellformed.is_ours(tree, path) for path in paths)


def _range(catalog: Catalog, base: str, head: str) -> Checked:
    tip = _commit(catalog, head or "HEAD")
    since = _commit(catalog, base) if base else None
    problems: list[Problem] = [*_overtaken(catalog, since, tip)]
    files = 0
    for step in history.steps(catalog.repository, tip, since=since):
        before = catalog.tree(step.parents[0] if step.parents else None)
        after = catalog.tree(step.commit)
        paths = [change.path for change in step.changes]
        found = chain(
            wellformed.problems(after, paths, before=before),
            _rules(after) if layout.ORGANIZATION in paths else (),
            _step(before, after),
        )
        problems += [_of(step.commit, problem) for problem in _once(found)]
        files += _ours(after, paths)
    return Checked(problems=tuple(problems), files=files)


def _overtaken(catalog: Catalog, base: str | None, tip: str) -> Iterator[Problem]:
    """Yield a problem if the base is reached by a merge alone, so that its own steps are no steps any more.

    Where nobody rewrote anything, that is the merge that a plain `git pull` and `git push` make: what was
    published becomes the second parent's, and its versions get other numbers (DESIGN §3.3).
    """
    repository = catalog.repository
    if base is None or not history.is_ancestor(repository, base, tip):
        return
    fork = history.first_parents(repository, tip, until=base)
    first = (
        next(history.steps(repository, fork[-1], oldest_first=False, with_changes=False)) if fork else None
    )
    if first and first.parents[:1] != (base,):
        yield Conflict(
            f"{base[:8]} is not on the first-parent line: its versions get other numbers, and other people's"
            " names stand by what it did",
            where=tip[:8],
            hint="merge the other way round: `git registry sync`, or `git pull --rebase`",
        )


def _of(commit: str, problem: Problem) -> Problem:
    return type(problem)(problem.message, where=f"{commit[:8]}:{problem.where}", hint=problem.hint)


def _step(before: CommitTree, after: Contents) -> Iterator[Problem]:
    """Yield what is wrong with a step as such, not with what it leads to."""
    yield from wellformed.left_behind(before, after)
    yield from wellformed.stranded(before, after, [path for path, _, _ in changed_paths(before, after)])
    found = examine(Snapshot(before), Snapshot(after))
    yield from wellformed.forbidden(after, found.events)
    for problem in found.problems:
        yield from problem.problems


def _commit(catalog: Catalog, revision: str) -> str:
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", where=str(catalog.repository.gitdir))
    return commit
