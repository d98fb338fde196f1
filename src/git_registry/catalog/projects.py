"""The branches of projects, `projects/<project>`: which are here, and a clone seen from one of them."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE
from git_registry.repository import remote, tips
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

    What is read is the branch as it was fetched, or the one here if that holds more or other steps.
    """
    there = begun(catalog, project)
    return there if there.tip() else None


def begun(catalog: Catalog, project: str) -> Catalog:
    """Return the clone seen from a project's branch, which need not be there yet."""
    return catalog.seen_from(branch(project)).reaching()


def default(catalog: Catalog) -> Catalog:
    """Return the clone seen from the default branch, whichever is checked out.

    Raises:
        UsageError: nobody says which that is.
    """
    return catalog.seen_from(remote.default_branch(catalog.repository))
