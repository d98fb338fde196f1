"""Creating an organization, in an empty directory or in a repository that is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import Conflict, NotFound, RegistryError
from git_registry.model import layout
from git_registry.model.documents.organization import Organization
from git_registry.model.documents.registry import Registry
from git_registry.model.edits.change import Change, Changes
from git_registry.model.snapshot import Snapshot
from git_registry.repository import outside
from git_registry.repository.repository import Repository

ATTRIBUTES = ".gitattributes"
_EOL = b"*.yaml text eol=lf"
CORE = {
    "model": Registry(title="Models", description="What we serve.", types=("model",)),
    "dataset": Registry(title="Datasets", description="What we learn from.", types=("dataset",)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a new organization begins with: its name, store, and first admin (`user:ana`)."""

    name: str
    store: str
    admin: str


def repository_for(directory: Path) -> Repository:
    """Return the repository in `directory`, created on the branch Git would choose if there is none.

    Only a repository whose top is `directory` counts: an organization is a repository as a whole.
    """
    directory.mkdir(parents=True, exist_ok=True)
    try:
        repository = Repository.open(directory)
    except NotFound:
        return outside.create(directory)
    top = repository.work_tree or repository.gitdir
    if top.resolve() != directory.resolve():
        return outside.create(directory)
    return repository


@contextmanager
def nothing_left(directory: Path) -> Iterator[None]:
    """Take a repository that was created meanwhile away again, if no organization comes of it."""
    there = directory.exists()
    before = (directory / ".git").exists()
    try:
        yield
    except RegistryError:
        if not before:
            shutil.rmtree(directory / ".git", ignore_errors=True)
        if not there and directory.exists():
            directory.rmdir()
        raise


def initialize(repository: Repository, setup: Setup, *, clock: Callable[[], datetime]) -> Outcome:
    """Create the organization with its registries `model` and `dataset`.

    Raises:
        Conflict: there is an organization already, or a file is in the way.
    """
    with Catalog(repository=repository, branch=repository.current_branch(), clock=clock) as catalog:
        outcome = commit(
            catalog,
            Transaction(
                edits=[lambda now: create(now, setup, _attributes(catalog))],
                message=f"Create the organization {setup.name}",
            ),
        )
    if repository.config("registry.user") is None:
        repository.set_config("registry.user", setup.admin)
    return outcome


def create(now: Snapshot, setup: Setup, attributes: bytes) -> Changes:
    """Return the first documents."""
    if now.entry(layout.ORGANIZATION):
        raise Conflict(
            "there is an organization here already",
            where=layout.ORGANIZATION,
            hint="`git registry list` shows it",
        )
    changes: dict[str, Change] = {
        layout.ORGANIZATION: Organization(name=setup.name, store=setup.store, admins=(setup.admin,))
    }
    lines = attributes.splitlines()
    if _EOL not in lines:
        changes[ATTRIBUTES] = b"".join(line + b"\n" for line in (*lines, _EOL))
    for name, registry in CORE.items():
        there = next((one for one in now.tree.entries("") if one.casefold() == name), None)
        if there:
            raise Conflict(
                f"a file or directory {there!r} is where the registry {name!r} would be",
                where=there,
                hint="rename it first",
            )
        changes[layout.registry_path(name)] = registry
    return changes


def _attributes(catalog: Catalog) -> bytes:
    tree = catalog.tree(catalog.tip())
    return tree.content(ATTRIBUTES) if ATTRIBUTES in tree.entries("") else b""
