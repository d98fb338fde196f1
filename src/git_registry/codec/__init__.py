"""Documents ⇄ bytes, by one field table derived from the dataclasses. The only place that knows YAML."""

from __future__ import annotations

from git_registry.codec.canonical import encode
from git_registry.codec.comments import Comment, comments
from git_registry.codec.filelist import decode_files, encode_files
from git_registry.codec.reading import decode, is_canonical
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
    "load_mapping",
]
