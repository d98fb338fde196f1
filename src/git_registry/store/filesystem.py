"""The one door to fsspec: a URI becomes a file system, and what is special to its protocol is known here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

from git_registry.errors import Refused, StoreError
from git_registry.store.failures import is_foreign, is_missing, redact, translating, without_package
from git_registry.store.location import check_uri, protocol

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from fsspec import AbstractFileSystem

T = TypeVar("T")

S3 = frozenset({"s3", "s3a"})
OBJECT_STORES = S3 | {"gs", "gcs", "az", "abfs", "abfss"}
"""Where a PUT is all or nothing, parts of an object can be read at once, and the package itself retries."""

HTTP = frozenset({"http", "https"})

ATTEMPTS = 3
BULK = 128
"""Requests under way at once. Botocore's own pool of 10 is five times slower at 30 ms a round trip."""


@dataclass(frozen=True, slots=True)
class FileSystem:
    """An fsspec file system and the protocol it was opened for. For one operation; never kept over a fork."""

    protocol: str
    fs: AbstractFileSystem

    def path(self, uri: str) -> str:
        """Return what fsspec calls `uri` inside this file system."""
        return str(self.fs._strip_protocol(uri))

    @property
    def is_object_store(self) -> bool:
        """Is a PUT all or nothing?"""
        return self.protocol in OBJECT_STORES

    @property
    def bulk(self) -> dict[str, int]:
        """What to pass to fsspec's bulk calls."""
        return {"batch_size": BULK} if getattr(self.fs, "async_impl", False) else {}

    def patiently(self, ask: Callable[[], T]) -> T:
        """Return what `ask` returns, asking again after a failure that may pass, unless fsspec does so."""
        if self.is_object_store:
            return ask()
        for attempt in range(1, ATTEMPTS):
            try:
                return ask()
            except Exception as error:
                if not is_foreign(error) or is_missing(error) or isinstance(error, PermissionError):
                    raise
                time.sleep(0.2 * 4 ** (attempt - 1))
        return ask()


def is_understood(uri: str) -> bool:
    """Is there anything that reads such URIs, whether or not its package is installed here?"""
    from fsspec.registry import get_filesystem_class

    try:
        get_filesystem_class(protocol(check_uri(uri)))
    except ImportError:
        return True
    except ValueError:
        return False
    return True


def connect(uri: str, options: Mapping[str, object] | None = None) -> FileSystem:
    """Return the file system that `uri` lies in.

    Raises:
        InvalidDocument: the URI is not acceptable.
        StoreError: the protocol is unknown or its package is not installed.
    """
    scheme = protocol(check_uri(uri))
    from fsspec.core import url_to_fs
    from fsspec.registry import get_filesystem_class

    try:
        get_filesystem_class(scheme)
        with translating(uri):
            fs, _ = url_to_fs(uri, **{**_defaults(scheme), **(options or {})})
    except ImportError as error:
        raise without_package(scheme, str(error), uri) from error
    except ValueError as error:
        raise StoreError(f"nothing installed understands {scheme}://", where=uri) from error
    return FileSystem(scheme, fs)


def _defaults(scheme: str) -> dict[str, object]:
    # A cached listing would call a blob missing that was put a moment ago.
    defaults: dict[str, object] = {"use_listings_cache": False} if scheme in OBJECT_STORES | HTTP else {}
    if scheme in S3:
        defaults["config_kwargs"] = {"max_pool_connections": BULK}
    if scheme in HTTP:
        defaults["get_client"] = _straight
    return defaults


async def _straight(**how: Any) -> ClientSession:  # noqa: ANN401 - as fsspec calls it
    """Return a session that goes where a URI says and nowhere else: rules name prefixes of that."""
    import aiohttp

    trace = aiohttp.TraceConfig()
    trace.on_request_redirect.append(_refuse_redirect)
    return aiohttp.ClientSession(trace_configs=[trace], **how)


async def _refuse_redirect(_session: object, _context: object, asked: Any) -> None:  # noqa: ANN401
    response = asked.response
    response.close()
    there = urljoin(str(asked.url), response.headers.get("Location") or response.headers.get("URI", ""))
    raise Refused(
        f"it leads on to {urlsplit(there).hostname}, and redirects are not followed",
        where=redact(str(asked.url)),
        hint="name the data where it is",
    )
