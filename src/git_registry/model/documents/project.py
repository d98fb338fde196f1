"""A project: where runs log artifacts, before anything is linked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from git_registry.model.documents.record import Document
from git_registry.model.names import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Document):
    """What a project is for; its name is the directory's."""

    kind: ClassVar[str] = "project"

    description: Text | None = None
