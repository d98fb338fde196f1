"""What something was made from, as a manifest or a run says it."""

from __future__ import annotations

from dataclasses import replace

from git_registry.catalog.catalog import Catalog
from git_registry.model.digest import list_digest
from git_registry.model.documents.manifest import Input
from git_registry.sdk import selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.selecting import Found, Place
from git_registry.store import reference
from git_registry.store.location import check_uri


def made_from(catalog: Catalog, text: str, *, into: Catalog | None = None) -> Input:
    """Return what a selector or a URI names as what something was made from.

    Args:
        catalog: the clone.
        text: the selector or URI.
        into: where it is recorded, if that is a mounted repository.

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
    place = selecting.place(catalog, text)
    return replace(input_of(place, selecting.version(*place)), repository=elsewhere(place, into or catalog))


def input_of(place: Place, found: Found, *, used_as: str | None = None) -> Input:
    """Return a version as what something in the organization's own repository was made from."""
    there, selector = place
    repository = _organization(there) if there.mount else None
    if selector.project:
        project, artifact = selector.registry, selector.collection
        return Input(
            repository=repository, project=project, artifact=artifact, version=found.id, used_as=used_as
        )
    return Input(repository=repository, registry=found.collection, version=found.id, used_as=used_as)


def elsewhere(place: Place, recorded: Catalog) -> str | None:
    """Return the organization that a version is in, if it is recorded in another one."""
    return None if place.catalog.mount == recorded.mount else _organization(place.catalog)


def _organization(catalog: Catalog) -> str:
    return catalog.registries().present().organization().name
