"""Which version an alias points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from git_registry.model.documents.record import Document
from git_registry.model.names import VersionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Document):
    """A movable name for exactly one version; the name itself is the file's."""

    kind: ClassVar[str] = "alias"

    version: VersionId
