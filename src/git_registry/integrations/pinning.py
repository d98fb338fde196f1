"""At which commits an organization is read, decided once: what moves later can't mix versions."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NetworkError, NotFound
from git_registry.model import selector as selectors
from git_registry.repository import remote
from git_registry.repository.repository import Repository
from git_registry.sdk import selecting
from git_registry.sdk.selecting import Place
from git_registry.sdk.surface.workspace import Workspace

_WHOLE_ID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """An organization at fixed commits.

    Attributes:
        repository: the clone's absolute path, or a URL.
        commit: what is read of the default branch.
        projects: what is read of each project's branch; one that is not here yet is added when it is first
            looked at.
        trust: URI prefixes to read from besides those the organization allows.
    """

    repository: str
    commit: str
    projects: dict[str, str]
    trust: tuple[str, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Catalog]:
        """Open the clone at the commit; nothing stays open, so threads and forks share nothing."""
        with _opened(self.repository, self.trust) as catalog:
            _require(catalog, self.commit)
            yield projects.seen_from(catalog, catalog.branch, self.commit)

    def place(self, catalog: Catalog, text: str) -> Place:
        """Read a selector at the commits that are pinned; see `selecting.place`."""
        selector = selectors.parse(text, organization=selecting.own_name(catalog.now()))
        if not selector.project:
            return selecting.place(catalog, text)
        commit = self.projects.get(selector.registry)
        if commit is None:
            commit = selecting.place(catalog, text).catalog.tip()
            assert commit is not None, "a project that is there has a commit"
            commit = self.projects.setdefault(selector.registry, commit)
        _require(catalog, commit)
        return Place(projects.seen_from(catalog, projects.branch(selector.registry), commit), selector)


def pin(
    repository: str | None,
    *,
    commit: str | None = None,
    known: Mapping[str, str] | None = None,
    project: str | None = None,
    trust: tuple[str, ...] = (),
) -> Pinned:
    """Return an organization at the commits that its branches are at now, unless they are told.

    Args:
        repository: a clone's directory or a URL; None to look for it as commands do.
        commit: the one to read of the default branch, or a revision that names it.
        known: the ones to read of projects' branches.
        project: one whose branch shall be pinned too.
        trust: URI prefixes to read from besides those the organization allows.

    Raises:
        NotFound: there is no repository, no organization in it, or no such commit.
    """
    kept = dict(known or {})
    lacking = project if project not in kept else None
    if repository and commit and _is_fixed(repository) and _WHOLE_ID.fullmatch(commit) and not lacking:
        return Pinned(repository=repository, commit=commit, projects=kept, trust=trust)
    with _opened(repository, trust) as catalog:
        there = projects.on_project(catalog, lacking) if lacking else None
        tip = there.tip() if there else None
        if lacking and tip:
            kept[lacking] = tip
        return Pinned(
            repository=_address(repository, catalog),
            commit=_commit(catalog, commit),
            projects=kept,
            trust=trust,
        )


@contextmanager
def _opened(repository: str | None, trust: tuple[str, ...]) -> Iterator[Catalog]:
    with closing(Workspace(path=repository, reach=Reach.FETCHED, trusted=trust)) as workspace:
        yield workspace.catalog


def _is_fixed(repository: str) -> bool:
    return _is_url(repository) or Path(repository).is_absolute()


def _is_url(repository: str) -> bool:
    return "://" in repository or (":" in repository and not Path(repository).exists())


def _address(repository: str | None, catalog: Catalog) -> str:
    """Return what names the clone from anywhere."""
    named = repository or os.environ.get("GIT_REGISTRY", "")
    if _is_url(named):
        return named
    return str((catalog.repository.work_tree or catalog.repository.gitdir).absolute())


def _commit(catalog: Catalog, revision: str | None) -> str:
    if revision is None:
        catalog.now().organization()  # says that there is none
        tip = catalog.tip()
        assert tip is not None, "what has a snapshot has a commit"
        return tip
    _require(catalog, revision)
    return catalog.reader.commit(revision) or revision


def _require(catalog: Catalog, commit: str) -> None:
    """Fetch a commit that another clone has pinned, if this one lacks it.

    Raises:
        NotFound: it isn't on the remote either.
        NetworkError: the remote can't be asked.
    """
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
