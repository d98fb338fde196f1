"""Documents ⇄ bytes, by one field table derived from the dataclasses. The only place that knows YAML.

What is named here is imported when it is first asked for: a command that reads one alias needs no writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from git_registry.codec.canonical import encode, is_canonical
    from git_registry.codec.commentary import Comment, comments
    from git_registry.codec.filelist import decode_files, encode_files, lines_of
    from git_registry.codec.reading import decode
    from git_registry.codec.values import decode_value, load_mapping

__all__ = [
    "Comment",
    "comments",
    "decode",
    "decode_files",
    "decode_value",
    "encode",
    "encode_files",
    "is_canonical",
    "lines_of",
    "load_mapping",
]

_HOME = {
    "Comment": "commentary",
    "comments": "commentary",
    "decode": "reading",
    "decode_files": "filelist",
    "decode_value": "values",
    "encode": "canonical",
    "encode_files": "filelist",
    "is_canonical": "canonical",
    "lines_of": "filelist",
    "load_mapping": "values",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
