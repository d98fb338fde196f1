"""Our errors as programs that read files expect them: the same message, and an `OSError` besides."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from git_registry.errors import (
    InvalidDocument,
    NetworkError,
    NotFound,
    Refused,
    RegistryError,
    StoreError,
    UsageError,
)


class Missing(NotFound, FileNotFoundError):
    """There is nothing by that name."""

    errno = errno.ENOENT


class Nameless(UsageError, FileNotFoundError):
    """No path is written like that, or it means several things: there is nothing by that name either."""

    errno = errno.ENOENT


class Forbidden(Refused, PermissionError):
    """The organization allows no reading from where the bytes are."""

    errno = errno.EACCES


class ReadOnly(Refused, PermissionError):
    """Versions are written once, and not as files."""

    errno = errno.EROFS


class Unreadable(StoreError, OSError):
    """The store could not be reached, or gave something else than was put there."""

    errno = errno.EIO


class Unreachable(NetworkError, OSError):
    """The repository's remote could not be reached."""

    errno = errno.EHOSTUNREACH


class Malformed(InvalidDocument, OSError):
    """A document that says where the bytes are can't be read."""

    errno = errno.EIO


_AS_OS_ERROR: tuple[tuple[type[RegistryError], type[RegistryError]], ...] = (
    (NotFound, Missing),
    (UsageError, Nameless),
    (Refused, Forbidden),
    (StoreError, Unreadable),
    (NetworkError, Unreachable),
    (InvalidDocument, Malformed),
)


@contextmanager
def as_os_errors() -> Iterator[None]:
    """Raise what is raised inside as an `OSError` of the right kind."""
    try:
        yield
    except RegistryError as error:
        raise translated(error) from error


def translated(error: RegistryError) -> RegistryError:
    """Return the same error as an `OSError`; as it is if it already is one, or none fits."""
    if isinstance(error, OSError):
        return error
    for ours, theirs in _AS_OS_ERROR:
        if isinstance(error, ours):
            return theirs(error.message, where=error.where, hint=error.hint)
    return error


def read_only(path: object) -> ReadOnly:
    """Return the error for an attempt to write."""
    return ReadOnly(
        "the registry can't be written to as files",
        where=str(path),
        hint="`git registry link` makes a new version",
    )
