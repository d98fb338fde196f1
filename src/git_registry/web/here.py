"""What pages show: what is in this repository. Nobody waits for the host of another one."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound
from git_registry.model.layout import PROJECTS


def is_here(catalog: Catalog, selector: str) -> bool:
    """Does a selector begin with a registry of this repository, or with `projects/`?"""
    return selector.startswith(PROJECTS) or selector.partition("/")[0] in catalog.now().registries()


def require_here(catalog: Catalog, selector: str) -> None:
    """Check that a selector begins with a registry of this repository, or with `projects/`.

    What is mounted would have to be fetched, and so would a registry that nobody has ever heard of.

    Raises:
        NotFound: it does not.
    """
    if not is_here(catalog, selector):
        registry = selector.partition("/")[0]
        raise NotFound(f"there is no registry {registry!r} here", hint="the home page shows those that are")
