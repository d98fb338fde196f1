"""Whether what is to be linked or logged lies outside of the registry's own documents."""

from __future__ import annotations

from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model import layout
from git_registry.model.layout import Kind, identify


def require_outside(catalog: Catalog, source: Path) -> None:
    """Raise `UsageError` if the source is the registry's own documents, which a person can't have meant."""
    top = catalog.repository.work_tree
    if top is None or not source.resolve().is_relative_to(top.resolve()):
        return
    path = source.resolve().relative_to(top.resolve()).as_posix()
    if identify(path).kind is not Kind.OUTSIDE or _holds_documents(source):
        raise UsageError(
            "these are the registry's own files, not an artifact",
            where=str(source),
            hint=f"to link a version of it, name one: {path}:latest",
        )


def _holds_documents(directory: Path) -> bool:
    return any(
        (directory / name).exists() for name in (layout.ORGANIZATION, "registry.yaml", "collection.yaml")
    )
