"""URIs as a store takes them. Nothing here opens anything; which may be written down, the model says."""

from __future__ import annotations

import os
import re

from git_registry.errors import InvalidDocument
from git_registry.model.uri import (
    CHAINED,
    CREDENTIAL,
    NO_SCHEME,
    SCHEME,
    is_under,
    problem,
    without_slash,
)

__all__ = ["absolute", "check_uri", "is_under", "join", "local_path", "protocol"]

_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check_uri(uri: str) -> str:
    """Return `uri` if it may be written down and opened.

    Raises:
        InvalidDocument: it has no scheme, is chained with `::`, carries a credential, a control character, a
            backslash or a `..` part. The message repeats nothing that could be secret.
    """
    found = problem(uri)
    if found:
        raise InvalidDocument(f"the URI {found}", where=_harmless(uri), hint=_HINTS.get(found, ""))
    return uri


_HINTS = {
    CREDENTIAL: "leave it out; credentials come from the environment or the provider's own configuration",
    NO_SCHEME: "write s3://bucket/path, or file:///an/absolute/path",
    CHAINED: "name the data itself, not a view of it",
}


def _harmless(uri: str) -> str:
    """As much of a refused URI as can't hold a secret."""
    scheme = SCHEME.match(uri)
    return f"{scheme[1]}://…" if scheme else ""


def protocol(uri: str) -> str:
    """Return the scheme of a URI, `s3` of `s3://bucket/key`.

    Raises:
        InvalidDocument: it has none.
    """
    scheme = SCHEME.match(uri)
    if scheme is None:
        raise InvalidDocument(f"the URI {NO_SCHEME}", hint=_HINTS[NO_SCHEME])
    return scheme[1]


def join(uri: str, *parts: str) -> str:
    """Return the URI of what lies below `uri` by these parts."""
    return "/".join((without_slash(uri), *parts))


def absolute(uri_or_path: str) -> str:
    """Return a checked URI: a plain local path becomes `file:///…`, absolute.

    Raises:
        InvalidDocument: as `check_uri`.
    """
    if _ANY_SCHEME.match(uri_or_path) and (SCHEME.match(uri_or_path) or uri_or_path.startswith("file:")):
        return check_uri(uri_or_path)
    if "://" in uri_or_path:
        return check_uri(uri_or_path)
    return check_uri("file://" + os.path.abspath(os.path.expanduser(uri_or_path)))  # noqa: PTH100, PTH111


def local_path(uri: str) -> str:
    """Return the path that a `file:` URI names. It is not percent-decoded; fsspec doesn't either."""
    return uri.removeprefix("file://")
