"""What went wrong at a store, in words a user can act upon, whichever library said so."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from git_registry.errors import RegistryError, StoreError

_FOREIGN = frozenset(
    {"adlfs", "aiobotocore", "aiohttp", "asyncssh", "azure", "boto3", "botocore", "fsspec", "gcsfs", "google"}
    | {
        "huggingface_hub",
        "ocifs",
        "ossfs",
        "paramiko",
        "requests",
        "s3fs",
        "smbprotocol",
        "urllib3",
        "webdav4",
    }
)
"""Packages whose exceptions are about the store, not about a mistake in this code."""

_CREDENTIALS_HINT = (
    "set them up as the provider's own tools expect them: AWS_PROFILE for S3, "
    "GOOGLE_APPLICATION_CREDENTIALS for GCS, AZURE_STORAGE_CONNECTION_STRING for Azure"
)

_BY_NAME = (
    (r"NoCredentials|PartialCredentials|CredentialRetrieval|DefaultCredentials|TokenRetrieval|ClientAuthentication",
     "no usable credentials for it were found", _CREDENTIALS_HINT),
    (r"ProfileNotFound", "the profile that AWS_PROFILE names does not exist", _CREDENTIALS_HINT),
    (r"Timeout", "it did not answer in time", "try again; what is already there is skipped"),
    (r"EndpointConnection|ClientConnector|ConnectionError|ConnectionRefused|ServerDisconnected|ConnectionClosed",
     "it could not be reached", "check the network and the endpoint (AWS_ENDPOINT_URL for S3)"),
)  # fmt: skip

_BY_ERRNO = {
    errno.ENOSPC: ("the disk is full", "make room and run the same command again"),
    errno.EDQUOT: ("the disk quota is used up", "make room and run the same command again"),
    errno.ECONNREFUSED: ("the connection was refused", "check the endpoint (AWS_ENDPOINT_URL for S3)"),
    errno.EBUSY: ("it asks to slow down", "try again later; what is already there is skipped"),
    errno.EROFS: ("it is read-only", ""),
    errno.ELOOP: ("its symbolic links lead in a circle", ""),
    errno.ENXIO: ("it is not a regular file", ""),
    errno.ENAMETOOLONG: ("a name is too long for it", ""),
}

_SECRETS = (
    (re.compile(r"(://[^/\s:@]*):[^/\s@]*@"), r"\1:…@"),
    (
        re.compile(
            r"(?i)\b((?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|sig|token|access_token|password|"
            r"secret|secret_?key|aws_secret_access_key|awsaccesskeyid|api_?key)\s*[=:]\s*)[^&\s'\",;]+"
        ),
        r"\1…",
    ),
)


def redact(text: str) -> str:
    """Return `text` without what looks like a password, signature or token."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Turn what fsspec, a provider's package or the system raises into a `StoreError` about `where`."""
    try:
        yield
    except RegistryError:
        raise
    except Exception as error:
        if not is_foreign(error):
            raise
        raise failure(error, where) from error


def _ours(error: BaseException | None) -> RegistryError | None:
    """Return what we raised inside fsspec ourselves, which it may have taken for a missing file."""
    return error if error is None or isinstance(error, RegistryError) else _ours(error.__cause__)


def is_foreign(error: BaseException) -> bool:
    """Did a store or the operating system raise it, rather than a mistake in this code?"""
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _FOREIGN


def is_missing(error: BaseException) -> bool:
    """Does it say that there is no such object or file?"""
    return isinstance(error, FileNotFoundError | NotADirectoryError) and _ours(error) is None


def failure(error: BaseException, where: str) -> RegistryError:
    """Return what a user should read about `error`: a `StoreError`, unless we said it ourselves."""
    ours = _ours(error)
    if ours is not None:
        return ours
    message, hint = _told(error)
    return StoreError(message, where=redact(where), hint=hint)


def _told(error: BaseException) -> tuple[str, str]:
    name = type(error).__name__
    said = redact(" ".join(str(error).split()))[:300]
    if isinstance(error, FileNotFoundError):
        if re.search(r"specified bucket|NoSuchBucket", f"{said} {error.__cause__}"):
            return "the bucket does not exist", "create it, or correct the store's address"
        return "it is not there", ""
    if isinstance(error, PermissionError) or re.search(r"AccessDenied|Forbidden", said):
        return "permission denied", "check that the credentials in use may read and write there"
    for pattern, message, hint in _BY_NAME:
        if re.search(pattern, name):
            return message, hint
    if isinstance(error, OSError) and error.errno in _BY_ERRNO:
        return _BY_ERRNO[error.errno]
    if re.search(r"SlowDown|Throttl|TooManyRequests|429|503", said):
        return _BY_ERRNO[errno.EBUSY]
    if re.search(r"InternalError|Internal Server Error", said):
        return "it had an internal error", "try again later; what is already there is skipped"
    return (said or name), ""


def without_package(protocol: str, said: str, where: str) -> StoreError:
    """Return the error for a protocol whose package is not installed."""
    extra = {
        "s3": "s3",
        "s3a": "s3",
        "gs": "gcs",
        "gcs": "gcs",
        "az": "azure",
        "abfs": "azure",
        "abfss": "azure",
    }.get(protocol)
    hint = f"pip install 'git-registry[{extra}]'" if extra else redact(" ".join(said.split()))[:200]
    return StoreError(f"the package for {protocol}:// is not installed", where=redact(where), hint=hint)
