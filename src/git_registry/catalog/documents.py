"""Which document is at which kind of path."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from git_registry.model.documents.record import Document
from git_registry.model.layout import Kind

_DOCUMENTS = {
    Kind.ORGANIZATION: ("organization", "Organization"),
    Kind.REGISTRY: ("registry", "Registry"),
    Kind.ACCESS: ("access", "Access"),
    Kind.COLLECTION: ("collection", "Collection"),
    Kind.VERSION: ("manifest", "Manifest"),
    Kind.UNLINKED: ("manifest", "Manifest"),
    Kind.NOTES: ("notes", "Notes"),
    Kind.UNLINKED_NOTES: ("notes", "Notes"),
    Kind.ALIAS: ("alias", "Alias"),
    Kind.AUTOMATION: ("automation", "Automation"),
    Kind.PROJECT: ("project", "Project"),
    Kind.RUN: ("run", "Run"),
}
"""By module and name: a push meets two or three of them, and to make all their classes takes 10 ms."""


@cache
def document_of(kind: Kind) -> type[Document] | None:
    """Return which document a path of this kind holds; None if it holds none."""
    if kind not in _DOCUMENTS:
        return None
    module, name = _DOCUMENTS[kind]
    found: type[Document] = getattr(import_module(f"git_registry.model.documents.{module}"), name)
    return found
