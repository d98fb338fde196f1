"""Bytes → documents."""

from __future__ import annotations

from typing import TypeVar

from git_registry.codec.decoding import Decoding
from git_registry.codec.shortcut import read_canonical
from git_registry.codec.text import Unreadable, read_text
from git_registry.codec.tree import Tree
from git_registry.errors import InvalidDocument
from git_registry.model.documents.record import Document

D = TypeVar("D", bound=Document)


def decode(kind: type[D], data: bytes, *, where: str = "", strict: bool = False) -> D:
    """Return the document of this kind that `data` holds.

    Args:
        kind: what it has to be.
        data: the bytes of the file.
        where: what to call the file in errors.
        strict: refuse fields the format does not know, as writers, `check` and hooks do, and whoever
            decides what is allowed. Readers keep them in `extra`.

    Raises:
        InvalidDocument: it breaks the format; its `problems` are every mistake, with line and field.
    """
    return Decoding(where, strict=strict).document(kind, read_tree(data, where))


def read_tree(data: bytes, where: str, *, json: bool = False) -> Tree:
    """Return what `data` says, before it is held against any document's fields.

    Args:
        data: YAML.
        where: what to call the file in errors.
        json: try JSON first, for a file that somebody else's program wrote.

    Raises:
        InvalidDocument: no tree can be had from it.
    """
    try:
        text = read_text(data)
        return (json and _json_tree(text)) or read_canonical(text) or _yaml_tree(text)
    except Unreadable as error:
        mistake = error.mistake
        place = f"{where}:{mistake.line}" if where else f"line {mistake.line}"
        raise InvalidDocument(mistake.message, where=place, hint=mistake.hint) from None


def _json_tree(text: str) -> Tree | None:
    from git_registry.codec.jsontree import parse_json  # no document is JSON

    return parse_json(text)


def _yaml_tree(text: str) -> Tree:
    from git_registry.codec.strict import parse_yaml  # hardly any document is not canonical

    return parse_yaml(text)
