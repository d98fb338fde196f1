"""URIs as text: which are acceptable, what lies under what. Nothing here opens anything."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

from git_registry.errors import InvalidDocument

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")
_ANY_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of a surrogate pair, which no UTF-8 can hold."""

_WRAPPERS = frozenset(
    {
        "local",
        "arrow_local",
        "asynclocal",
        "async_wrapper",
        "blockcache",
        "cached",
        "data",
        "dir",
        "filecache",
    }
    | {"generic", "libarchive", "reference", "simplecache", "tar", "zip"}
)
"""fsspec protocols that open something else in turn: the URI would not tell what is read."""

_NAMED_USER = frozenset({"abfs", "abfss", "wasb", "wasbs", "sftp", "ssh"})
"""Protocols in which `name@host` is an address (an Azure container, a login), not a token."""

_SECRET = re.compile(
    r"(^|[-_])(key|secret|token|password|passwd|pwd|auth|authorization|credential|credentials|signature|sig|sas)($|[-_])"
    r"|^(AWSAccessKeyId|GoogleAccessId|apikey|accesskey|secretkey|accesstoken)$",
    re.IGNORECASE,
)


def check_uri(uri: str) -> str:
    """Return `uri` if it may be written down and opened.

    Raises:
        InvalidDocument: it has no scheme, is chained with `::`, carries a credential, a control character, a
            backslash or a `..` part. The message repeats nothing that could be secret.
    """
    problem = _problem(uri)
    if problem:
        raise InvalidDocument(f"the URI {problem}", where=_harmless(uri), hint=_HINTS.get(problem, ""))
    return uri


_CHAINED = "is chained with '::'"
_CREDENTIAL = "carries a credential"
_NO_SCHEME = "does not begin with a scheme such as s3:// or file:///"
_HINTS = {
    _CREDENTIAL: "leave it out; credentials come from the environment or the provider's own configuration",
    _NO_SCHEME: "write s3://bucket/path, or file:///an/absolute/path",
    _CHAINED: "name the data itself, not a view of it",
}


def _problem(uri: str) -> str:
    if "::" in uri:
        return _CHAINED
    scheme = _SCHEME.match(uri)
    if scheme is None:
        return _NO_SCHEME
    name, rest = scheme[1], uri[scheme.end() :]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if _has_credential(name, authority, rest):
        return _CREDENTIAL
    if name in _WRAPPERS:
        return f"names a wrapper, {name}://, not a place"
    if not rest:
        return "names no place"
    if name == "file" and authority:
        return "is a file: URI without an absolute path"
    if _CONTROL.search(unquote(rest)):
        return "has a control character"
    if "\\" in rest:
        return "has a backslash"
    return "has a '..' part" if _climbs(rest) else ""


def _has_credential(scheme: str, authority: str, rest: str) -> bool:
    user, at, host = authority.rpartition("@")
    if at and (":" in user or scheme not in _NAMED_USER):
        return True
    _, colon, port = host.partition(":")
    # 'user:pass/word@host' has a slash in its password: what looks like a port is not one.
    if colon and not host.startswith("[") and not port.isdigit():
        return True
    names = re.findall(r"[?&;#]([^=&;#]+)=", unquote(rest))
    return any(_SECRET.search(name) for name in names)


def _climbs(rest: str) -> bool:
    """Is one part `..`, however often it was percent-encoded?"""
    while (decoded := unquote(rest)) != rest:
        rest = decoded
    return ".." in re.split(r"[/\\]", rest)


def _harmless(uri: str) -> str:
    """As much of a refused URI as can't hold a secret."""
    scheme = _SCHEME.match(uri)
    return f"{scheme[1]}://…" if scheme else ""


def protocol(uri: str) -> str:
    """Return the scheme of a URI, `s3` of `s3://bucket/key`.

    Raises:
        InvalidDocument: it has none.
    """
    scheme = _SCHEME.match(uri)
    if scheme is None:
        raise InvalidDocument(f"the URI {_NO_SCHEME}", hint=_HINTS[_NO_SCHEME])
    return scheme[1]


def join(uri: str, *parts: str) -> str:
    """Return the URI of what lies below `uri` by these parts."""
    return "/".join((_without_slash(uri), *parts))


def _without_slash(uri: str) -> str:
    """`s3://b` of `s3://b/`, but `file://` of `file:///`, whose root is one more slash."""
    scheme = _SCHEME.match(uri)
    keep = scheme.end() if scheme else 0
    return uri[:keep] + uri[keep:].rstrip("/")


def is_under(uri: str, prefix: str) -> bool:
    """Is `uri` the prefix itself or something below it?

    Whole parts count: `s3://b/raw2/x` is not under `s3://b/raw`. What can't be told from the text
    alone, because it is chained or climbs, is under nothing.
    """
    if "::" in uri or "\\" in uri or _SCHEME.match(uri) is None or _climbs(uri):
        return False
    base = _without_slash(prefix)
    return uri.rstrip("/") == base or uri.startswith(base + "/")


def absolute(uri_or_path: str) -> str:
    """Return a checked URI: a plain local path becomes `file:///…`, absolute.

    Raises:
        InvalidDocument: as `check_uri`.
    """
    if _ANY_SCHEME.match(uri_or_path) and (_SCHEME.match(uri_or_path) or uri_or_path.startswith("file:")):
        return check_uri(uri_or_path)
    if "://" in uri_or_path:
        return check_uri(uri_or_path)
    return check_uri("file://" + os.path.abspath(os.path.expanduser(uri_or_path)))  # noqa: PTH100, PTH111


def local_path(uri: str) -> str:
    """Return the path that a `file:` URI names. It is not percent-decoded; fsspec doesn't either."""
    return uri.removeprefix("file://")
