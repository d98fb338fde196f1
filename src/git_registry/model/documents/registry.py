"""A registry: a top-level directory of collections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from git_registry.model.documents.record import Document
from git_registry.model.names import Text, TypeName


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry(Document):
    """What a registry holds.

    Attributes:
        types: the artifact types its collections may have; empty means any. May only grow.
    """

    kind: ClassVar[str] = "registry"

    title: Text | None = None
    description: Text | None = None
    types: tuple[TypeName, ...] = ()

    def accepts(self, artifact_type: str) -> bool:
        """May a collection of this type be made here?"""
        return not self.types or artifact_type in self.types
