"""How an ssh key is named: `SHA256:` and its digest in base64, as `ssh-keygen -l` prints it."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64

from git_registry.model.sha256 import sha256

_PREFIX = "SHA256:"
_SIZE = 32


def of(key: bytes) -> str:
    """Return the fingerprint of a public key in the encoding of RFC 4253, §6.6."""
    return _PREFIX + _encoded(sha256(key).digest())


def is_one(text: str) -> bool:
    """Is it a fingerprint, in the one spelling that there is of it?"""
    prefix, encoded = text[: len(_PREFIX)], text[len(_PREFIX) :]
    try:
        digest = a2b_base64(encoded + "=", strict_mode=True)
    except (Error, ValueError):
        return False
    return prefix == _PREFIX and len(digest) == _SIZE and _encoded(digest) == encoded


def _encoded(digest: bytes) -> str:
    return b2a_base64(digest, newline=False).decode().rstrip("=")
