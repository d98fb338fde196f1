"""The branches of projects, `projects/<project>`: which are here, and a clone seen from one of them."""

from __future__ import annotations

from dataclasses import replace

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE
from git_registry.repository import history, remote, tips
from git_registry.repository.repository import Repository


def branch(project: str) -> str:
    """Return the short name of a project's branch."""
    return PROJECTS + project


def projects(repository: Repository) -> list[str]:
    """Return the names of all projects whose branch is here or was fetched, sorted."""
    below = places(repository)
    listed = repository.git("for-each-ref", "--format=%(refname)", *below).text.splitlines()
    names = {name.removeprefix(ref) for name in listed for ref in below if name.startswith(ref)}
    return sorted(name for name in names if not PLACE.problem(name))


def places(repository: Repository) -> list[str]:
    """Return what the refs of projects' branches begin with: those here, and those that were fetched."""
    fetched = remote.remembered(repository, PROJECTS)
    return [tips.BRANCHES + PROJECTS, *([fetched] if fetched else ())]


def on_project(catalog: Catalog, project: str) -> Catalog | None:
    """Return the clone seen from a project's branch, or None if that is not here.

    What is read is the branch as it was fetched, or the one here if that holds more or other steps. It shares
    what the catalog keeps open, and is closed with it.
    """
    return _at_tip(catalog, branch(project))


def begun(catalog: Catalog, project: str) -> Catalog:
    """Return the clone seen from a project's branch, which need not be there yet."""
    return reaching(seen_from(catalog, branch(project)))


def reaching(catalog: Catalog) -> Catalog:
    """Return a clone that reads what was fetched, too: few check out a project's branch."""
    if catalog.reach is not Reach.HERE:
        return catalog
    return _sharing(catalog, replace(catalog, reach=Reach.FETCHED))


def seen_from(catalog: Catalog, name: str | None, commit: str | None = None) -> Catalog:
    """Return the same clone seen from another branch, at its tip or a commit."""
    return _sharing(catalog, replace(catalog, branch=name, commit=commit))


def _sharing(catalog: Catalog, other: Catalog) -> Catalog:
    other.reader = catalog.reader
    return other


def registries(catalog: Catalog) -> Catalog:
    """Return the clone as it is if it shows registries; on a project's branch, seen from the default one.

    Raises:
        UsageError: nobody says which that is.
    """
    if catalog.project is None:
        return catalog
    name = remote.default_branch(catalog.repository)
    if name.startswith(PROJECTS):
        raise UsageError(
            "a project's branch is checked out, and which branch has the registries is not known",
            hint="git config registry.branch main",
        )
    return _at_tip(catalog, name) or seen_from(catalog, name)


def default(catalog: Catalog) -> Catalog:
    """Return the clone seen from the default branch, whichever is checked out.

    Raises:
        UsageError: nobody says which that is.
    """
    return seen_from(catalog, remote.default_branch(catalog.repository))


def _at_tip(catalog: Catalog, name: str) -> Catalog | None:
    there = reaching(seen_from(catalog, name))
    return there if there.tip() else None


def newest(repository: Repository, name: str) -> str | None:
    """Return where a branch is, here or as it was fetched: the one here if that holds more or other steps."""
    here = repository.branch(name)
    ref = remote.remembered(repository, name)
    theirs = repository.ref(ref) if ref else None
    if here is None or theirs is None or here == theirs:
        return here or theirs
    return theirs if history.is_ancestor(repository, here, theirs) else here
