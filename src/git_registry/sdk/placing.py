"""Where an error is, as a person at this clone names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.layout import PROJECTS


@contextmanager
def by_its_name(catalog: Catalog) -> Iterator[None]:
    """Let errors say where they are as a person names it.

    On its branch a project's path begins later, and in its repository what is mounted knows no mount.
    """
    try:
        yield
    except (NotFound, UsageError, Conflict) as problem:
        if catalog.project and problem.where.startswith(f"{catalog.project}/"):
            problem.where = PROJECTS + problem.where
        in_place = f"{problem.where}/".startswith((f"{catalog.mount}/", "-"))  # there already, or an option
        if catalog.mount and not in_place:
            problem.where = f"{catalog.mount}/{problem.where}".rstrip("/")
        raise
