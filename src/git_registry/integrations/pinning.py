"""At which commits an organization is read, decided once: what moves later can't mix versions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NetworkError, NotFound, UsageError
from git_registry.model import selector as selectors
from git_registry.model.sha256 import sha256
from git_registry.repository import remote
from git_registry.repository.repository import Repository
from git_registry.sdk import selecting
from git_registry.sdk.opening import find, is_url
from git_registry.sdk.selecting import Place
from git_registry.sdk.surface.workspace import Workspace

_WHOLE_ID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """An organization at fixed commits.

    Attributes:
        repository: the clone's absolute path, or a URL.
        commit: what is read of the default branch.
        projects: what is read of projects' branches.
        others: what tells two states of all projects apart, where none was named: empty where one was.
        trust: URI prefixes to read from besides those the organization allows.
        later: what is read of projects that were first looked at later.
    """

    repository: str
    commit: str
    projects: Mapping[str, str]
    others: str = ""
    trust: tuple[str, ...] = ()
    later: dict[str, str] = field(default_factory=dict, init=False)

    def of(self, project: str) -> str | None:
        """Return the commit that a project is read at, or None if that is not decided yet."""
        return self.projects.get(project) or self.later.get(project)

    @contextmanager
    def opened(self) -> Iterator[Catalog]:
        """Open the clone at the commit; nothing stays open, so threads and forks share nothing.

        The remote is asked only for what another clone has pinned and this one lacks.

        Raises:
            NotFound: it isn't on the remote either.
            NetworkError: the remote can't be asked.
        """
        commits = (self.commit, *self.projects.values(), *list(self.later.values()))
        with ExitStack() as stack:
            catalog = self._kept(stack, commits) or stack.enter_context(_opened(self.repository, self.trust))
            for commit in commits:
                _require(catalog, commit)
            yield catalog.seen_from(catalog.branch, self.commit)

    def _kept(self, stack: ExitStack, commits: tuple[str, ...]) -> Catalog | None:
        """Return the clone that is kept of a URL, if it has the commits."""
        if not is_url(self.repository):
            return None
        try:
            catalog = stack.enter_context(_opened(self.repository, self.trust, reach=Reach.OFFLINE))
        except NotFound:
            return None
        catalog.reach = Reach.FETCHED  # the store may be far away
        return catalog if all(map(catalog.reader.commit, commits)) else None

    def place(self, catalog: Catalog, text: str) -> Place:
        """Read a selector at the commits that are pinned; see `selecting.place`."""
        selector = selectors.parse(text, organization=selecting.own_name(catalog.now()))
        if not selector.project:
            found = selecting.place(catalog, text)
            _require_pinned(found, text)
            return found
        name = selector.registry
        commit = self.of(name) or self.later.setdefault(name, _tip(catalog, name))
        return Place(catalog.seen_from(projects.branch(name), commit), selector)


def _require_pinned(found: Place, text: str) -> None:
    if found.catalog.mount:
        raise UsageError(
            f"{text!r} is in a mounted repository, whose commit is not pinned",
            hint="open that one: the option `repository` takes its URL",
        )


def pin(
    repository: str | None,
    *,
    commit: str | None = None,
    known: Mapping[str, str] | None = None,
    project: str | None = None,
    others: str | None = None,
    trust: tuple[str, ...] = (),
) -> Pinned:
    """Return an organization at the commits that its branches are at now, unless they are told.

    Args:
        repository: a clone's directory or a URL; None to look for it as commands do.
        commit: the one to read of the default branch, or a revision that names it.
        known: the ones to read of projects' branches.
        project: one whose branch shall be pinned too.
        others: of an instance that was made elsewhere, what it was told apart by.
        trust: URI prefixes to read from besides those the organization allows.

    Raises:
        NotFound: there is no repository, no organization in it, or no such commit.
    """
    kept = dict(known or {})
    lacking = project if project not in kept else None
    told = others if others is not None or project is None else ""
    if repository and commit and _is_whole(repository, commit) and not lacking and told is not None:
        return Pinned(repository=repository, commit=commit, projects=kept, others=told, trust=trust)
    with _opened(repository, trust) as catalog:
        if lacking:
            with suppress(NotFound):  # whoever reads there is told
                kept[lacking] = _tip(catalog, lacking)
        return Pinned(
            repository=_address(repository),
            commit=_commit(catalog, commit),
            projects=kept,
            others=_state(catalog.repository) if told is None else told,
            trust=trust,
        )


@contextmanager
def _opened(
    repository: str | None, trust: tuple[str, ...], reach: Reach = Reach.FETCHED
) -> Iterator[Catalog]:
    with closing(Workspace(path=repository, reach=reach, trusted=trust)) as workspace:
        yield workspace.catalog


def _is_whole(repository: str, commit: str) -> bool:
    """Do they name the same from anywhere, at any time?"""
    named = is_url(repository) or Path(repository).is_absolute()
    return named and _WHOLE_ID.fullmatch(commit) is not None


def _state(repository: Repository) -> str:
    """Return what changes with any project: an instance that may read any of them is not the same then."""
    refs = repository.git("for-each-ref", "--format=%(objectname)", *projects.places(repository)).text
    return sha256(refs.encode()).hexdigest()[:16] if refs else ""


def _address(repository: str | None) -> str:
    """Return what names the clone from anywhere."""
    found = find(repository, os.environ)
    return found if isinstance(found, str) else str((found.work_tree or found.gitdir).absolute())


def _tip(catalog: Catalog, project: str) -> str:
    """Return where a project's branch is now, whatever commit of the default branch is read."""
    now = catalog.seen_from(catalog.branch)
    tip = selecting.on_project(now, project).tip()
    assert tip is not None, "a project that is there has a commit"
    return tip


def _commit(catalog: Catalog, revision: str | None) -> str:
    if revision is None:
        catalog.now().organization()  # says that there is none
        tip = catalog.tip()
        assert tip is not None, "what has a snapshot has a commit"
        return tip
    _require(catalog, revision)
    return catalog.reader.commit(revision) or revision


def _require(catalog: Catalog, commit: str) -> None:
    """Fetch a commit if this clone lacks it."""
    if catalog.reader.commit(commit) is not None:
        return
    there = remote.destination(catalog.repository, catalog.branch or "")
    failed = _fetched(catalog.repository, there.remote) if there else None
    if catalog.reader.commit(commit) is not None:
        return  # whatever failed: others may have fetched the same at this moment, and been first
    raise failed or NotFound(
        f"the commit {commit} is not in this clone",
        where=str(catalog.repository.gitdir),
        hint="push it from where it was made, then fetch it here",
    )


def _fetched(repository: Repository, name: str) -> NetworkError | None:
    try:
        remote.fetch(repository, name)
    except NetworkError as error:
        return error
    return None
