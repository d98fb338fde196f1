"""References as the SDK adds them: data that stays where it is, under the names that W&B would give it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from git_registry.errors import UsageError
from git_registry.model.digest import check_path
from git_registry.sdk.blobs import Blobs
from git_registry.store import reference
from git_registry.store.blobs import Stored
from git_registry.store.filesystem import is_understood
from git_registry.store.identity import strongest_or_address
from git_registry.store.location import absolute


def refer(
    where: Blobs,
    uri: str,
    name: str | None = None,
    *,
    checksum: bool = True,
    max_objects: int = reference.MOST_OBJECTS,
) -> tuple[Stored, ...]:
    """Return what is at `uri` as entries of a file list: one object, or everything below a prefix.

    An object is known by the strongest identity its store gives; files of this machine are read and hashed.
    What nothing identifies is known by its URI alone, `uri:<URI>`: it is listed and resolved like any other,
    but nobody could say whether its bytes are still the same, so it is neither downloaded nor verified.

    Args:
        where: which URIs the organization allows.
        uri: begins with a scheme; `file://` for this machine.
        name: what one object is called, by default its base name; or what those below a prefix lie in.
        checksum: ask the store what identifies the objects? If not, the URI is one entry, unseen.
        max_objects: more than so many are refused.

    Raises:
        Refused: the organization allows no reading from there.
        UsageError: it is no URI; nothing understands its scheme and no name was given; there are too many.
        NotFound: nothing is there.
        InvalidDocument: the URI or a name is not acceptable.
        StoreError: the store can't be reached.
    """
    if "://" not in uri:
        raise UsageError("a reference is a URI", where=uri, hint="for a file of this machine write file:///…")
    uri = where.allowed(absolute(uri))
    if not is_understood(uri) and not name:
        raise UsageError("nothing installed understands its scheme, so it needs a name", where=uri)
    if not checksum or not is_understood(uri):
        return (reference.at_address(uri, _normal(name or reference.own_name(uri))),)
    found = reference.describe(uri, max_objects=max_objects, identify=strongest_or_address)
    if not name:
        return found
    if len(found) == 1 and found[0].uri == uri:
        return (replace(found[0], path=check_path(_normal(name))),)
    return tuple(replace(one, path=check_path(f"{_normal(name)}/{one.path}")) for one in found)


def _normal(name: str) -> str:
    return str(PurePosixPath(name))
