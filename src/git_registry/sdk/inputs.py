"""What something was made from, as a manifest or a run says it."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.model.digest import list_digest
from git_registry.model.documents.manifest import Input
from git_registry.model.selector import Selector
from git_registry.sdk import selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.selecting import Found
from git_registry.store import reference
from git_registry.store.location import check_uri


def made_from(catalog: Catalog, text: str) -> Input:
    """Return what a selector or a URI names as what something was made from.

    Raises:
        NotFound: no such version is there.
        StoreError: a URI that may be read can't be.
    """
    if "://" in text:
        check_uri(text)
        where = blobs(catalog)
        if not where.is_allowed(text):
            return Input(uri=text)  # said, not read: it is lineage all the same
        known = reference.describe(where.allowed(text))
        digest = known[0].digest if len(known) == 1 else list_digest((k.path, k.digest, k.uri) for k in known)
        return Input(uri=text, digest=digest)
    there, selector = selecting.place(catalog, text)
    return input_of(selector, selecting.version(there, selector))


def input_of(selector: Selector, found: Found, *, used_as: str | None = None) -> Input:
    """Return a version as what something was made from."""
    if selector.project:
        project, artifact = selector.registry, selector.collection
        return Input(project=project, artifact=artifact, version=found.id, used_as=used_as)
    return Input(registry=found.collection, version=found.id, used_as=used_as)
