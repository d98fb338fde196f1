"""The rules as a commit has them: policy documents read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.tree import Contents
from git_registry.codec.reading import decode
from git_registry.model.documents.access import Access
from git_registry.model.documents.organization import Organization
from git_registry.model.documents.record import Document
from git_registry.model.snapshot import Entry, Snapshot
from git_registry.policy.rules import Rules

D = TypeVar("D", bound=Document)

_POLICY = (Access, Organization)


class StrictTree:
    """A tree whose policy documents hold no field that nobody here knows: it may be one that forbids."""

    __slots__ = ("_documents", "_tree")

    def __init__(self, tree: Contents) -> None:
        self._tree = tree
        self._documents: dict[str, Document] = {}

    def entries(self, directory: str) -> Mapping[str, Entry]:
        """Return what is in a directory; see `model.snapshot.Tree`."""
        return self._tree.entries(directory)

    def document(self, path: str, kind: type[D]) -> D:
        """Return the document at `path`; see `model.snapshot.Tree`."""
        if not issubclass(kind, _POLICY):
            return self._tree.document(path, kind)
        found = self._documents.get(path)
        if found is None:
            found = decode(kind, self._tree.content(path), where=path, strict=True)
            self._documents[path] = found
        assert isinstance(found, kind)
        return found


def rules_at(catalog: Catalog, commit: str | None, *, rescue: frozenset[str] = frozenset()) -> Rules:
    """Return the rules that a commit of the default branch sets; None if there is no commit yet."""
    if commit is None:
        return Rules(None, rescue=rescue)
    return rules_in(catalog.tree(commit), rescue=rescue)


def rules_in(tree: Contents, *, rescue: frozenset[str] = frozenset()) -> Rules:
    """Return the rules that a tree sets, such as one that nobody has committed yet."""
    return Rules(Snapshot(StrictTree(tree)), rescue=rescue)
