"""A collection: one task or use case, one artifact type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from git_registry.model.documents.record import Document
from git_registry.model.names import CollectionPath, Tag, Text, TypeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Document):
    """What a directory of versions is for. Its type never changes."""

    kind: ClassVar[str] = "collection"

    type: TypeName
    title: Text | None = None
    description: Text | None = None
    tags: tuple[Tag, ...] = ()
    renamed_from: CollectionPath | None = None
