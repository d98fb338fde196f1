"""URIs as text: which may be written down, and what lies under what (DESIGN §3.1).

An answer repeats nothing of the URI that could be secret.
"""

from __future__ import annotations

import re

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")

_CONTROL = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
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
    | {"generic", "libarchive", "reference", "registry", "simplecache", "tar", "zip"}
)
"""fsspec protocols that open something else in turn: the URI would not tell what is read."""

_NAMED_USER = frozenset({"abfs", "abfss", "wasb", "wasbs", "sftp", "ssh"})
"""Protocols in which `name@host` is an address (an Azure container, a login), not a token."""

_TELLING_NAMES = (
    r"(?i)(^|[-_])(key|secret|token|password|passwd|pwd|auth|authorization|credential|credentials|signature|sig|sas)($|[-_])"
    r"|^(AWSAccessKeyId|GoogleAccessId|apikey|accesskey|secretkey|accesstoken)$"
)
"""A parameter's name that tells of a secret; compiled when a URI has parameters."""

_HARMLESS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-=/")
_USUAL = frozenset({"s3", "gs", "az", "https"})
"""Nearly every URI has one of these schemes and no other characters. A file list has 200,000 of them."""

CHAINED = "is chained with '::'"
CREDENTIAL = "carries a credential"
NO_SCHEME = "does not begin with a scheme such as s3:// or file:///"


def problem(uri: str) -> str:
    """Return why a URI may not be written down and opened, or an empty text.

    It has no scheme, is chained with `::`, carries a credential, a control character, a backslash or a
    `..` part. The answer continues a sentence that begins with "the URI".
    """
    scheme, _, rest = uri.partition("://")
    if scheme in _USUAL and rest and ".." not in rest and _HARMLESS.issuperset(rest):
        return ""
    return _problem(uri)


def _problem(uri: str) -> str:
    if "::" in uri:
        return CHAINED
    scheme = SCHEME.match(uri)
    if scheme is None:
        return NO_SCHEME
    name, rest = scheme[1], uri[scheme.end() :]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if _has_credential(name, authority, rest):
        return CREDENTIAL
    if name in _WRAPPERS:
        return f"names a wrapper, {name}://, not a place"
    if not rest:
        return "names no place"
    if name == "file" and authority:
        return "is a file: URI without an absolute path"
    decoded = _unquoted(rest)
    if not decoded.isprintable() and re.search(_CONTROL, decoded):
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
    return has_secret_parameter(rest)


def has_secret_parameter(text: str) -> bool:
    """Has an address a parameter, as in `?token=…`, whose name says that its value is secret?"""
    names = re.findall(r"[?&;#]([^=&;#]+)=", _unquoted(text))
    return any(re.search(_TELLING_NAMES, name) for name in names)


def _climbs(rest: str) -> bool:
    """Is one part `..`, however often it was percent-encoded?"""
    while (decoded := _unquoted(rest)) != rest:
        rest = decoded
    return ".." in rest.replace("\\", "/").split("/")


def _unquoted(text: str) -> str:
    if "%" not in text:
        return text
    from urllib.parse import unquote  # rarely needed, and costly to import

    return unquote(text)


def is_under(uri: str, prefix: str) -> bool:
    """Is `uri` the prefix itself or something below it?

    Whole parts count: `s3://b/raw2/x` is not under `s3://b/raw`. What can't be told from the text
    alone, because it is chained or climbs, is under nothing.
    """
    if "::" in uri or "\\" in uri or SCHEME.match(uri) is None or _climbs(uri):
        return False
    base = without_slash(prefix)
    return uri.rstrip("/") == base or uri.startswith(base + "/")


def without_slash(uri: str) -> str:
    """Return `s3://b` of `s3://b/`, but `file://` of `file:///`, whose root is one more slash."""
    scheme = SCHEME.match(uri)
    keep = scheme.end() if scheme else 0
    return uri[:keep] + uri[keep:].rstrip("/")
