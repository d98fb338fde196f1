"""How a store itself knows an object: the identities that fsspec's `info` holds, per provider."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from git_registry.errors import StoreError
from git_registry.model.digest import ALGORITHMS, Digest

Info = Mapping[str, object]


def identities(info: Info) -> dict[str, str]:
    """Return every identity of an object, by algorithm. SHA-256 is never among them."""
    found: dict[str, str] = {}
    content = info.get("content_settings")
    azure_md5 = (
        content.get("content_md5") if isinstance(content, Mapping) else getattr(content, "content_md5", None)
    )
    md5 = info.get("md5Hash") or info.get("content_md5") or azure_md5
    if isinstance(md5, str):
        found["md5"] = base64.b64decode(md5).hex()
    elif isinstance(md5, bytes | bytearray):
        found["md5"] = bytes(md5).hex()
    if crc := info.get("crc32c"):
        found["crc32c"] = str(crc)
    # A weak ETag (W/"…") may stay the same when the bytes change.
    etag = str(info.get("ETag") or info.get("etag") or "")
    if etag and not etag.startswith("W/"):
        found["etag"] = etag.strip('"')
    modified = modified_ns(info)
    if modified is not None and info.get("size") is not None:
        found["stat"] = f"{info['size']}-{modified}"
    return found


def strongest(info: Info, where: str) -> Digest:
    """Return the strongest identity of an object.

    Raises:
        StoreError: it has none.
    """
    found = strongest_or_address(info, where)
    if found.is_address:
        raise StoreError(
            "nothing identifies this object without reading it", where=where, hint="have it read and hashed"
        )
    return found


def strongest_or_address(info: Info, where: str) -> Digest:
    """Return the strongest identity of an object; if it has none, the URI that it was found at."""
    known = identities(info)
    found = next((Digest(name, known[name]) for name in ALGORITHMS if name in known), None)
    return found or Digest("uri", where)


def modified_ns(info: Info) -> int | None:
    """Return when an object was last written, in nanoseconds since 1970, if the store tells."""
    for field in (
        "LastModified",
        "last_modified",
        "updated",
        "mtime",
        "modified",
        "Last-Modified",
        "created",
    ):
        if info.get(field) is not None:
            return _nanoseconds(info[field])
    return None


def _read(text: str) -> datetime | None:
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError):
            return reader(text)
    return None


def _nanoseconds(value: object) -> int | None:
    if isinstance(value, str):
        value = _read(value)
    if isinstance(value, datetime):
        since = (value if value.tzinfo else value.replace(tzinfo=UTC)) - datetime.fromtimestamp(0, UTC)
        return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
    if isinstance(value, int | float):
        return int(Decimal(repr(value)) * 1_000_000_000)
    return None
