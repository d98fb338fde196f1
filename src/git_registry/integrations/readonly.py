"""A file system that nothing is written to: every way that fsspec knows is refused at once."""

from __future__ import annotations

from typing import IO, Any, NoReturn

from fsspec import AbstractFileSystem

from .failures import read_only


def _refused(self: object, path: object, *_args: object, **_options: object) -> NoReturn:  # noqa: ARG001
    """Refuse: raise a `PermissionError` that says what to do instead."""
    raise read_only(path)


def _refused_to(self: object, _source: object, path: object, *_args: object, **_options: object) -> NoReturn:  # noqa: ARG001
    """Refuse: raise a `PermissionError` that says what to do instead."""
    raise read_only(path)


class ReadOnlyFileSystem(AbstractFileSystem):  # type: ignore[misc]  # fsspec has no types
    """Where files are only read."""

    mkdir = makedirs = rmdir = rm = rm_file = _rm = touch = pipe = pipe_file = _refused
    put = put_file = cp_file = copy = mv = _refused_to

    def _open(self, path: str, mode: str = "rb", **options: Any) -> IO[bytes]:  # noqa: ANN401
        if mode != "rb":
            raise read_only(path)
        return self._opened(path, **options)

    def _opened(self, path: str, **options: Any) -> IO[bytes]:  # noqa: ANN401
        raise NotImplementedError
